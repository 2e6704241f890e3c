"""How a source stands, as data."""

import asyncio
import sqlite3
from dataclasses import replace
from datetime import time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from connectors.errors import SourceTimeout, SourceUnavailable
from connectors.maintenance import MaintainedConnector
from connectors.maintenance_window import MaintenanceWindow
from connectors.memory import MemoryConnector
from connectors.source_state import PoolState, SourceState, Stated
from connectors.sql.breaker import FAILURES, Breaker
from connectors.sql.pool import Pool
from connectors.sql.sqlite import SQLiteConnector
from tests.connectors.test_pool import Driver
from tests.resolvers.mini_city import tables, world


def _soon(seconds: float = 5.0) -> float:
    return asyncio.get_running_loop().time() + seconds


async def test_a_pool_tells_who_uses_it_and_who_waits() -> None:
    pool = Pool("lab", Driver(), 1)
    assert pool.state == PoolState(size=1, in_use=0, waiting=0)
    connection, _ = await pool.acquire(_soon())
    waiter = asyncio.create_task(pool.acquire(_soon()))
    await asyncio.sleep(0)
    assert pool.state == PoolState(size=1, in_use=1, waiting=1)
    pool.release(connection)
    again, _ = await waiter
    assert pool.state == PoolState(size=1, in_use=1, waiting=0)
    with pytest.raises(SourceTimeout):
        await pool.acquire(_soon(0.01))
    pool.discard(again)
    assert pool.state == PoolState(size=1, in_use=0, waiting=0)


async def test_a_connect_that_fails_leaves_no_connection_in_use() -> None:
    pool = Pool("lab", Driver(fails=OSError()), 2)
    for _ in range(FAILURES):
        with pytest.raises(SourceUnavailable):
            await pool.acquire(_soon())
    assert pool.state.in_use == 0
    assert (pool.breaker.is_open, pool.breaker.openings) == (True, 1)


def test_a_failed_probe_opens_no_breaker_anew() -> None:
    now = [0.0]
    breaker = Breaker(clock=lambda: now[0])
    for _ in range(FAILURES):
        breaker.failed()
    now[0] = 1_000.0
    assert breaker.admits()
    breaker.failed()
    assert (breaker.is_open, breaker.openings) == (True, 1)
    now[0] = 2_000.0
    assert breaker.admits()
    breaker.succeeded()
    assert not breaker.is_open
    breaker.failed(at_once=True)
    assert breaker.openings == 2


def test_what_has_no_pool_has_no_state_and_a_window_around_it_adds_none() -> None:
    memory = MemoryConnector(world()[1]["s1"], tables()["s1"])
    assert not isinstance(memory, Stated)
    window = MaintenanceWindow(begin=time(1), end=time(2), zone=ZoneInfo("Asia/Shanghai"))
    assert MaintainedConnector(memory, window).state() == SourceState()


async def test_a_database_tells_of_its_pool_once_it_is_open(tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / "source.db").close()
    manifest = replace(world()[1]["s3"], settings={"path": "source.db", "pool": 3})
    connector = SQLiteConnector(manifest, tmp_path)
    window = MaintenanceWindow(begin=time(1), end=time(2), zone=ZoneInfo("Asia/Shanghai"))
    around = MaintainedConnector(connector, window)
    assert connector.state() == SourceState()
    await connector.open()
    assert around.state() == connector.state()
    assert connector.state().pool == PoolState(size=3, in_use=0, waiting=0)
    await connector.close()
