"""The plainest correct connector: rows in memory, scanned, every answer exact (``residual`` None, ``ordered`` True).

Neighbours: implements :class:`connectors.contract.Connector`; reads rows through :mod:`connectors.memory_rows`. It
serves the hub's own reference data, stands in for a source in tests, and is the oracle other engines are compared with.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from typing import assert_never

from connectors.contract import (
    Column,
    Fetch,
    FetchArguments,
    Manifest,
    OrderTerm,
    Output,
    Prepared,
    RelatedBinding,
    Row,
    TableDescription,
)
from connectors.errors import SourceDrifted, SourceTimeout, UnsupportedFetch
from connectors.memory_rows import BoundRows, NotThere, Tables
from schema.messages import sources
from schema.predicates import (
    ROW_KEY,
    And,
    Comparison,
    Exists,
    IsNull,
    Not,
    Or,
    Predicate,
    evaluate,
    fields_of,
)

_ROWS_PER_DEADLINE_CHECK = 256


class MemoryConnector:
    """A source whose tables are lists of raw rows (column name -> value as a driver would give it).

    Answers come in the order asked for; without an order, in the tables' own. Rows of a hop are grouped by parent.
    """

    def __init__(self, manifest: Manifest, tables: Tables) -> None:
        self.name = manifest.connector
        self._tables = tables
        self._bound: dict[str, BoundRows] = {}

    async def open(self) -> None:
        """Nothing to open."""

    async def close(self) -> None:
        """Nothing to release."""

    async def as_of(self) -> str | None:
        """Rows in memory do not tell when they changed."""
        return None

    async def describe(self, tables: Sequence[str]) -> Mapping[str, TableDescription]:
        """Columns as the first row has them; memory knows no keys, and every column is as good as indexed."""
        present = {name: self._tables[name] for name in tables if name in self._tables}
        return {
            name: TableDescription(
                name=name,
                columns=dict.fromkeys(rows[0] if rows else (), "any"),
                primary_key=(),
                indexes=tuple((column,) for column in (rows[0] if rows else ())),
            )
            for name, rows in present.items()
        }

    def prepare(self, fetch: Fetch) -> Prepared:
        """Compile ``fetch``: only checks that every field it names is bound."""
        named = {*fetch.projection, *fields_of(fetch.predicate), *(term.field for term in fetch.order)}
        if fetch.keys is not None:
            named.update(fetch.keys.fields)
        if unbound := sorted(named - fetch.binding.fields.keys() - {ROW_KEY}):
            raise UnsupportedFetch(self.name, f"{fetch.binding.entity} has no {', '.join(unbound)} here")
        columns: dict[str, Column] = {}
        start = 0 if fetch.keys is None else 1
        for field in () if fetch.output is Output.COUNT else fetch.projection:
            codec = fetch.binding.row_key.codec if field == ROW_KEY else fetch.binding.fields[field].codec
            columns[field] = Column(start=start, codec=codec)
            start += codec.arity
        return Prepared(fetch=fetch, statement=_statement(fetch), columns=columns, residual=None, ordered=True)

    async def fetch(self, prepared: Prepared, arguments: FetchArguments) -> Sequence[Row]:
        """Scan, filter, sort, cut and project, in that order."""
        try:
            return self._answer(prepared.fetch, arguments)
        except NotThere as missing:
            raise SourceDrifted(self.name, missing.told(self.name)) from None

    def _answer(self, fetch: Fetch, arguments: FetchArguments) -> Sequence[Row]:
        rows = self._rows_of(fetch)
        answer: list[Row] = []
        for prefix, candidates in _candidates(fetch, rows, arguments):
            chosen = [p for p in self._in_time(candidates, arguments) if self._holds(fetch, rows, p, arguments)]
            match fetch.output:
                case Output.COUNT:
                    if chosen or fetch.keys is None:
                        answer.append((*prefix, len(chosen)))
                case Output.ROWS:
                    chosen = _sorted(chosen, rows, fetch.order)[: arguments.limit]
                    answer.extend((*prefix, *_project(fetch, rows, p)) for p in chosen)
                case Output.DISTINCT:
                    chosen = _distinct(_sorted(chosen, rows, fetch.order), rows, fetch.projection)[: arguments.limit]
                    answer.extend((*prefix, *_project(fetch, rows, p)) for p in chosen)
                case _:
                    assert_never(fetch.output)
        return answer

    def _rows_of(self, fetch: Fetch | RelatedBinding) -> BoundRows:
        binding = fetch.binding
        rows = self._bound.get(binding.entity)
        if rows is None or not rows.reads(binding, self._tables):
            rows = self._bound[binding.entity] = BoundRows(binding, self._tables)
        return rows

    def _in_time(self, positions: Sequence[int], arguments: FetchArguments) -> Iterator[int]:
        now = asyncio.get_running_loop().time
        if now() >= arguments.deadline:
            raise SourceTimeout(self.name, sources.SOURCE_TOO_SLOW(connector=self.name))
        for count, position in enumerate(positions, start=1):
            yield position
            if count % _ROWS_PER_DEADLINE_CHECK == 0 and now() >= arguments.deadline:
                raise SourceTimeout(self.name, sources.SOURCE_TOO_SLOW(connector=self.name))

    def _holds(self, fetch: Fetch, rows: BoundRows, position: int, arguments: FetchArguments) -> bool:
        return self._truth(fetch.predicate, fetch.related, rows, position, arguments) is True

    def _truth(
        self,
        predicate: Predicate,
        related: Mapping[str, RelatedBinding],
        rows: BoundRows,
        position: int,
        arguments: FetchArguments,
    ) -> bool | None:
        def exists(node: Exists) -> bool:
            step = related[node.relation]
            there = self._rows_of(step)
            found = _reached(step, there, rows.canonical(step.local)[position])
            return any(
                self._truth(node.predicate, related, there, p, arguments) is True
                for p in self._in_time(found, arguments)
            )

        return evaluate(predicate, lambda field: rows.canonical(field)[position], arguments.parameters, exists)


def _reached(step: RelatedBinding, there: BoundRows, local: object) -> Sequence[int]:
    if local is None:
        return ()
    if step.tree is not None:
        return there.below(step.remote, step.tree, str(local))
    return there.having((step.remote,), (local,))  # type: ignore[arg-type]


def _candidates(
    fetch: Fetch, rows: BoundRows, arguments: FetchArguments
) -> Iterator[tuple[tuple[int, ...], Sequence[int]]]:
    """Positions to look at, with what each of their rows begins with: nothing, or the ordinal of its parent."""
    match = fetch.keys
    if match is None:
        yield (), rows.positions
        return
    for ordinal, key in enumerate(arguments.keys or ()):
        if match.tree is not None:
            yield (ordinal,), rows.below(match.fields[0], match.tree, key[0])
        else:
            yield (ordinal,), rows.having(match.fields, key)


def _sorted(positions: list[int], rows: BoundRows, order: Sequence[OrderTerm]) -> list[int]:
    """By the terms in turn; positions that tie on all of them keep their order."""
    for term in reversed(order):
        values = rows.canonical(term.field)
        present = [p for p in positions if values[p] is not None]
        absent = [p for p in positions if values[p] is None]
        present.sort(key=values.__getitem__, reverse=term.descending)  # type: ignore[arg-type]
        positions = present + absent if term.nulls_last else absent + present
    return positions


def _distinct(positions: Sequence[int], rows: BoundRows, fields: Sequence[str]) -> list[int]:
    """The first position of each combination of canonical values."""
    first: dict[tuple[object, ...], int] = {}
    for position in positions:
        first.setdefault(tuple(rows.canonical(field)[position] for field in fields), position)
    return list(first.values())


def _project(fetch: Fetch, rows: BoundRows, position: int) -> Iterator[object]:
    for field in fetch.projection:
        yield from rows.raw(field)[position]


def _statement(fetch: Fetch) -> str:
    """The fetch in words, with parameter slots for values."""
    output = fetch.output.value if fetch.output is not Output.ROWS else ""
    parts = [f"scan {fetch.binding.table}: {output} {', '.join(fetch.projection)}".replace(":  ", ": ").rstrip(": ")]
    if fetch.keys is not None:
        parts.append(f"of parents by {' else '.join(fetch.keys.fields)}{' as subtree' if fetch.keys.tree else ''}")
    if fetch.predicate != And(()):
        parts.append(f"where {_words(fetch.predicate)}")
    if fetch.order:
        parts.append("order by " + ", ".join(f"{t.field} {'desc' if t.descending else 'asc'}" for t in fetch.order))
    if fetch.limited:
        parts.append("limit")
    return "\n".join(parts)


def _words(predicate: Predicate) -> str:
    match predicate:
        case Comparison(field, operator, slot):
            return f"{field} {operator.value} ${slot}"
        case IsNull(field):
            return f"{field} is null"
        case Exists(relation, inner):
            return f"some {relation} where {_words(inner)}"
        case And(operands):
            return f"({' and '.join(map(_words, operands))})" if operands else "true"
        case Or(operands):
            return f"({' or '.join(map(_words, operands))})" if operands else "false"
        case Not(operand):
            return f"not {_words(operand)}"
        case _:
            assert_never(predicate)
