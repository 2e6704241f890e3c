"""The tables of a mirror's file, and the statements that make and fill them.

Neighbours: :mod:`connectors.rest.mirror` runs them.
"""

import hashlib
from collections.abc import Sequence
from typing import Any, Final

import orjson
from sqlalchemy import Column, Float, Index, Integer, MetaData, Table, Text, or_
from sqlalchemy.dialects import sqlite
from sqlalchemy.types import UserDefinedType

from connectors.rest.protection import Protection
from connectors.rest.pull import Pull

CHANGED: Final = "~changed"
"""The column that holds when a row was changed, in seconds since 1970; null if the row did not tell."""
_DIALECT = sqlite.dialect(paramstyle="qmark")


class _AsGiven(UserDefinedType[Any]):
    """A column without a type: SQLite keeps numbers as numbers and texts as texts."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return ""


_META = MetaData()
PULLS = Table(
    "~pulls",
    _META,
    Column("table", Text, primary_key=True),
    Column("read_to", Text, nullable=False),
    Column("whole", Integer, nullable=False),
)
"""How far each pull has got, and whether its first one has come to its end."""
SHAPE = Table("~shape", _META, Column("digest", Text, nullable=False))
"""What the file was made for."""


def mirror_table(pull: Pull) -> Table:
    """The table of a pull."""
    columns = (Column(name, _AsGiven(), primary_key=name == pull.key) for name in pull.columns)
    table = Table(pull.table, MetaData(), *columns, Column(CHANGED, Float))
    for name in pull.indexed:
        Index(f"{pull.table}~{name}", table.c[name])
    return table


def upsert(table: Table, key: str) -> str:
    """Insert a row by position, or replace the one of its key unless that is newer."""
    insert = sqlite.insert(table)
    replaced = {column.name: insert.excluded[column.name] for column in table.columns if column.name != key}
    newer = None
    if CHANGED in table.c:
        here, there = table.c[CHANGED], insert.excluded[CHANGED]
        newer = or_(there.is_(None), here.is_(None), there >= here)
    return sql_of(insert.on_conflict_do_update(index_elements=[key], set_=replaced, where=newer))


def sql_of(statement: Any) -> str:
    """The SQL of a statement, its parameters by position."""
    return str(statement.compile(dialect=_DIALECT))


def shape_digest(connector: str, pulls: Sequence[Pull], protection: Protection) -> str:
    """Identifies what the file holds: other columns, other keys or an earlier start need another file."""
    shape = [
        [
            pull.path, pull.table, pull.key, pull.columns, sorted(pull.protected), pull.indexed,
            pull.window.column, pull.window.start.isoformat(),
        ]
        for pull in pulls
    ]  # fmt: skip
    return hashlib.sha256(orjson.dumps([1, connector, shape, protection.key_check])).hexdigest()
