"""Engines under test: a SQLite file always, PostgreSQL from its wheel (else a local server), MariaDB where one answers.

Fixtures for every test (they live in ``tests/conftest.py``): ``postgresql_server`` and ``mariadb_server`` (session).
``sqlite_engine``, ``files_engine``, ``postgresql_engine``, ``mariadb_engine`` make an engine over a database or folder
of its own and remove it.
"""

import csv
import os
import secrets
import shutil
import socket
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path
from typing import Any, ClassVar

import duckdb
import psycopg
import pymysql
import pytest
from psycopg import sql as psql

from connectors.contract import Binding, Connector
from connectors.files.connector import FilesConnector, Patience
from connectors.files.tables import Encoding, FileFormat, FileTable
from connectors.secrets import Secret
from connectors.sql.connector import OnStatement, SqlConnector
from connectors.sql.mysql import MySQLConnector
from connectors.sql.postgresql import PostgresConnector
from connectors.sql.sqlite import SQLiteConnector
from connectors.testing.engine import ColumnKind, RawTable, manifest_of
from demo.sources import postgresql_server as wheel


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A database server that tests may make databases on."""

    host: str
    port: int
    user: str
    password: str

    @property
    def settings(self) -> dict[str, Any]:
        return {
            "host": self.host,
            "port": self.port,
            "user": self.user,
            "password": Secret(self.password, reference="env:TEST") if self.password else None,
            "pool": 3,
        }


@pytest.fixture(scope="session")
def postgresql_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """PostgreSQL from the wheel; a server on 127.0.0.1:5432 with user ``postgres`` where the wheel does not start."""
    home = tmp_path_factory.mktemp("postgresql")
    password = secrets.token_hex(8)
    try:
        started = wheel.start(home, password)
    except (OSError, wheel.ServerNotStartedError, ModuleNotFoundError):
        local = Server(host="127.0.0.1", port=5432, user="postgres", password="")
        if not _answers(local):
            absent("PostgreSQL", required=True)
        yield local
        return
    yield Server(host=started.host, port=started.port, user=wheel.SUPERUSER, password=password)
    started.stop()
    wheel.remove(home)


@pytest.fixture(scope="session")
def mariadb_server() -> Server:
    """A MariaDB server on 127.0.0.1:3306 that lets ``root`` in."""
    server = Server(host="127.0.0.1", port=3306, user="root", password="")
    if not _answers(server):
        absent("MariaDB", required=shutil.which("mariadbd") is not None)
    try:
        _mariadb(server).close()
    except pymysql.MySQLError:
        absent("MariaDB", required=shutil.which("mariadbd") is not None)
    return server


def absent(engine: str, *, required: bool) -> None:
    """Skip the test; in CI an engine that must be there fails it."""
    if required and os.environ.get("CI") == "true":
        pytest.fail(f"{engine} must be there in CI")
    pytest.skip(f"no {engine} server answers")


class SqlEngine:
    """What they have in common: tables of the conformance suite, in the engine's words."""

    name = ""
    _types: ClassVar[Mapping[ColumnKind, str]] = {}
    _table_options = ""

    def execute(self, statement: str, rows: Sequence[Sequence[Any]] = ()) -> None:
        """Run a statement, once or for each row."""
        raise NotImplementedError

    def quote(self, name: str) -> str:
        return f'"{name}"'

    def placeholders(self, count: int) -> str:
        return ", ".join(["%s"] * count)

    def make(self, name: str, columns: Mapping[str, str], rows: Sequence[Sequence[Any]], options: str = "") -> None:
        """A table by its columns' own types; the first is the primary key."""
        first = next(iter(columns))
        written = ", ".join(f"{self.quote(column)} {kind}" for column, kind in columns.items())
        self.execute(f"DROP TABLE IF EXISTS {self.quote(name)}")
        self.execute(f"CREATE TABLE {self.quote(name)} ({written}, PRIMARY KEY ({self.quote(first)})) {options}")
        if rows:
            self.execute(f"INSERT INTO {self.quote(name)} VALUES ({self.placeholders(len(columns))})", rows)

    def load(self, tables: Sequence[RawTable]) -> None:
        for table in tables:
            columns = {name: self._types[kind] for name, kind in table.columns.items()}
            self.make(table.name, columns, table.rows, self._table_options)
            for column in table.indexes:
                index = self.quote(f"{table.name}_{column}")
                self.execute(f"CREATE INDEX {index} ON {self.quote(table.name)} ({self.quote(column)})")

    def drop_column(self, table: str, column: str) -> None:
        self.execute(f"ALTER TABLE {self.quote(table)} DROP COLUMN {self.quote(column)}")

    async def write(self, connector: Connector, table: str) -> None:
        assert isinstance(connector, SqlConnector)
        await connector.run(f"DELETE FROM {self.quote(table)}", (), float("inf"))


