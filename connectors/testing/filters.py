"""Conformance: operators, three-valued logic, dirty values, ``Exists``; each case with its answer written by hand."""

from dataclasses import dataclass
from typing import Any

import pytest

from connectors.contract import Binding, Connector, Fetch, Output
from connectors.errors import BadParameter, UnsupportedFetch
from connectors.testing.dataset import BRANCH, CITY, EAST, MEMBER, MEMBERS, RELATED, WEST
from connectors.testing.promise import arguments, ask, count
from schema.predicates import (
    ALWAYS,
    NEVER,
    ROW_KEY,
    And,
    Comparison,
    Exists,
    IsNull,
    Not,
    Operator,
    Or,
    Predicate,
)

EVERY = frozenset(MEMBERS)


@dataclass(frozen=True, slots=True)
class Case:
    """``predicate`` with ``parameters`` selects the members ``expected``."""

    id: str
    predicate: Predicate
    expected: frozenset[int]
    parameters: tuple[Any, ...] = ()


def _op(field: str, operator: Operator, value: Any, *expected: int) -> Case:
    shown = f"{value!r}".encode("unicode_escape").decode()
    return Case(f"{field}-{operator.value}-{shown}", Comparison(field, operator, 0), frozenset(expected), (value,))


_EQ, _NE, _LT, _LTE, _GT, _GTE = Operator.EQ, Operator.NE, Operator.LT, Operator.LTE, Operator.GT, Operator.GTE
_IN, _NOT_IN, _STARTS, _CONTAINS = Operator.IN, Operator.NOT_IN, Operator.STARTS_WITH, Operator.CONTAINS

OPERATORS = (
    _op("name", _EQ, "ABC", 2, 4),
    _op("name", _EQ, "abc", 3),
    _op("name", _EQ, "ＡＢＣ"),
    _op("name", _EQ, "ABC "),
    _op("name", _EQ, "O'Brien\\", 9),
    _op("name", _EQ, None),
    _op("name", _NE, "ABC", 1, 3, 5, 6, 7, 8, 9),
    _op("name", _IN, ["ABC", "张三"], 1, 2, 4),
    _op("name", _IN, ["ABC", None], 2, 4),
    _op("name", _IN, []),
    _op("name", _NOT_IN, ["ABC", "张三"], 3, 5, 6, 7, 8, 9),
    _op("name", _NOT_IN, ["ABC", None]),
    _op("name", _NOT_IN, [], 1, 2, 3, 4, 5, 6, 7, 8, 9),
    _op("name", _STARTS, "a", 3, 5, 6),
    _op("name", _STARTS, "A", 2, 4),
    _op("name", _STARTS, "a%", 5),
    _op("name", _STARTS, "a_", 6),
    _op("name", _STARTS, "", 1, 2, 3, 4, 5, 6, 7, 8, 9),
    _op("name", _CONTAINS, "%", 5),
    _op("name", _CONTAINS, "_", 6),
    _op("name", _CONTAINS, "\\", 9),
    _op("name", _CONTAINS, "'", 9),
    _op("name", _CONTAINS, "三", 1),
    _op("name", _LT, "a", 2, 4, 9),
    _op("name", _LTE, "a_c", 2, 4, 5, 6, 9),
    _op("name", _GT, "\ufffd", 8),
    _op("name", _GTE, "\ufffd", 7, 8),
    _op("orgName", _EQ, "东街支部", 2, 3, 4),
    _op("orgName", _STARTS, "西", 5, 6),
    _op("orgCode", _EQ, EAST, 2, 3, 4),
    _op("orgCode", _STARTS, "001010", 1, 2, 3, 4, 5, 6),
    _op("orgCode", _IN, [CITY, WEST, "nowhere"], 1, 5, 6),
    _op("orgCode", _NE, EAST, 1, 5, 6, 7, 8, 10),
    _op("orgCode", _NOT_IN, [EAST, WEST], 1, 7, 8, 10),
    _op("orgCode", _NOT_IN, [], 1, 2, 3, 4, 5, 6, 7, 8, 10),
    _op("orgCode", _NOT_IN, [EAST, None]),
    _op("orgCode", _GT, "0011", 10),
    _op("orgCode", _CONTAINS, "10001", 2, 3, 4),
    _op("orgName", _NE, "东街支部", 1, 5, 6, 7, 8),
    _op("orgName", _NOT_IN, ["东街支部"], 1, 5, 6, 7, 8),
    _op("orgName", _CONTAINS, "街", 2, 3, 4, 5, 6),
    _op("sex", _EQ, "1", 1, 3, 7, 8, 10),
    _op("sex", _EQ, "9"),
    _op("sex", _NE, "1", 2, 6, 9),
    _op("sex", _IN, ["1", "2"], 1, 2, 3, 6, 7, 8, 9, 10),
    _op("sex", _NOT_IN, ["1"], 2, 6, 9),
    _op("sex", _LT, "2", 1, 3, 7, 8, 10),
    _op("joinedOn", _EQ, "2001-07-01", 7, 8),
    _op("joinedOn", _EQ, "1985-02-30"),
    _op("joinedOn", _EQ, "1900-02-29"),
    _op("joinedOn", _NE, "1985-03-01", 4, 7, 8),
    _op("joinedOn", _GTE, "1999-01-01", 4, 7, 8),
    _op("joinedOn", _GT, "1985-02-28", 1, 4, 7, 8),
    _op("joinedOn", _LT, "2000-01-01", 1, 4),
    _op("joinedOn", _LTE, "9999-12-31", 1, 4, 7, 8),
    _op("joinedOn", _IN, ["2001-07-01", "1985-02-30"], 7, 8),
    _op("joinedOn", _NOT_IN, ["2001-07-01"], 1, 4),
    _op("score", _EQ, 20, 2, 3, 7),
    _op("score", _NE, 20, 1, 5, 6, 9, 10),
    _op("score", _LT, 5, 6, 9, 10),
    _op("score", _GTE, 20, 2, 3, 7),
    _op("score", _IN, [20, 0], 2, 3, 7, 9),
    _op("score", _GT, 2**40),
    _op("payments", _EQ, 2, 1, 3),
    _op("payments", _EQ, 0, 4, 5, 6, 7, 8, 9, 10),
    _op("paid", _LT, 0, 3),
    _op("paid", _GTE, 1000, 1),
)

