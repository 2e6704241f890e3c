"""Conformance: order, keyset walks, limits, counts and distinct values of one list."""

from collections.abc import Sequence

import pytest

from connectors.contract import Connector, Fetch, OrderTerm, Output
from connectors.testing.dataset import MEMBER, MEMBERS
from connectors.testing.promise import Answer, Record, arguments, ask, count, in_order
from schema.predicates import (
    ALWAYS,
    NEVER,
    ROW_KEY,
    And,
    Comparison,
    IsNull,
    Not,
    Operator,
    Or,
    Predicate,
)
from schema.values import Canonical

FIELDS = ("memberNo", *next(iter(MEMBERS.values())))
RECORDS: Sequence[Record] = [{ROW_KEY: no, "memberNo": no, **values} for no, values in MEMBERS.items()]
DIRECTIONS = pytest.mark.parametrize("descending", [False, True], ids=["ascending", "descending"])
NULLS = pytest.mark.parametrize("nulls_last", [True, False], ids=["nulls-last", "nulls-first"])
ORDERED_FIELDS = pytest.mark.parametrize("field", ["name", "sex", "joinedOn", "orgCode", "score", "orgName"])
_LAST = OrderTerm(field=ROW_KEY)


def reverse(terms: Sequence[OrderTerm]) -> tuple[OrderTerm, ...]:
    """The exact reverse order, nulls included."""
    return tuple(OrderTerm(field=t.field, descending=not t.descending, nulls_last=not t.nulls_last) for t in terms)


def beyond(terms: Sequence[OrderTerm], position: Record, values: list[Canonical]) -> Predicate:
    """Rows strictly after ``position`` in the order of ``terms``; values are appended to the parameters."""
    if not terms:
        return NEVER
    term, value = terms[0], position[terms[0].field]
    rest = beyond(terms[1:], position, values)
    if value is None:
        ties = And((IsNull(term.field), rest))
        return ties if term.nulls_last else Or((Not(IsNull(term.field)), ties))
    slot = len(values)
    values.append(value)
    after: Predicate = Comparison(term.field, Operator.LT if term.descending else Operator.GT, slot)
    if term.nulls_last:
        after = Or((after, IsNull(term.field)))
    return Or((after, And((Comparison(term.field, Operator.EQ, slot), rest))))


class OrderConformance:
    """In which order rows come, and how many."""

    @NULLS
    @DIRECTIONS
    @ORDERED_FIELDS
    async def test_order_is_by_code_point_with_nulls_at_one_end(
        self, connector: Connector, field: str, descending: bool, nulls_last: bool
    ) -> None:
        order = (OrderTerm(field=field, descending=descending, nulls_last=nulls_last), _LAST)
        answer = await _ordered(connector, order)
        assert answer.column("memberNo") == _numbers(in_order(RECORDS, order))

    async def test_later_terms_break_ties(self, connector: Connector) -> None:
        order = (OrderTerm(field="sex"), OrderTerm(field="score", descending=True), _LAST)
        assert (await _ordered(connector, order)).column("memberNo") == [3, 7, 1, 10, 8, 2, 9, 6, 5, 4]

    async def test_row_key_orders_both_ways(self, connector: Connector) -> None:
        descending = OrderTerm(field=ROW_KEY, descending=True)
        assert (await _ordered(connector, (descending,))).column("memberNo") == sorted(MEMBERS, reverse=True)

    @pytest.mark.parametrize("backwards", [False, True], ids=["forwards", "backwards"])
    @DIRECTIONS
    @ORDERED_FIELDS
    async def test_keyset_walk_gives_each_row_once(
        self, connector: Connector, field: str, descending: bool, backwards: bool
    ) -> None:
        order: tuple[OrderTerm, ...] = (OrderTerm(field=field, descending=descending), _LAST)
        order = reverse(order) if backwards else order
        seen: list[Record] = []
        while True:
            page = await _page(connector, order, seen[-1] if seen else None)
            if not page:
                break
            seen.extend(page)
            assert len(seen) <= len(RECORDS), "the walk does not end"
        assert _numbers(seen) == _numbers(in_order(RECORDS, order))

    async def test_limit_cuts_an_exact_answer(self, connector: Connector) -> None:
        fetch = Fetch(
            binding=MEMBER,
            projection=(ROW_KEY, "memberNo", "score"),
            predicate=Comparison("score", Operator.GTE, 0),
            order=(OrderTerm(field="score", descending=True), _LAST),
            limited=True,
        )
        answer = await ask(connector, fetch, arguments((0,), limit=4))
        assert answer.exact, "integers filter and order exactly in every engine"
        assert answer.column("memberNo") == [2, 3, 7, 1]

    async def test_limit_zero_gives_no_row(self, connector: Connector) -> None:
        fetch = Fetch(binding=MEMBER, projection=("memberNo",), limited=True)
        assert (await ask(connector, fetch, arguments(limit=0))).records == {}

    async def test_count_counts_rows_of_the_binding(self, connector: Connector) -> None:
        fetch = Fetch(binding=MEMBER, projection=(), output=Output.COUNT)
        prepared, counts = await count(connector, fetch, arguments())
        assert prepared.residual is None
        assert counts == {0: len(MEMBERS)}

    async def test_count_of_nothing_is_zero(self, connector: Connector) -> None:
        fetch = Fetch(
            binding=MEMBER,
            projection=(),
            predicate=Comparison("memberNo", Operator.EQ, 0),
            output=Output.COUNT,
        )
        _, counts = await count(connector, fetch, arguments((-1,)))
        assert counts == {0: 0}

    @pytest.mark.parametrize("field", ["score", "sex", "orgCode", "joinedOn", "name"])
    async def test_distinct_gives_every_value(self, connector: Connector, field: str) -> None:
        fetch = Fetch(binding=MEMBER, projection=(field,), output=Output.DISTINCT)
        values = (await ask(connector, fetch, arguments())).column(field)
        assert set(values) == {record[field] for record in RECORDS}
        if field in ("score", "orgCode"):
            assert len(values) == len(set(values)), "one spelling each, so each value once"

    async def test_distinct_keeps_the_filter(self, connector: Connector) -> None:
        fetch = Fetch(
            binding=MEMBER,
            projection=("score",),
            predicate=Comparison("score", Operator.GTE, 0),
            output=Output.DISTINCT,
        )
        assert set((await ask(connector, fetch, arguments((5,)))).column("score")) == {5, 10, 20}


async def _ordered(connector: Connector, order: tuple[OrderTerm, ...]) -> Answer:
    return await ask(connector, Fetch(binding=MEMBER, projection=(ROW_KEY, *FIELDS), order=order), arguments())


async def _page(connector: Connector, order: tuple[OrderTerm, ...], after: Record | None) -> Sequence[Record]:
    """Three rows after a position; where the source cannot cut the right ones, all are asked for and cut here."""
    values: list[Canonical] = []
    predicate = ALWAYS if after is None else beyond(order, after, values)
    projection = (ROW_KEY, *FIELDS)
    fetch = Fetch(binding=MEMBER, projection=projection, predicate=predicate, order=order, limited=True)
    prepared = connector.prepare(fetch)
    exact = prepared.residual is None and prepared.ordered
    answer = await ask(connector, fetch, arguments(tuple(values), limit=3 if exact else 1_000))
    return answer.records.get(0, ())[:3]


def _numbers(records: Sequence[Record]) -> list[Canonical]:
    return [record["memberNo"] for record in records]
