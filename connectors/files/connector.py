"""Drops of files asked in SQL: DuckDB in this process, over the tables that :mod:`connectors.files.store` holds.

Neighbours: :mod:`connectors.sql.connector` drives, :mod:`connectors.sql.duckdb_dialect` says statements. The source's
folder is looked at again by whoever asks, at most every few seconds; new drops are loaded beside the running queries.
"""

import asyncio
import re
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from connectors.codecs.dates import PointInTime
from connectors.contract import FetchArguments, Manifest, Prepared, Row, TableDescription
from connectors.errors import ConnectorError, SourceDrifted, SourceTimeout, SourceUnavailable
from connectors.files.store import Limits, Store
from connectors.sql.bound_table import SourceFacts
from connectors.sql.connector import MARGIN_SECONDS, STATEMENT_SECONDS, OnStatement, SqlConnector
from connectors.sql.duckdb_dialect import DuckDBDialect
from connectors.sql.duckdb_layout import Layout
from schema.messages import sources

_NO_COLUMN = re.compile(r'does not have a column named "((?:[^"]|"")+)"')
_NO_TABLE = re.compile(r"Table with name (\w+) does not exist")


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """``look``: seconds between two looks at the folder; ``wait``: what the asker gives new drops to be loaded in."""

    look: float = 5.0
    wait: float = 0.25


@dataclass(slots=True)
class FilesConnection:
    """A connection to the database in memory, and the statement it runs in its thread."""

    raw: duckdb.DuckDBPyConnection
    running: asyncio.Future[Sequence[Row]] | None = None


class FilesDriver:
    """Connections to what is loaded; their statements run in threads and are read-only."""

    def __init__(self, manifest: Manifest, store: Store, layout: Layout) -> None:
        self._name, self._store, self._layout = manifest.connector, store, layout
        self._tables = manifest.settings["tables"]

    async def connect(self) -> FilesConnection:
        """A new connection. Raises `SourceUnavailable` while the folder is not there."""
        cursor = self._store.cursor()
        if cursor is None:
            raise SourceUnavailable(self._name, sources.FOLDER_MISSING(connector=self._name))
        return FilesConnection(cursor)

    def is_usable(self, connection: FilesConnection) -> bool:
        """Always: there is no other end."""
        return True

    async def close(self, connection: FilesConnection) -> None:
        """End what it still runs, and close it."""
        while connection.running is not None and not connection.running.done():
            connection.raw.interrupt()  # again and again: it may not yet have begun
            await asyncio.wait({connection.running}, timeout=0.05)
        connection.raw.close()

    def run(self, connection: FilesConnection, sql: str, values: Sequence[Any]) -> Sequence[Row]:
        """Run one query in this thread. Raises a `ConnectorError`, which holds nothing of DuckDB's words."""
        try:
            statement, *others = connection.raw.extract_statements(sql)
            if others or statement.type is not duckdb.StatementType.SELECT:
                raise SourceUnavailable(self._name, sources.SOURCE_READ_ONLY(connector=self._name))
            connection.raw.execute("BEGIN TRANSACTION READ ONLY")
            try:
                return connection.raw.execute(statement, list(values)).fetchall()
            finally:
                connection.raw.execute("ROLLBACK")
        except duckdb.Error as error:
            told = self._told(error)
        raise told

    def translate(self, error: BaseException) -> ConnectorError | None:
        """Errors come out of ``run`` translated."""
        return error if isinstance(error, ConnectorError) else None

    def _told(self, error: duckdb.Error) -> ConnectorError:
        name, text = self._name, str(error)
        if isinstance(error, duckdb.FatalException | duckdb.InternalException):
            self._store.spoil()
        if isinstance(error, duckdb.InterruptException):
            return SourceTimeout(name, sources.STATEMENT_STOPPED(connector=name))
        if (found := _NO_TABLE.search(text)) is not None and found[1] in self._tables:
            return SourceUnavailable(name, sources.NO_DROP_YET(connector=name, table=found[1]))
        if (found := _NO_COLUMN.search(text)) is not None and (columns := self._layout.sources_of(found[1])):
            told = ", ".join(f'"{column}"' for column in columns)
            return SourceDrifted(name, sources.FILE_COLUMNS_DRIFTED(connector=name, columns=told))
        if isinstance(error, duckdb.CatalogException | duckdb.BinderException):
            return SourceDrifted(name, sources.SOURCE_DRIFTED(connector=name))
        if isinstance(error, duckdb.DataError):
            return SourceDrifted(name, sources.COLUMN_TYPE_DRIFTED(connector=name))
        if isinstance(error, duckdb.OutOfMemoryException):
            return SourceUnavailable(name, sources.MEMORY_USED_UP(connector=name))
        return SourceUnavailable(name, sources.FILES_FAILED(connector=name))


