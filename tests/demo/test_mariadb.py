"""S1 and S5 in a real MariaDB: the rows SQLite has, text as declared, readers that only read, others untouched."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import uuid4

import pymysql
import pytest

from demo.city.tables import S1_TABLES, S5_TABLES, Table
from demo.sources import mariadb
from demo.sources.mariadb import ForeignDatabaseError, MariaDBServer
from demo.sources.runtime import RunningSources, remove_sources, start_sources
from tests.demo.small_city import SMALL

pytestmark = [pytest.mark.mariadb, pytest.mark.postgresql]


@pytest.fixture(scope="module")
def server() -> MariaDBServer:
    found = MariaDBServer.from_environment()
    if not found.answers():
        reason = f"no MariaDB answers at {found.host}:{found.port} as {found.user}"
        if shutil.which("mariadbd", path=f"{os.environ.get('PATH', '')}:/usr/sbin"):
            pytest.fail(f"{reason}, although mariadbd is installed: start it")
        pytest.skip(reason)
    return found


@pytest.fixture(scope="module")
def database() -> str:
    return f"hutong_test_{uuid4().hex[:12]}"


@pytest.fixture(scope="module")
def sources(server: MariaDBServer, database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSources]:
    state_dir: Path = tmp_path_factory.mktemp("mariadb")
    arguments: dict[str, Any] = {"s1_database": database, "mariadb_server": server}
    with start_sources(
        state_dir, SMALL, engine_s1="mysql", s1_sqlite_copy=True, s5_sqlite_copy=True, **arguments
    ) as running:
        yield running
    remove_sources(state_dir, **arguments)
    with closing(server.connect()) as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM information_schema.SCHEMATA WHERE SCHEMA_NAME IN (%s, %s)",
            (database, f"{database}_mall"),
        )
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize("table", [*S1_TABLES, *S5_TABLES], ids=lambda table: table.name)
def test_mariadb_and_sqlite_hold_the_same_rows(sources: RunningSources, table: Table) -> None:
    with closing(sources.raw_connection(table.source)) as connection, connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM `{table.name}`")
        in_mariadb = [tuple(str(v) if v is not None else None for v in row) for row in cursor.fetchall()]
    copies = {"s1": sources.s1_sqlite, "s5": sources.s5_sqlite}
    with closing(sqlite3.connect(str(copies[table.source]))) as copy:
        in_sqlite = [
            tuple(str(v) if v is not None else None for v in row)
            for row in copy.execute(f'SELECT * FROM "{table.name}"').fetchall()
        ]
    assert sorted(in_mariadb, key=repr) == sorted(in_sqlite, key=repr)


def test_tables_are_gbk_with_the_departments_indexes(sources: RunningSources, database: str) -> None:
    with closing(sources.raw_connection("s1")) as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT TABLE_COLLATION FROM information_schema.TABLES WHERE TABLE_SCHEMA = %s", (database,)
        )
        assert cursor.fetchall() == (("gbk_chinese_ci",),)
        cursor.execute("SHOW INDEX FROM DY_JBXX")
        assert {row[4] for row in cursor.fetchall()} == {"DYBH", "SFZH", "DZZDM", "GXSJ"}


def test_the_mall_is_utf8mb4_with_its_indexes(sources: RunningSources, database: str) -> None:
    with closing(sources.raw_connection("s5")) as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT TABLE_COLLATION FROM information_schema.TABLES WHERE TABLE_SCHEMA = %s",
            (f"{database}_mall",),
        )
        assert [collation.partition("_")[0] for (collation,) in cursor.fetchall()] == ["utf8mb4"]
        cursor.execute("SHOW INDEX FROM pay_log")
        assert {(row[4], row[1]) for row in cursor.fetchall()} == {("id", 0), ("order_sn", 1), ("trade_no", 0)}


@pytest.mark.parametrize(
    ("source", "column", "row", "value"),
    [("s1", "XM", "DY_JBXX WHERE DYBH = 1", "周明远"), ("s5", "owner_name", "shop WHERE shop_id = 1", "丁春梅")],
)
def test_hubs_user_reads_its_database_and_nothing_else(
    sources: RunningSources, source: str, column: str, row: str, value: str
) -> None:
    settings: Any = sources.connections[source]
    keys = ("host", "port", "user", "password", "database")
    reader = pymysql.connect(**{key: settings[key] for key in keys}, charset="utf8mb4")
    with closing(reader), reader.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {row}")
        assert cursor.fetchone() == (value,)
        for statement in (f"DELETE FROM {row}", "CREATE TABLE t (n int)", "SELECT * FROM mysql.user"):
            with pytest.raises(pymysql.err.MySQLError):
                cursor.execute(statement)
    assert Path(settings["password_file"]).read_text(encoding="ascii") == settings["password"]


def test_a_database_of_somebody_else_is_left_alone(server: MariaDBServer, tmp_path: Path) -> None:
    foreign = f"hutong_test_{uuid4().hex[:12]}"
    with closing(server.connect()) as connection, connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE `{foreign}`")
        try:
            cursor.execute(f"CREATE TABLE `{foreign}`.theirs (n int)")
            with pytest.raises(ForeignDatabaseError):
                start_sources(tmp_path, SMALL, engine_s1="mysql", s1_database=foreign, mariadb_server=server)
            with pytest.raises(ForeignDatabaseError):
                mariadb.drop(server, foreign, "hutong_test_nobody")
            cursor.execute(f"SELECT count(*) FROM `{foreign}`.theirs")
            assert cursor.fetchone() == (0,)
        finally:
            cursor.execute(f"DROP DATABASE `{foreign}`")
