"""Raw rows of one binding, held in memory and read by canonical field.

Neighbours: :mod:`connectors.memory` asks it. Rows are named by their position among those that meet the binding's own
conditions. Everything is computed when first asked for and kept: a table is replaced as a whole or not at all.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from math import prod
from typing import Any

from connectors.contract import Aggregation, Binding, BoundField, ColumnRef, SourceCondition, SubSelect
from schema.message import Told
from schema.messages import sources
from schema.predicates import ROW_KEY
from schema.trees import Tree, subtree_prefix
from schema.values import Canonical

SourceRow = Mapping[str, Any]
Tables = Mapping[str, Sequence[SourceRow]]
"""Raw source rows by table: each row maps column names to values as a driver would give them."""

_AFTER_ALL_CODES = chr(0x10FFFF)


class NotThere(Exception):
    """A table that a binding names, or a column of it, is not among the tables."""

    def __init__(self, table: str, column: str | None = None) -> None:
        super().__init__(f"there is no table {table}" if column is None else f"table {table} has no column {column}")
        self.table = table
        self.column = column

    def told(self, connector: str) -> Told:
        """The same for whoever asks ``connector``."""
        if self.column is None:
            return sources.TABLE_MISSING(connector=connector, table=self.table)
        return sources.COLUMN_MISSING(connector=connector, table=self.table, columns=self.column)


class BoundRows:
    """The rows of ``binding`` in ``tables``. Raises `NotThere` where a bound table or column is missing."""

    def __init__(self, binding: Binding, tables: Tables) -> None:
        self.binding = binding
        self._tables = {name: tables[name] for name in _table_names(binding) if name in tables}
        base = _rows(tables, binding.table)
        self._parts: dict[str, list[SourceRow | None]] = {"": list(base)}
        self._join_all(range(len(base)))
        kept = [p for p in range(len(base)) if all(_qualifies(c, self._value(p, c.column)) for c in binding.conditions)]
        self._parts = {name: [rows[p] for p in kept] for name, rows in self._parts.items()}
        self.positions = range(len(kept))
        self._raw: dict[str, list[tuple[Any, ...]]] = {}
        self._canonical: dict[str, list[Canonical]] = {}
        self._first_keys: dict[tuple[str, ...], Mapping[tuple[int, Canonical], Sequence[int]]] = {}
        self._sorted: dict[str, tuple[list[str], list[int]]] = {}

    def reads(self, binding: Binding, tables: Tables) -> bool:
        """Whether these are still the rows of ``binding`` in ``tables``."""
        return binding is self.binding and all(
            tables.get(name) is self._tables.get(name) for name in _table_names(binding)
        )

    def bound(self, field: str) -> BoundField:
        """The bound field of that canonical name."""
        return self.binding.row_key if field == ROW_KEY else self.binding.fields[field]

    def raw(self, field: str) -> Sequence[tuple[Any, ...]]:
        """Raw values of ``field`` for every position, one tuple of ``codec.arity`` values each."""
        if field not in self._raw:
            self._raw[field] = self._read(self.bound(field))
        return self._raw[field]

    def canonical(self, field: str) -> Sequence[Canonical]:
        """Decoded values of ``field`` for every position."""
        if field not in self._canonical:
            decode = self.bound(field).codec.decode
            self._canonical[field] = [decode(*raw) for raw in self.raw(field)]
        return self._canonical[field]

    def having(self, fields: tuple[str, ...], key: Sequence[Canonical]) -> Sequence[int]:
        """Positions whose first non-null value among ``fields`` equals the value of ``key`` for that alternative."""
        if fields not in self._first_keys:
            self._first_keys[fields] = self._first_key_index(fields)
        index = self._first_keys[fields]
        found = (index.get((i, value), ()) for i, value in enumerate(key) if value is not None)
        return [position for positions in found for position in positions]

    def below(self, field: str, tree: Tree, code: Canonical) -> Sequence[int]:
        """Positions whose code in ``field`` lies in the subtree of ``code``; none for a code of another shape."""
        if field not in self._sorted:
            pairs = sorted((str(code), p) for p, code in enumerate(self.canonical(field)) if code is not None)
            self._sorted[field] = ([code for code, _ in pairs], [position for _, position in pairs])
        codes, positions = self._sorted[field]
        start, end = _subtree(codes, tree, code)
        return positions[start:end]

    def _join_all(self, positions: range) -> None:
        for join in self.binding.joins.values():
            there = [row for row in _rows(self._tables, join.table) if _all_qualify(join.conditions, row, join.table)]
            index = _group(there, join.table, tuple(column for _, column in join.on))
            keys = (tuple(self._value(p, here) for here, _ in join.on) for p in positions)
            self._parts[join.name] = [next(iter(index.get(key, ())), None) for key in keys]

    def _value(self, position: int, ref: ColumnRef) -> Any:
        row = self._parts[ref.table][position]
        if row is None:
            return None
        table = self.binding.joins[ref.table].table if ref.table else self.binding.table
        return _cell(row, table, ref.column)

    def _read(self, bound: BoundField) -> list[tuple[Any, ...]]:
        if bound.sub_select is None:
            return [tuple(self._value(p, ref) for ref in bound.columns) for p in self.positions]
        aggregate = self._aggregate(bound.sub_select)
        if bound.sub_select.aggregation is Aggregation.UNIQUE:
            name = bound.sub_select.on[-1][0]
            return [(*aggregate(p), self._value(p, name)) for p in self.positions]
        return [(aggregate(p),) for p in self.positions]

    def _aggregate(self, sub: SubSelect) -> Callable[[int], Any]:
        rows = [row for row in _rows(self._tables, sub.table) if _all_qualify(sub.conditions, row, sub.table)]

        def total(found: Sequence[SourceRow]) -> Any:
            if sub.aggregation is Aggregation.COUNT:
                return len(found)
            values = [[_cell(row, sub.table, column) for column in sub.columns] for row in found]
            if sub.aggregation is Aggregation.UNIQUE:
                return (*(values[0] if len(values) == 1 else [None] * len(sub.columns)), len(found))
            return sum(prod(factors) for factors in values if None not in factors)

        if sub.tree is None:
            index = _group(rows, sub.table, tuple(column for _, column in sub.on))
            return lambda p: total(index.get(tuple(self._value(p, here) for here, _ in sub.on), ()))
        (here, column), tree = sub.on[0], sub.tree
        with_code = sorted(
            ((str(code), row) for row in rows if (code := _cell(row, sub.table, column)) is not None),
            key=lambda pair: pair[0],
        )
        codes = [code for code, _ in with_code]

        def total_below(position: int) -> Any:
            start, end = _subtree(codes, tree, self._value(position, here))
            return total([row for _, row in with_code[start:end]])

        return total_below

    def _first_key_index(self, fields: tuple[str, ...]) -> Mapping[tuple[int, Canonical], Sequence[int]]:
        index: defaultdict[tuple[int, Canonical], list[int]] = defaultdict(list)
        for position, values in enumerate(zip(*(self.canonical(field) for field in fields), strict=True)):
            first = next(((i, value) for i, value in enumerate(values) if value is not None), None)
            if first is not None:
                index[first].append(position)
        return index


def _subtree(codes: Sequence[str], tree: Tree, code: object) -> tuple[int, int]:
    """Where in sorted ``codes`` the subtree of ``code`` begins and ends."""
    if code is None:
        return 0, 0
    try:
        prefix = subtree_prefix(tree, str(code))
    except ValueError:
        return 0, 0
    return bisect_left(codes, prefix), bisect_left(codes, prefix + _AFTER_ALL_CODES)


def _table_names(binding: Binding) -> Iterator[str]:
    yield binding.table
    yield from (join.table for join in binding.joins.values())
    yield from (field.sub_select.table for field in binding.fields.values() if field.sub_select is not None)


def _rows(tables: Tables, table: str) -> Sequence[SourceRow]:
    if table not in tables:
        raise NotThere(table)
    return tables[table]


def _cell(row: SourceRow, table: str, column: str) -> Any:
    if column not in row:
        raise NotThere(table, column)
    return row[column]


def _group(
    rows: Sequence[SourceRow], table: str, columns: tuple[str, ...]
) -> Mapping[tuple[Any, ...], list[SourceRow]]:
    """Rows by their values in ``columns``; a null never equals anything."""
    index: defaultdict[tuple[Any, ...], list[SourceRow]] = defaultdict(list)
    for row in rows:
        key = tuple(_cell(row, table, column) for column in columns)
        if None not in key:
            index[key].append(row)
    return index


def _all_qualify(conditions: Sequence[SourceCondition], row: SourceRow, table: str) -> bool:
    return all(_qualifies(condition, _cell(row, table, condition.column.column)) for condition in conditions)


def _qualifies(condition: SourceCondition, value: Any) -> bool:
    if not condition.values:
        return (value is None) is not condition.negated
    return value not in condition.values if condition.negated else value in condition.values
