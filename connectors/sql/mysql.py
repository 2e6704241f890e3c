"""MariaDB through asyncmy: the engine `mysql`, which speaks that protocol; MySQL itself has not what sessions need.

Sessions are read-only, UTF-8, in fixed +08:00, with a server-side time limit; the server may not ask for local files. A
connection whose statement was given up is closed and the statement killed (D25). Neighbours:
:mod:`connectors.sql.mariadb_dialect` says statements, :mod:`connectors.sql.connector` drives.
"""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import asyncmy
from asyncmy.errors import MySQLError

from connectors.contract import Manifest, Row, TableDescription
from connectors.errors import (
    BadParameter,
    ConnectorError,
    SourceAuthFailed,
    SourceDrifted,
    SourceTimeout,
    SourceUnavailable,
)
from connectors.sql.bound_table import SourceFacts
from connectors.sql.connector import STATEMENT_SECONDS, OnStatement, SqlConnector, bound_tables
from connectors.sql.mariadb_dialect import MariaDBDialect
from connectors.sql.pool import CONNECT_SECONDS
from connectors.sql.tls import password_of, tls_context
from schema.messages import sources

_SESSION = (
    "SET SESSION sql_mode = '', time_zone = '+08:00', max_statement_time = %s, tx_read_only = 1, "
    "character_set_connection = utf8mb4, collation_connection = utf8mb4_general_ci"
)
_UNIFORM = ("char", "varchar", "tinytext", "text", "mediumtext", "longtext", "date")
"""Types of which asyncmy makes ``str`` or ``date``."""
_COLUMNS = """
SELECT table_name, column_name, column_type, is_nullable = 'NO'
FROM information_schema.columns
WHERE table_schema = DATABASE() AND table_name IN %s
ORDER BY table_name, ordinal_position
"""
_INDEXES = """
SELECT table_name, index_name, column_name
FROM information_schema.statistics
WHERE table_schema = DATABASE() AND table_name IN %s
ORDER BY table_name, index_name, seq_in_index
"""
_AUTH = frozenset({1044, 1045, 1142, 1143, 1227, 1698, 4151})
_DRIFT = frozenset({1046, 1049, 1051, 1054, 1103, 1109, 1146, 1305})
_TIME = frozenset({1028, 1205, 1317, 1969, 3024})
_VALUE = frozenset({1264, 1267, 1270, 1271, 1366, 1406})


@dataclass(slots=True)
class MySQLConnection:
    """A driver's connection. ``unfinished``: the answer to its last statement was not read to the end; ``given_up``:
    nobody waits for it any more, and the server may still be at work.
    """

    raw: Any
    unfinished: bool = False
    given_up: bool = False


class MySQLDriver:
    """asyncmy, for one manifest's settings."""

    def __init__(self, manifest: Manifest) -> None:
        self._name, self._settings = manifest.connector, manifest.settings
        self._ssl = tls_context(manifest.settings.get("tls"))

    async def connect(self) -> MySQLConnection:
        settings = self._settings
        connection = await asyncmy.connect(
            host=settings["host"],
            port=settings["port"],
            database=settings["database"],
            user=settings["user"],
            password=password_of(settings),
            ssl=self._ssl,
            charset="utf8mb4",
            autocommit=True,
            local_infile=False,
            connect_timeout=CONNECT_SECONDS,
        )
        try:
            async with connection.cursor() as cursor:
                await cursor.execute(_SESSION, (STATEMENT_SECONDS,))
        except BaseException:
            connection.close()
            raise
        return MySQLConnection(connection)

    def is_usable(self, connection: MySQLConnection) -> bool:
        return not connection.raw._stream_broken

    async def close(self, connection: MySQLConnection) -> None:
        thread = connection.raw.thread_id()
        connection.raw.close()
        if connection.given_up:
            with suppress(MySQLError, OSError, TimeoutError):
                async with asyncio.timeout(CONNECT_SECONDS):
                    other = await self.connect()
                    try:
                        async with other.raw.cursor() as cursor:
                            # the statement alone: after a restart of the server the number is another connection's
                            await cursor.execute("KILL QUERY %s", (thread,))
                    finally:
                        other.raw.close()

    def translate(self, error: BaseException) -> ConnectorError | None:
        name = self._name
        if isinstance(error, OSError | EOFError):
            return SourceUnavailable(name, sources.SOURCE_BROKE_OFF(connector=name))
        if not isinstance(error, MySQLError):
            return None
        number = error.args[0] if error.args else None
        if number in _AUTH:
            return SourceAuthFailed(name, sources.HUB_USER_REFUSED(connector=name))
        if number in _DRIFT:
            return SourceDrifted(name, sources.SOURCE_DRIFTED(connector=name))
        if number in _TIME:
            return SourceTimeout(name, sources.STATEMENT_STOPPED(connector=name))
        if number in _VALUE:
            return BadParameter(name, sources.TEXT_NOT_COMPARABLE(connector=name))
        return SourceUnavailable(name, sources.SOURCE_BROKE_OFF(connector=name))


class MySQLConnector(SqlConnector[MySQLConnection]):
    """One MariaDB source. The setting ``charset: gbk`` promises that all its texts are stored in GBK."""

    def __init__(self, manifest: Manifest, *, on_statement: OnStatement | None = None) -> None:
        charset = manifest.settings.get("charset")
        super().__init__(manifest, MariaDBDialect(charset), MySQLDriver(manifest), on_statement)

    async def execute(
        self, connection: MySQLConnection, sql: str, values: Sequence[Any], seconds: float
    ) -> Sequence[Row]:
        connection.unfinished = True
        try:
            async with asyncio.timeout(seconds), connection.raw.cursor() as cursor:
                await cursor.execute(sql, tuple(values))
                rows: Sequence[Row] = await cursor.fetchall()
        except (TimeoutError, asyncio.CancelledError):
            connection.given_up = True
            raise
        connection.unfinished = False
        return rows

    def is_reusable(self, connection: MySQLConnection, error: BaseException) -> bool:
        if isinstance(error, MySQLError) and not connection.raw._stream_broken:
            connection.unfinished = False  # the server has answered
        return not connection.unfinished

    async def learn(self, connection: MySQLConnection) -> SourceFacts:
        rows = await self.execute(connection, _COLUMNS, (tuple(bound_tables(self.manifest)),), STATEMENT_SECONDS)
        return SourceFacts(
            never_null=frozenset((table, column) for table, column, _, required in rows if required),
            uniform=frozenset((table, column) for table, column, kind, _ in rows if kind.partition("(")[0] in _UNIFORM),
        )

    async def describe_tables(self, tables: Sequence[str], deadline: float) -> Mapping[str, TableDescription]:
        wanted = (tuple(tables) or (None,),)
        columns = await self.run(_COLUMNS, wanted, deadline)
        indexes: dict[str, dict[str, list[str]]] = {}
        for table, index, column in await self.run(_INDEXES, wanted, deadline):
            indexes.setdefault(table, {}).setdefault(index, []).append(column)
        return {
            table: TableDescription(
                name=table,
                columns={column: kind for name, column, kind, _ in columns if name == table},
                primary_key=tuple(indexes.get(table, {}).get("PRIMARY", ())),
                indexes=tuple(tuple(keys) for keys in indexes.get(table, {}).values()),
            )
            for table in dict.fromkeys(name for name, *_ in columns)
        }