class SqliteEngine(SqlEngine):
    name = "sqlite"
    _types: ClassVar = {ColumnKind.TEXT: "TEXT", ColumnKind.INTEGER: "INTEGER"}

    def __init__(self, root: Path) -> None:
        self.root = root
        self._connection = sqlite3.connect(root / "source.db", isolation_level=None)

    def execute(self, statement: str, rows: Sequence[Sequence[Any]] = ()) -> None:
        if rows:
            self._connection.execute("BEGIN")
            self._connection.executemany(statement, rows)
            self._connection.execute("COMMIT")
        else:
            self._connection.execute(statement)

    def placeholders(self, count: int) -> str:
        return ", ".join("?" * count)

    def connector(self, bindings: Mapping[str, Binding], on_statement: OnStatement | None = None) -> SqlConnector[Any]:
        settings = {"path": "source.db", "pool": 2}
        return SQLiteConnector(manifest_of(self.name, settings, bindings), self.root, on_statement=on_statement)

    def unreachable(self, bindings: Mapping[str, Binding]) -> Connector:
        return SQLiteConnector(manifest_of(self.name, {"path": "missing.db"}, bindings), self.root)

    def close(self) -> None:
        self._connection.close()


class PostgresEngine(SqlEngine):
    name = "postgresql"
    _types: ClassVar = {ColumnKind.TEXT: "text", ColumnKind.INTEGER: "bigint"}

    def __init__(self, server: Server, database: str) -> None:
        self.server, self.database = server, database
        self._connection = _postgresql(server, database)

    def execute(self, statement: str, rows: Sequence[Sequence[Any]] = ()) -> None:
        with self._connection.cursor() as cursor:
            if rows:
                cursor.executemany(statement, rows)  # type: ignore[arg-type]
            else:
                cursor.execute(statement)  # type: ignore[arg-type]

    def settings(self) -> dict[str, Any]:
        return {**self.server.settings, "database": self.database}

    def linguistic_collation(self) -> str:
        """A COLLATE clause that sorts by language, if the server has one; not every build does."""
        for name in ("unicode", "en-x-icu", "en_US.utf8", "zh_CN.utf8"):
            try:
                self._connection.execute(psql.SQL("SELECT 'a' < 'B' COLLATE {}").format(psql.Identifier(name)))
            except psycopg.Error:
                continue
            return f'COLLATE "{name}"'
        return ""

    def connector(self, bindings: Mapping[str, Binding], on_statement: OnStatement | None = None) -> SqlConnector[Any]:
        return PostgresConnector(manifest_of(self.name, self.settings(), bindings), on_statement=on_statement)

    def unreachable(self, bindings: Mapping[str, Binding]) -> Connector:
        return PostgresConnector(manifest_of(self.name, {**self.settings(), "port": closed_port()}, bindings))

    def close(self) -> None:
        self._connection.close()


class MariaDBEngine(SqlEngine):
    """``charset`` of its tables; ``promised``: the manifest says so."""

    name = "mysql"
    _types: ClassVar = {ColumnKind.TEXT: "varchar(200)", ColumnKind.INTEGER: "bigint"}

    def __init__(self, server: Server, database: str, charset: str = "utf8mb4", *, promised: bool = False) -> None:
        self.server, self.database, self.charset, self.promised = server, database, charset, promised
        self._table_options = f"DEFAULT CHARSET {charset}"
        self._connection = _mariadb(server, database)

    def execute(self, statement: str, rows: Sequence[Sequence[Any]] = ()) -> None:
        with self._connection.cursor() as cursor:
            if rows:
                cursor.executemany(statement, rows)
            else:
                cursor.execute(statement)
        self._connection.commit()

    def query(self, statement: str) -> Sequence[Sequence[Any]]:
        with self._connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall()

    def quote(self, name: str) -> str:
        return f"`{name}`"

    def settings(self) -> dict[str, Any]:
        promise = {"charset": self.charset} if self.promised else {}
        return {**self.server.settings, "database": self.database, **promise}

    def connector(self, bindings: Mapping[str, Binding], on_statement: OnStatement | None = None) -> SqlConnector[Any]:
        return MySQLConnector(manifest_of(self.name, self.settings(), bindings), on_statement=on_statement)

    def unreachable(self, bindings: Mapping[str, Binding]) -> Connector:
        return MySQLConnector(manifest_of(self.name, {**self.settings(), "port": closed_port()}, bindings))

    def close(self) -> None:
        self._connection.close()


_AT_ONCE = 200
"""Rows of one INSERT."""


