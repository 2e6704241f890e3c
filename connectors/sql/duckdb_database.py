"""A DuckDB in this process that reads named folders and nothing else, and statements on it.

Neighbours: :mod:`connectors.sql.duckdb_loading` and :mod:`connectors.files` use it.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import duckdb
from sqlalchemy import (
    ARRAY,
    SelectBase,
    Text,
    bindparam,
    cast,
    column,
    false,
    func,
    insert,
    null,
    select,
    table,
)
from sqlalchemy.sql.elements import ClauseElement

from connectors.sql.duckdb_dialect import DuckDBEngine

_ENGINE = DuckDBEngine()


def open_database(folders: Sequence[Path], *, threads: int, memory: int) -> duckdb.DuckDBPyConnection:
    """A database in ``memory`` MB that can reach files in ``folders`` only, and no extension that is not built in."""
    database = duckdb.connect(
        ":memory:",
        config={
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "memory_limit": f"{memory}MB",
            "python_enable_replacements": False,
            "temp_directory": "",
            "threads": threads,
        },
    )
    database.execute("SET allowed_directories = [" + ", ".join(_quoted(str(folder), "'") for folder in folders) + "]")
    database.execute("SET GLOBAL TimeZone = 'UTC'")
    database.execute("SET enable_external_access = false")
    database.execute("SET lock_configuration = true")
    return database


def send(database: duckdb.DuckDBPyConnection, statement: ClauseElement, *values: Any) -> duckdb.DuckDBPyConnection:
    """Run a statement of SQLAlchemy Core with ``values`` in the order of its placeholders."""
    return database.execute(str(statement.compile(dialect=_ENGINE)), list(values))


def make_table(
    database: duckdb.DuckDBPyConnection, name: str, rows: SelectBase, *values: Any, temporary: bool = False
) -> None:
    """Make the table ``name`` of ``rows``; ``values`` as for ``send``."""
    written = ("CREATE TEMPORARY TABLE " if temporary else "CREATE TABLE ") + _quoted(name, '"') + " AS "
    database.execute(written + str(rows.compile(dialect=_ENGINE)), list(values))


@contextmanager
def transaction(database: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """All or nothing of what is done inside."""
    database.execute("BEGIN TRANSACTION")
    try:
        yield
    except BaseException:
        with suppress(duckdb.Error):  # the database may have ended the transaction itself
            database.execute("ROLLBACK")
        raise
    database.execute("COMMIT")


def drop_table(database: duckdb.DuckDBPyConnection, name: str) -> None:
    """Remove a table."""
    database.execute("DROP TABLE " + _quoted(name, '"'))


def write_texts(
    database: duckdb.DuckDBPyConnection,
    names: Sequence[str],
    batches: Iterable[Sequence[Sequence[str | None]]],
    to: Path,
) -> None:
    """Write a Parquet file of text columns ``names`` from batches of rows, each column by column."""
    stage = "rows of a file"
    with transaction(database):
        empty = select(*(cast(null(), Text()).label(name) for name in names)).where(false())
        make_table(database, stage, empty, temporary=True)
        added = insert(table(stage, *(column(name) for name in names))).from_select(
            list(names), select(*(func.unnest(cast(bindparam(f"p{n}"), ARRAY(Text()))) for n in range(len(names))))
        )
        for batch in batches:
            send(database, added, *batch)
        database.execute("COPY " + _quoted(stage, '"') + " TO $1 (FORMAT parquet)", [str(to)])
        drop_table(database, stage)


def _quoted(text: str, mark: str) -> str:
    return mark + text.replace(mark, mark * 2) + mark
