"""What the three SQL connectors share: prepare, fetch within a deadline, as-of, open and close.

Neighbours: :mod:`connectors.sql.compiler` makes statements; the engine modules run them and know their driver's errors.
"""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any, Generic

from sqlalchemy import func, select

from connectors.codecs.dates import MonthText, PointInTime, canonical_time
from connectors.contract import Fetch, FetchArguments, Manifest, Prepared, Row, TableDescription
from connectors.errors import BadParameter, ConnectorError, SourceTimeout, SourceUnavailable
from connectors.source_state import SourceState
from connectors.sql.bound_table import NO_FACTS, SourceFacts, aliased, member
from connectors.sql.compiler import Compilation
from connectors.sql.dialect import SqlDialect
from connectors.sql.parameters import Unacceptable
from connectors.sql.pool import Connection, Driver, Pool
from schema.messages import sources

STATEMENT_SECONDS = 5.0
MARGIN_SECONDS = 0.1
"""What of an operation's time is kept back for answering it."""

OnStatement = Callable[[str, str], None]
"""Told the connector's name and the SQL of every statement that is sent."""


class SqlConnector(ABC, Generic[Connection]):
    """One SQL source. See `connectors.contract.Connector`."""

    def __init__(
        self,
        manifest: Manifest,
        dialect: SqlDialect,
        driver: Driver[Connection],
        on_statement: OnStatement | None = None,
    ) -> None:
        self.name = manifest.connector
        self.manifest = manifest
        self._dialect, self._driver = dialect, driver
        self._pool: Pool[Connection] | None = None
        self._on_statement = on_statement
        self._facts: SourceFacts = NO_FACTS

    @abstractmethod
    async def execute(self, connection: Connection, sql: str, values: Sequence[Any], seconds: float) -> Sequence[Row]:
        """Run one statement; raises ``TimeoutError`` after ``seconds``, or the driver's error."""

    @abstractmethod
    def is_reusable(self, connection: Connection, error: BaseException) -> bool:
        """Whether a connection can serve again after ``error``."""

    @abstractmethod
    async def learn(self, connection: Connection) -> SourceFacts:
        """What the source's catalogue says of the bound tables' columns; asked once, never `NO_FACTS` itself."""

    @abstractmethod
    async def describe_tables(self, tables: Sequence[str], deadline: float) -> Mapping[str, TableDescription]:
        """The live shape of the named tables; missing ones left out."""

    async def open(self) -> None:
        """Make the pool and, if the source answers, one connection; learn the facts, for the first plans to use."""
        pool = self._opened()
        try:
            connection, _ = await pool.acquire(asyncio.get_running_loop().time() + STATEMENT_SECONDS)
        except ConnectorError:
            return
        try:
            self._facts = await self.learn(connection)
        except BaseException as error:
            (pool.release if self.is_reusable(connection, error) else pool.discard)(connection)
            if self._translated(error) is None:
                raise
        else:
            pool.release(connection)

    def prepare(self, fetch: Fetch) -> Prepared:
        """Compile ``fetch``."""
        compilation = Compilation(fetch, self._dialect, self._facts)
        return Prepared(
            fetch=fetch,
            statement=compilation.statement,
            columns=compilation.columns,
            residual=compilation.residual,
            ordered=compilation.ordered,
            native=_Native(compilation),
        )

    async def fetch(self, prepared: Prepared, arguments: FetchArguments) -> Sequence[Row]:
        """Run it."""
        native: _Native = prepared.native
        if native.compilation.facts is not self._facts:
            native.compilation = Compilation(prepared.fetch, self._dialect, self._facts)
        try:
            call = native.compilation.call(arguments)
        except Unacceptable as refused:
            raise BadParameter(self.name, refused.told) from None
        return () if call is None else await self.run(*call, arguments.deadline)

    def state(self) -> SourceState:
        """See `connectors.source_state.Stated`."""
        pool = self._pool
        return SourceState() if pool is None else SourceState(pool=pool.state, breaker=pool.breaker)

    async def describe(self, tables: Sequence[str]) -> Mapping[str, TableDescription]:
        """The live shape of the named tables."""
        return await self.describe_tables(tables, asyncio.get_running_loop().time() + STATEMENT_SECONDS)

    async def as_of(self) -> str | None:
        """The greatest value of the freshness column."""
        if self.manifest.freshness.column is None:
            return None
        table, name = self.manifest.freshness.column
        changed = aliased(table, "changed")
        statement = select(func.max(member(changed, name))).select_from(changed)
        sql = str(statement.compile(dialect=self._dialect.engine))
        rows = await self.run(sql, (), asyncio.get_running_loop().time() + STATEMENT_SECONDS)
        return self.moment_of(table, name, rows[0][0])

    def moment_of(self, table: str, column: str, raw: object) -> str | None:
        """The canonical DateTime of a value of the freshness column."""
        return moment_of(raw)

    async def close(self) -> None:
        """Close the pool."""
        pool, self._pool = self._pool, None
        if pool is not None:
            await pool.close()

    async def run(self, sql: str, values: Sequence[Any], deadline: float) -> Sequence[Row]:
        """Send one statement and read its rows. Raises a `ConnectorError`.

        A pooled connection that turns out to be broken is replaced once: reads can be repeated.
        """
        pool = self._opened()
        while True:
            connection, is_new = await pool.acquire(deadline)
            try:
                seconds = min(STATEMENT_SECONDS, deadline - asyncio.get_running_loop().time() - MARGIN_SECONDS)
                if seconds <= 0:
                    raise TimeoutError
                if self._facts is NO_FACTS:
                    self._facts = await self.learn(connection)
                if self._on_statement is not None:
                    self._on_statement(self.name, sql)
                rows = await self.execute(connection, sql, values, seconds)
            except BaseException as error:
                reusable = self.is_reusable(connection, error)
                (pool.release if reusable else pool.discard)(connection)
                found = self._translated(error)
                if found is None:
                    raise
                if isinstance(found, SourceUnavailable) and not is_new and not reusable:
                    continue
                raise found from error
            pool.release(connection)
            return rows

    def _translated(self, error: BaseException) -> ConnectorError | None:
        if isinstance(error, TimeoutError):
            return SourceTimeout(self.name, sources.SOURCE_TOO_SLOW(connector=self.name))
        return self._driver.translate(error) if isinstance(error, Exception) else None

    def _opened(self) -> Pool[Connection]:
        if self._pool is None:
            self._pool = Pool(self.name, self._driver, int(self.manifest.settings.get("pool", 5)))
        return self._pool


