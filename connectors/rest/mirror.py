"""The file of a mirror: a SQLite database that one process at a time keeps, and any may read.

Each pull has a table: its key, the columns the bindings read (sealed where protected) and the time of change by which
the newer of two versions wins. The table ``~pulls`` says how far each has been read, ``~shape`` what the file was made
for; a mirror of another shape or another key is made anew: all in it can be read again. A file that is no mirror is
left as it is: the setting may have been mistaken for another.
Neighbours: :mod:`connectors.rest.windows` fills it, :mod:`connectors.rest.connector` reads it through its own
connections.
"""

import asyncio
import fcntl
import os
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import quote

import aiosqlite
import orjson
from sqlalchemy import select
from sqlalchemy.schema import CreateIndex, CreateTable

from connectors.errors import SourceDrifted, SourceUnavailable
from connectors.rest.mirror_tables import PULLS, SHAPE, mirror_table, shape_digest, sql_of, upsert
from connectors.rest.protection import Protection
from connectors.rest.pull import Pull
from schema.messages import sources

_SETUP = ("PRAGMA journal_mode = WAL", "PRAGMA synchronous = NORMAL", "PRAGMA busy_timeout = 5000")
_FILE_MODE, _FOLDER_MODE = 0o600, 0o700
_GREATEST_INTEGER = 2**63 - 1

Statement = tuple[str, Sequence[tuple[Any, ...]]]
"""SQL and the parameters of each execution; none: it is executed once."""


class Mirror:
    """The mirror at ``path`` below ``root``. Use within one event loop; one writer at a time.

    ``is_kept``: this process keeps it. Otherwise another one does, and ``look`` reads how far that one is.
    """

    def __init__(self, connector: str, root: Path, path: str, pulls: Sequence[Pull], protection: Protection) -> None:
        self._connector, self._root, self._path = connector, root, path
        self._protection = protection
        self._shape = shape_digest(connector, pulls, protection)
        self._tables = {pull.table: mirror_table(pull) for pull in pulls}
        self._connection: aiosqlite.Connection | None = None
        self._lock: BinaryIO | None = None
        self._read_to: dict[str, datetime] = {}
        self._whole: set[str] = set()

    @property
    def is_kept(self) -> bool:
        """Whether this process keeps the file."""
        return self._lock is not None

    @property
    def as_of(self) -> datetime | None:
        """The end of the last complete window of every pull; ``None`` before all have been read once."""
        return min(self._read_to.values(), default=None) if self._whole >= self._tables.keys() else None

    def read_to(self, pull: Pull) -> datetime | None:
        """How far a pull has got, its first one included; ``None``: not begun."""
        return self._read_to.get(pull.table)

    async def keep(self) -> bool:
        """Become the keeper if nobody is; whether the file was made or changed hands. Raises `SourceUnavailable`."""
        if self._lock is not None:
            return False
        file = self._file()
        try:
            lock = await asyncio.to_thread(_locked, file)
        except OSError:
            raise SourceUnavailable(self._connector, sources.MIRROR_UNWRITABLE(connector=self._connector)) from None
        if lock is None:
            return False
        try:
            self._connection = await self._prepared(file)
            await self.look()
        except BaseException as error:
            await self._disconnect()
            lock.close()
            if isinstance(error, sqlite3.Error | OSError):
                raise SourceUnavailable(self._connector, sources.MIRROR_UNWRITABLE(connector=self._connector)) from None
            raise
        self._lock = lock
        return True

    async def look(self) -> None:
        """Read how far the pulls have got. Raises `SourceUnavailable` for a file of another shape or none."""
        try:
            if self._connection is not None:
                await self._look(self._connection)
                return
            async with _reading(self._file()) as connection:
                await self._look(connection)
        except sqlite3.Error:
            self._whole = set()
            raise SourceUnavailable(self._connector, sources.MIRROR_NOT_READY(connector=self._connector)) from None

    async def store(self, pull: Pull, rows: Iterable[Mapping[str, Any]]) -> Mapping[Any, float | None]:
        """Put rows in, replacing older versions; the time of change by key. Raises `SourceDrifted` for a bad row."""
        versions: dict[Any, float | None] = {}
        values = []
        for row in rows:
            key = self._key(pull, row)
            changed = None if pull.window.column is None else pull.window.moment(row.get(pull.window.column))
            versions[key] = None if changed is None else changed.timestamp()
            cells = (self._cell(pull, column, row.get(column), key) for column in pull.columns)
            values.append((*cells, versions[key]))
        if values:
            await self._write([(upsert(self._tables[pull.table], pull.key), values)])
        return versions

    async def advance(self, pull: Pull, upto: datetime, *, whole: bool) -> None:
        """Everything up to ``upto`` has been read; ``whole``: so has everything up to when the pull began."""
        whole = whole or pull.table in self._whole
        await self._write([(upsert(PULLS, "table"), [(pull.table, upto.isoformat(), int(whole))])])
        self._read_to[pull.table] = upto
        if whole:
            self._whole.add(pull.table)

    async def close(self) -> None:
        """Close the file and let others keep it."""
        await self._disconnect()
        lock, self._lock = self._lock, None
        if lock is not None:
            lock.close()

    async def _prepared(self, file: Path) -> aiosqlite.Connection:
        """A connection to the file, made anew if it is not of this shape. Raises `SourceUnavailable` for no mirror."""
        if await asyncio.to_thread(_is_there, file):
            shape = await _shape_in(file)
            if shape is None:
                raise SourceUnavailable(self._connector, sources.MIRROR_FILE_FOREIGN(connector=self._connector))
            if shape == self._shape:
                await asyncio.to_thread(file.chmod, _FILE_MODE)
                return await _connect(file)
        await asyncio.to_thread(_make_empty, file)
        self._connection = await _connect(file)
        made: list[Any] = [CreateTable(PULLS), CreateTable(SHAPE)]
        for table in self._tables.values():
            made += [CreateTable(table), *(CreateIndex(index) for index in table.indexes)]
        await self._write(
            [*((sql_of(statement), ()) for statement in made), (sql_of(SHAPE.insert()), [(self._shape,)])]
        )
        return self._connection

    async def _look(self, connection: aiosqlite.Connection) -> None:
        if await _shape_of(connection) != self._shape:
            self._whole = set()
            raise SourceUnavailable(self._connector, sources.MIRROR_OF_ANOTHER(connector=self._connector))
        rows = await connection.execute_fetchall(sql_of(select(PULLS.c["table"], PULLS.c.read_to, PULLS.c.whole)))
        self._read_to = {table: datetime.fromisoformat(read_to) for table, read_to, _ in rows}
        self._whole = {table for table, _, whole in rows if whole}

    async def _write(self, statements: Sequence[Statement]) -> None:
        """All in one transaction."""
        connection = self._connection
        if connection is None:
            raise SourceUnavailable(self._connector, sources.MIRROR_CLOSED(connector=self._connector))
        try:
            await connection.execute("BEGIN IMMEDIATE")
            try:
                for sql, rows in statements:
                    await (connection.executemany(sql, rows) if rows else connection.execute(sql))
                await connection.execute("COMMIT")
            except BaseException:
                await connection.execute("ROLLBACK")
                raise
        except sqlite3.Error:
            raise SourceUnavailable(self._connector, sources.MIRROR_UNWRITABLE(connector=self._connector)) from None

    async def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()

    def _key(self, pull: Pull, row: Mapping[str, Any]) -> str | int:
        key = row.get(pull.key)
        if (type(key) is not str and type(key) is not int) or key == "":
            what = sources.ROW_WITHOUT_KEY(columns=pull.key)
            raise SourceDrifted(self._connector, sources.SERVICE_DRIFTED(connector=self._connector, what=what))
        return key

    def _cell(self, pull: Pull, column: str, value: Any, key: str | int) -> Any:
        """A value as the file holds it: what SQLite cannot hold is text, what is protected is sealed."""
        if isinstance(value, bool):
            value = int(value)
        elif isinstance(value, int) and not -_GREATEST_INTEGER <= value <= _GREATEST_INTEGER:
            value = str(value)
        elif isinstance(value, dict | list):
            value = orjson.dumps(value).decode()
        cipher = self._protection.ciphers.get((pull.table, column))
        return value if cipher is None else cipher.seal(value, key)

    def _file(self) -> Path:
        root = self._root.resolve()
        file = (root / self._path).resolve()
        if not file.is_relative_to(root) or file == root:
            raise SourceUnavailable(self._connector, sources.MIRROR_OUTSIDE(connector=self._connector))
        return file


