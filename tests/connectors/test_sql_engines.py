"""What each engine's sessions allow, how statements end, and how a source's faults are told."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from asyncmy.errors import OperationalError

from connectors.contract import Connector, Fetch, Freshness
from connectors.errors import (
    BadParameter,
    SourceAuthFailed,
    SourceDrifted,
    SourceTimeout,
    SourceUnavailable,
)
from connectors.secrets import Secret
from connectors.sql.connector import SqlConnector, moment_of
from connectors.sql.mysql import MySQLConnection, MySQLConnector
from connectors.sql.postgresql import PostgresConnector
from connectors.sql.sqlite import SQLiteConnector
from connectors.testing.engine import manifest_of
from connectors.testing.promise import arguments
from schema.predicates import ROW_KEY, Comparison, Operator
from tests.connectors.dirty_rows import binding
from tests.engines import (
    MariaDBEngine,
    PostgresEngine,
    Server,
    SqliteEngine,
    mariadb_engine,
    postgresql_engine,
    sqlite_engine,
)

BINDINGS = {"Dirty": binding()}
NUMBERS = Fetch(binding=BINDINGS["Dirty"], projection=("integer",), predicate=Comparison("integer", Operator.GTE, 0))


@pytest.fixture(scope="module")
def sqlite_source(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqliteEngine]:
    with sqlite_engine(tmp_path_factory.mktemp("sqlite")) as engine:
        engine.make("dirty", {"no": "INTEGER", "integer": "INTEGER", "text": "TEXT"}, [(1, 5, "a"), (2, -5, "b")])
        yield engine


@pytest.fixture(scope="module")
def postgresql(postgresql_server: Server) -> Iterator[PostgresEngine]:
    with postgresql_engine(postgresql_server) as engine:
        columns = {"no": "bigint", "integer": "bigint", "text": "char(4)", "changed": "timestamptz"}
        engine.make("dirty", columns, [(1, 5, "a", "2024-01-02 03:04:05+08"), (2, -5, "b", None)])
        engine.execute('CREATE INDEX both_columns ON dirty ("text", integer)')
        yield engine


@pytest.fixture(scope="module")
def mariadb(mariadb_server: Server) -> Iterator[MariaDBEngine]:
    with mariadb_engine(mariadb_server) as engine:
        columns = {"no": "bigint", "integer": "bigint", "text": "varchar(4)", "changed": "datetime"}
        engine.make("dirty", columns, [(1, 5, "a", "2024-01-02 03:04:05"), (2, -5, "b", None)])
        engine.execute("CREATE INDEX both_columns ON dirty (`text`, `integer`)")
        yield engine


@asynccontextmanager
async def opened(connector: Connector) -> AsyncIterator[Any]:
    await connector.open()
    try:
        yield connector
    finally:
        await connector.close()


async def _until(connector: SqlConnector[Any], counting: str, expected: int) -> None:
    """Ask until the count is as expected; half of the statement's own time at most."""
    async with asyncio.timeout(2.2):
        while await _ask(connector, counting) != [(expected,)]:  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def _ask(connector: SqlConnector[Any], statement: str, seconds: float = 5.0) -> Any:
    rows = await connector.run(statement, (), asyncio.get_running_loop().time() + seconds)
    return [tuple(row) for row in rows]


# --- PostgreSQL


