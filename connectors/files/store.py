"""What is loaded of a source's files: one DuckDB in memory, in which new drops replace old ones at once.

Everything here blocks and runs in a thread. Queries that run while a drop is swapped go on with what they began with:
DuckDB keeps a transaction's tables. Neighbours: :mod:`connectors.files.connector` asks for refreshes,
:mod:`connectors.sql.duckdb_loading` loads a drop.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

import duckdb
import structlog

from connectors.files.cache import Cache
from connectors.files.csv_rows import Unreadable
from connectors.files.drops import Drop, list_drops
from connectors.files.tables import FileFormat, FileTable, Keep
from connectors.sql.duckdb_database import open_database, transaction
from connectors.sql.duckdb_layout import Layout
from connectors.sql.duckdb_loading import HeldDrop, gather, load_drop

RETRY_SECONDS = 60.0
"""How long a drop that could not be read is left alone, unless its files change."""

_log: structlog.stdlib.BoundLogger = structlog.get_logger("hutong.files")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What DuckDB may take: threads, and memory in MB for everything that is loaded."""

    threads: int
    memory: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedDrop:
    """A drop and where it is held."""

    drop: Drop
    held: HeldDrop


class Store:
    """The loaded tables of the source ``name``: those of ``tables`` that ``layout`` reads, below ``root / path``."""

    def __init__(
        self,
        name: str,
        root: Path,
        path: str,
        cache: str,
        tables: Mapping[str, FileTable],
        layout: Layout,
        limits: Limits,
    ) -> None:
        self._name, self._root, self._path, self._cache_path = name, root, path, cache
        self._tables = {table: tables[table] for table in layout.tables if table in tables}
        self._layout, self._limits = layout, limits
        self._database: duckdb.DuckDBPyConnection | None = None
        self._loader: duckdb.DuckDBPyConnection | None = None
        self._spoilt = False
        self._folder, self._cache = Path(), Cache(Path())
        self._served: dict[str, tuple[LoadedDrop, ...]] = {}
        self._unreadable: dict[Drop, float] = {}
        self._told: set[tuple[str, str]] = set()
        self._numbers = count(1)

    @property
    def served(self) -> Mapping[str, Sequence[LoadedDrop]]:
        """The loaded drops by table, newest first; tables without one are absent."""
        return self._served

    @property
    def is_open(self) -> bool:
        """The source's folder was there."""
        return self._database is not None

    def cursor(self) -> duckdb.DuckDBPyConnection | None:
        """A connection for queries; ``None`` while the source's folder is not there."""
        return None if self._database is None else self._database.cursor()

    def refresh(self) -> None:
        """Look for new drops and serve them. What cannot be read is told to the log and left as it was."""
        if self._spoilt:
            self.close()
        if self._loader is None and not self._open():
            return
        assert self._loader is not None
        for table in self._tables.values():
            try:
                self._refresh(table, self._loader)
            except duckdb.InterruptException:
                return
            except (OSError, duckdb.Error) as error:
                _log.warning("files not refreshed", connector=self._name, table=table.name, kind=type(error).__name__)

    def interrupt(self) -> None:
        """Break off what ``refresh`` is doing."""
        if self._loader is not None:
            self._loader.interrupt()

    def spoil(self) -> None:
        """DuckDB has given the database up; the next refresh makes it anew."""
        self._spoilt = True

    def close(self) -> None:
        """Forget everything that is loaded."""
        found, self._database, self._loader = (self._loader, self._database), None, None
        self._served, self._spoilt = {}, False
        for connection in found:
            if connection is not None:
                connection.close()

    def _open(self) -> bool:
        """Make the database, which may read the source's folder and the cache and nothing else."""
        root = self._root.resolve()
        folder, cache = (root / self._path).resolve(), (root / self._cache_path).resolve()
        if not folder.is_dir() or not folder.is_relative_to(root) or not cache.is_relative_to(root):
            return False
        self._database = open_database((folder, cache), threads=self._limits.threads, memory=self._limits.memory)
        self._loader, self._folder, self._cache = self._database.cursor(), folder, Cache(cache)
        return True

    def _refresh(self, table: FileTable, database: duckdb.DuckDBPyConnection) -> None:
        listing = list_drops(self._folder, table)
        before = self._served.get(table.name, ())
        for name in listing.incomplete:
            self._tell_once(table, name, "it is not complete yet")
        after: list[LoadedDrop] = []
        for drop in self._candidates(listing.drops, listing.incomplete, before):
            found = self._loaded(table, drop, before, database)
            if found is not None:
                after.append(found)
                if table.keep is Keep.LATEST:
                    break
        if after and tuple(after) != before:
            self._swap(table, before, tuple(after), database)

    def _candidates(
        self, drops: Sequence[Drop], incomplete: Sequence[str], before: Sequence[LoadedDrop]
    ) -> Sequence[Drop]:
        """Newest first; a served drop that is being written anew stays until it is complete again."""
        rewritten = [loaded.drop for loaded in before if loaded.drop.name in incomplete]
        return sorted([*drops, *rewritten], reverse=True)

    def _loaded(
        self, table: FileTable, drop: Drop, before: Sequence[LoadedDrop], database: duckdb.DuckDBPyConnection
    ) -> LoadedDrop | None:
        """``drop`` loaded; where it cannot be read, what was loaded of it before."""
        old = next((loaded for loaded in before if loaded.drop.name == drop.name), None)
        if old is not None and old.drop == drop:
            return old
        unmarked = table.complete is None and not all(file.settled for file in drop.files)
        if (unmarked and before) or time.monotonic() - self._unreadable.get(drop, -RETRY_SECONDS) < RETRY_SECONDS:
            return old
        try:
            loaded = self._load(table, drop, database)
        except duckdb.InterruptException:
            raise
        except (OSError, duckdb.Error, Unreadable) as error:
            reason = str(error) if isinstance(error, Unreadable) else type(error).__name__
            self._unreadable[drop] = time.monotonic()
            self._tell_once(table, drop.name, reason)
            return old
        self._unreadable.pop(drop, None)
        return loaded

    def _load(self, table: FileTable, drop: Drop, database: duckdb.DuckDBPyConnection) -> LoadedDrop:
        if not all(file.size for file in drop.files):
            raise Unreadable("a file is empty")
        files = [file.path for file in drop.files]
        if table.format is FileFormat.CSV:
            files = [self._cache.parquet_of(file, table, database) for file in drop.files]
        with transaction(database):
            held = load_drop(
                database,
                [str(file) for file in files],
                self._layout.tables[table.name],
                table.name,
                next(self._numbers),
            )
            if any(
                (now := file.path.stat()).st_mtime_ns != file.changed_ns or now.st_size != file.size
                for file in drop.files
            ):
                raise Unreadable("it changed while it was read")
        return LoadedDrop(drop=drop, held=held)

    def _swap(
        self,
        table: FileTable,
        before: tuple[LoadedDrop, ...],
        after: tuple[LoadedDrop, ...],
        database: duckdb.DuckDBPyConnection,
    ) -> None:
        with transaction(database):
            held = gather(database, table.name, [loaded.held for loaded in after], [loaded.held for loaded in before])
        served = tuple(replace(loaded, held=now) for loaded, now in zip(after, held, strict=True))
        self._served = {**self._served, table.name: served}
        if table.format is FileFormat.CSV:
            self._cache.keep(table, [file for loaded in after for file in loaded.drop.files])
        new = [loaded.drop.name for loaded in after if loaded not in before]
        _log.info("files loaded", connector=self._name, table=table.name, drops=new)

    def _tell_once(self, table: FileTable, drop: str, reason: str) -> None:
        if (key := (f"{table.name} {drop}", reason)) not in self._told:
            self._told.add(key)
            _log.warning("files skipped", connector=self._name, table=table.name, drop=drop, reason=reason)
