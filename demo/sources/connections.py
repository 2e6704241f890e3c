"""What the hub must know of the running sources: where they are and the secrets of its readers."""

import secrets
from collections.abc import Mapping

from demo.sources import mariadb, postgresql
from demo.sources.hotline import HotlineService
from demo.sources.mariadb import MariaDBServer
from demo.sources.passwords import password, password_file, secret
from demo.sources.paths import Paths
from demo.sources.postgresql_server import PostgreSQLServer

S1_READER, S2_READER, S2_SUPERUSER, S4_READER = "s1_reader", "s2_reader", "s2_superuser", "s4_reader"
S5_READER = "s5_reader"
HOTLINE_TOKEN, HOTLINE_MIRROR_KEY = "hotline_token", "hotline_mirror_key"
SECRETS = (S1_READER, S2_READER, S2_SUPERUSER, S4_READER, S5_READER, HOTLINE_TOKEN, HOTLINE_MIRROR_KEY)
"""Names of the generated secrets."""

_READERS = {"s1": S1_READER, "s2": S2_READER, "s4": S4_READER, "s5": S5_READER}


def connections(
    paths: Paths,
    postgres: PostgreSQLServer,
    in_mariadb: Mapping[str, tuple[MariaDBServer, str]],
    hotline: HotlineService,
) -> dict[str, Mapping[str, object]]:
    """Settings by source; see :class:`demo.sources.runtime.RunningSources`."""
    either: dict[str, dict[str, object]] = {
        "s1": {"engine": "sqlite", "path": str(paths.s1)},
        "s5": {"engine": "sqlite", "path": str(paths.s5)},
    }
    for source, database in in_mariadb.items():
        either[source] = _mariadb(paths, source, *database)
    return {
        "s1": either["s1"],
        "s2": _postgresql(paths, postgres, "s2"),
        "s3": {"engine": "sqlite", "path": str(paths.s3)},
        "s4": _postgresql(paths, postgres, "s4"),
        "s5": either["s5"],
        "s6": {"engine": "files", "path": str(paths.s6)},
        "hotline": _hotline(paths, hotline),
    }


def reader_password(paths: Paths, source: str) -> str:
    """The password of the hub's role or user."""
    return password(paths.secrets, _READERS[source])


def hotline_token(paths: Paths) -> str:
    """What the hotline's service asks for."""
    return password(paths.secrets, HOTLINE_TOKEN)


def _postgresql(paths: Paths, server: PostgreSQLServer, source: str) -> dict[str, object]:
    return {
        "engine": "postgresql",
        "host": server.host,
        "port": server.port,
        "socket_directory": str(server.socket_directory),
        "database": postgresql.DATABASES[source],
        "user": postgresql.READERS[source],
        "password": reader_password(paths, source),
        "password_file": str(password_file(paths.secrets, _READERS[source])),
    }


def _hotline(paths: Paths, service: HotlineService) -> dict[str, object]:
    paths.mirror.parent.mkdir(mode=0o700, exist_ok=True)
    return {
        "engine": "rest",
        "host": service.host,
        "port": service.port,
        "token": hotline_token(paths),
        "token_file": str(password_file(paths.secrets, HOTLINE_TOKEN)),
        "mirror": str(paths.mirror),
        "mirror_key": secret(paths.secrets, HOTLINE_MIRROR_KEY, lambda: secrets.token_hex(32)),
    }


def _mariadb(paths: Paths, source: str, server: MariaDBServer, database: str) -> dict[str, object]:
    """The reader's settings; the loader's own where it may not make users."""
    user, own = mariadb.reader_name(paths.root, source), reader_password(paths, source)
    if not mariadb.ensure_reader(server, database, user, own):
        user, own = server.user, server.password
        password_file(paths.secrets, _READERS[source]).write_text(own, encoding="utf-8")
    return {
        "engine": "mysql",
        "host": server.host,
        "port": server.port,
        "database": database,
        "user": user,
        "password": own,
        "password_file": str(password_file(paths.secrets, _READERS[source])),
    }