@pytest.mark.postgresql
class TestPostgreSQL:
    async def test_session_is_read_only_and_timed_in_beijing(self, postgresql: PostgresEngine) -> None:
        async with opened(postgresql.connector(BINDINGS)) as connector:
            shown = await _ask(
                connector,
                "SELECT current_setting('default_transaction_read_only'), current_setting('statement_timeout'),"
                " extract(timezone FROM timestamptz '1988-07-01 12:00+08')::int, current_setting('application_name')",
            )
        assert shown == [("on", "5s", 8 * 3600, "hutong")]

    async def test_statement_that_is_given_up_is_cancelled_in_the_server(self, postgresql: PostgresEngine) -> None:
        async with opened(postgresql.connector(BINDINGS)) as connector:
            with pytest.raises(SourceTimeout):
                await _ask(connector, "SELECT pg_sleep(4)", 0.4)
            running = "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query = 'SELECT pg_sleep(4)'"
            for _ in range(20):
                if await _ask(connector, running) == [(0,)]:
                    break
                await asyncio.sleep(0.05)
            assert await _ask(connector, running) == [(0,)]

    async def test_cancelled_statement_is_cancelled_in_the_server(self, postgresql: PostgresEngine) -> None:
        running = "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query = 'SELECT pg_sleep(4.5)'"
        async with opened(postgresql.connector(BINDINGS)) as connector:
            task = asyncio.ensure_future(_ask(connector, "SELECT pg_sleep(4.5)"))
            await _until(connector, running, 1)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await _until(connector, running, 0)

    async def test_connection_that_the_server_ended_is_replaced(self, postgresql: PostgresEngine) -> None:
        async with opened(postgresql.connector(BINDINGS)) as connector:
            [(pid,)] = await _ask(connector, "SELECT pg_backend_pid()")
            postgresql.execute(f"SELECT pg_terminate_backend({pid})")
            assert len(await connector.fetch(connector.prepare(NUMBERS), arguments((0,)))) == 1

    async def test_wrong_password_is_told_once_without_it(self, postgresql: PostgresEngine) -> None:
        secret = Secret("S3ntinel", reference="env:X")
        settings = {**postgresql.settings(), "user": "nobody_here", "password": secret}
        if not postgresql.settings()["password"]:
            pytest.skip("this server asks for no password")
        connector = PostgresConnector(manifest_of("postgresql", settings, BINDINGS))
        async with opened(connector):
            with pytest.raises(SourceAuthFailed) as caught:
                await connector.fetch(connector.prepare(NUMBERS), arguments((0,)))
        assert "S3ntinel" not in f"{caught.value!r} {caught.value.__cause__!r}"

    async def test_padding_of_character_columns_is_no_part_of_the_value(self, postgresql: PostgresEngine) -> None:
        async with opened(postgresql.connector(BINDINGS)) as connector:
            assert await _ask(connector, 'SELECT "text" FROM dirty ORDER BY no') == [("a",), ("b",)]

    async def test_description_tells_types_keys_and_indexes(self, postgresql: PostgresEngine) -> None:
        async with opened(postgresql.connector(BINDINGS)) as connector:
            described = (await connector.describe(["dirty", "none"]))["dirty"]
        assert described.columns == {
            "no": "bigint",
            "integer": "bigint",
            "text": "character(4)",
            "changed": "timestamp with time zone",
        }
        assert described.primary_key == ("no",)
        assert set(described.indexes) == {("no",), ("text", "integer")}

    async def test_type_that_changed_is_drift(self, postgresql: PostgresEngine) -> None:
        postgresql.make("dirty_typed", {"no": "bigint", "integer": "text"}, [(1, "x")])
        fetch = replace(NUMBERS, binding=replace(NUMBERS.binding, table="dirty_typed"))
        async with opened(postgresql.connector(BINDINGS)) as connector:
            with pytest.raises(SourceDrifted):
                await connector.fetch(connector.prepare(fetch), arguments((0,)))


# --- MariaDB


