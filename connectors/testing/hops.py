"""Conformance: batches of parents; duplicates, misses, alternatives, spellings, trees, per-parent limits and counts."""

from collections.abc import Mapping, Sequence

import pytest

from connectors.contract import Binding, Connector, Fetch, KeyMatch, OrderTerm, Output
from connectors.testing.dataset import CITY, DUES, EAST, ID_NUMBER, ID_WITH_X, MEMBER, NEIGHBOUR, PERSON, WEST
from connectors.testing.promise import arguments, ask, count, in_order
from schema.predicates import ALWAYS, ROW_KEY, Comparison, Operator, Predicate
from schema.trees import Tree
from schema.values import Canonical

Keys = Sequence[tuple[Canonical, ...]]
_BY_SCORE = (OrderTerm(field="score", descending=True), OrderTerm(field=ROW_KEY))


class HopConformance:
    """Which rows belong to which parent."""

    async def test_parents_with_equal_keys_each_get_the_rows(self, connector: Connector) -> None:
        keys = [(1,), (2,), (1,), (77,), (None,)]
        assert await _rows(connector, DUES, KeyMatch(fields=("memberNo",)), keys) == {
            0: [101, 102],
            1: [104],
            2: [101, 102],
        }

    async def test_later_alternative_applies_only_where_the_earlier_is_null(self, connector: Connector) -> None:
        keys: Keys = [(1, "d1"), (None, "d1"), (2, "d2"), (3, None), (None, None)]
        assert await _rows(connector, DUES, KeyMatch(fields=("memberNo", "digest")), keys) == {
            0: [101, 102, 103],
            1: [103],
            2: [104],
            3: [106, 107],
        }

    async def test_key_matches_every_spelling(self, connector: Connector) -> None:
        assert await _rows(connector, MEMBER, KeyMatch(fields=("sex",)), [("1",), ("2",), ("9",)]) == {
            0: [1, 3, 7, 8, 10],
            1: [2, 6, 9],
        }

    async def test_undecodable_value_is_no_key(self, connector: Connector) -> None:
        keys = [("2001-07-01",), ("1985-02-30",), ("1900-02-29",)]
        assert await _rows(connector, MEMBER, KeyMatch(fields=("joinedOn",)), keys) == {0: [7, 8]}

    async def test_identity_matches_exact_spellings_and_local_keys(self, connector: Connector) -> None:
        keys = [(ID_NUMBER,), (ID_WITH_X,), ("~lab:4",), ("~lab:1",), ("~lab:x",), ("~other:5",), ("~lab:5",), ("",)]
        assert await _rows(connector, PERSON, KeyMatch(fields=("identity",)), keys) == {
            0: [1, 2],
            1: [3],
            2: [4],
            6: [5],
        }

    async def test_id_number_lookup_matches_exact_spellings(self, connector: Connector) -> None:
        keys = [(ID_NUMBER,), (ID_WITH_X,), (ID_WITH_X.lower(),)]
        assert await _rows(connector, PERSON, KeyMatch(fields=("idNumber",)), keys) == {0: [1, 2], 1: [3]}

    async def test_tree_key_takes_whole_groups(self, connector: Connector) -> None:
        keys: Keys = [(CITY,), (EAST,), (NEIGHBOUR,), ("00101",), (None,), (CITY,)]
        match = KeyMatch(fields=("orgCode",), tree=Tree.ORG)
        assert await _rows(connector, MEMBER, match, keys) == {
            0: [1, 2, 3, 4, 5, 6],
            1: [2, 3, 4],
            2: [7, 8],
            5: [1, 2, 3, 4, 5, 6],
        }

    async def test_predicate_applies_within_each_parent(self, connector: Connector) -> None:
        keys = [(EAST,), (WEST,)]
        predicate = Comparison("score", Operator.GTE, 0)
        found = await _rows(
            connector, MEMBER, KeyMatch(fields=("orgCode",)), keys, predicate=predicate, parameters=(5,)
        )
        assert found == {0: [2, 3], 1: [5]}

    @pytest.mark.parametrize(
        ("limit", "expected"), [(1, {0: [2], 1: [5], 2: [7]}), (2, {0: [2, 3], 1: [5, 6], 2: [7, 8]})], ids=["1", "2"]
    )
    async def test_limit_is_per_parent(
        self, connector: Connector, limit: int, expected: Mapping[int, Sequence[int]]
    ) -> None:
        keys = [(EAST,), (WEST,), (NEIGHBOUR,), ("nowhere",)]
        fetch = Fetch(
            binding=MEMBER,
            projection=(ROW_KEY, "score"),
            keys=KeyMatch(fields=("orgCode",)),
            order=_BY_SCORE,
            limited=True,
        )
        answer = await ask(connector, fetch, arguments(keys=keys, limit=limit))
        assert answer.exact, "integers order exactly in every engine"
        assert {ordinal: answer.column(ROW_KEY, ordinal) for ordinal in answer.records} == expected

    async def test_tree_limit_is_per_parent(self, connector: Connector) -> None:
        fetch = Fetch(
            binding=MEMBER,
            projection=(ROW_KEY, "score"),
            keys=KeyMatch(fields=("orgCode",), tree=Tree.ORG),
            order=_BY_SCORE,
            limited=True,
        )
        answer = await ask(connector, fetch, arguments(keys=[(CITY,), (NEIGHBOUR,)], limit=3))
        assert {ordinal: answer.column(ROW_KEY, ordinal) for ordinal in answer.records} == {0: [2, 3, 1], 1: [7, 8]}

    async def test_counts_leave_out_parents_without_rows(self, connector: Connector) -> None:
        keys = [(1,), (77,), (3,), (1,)]
        fetch = Fetch(binding=DUES, projection=(), keys=KeyMatch(fields=("memberNo",)), output=Output.COUNT)
        _, counts = await count(connector, fetch, arguments(keys=keys))
        assert counts == {0: 2, 2: 2, 3: 2}

    async def test_counts_follow_a_tree(self, connector: Connector) -> None:
        match = KeyMatch(fields=("orgCode",), tree=Tree.ORG)
        fetch = Fetch(binding=MEMBER, projection=(), keys=match, output=Output.COUNT)
        _, counts = await count(connector, fetch, arguments(keys=[(CITY,), (WEST,), ("999",)]))
        assert counts == {0: 6, 1: 2}

    async def test_distinct_is_per_parent(self, connector: Connector) -> None:
        fetch = Fetch(binding=MEMBER, projection=("score",), keys=KeyMatch(fields=("orgCode",)), output=Output.DISTINCT)
        answer = await ask(connector, fetch, arguments(keys=[(EAST,), (WEST,)]))
        assert {o: set(answer.column("score", o)) for o in answer.records} == {0: {20, None}, 1: {-7, 5}}

    async def test_no_parents_give_no_rows(self, connector: Connector) -> None:
        assert await _rows(connector, DUES, KeyMatch(fields=("memberNo",)), []) == {}

    async def test_large_batches_are_one_fetch(self, connector: Connector) -> None:
        keys = [(n,) for n in range(5_000)]
        found = await _rows(connector, MEMBER, KeyMatch(fields=("memberNo",)), keys)
        assert found == {n: [n] for n in range(1, 11)}


async def _rows(
    connector: Connector,
    binding: Binding,
    match: KeyMatch,
    keys: Keys,
    *,
    predicate: Predicate = ALWAYS,
    parameters: Sequence[object] = (),
) -> Mapping[int, list[Canonical]]:
    """Row keys by ordinal, sorted; a row that comes twice for one parent shows twice."""
    read = dict.fromkeys((ROW_KEY, *match.fields))
    fetch = Fetch(binding=binding, projection=tuple(read), predicate=predicate, keys=match)
    answer = await ask(connector, fetch, arguments(parameters, keys=keys))
    return {
        o: [record[ROW_KEY] for record in in_order(rows, (OrderTerm(field=ROW_KEY),))]
        for o, rows in answer.records.items()
    }