_ABC, _MALE = Comparison("name", _EQ, 0), Comparison("sex", _EQ, 1)

LOGIC = (
    Case("always", ALWAYS, EVERY),
    Case("never", NEVER, frozenset()),
    Case("null-text", IsNull("name"), frozenset({10})),
    Case("null-code-counts-unmapped", IsNull("sex"), frozenset({4, 5})),
    Case("null-date-counts-undecodable", IsNull("joinedOn"), frozenset({2, 3, 5, 6, 9, 10})),
    Case("null-of-a-join", IsNull("orgName"), frozenset({9, 10})),
    Case("not-null", Not(IsNull("score")), EVERY - {4, 8}),
    Case("or", Or((_ABC, IsNull("score"))), frozenset({2, 4, 8}), ("ABC",)),
    Case("and", And((_ABC, IsNull("score"))), frozenset({4}), ("ABC",)),
    Case("not-equal-leaves-out-null", Not(_MALE), frozenset({2, 6, 9}), (None, "1")),
    Case("not-or-with-unknown", Not(Or((_ABC, _MALE))), frozenset({6, 9}), ("ABC", "1")),
    Case("not-and-with-unknown", Not(And((_ABC, _MALE))), EVERY - {4, 10}, ("ABC", "1")),
    Case("not-of-null-parameter", Not(_ABC), frozenset(), (None,)),
    Case("not-not-in-with-null", Not(Comparison("score", _NOT_IN, 0)), frozenset({2, 3, 7}), ([20, None],)),
    Case("both-null", Not(And((IsNull("sex"), IsNull("joinedOn")))), EVERY - {5}),
    Case("row-key", Comparison(ROW_KEY, _GT, 0), frozenset({9, 10}), (8,)),
)

EXISTS = (
    Case("to-one", Exists("org", Comparison("orgCode", _EQ, 0)), frozenset({2, 3, 4}), (EAST,)),
    Case("to-many", Exists("dues", Comparison("paid", _GT, 0)), frozenset({1}), (400,)),
    Case("none", Not(Exists("dues", ALWAYS)), EVERY - {1, 2, 3}),
    Case("in-or", Or((Exists("dues", ALWAYS), IsNull("score"))), frozenset({1, 2, 3, 4, 8})),
)


