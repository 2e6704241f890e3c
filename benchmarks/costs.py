"""What one request costs the hub, stage by stage: CPU of the process while each stage runs, one request at a time.

The hub's application is called in this process without a server before it, so sockets to the client and HTTP parsing
are not part of it. Stages that wait for a source are charged with everything that happens meanwhile: the driver, its
sockets, the event loop; the audit record's with the disk's thread. `benchmarks.profile` looks into a stage.
"""

import asyncio
import gc
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import orjson
import uvloop

from authz.audit import JsonLinesAuditLog
from benchmarks.questions import Dialect, Question, Variables
from benchmarks.results import Cost
from connectors.sql.connector import SqlConnector
from hutong import graphql_endpoint
from hutong.authentication import Authenticator
from hutong.request_reader import read_parameters
from resolvers.pipeline import Engine
from resolvers.reader import Namespace

STATEMENT = "statement: driver and event loop"
SHAPE = "shape: rows to dictionaries"
AUDIT = "audit record, on disk"
JSON = "JSON"
PREPARE = "parse, validate, authorize, plan (cached)"
READ = "read the request"
AUTHENTICATE = "verify the token"
REST = "everything else: pages, places of errors, ASGI"
_WARM_UP = 30


def measure_costs(
    make_app: Callable[[], Any], asked: Sequence[tuple[Question, Variables]], token: str, *, times: int
) -> Mapping[str, Sequence[Cost]]:
    """The costs by question, greatest first, of ``times`` requests each; ``make_app`` makes the hub's application.

    Raises ``RuntimeError`` when the hub answers with errors.
    """
    return uvloop.run(_measured(make_app, asked, token, times))


async def _measured(
    make_app: Callable[[], Any], asked: Sequence[tuple[Question, Variables]], token: str, times: int
) -> Mapping[str, Sequence[Cost]]:
    watch = _Watch()
    with watch.attached():
        app = make_app()
        async with app.router.lifespan_context(app):
            found = {}
            for question, variables in asked:
                body = orjson.dumps({"query": question.documents[Dialect.HUB], "variables": variables})
                found[question.name] = await _question(app, body, token, watch, times)
    return found


async def _question(app: Any, body: bytes, token: str, watch: "_Watch", times: int) -> Sequence[Cost]:
    for _ in range(_WARM_UP):
        await _call(app, body, token)
    gc.collect()
    watch.spent.clear()
    began = time.process_time()
    for _ in range(times):
        await _call(app, body, token)
    total = time.process_time() - began
    spent = dict(watch.spent)
    spent[REST] = total - sum(spent.values())
    return tuple(
        Cost(stage=stage, milliseconds=1_000 * seconds / times)
        for stage, seconds in sorted(spent.items(), key=lambda entry: -entry[1])
    )


async def _call(app: Any, body: bytes, token: str) -> None:
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": "/graphql",
        "raw_path": b"/graphql",
        "root_path": "",
        "query_string": b"",
        "headers": [
            (b"host", b"127.0.0.1"),
            (b"content-type", b"application/json"),
            (b"accept", b"application/json"),
            (b"content-length", b"%d" % len(body)),
            (b"authorization", b"Bearer " + token.encode()),
        ],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    messages = [{"type": "http.request", "body": body, "more_body": False}]
    sent: list[Any] = []

    async def receive() -> Any:
        return messages.pop() if messages else await asyncio.get_running_loop().create_future()

    async def send(message: Any) -> None:
        sent.append(message)

    await app(scope, receive, send)
    if b'"errors"' in sent[-1]["body"][:12] or sent[0]["status"] != 200:
        raise RuntimeError(f"the hub answered with errors: {sent[-1]['body'][:300]!r}")


class _Watch:
    """CPU seconds by stage, without those of a stage within it."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = {}
        self._inner = 0.0

    @contextmanager
    def attached(self) -> Iterator[None]:
        """Stages report to this watch as long as this lasts; the hub is made within it."""
        compiled = Namespace.compile

        def compile_watched(names: Namespace, source: str, function: str) -> Any:
            found = compiled(names, source, function)
            return self._around(SHAPE, found) if function == "shape" else found

        with (
            patch.object(Namespace, "compile", compile_watched),
            patch.object(Engine, "_prepare", self._around(PREPARE, Engine._prepare)),
            patch.object(Authenticator, "authenticate", self._around(AUTHENTICATE, Authenticator.authenticate)),
            patch.object(SqlConnector, "run", self._awaiting(STATEMENT, SqlConnector.run)),
            patch.object(JsonLinesAuditLog, "append", self._awaiting(AUDIT, JsonLinesAuditLog.append)),
            patch.object(graphql_endpoint, "read_parameters", self._awaiting(READ, read_parameters)),
            patch.object(graphql_endpoint, "_answered", self._around(JSON, graphql_endpoint._answered)),
        ):
            yield

    def _around(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*arguments: Any, **named: Any) -> Any:
            began, outer, self._inner = time.process_time(), self._inner, 0.0
            try:
                return function(*arguments, **named)
            finally:
                self._note(stage, time.process_time() - began, outer)

        return watched

    def _awaiting(self, stage: str, function: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def watched(*arguments: Any, **named: Any) -> Any:
            began, outer, self._inner = time.process_time(), self._inner, 0.0
            try:
                return await function(*arguments, **named)
            finally:
                self._note(stage, time.process_time() - began, outer)

        return watched

    def _note(self, stage: str, seconds: float, outer: float) -> None:
        self.spent[stage] = self.spent.get(stage, 0.0) + seconds - self._inner
        self._inner = outer + seconds
