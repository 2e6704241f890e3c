"""Serving HTTP with uvicorn on uvloop and httptools, and leaving without cutting anybody off.

At SIGTERM the replica first *drains* for `DRAIN_SECONDS`: it reports itself unready, goes on answering, and closes each
connection with its next response. Only then it stops listening; clients whose connections were made by then still get
their answer, and what runs is waited for. SIGINT (Ctrl-C) stops listening at once; a second signal ends everything.
Neighbour: :mod:`hutong.http_protocol` is what speaks on each connection.
"""

import asyncio
import gc
import signal
import socket
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Final, cast

import uvicorn
from starlette.types import ASGIApp

from hutong.http_protocol import BoundedHttpProtocol
from hutong.last_connections import end_handshakes
from hutong.lifecycle import Lifecycle
from hutong.quick_refusal import QuickRefusal
from schema.message import ToldError
from schema.messages import starting

DRAIN_SECONDS: Final = 1.5
LAST_HANDSHAKE_SECONDS: Final = 0.05
LAST_REQUEST_SECONDS: Final = 1.0
"""How long clients that connected last get to send their request."""
FINISH_SECONDS: Final = 6
"""What operations still get after that; together under the 10 s a supervisor usually waits before it kills."""
KEEP_ALIVE_SECONDS: Final = 65
ACCEPTED_AT_ONCE: Final = 64
"""Connections taken in one turn of the event loop."""
_COLLECTOR_THRESHOLDS: Final = (20_000, 10, 20)
"""New objects before the garbage collector looks at the young ones, and so on: Python's own 700 costs a quarter of the
time under load, for next to nothing is garbage that reference counts do not free."""


class PortTaken(ToldError):
    """The address cannot be listened on."""


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; ``port`` 0 takes a free one. Raises `PortTaken`."""
    try:
        return socket.create_server((host, port), backlog=2048, reuse_port=False)
    except OSError as error:
        fault = error.strerror or type(error).__name__
        raise PortTaken(starting.PORT_TAKEN(name=host, count=port, fault=fault)) from None


def serve(
    app: ASGIApp,
    *,
    lifecycle: Lifecycle,
    listener: socket.socket,
    trusted_proxies: Sequence[str] = (),
    refusal: QuickRefusal | None = None,
) -> None:
    """Serve until a signal ends it; closes ``listener``. Blocks; only in the main thread.

    ``trusted_proxies``: addresses or networks whose ``X-Forwarded-For`` tells the caller's address. ``refusal``:
    answers when there is no room.
    """
    protocol = type("HttpProtocol", (BoundedHttpProtocol,), {"refusal": refusal})
    config = uvicorn.Config(
        app,
        loop="uvloop",
        http=protocol,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(trusted_proxies),
        forwarded_allow_ips=list(trusted_proxies),
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=FINISH_SECONDS,
    )
    with settled_collector():
        DrainingServer(config, lifecycle).run(sockets=[listener])


@contextmanager
def settled_collector() -> Iterator[None]:
    """The garbage collector as a serving process wants it; enter it when everything that lasts has been made."""
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()  # the catalogue, the schema and the policy stay; no collection need walk over them
    gc.set_threshold(*_COLLECTOR_THRESHOLDS)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()  # or what is frozen is never finalised, which some extension modules report as a leak


class DrainingServer(uvicorn.Server):
    """uvicorn's server with a drain between SIGTERM and shutdown."""

    def __init__(self, config: uvicorn.Config, lifecycle: Lifecycle) -> None:
        super().__init__(config)
        self._lifecycle = lifecycle
        self._drained_at: float | None = None
        self._listeners: list[socket.socket] = []
        self._connecting: set[asyncio.Task[None]] = set()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Signal handler."""
        if self.should_exit:
            self.force_exit = True
        elif sig == signal.SIGTERM and not self._lifecycle.draining:
            self._lifecycle.draining = True
            self._drained_at = time.monotonic() + DRAIN_SECONDS
        else:
            self._lifecycle.draining = True
            self.should_exit = True

    async def on_tick(self, counter: int) -> bool:
        """Every 0.1 s; true ends the main loop."""
        if self._drained_at is not None and time.monotonic() >= self._drained_at:
            self.should_exit = True
        return await super().on_tick(counter)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """As the base does; and take new connections as they come: uvloop itself takes one in a turn of the loop, and
        under load, when turns are long, the queue would only grow.
        """
        await super().startup(sockets)
        for each in sockets or []:
            listener = each.dup()
            listener.setblocking(False)
            self._listeners.append(listener)
            asyncio.get_running_loop().add_reader(listener, self._accept, listener)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop listening, let clients that have just connected send their request, then shut down as the base does."""
        await self._stop_listening(sockets or [])
        last = time.monotonic() + LAST_REQUEST_SECONDS
        while time.monotonic() < last and any(each.cycle is None for each in self._connections()):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        await super().shutdown(sockets)

    async def _stop_listening(self, sockets: list[socket.socket]) -> None:
        """Close the listening sockets, having taken every connection that the kernel had made by then.

        The kernel resets connections that nobody has accepted when their socket is closed, and under load there is
        always one. So handshakes end first, and the last descriptor is closed when the queue has been emptied.
        """
        loop = asyncio.get_running_loop()
        for each in self._listeners:
            end_handshakes(each)
        for server in self.servers:
            server.close()
        for each in sockets:
            each.close()
        # until the event loop has let go of its own descriptors, and handshakes that have begun have ended
        await asyncio.sleep(LAST_HANDSHAKE_SECONDS)
        for each in self._listeners:
            loop.remove_reader(each)
            with each:
                self._accept(each, most=sys.maxsize)

    def _accept(self, listener: socket.socket, most: int = ACCEPTED_AT_ONCE) -> None:
        """Take connections from the kernel's queue; a refused one is the client's to try again."""
        loop = asyncio.get_running_loop()
        with suppress(OSError):  # none is left, or there are too many files open
            for _ in range(most):
                accepted, _ = listener.accept()
                accepted.setblocking(False)
                task = loop.create_task(self._connect(accepted))
                self._connecting.add(task)
                task.add_done_callback(self._connecting.discard)

    async def _connect(self, accepted: socket.socket) -> None:
        with suppress(OSError):  # it has gone again
            await asyncio.get_running_loop().connect_accepted_socket(self._protocol, accepted)

    def _protocol(self) -> BoundedHttpProtocol:
        made = cast(type[BoundedHttpProtocol], self.config.http_protocol_class)
        return made(config=self.config, server_state=self.server_state, app_state=self.lifespan.state)

    def _connections(self) -> list[BoundedHttpProtocol]:
        return [each for each in self.server_state.connections if isinstance(each, BoundedHttpProtocol)]
