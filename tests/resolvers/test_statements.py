"""How many statements an operation sends: one per hop and source, one more per count, never one per row."""

import pytest

from connectors.contract import Output
from tests.resolvers.mini_city import ANN, BEN
from tests.resolvers.paths import node_id, person_key
from tests.resolvers.questions import CITY, CLERK, SECRETARY, WatchedCity, answer


@pytest.mark.parametrize(
    ("document", "statements"),
    [
        pytest.param("{ __typename }", {}, id="none"),
        pytest.param("{ partyMembers { nodes { memberNo } } }", {"s1": 1}, id="a list"),
        pytest.param("{ partyMembers { totalCount } }", {"s1": 1}, id="a count alone"),
        pytest.param("{ partyMembers { __typename } }", {}, id="nothing of a list"),
        pytest.param("{ partyMembers { totalCount nodes { memberNo } } }", {"s1": 2}, id="a list and its count"),
        pytest.param(
            "{ partyMembers { a: nodes { memberNo } edges { node { category } cursor } } }",
            {"s1": 1},
            id="rows twice",
        ),
        pytest.param("{ partyMembers { nodes { person { name } } } }", {"s1": 2, "s3": 1}, id="a merged hop"),
        pytest.param(
            "{ partyMembers { nodes { dues { nodes { duesId } } } } }",
            {"s1": 1, "s2": 1},
            id="a list per row",
        ),
        pytest.param(
            "{ partyMembers { nodes { dues { totalCount nodes { duesId } } } } }",
            {"s1": 1, "s2": 2},
            id="a list and count per row",
        ),
        pytest.param(
            "{ partyMembers { nodes { person { staffPost { unit { name } } } } } }",
            {"s1": 2, "s3": 3},
            id="four hops",
        ),
        pytest.param(
            "{ partyMembers { nodes { a: org { name } b: org { type } } } }",
            {"s1": 3},
            id="an aliased hop twice",
        ),
        pytest.param(
            "{ a: partyMember(memberNo: 1) { memberNo } b: partyMember(memberNo: 2) { category } c:"
            " partyMember(memberNo: 1) { post } }",
            {"s1": 1},
            id="roots by key in one",
        ),
        pytest.param(
            '{ a: publicUnit(unitNo: "1001") { name } b: publicUnit(uscc: "11430700XX00001003") { name } }',
            {"s3": 2},
            id="roots by different keys",
        ),
    ],
)
async def test_statements_are_counted_by_hops_not_rows(document: str, statements: dict[str, int]) -> None:
    city = WatchedCity()

    await answer(city, CITY, document)

    assert {name: len(city.asked(name)) for name in ("s1", "s2", "s3") if city.asked(name)} == statements


async def test_coalesced_roots_answer_each_for_itself() -> None:
    city = WatchedCity()
    document = """{ a: partyMember(memberNo: 1) { memberNo } none: partyMember(memberNo: 99) { memberNo }
      b: partyMember(memberNo: 4) { memberNo org { name } } again: partyMember(memberNo: 1) { category } }"""

    data = await answer(city, CLERK, document)

    assert data == {"a": {"memberNo": 1}, "none": None, "b": None, "again": {"category": "1"}}
    assert city.log[0].arguments.keys == [(1,), (99,), (4,)]


async def test_persons_by_key_and_by_node_id_share_statements() -> None:
    city = WatchedCity()
    document = f"""{{ a: person(personKey: "{person_key(city)}") {{ name }}
      b: node(id: "{node_id(city, "Person")}") {{ ... on Person {{ sex }} }}
      c: person(personKey: "{city.keyring.of("tests").persons.seal(BEN)}") {{ name }} }}"""

    data = await answer(city, CITY, document)

    assert data == {"a": {"name": "安一"}, "b": {"sex": "1"}, "c": {"name": "贝二"}}
    assert [(asked.connector, asked.arguments.keys) for asked in city.log] == [
        (source, [(ANN,), (BEN,)]) for source in ("s3", "s1")
    ]


async def test_a_batch_holds_each_key_once() -> None:
    city = WatchedCity()

    await answer(city, CITY, "{ partyMembers { nodes { org { name } } } }")

    (keys,) = [asked.arguments.keys for asked in city.log if asked.arguments.keys is not None]
    assert keys is not None
    assert len(keys) == len(set(keys)) == 3


async def test_a_hop_without_parents_asks_nothing() -> None:
    city = WatchedCity()

    await answer(
        city, CITY, "{ partyMembers(where: {memberNo: {gt: 99}}) { nodes { dues { totalCount } org { name } } } }"
    )

    assert len(city.log) == 1


async def test_only_what_is_shown_or_joined_is_read() -> None:
    city = WatchedCity()

    await answer(city, CITY, "{ partyMembers { nodes { category dues { nodes { paid } } } } }")

    assert [set(asked.fetch.projection) for asked in city.log] == [
        {"category", "memberNo", "identity", "_rowKey"},
        {"paid", "_rowKey"},
    ]


async def test_a_page_asks_for_one_row_more_than_it_shows() -> None:
    city = WatchedCity()

    await answer(city, CITY, "{ partyMembers(first: 3) { nodes { memberNo dues(last: 2) { nodes { duesId } } } } }")

    assert [asked.arguments.limit for asked in city.log] == [4, 3]


async def test_a_count_reads_no_field() -> None:
    city = WatchedCity()

    await answer(city, SECRETARY, "{ partyMembers { totalCount } }")

    (asked,) = city.log
    assert (asked.fetch.output, asked.fetch.projection) == (Output.COUNT, ())
    assert asked.fields == {"orgCode"}, "the scope is in the count"
