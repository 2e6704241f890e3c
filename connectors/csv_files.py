"""Reference data in CSV files, served as a source: read once, then held in memory.

Neighbours: :mod:`connectors.registry` builds it for the engine ``memory``; all fetching is :mod:`connectors.memory`.
Files are UTF-8 with a header (a byte order mark is allowed). ``settings["path"]`` names one file or a folder of them,
below the folder the hub allows; a table is a file's name without ``.csv``.
"""

import csv
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from connectors.contract import FetchArguments, Manifest, Prepared, Row, TableDescription
from connectors.errors import ConnectorError, SourceDrifted, SourceUnavailable
from connectors.memory import MemoryConnector
from connectors.memory_rows import SourceRow
from schema.identity import SHANGHAI
from schema.messages import sources

_NUMBERS: Mapping[str, type[int] | type[float]] = {"integer": int, "fen": int, "float": float}


class CsvConnector(MemoryConnector):
    """A memory connector whose tables are CSV files; empty cells are null.

    Files are read by ``open``, or by the first fetch after they have appeared. What the bindings read as numbers is
    made a number here, as a driver would; a cell that is none stays text, and its codec calls it invalid.
    """

    def __init__(self, manifest: Manifest, root: Path) -> None:
        super().__init__(manifest, {})
        self._manifest = manifest
        base = root.resolve()
        self._path = (base / str(manifest.settings["path"])).resolve()
        self._allowed = self._path.is_relative_to(base)
        self._changed: str | None = None

    async def open(self) -> None:
        """Read the files if they are there and can be read; else the first fetch says what is wrong."""
        with suppress(ConnectorError):
            self._load()

    async def fetch(self, prepared: Prepared, arguments: FetchArguments) -> Sequence[Row]:
        """As a memory connector; raises `SourceUnavailable` while there are no files."""
        self._ensure_loaded()
        return await super().fetch(prepared, arguments)

    async def describe(self, tables: Sequence[str]) -> Mapping[str, TableDescription]:
        """As a memory connector."""
        self._ensure_loaded()
        return await super().describe(tables)

    async def as_of(self) -> str | None:
        """When the newest file was written."""
        return self._changed

    def _ensure_loaded(self) -> None:
        if not self._tables:
            self._load()

    def _load(self) -> None:
        if not self._allowed:
            raise SourceUnavailable(self.name, sources.FILE_OUTSIDE(connector=self.name))
        files = sorted(self._path.glob("*.csv")) if self._path.is_dir() else [self._path]
        numbers = _number_columns(self._manifest)
        try:
            tables = {file.stem: _read(file, numbers) for file in files}
            newest = max(file.stat().st_mtime for file in files)
        except (UnicodeDecodeError, csv.Error):
            raise SourceDrifted(self.name, sources.FILE_NOT_CSV(connector=self.name)) from None
        except (OSError, ValueError):
            raise SourceUnavailable(self.name, sources.FILES_UNREADABLE(connector=self.name)) from None
        self._tables = tables
        self._changed = datetime.fromtimestamp(int(newest), SHANGHAI).isoformat()


def _number_columns(manifest: Manifest) -> Mapping[tuple[str, str], type[int] | type[float]]:
    """(table, column) -> the type of number that the bindings read there."""
    return {
        (binding.joins[ref.table].table if ref.table else binding.table, ref.column): _NUMBERS[field.codec.name]
        for binding in manifest.bindings.values()
        for field in (binding.row_key, *binding.fields.values())
        for ref in field.columns
        if field.codec.name in _NUMBERS
    }


def _read(file: Path, numbers: Mapping[tuple[str, str], type[int] | type[float]]) -> list[SourceRow]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        reader = csv.DictReader(opened, restkey="", restval="", strict=True)
        types = {name: numbers.get((file.stem, name)) for name in reader.fieldnames or ()}
        return [{name: _cell(row[name], types[name]) for name in types} for row in reader]


def _cell(text: str, number: type[int] | type[float] | None) -> str | int | float | None:
    if number is None or not text:
        return text or None
    try:
        return number(text)
    except ValueError:
        return text