@pytest.mark.mariadb
class TestMariaDB:
    async def test_session_is_read_only_utf8_and_timed_in_beijing(self, mariadb: MariaDBEngine) -> None:
        async with opened(mariadb.connector(BINDINGS)) as connector:
            shown = await _ask(
                connector,
                "SELECT @@tx_read_only, @@max_statement_time, @@time_zone, @@character_set_connection, @@sql_mode",
            )
        assert shown == [(1, 5.0, "+08:00", "utf8mb4", "")]

    async def test_statement_that_is_given_up_is_killed_in_the_server(self, mariadb: MariaDBEngine) -> None:
        async with opened(mariadb.connector(BINDINGS)) as connector:
            with pytest.raises(SourceTimeout):
                await _ask(connector, "SELECT SLEEP(4.25)", 0.4)
            running = "SELECT COUNT(*) FROM information_schema.processlist WHERE info LIKE 'SELECT SLEEP(4.25)%'"
            for _ in range(40):
                if mariadb.query(running)[0][0] == 0:
                    break
                await asyncio.sleep(0.05)
            assert mariadb.query(running)[0][0] == 0

    async def test_cancelled_statement_is_killed_in_the_server(self, mariadb: MariaDBEngine) -> None:
        async with opened(mariadb.connector(BINDINGS)) as connector:
            task = asyncio.ensure_future(_ask(connector, "SELECT SLEEP(4.5)"))
            await asyncio.sleep(0.3)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            running = "SELECT COUNT(*) FROM information_schema.processlist WHERE info LIKE 'SELECT SLEEP(4.5)%'"
            for _ in range(40):
                if mariadb.query(running)[0][0] == 0:
                    break
                await asyncio.sleep(0.05)
            assert mariadb.query(running)[0][0] == 0

    async def test_connection_that_the_server_ended_is_replaced(self, mariadb: MariaDBEngine) -> None:
        async with opened(mariadb.connector(BINDINGS)) as connector:
            [(thread,)] = await _ask(connector, "SELECT CONNECTION_ID()")
            mariadb.execute(f"KILL {thread}")
            assert len(await connector.fetch(connector.prepare(NUMBERS), arguments((0,)))) == 1

    async def test_wrong_password_is_told_without_it(self, mariadb: MariaDBEngine) -> None:
        settings = {**mariadb.settings(), "user": "nobody_here", "password": Secret("S3ntinel", reference="env:X")}
        connector = MySQLConnector(manifest_of("mysql", settings, BINDINGS))
        async with opened(connector):
            with pytest.raises(SourceAuthFailed) as caught:
                await connector.fetch(connector.prepare(NUMBERS), arguments((0,)))
        assert "S3ntinel" not in f"{caught.value!r} {caught.value.__cause__!r}"

    async def test_description_tells_types_keys_and_indexes(self, mariadb: MariaDBEngine) -> None:
        async with opened(mariadb.connector(BINDINGS)) as connector:
            described = (await connector.describe(["dirty", "none"]))["dirty"]
        assert described.columns == {
            "no": "bigint(20)",
            "integer": "bigint(20)",
            "text": "varchar(4)",
            "changed": "datetime",
        }
        assert described.primary_key == ("no",)
        assert set(described.indexes) == {("no",), ("text", "integer")}


class Broken:
    """A connection of the driver ``asyncmy`` whose statements end with ``error``; ``sent``: the others."""

    def __init__(self, number: int, sent: list[str], error: BaseException | None = None) -> None:
        self._number, self._sent, self._error = number, sent, error
        self._stream_broken = error is not None

    def thread_id(self) -> int:
        return self._number

    @asynccontextmanager
    async def cursor(self) -> AsyncIterator["Broken"]:
        yield self

    async def execute(self, statement: str, values: tuple[Any, ...]) -> None:
        if self._error is not None:
            raise self._error
        self._sent.append(statement % values)

    async def kill(self, number: int) -> None:
        self._sent.append(f"KILL {number}")

    def close(self) -> None:
        self._sent.append(f"close {self._number}")


@pytest.mark.parametrize(
    ("error", "sent"),
    [
        (ConnectionResetError(), []),
        (OperationalError(2013, "Lost connection to MySQL server during query"), []),
        (asyncio.CancelledError(), ["KILL QUERY 7", "close 8"]),
        (TimeoutError(), ["KILL QUERY 7", "close 8"]),
    ],
    ids=["reset", "lost", "cancelled", "timeout"],
)
async def test_mariadb_statement_is_killed_if_given_up_and_not_if_the_server_is_gone(
    monkeypatch: pytest.MonkeyPatch, error: BaseException, sent: list[str]
) -> None:
    settings = {"host": "127.0.0.1", "port": 1, "database": "d", "user": "u", "tls": "off"}
    connector = MySQLConnector(manifest_of("mysql", settings, BINDINGS))
    told: list[str] = []

    async def connect(**_: Any) -> Broken:
        return Broken(8, told)

    monkeypatch.setattr("asyncmy.connect", connect)
    connection = MySQLConnection(Broken(7, told, error))
    with pytest.raises(type(error)):
        await connector.execute(connection, "SELECT 1", (), 5)
    assert not connector.is_reusable(connection, error)
    await connector._driver.close(connection)
    assert [line for line in told if not line.startswith("SET SESSION")] == ["close 7", *sent]


