"""Starts the three departments' databases and stops them: S1 MariaDB or SQLite, S2 PostgreSQL, S3 SQLite.

The first start generates and loads the city; later ones find the stamp (seed, scale, generator version, engines) and
keep the data. Several processes may use one state directory: the last to stop ends the PostgreSQL server.
"""

import hashlib
import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from demo.city.edition import SEED, check_scale, generator_version
from demo.sources import mariadb, postgresql, postgresql_server
from demo.sources.loading import load
from demo.sources.locks import FileLock, InUseError
from demo.sources.mariadb import MariaDBServer, MariaDBStore
from demo.sources.passwords import password, password_file
from demo.sources.postgresql import PostgreSQLStore
from demo.sources.postgresql_server import PostgreSQLServer
from demo.sources.progress import Progress, Silent
from demo.sources.sqlite import SQLiteStore
from demo.sources.store import Store

S1_DATABASE = "hutong_demo_zzb_dyk"
"""Default name of S1's database; the department's own is ``zzb_dyk``."""

_ENGINES = ("auto", "mysql", "sqlite")
_S1_READER, _S2_READER, _S2_SUPERUSER = "s1_reader", "s2_reader", "s2_superuser"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Paths:
    """The files of a state directory."""

    root: Path

    @property
    def secrets(self) -> Path:
        return self.root / "secrets"

    @property
    def s1(self) -> Path:
        return self.root / "sources" / "zzb_dyk.db"

    @property
    def s3(self) -> Path:
        return self.root / "sources" / "bzk.db"

    @property
    def stamp(self) -> Path:
        return self.root / "sources" / "stamp.json"

    @property
    def defects(self) -> Path:
        return self.root / "defects.csv"

    @property
    def divisions(self) -> Path:
        return self.root / "reference" / "divisions.csv"


class RunningSources:
    """The sources, answering. ``connections`` is what the hub needs, read-only where the engine can enforce it.

    Each entry has ``engine`` (mysql, postgresql, sqlite) and either ``path`` or ``host``, ``port``, ``database``,
    ``user``, ``password`` and ``password_file``; postgresql also ``socket_directory``. ``s1_sqlite`` is the copy of S1
    for differential tests, where one was asked for. ``loaded`` tells whether this start generated the data.
    """

    def __init__(
        self,
        paths: _Paths,
        server: PostgreSQLServer,
        s1: tuple[MariaDBServer, str] | None,
        connections: Mapping[str, Mapping[str, object]],
        users: FileLock,
        *,
        loaded: bool,
        s1_sqlite: Path | None,
    ) -> None:
        self.connections = connections
        self.loaded = loaded
        self.s1_sqlite = s1_sqlite
        self.defects = paths.defects
        self.divisions = paths.divisions
        self._paths, self._server, self._s1, self._users = paths, server, s1, users

    def raw_connection(self, source: str) -> Any:
        """A DB-API connection that may read and write, for the oracle and tests; the caller closes it.

        ``source`` is s1, s2 or s3. Raises ``ValueError`` for another name.
        """
        match source:
            case "s1" if self._s1 is not None:
                server, database = self._s1
                return server.connect(database)
            case "s1":
                return sqlite3.connect(self._paths.s1)
            case "s2":
                return postgresql.connect(self._server)
            case "s3":
                return sqlite3.connect(self._paths.s3)
            case _:
                raise ValueError(f"there is no source {source!r}; there are s1, s2 and s3")

    def stop(self) -> None:
        """Stop using the sources; the last user ends the PostgreSQL server. Safe to call twice."""
        users, self._users = self._users, FileLock(self._paths.root / "users.lock")
        users.release()
        if self._users.try_exclusive() and postgresql_server.is_running(self._server):
            self._server.stop()
        self._users.release()

    def __enter__(self) -> "RunningSources":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def start_sources(
    state_dir: Path,
    scale: float,
    progress: Progress | None = None,
    *,
    seed: int = SEED,
    engine_s1: str = "auto",
    s1_database: str = S1_DATABASE,
    s1_sqlite_copy: bool = False,
    mariadb_server: MariaDBServer | None = None,
) -> RunningSources:
    """Start the sources of ``state_dir``, generating and loading the city of ``scale`` if it is not there yet.

    ``engine_s1``: ``mysql``, ``sqlite``, or ``auto`` for MySQL if a server answers. ``s1_sqlite_copy`` writes S1 to
    SQLite as well. Raises ``ValueError`` for a scale or engine out of range, ``InUseError`` when other data would have
    to be loaded under a running user, ``ForeignDatabaseError`` when S1's database is not the demo's.
    """
    check_scale(scale)
    if engine_s1 not in _ENGINES:
        raise ValueError(f"engine_s1 must be one of {', '.join(_ENGINES)}")
    progress = progress or Silent()
    server = mariadb_server or MariaDBServer.from_environment()
    in_mariadb = engine_s1 == "mysql" or (engine_s1 == "auto" and server.answers())
    paths = _Paths(root=state_dir.resolve())
    paths.root.mkdir(parents=True, exist_ok=True)
    users, loader = FileLock(paths.root / "users.lock"), FileLock(paths.root / "load.lock")
    postgres: PostgreSQLServer | None = None
    try:
        loader.exclusive()
        s1 = (server, s1_database) if in_mariadb else None
        stamp = _stamp(scale, seed, s1, copy=s1_sqlite_copy or not in_mariadb)
        stale = not _is_loaded(paths, s1, stamp)
        if stale and not users.try_exclusive():
            raise InUseError(paths.root)
        postgres = postgresql_server.start(paths.root, password(paths.secrets, _S2_SUPERUSER))
        if stale:
            paths.stamp.unlink(missing_ok=True)
            load(_stores(paths, postgres, s1, stamp), paths.root, scale=scale, seed=seed, progress=progress)
            paths.stamp.write_text(json.dumps(stamp, indent=2), encoding="utf-8")
        users.shared()
        return RunningSources(
            paths,
            postgres,
            s1,
            _connections(paths, postgres, s1),
            users,
            loaded=stale,
            s1_sqlite=paths.s1 if stamp["s1_sqlite"] else None,
        )
    except BaseException:
        users.release()
        if postgres is not None and postgres.started:
            postgres.stop()
        raise
    finally:
        loader.release()
        progress.finish()


