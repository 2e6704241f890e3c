"""Serving HTTP with uvicorn on uvloop and httptools, and leaving without cutting anybody off.

At SIGTERM the replica first *drains* for `DRAIN_SECONDS`: it reports itself unready, goes on answering, and closes each
connection with its next response. Only then it stops listening and waits for what is still running. SIGINT (Ctrl-C)
stops listening at once; a second signal ends everything.
"""

import asyncio
import signal
import socket
import time
from types import FrameType
from typing import Final

import uvicorn
from starlette.types import ASGIApp

from hutong.lifecycle import Lifecycle

DRAIN_SECONDS: Final = 1.5
FINISH_SECONDS: Final = 8
"""What operations still get after the draining; together under the 10 s a supervisor usually waits before it kills."""
KEEP_ALIVE_SECONDS: Final = 65
LAST_REQUEST_SECONDS: Final = 0.3


class PortTaken(Exception):
    """The address cannot be listened on."""


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; ``port`` 0 takes a free one. Raises `PortTaken`."""
    try:
        return socket.create_server((host, port), backlog=2048, reuse_port=False)
    except OSError as error:
        raise PortTaken(f"cannot listen on {host} port {port}: {error.strerror}; choose another with --port") from None


def serve(app: ASGIApp, *, lifecycle: Lifecycle, listener: socket.socket) -> None:
    """Serve until a signal ends it; closes ``listener``. Blocks; only in the main thread."""
    config = uvicorn.Config(
        app,
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=FINISH_SECONDS,
    )
    DrainingServer(config, lifecycle).run(sockets=[listener])


class DrainingServer(uvicorn.Server):
    """uvicorn's server with a drain between SIGTERM and shutdown."""

    def __init__(self, config: uvicorn.Config, lifecycle: Lifecycle) -> None:
        super().__init__(config)
        self._lifecycle = lifecycle
        self._drained_at: float | None = None

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

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop listening, let clients that have just connected send their request, then shut down as the base does."""
        for server in self.servers:
            server.close()
        await asyncio.sleep(LAST_REQUEST_SECONDS)
        await super().shutdown(sockets)
