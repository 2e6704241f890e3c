"""What one request costs the hub, stage by stage: CPU that each stage uses, several requests at a time.

The hub's application is called in this process without a server before it, so sockets to the client and HTTP parsing
are not part of it. Stages are charged with their own Python steps; what runs between steps is the event loop and the
drivers' decoding of what arrived; what other threads use is the disk's. `benchmarks.profile` looks into a stage.
"""

import asyncio
import gc
import time
from collections.abc import Callable, Coroutine, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from types import coroutine
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
from hutong.serving import settled_collector
from resolvers.pipeline import Engine
from resolvers.reader import Namespace

LOOP = "event loop, and the driver's decoding of rows"
STATEMENT = "statement: sending it, rows as tuples"
SHAPE = "shape: rows to dictionaries"
AUDIT = "audit record"
DISK = "the disk's thread"
JSON = "JSON"
PREPARE = "parse, validate, authorize, plan (cached)"
READ = "read the request"
AUTHENTICATE = "verify the token"
REST = "everything else: pages, places of errors, ASGI"
_CONCURRENT = 8
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
        with settled_collector():
            async with app.router.lifespan_context(app):
                found = {}
                for question, variables in asked:
                    body = orjson.dumps({"query": question.documents[Dialect.HUB], "variables": variables})
                    found[question.name] = await _question(app, body, token, watch, times)
    return found


async def _question(app: Any, body: bytes, token: str, watch: "_Watch", times: int) -> Sequence[Cost]:
    for _ in range(_WARM_UP):
        await _call(app, body, token)
    each = times // _CONCURRENT

    async def ask() -> None:
        for _ in range(each):
            await watch.steps(REST, _call(app, body, token))

    gc.collect()
    watch.spent.clear()
    began, began_here = time.process_time(), time.thread_time()
    await asyncio.gather(*(ask() for _ in range(_CONCURRENT)))
    total, here = time.process_time() - began, time.thread_time() - began_here
    spent = {**watch.spent, LOOP: here - sum(watch.spent.values()), DISK: total - here}
    return tuple(
        Cost(stage=stage, milliseconds=1_000 * seconds / (each * _CONCURRENT))
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
            began, outer, self._inner = time.thread_time(), self._inner, 0.0
            try:
                return function(*arguments, **named)
            finally:
                self._note(stage, time.thread_time() - began, outer)

        return watched

    def _awaiting(self, stage: str, function: Callable[..., Coroutine[Any, Any, Any]]) -> Callable[..., Any]:
        def watched(*arguments: Any, **named: Any) -> Any:
            return self.steps(stage, function(*arguments, **named))

        return watched

    @coroutine
    def steps(self, stage: str, work: Coroutine[Any, Any, Any]) -> Generator[Any, Any, Any]:
        """``await work``, with each of its steps charged to ``stage``."""
        step: Callable[[], Any] = partial(work.send, None)
        while True:
            began, outer, self._inner = time.thread_time(), self._inner, 0.0
            try:
                awaited = step()
            except StopIteration as finished:
                return finished.value
            finally:
                self._note(stage, time.thread_time() - began, outer)
            try:
                step = partial(work.send, (yield awaited))
            except BaseException as error:  # noqa: BLE001 - thrown into the coroutine, as await does
                step = partial(work.throw, error)

    def _note(self, stage: str, seconds: float, outer: float) -> None:
        self.spent[stage] = self.spent.get(stage, 0.0) + seconds - self._inner
        self._inner = outer + seconds
