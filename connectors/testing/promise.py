"""Asking a connector, holding it to its promise, and finishing what it left to the caller.

A capability is a promise tested both ways: where ``Prepared`` reports no residual and an order, the rows themselves
must be exact; where it reports less, they must hold every right row, and finishing them as the executor would must give
the exact answer. Neighbours: :mod:`connectors.testing.conformance`.
"""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connectors.contract import Connector, Fetch, FetchArguments, OrderTerm, Output, Prepared, Row
from schema.predicates import evaluate, follows_relation
from schema.values import Canonical

Record = Mapping[str, Canonical]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """``records``: decoded rows by parent ordinal (0 without keys), finished; ``prepared``: what was promised."""

    prepared: Prepared
    records: Mapping[int, Sequence[Record]]

    @property
    def exact(self) -> bool:
        """The source decided everything: filter and order."""
        return self.prepared.residual is None and self.prepared.ordered

    def column(self, field: str, ordinal: int = 0) -> list[Canonical]:
        """The values of one field, in the order of the answer."""
        return [record[field] for record in self.records.get(ordinal, ())]


def arguments(
    parameters: Sequence[Any] = (),
    *,
    keys: Sequence[tuple[Canonical, ...]] | None = None,
    limit: int | None = None,
    seconds: float = 20.0,
) -> FetchArguments:
    """Values of one execution with ``seconds`` left."""
    deadline = asyncio.get_running_loop().time() + seconds
    return FetchArguments(parameters=parameters, deadline=deadline, keys=keys, limit=limit)


async def ask(connector: Connector, fetch: Fetch, given: FetchArguments) -> Answer:
    """Prepare, fetch, decode and finish ``fetch`` (rows or distinct values). Asserts what every answer must keep."""
    prepared = connector.prepare(fetch)
    assert prepared.fetch is fetch
    assert prepared.columns.keys() >= set(fetch.projection)
    rows = await connector.fetch(prepared, given)
    by_parent: defaultdict[int, list[Record]] = defaultdict(list)
    for row in rows:
        by_parent[row[0] if fetch.keys is not None else 0].append(_decoded(prepared, row))
    if given.limit is not None:
        assert fetch.limited
        assert all(len(records) <= given.limit for records in by_parent.values()), "more rows than the limit"
    if prepared.residual is not None:
        residual = prepared.residual
        assert not follows_relation(residual), "whoever finishes the rows cannot follow a relation"
        for ordinal, records in by_parent.items():
            kept = [r for r in records if evaluate(residual, r.__getitem__, given.parameters) is True]
            by_parent[ordinal] = kept
    if not prepared.ordered:
        by_parent = defaultdict(list, {ordinal: in_order(r, fetch.order) for ordinal, r in by_parent.items()})
    return Answer(prepared=prepared, records={ordinal: records for ordinal, records in by_parent.items() if records})


async def count(connector: Connector, fetch: Fetch, given: FetchArguments) -> tuple[Prepared, Mapping[int, int]]:
    """The promise and the counts by parent ordinal (0 without keys) of a ``COUNT`` fetch."""
    assert fetch.output is Output.COUNT
    prepared = connector.prepare(fetch)
    rows = await connector.fetch(prepared, given)
    if fetch.keys is None:
        assert len(rows) == 1
        return prepared, {0: rows[0][0]}
    counts = {row[0]: row[1] for row in rows}
    assert len(counts) == len(rows), "a parent was counted twice"
    assert 0 not in counts.values(), "a parent without rows is left out"
    return prepared, counts


def in_order(records: Sequence[Record], order: Sequence[OrderTerm]) -> list[Record]:
    """``records`` by the terms in turn: code points, nulls at the end that the term says."""
    ordered = list(records)
    for term in reversed(order):
        present = [r for r in ordered if r[term.field] is not None]
        absent = [r for r in ordered if r[term.field] is None]
        present.sort(key=lambda record: record[term.field], reverse=term.descending)  # type: ignore[arg-type, return-value]
        ordered = present + absent if term.nulls_last else absent + present
    return ordered


def _decoded(prepared: Prepared, row: Row) -> Record:
    record: dict[str, Canonical] = {}
    for field, column in prepared.columns.items():
        raw = tuple(row[column.start : column.start + column.codec.arity])
        assert len(raw) == column.codec.arity, f"the row has no room for {field}"
        record[field] = column.codec.decode(*raw)
        if column.codec.passthrough:
            assert record[field] == raw[0], f"{field} is not passed through as it stands"
    return record