class _Native:
    """The compilation a prepared fetch runs, made anew when the source's catalogue becomes known."""

    __slots__ = ("compilation",)

    def __init__(self, compilation: Compilation) -> None:
        self.compilation = compilation


def bound_tables(manifest: Manifest) -> list[str]:
    """Every source table the bindings read, once."""
    found: dict[str, None] = {}
    for binding in manifest.bindings.values():
        joined: Iterable[str] = (join.table for join in binding.joins.values())
        aggregated = (field.sub_select.table for field in binding.fields.values() if field.sub_select is not None)
        found.update(dict.fromkeys((binding.table, *joined, *aggregated)))
    return list(found)


def moment_of(raw: object) -> str | None:
    """The canonical DateTime of a change column's value: a native or ISO time or date, a month, or epoch seconds."""
    if isinstance(raw, datetime):
        return canonical_time(raw)
    if isinstance(raw, date):
        return canonical_time(datetime.combine(raw, time()))
    if isinstance(raw, int):
        return canonical_time(datetime.fromtimestamp(raw, UTC))
    for dotted in (True, False):
        month = MonthText(dotted=dotted, as_date=True).decode(raw)
        if month is not None:
            return canonical_time(datetime.fromisoformat(str(month)))
    found = PointInTime().decode(raw)
    return None if found is None else str(found)
