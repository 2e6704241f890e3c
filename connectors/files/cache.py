"""Copies of CSV files in Parquet and UTF-8, made once for each state of a file.

All their columns are text; the codecs say what it means. Neighbour: :mod:`connectors.files.store`.
"""

import os
import time
from collections.abc import Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import duckdb

from connectors.files.csv_rows import columns_in, header_of
from connectors.files.drops import DropFile
from connectors.files.tables import FileTable
from connectors.sql.duckdb_database import write_texts

_ABANDONED_SECONDS = 3_600


class Cache:
    """The copies below ``folder``, which only the hub's user can enter."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def parquet_of(self, file: DropFile, table: FileTable, database: duckdb.DuckDBPyConnection) -> Path:
        """The copy of ``file``, made if it is not there. Raises `Unreadable`, ``OSError`` or ``duckdb.Error``."""
        copy = self._folder / _name_of(file, table)
        if copy.is_file():
            return copy
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder.chmod(0o700)
        part = self._folder / f"{copy.stem}.{uuid4().hex}.part"
        try:
            names = header_of(file.path, table.encoding)
            rows = columns_in(file.path, table.encoding, marked=table.complete is not None)
            write_texts(database, names, rows, part)
            os.replace(part, copy)
        finally:
            part.unlink(missing_ok=True)
        return copy

    def keep(self, table: FileTable, files: Sequence[DropFile]) -> None:
        """Remove the copies of ``table`` that are none of ``files``, and what was begun and given up."""
        kept = {_name_of(file, table) for file in files}
        with suppress(OSError):
            for copy in self._folder.glob(f"{table.name}-*.parquet"):
                if copy.name not in kept:
                    copy.unlink(missing_ok=True)
            for part in self._folder.glob("*.part"):
                if time.time() - part.stat().st_mtime > _ABANDONED_SECONDS:
                    part.unlink(missing_ok=True)


def _name_of(file: DropFile, table: FileTable) -> str:
    state = f"{file.path}\0{file.size}\0{file.changed_ns}\0{table.encoding.value}"
    return f"{table.name}-{sha256(state.encode()).hexdigest()[:32]}.parquet"