class FilterConformance:
    """Which rows a predicate selects."""

    @pytest.mark.parametrize("case", OPERATORS, ids=lambda case: case.id)
    async def test_operator_selects_by_canonical_value(self, connector: Connector, case: Case) -> None:
        await _selects(connector, case)

    @pytest.mark.parametrize("case", LOGIC, ids=lambda case: case.id)
    async def test_logic_is_three_valued(self, connector: Connector, case: Case) -> None:
        await _selects(connector, case)

    @pytest.mark.parametrize("case", EXISTS, ids=lambda case: case.id)
    async def test_exists_follows_a_relation(self, connector: Connector, case: Case) -> None:
        await _selects(connector, case)

    async def test_exists_follows_a_tree(self, connector: Connector) -> None:
        lowest = Exists("membersInTree", Comparison("score", _EQ, 0))
        assert await _branches(connector, lowest, -7) == {CITY, WEST}

    async def test_exists_beside_what_is_left_to_do_is_refused_if_not_decided(self, connector: Connector) -> None:
        predicate = Or((Exists("dues", ALWAYS), Not(Comparison("name", _IN, 0))))
        fetch = Fetch(binding=MEMBER, projection=("memberNo",), predicate=predicate, related=RELATED)
        try:
            answer = await ask(connector, fetch, arguments((["ABC", "张三"],)))
        except UnsupportedFetch:
            return
        assert set(answer.column("memberNo")) == {1, 2, 3, 5, 6, 7, 8, 9}

    async def test_exists_nests(self, connector: Connector) -> None:
        paying = Exists("members", Exists("dues", Comparison("paid", _EQ, 0)))
        assert await _branches(connector, paying, 300) == {EAST}

    async def test_every_canonical_value_decodes(self, connector: Connector) -> None:
        fields = ("memberNo", *next(iter(MEMBERS.values())))
        answer = await ask(connector, Fetch(binding=MEMBER, projection=fields), arguments())
        assert {r["memberNo"]: {**r} for r in answer.records[0]} == {
            no: {"memberNo": no, **values} for no, values in MEMBERS.items()
        }

    async def test_raw_values_keep_their_defects(self, connector: Connector) -> None:
        prepared = connector.prepare(Fetch(binding=MEMBER, projection=("memberNo", "joinedOn", "sex")))
        rows = await connector.fetch(prepared, arguments())
        defects = {}
        for row in rows:
            raw = {name: row[c.start : c.start + c.codec.arity] for name, c in prepared.columns.items()}
            number = raw["memberNo"][0]
            found = [prepared.columns[name].codec.quality(*raw[name]) for name in ("joinedOn", "sex")]
            defects[number] = [defect for defect in found if defect]
        assert {no: found for no, found in defects.items() if found} == {
            2: ["DATE_INVALID"],
            4: ["CODE_UNMAPPED"],
            6: ["DATE_INVALID"],
            9: ["DATE_INVALID"],
        }

    @pytest.mark.parametrize(
        ("field", "value"),
        [("name", "a\x00b"), ("orgCode", "\ud800"), ("score", 2**63), ("score", -(2**80))],
        ids=["nul", "lone-surrogate", "beyond-64-bits", "far-below-64-bits"],
    )
    async def test_value_the_source_cannot_take_selects_nothing(
        self, connector: Connector, field: str, value: object
    ) -> None:
        fetch = Fetch(binding=MEMBER, projection=("memberNo", field), predicate=Comparison(field, _EQ, 0))
        try:
            answer = await ask(connector, fetch, arguments((value,)))
        except BadParameter as refused:
            assert str(value) not in str(refused)
        else:
            assert answer.column("memberNo") == []


async def _selects(connector: Connector, case: Case) -> None:
    """The right rows as rows, and their number as a count where the filter is exact."""
    fields = tuple(dict.fromkeys((ROW_KEY, "memberNo", *MEMBER.fields)))
    fetch = Fetch(binding=MEMBER, projection=fields, predicate=case.predicate, related=RELATED)
    answer = await ask(connector, fetch, arguments(case.parameters))
    numbers = answer.column("memberNo")
    assert set(numbers) == case.expected
    assert len(numbers) == len(case.expected), "a row came twice"
    counting = Fetch(binding=MEMBER, projection=(), predicate=case.predicate, related=RELATED, output=Output.COUNT)
    prepared, counts = await count(connector, counting, arguments(case.parameters))
    if prepared.residual is None:
        assert counts == {0: len(case.expected)}
    else:
        assert counts[0] >= len(case.expected)


async def _branches(connector: Connector, predicate: Predicate, value: object, over: Binding = BRANCH) -> set[object]:
    fetch = Fetch(binding=over, projection=("orgCode",), predicate=predicate, related=RELATED)
    return set((await ask(connector, fetch, arguments((value,)))).column("orgCode"))
