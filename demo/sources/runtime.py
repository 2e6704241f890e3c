"""Starts the departments' databases and services and stops them.

S1 and S5 are in MariaDB or SQLite, S2 and S4 in PostgreSQL, S3 in SQLite, S6 in files; the hotline is a REST service in
a thread.

The first start generates and loads the city; later ones find the stamp (seed, scale, generator version, engines) and
keep the data. Several processes may use one state directory: each has its own service of the hotline, the last to stop
ends the PostgreSQL server.
"""

import hashlib
import json
import shutil
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from demo.city.edition import SEED, check_scale, generator_version
from demo.sources import mariadb, postgresql, postgresql_server
from demo.sources.connections import S2_SUPERUSER, SECRETS, connections, hotline_token, reader_password
from demo.sources.files import FilesStore
from demo.sources.hotline import HotlineService
from demo.sources.loading import load
from demo.sources.locks import FileLock, InUseError
from demo.sources.mariadb import MariaDBServer, MariaDBStore
from demo.sources.passwords import password, password_file
from demo.sources.paths import Paths
from demo.sources.postgresql import PostgreSQLStore
from demo.sources.postgresql_server import PostgreSQLServer
from demo.sources.progress import Progress, Silent
from demo.sources.sqlite import SQLiteStore
from demo.sources.store import Store

S1_DATABASE = "hutong_demo_zzb_dyk"
"""Default name of S1's database; the department's own is ``zzb_dyk``."""

_ENGINES = ("auto", "mysql", "sqlite")
_Databases = Mapping[str, tuple[MariaDBServer, str]]
"""Where S1 and S5 are in MariaDB; empty where they are in SQLite."""


class RunningSources:
    """The sources, answering. ``connections`` is what the hub needs, read-only where the engine can enforce it.

    Each entry has ``engine`` (mysql, postgresql, sqlite, files, rest) and either ``path`` or ``host``, ``port``,
    ``database``, ``user``, ``password`` and ``password_file``; postgresql also ``socket_directory``; rest has ``host``,
    ``port``, ``token``, ``token_file``, ``mirror`` (a file) and ``mirror_key``. ``hotline`` is the service, to stop and
    start.
    ``s1_sqlite`` and ``s5_sqlite`` are the copies for differential tests, where they were asked for. ``loaded`` tells
    whether this start generated the data.
    """

    def __init__(
        self,
        paths: Paths,
        server: PostgreSQLServer,
        in_mariadb: _Databases,
        hotline: HotlineService,
        users: FileLock,
        *,
        loaded: bool,
        s1_sqlite: Path | None,
        s5_sqlite: Path | None,
    ) -> None:
        self.connections = connections(paths, server, in_mariadb, hotline)
        self.hotline = hotline
        self.loaded = loaded
        self.s1_sqlite, self.s5_sqlite = s1_sqlite, s5_sqlite
        self.defects = paths.defects
        self.divisions = paths.divisions
        self._paths, self._server, self._in_mariadb, self._users = paths, server, in_mariadb, users

    def raw_connection(self, source: str) -> Any:
        """A DB-API connection that may read and write, for the oracle and tests; the caller closes it.

        ``source`` is s1 to s5 or hotline; s6 are files. Raises ``ValueError`` for another name.
        """
        match source:
            case "s1" | "s5" if source in self._in_mariadb:
                server, database = self._in_mariadb[source]
                return server.connect(database)
            case "s1":
                return sqlite3.connect(self._paths.s1)
            case "s5":
                return sqlite3.connect(self._paths.s5)
            case "s2" | "s4":
                return postgresql.connect(self._server, postgresql.DATABASES[source])
            case "s3":
                return sqlite3.connect(self._paths.s3)
            case "hotline":
                return sqlite3.connect(self._paths.hotline)
            case _:
                databases = ", ".join(name for name in self.connections if name != "s6")
                raise ValueError(f"there is no database of {source!r}; there are {databases}")

    def stop(self) -> None:
        """Stop the hotline and using the sources; the last user ends the PostgreSQL server. Safe to call twice."""
        self.hotline.stop()
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
    s5_sqlite_copy: bool = False,
    mariadb_server: MariaDBServer | None = None,
) -> RunningSources:
    """Start the sources of ``state_dir``, generating and loading the city of ``scale`` if it is not there yet.

    ``engine_s1``: ``mysql``, ``sqlite``, or ``auto`` for MariaDB if a server answers; S5 follows it, in a database
    named as S1's with ``_mall`` behind. ``s1_sqlite_copy`` and ``s5_sqlite_copy`` write them to SQLite as well. Raises
    ``ValueError`` for a scale or engine out of range, ``InUseError`` when other data would have to be loaded under a
    running user, ``ForeignDatabaseError`` when one of the databases is not the demo's.
    """
    check_scale(scale)
    if engine_s1 not in _ENGINES:
        raise ValueError(f"engine_s1 must be one of {', '.join(_ENGINES)}")
    progress = progress or Silent()
    server = mariadb_server or MariaDBServer.from_environment()
    asked = engine_s1 == "mysql" or (engine_s1 == "auto" and server.answers())
    in_mariadb = _databases(server, s1_database) if asked else {}
    paths = Paths(root=state_dir.resolve())
    paths.root.mkdir(parents=True, exist_ok=True)
    users, loader = FileLock(paths.root / "users.lock"), FileLock(paths.root / "load.lock")
    postgres: PostgreSQLServer | None = None
    hotline: HotlineService | None = None
    try:
        loader.exclusive()
        stamp = _stamp(scale, seed, in_mariadb, {"s1": s1_sqlite_copy, "s5": s5_sqlite_copy})
        stale = not _is_loaded(paths, in_mariadb, stamp)
        if stale and not users.try_exclusive():
            raise InUseError(paths.root)
        postgres = postgresql_server.start(paths.root, password(paths.secrets, S2_SUPERUSER))
        if stale:
            paths.stamp.unlink(missing_ok=True)
            shutil.rmtree(paths.mirror.parent, ignore_errors=True)
            load(_stores(paths, postgres, in_mariadb, stamp), paths.root, scale=scale, seed=seed, progress=progress)
            paths.stamp.write_text(json.dumps(stamp, indent=2), encoding="utf-8")
        users.shared()
        hotline = HotlineService(paths.hotline, hotline_token(paths))
        return RunningSources(
            paths,
            postgres,
            in_mariadb,
            hotline,
            users,
            loaded=stale,
            s1_sqlite=paths.s1 if stamp["s1_sqlite"] else None,
            s5_sqlite=paths.s5 if stamp["s5_sqlite"] else None,
        )
    except BaseException:
        if hotline is not None:
            hotline.stop()
        users.release()
        if postgres is not None and postgres.started:
            postgres.stop()
        raise
    finally:
        loader.release()
        progress.finish()


