"""One thread that waits for the disk on behalf of an event loop, with as little as possible between the two.

``asyncio.to_thread`` makes five objects and several calls for each wait; every durable audit record would pay for them.
Neighbour: :mod:`authz.audit`.
"""

import asyncio
import threading
from collections.abc import Callable
from queue import SimpleQueue

_Job = tuple[Callable[[], None], asyncio.AbstractEventLoop, "asyncio.Future[None]"]


class DiskThread:
    """Runs one function after the other, in a daemon thread that starts with the first."""

    def __init__(self) -> None:
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._thread: threading.Thread | None = None

    async def run(self, function: Callable[[], None]) -> None:
        """Wait until ``function`` has run in the thread. Raises what it raises."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="audit-disk", daemon=True)
            self._thread.start()
        loop = asyncio.get_running_loop()
        done = loop.create_future()
        self._jobs.put((function, loop, done))
        await done

    def close(self) -> None:
        """End the thread when it has done what it was given; safe to call twice."""
        thread, self._thread = self._thread, None
        if thread is not None:
            self._jobs.put(None)
            thread.join()

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            function, loop, done = job
            error: Exception | None = None
            try:
                function()
            except Exception as raised:  # noqa: BLE001 - raised again where it is waited for
                error = raised
            if not loop.is_closed():
                loop.call_soon_threadsafe(_finish, done, error)


def _finish(done: "asyncio.Future[None]", error: Exception | None) -> None:
    if done.done():  # nobody waits any longer
        return
    if error is None:
        done.set_result(None)
    else:
        done.set_exception(error)
