"""``/metrics`` on an address of its own: for the operators' Prometheus, never for callers of ``/graphql``.

The text is made in a thread, so that a scrape does not hold up operations. Neighbour: :mod:`hutong.composition` runs it
beside the application, until the last operation has ended.
"""

import asyncio
import hmac
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Final

import uvicorn
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4
from starlette.types import ASGIApp, Receive, Scope, Send

from hutong.key_files import open_to_others
from hutong.lifecycle import StartRefused
from hutong.observability.metrics import Metrics
from hutong.observability.options import Observability, metrics_address
from hutong.serving import PortTaken, listen
from schema.messages import starting

SHORTEST_TOKEN: Final = 16


class MetricsEndpoint:
    """ASGI application: ``GET /metrics``, with the bearer ``token`` if there is one."""

    def __init__(self, metrics: Metrics, token: bytes | None) -> None:
        self._metrics = metrics
        self._expected = None if token is None else b"Bearer " + token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI, HTTP only."""
        if scope["path"] != "/metrics":
            await _answer(send, 404, b"Not Found")
        elif scope["method"] not in ("GET", "HEAD"):
            await _answer(send, 405, b"Method Not Allowed", (b"allow", b"GET, HEAD"))
        elif not self._may_read(scope):
            await _answer(send, 401, b"Unauthorized", (b"www-authenticate", b'Bearer realm="metrics"'))
        else:
            body = await asyncio.to_thread(self._metrics.text)
            await _answer(send, 200, body, content_type=CONTENT_TYPE_PLAIN_0_0_4.encode())

    def _may_read(self, scope: Scope) -> bool:
        if self._expected is None:
            return True
        given = [value for name, value in scope["headers"] if name == b"authorization"]
        return len(given) == 1 and hmac.compare_digest(given[0], self._expected)


async def _answer(
    send: Send, status: int, body: bytes, *headers: tuple[bytes, bytes], content_type: bytes = b"text/plain"
) -> None:
    length = (b"content-length", b"%d" % len(body))
    always = ((b"content-type", content_type), (b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff"))
    await send({"type": "http.response.start", "status": status, "headers": [*always, length, *headers]})
    await send({"type": "http.response.body", "body": body})


class _BesideServer(uvicorn.Server):
    """A server that leaves signals to the one it runs beside."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Nothing is captured."""
        yield


@asynccontextmanager
async def serving_metrics(app: ASGIApp, listener: socket.socket) -> AsyncIterator[None]:
    """``app`` answers on ``listener`` meanwhile; closes it at the end."""
    config = uvicorn.Config(
        app, http="httptools", ws="none", lifespan="off", log_config=None, access_log=False, server_header=False
    )
    server = _BesideServer(config)
    running = asyncio.create_task(server.serve(sockets=[listener]), name="metrics")
    try:
        yield
    finally:
        server.should_exit = True
        await running


def metrics_listener(options: Observability) -> socket.socket | None:
    """The socket to serve metrics on, if they are to be served. Raises `StartRefused`."""
    if options.metrics_listen is None:
        return None
    try:
        return listen(*metrics_address(options.metrics_listen))
    except PortTaken as taken:
        raise StartRefused(starting.METRICS_PORT_TAKEN(reason=taken.told)) from None


def read_token(file: Path | None) -> bytes | None:
    """The token that reading metrics takes. Raises `StartRefused` for a file that is missing, open to all or short."""
    if file is None:
        return None
    try:
        status, token = file.stat(), file.read_bytes().strip()
    except OSError:
        raise StartRefused(starting.METRICS_TOKEN_UNREADABLE(file=str(file))) from None
    if open_to_others(status):
        raise StartRefused(starting.METRICS_TOKEN_OPEN(file=str(file)))
    if len(token) < SHORTEST_TOKEN or not token.isascii() or len(token.split()) != 1:
        raise StartRefused(starting.METRICS_TOKEN_SHORT(file=str(file), minimum=SHORTEST_TOKEN))
    return token