def _stamp(scale: float, seed: int, s1: tuple[MariaDBServer, str] | None, *, copy: bool) -> dict[str, object]:
    return {
        "seed": seed,
        "scale": scale,
        "generator": generator_version(),
        "s1": _s1_name(s1),
        "s1_sqlite": copy,
    }


def _s1_name(s1: tuple[MariaDBServer, str] | None) -> str:
    return "sqlite" if s1 is None else f"mysql://{s1[0].host}:{s1[0].port}/{s1[1]}"


def _stamped_s1(paths: _Paths) -> str | None:
    """Where the stamp says S1 was loaded; ``None`` if nothing was."""
    if not paths.stamp.exists():
        return None
    return str(json.loads(paths.stamp.read_text(encoding="utf-8"))["s1"])


def _data_digest(stamp: Mapping[str, object]) -> str:
    """What identifies S1's contents on a shared server, wherever they were loaded from."""
    known = [str(stamp[key]) for key in ("seed", "scale", "generator")]
    return hashlib.sha256(" ".join(known).encode()).hexdigest()[:32]


def _is_loaded(paths: _Paths, s1: tuple[MariaDBServer, str] | None, stamp: Mapping[str, object]) -> bool:
    """Whether every store holds what ``stamp`` says."""
    here = s1 is None or mariadb.loaded_stamp(*s1) == _data_digest(stamp)
    files = [paths.s3, paths.defects, paths.divisions, postgresql_server.data_home(paths.root) / "data" / "PG_VERSION"]
    if stamp["s1_sqlite"]:
        files.append(paths.s1)
    if not here or not paths.stamp.exists() or not all(file.exists() for file in files):
        return False
    return bool(json.loads(paths.stamp.read_text(encoding="utf-8")) == stamp)


def _stores(
    paths: _Paths, postgres: PostgreSQLServer, s1: tuple[MariaDBServer, str] | None, stamp: Mapping[str, object]
) -> dict[str, list[Store]]:
    first: list[Store] = []
    if stamp["s1_sqlite"]:
        first.append(SQLiteStore(paths.s1))
    if s1 is not None:
        first.append(MariaDBStore(*s1, _data_digest(stamp)))
    second = PostgreSQLStore(postgres, password(paths.secrets, _S2_READER))
    return {"s1": first, "s2": [second], "s3": [SQLiteStore(paths.s3)]}


def _connections(
    paths: _Paths, postgres: PostgreSQLServer, s1: tuple[MariaDBServer, str] | None
) -> dict[str, Mapping[str, object]]:
    second = {
        "engine": "postgresql",
        "host": postgres.host,
        "port": postgres.port,
        "socket_directory": str(postgres.socket_directory),
        "database": postgresql.DATABASE,
        "user": postgresql.READER,
        "password": password(paths.secrets, _S2_READER),
        "password_file": str(password_file(paths.secrets, _S2_READER)),
    }
    first: dict[str, object] = {"engine": "sqlite", "path": str(paths.s1)}
    if s1 is not None:
        first = _mariadb_connection(paths, *s1)
    return {"s1": first, "s2": second, "s3": {"engine": "sqlite", "path": str(paths.s3)}}


def _mariadb_connection(paths: _Paths, server: MariaDBServer, database: str) -> dict[str, object]:
    """The reader's settings; the loader's own where it may not make users."""
    user, secret = mariadb.reader_name(paths.root), password(paths.secrets, _S1_READER)
    if not mariadb.ensure_reader(server, database, user, secret):
        user, secret = server.user, server.password
        password_file(paths.secrets, _S1_READER).write_text(secret, encoding="utf-8")
    return {
        "engine": "mysql",
        "host": server.host,
        "port": server.port,
        "database": database,
        "user": user,
        "password": secret,
        "password_file": str(password_file(paths.secrets, _S1_READER)),
    }


def remove_sources(
    state_dir: Path, *, s1_database: str = S1_DATABASE, mariadb_server: MariaDBServer | None = None
) -> None:
    """Delete the sources of ``state_dir``: S1's database and reader, the PostgreSQL files, SQLite files, passwords.

    A database that this state directory did not load is left alone. Raises ``InUseError`` while somebody uses them.
    """
    paths = _Paths(root=state_dir.resolve())
    users = FileLock(paths.root / "users.lock")
    try:
        if not users.try_exclusive():
            raise InUseError(paths.root)
        server = mariadb_server or MariaDBServer.from_environment()
        if _stamped_s1(paths) == _s1_name((server, s1_database)):
            mariadb.drop(server, s1_database, mariadb.reader_name(paths.root))
        postgresql_server.remove(paths.root)
        for path in (paths.s1, paths.s3, paths.stamp, paths.defects, paths.divisions):
            path.unlink(missing_ok=True)
        for name in (_S1_READER, _S2_READER, _S2_SUPERUSER):
            password_file(paths.secrets, name).unlink(missing_ok=True)
    finally:
        users.release()
