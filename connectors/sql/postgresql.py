"""PostgreSQL (and what speaks its protocol) through asyncpg.

Sessions are read-only, in fixed +08:00, with a server-side statement timeout; ``character(n)`` loses its padding where
it is read. Neighbours: :mod:`connectors.sql.postgresql_dialect` says what :mod:`connectors.sql.connector` sends.
"""

from collections.abc import Mapping, Sequence
from ssl import SSLContext
from typing import Any, TypeAlias

import asyncpg
from asyncpg import exceptions as pg

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
from connectors.sql.postgresql_dialect import PostgresDialect
from connectors.sql.tls import password_of, tls_context
from schema.messages import sources

PgConnection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

_FACTS = """
SELECT wanted.name, a.attname, a.attnotnull, t.typname
FROM unnest($1::text[], $2::text[]) AS wanted(name, quoted)
JOIN pg_catalog.pg_attribute a ON a.attrelid = to_regclass(wanted.quoted)
JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
WHERE a.attnum > 0 AND NOT a.attisdropped
"""
_COLUMNS = """
SELECT wanted.name, a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod)
FROM unnest($1::text[], $2::text[]) AS wanted(name, quoted)
JOIN pg_catalog.pg_attribute a ON a.attrelid = to_regclass(wanted.quoted)
WHERE a.attnum > 0 AND NOT a.attisdropped
ORDER BY wanted.name, a.attnum
"""
_INDEXES = """
SELECT wanted.name, i.indisprimary,
  (SELECT array_agg(a.attname::text ORDER BY key.place)
   FROM unnest(i.indkey::int[]) WITH ORDINALITY AS key(attnum, place)
   JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = key.attnum)
FROM unnest($1::text[], $2::text[]) AS wanted(name, quoted)
JOIN pg_catalog.pg_index i ON i.indrelid = to_regclass(wanted.quoted)
WHERE i.indisvalid AND i.indexprs IS NULL
ORDER BY wanted.name, i.indexrelid
"""
_AUTH = (pg.InvalidAuthorizationSpecificationError, pg.InsufficientPrivilegeError)
_DRIFT = (
    pg.UndefinedTableError,
    pg.UndefinedColumnError,
    pg.UndefinedFunctionError,
    pg.DatatypeMismatchError,
    pg.InvalidCatalogNameError,
    pg.InvalidSchemaNameError,
    pg.AmbiguousFunctionError,
    pg.CannotCoerceError,
)


_UNIFORM = ("text", "varchar", "bpchar", "date")
"""Types of which asyncpg makes ``str`` or ``date``."""


class PostgresDriver:
    """asyncpg, for one manifest's settings."""

    def __init__(self, manifest: Manifest) -> None:
        self._name, self._settings = manifest.connector, manifest.settings
        self._ssl: SSLContext | bool = tls_context(manifest.settings.get("tls")) or False

    async def connect(self) -> PgConnection:
        settings = self._settings
        connection = await asyncpg.connect(
            host=settings["host"],
            port=settings["port"],
            database=settings["database"],
            user=settings["user"],
            password=password_of(settings),
            ssl=self._ssl,
            statement_cache_size=1000,
            max_cached_statement_lifetime=0,
            max_cacheable_statement_size=0,
            server_settings={
                "application_name": "hutong",
                "default_transaction_read_only": "on",
                "statement_timeout": str(int(STATEMENT_SECONDS * 1000)),
                "timezone": "<+08>-08",
                "jit": "off",
            },
        )
        await connection.set_type_codec(
            "bpchar", schema="pg_catalog", encoder=str, decoder=_without_padding, format="text"
        )
        return connection

    def is_usable(self, connection: PgConnection) -> bool:
        return not connection.is_closed()

    async def close(self, connection: PgConnection) -> None:
        try:
            await connection.close(timeout=1.0)  # sends off a cancel request that is under way
        except (OSError, TimeoutError, pg.PostgresError, pg.InterfaceError):
            connection.terminate()

    def translate(self, error: BaseException) -> ConnectorError | None:
        name = self._name
        match error:
            case pg.QueryCanceledError():
                return SourceTimeout(name, sources.STATEMENT_STOPPED(connector=name))
            case _ if isinstance(error, _AUTH):
                return SourceAuthFailed(name, sources.HUB_USER_REFUSED(connector=name))
            case _ if isinstance(error, _DRIFT):
                return SourceDrifted(name, sources.SOURCE_DRIFTED(connector=name))
            case pg.NumericValueOutOfRangeError():
                return BadParameter(name, sources.NUMBER_TOO_GREAT_FOR_SOURCE(connector=name))
            case pg.DataError():
                return SourceDrifted(name, sources.COLUMN_TYPE_DRIFTED(connector=name))
            case pg.PostgresError() | pg.InterfaceError() | OSError() | EOFError():
                return SourceUnavailable(name, sources.SOURCE_BROKE_OFF(connector=name))
            case _:
                return None


class PostgresConnector(SqlConnector[PgConnection]):
    """One PostgreSQL source."""

    def __init__(self, manifest: Manifest, *, on_statement: OnStatement | None = None) -> None:
        super().__init__(manifest, PostgresDialect(), PostgresDriver(manifest), on_statement)

    async def execute(self, connection: PgConnection, sql: str, values: Sequence[Any], seconds: float) -> Sequence[Row]:
        rows = await connection.fetch(sql, *values, timeout=seconds)
        return list(map(tuple, rows))  # read cell by cell, a record costs thrice as much as a tuple

    def is_reusable(self, connection: PgConnection, error: BaseException) -> bool:
        return isinstance(error, pg.PostgresError) and not connection.is_closed()

    async def learn(self, connection: PgConnection) -> SourceFacts:
        tables = bound_tables(self.manifest)
        rows = await connection.fetch(_FACTS, tables, [_quoted(table) for table in tables], timeout=STATEMENT_SECONDS)
        return SourceFacts(
            never_null=frozenset((table, column) for table, column, required, _ in rows if required),
            padded=frozenset((table, column) for table, column, _, kind in rows if kind == "bpchar"),
            uniform=frozenset((table, column) for table, column, _, kind in rows if kind in _UNIFORM),
        )

    async def describe_tables(self, tables: Sequence[str], deadline: float) -> Mapping[str, TableDescription]:
        wanted = (list(tables), [_quoted(table) for table in tables])
        columns, indexes = await self.run(_COLUMNS, wanted, deadline), await self.run(_INDEXES, wanted, deadline)
        return {
            table: TableDescription(
                name=table,
                columns={column: kind for name, column, kind in columns if name == table},
                primary_key=next((tuple(keys) for name, primary, keys in indexes if name == table and primary), ()),
                indexes=tuple(tuple(keys) for name, _, keys in indexes if name == table),
            )
            for table in dict.fromkeys(name for name, _, _ in columns)
        }


def _quoted(table: str) -> str:
    """A table's name as ``to_regclass`` reads it."""
    return ".".join('"' + part.replace('"', '""') + '"' for part in table.split("."))


def _without_padding(text: str) -> str:
    return text.rstrip(" ")
