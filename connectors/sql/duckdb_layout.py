"""How tables of files are held in DuckDB: which columns, as what, and the canonical columns beside them.

A drop is read once and asked often, so what a codec makes of a column is computed when the drop is loaded and held as a
column of its own. Filters, orders and hops then compare canonical values as they are, for every codec. Neighbours:
:mod:`connectors.sql.duckdb_loading` fills the columns, :mod:`connectors.sql.duckdb_dialect` asks for them.
"""

from dataclasses import dataclass, field
from enum import IntEnum

from connectors.codecs import Codec
from connectors.codecs.dates import PointInTime
from connectors.codecs.lists import LIST_CODECS, Bits
from connectors.codecs.numbers import Digits, Float, Integer
from connectors.codecs.texts import Text, Token, Uscc, Verbatim
from connectors.contract import Aggregation, Binding, BoundField, ColumnRef, Manifest

ROW_PLACE = "#row"
"""The column that tells where in its table a row is."""


class Reading(IntEnum):
    """What a column is made when it is loaded, by how it is read; the least of several wins."""

    WHOLE = 1
    """A whole number; `NO_NUMBER` where it is none."""
    DOUBLE = 2
    """A double; not a number where it is none."""
    DECIMAL = 3
    """What sums add up; null where it is no number."""
    TEXT = 4
    AS_IT_IS = 5


NO_NUMBER = 2**63
"""Stands for what is no whole number: a number that no codec of whole numbers takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CanonicalColumn:
    """The canonical values of a field, held as column ``name``: what ``codec`` makes of ``columns``."""

    name: str
    columns: tuple[str, ...]
    codec: Codec


@dataclass(slots=True)
class TableLayout:
    """The columns of one table. ``utc``: those that hold points in time in UTC where they have no zone."""

    raw: dict[str, Reading] = field(default_factory=dict)
    canonical: dict[str, CanonicalColumn] = field(default_factory=dict)
    utc: set[str] = field(default_factory=set)

    def read(self, column: str, reading: Reading = Reading.AS_IT_IS) -> None:
        """``column`` is read as ``reading``."""
        self.raw[column] = min(reading, self.raw.get(column, reading))


class Layout:
    """The layout of every table that the bindings of a manifest read."""

    def __init__(self, manifest: Manifest) -> None:
        self.connector = manifest.connector
        self.tables: dict[str, TableLayout] = {}
        self._names: dict[tuple[Codec, tuple[str, ...]], str] = {}
        self._pairs: list[tuple[tuple[str, str], tuple[str, str]]] = []
        for binding in manifest.bindings.values():
            self._add(binding)
        if manifest.freshness.column is not None:
            table, column = manifest.freshness.column
            self._table(table).read(column)
        for one, other in self._pairs:
            self._join(one, other)

    def canonical(self, codec: Codec, columns: tuple[str, ...]) -> str | None:
        """The name of the column that holds what ``codec`` makes of ``columns``."""
        return self._names.get((codec, columns))

    def sources_of(self, column: str) -> tuple[str, ...]:
        """The source columns behind a column of a table, for people; empty for one that is not held."""
        for table in self.tables.values():
            if column in table.canonical:
                return table.canonical[column].columns
            if column in table.raw:
                return (column,)
        return ()

    def _table(self, name: str) -> TableLayout:
        return self.tables.setdefault(name, TableLayout())

    def _add(self, binding: Binding) -> None:
        def place(ref: ColumnRef) -> tuple[str, str]:
            return (binding.joins[ref.table].table if ref.table else binding.table), ref.column

        def read(ref: ColumnRef) -> None:
            table, column = place(ref)
            self._table(table).read(column)

        self._table(binding.table)
        for condition in binding.conditions:
            read(condition.column)
        for join in binding.joins.values():
            for condition in join.conditions:
                self._table(join.table).read(condition.column.column)
            self._pairs.extend((place(here), (join.table, there)) for here, there in join.on)
        for bound in (binding.row_key, *binding.fields.values()):
            self._add_field(binding, bound, [place(ref) for ref in bound.columns])
            if (sub := bound.sub_select) is not None:
                self._pairs.extend((place(here), (sub.table, there)) for here, there in sub.on)
                for condition in sub.conditions:
                    self._table(sub.table).read(condition.column.column)
                for column in sub.columns:
                    self._table(sub.table).read(column, _summed(sub.aggregation, bound.codec))

    def _add_field(self, binding: Binding, bound: BoundField, places: list[tuple[str, str]]) -> None:
        codec = bound.codec
        for table, column in places:
            if isinstance(codec, PointInTime) and codec.utc:
                self._table(table).utc.add(column)
            if not is_shown_canonical(codec):
                self._table(table).read(column, reading_of(codec))
        tables, columns = {table for table, _ in places}, tuple(column for _, column in places)
        if (
            is_compared_raw(codec)
            or isinstance(codec, LIST_CODECS)
            or len(tables) != 1
            or (codec, columns) in self._names
        ):
            return
        name = self._names[codec, columns] = f"{binding.entity}.{bound.name}"
        self._table(tables.pop()).canonical[name] = CanonicalColumn(name=name, columns=columns, codec=codec)

    def _join(self, one: tuple[str, str], other: tuple[str, str]) -> None:
        """Columns that are compared are read alike where one of them is a number."""
        for table, column in (one, other):
            self._table(table).read(column)
        readings = [self.tables[table].raw[column] for table, column in (one, other)]
        if Reading.WHOLE in readings:
            for table, column in (one, other):
                self._table(table).read(column, Reading.WHOLE)


def _summed(aggregation: Aggregation, codec: Codec) -> Reading:
    if aggregation is not Aggregation.SUM:
        return Reading.AS_IT_IS
    return Reading.WHOLE if isinstance(codec, Integer) else Reading.DECIMAL


def reading_of(codec: Codec) -> Reading:
    """What a codec wants of its column."""
    match codec:
        case Integer() | Digits() | Bits():
            return Reading.WHOLE
        case Float():
            return Reading.DOUBLE
        case Verbatim() | Token():
            return Reading.TEXT
        case _:
            return Reading.AS_IT_IS


def is_compared_raw(codec: Codec) -> bool:
    """The column itself is what is compared."""
    return isinstance(codec, Integer | Float | Verbatim | Token)


def is_shown_canonical(codec: Codec) -> bool:
    """Decoding the canonical value gives it again and tells the same defects: the column itself need not be held."""
    return isinstance(codec, Uscc) or (isinstance(codec, Text) and not codec.lossy)
