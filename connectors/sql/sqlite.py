"""SQLite files through aiosqlite: opened read-only, below one folder, with nothing allowed but reading.

Codecs run as functions of the connection; the file's own ATTACH, PRAGMA and extension loading are denied. Neighbours:
:mod:`connectors.sql.sqlite_dialect` says statements, :mod:`connectors.sql.connector` drives.
"""

import asyncio
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import aiosqlite
import orjson

from connectors.contract import Manifest, Row, TableDescription
from connectors.errors import ConnectorError, SourceDrifted, SourceTimeout, SourceUnavailable
from connectors.sql.bound_table import SourceFacts
from connectors.sql.connector import OnStatement, SqlConnector
from connectors.sql.sqlite_dialect import SqliteDialect
from schema.messages import sources

_COLUMNS = """
WITH found AS (
    SELECT m.name, m.type FROM json_each(?) AS wanted
    JOIN sqlite_schema AS m ON m.name = wanted.value AND m.type IN ('table', 'view')
), described AS (
    SELECT f.name AS of_table, c.name, c.type, c.pk, c.cid FROM found AS f JOIN pragma_table_info(f.name) AS c
)
SELECT of_table, name, type, pk FROM (
    SELECT of_table, name, type, pk, cid FROM described
    UNION ALL
    SELECT f.name, 'rowid', 'INTEGER', 1, -1 FROM found AS f WHERE f.type = 'table' AND NOT EXISTS (
        SELECT 1 FROM described AS d WHERE d.of_table = f.name AND (d.pk > 0 OR d.name = 'rowid')
    )
) ORDER BY of_table, cid
"""
"""A table without a primary key has the numbers that the file gives its rows."""
_INDEXES = """
SELECT m.name, i.name, c.name
FROM json_each(?) AS wanted JOIN sqlite_schema AS m ON m.name = wanted.value AND m.type = 'table'
JOIN pragma_index_list(m.name) AS i JOIN pragma_index_info(i.name) AS c
WHERE c.name IS NOT NULL ORDER BY m.name, i.seq, c.seqno
"""
_VIRTUAL_TABLES = """
SELECT 1 FROM sqlite_schema, json_each('[]'), pragma_table_info(''), pragma_index_list(''), pragma_index_info('')
"""
"""Reads the file's first page, and declares the virtual tables that may no longer be declared afterwards."""
_ALLOWED = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_RECURSIVE})
_DESCRIBING = frozenset({"table_info", "index_list", "index_info"})


@dataclass(slots=True)
class SqliteConnection:
    """A driver's connection and the names of the functions it knows; ``given_up``: its thread may still be at work."""

    raw: aiosqlite.Connection
    functions: set[str] = field(default_factory=set)
    given_up: bool = False


class SqliteDriver:
    """aiosqlite, for one file below ``root``. ``sorts_in_memory``: nothing that is sorted goes to temporary files."""

    def __init__(self, manifest: Manifest, root: Path, *, sorts_in_memory: bool = False) -> None:
        self._name, self._root = manifest.connector, root
        self._sorts_in_memory = sorts_in_memory
        self._path = str(manifest.settings["path"])

    async def connect(self) -> SqliteConnection:
        path = await asyncio.to_thread(self._real_path)
        connection = await aiosqlite.connect(f"file:{quote(str(path))}?mode=ro", uri=True, isolation_level=None)
        try:
            await connection.execute_fetchall("PRAGMA query_only = ON")
            if self._sorts_in_memory:
                await connection.execute_fetchall("PRAGMA temp_store = MEMORY")
            await connection.execute_fetchall(_VIRTUAL_TABLES)
            await connection.set_authorizer(_authorize)
        except BaseException:
            await asyncio.shield(connection.close())
            raise
        return SqliteConnection(connection)

    def _real_path(self) -> Path:
        root = self._root.resolve()
        path = (root / self._path).resolve()
        if not path.is_relative_to(root) or path == root:
            raise SourceUnavailable(self._name, sources.FILE_OUTSIDE(connector=self._name))
        return path

    def is_usable(self, connection: SqliteConnection) -> bool:
        return True

    async def close(self, connection: SqliteConnection) -> None:
        closing = asyncio.ensure_future(connection.raw.close())
        while not closing.done():
            with suppress(sqlite3.Error, ValueError):
                await connection.raw.interrupt()  # again and again: what it is to end may not yet have begun
            await asyncio.wait({closing}, timeout=0.05)
        with suppress(sqlite3.Error, ValueError):
            closing.result()

    def translate(self, error: BaseException) -> ConnectorError | None:
        name = self._name
        if isinstance(error, ConnectorError):
            return error
        if not isinstance(error, sqlite3.Error | OSError):
            return None
        text = str(error)
        if "no such" in text and "function" not in text:
            return SourceDrifted(name, sources.SOURCE_DRIFTED(connector=name))
        if text == "interrupted":
            return SourceTimeout(name, sources.STATEMENT_STOPPED(connector=name))
        return SourceUnavailable(name, sources.FILE_UNREADABLE(connector=name))


