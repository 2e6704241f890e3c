"""Stage *fetch*: one statement at a time. The only place that calls ``Connector.fetch``.

Rechecks what a source could not decide exactly and sorts what it could not order, within stated bounds (D16).
Neighbours: :mod:`resolvers.nodes` and :mod:`resolvers.connections` say what to fetch.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from connectors.contract import Connector, FetchArguments, OrderTerm, Output, Prepared, Row
from resolvers.errors import LimitExceeded
from resolvers.fetch_plan import SourceFetch
from resolvers.operation_trace import OperationTrace, clock
from schema.messages import operations
from schema.predicates import Predicate, evaluate, slots_of

MAX_SORTED_ROWS = 10_000
"""The most rows (per parent) that are sorted or counted here because the source cannot do it exactly."""
MAX_HELD_ROWS = 100_000
"""The most rows that one operation fetches, over all parents, to sort, count or recheck them here."""
OVERFETCH = (2, 20)
"""Pages (per parent) that are fetched to fill one page when rows must be rechecked; the last is the bound."""


class Executor:
    """Runs fetches of one operation.

    ``parameters``: canonical values by slot, filled in before use. ``broken``: slots whose value could not be had, with
    the error that every fetch using them raises. ``deadline``: event loop's clock, seconds. ``catch_up``: waits until a
    connector is as fresh as the operation wants it. ``trace``: records every statement. ``spare``: rows that may still
    be held here to be finished.
    """

    __slots__ = ("broken", "catch_up", "connectors", "deadline", "parameters", "spare", "trace")

    def __init__(
        self,
        connectors: Mapping[str, Connector],
        parameters: list[Any],
        deadline: float,
        catch_up: Callable[[str], Awaitable[None]] | None = None,
        *,
        trace: OperationTrace,
    ) -> None:
        self.connectors = connectors
        self.catch_up = catch_up
        self.parameters = parameters
        self.deadline = deadline
        self.broken: dict[int, Exception] = {}
        self.trace = trace
        self.spare = MAX_HELD_ROWS

    def value(self, slot: int) -> Any:
        """The value of a slot. Raises the error that it could not be had with."""
        if slot in self.broken:
            raise self.broken[slot]
        return self.parameters[slot]

    async def rows(
        self, source: SourceFetch, keys: Sequence[tuple[Any, ...]] | None = None, limit: int | None = None
    ) -> Sequence[Row]:
        """The rows of ``source``, exactly as asked: ``limit`` (per parent when ``keys`` is given) and order included.

        With ``keys`` rows start with their parent's ordinal; rows of one parent are in order, parents in any order.
        Raises a ``ConnectorError``, or `LimitExceeded` when a bound is passed.
        """
        prepared = source.prepared
        if self.broken:
            self._refuse_broken(prepared.fetch.predicate)
        if prepared.residual is None and (prepared.ordered or not prepared.fetch.order):
            return await self._fetch(source, keys, limit)
        if prepared.ordered or not prepared.fetch.order:
            return await self._overfetch(source, keys, limit)
        found = await self._bounded(source, keys, limited=limit is not None)
        return self._cut(self._sorted(self._recheck(found, prepared), prepared), prepared, limit)

    async def count(self, source: SourceFetch, keys: Sequence[tuple[Any, ...]] | None = None) -> dict[int, int]:
        """Number of rows by parent ordinal (0 without ``keys``); parents without rows are left out."""
        prepared = source.prepared
        if self.broken:
            self._refuse_broken(prepared.fetch.predicate)
        if prepared.fetch.output is Output.COUNT:
            counted = await self._fetch(source, keys, None)
            return {row[0]: row[1] for row in counted} if keys is not None else {0: counted[0][0]}
        counts: dict[int, int] = {}
        for row in self._recheck(await self._bounded(source, keys, limited=True), prepared):
            ordinal = row[0] if keys is not None else 0
            counts[ordinal] = counts.get(ordinal, 0) + 1
        return counts

    async def _fetch(
        self, source: SourceFetch, keys: Sequence[tuple[Any, ...]] | None, limit: int | None
    ) -> Sequence[Row]:
        began, asked = clock(), None if keys is None else len(keys)
        try:
            if self.catch_up is not None:
                await self.catch_up(source.connector)
            arguments = FetchArguments(parameters=self.parameters, deadline=self.deadline, keys=keys, limit=limit)
            rows = await self.connectors[source.connector].fetch(source.prepared, arguments)
        except BaseException as error:
            self.trace.fetched(source, began, asked, 0, error)
            raise
        self.trace.fetched(source, began, asked, len(rows))
        return rows

    async def _overfetch(
        self, source: SourceFetch, keys: Sequence[tuple[Any, ...]] | None, limit: int | None
    ) -> Sequence[Row]:
        prepared = source.prepared
        if limit is None:
            return self._recheck(await self._fetch(source, keys, None), prepared)
        for pages in OVERFETCH:
            asked = max(limit, min(limit * pages, self._share(keys)))
            found = await self._fetch(source, keys, asked)
            self.spare -= len(found)
            kept = self._recheck(found, prepared)
            if _filled(found, kept, prepared, limit, asked):
                return self._cut(kept, prepared, limit)
        raise LimitExceeded(
            operations.FILTER_UNDECIDED(),
            limit="overfetch_pages",
            maximum=OVERFETCH[-1],
        )

    async def _bounded(
        self, source: SourceFetch, keys: Sequence[tuple[Any, ...]] | None, *, limited: bool
    ) -> Sequence[Row]:
        most = min(MAX_SORTED_ROWS, self._share(keys))
        found = await self._fetch(source, keys, most + 1 if limited else None)
        self.spare -= len(found)
        if any(count > most for count in _by_parent(found, source.prepared).values()):
            maximum = MAX_SORTED_ROWS if most == MAX_SORTED_ROWS else MAX_HELD_ROWS
            raise LimitExceeded(operations.TOO_MANY_TO_SORT(), limit="sorted_rows", maximum=maximum)
        return found

    def _share(self, keys: Sequence[tuple[Any, ...]] | None) -> int:
        """Rows that each parent may still have held here."""
        return max(0, self.spare) // (1 if keys is None else max(1, len(keys)))

    def _recheck(self, rows: Sequence[Row], prepared: Prepared) -> Sequence[Row]:
        residual = prepared.residual
        if residual is None:
            return rows
        return [row for row in rows if evaluate(residual, _reader(row, prepared), self.parameters) is True]

    @staticmethod
    def _sorted(rows: Sequence[Row], prepared: Prepared) -> list[Row]:
        ordered = list(rows)
        for term in reversed(prepared.fetch.order):
            ordered = _by_term(ordered, term, prepared)
        return ordered

    @staticmethod
    def _cut(rows: Sequence[Row], prepared: Prepared, limit: int | None) -> Sequence[Row]:
        if limit is None:
            return rows
        if prepared.fetch.keys is None:
            return rows[:limit]
        taken: dict[int, int] = {}
        kept = []
        for row in rows:
            taken[row[0]] = count = taken.get(row[0], 0) + 1
            if count <= limit:
                kept.append(row)
        return kept

    def _refuse_broken(self, predicate: Predicate) -> None:
        for slot in slots_of(predicate):
            if slot in self.broken:
                raise self.broken[slot]


def _reader(row: Row, prepared: Prepared) -> Callable[[str], Any]:
    def value_of(field: str) -> Any:
        column = prepared.columns[field]
        return column.codec.decode(*row[column.start : column.start + column.codec.arity])

    return value_of


def _by_term(rows: list[Row], term: OrderTerm, prepared: Prepared) -> list[Row]:
    keyed = [(_reader(row, prepared)(term.field), row) for row in rows]
    present = [pair for pair in keyed if pair[0] is not None]
    absent = [row for value, row in keyed if value is None]
    present.sort(key=lambda pair: pair[0], reverse=term.descending)
    ordered = [row for _, row in present]
    return ordered + absent if term.nulls_last else absent + ordered


def _by_parent(rows: Sequence[Row], prepared: Prepared) -> dict[int, int]:
    if prepared.fetch.keys is None:
        return {0: len(rows)}
    counts: dict[int, int] = {}
    for row in rows:
        counts[row[0]] = counts.get(row[0], 0) + 1
    return counts


def _filled(found: Sequence[Row], kept: Sequence[Row], prepared: Prepared, limit: int, asked: int) -> bool:
    """Whether every parent whose rows were cut has a full page of rechecked rows."""
    have = _by_parent(kept, prepared)
    return all(count < asked or have.get(parent, 0) >= limit for parent, count in _by_parent(found, prepared).items())