class FilesEngine(SqlEngine):
    """Drops in a folder: Parquet with a marker, or CSV. Each change of a table is a newer drop."""

    name = "files"
    _types: ClassVar = {ColumnKind.TEXT: "varchar", ColumnKind.INTEGER: "bigint"}

    def __init__(self, root: Path, format_: FileFormat = FileFormat.PARQUET) -> None:
        self.root, self.format = root, format_
        (root / "drops").mkdir()
        self.tables: dict[str, FileTable] = {}
        self._days = count(20180901)
        self._made = duckdb.connect(":memory:", config={"autoinstall_known_extensions": False})

    def execute(self, statement: str, rows: Sequence[Sequence[Any]] = ()) -> None:
        if not rows:
            self._made.execute(statement)
            return
        insert, _, row = statement.partition(" VALUES ")
        for first in range(0, len(rows), _AT_ONCE):  # row by row, DuckDB takes a millisecond for each
            some = rows[first : first + _AT_ONCE]
            self._made.execute(f"{insert} VALUES {', '.join([row] * len(some))}", [*chain.from_iterable(some)])

    def placeholders(self, count: int) -> str:
        return ", ".join("?" * count)

    def make(self, name: str, columns: Mapping[str, str], rows: Sequence[Sequence[Any]], options: str = "") -> None:
        super().make(name, columns, rows)
        self.deliver(name)

    def load(self, tables: Sequence[RawTable]) -> None:
        for table in tables:
            self.make(table.name, {name: self._types[kind] for name, kind in table.columns.items()}, table.rows)

    def drop_column(self, table: str, column: str) -> None:
        self.execute(f"CREATE OR REPLACE TABLE {self.quote(table)} AS SELECT * EXCLUDE ({column}) FROM {table}")
        self.deliver(table)

    def deliver(self, name: str) -> Path:
        """Write the table as the newest drop."""
        day = next(self._days)
        if self.format is FileFormat.PARQUET:
            self.tables[name] = FileTable(name=name, pattern=f"{name}/dt=*/*.parquet", complete="_SUCCESS")
            drop = self.root / "drops" / name / f"dt={day}"
            drop.mkdir(parents=True)
            self.execute(f"COPY {self.quote(name)} TO '{drop / 'part-0.parquet'}' (FORMAT parquet)")
            (drop / "_SUCCESS").touch()
            return drop
        self.tables[name] = FileTable(
            name=name, pattern=f"{name}_*.csv", format=FileFormat.CSV, encoding=Encoding.GB18030
        )
        file = self.root / "drops" / f"{name}_{day}.csv"
        answer = self._made.execute(f"SELECT * FROM {self.quote(name)}")
        with file.open("w", encoding="gb18030", newline="") as opened:
            writer = csv.writer(opened)
            writer.writerow([column[0] for column in answer.description])
            writer.writerows(answer.fetchall())
        os.utime(file, (day, day))
        return file

    def settings(self, path: str = "drops") -> dict[str, Any]:
        return {
            "path": path,
            "cache": "cache",
            "pool": 2,
            "threads": 2,
            "memory": 256,
            "tables": dict(self.tables),
        }

    def connector(self, bindings: Mapping[str, Binding], on_statement: OnStatement | None = None) -> SqlConnector[Any]:
        manifest = manifest_of(self.name, self.settings(), bindings)
        return FilesConnector(manifest, self.root, on_statement=on_statement, patience=Patience(look=0, wait=10))

    def unreachable(self, bindings: Mapping[str, Binding]) -> Connector:
        return FilesConnector(manifest_of(self.name, self.settings("missing"), bindings), self.root)

    def close(self) -> None:
        self._made.close()


@contextmanager
def files_engine(root: Path, format_: FileFormat = FileFormat.PARQUET) -> Iterator[FilesEngine]:
    """An engine over new folders below ``root``."""
    engine = FilesEngine(root, format_)
    try:
        yield engine
    finally:
        engine.close()


@contextmanager
def sqlite_engine(root: Path) -> Iterator[SqliteEngine]:
    """An engine over a new file below ``root``."""
    engine = SqliteEngine(root)
    try:
        yield engine
    finally:
        engine.close()


@contextmanager
def postgresql_engine(server: Server) -> Iterator[PostgresEngine]:
    """An engine over a new database of ``server``."""
    database = _database_name()
    with _postgresql(server, "postgres") as connection:
        connection.execute(psql.SQL("CREATE DATABASE {}").format(psql.Identifier(database)))
    engine = PostgresEngine(server, database)
    try:
        yield engine
    finally:
        engine.close()
        with _postgresql(server, "postgres") as connection:
            connection.execute(psql.SQL("DROP DATABASE {} WITH (FORCE)").format(psql.Identifier(database)))


@contextmanager
def mariadb_engine(server: Server, charset: str = "utf8mb4", *, promised: bool = False) -> Iterator[MariaDBEngine]:
    """An engine over a new database of ``server``."""
    database = _database_name()
    with _mariadb(server) as connection, connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE `{database}` CHARACTER SET utf8mb4")
    engine = MariaDBEngine(server, database, charset, promised=promised)
    try:
        yield engine
    finally:
        engine.close()
        with _mariadb(server) as connection, connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE `{database}`")


def closed_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _database_name() -> str:
    return f"hutong_test_{os.getpid()}_{secrets.token_hex(4)}"


def _answers(server: Server) -> bool:
    try:
        socket.create_connection((server.host, server.port), timeout=2).close()
    except OSError:
        return False
    return True


def _postgresql(server: Server, database: str) -> psycopg.Connection[Any]:
    return psycopg.connect(
        host=server.host,
        port=server.port,
        user=server.user,
        password=server.password or None,
        dbname=database,
        autocommit=True,
        options="-c timezone=Asia/Shanghai",
    )


def _mariadb(server: Server, database: str | None = None) -> Any:
    return pymysql.connect(
        host=server.host,
        port=server.port,
        user=server.user,
        password=server.password,
        database=database,
        charset="utf8mb4",
    )