class SQLiteConnector(SqlConnector[SqliteConnection]):
    """One SQLite file. Its setting ``path`` is relative to ``root`` and must stay below it, links followed."""

    def __init__(
        self,
        manifest: Manifest,
        root: Path,
        *,
        on_statement: OnStatement | None = None,
        sorts_in_memory: bool = False,
    ) -> None:
        self._sqlite_dialect = SqliteDialect()
        driver = SqliteDriver(manifest, root, sorts_in_memory=sorts_in_memory)
        super().__init__(manifest, self._sqlite_dialect, driver, on_statement)

    async def execute(
        self, connection: SqliteConnection, sql: str, values: Sequence[Any], seconds: float
    ) -> Sequence[Row]:
        raw, known = connection.raw, self._sqlite_dialect.functions
        try:
            async with asyncio.timeout(seconds):
                for name in known.keys() - connection.functions:
                    await raw.create_function(name, *known[name], deterministic=True)
                    connection.functions.add(name)
                try:
                    rows = await raw.execute_fetchall(sql, values)
                except sqlite3.OperationalError as error:
                    if "decode" not in str(error):
                        raise
                    rows = await self._lenient(raw, sql, values)
        except (TimeoutError, asyncio.CancelledError):
            connection.given_up = True
            raise
        return list(rows)

    async def _lenient(self, raw: aiosqlite.Connection, sql: str, values: Sequence[Any]) -> Any:
        """Again, with U+FFFD for bytes that are no UTF-8."""
        raw.text_factory = _replaced
        try:
            return await raw.execute_fetchall(sql, values)
        finally:
            raw.text_factory = str

    def is_reusable(self, connection: SqliteConnection, error: BaseException) -> bool:
        if connection.given_up:
            return False
        return not isinstance(error, sqlite3.DatabaseError) or isinstance(error, sqlite3.ProgrammingError)

    async def learn(self, connection: SqliteConnection) -> SourceFacts:
        return SourceFacts()  # nothing that statements would be better for

    async def describe_tables(self, tables: Sequence[str], deadline: float) -> Mapping[str, TableDescription]:
        wanted = (orjson.dumps(list(tables)).decode(),)
        columns = await self.run(_COLUMNS, wanted, deadline)
        indexes: dict[tuple[str, str], list[str]] = {}
        for table, index, column in await self.run(_INDEXES, wanted, deadline):
            indexes.setdefault((table, index), []).append(column)
        return {
            table: TableDescription(
                name=table,
                columns={column: kind for name, column, kind, _ in columns if name == table},
                primary_key=_primary_key(table, columns),
                indexes=tuple(tuple(keys) for (name, _), keys in indexes.items() if name == table),
            )
            for table in dict.fromkeys(name for name, *_ in columns)
        }


def _primary_key(table: str, columns: Sequence[Row]) -> tuple[str, ...]:
    ranked = sorted((place, column) for name, column, _, place in columns if name == table and place)
    return tuple(column for _, column in ranked)


def _authorize(action: int, first: str | None, second: str | None, database: str | None, trigger: str | None) -> int:
    """Reading, functions except loading code, and the three pragmas that describe a table."""
    if action in _ALLOWED:
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_FUNCTION:
        return sqlite3.SQLITE_DENY if second == "load_extension" else sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_PRAGMA and first in _DESCRIBING:
        return sqlite3.SQLITE_OK
    return sqlite3.SQLITE_DENY


def _replaced(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")
