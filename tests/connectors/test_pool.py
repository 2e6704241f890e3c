"""The pool with a driver of plain objects."""

import asyncio
from dataclasses import dataclass, field
from itertools import count

import pytest

from connectors.errors import ConnectorError, SourceAuthFailed, SourceTimeout, SourceUnavailable
from connectors.sql.breaker import FAILURES
from connectors.sql.pool import Pool


@dataclass
class Driver:
    """Connections are numbers; ``fails`` is raised on connect, ``hangs`` never answers."""

    fails: Exception | None = None
    hangs: bool = False
    broken: set[int] = field(default_factory=set)
    closed: list[int] = field(default_factory=list)
    attempts: int = 0
    _numbers: "count[int]" = field(default_factory=count)

    async def connect(self) -> int:
        self.attempts += 1
        if self.hangs:
            await asyncio.Event().wait()
        if self.fails is not None:
            raise self.fails
        return next(self._numbers)

    def is_usable(self, connection: int) -> bool:
        return connection not in self.broken

    async def close(self, connection: int) -> None:
        self.closed.append(connection)

    def translate(self, error: BaseException) -> ConnectorError | None:
        return SourceAuthFailed("lab", "no") if isinstance(error, PermissionError) else None


@pytest.fixture
def driver() -> Driver:
    return Driver()


def _soon(seconds: float = 5.0) -> float:
    return asyncio.get_running_loop().time() + seconds


async def test_a_released_connection_is_used_again(driver: Driver) -> None:
    pool = Pool("lab", driver, 2)
    first, is_new = await pool.acquire(_soon())
    assert is_new
    pool.release(first)
    assert await pool.acquire(_soon()) == (first, False)


async def test_a_broken_idle_connection_is_replaced(driver: Driver) -> None:
    pool = Pool("lab", driver, 2)
    first, _ = await pool.acquire(_soon())
    pool.release(first)
    driver.broken.add(first)
    assert await pool.acquire(_soon()) == (first + 1, True)
    await asyncio.sleep(0)
    assert driver.closed == [first]


async def test_a_full_pool_times_out_by_the_deadline(driver: Driver) -> None:
    pool = Pool("lab", driver, 1)
    await pool.acquire(_soon())
    with pytest.raises(SourceTimeout):
        await pool.acquire(_soon(0.05))


async def test_a_discarded_connection_frees_its_place(driver: Driver) -> None:
    pool = Pool("lab", driver, 1)
    first, _ = await pool.acquire(_soon())
    pool.discard(first)
    assert (await pool.acquire(_soon()))[0] != first


async def test_a_failed_connect_frees_its_place(driver: Driver) -> None:
    pool = Pool("lab", driver, 1)
    driver.fails = OSError("down")
    with pytest.raises(SourceUnavailable):
        await pool.acquire(_soon())
    driver.fails = None
    assert await pool.acquire(_soon()) == (0, True)


async def test_a_silent_source_is_given_up_by_the_deadline(driver: Driver) -> None:
    driver.hangs = True
    with pytest.raises(SourceUnavailable):
        await Pool("lab", driver, 1).acquire(_soon(0.05))


async def test_a_source_that_stays_down_is_no_longer_asked(driver: Driver) -> None:
    pool = Pool("lab", driver, 1)
    driver.fails = OSError("down")
    for _ in range(FAILURES + 5):
        with pytest.raises(SourceUnavailable):
            await pool.acquire(_soon())
    assert driver.attempts == FAILURES


async def test_refused_credentials_are_tried_once(driver: Driver) -> None:
    pool = Pool("lab", driver, 1)
    driver.fails = PermissionError()
    for _ in range(3):
        with pytest.raises(SourceAuthFailed):
            await pool.acquire(_soon())
    assert driver.attempts == 1


async def test_a_cancelled_connect_gives_its_place_back(driver: Driver) -> None:
    pool = Pool("lab", driver, 1)
    driver.hangs = True
    waiting = asyncio.ensure_future(pool.acquire(_soon()))
    await asyncio.sleep(0.01)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    driver.hangs = False
    assert (await pool.acquire(_soon()))[1]


async def test_closing_closes_idle_ones_now_and_borrowed_ones_later(driver: Driver) -> None:
    pool = Pool("lab", driver, 2)
    idle, _ = await pool.acquire(_soon())
    borrowed, _ = await pool.acquire(_soon())
    pool.release(idle)
    await pool.close()
    assert driver.closed == [idle]
    pool.release(borrowed)
    await asyncio.sleep(0)
    assert driver.closed == [idle, borrowed]
    with pytest.raises(SourceUnavailable):
        await pool.acquire(_soon())
