"""Notices that the client has gone while its operation runs, and cancels the operation.

Most operations end before anybody looks: the look-out starts after `LOOK_AFTER_SECONDS`, so that a quick operation pays
for one timer only.
"""

import asyncio
from collections.abc import Awaitable
from typing import Final, TypeVar

from starlette.types import Receive

from hutong.request_reader import ClientGone

LOOK_AFTER_SECONDS: Final = 0.05
T = TypeVar("T")


async def unless_gone(operation: Awaitable[T], receive: Receive) -> T:
    """The result of ``operation``. Raises `ClientGone` when the client disconnects first; ``operation`` is cancelled.

    The request's body must have been read: ``receive`` then has nothing to give but the disconnection.
    """
    task = asyncio.current_task()
    if task is None:
        raise RuntimeError("an operation runs inside a task")
    watch = _Watch(receive, task)
    timer = asyncio.get_running_loop().call_later(LOOK_AFTER_SECONDS, watch.start)
    try:
        return await operation
    except asyncio.CancelledError:
        if not watch.gone:
            raise
        task.uncancel()
        raise ClientGone from None
    finally:
        timer.cancel()
        watch.stop()


class _Watch:
    """Waits for the disconnection in a task of its own; ``gone`` once it came and ``operation`` was cancelled."""

    def __init__(self, receive: Receive, operation: "asyncio.Task[object]") -> None:
        self._receive = receive
        self._operation = operation
        self._look_out: asyncio.Task[None] | None = None
        self.gone = False

    def start(self) -> None:
        self._look_out = asyncio.get_running_loop().create_task(self._wait())

    def stop(self) -> None:
        if self._look_out is not None:
            self._look_out.cancel()

    async def _wait(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            continue
        self.gone = True
        self._operation.cancel()