# --- SQLite


class TestSQLite:
    @pytest.mark.parametrize(
        "statement",
        [
            "ATTACH DATABASE ':memory:' AS other",
            "PRAGMA query_only = OFF",
            "SELECT load_extension('x')",
            "CREATE TEMP TABLE t (a)",
            "UPDATE dirty SET integer = 1",
            "VACUUM",
        ],
    )
    async def test_nothing_but_reading_is_allowed(self, sqlite_source: SqliteEngine, statement: str) -> None:
        async with opened(sqlite_source.connector(BINDINGS)) as connector:
            with pytest.raises(SourceUnavailable) as caught:
                await _ask(connector, statement)
            assert isinstance(caught.value.__cause__, sqlite3.DatabaseError)
            assert "auth" in str(caught.value.__cause__) or "readonly" in str(caught.value.__cause__)

    @pytest.mark.parametrize("path", ["../outside.db", "link.db", ".", "/etc/passwd", "source.db?mode=rwc"])
    async def test_file_outside_the_folder_is_refused(self, sqlite_source: SqliteEngine, path: str) -> None:
        outside = sqlite_source.root.parent / "outside.db"
        sqlite3.connect(outside).close()
        link = sqlite_source.root / "link.db"
        if not link.is_symlink():
            link.symlink_to(outside)
        connector = SQLiteConnector(manifest_of("sqlite", {"path": path}, BINDINGS), sqlite_source.root)
        async with opened(connector):
            with pytest.raises(SourceUnavailable):
                await connector.fetch(connector.prepare(NUMBERS), arguments((0,)))

    async def test_bytes_that_are_no_text_are_delivered_with_replacement(self, sqlite_source: SqliteEngine) -> None:
        sqlite_source.make("broken", {"no": "INTEGER", "text": "TEXT"}, [(1, "a")])
        sqlite_source.execute("INSERT INTO broken VALUES (2, CAST(x'61ff' AS TEXT))")
        table = replace(BINDINGS["Dirty"], table="broken")
        fetch = Fetch(binding=table, projection=("text",), predicate=Comparison("text", Operator.STARTS_WITH, 0))
        async with opened(sqlite_source.connector({"Dirty": table})) as connector:
            prepared = connector.prepare(fetch)
            rows = await connector.fetch(prepared, arguments(("a",)))
        assert [prepared.columns["text"].codec.decode(*row) for row in rows] == ["a", "a\ufffd"]

    async def test_cancelled_statement_is_interrupted(self, sqlite_source: SqliteEngine) -> None:
        endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
        async with opened(sqlite_source.connector(BINDINGS)) as connector:
            tasks = [asyncio.ensure_future(_ask(connector, endless)) for _ in range(2)]
            await asyncio.sleep(0.1)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            assert all(task.cancelled() for task in tasks)
            async with asyncio.timeout(2):
                assert await _ask(connector, "SELECT 1") == [(1,)], "both connections' threads are free again"
                assert await _ask(connector, "SELECT 2") == [(2,)]

    async def test_statement_given_up_before_it_began_is_interrupted_when_it_begins(
        self, sqlite_source: SqliteEngine
    ) -> None:
        endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
        async with opened(sqlite_source.connector(BINDINGS)) as connector:
            await _ask(connector, "SELECT 0")
            [connection] = connector._opened()._idle
            may_begin = threading.Event()
            connection.raw._tx.put_nowait((None, may_begin.wait))
            task = asyncio.ensure_future(_ask(connector, endless))
            await asyncio.sleep(0.05)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            may_begin.set()
            assert task.cancelled()
            async with asyncio.timeout(2):
                assert await _ask(connector, "SELECT 1") == [(1,)]
                while connection.raw._thread.is_alive():  # noqa: ASYNC110 -- the thread tells nobody
                    await asyncio.sleep(0.01)

    async def test_long_statement_is_interrupted_and_the_next_one_goes_on(self, sqlite_source: SqliteEngine) -> None:
        endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
        async with opened(sqlite_source.connector(BINDINGS)) as connector:
            started = asyncio.get_running_loop().time()
            with pytest.raises(SourceTimeout):
                await _ask(connector, endless, 0.3)
            assert await _ask(connector, "SELECT 1") == [(1,)]
            assert asyncio.get_running_loop().time() - started < 2


