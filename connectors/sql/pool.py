"""A bounded pool of driver connections: the same for asyncpg, asyncmy and aiosqlite, with nothing between calls.

Nothing is reset when a connection comes back: statements are single reads in their own read-only transactions and no
session state is ever set. Neighbours: the engines give a `Driver`, :mod:`connectors.sql.connector` borrows connections.
"""

import asyncio
from collections.abc import Awaitable
from typing import Generic, Protocol, TypeVar

from connectors.errors import ConnectorError, SourceAuthFailed, SourceTimeout, SourceUnavailable
from connectors.source_state import BreakerState, PoolState
from connectors.sql.breaker import Breaker
from schema.messages import sources

CONNECT_SECONDS = 2.0
WAIT_SECONDS = 1.0

Connection = TypeVar("Connection")


class Driver(Protocol[Connection]):
    """What a pool needs of a driver."""

    def connect(self) -> Awaitable[Connection]:
        """A new connection, ready for statements."""

    def is_usable(self, connection: Connection) -> bool:
        """Whether an idle connection still stands, as far as the client knows."""

    def close(self, connection: Connection) -> Awaitable[None]:
        """Close it, ending what it may still run; must not raise."""

    def translate(self, error: BaseException) -> ConnectorError | None:
        """The connector's error for a driver's; ``None`` for an error that is not the driver's."""


class Pool(Generic[Connection]):
    """At most ``size`` connections to the source ``name``, made when needed. Use within one event loop."""

    def __init__(self, name: str, driver: Driver[Connection], size: int) -> None:
        self._name, self._driver = name, driver
        self._idle: list[Connection] = []
        self._size = size
        self._places = asyncio.Semaphore(size)
        self._in_use = 0
        self._waiting = 0
        self._breaker = Breaker(clock=_now)
        self._closing: set[asyncio.Task[None]] = set()
        self._refused = False
        self._closed = False

    async def acquire(self, deadline: float) -> tuple[Connection, bool]:
        """A connection, and whether it is new. It must come back by ``release`` or ``discard``.

        Waits at most 1 s for a place and 2 s for the source, never beyond ``deadline`` (the loop's clock). Raises
        `SourceTimeout`, `SourceUnavailable` or `SourceAuthFailed`.
        """
        if self._closed:
            raise SourceUnavailable(self._name, sources.SOURCE_CLOSED(connector=self._name))
        await self._take_place(deadline)
        self._in_use += 1
        try:
            while self._idle:
                connection = self._idle.pop()
                if self._driver.is_usable(connection):
                    return connection, False
                self._retire(connection)
            return await self._connect(deadline), True
        except BaseException:
            self._leave_place()
            raise

    @property
    def state(self) -> PoolState:
        """How many connections are lent out, and how many callers wait for one."""
        return PoolState(size=self._size, in_use=self._in_use, waiting=self._waiting)

    @property
    def breaker(self) -> BreakerState:
        """Whether the source is held to be down."""
        return BreakerState(is_open=self._breaker.is_open, openings=self._breaker.openings)

    def release(self, connection: Connection) -> None:
        """Give a connection back for others."""
        self._leave_place()
        if self._closed:
            self._retire(connection)
        else:
            self._idle.append(connection)

    def discard(self, connection: Connection) -> None:
        """Give back a connection that nobody may use again; it is closed in the background."""
        self._leave_place()
        self._retire(connection)

    async def close(self) -> None:
        """Close idle connections now and borrowed ones when they come back."""
        self._closed = True
        while self._idle:
            self._retire(self._idle.pop())
        if self._closing:
            await asyncio.wait(self._closing, timeout=CONNECT_SECONDS)

    async def _take_place(self, deadline: float) -> None:
        if not self._places.locked():
            await self._places.acquire()
            return
        self._waiting += 1
        try:
            async with asyncio.timeout(min(WAIT_SECONDS, deadline - _now())):
                await self._places.acquire()
        except TimeoutError:
            raise SourceTimeout(self._name, sources.SOURCE_BUSY(connector=self._name)) from None
        finally:
            self._waiting -= 1

    def _leave_place(self) -> None:
        self._in_use -= 1
        self._places.release()

    async def _connect(self, deadline: float) -> Connection:
        if not self._breaker.admits():
            if self._refused:
                raise SourceAuthFailed(self._name, sources.HUB_USER_REFUSED(connector=self._name))
            raise SourceUnavailable(self._name, sources.SOURCE_SILENT_STILL(connector=self._name))
        try:
            async with asyncio.timeout(min(CONNECT_SECONDS, deadline - _now())):
                connection = await self._driver.connect()
        except Exception as error:
            found = self._driver.translate(error)
            self._refused = isinstance(found, SourceAuthFailed)
            self._breaker.failed(at_once=self._refused)
            if self._refused and found is not None:
                raise found from error
            if found is None and not isinstance(error, TimeoutError | OSError):
                raise
            raise SourceUnavailable(self._name, sources.SOURCE_SILENT(connector=self._name)) from error
        except BaseException:
            self._breaker.abandoned()
            raise
        self._breaker.succeeded()
        return connection

    def _retire(self, connection: Connection) -> None:
        task = asyncio.ensure_future(self._driver.close(connection))
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)


def _now() -> float:
    return asyncio.get_running_loop().time()
