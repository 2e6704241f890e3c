"""S1 and S5 in MariaDB: a database each on a server that is already there, and a user each who may only read it.

The server is somebody else's: the loader touches only the databases it was named and their users, and refuses to
replace a database that it did not make. What was loaded is written as a comment on the database's last table.
"""

import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pymysql
from pymysql.connections import Connection

from demo.city.table import Table

Row = tuple[object, ...]
CHARSETS = {"s1": "gbk", "s5": "utf8mb4"}
"""The sources that are in MariaDB where a server answers, and how they store text."""

_MARK = "hutong demo: "
_LOADING = "loading"
_MAY_NOT_ADMINISTER = frozenset((1044, 1142, 1227, 1396, 1410))
"""Server errors that mean: this account may not manage users."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MariaDBServer:
    """Where the server is and who loads. From ``HUTONG_DEMO_MARIADB_HOST``, ``_PORT``, ``_USER``, ``_PASSWORD``."""

    host: str = "127.0.0.1"
    port: int = 3306
    user: str = "root"
    password: str = field(default="", repr=False)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "MariaDBServer":
        """The server the environment names, by default the local one."""
        prefix = "HUTONG_DEMO_MARIADB_"
        return cls(
            host=environment.get(f"{prefix}HOST", "127.0.0.1"),
            port=int(environment.get(f"{prefix}PORT", "3306")),
            user=environment.get(f"{prefix}USER", "root"),
            password=environment.get(f"{prefix}PASSWORD", ""),
        )

    def connect(self, database: str | None = None) -> "Connection":
        """A connection for reading and writing. Raises ``pymysql.err.OperationalError`` if the server refuses."""
        return pymysql.connect(
            host=self.host,
            port=self.port,
            user=self.user,
            password=self.password,
            database=database,
            charset="utf8mb4",
            connect_timeout=2,
            autocommit=False,
        )

    def answers(self) -> bool:
        """Whether the server lets us in."""
        try:
            self.connect().close()
        except pymysql.err.OperationalError:
            return False
        return True


def loaded_stamp(server: MariaDBServer, database: str) -> str | None:
    """What ``database`` was loaded with; ``None`` if it is absent or incomplete. Raises ``ForeignDatabaseError``."""
    connection = server.connect()
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT TABLE_NAME, TABLE_COMMENT FROM information_schema.TABLES WHERE TABLE_SCHEMA = %s", (database,)
            )
            comments = {str(name): str(comment) for name, comment in cursor.fetchall()}
    finally:
        connection.close()
    if comments and not any(comment.startswith(_MARK) for comment in comments.values()):
        raise ForeignDatabaseError(database)
    stamps = {comment.removeprefix(_MARK) for comment in comments.values()} - {_LOADING}
    return stamps.pop() if len(stamps) == 1 else None


class ForeignDatabaseError(RuntimeError):
    """The database exists and was not made by the demo."""

    def __init__(self, database: str) -> None:
        super().__init__(f"the database {database} is not the demo's own; name another one")


class MariaDBStore:
    """The database made anew in ``charset``. ``stamp`` is left on it when it is complete."""

    def __init__(self, server: MariaDBServer, database: str, stamp: str, *, charset: str) -> None:
        loaded_stamp(server, database)
        self._database, self._stamp, self._charset = database, stamp, charset
        self._tables: list[Table] = []
        self._connection = server.connect()
        self._run(f"DROP DATABASE IF EXISTS `{database}`")
        self._run(f"CREATE DATABASE `{database}` CHARACTER SET {charset}")
        self._run(f"USE `{database}`")
        self._run("SET SESSION unique_checks = 0, foreign_key_checks = 0")

    def create(self, table: Table) -> None:
        """Make an empty InnoDB table."""
        columns = [f"`{name}` {declared}" for name, declared in table.columns]
        columns[0] += " PRIMARY KEY"
        self._run(
            f"CREATE TABLE `{table.name}` ({', '.join(columns)}) "
            f"ENGINE = InnoDB, CHARACTER SET {self._charset}, COMMENT = '{_MARK}{_LOADING}'"
        )
        self._tables.append(table)

    def insert(self, table: Table, rows: Sequence[Row]) -> None:
        """Append rows in one statement and commit."""
        marks = ", ".join(["%s"] * len(table.columns))
        with self._connection.cursor() as cursor:
            cursor.executemany(f"INSERT INTO `{table.name}` VALUES ({marks})", rows)  # noqa: S608 - our own names
        self._connection.commit()

    def finish(self) -> None:
        """Index, analyse, leave the stamp."""
        for table in self._tables:
            indexes = [
                f"ADD {'UNIQUE ' if index in table.unique else ''}INDEX `{'_'.join(index)}` "
                f"({', '.join(f'`{column}`' for column in index)})"
                for index in table.indexes
            ]
            if indexes:
                self._run(f"ALTER TABLE `{table.name}` {', '.join(indexes)}")
            self._run(f"ANALYZE TABLE `{table.name}`")
        self._run(f"ALTER TABLE `{self._tables[-1].name}` COMMENT = '{_MARK}{self._stamp}'")
        self.abandon()

    def abandon(self) -> None:
        """Close the connection."""
        if self._connection.open:
            self._connection.close()

    def _run(self, statement: str) -> None:
        with self._connection.cursor() as cursor:
            cursor.execute(statement)


def reader_name(state_dir: Path, source: str) -> str:
    """The hub's user, one per source and state directory: demos on one server do not change each other's password."""
    return f"hutong_{source}_{hashlib.sha256(str(state_dir.resolve()).encode()).hexdigest()[:10]}"


def ensure_reader(server: MariaDBServer, database: str, user: str, password: str) -> bool:
    """Make a user who may only read ``database``. False if the loading account may not manage users."""
    hosts = ("localhost", "127.0.0.1") if server.host in ("localhost", "127.0.0.1") else ("%",)
    grantee = database.replace("_", "\\_")
    connection = server.connect()
    try:
        with connection.cursor() as cursor:
            for host in hosts:
                cursor.execute("CREATE USER IF NOT EXISTS %s@%s IDENTIFIED BY %s", (user, host, password))
                cursor.execute("ALTER USER %s@%s IDENTIFIED BY %s", (user, host, password))
                cursor.execute(f"GRANT SELECT ON `{grantee}`.* TO %s@%s", (user, host))
    except pymysql.err.MySQLError as error:
        if error.args and error.args[0] in _MAY_NOT_ADMINISTER:
            return False
        raise
    finally:
        connection.close()
    return True


def drop(server: MariaDBServer, database: str, user: str) -> None:
    """Remove the demo's database and its reader. Raises ``ForeignDatabaseError``."""
    loaded_stamp(server, database)
    connection = server.connect()
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS `{database}`")
            for host in ("localhost", "127.0.0.1", "%"):
                cursor.execute("DROP USER IF EXISTS %s@%s", (user, host))
    finally:
        connection.close()