# --- all of them


def _connector(request: pytest.FixtureRequest, name: str, **kwargs: Any) -> SqlConnector[Any]:
    engine: Any = request.getfixturevalue({"sqlite": "sqlite_source"}.get(name, name))
    return engine.connector(BINDINGS, **kwargs)  # type: ignore[no-any-return]


EACH = pytest.mark.parametrize(
    "name",
    [
        "sqlite",
        pytest.param("postgresql", marks=pytest.mark.postgresql),
        pytest.param("mariadb", marks=pytest.mark.mariadb),
    ],
)


@EACH
async def test_each_fetch_is_one_statement_without_values(request: pytest.FixtureRequest, name: str) -> None:
    seen: list[tuple[str, str]] = []
    async with opened(_connector(request, name, on_statement=lambda *told: seen.append(told))) as connector:
        prepared = connector.prepare(NUMBERS)
        await connector.fetch(prepared, arguments((-987654,)))
        await connector.fetch(prepared, arguments((5,)))
    assert seen == [("lab", prepared.statement)] * 2
    assert "987654" not in prepared.statement


@EACH
async def test_column_of_two_fields_is_read_once(request: pytest.FixtureRequest, name: str) -> None:
    dirty = BINDINGS["Dirty"]
    number = replace(dirty.fields["integer"], columns=dirty.row_key.columns)
    bound = replace(dirty, fields={**dirty.fields, "number": number})
    fetch = replace(NUMBERS, binding=bound, projection=("number", ROW_KEY, "integer"))
    async with opened(_connector(request, name)) as connector:
        prepared = connector.prepare(fetch)
        rows = await connector.fetch(prepared, arguments((0,)))
    assert {field: column.start for field, column in prepared.columns.items()} == {
        "number": 0,
        ROW_KEY: 0,
        "integer": 1,
    }
    assert [tuple(row) for row in rows] == [(1, 5)]


@EACH
async def test_columns_of_text_are_known_to_be_uniform_where_types_are_kept(
    request: pytest.FixtureRequest, name: str
) -> None:
    fetch = replace(NUMBERS, projection=("text", "integer"))
    connector = _connector(request, name)
    before = connector.prepare(fetch)
    async with opened(connector):
        after = connector.prepare(fetch)
    assert [column.uniform for column in before.columns.values()] == [False, False]
    assert [column.uniform for column in after.columns.values()] == [name != "sqlite", False]
    assert before.columns == after.columns


@EACH
async def test_text_that_no_source_takes_is_bad_input(request: pytest.FixtureRequest, name: str) -> None:
    fetch = replace(NUMBERS, predicate=Comparison("text", Operator.EQ, 0))
    async with opened(_connector(request, name)) as connector:
        for value in ("a\0b", "\ud800"):
            with pytest.raises(BadParameter):
                await connector.fetch(connector.prepare(fetch), arguments((value,)))


@EACH
async def test_as_of_is_the_latest_change(request: pytest.FixtureRequest, name: str) -> None:
    connector = _connector(request, name)
    assert await connector.as_of() is None
    column = "no" if name == "sqlite" else "changed"
    freshness = Freshness(live=False, max_age_seconds=60, column=("dirty", column))
    connector.manifest = replace(connector.manifest, freshness=freshness)
    expected = "1970-01-01T08:00:02+08:00" if name == "sqlite" else "2024-01-02T03:04:05+08:00"
    async with opened(connector):
        assert await connector.as_of() == expected


@pytest.mark.parametrize(
    ("raw", "moment"),
    [
        ("2024.03", "2024-03-01T00:00:00+08:00"),
        ("202403", "2024-03-01T00:00:00+08:00"),
        ("2024-03-05", "2024-03-05T00:00:00+08:00"),
        ("2024-03-05 06:07:08", "2024-03-05T06:07:08+08:00"),
        (0, "1970-01-01T08:00:00+08:00"),
        ("yesterday", None),
        (None, None),
    ],
    ids=str,
)
def test_change_column_is_read_in_many_forms(raw: Any, moment: str | None) -> None:
    assert moment_of(raw) == moment
