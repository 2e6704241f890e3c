"""S2 and S4 in PostgreSQL: a database each, filled by COPY, and a role for each that may only read it."""

from collections.abc import Sequence
from typing import Any

import psycopg
from psycopg import sql

from demo.city.tables import Table
from demo.sources.postgresql_server import SUPERUSER, PostgreSQLServer

DATABASES = {"s2": "djy_life", "s4": "zwfw"}
READERS = {"s2": "hutong_reader", "s4": "hutong_zwfw_reader"}
Row = tuple[object, ...]


def connect(server: PostgreSQLServer, database: str, *, autocommit: bool = False) -> psycopg.Connection[Any]:
    """A connection for reading and writing, as the superuser."""
    return psycopg.connect(
        host=server.host,
        port=server.port,
        dbname=database,
        user=SUPERUSER,
        password=server.password,
        autocommit=autocommit,
    )


class PostgreSQLStore:
    """The database of ``source`` made anew, in one transaction."""

    def __init__(self, server: PostgreSQLServer, source: str, reader_password: str) -> None:
        self._database, self._reader, self._reader_password = DATABASES[source], READERS[source], reader_password
        named = sql.Identifier(self._database)
        with connect(server, "postgres", autocommit=True) as administration:
            administration.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(named))
            administration.execute(sql.SQL("CREATE DATABASE {}").format(named))
        self._connection = connect(server, self._database)
        self._tables: list[Table] = []

    def create(self, table: Table) -> None:
        """Make an empty table."""
        columns = [sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL(declared)) for name, declared in table.columns]
        self._connection.execute(
            sql.SQL("CREATE TABLE {} ({})").format(sql.Identifier(table.name), sql.SQL(", ").join(columns))
        )
        self._tables.append(table)

    def insert(self, table: Table, rows: Sequence[Row]) -> None:
        """Append rows by COPY."""
        copy_into = sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table.name))
        with self._connection.cursor() as cursor, cursor.copy(copy_into) as copy:
            for row in rows:
                copy.write_row(row)

    def finish(self) -> None:
        """Keys, indexes, the reading role; commit, then statistics."""
        for table in self._tables:
            name = sql.Identifier(table.name)
            if table.keyed:
                key = sql.Identifier(table.column_names[0])
                self._connection.execute(sql.SQL("ALTER TABLE {} ADD PRIMARY KEY ({})").format(name, key))
            for index in table.indexes:
                columns = sql.SQL(", ").join(map(sql.Identifier, index))
                self._connection.execute(sql.SQL("CREATE INDEX ON {} ({})").format(name, columns))
        self._let_reader_in()
        self._connection.commit()
        self._connection.autocommit = True
        self._connection.execute("VACUUM ANALYZE")
        self.abandon()

    def abandon(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _let_reader_in(self) -> None:
        """The hub's role: it connects, reads, and nothing else."""
        role, database = sql.Identifier(self._reader), sql.Identifier(self._database)
        known = self._connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (self._reader,)).fetchone()
        verb = sql.SQL("ALTER" if known else "CREATE")
        for statement in (
            sql.SQL("{} ROLE {} LOGIN PASSWORD {}").format(verb, role, sql.Literal(self._reader_password)),
            sql.SQL("ALTER ROLE {} SET default_transaction_read_only = on").format(role),
            sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database),
            sql.SQL("REVOKE ALL ON SCHEMA public FROM PUBLIC"),
            sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, role),
            sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(role),
            sql.SQL("GRANT SELECT ON ALL TABLES IN SCHEMA public TO {}").format(role),
        ):
            self._connection.execute(statement)