class FilesConnector(SqlConnector[FilesConnection]):
    """One folder of drops below ``root``, links followed."""

    def __init__(
        self,
        manifest: Manifest,
        root: Path,
        *,
        on_statement: OnStatement | None = None,
        patience: Patience | None = None,
    ) -> None:
        settings = manifest.settings
        self._layout = Layout(manifest)
        self._store = Store(
            manifest.connector,
            root,
            str(settings["path"]),
            str(settings["cache"]),
            settings["tables"],
            self._layout,
            Limits(threads=int(settings["threads"]), memory=int(settings["memory"])),
        )
        self._files = FilesDriver(manifest, self._store, self._layout)
        super().__init__(manifest, DuckDBDialect(self._layout), self._files, on_statement)
        self._patience = patience or Patience()
        self._refreshing: asyncio.Future[None] | None = None
        self._looked = float("-inf")
        self._executor: ThreadPoolExecutor | None = None

    async def open(self) -> None:
        """Load the drops that are there."""
        await self._refresh(float("inf"))
        await super().open()

    async def fetch(self, prepared: Prepared, arguments: FetchArguments) -> Sequence[Row]:
        """Run it on the newest drops."""
        await self._refresh(arguments.deadline - MARGIN_SECONDS)
        return await super().fetch(prepared, arguments)

    async def describe_tables(self, tables: Sequence[str], deadline: float) -> Mapping[str, TableDescription]:
        """The columns of the newest drops; each counts as indexed, all are scanned alike."""
        await self._refresh(deadline)
        if not self._store.is_open:
            raise SourceUnavailable(self.name, sources.FOLDER_MISSING(connector=self.name))
        served = self._store.served
        return {
            table: TableDescription(
                name=table,
                columns=served[table][0].held.live,
                primary_key=(),
                indexes=tuple((column,) for column in served[table][0].held.live),
            )
            for table in dict.fromkeys(tables)
            if table in served
        }

    async def as_of(self) -> str | None:
        """The greatest value of the freshness column, else the date of the newest drop of any table."""
        await self._refresh(asyncio.get_running_loop().time() + STATEMENT_SECONDS)
        if self.manifest.freshness.column is None:
            newest = max((loaded[0].drop.date for loaded in self._store.served.values()), default="")
            return f"{newest}T00:00:00+08:00" if newest else None
        return await super().as_of()

    def moment_of(self, table: str, column: str, raw: object) -> str | None:
        """A value without a zone is in UTC if the bindings read its column so."""
        if column in self._layout.tables[table].utc:
            found = PointInTime(utc=True).decode(raw)
            return None if found is None else str(found)
        return super().moment_of(table, column, raw)

    async def close(self) -> None:
        """Forget everything; what is running is broken off."""
        await super().close()
        while self._refreshing is not None and not self._refreshing.done():
            self._store.interrupt()
            await asyncio.wait({self._refreshing}, timeout=0.05)
        executor, self._executor, self._refreshing = self._executor, None, None
        if executor is not None:
            await asyncio.get_running_loop().run_in_executor(None, executor.shutdown)
        self._store.close()
        self._looked = float("-inf")

    async def execute(
        self, connection: FilesConnection, sql: str, values: Sequence[Any], seconds: float
    ) -> Sequence[Row]:
        """Run one statement in a thread; what is given up is interrupted."""
        loop = asyncio.get_running_loop()
        running = loop.run_in_executor(self._threads(), self._files.run, connection, sql, values)
        connection.running = running
        try:
            async with asyncio.timeout(seconds):
                return await asyncio.shield(running)
        except (TimeoutError, asyncio.CancelledError):
            connection.raw.interrupt()
            running.add_done_callback(_forget)
            raise

    def is_reusable(self, connection: FilesConnection, error: BaseException) -> bool:
        """After a statement that has ended."""
        return isinstance(error, ConnectorError)

    async def learn(self, connection: FilesConnection) -> SourceFacts:
        """Nothing that statements would be better for."""
        return SourceFacts()

    def _threads(self) -> ThreadPoolExecutor:
        if self._executor is None:
            self._executor = ThreadPoolExecutor(int(self.manifest.settings["pool"]) + 2, f"hutong-{self.name}")
        return self._executor

    async def _refresh(self, deadline: float) -> None:
        """Look for new drops if it is time. Waits a moment for them, and longer while there is none at all."""
        loop = asyncio.get_running_loop()
        now = loop.time()
        mine = (self._refreshing is None or self._refreshing.done()) and now - self._looked >= self._patience.look
        if mine:
            self._looked = now
            self._refreshing = loop.run_in_executor(self._threads(), self._store.refresh)
        refreshing = self._refreshing
        if refreshing is None or (self._store.served and not mine):
            return
        seconds = deadline - now
        if self._store.served:
            seconds = min(seconds, self._patience.wait)
        if seconds > 0:
            await asyncio.wait({refreshing}, timeout=None if seconds == float("inf") else seconds)
        if refreshing.done() and not refreshing.cancelled():
            refreshing.result()


def _forget(given_up: asyncio.Future[Sequence[Row]]) -> None:
    """Nobody waits for how a statement ends that was given up."""
    if not given_up.cancelled():
        given_up.exception()
