"""A drop's files -> a table in DuckDB, with the columns that `connectors.sql.duckdb_layout` asks for.

Canonical columns are computed by the codecs themselves, once for each distinct value of their source columns; what
plainly stands for itself is copied. Neighbour: :mod:`connectors.files.store` decides what is loaded and swaps it in.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import duckdb
from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CreateView,
    DateTime,
    FromClause,
    Integer,
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
from connectors.sql.duckdb_layout import ROW_PLACE, CanonicalColumn, Reading, TableLayout
from connectors.sql.duckdb_readings import ReadParquet, read_as, stands_for_itself
from connectors.sql.elements import Constant, Expression

_BATCH = 50_000
_STAGE, _NUMBER = "a drop as it is", "#drop"


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldDrop:
    """A loaded drop: its ``number`` in the ``table`` that holds it, the columns held, those of the files with types."""

    number: int
    table: str
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


def load_drop(
    connection: duckdb.DuckDBPyConnection, files: Sequence[str], layout: TableLayout, name: str, number: int
) -> HeldDrop:
    """Load Parquet files as a drop of the table ``name``, within the transaction that is open. Raises ``duckdb.Error``.

    A ``number`` is given once.
    """
    live = columns_of(connection, files)
    raw = [column for column in layout.raw if column in live]
    canonical = [one for one in layout.canonical.values() if all(column in live for column in one.columns)]
    types = _stage(connection, files, layout, live, [*raw, *(column for one in canonical for column in one.columns)])
    base: FromClause = table(_STAGE).alias("base")
    source, temporary = base, [_STAGE]
    expressions: list[Expression] = [member(base, column) for column in raw]
    for position, wanted in enumerate(canonical):
        value, joined = _decoded(connection, base, wanted, types, position)
        expressions.append(value.label(wanted.name))
        for there, condition, temporary_name in joined:
            source = source.outerjoin(there, condition)
            temporary.append(temporary_name)
    held = HeldDrop(
        number=number,
        table=f"{name} {number}",
        columns=(*raw, *(one.name for one in canonical)),
        live=live,
    )
    expressions.append(cast(Constant(number), Integer()).label(_NUMBER))
    make_table(connection, held.table, select(*expressions).select_from(source))
    for temporary_name in temporary:
        drop_table(connection, temporary_name)
    return held


def _stage(
    connection: duckdb.DuckDBPyConnection,
    files: Sequence[str],
    layout: TableLayout,
    live: Mapping[str, str],
    columns: Sequence[str],
) -> Mapping[str, str]:
    """Read ``columns`` of the files into a table; gives their types there."""
    readings = {column: layout.raw.get(column, Reading.AS_IT_IS) for column in columns}
    read = {
        column: read_as(column, live[column], reading, utc=column in layout.utc) for column, reading in readings.items()
    }
    shown = [expression.label(column) for column, (expression, _) in read.items()] or [null().label("nothing")]
    drop = ReadParquet(bindparam("files")).alias("files")
    make_table(connection, _STAGE, select(*shown).select_from(drop), list(files), temporary=True)
    return {column: kind for column, (_, kind) in read.items()}


def gather(
    connection: duckdb.DuckDBPyConnection, name: str, drops: Sequence[HeldDrop], before: Sequence[HeldDrop]
) -> Sequence[HeldDrop]:
    """Make ``name`` stand for the rows of ``drops``, newest first, within the transaction that is open.

    Its columns are those of the newest drop; where others lack one it is null. The tables that hold ``before`` and are
    not wanted any more are removed. Gives ``drops`` as they are held then.
    """
    held = list(drops)
    if len(drops) > 1:
        together = f"{name} {'+'.join(str(drop.number) for drop in drops)}"
        columns = tuple(dict.fromkeys(column for drop in drops for column in drop.columns))
        make_table(connection, together, union_all(*(_rows(drop, columns) for drop in drops)))
        held = [replace(drop, table=together) for drop in drops]
    source = table(held[0].table).alias("held")
    shown = [*(member(source, column).label(column) for column in drops[0].columns)]
    place = member(source, "rowid").label(ROW_PLACE)
    send(connection, CreateView(select(*shown, place).select_from(source), name, or_replace=True))
    for old in {drop.table for drop in (*before, *drops)} - {held[0].table}:
        drop_table(connection, old)
    return held


def _rows(drop: HeldDrop, columns: Sequence[str]) -> Select[Any]:
    """The rows of a drop, out of the table that may hold others too."""
    source = table(drop.table).alias("held")
    shown = (member(source, name) if name in drop.columns else null() for name in columns)
    number = member(source, _NUMBER)
    labelled = (value.label(name) for value, name in zip(shown, columns, strict=True))
    return select(*labelled, number.label(_NUMBER)).select_from(source).where(number == Constant(drop.number))


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
