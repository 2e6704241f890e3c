"""A drop's files -> a table in DuckDB, with the columns that `connectors.sql.duckdb_layout` asks for.

Canonical columns are computed by the codecs themselves, once for each distinct value of their source columns; what
plainly stands for itself is copied. Neighbour: :mod:`connectors.files.store` decides what is loaded and swaps it in.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CreateView,
    DateTime,
    FromClause,
    Select,
    Text,
    and_,
    bindparam,
    case,
    cast,
    column,
    false,
    func,
    insert,
    null,
    or_,
    select,
    table,
    union_all,
)
from sqlalchemy.types import TypeEngine

from connectors.codecs import Codec
from connectors.codecs.dates import Epoch, PointInTime
from connectors.codecs.mapped import Mapped
from connectors.codecs.numbers import Money
from connectors.sql.bound_table import member
from connectors.sql.duckdb_database import drop_table, make_table, send
from connectors.sql.duckdb_dialect import holds_booleans
from connectors.sql.duckdb_layout import CanonicalColumn, Reading, TableLayout, held_columns
from connectors.sql.duckdb_readings import ReadParquet, read_as, stands_for_itself
from connectors.sql.elements import Expression

_BATCH = 50_000
_STAGE = "a drop as it is"


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldTable:
    """A loaded drop: the ``name`` of its table, the columns it holds, and those of the files with their types."""

    name: str
    columns: tuple[str, ...]
    live: Mapping[str, str]


def columns_of(connection: duckdb.DuckDBPyConnection, files: Sequence[str]) -> Mapping[str, str]:
    """The columns of Parquet files with their types. Raises ``duckdb.Error``."""
    rows = connection.execute(
        "DESCRIBE SELECT * FROM read_parquet($1, union_by_name = true, binary_as_string = true, "
        "hive_partitioning = false)",
        [list(files)],
    ).fetchall()
    return {row[0]: row[1] for row in rows}


def load_drop(connection: duckdb.DuckDBPyConnection, files: Sequence[str], layout: TableLayout, name: str) -> HeldTable:
    """Make the table ``name`` of Parquet files, within the transaction that is open. Raises ``duckdb.Error``."""
    live = columns_of(connection, files)
    held = tuple(held_columns(layout, live))
    canonical = [found for found in layout.canonical.values() if found.name in held]
    sources = [*(name for name in layout.raw if name in live), *(name for one in canonical for name in one.columns)]
    kinds = {source: layout.raw.get(source, Reading.AS_IT_IS) for source in sources}
    read = {source: read_as(source, live[source], kinds[source], utc=source in layout.utc) for source in kinds}
    drop = ReadParquet(bindparam("files")).alias("files")
    shown = [expression.label(source) for source, (expression, _) in read.items()] or [null().label("nothing")]
    make_table(connection, _STAGE, select(*shown).select_from(drop), list(files), temporary=True)
    types = {source: kind for source, (_, kind) in read.items()}
    base: FromClause = table(_STAGE).alias("base")
    source: FromClause = base
    expressions = [member(base, name).label(name) for name in layout.raw if name in live]
    temporary = [_STAGE]
    for position, wanted in enumerate(canonical):
        value, joined = _decoded(connection, base, wanted, types, position)
        expressions.append(value.label(wanted.name))
        for there, condition, temporary_name in joined:
            source = source.outerjoin(there, condition)
            temporary.append(temporary_name)
    make_table(connection, name, select(*expressions or [null().label("nothing")]).select_from(source))
    for temporary_name in temporary:
        drop_table(connection, temporary_name)
    return HeldTable(name=name, columns=held, live=live)


def show_tables(connection: duckdb.DuckDBPyConnection, name: str, tables: Sequence[HeldTable]) -> None:
    """Make ``name`` stand for the rows of ``tables``, with the columns of the first; null where others lack one."""
    columns = tables[0].columns or ("nothing",)

    def rows(held: HeldTable) -> Select[Any]:
        source = table(held.name).alias("held")
        present = {*held.columns} or {"nothing"}
        return select(
            *((member(source, name) if name in present else null()).label(name) for name in columns)
        ).select_from(source)

    shown = [rows(held) for held in tables]
    chosen = shown[0] if len(shown) == 1 else union_all(*shown)
    send(connection, CreateView(chosen, name, or_replace=True))


def _decoded(
    connection: duckdb.DuckDBPyConnection,
    base: FromClause,
    wanted: CanonicalColumn,
    types: Mapping[str, str],
    position: int,
) -> tuple[Expression, Sequence[tuple[FromClause, Expression, str]]]:
    """The expression of a canonical column, and the tables to join for it."""
    codec, raw = wanted.codec, [member(base, source) for source in wanted.columns]
    plain = stands_for_itself(codec, raw[0], types[wanted.columns[0]]) if len(raw) == 1 else None
    values_name, decoded_name = f"values {position}", f"decoded {position}"
    keys = [f"key{place}" for place in range(len(raw))]
    left = [found.is_not(None) for found in raw]
    asked = or_(*left) if plain is None else and_(*left, ~plain[0])
    distinct = select(*(one.label(key) for one, key in zip(raw, keys, strict=True))).where(asked).distinct().subquery()
    numbered = select(func.row_number().over().label("number"), *(distinct.c[key] for key in keys))
    make_table(connection, values_name, numbered, temporary=True)
    kind = _kind(codec)
    empty = select(cast(null(), BigInteger()).label("number"), cast(null(), kind).label("value")).where(false())
    make_table(connection, decoded_name, empty, temporary=True)
    _decode_all(connection, codec, values_name, decoded_name, kind, len(keys))
    values, decoded = table(values_name).alias(f"values{position}"), table(decoded_name).alias(f"decoded{position}")
    pairs = [(member(values, key), one) for key, one in zip(keys, raw, strict=True)]
    same = [there == here if len(pairs) == 1 else there.is_not_distinct_from(here) for there, here in pairs]
    value = member(decoded, "value")
    chosen = value if plain is None else case((plain[0], plain[1]), else_=value)
    number = member(decoded, "number") == member(values, "number")
    return chosen, ((values, and_(*same), values_name), (decoded, number, decoded_name))


def _decode_all(
    connection: duckdb.DuckDBPyConnection, codec: Codec, values: str, decoded: str, kind: TypeEngine[Any], arity: int
) -> None:
    source = table(values).alias("numbered")
    number, keys = member(source, "number"), (member(source, f"key{place}") for place in range(arity))
    some = select(number, *keys).select_from(source).where(number > bindparam("after"), number <= bindparam("upto"))
    added = insert(table(decoded, column("number"), column("value"))).from_select(
        ["number", "value"],
        select(
            func.unnest(cast(bindparam("numbers"), ARRAY(BigInteger()))),
            func.unnest(cast(bindparam("values"), ARRAY(kind))),
        ),
    )
    after = 0
    while batch := send(connection, some, after, after + _BATCH).fetchall():
        after += _BATCH
        found = [(row[0], value) for row in batch if (value := codec.decode(*row[1:])) is not None]
        texts = [_spelt(value) if isinstance(kind, DateTime) else value for _, value in found]
        send(connection, added, [number for number, _ in found], texts)


def _kind(codec: Codec) -> TypeEngine[Any]:
    """The type of a canonical column."""
    match codec:
        case Money():
            return BigInteger()
        case PointInTime() | Epoch():
            return DateTime()
        case Mapped() if holds_booleans(codec):
            return Boolean()
        case _:
            return Text()


def _spelt(value: Any) -> str:
    """A canonical DateTime without its zone, which is Beijing's."""
    return str(value)[: -len("+08:00")]
