"""SQLite files: S3's register, and the tables of S1 and S5 where no MariaDB answers."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from demo.city.tables import Table

Row = tuple[object, ...]
_WHOLE = ("int", "integer", "tinyint", "bigint")


class SQLiteStore:
    """A new file, put in the place of the old one when it is complete."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._new = path.with_name(path.name + ".new")
        self._new.unlink(missing_ok=True)
        path.parent.mkdir(parents=True, exist_ok=True)
        self._connection: sqlite3.Connection | None = sqlite3.connect(self._new, check_same_thread=False)
        self._connection.execute("PRAGMA journal_mode = OFF")
        self._connection.execute("PRAGMA synchronous = OFF")
        self._tables: list[Table] = []

    def create(self, table: Table) -> None:
        """Make an empty table with SQLite's own types."""
        columns = [f'"{name}" {_type(declared)}' for name, declared in table.columns]
        if table.keyed:
            columns[0] += " PRIMARY KEY NOT NULL"
        self._open().execute(f'CREATE TABLE "{table.name}" ({", ".join(columns)})')
        self._tables.append(table)

    def insert(self, table: Table, rows: Sequence[Row]) -> None:
        """Append rows."""
        marks = ", ".join("?" * len(table.columns))
        self._open().executemany(f'INSERT INTO "{table.name}" VALUES ({marks})', rows)  # noqa: S608 - our own names

    def finish(self) -> None:
        """Index, analyse, and replace the old file."""
        connection = self._open()
        for table in self._tables:
            for index in table.indexes:
                columns = ", ".join(f'"{column}"' for column in index)
                unique = "UNIQUE " if index in table.unique else ""
                name = f"{table.name}_{'_'.join(index)}"
                connection.execute(f'CREATE {unique}INDEX "{name}" ON "{table.name}" ({columns})')
        connection.execute("ANALYZE")
        connection.commit()
        self.abandon()
        self._new.replace(self._path)

    def abandon(self) -> None:
        """Close the new file."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            raise ValueError("the store is closed")
        return self._connection


def _type(declared: str) -> str:
    word = declared.lower()
    return "INTEGER" if word in _WHOLE else "REAL" if word == "double" else "TEXT"