def _locked(file: Path) -> BinaryIO | None:
    """The lock of who keeps ``file``; ``None``: another process has it."""
    file.parent.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
    lock = os.fdopen(os.open(f"{file}.lock", os.O_RDWR | os.O_CREAT, _FILE_MODE), "wb")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        return None
    return lock


def _is_there(file: Path) -> bool:
    """Whether there is a file, and something in it."""
    return file.exists() and file.stat().st_size > 0


def _make_empty(file: Path) -> None:
    """An empty file of its owner's alone, in place of whatever there was."""
    for leftover in (file, file.with_name(f"{file.name}-wal"), file.with_name(f"{file.name}-shm")):
        leftover.unlink(missing_ok=True)
    os.close(os.open(file, os.O_RDWR | os.O_CREAT | os.O_EXCL, _FILE_MODE))


async def _connect(file: Path) -> aiosqlite.Connection:
    connection = await aiosqlite.connect(file, isolation_level=None)
    try:
        for pragma in _SETUP:
            await connection.execute_fetchall(pragma)
    except BaseException:
        await connection.close()
        raise
    return connection


def _reading(file: Path) -> aiosqlite.Connection:
    """A connection that changes nothing, to be entered."""
    return aiosqlite.connect(f"file:{quote(str(file))}?mode=ro", uri=True)


async def _shape_in(file: Path) -> str | None:
    """The digest in a file, empty for a database without tables: one that was begun; ``None`` for what is no mirror."""
    try:
        async with _reading(file) as connection:
            if not await connection.execute_fetchall("SELECT 1 FROM sqlite_schema LIMIT 1"):
                return ""
            return await _shape_of(connection)
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError:
        return None


async def _shape_of(connection: aiosqlite.Connection) -> str | None:
    """The digest the file was made with; ``None`` for a file that is no mirror."""
    try:
        rows = await connection.execute_fetchall(sql_of(select(SHAPE.c.digest)))
    except sqlite3.OperationalError as error:
        if "no such table" not in str(error):
            raise
        return None
    return next((str(digest) for (digest,) in rows), None)