def _databases(server: MariaDBServer, s1_database: str) -> _Databases:
    return {"s1": (server, s1_database), "s5": (server, f"{s1_database}_mall")}


def _stamp(scale: float, seed: int, in_mariadb: _Databases, copies: Mapping[str, bool]) -> dict[str, object]:
    stamp: dict[str, object] = {"seed": seed, "scale": scale, "generator": generator_version()}
    for source, copy in copies.items():
        stamp[source] = _place(*in_mariadb[source]) if source in in_mariadb else "sqlite"
        stamp[f"{source}_sqlite"] = copy or source not in in_mariadb
    return stamp


def _place(server: MariaDBServer, database: str) -> str:
    return f"mysql://{server.host}:{server.port}/{database}"


def _stamped_place(paths: Paths, source: str) -> str | None:
    """Where the stamp says S1 or S5 was loaded; ``None`` if nothing was."""
    if not paths.stamp.exists():
        return None
    place = json.loads(paths.stamp.read_text(encoding="utf-8")).get(source)
    return None if place is None else str(place)


def _data_digest(stamp: Mapping[str, object]) -> str:
    """What identifies a database's contents on a shared server, wherever they were loaded from."""
    known = [str(stamp[key]) for key in ("seed", "scale", "generator")]
    return hashlib.sha256(" ".join(known).encode()).hexdigest()[:32]


def _is_loaded(paths: Paths, in_mariadb: _Databases, stamp: Mapping[str, object]) -> bool:
    """Whether every store holds what ``stamp`` says."""
    here = all(mariadb.loaded_stamp(*place) == _data_digest(stamp) for place in in_mariadb.values())
    files = [paths.s3, paths.s6, paths.hotline, paths.defects, paths.divisions]
    files.append(postgresql_server.data_home(paths.root) / "data" / "PG_VERSION")
    files.extend(path for source, path in _copies(paths).items() if stamp[f"{source}_sqlite"])
    if not here or not paths.stamp.exists() or not all(file.exists() for file in files):
        return False
    return bool(json.loads(paths.stamp.read_text(encoding="utf-8")) == stamp)


def _copies(paths: Paths) -> dict[str, Path]:
    return {"s1": paths.s1, "s5": paths.s5}


def _stores(
    paths: Paths, postgres: PostgreSQLServer, in_mariadb: _Databases, stamp: Mapping[str, object]
) -> dict[str, list[Store]]:
    stores: dict[str, list[Store]] = {}
    for source, path in _copies(paths).items():
        stores[source] = [SQLiteStore(path)] if stamp[f"{source}_sqlite"] else []
    for source, place in in_mariadb.items():
        stores[source].append(MariaDBStore(*place, _data_digest(stamp), charset=mariadb.CHARSETS[source]))
    for source in postgresql.DATABASES:
        stores[source] = [PostgreSQLStore(postgres, source, reader_password(paths, source))]
    for source, path in (("s3", paths.s3), ("hotline", paths.hotline)):
        stores[source] = [SQLiteStore(path)]
    stores["s6"] = [FilesStore(paths.s6)]
    return stores


def remove_sources(
    state_dir: Path, *, s1_database: str = S1_DATABASE, mariadb_server: MariaDBServer | None = None
) -> None:
    """Delete the sources of ``state_dir``: MariaDB databases and readers, the PostgreSQL files, other files, secrets.

    A database that this state directory did not load is left alone. Raises ``InUseError`` while somebody uses them.
    """
    paths = Paths(root=state_dir.resolve())
    users = FileLock(paths.root / "users.lock")
    try:
        if not users.try_exclusive():
            raise InUseError(paths.root)
        server = mariadb_server or MariaDBServer.from_environment()
        for source, place in _databases(server, s1_database).items():
            if _stamped_place(paths, source) == _place(*place):
                mariadb.drop(*place, mariadb.reader_name(paths.root, source))
        postgresql_server.remove(paths.root)
        for path in (paths.s1, paths.s3, paths.s5, paths.hotline, paths.stamp, paths.defects):
            path.unlink(missing_ok=True)
        for folder in (paths.s6, paths.reference, paths.mirror.parent):
            shutil.rmtree(folder, ignore_errors=True)
        for name in SECRETS:
            password_file(paths.secrets, name).unlink(missing_ok=True)
    finally:
        users.release()
