"""Pages of every list, both ways: each row once, in one order, and cursors that belong to one list and one caller."""

import base64
from typing import Any

import pytest

from authz.subjects import Subject
from schema.names import root_plural
from tests.resolvers.mini_city import MiniCity, world
from tests.resolvers.paths import values_at
from tests.resolvers.questions import (
    CALLERS,
    CITY,
    CLERK,
    OTHER_CLERK,
    WatchedCity,
    answer,
    codes,
    refused,
)

CATALOG = world()[0]
LISTS = [entity for entity in CATALOG.entities.values() if entity.root_list]


def spread(rows: dict[str, Any]) -> None:
    """Ties and nulls in the order fields: joined on, four members of five alike, one unknown."""
    for member, joined in zip(
        rows["s1"]["DY_JBXX"], ("20000701", "", "20000701", "19990101", "00000000", "20000701"), strict=True
    ):
        member["RDRQ"] = joined


@pytest.fixture(scope="module")
def city() -> MiniCity:
    return MiniCity(change=spread)


async def walk(
    city: MiniCity, who: Subject, root: str, arguments: str, size: int, *, backward: bool
) -> tuple[list[str], list[list[str]]]:
    """Ids of all rows in the order of the list, and of every page as it came."""
    count, from_ = ("last", "before") if backward else ("first", "after")
    page_info = "hasPreviousPage startCursor" if backward else "hasNextPage endCursor"
    document = (
        f"query ($c: String) {{ x: {root}({count}: {size}, {from_}: $c{arguments}) {{ nodes {{ id }}"
        f" edges {{ cursor }} pageInfo {{ {page_info} }} }} }}"
    )
    pages: list[list[str]] = []
    cursor = None
    for _ in range(50):
        page = (await answer(city, who, document, c=cursor))["x"]
        pages.append([row["id"] for row in page["nodes"]])
        more, cursor = page["pageInfo"].values()
        cursors = [edge["cursor"] for edge in page["edges"]]
        assert cursor == ((cursors[0] if backward else cursors[-1]) if cursors else None)
        if not more:
            break
    ordered = reversed(pages) if backward else pages
    return [row for page in ordered for row in page], pages


@pytest.mark.parametrize("caller", CALLERS)
@pytest.mark.parametrize("entity", LISTS, ids=lambda entity: entity.name)
async def test_total_count_is_the_length_of_the_walk_for_every_role(city: MiniCity, caller: str, entity: Any) -> None:
    who = CALLERS[caller]
    result = await city.execute(who, f"{{ x: {root_plural(entity)} {{ totalCount }} }}")
    if codes(result):
        assert set(codes(result)) <= {"FIELD_DENIED"}
        return

    rows, _ = await walk(city, who, root_plural(entity), "", 2, backward=False)

    assert len(rows) == len(set(rows)) == result.data["x"]["totalCount"]  # type: ignore[index]


ORDERS = [
    pytest.param("", id="row key"),
    pytest.param(", orderBy: [{joinedOn: ASC}]", id="ties and nulls"),
    pytest.param(", orderBy: [{joinedOn: DESC}]", id="ties and nulls, descending"),
    pytest.param(", orderBy: [{category: DESC}, {joinedOn: ASC}, {memberNo: DESC}]", id="three terms"),
    pytest.param(", orderBy: [{memberNo: DESC}], where: {memberNo: {ne: 3}}", id="filtered"),
    pytest.param(", orderBy: [{joinedOn: ASC}, {joinedOn: DESC}]", id="a repeated term counts once"),
]


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7])
@pytest.mark.parametrize("arguments", ORDERS)
async def test_walks_meet_each_row_once_in_the_same_order_both_ways(city: MiniCity, arguments: str, size: int) -> None:
    whole, _ = await walk(city, CITY, "partyMembers", arguments, 100, backward=False)

    forward, pages = await walk(city, CITY, "partyMembers", arguments, size, backward=False)
    backward, _ = await walk(city, CITY, "partyMembers", arguments, size, backward=True)

    assert forward == whole
    assert backward == whole
    assert all(len(page) == size for page in pages[:-1])
    assert len(set(whole)) == len(whole) >= 5


@pytest.mark.parametrize(("direction", "expected"), [("ASC", [4, 1, 3, 6, 2, 5]), ("DESC", [1, 3, 6, 4, 2, 5])])
async def test_nulls_come_last_both_ways_and_ties_go_by_row_key(
    city: MiniCity, direction: str, expected: list[int]
) -> None:
    data = await answer(
        city, CITY, f"{{ partyMembers(orderBy: [{{joinedOn: {direction}}}]) {{ nodes {{ memberNo }} }} }}"
    )

    assert list(values_at(data, "memberNo")) == expected


async def test_page_info_tells_both_sides(city: MiniCity) -> None:
    document = """query ($c: String) { partyMembers(first: 2, after: $c) {
      edges { cursor } pageInfo { hasNextPage hasPreviousPage } } }"""
    first = (await answer(city, CITY, document))["partyMembers"]
    second = (await answer(city, CITY, document, c=first["edges"][-1]["cursor"]))["partyMembers"]

    assert first["pageInfo"] == {"hasNextPage": True, "hasPreviousPage": False}
    assert second["pageInfo"] == {"hasNextPage": True, "hasPreviousPage": True}


async def test_an_empty_page_tells_whether_rows_follow(city: MiniCity) -> None:
    data = await answer(
        city, CITY, "{ partyMembers(first: 0) { totalCount nodes { id } pageInfo { hasNextPage endCursor } } }"
    )

    assert data["partyMembers"] == {
        "totalCount": 6,
        "nodes": [],
        "pageInfo": {"hasNextPage": True, "endCursor": None},
    }


# --- nested lists ------------------------------------------------------------------------------------------------


async def test_a_nested_list_is_walked_under_one_parent(city: MiniCity) -> None:
    document = """query ($c: String) { partyMember(memberNo: 1) { dues(first: 1, after: $c) {
      nodes { duesId } pageInfo { hasNextPage endCursor } } } }"""
    seen, cursor, more = [], None, True
    while more:
        page = (await answer(city, CITY, document, c=cursor))["partyMember"]["dues"]
        seen += [row["duesId"] for row in page["nodes"]]
        more, cursor = page["pageInfo"].values()

    assert seen == [1, 2]


async def test_a_cursor_under_several_parents_is_refused(city: MiniCity) -> None:
    inner = "dues(first: 1, after: $c) { nodes { duesId } pageInfo { endCursor } }"
    one = await answer(city, CITY, f"query ($c: String) {{ partyMember(memberNo: 1) {{ {inner} }} }}")
    cursor = one["partyMember"]["dues"]["pageInfo"]["endCursor"]

    result = await city.execute(
        CITY, f"query ($c: String) {{ partyMembers {{ nodes {{ memberNo {inner} }} }} }}", c=cursor
    )

    assert set(codes(result)) == {"BAD_INPUT"}
    assert list(values_at(result.data, "memberNo")) == [1, 2, 3, 4, 5, 6]
    assert set(values_at(result.data, "dues")) == {None}


async def test_each_parent_has_its_own_page(city: MiniCity) -> None:
    data = await answer(
        city,
        CITY,
        """{ partyMembers { nodes { memberNo
      dues(first: 1, orderBy: [{month: DESC}]) { totalCount nodes { duesId } pageInfo { hasNextPage } } } } }""",
    )
    pages = {row["memberNo"]: row["dues"] for row in data["partyMembers"]["nodes"]}

    assert pages[1] == {"totalCount": 2, "nodes": [{"duesId": 2}], "pageInfo": {"hasNextPage": True}}
    assert pages[4] == {"totalCount": 1, "nodes": [{"duesId": 4}], "pageInfo": {"hasNextPage": False}}
    assert pages[5] == {"totalCount": 0, "nodes": [], "pageInfo": {"hasNextPage": False}}


# --- cursors -----------------------------------------------------------------------------------------------------


LIST = """query ($c: String) { partyMembers(first: 2, after: $c, orderBy: [{joinedOn: DESC}]) {
  nodes { memberNo } pageInfo { endCursor } } }"""
ORGANISATIONS = """query ($c: String) { partyOrganisations(first: 2, after: $c, orderBy: [{foundedOn: DESC}]) {
  nodes { name } } }"""


async def cursor_of(city: MiniCity, who: Subject) -> str:
    data = await answer(city, who, LIST)
    return str(data["partyMembers"]["pageInfo"]["endCursor"])


@pytest.mark.parametrize(
    ("who", "document"),
    [
        pytest.param(OTHER_CLERK, LIST, id="another caller"),
        pytest.param(CLERK, LIST.replace("DESC", "ASC"), id="another direction"),
        pytest.param(CLERK, LIST.replace("joinedOn", "fullMemberOn"), id="another order"),
        pytest.param(CLERK, LIST.replace("orderBy", "where: {memberNo: {gt: 1}}, orderBy"), id="another filter"),
        pytest.param(CLERK, LIST.replace(", orderBy: [{joinedOn: DESC}]", ""), id="no order"),
        pytest.param(CLERK, ORGANISATIONS, id="another entity"),
    ],
)
async def test_a_cursor_belongs_to_one_list_and_caller(city: MiniCity, who: Subject, document: str) -> None:
    cursor = await cursor_of(city, CLERK)

    assert (await refused(city, who, document, c=cursor))["extensions"]["code"] == "BAD_INPUT"


@pytest.mark.parametrize("value", [1, 2])
async def test_a_cursor_belongs_to_the_values_of_its_filter(city: MiniCity, value: int) -> None:
    document = """query ($n: Int, $c: String) { partyMembers(first: 1, after: $c, where: {memberNo: {gt: $n}}) {
      nodes { memberNo } pageInfo { endCursor } } }"""
    cursor = (await answer(city, CITY, document, n=1))["partyMembers"]["pageInfo"]["endCursor"]

    assert (codes(await city.execute(CITY, document, n=value, c=cursor)) == []) is (value == 1)


async def test_a_cursor_serves_any_document_that_asks_for_the_same_list(city: MiniCity) -> None:
    one = "query ($n: Int) { partyMembers(first: 2, where: {memberNo: {gt: $n}}) { pageInfo { endCursor } } }"
    other = """query ($name: String, $c: String) {
      partyOrganisations(where: {name: {eq: $name}}) { totalCount }
      partyMembers(first: 1, after: $c, where: {memberNo: {gt: 1}}) { nodes { memberNo category } } }"""
    cursor = (await answer(city, CITY, one, n=1))["partyMembers"]["pageInfo"]["endCursor"]

    data = await answer(city, CITY, other, c=cursor, name="x")

    assert list(values_at(data, "memberNo")) == [4]


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda c: c[:-2] + ("AA" if c[-2:] != "AA" else "BB"), id="end changed"),
        pytest.param(lambda c: ("B" if c[0] == "A" else "A") + c[1:], id="start changed"),
        pytest.param(lambda c: c[:-4], id="shortened"),
        pytest.param(lambda c: c + "A", id="longer"),
        pytest.param(lambda _: "", id="empty"),
        pytest.param(lambda _: "MQ==", id="plain base64"),
        pytest.param(lambda _: "x" * 10_000, id="very long"),
        pytest.param(lambda _: "党", id="not ascii"),
    ],
)
async def test_a_spoilt_cursor_is_bad_input_before_any_source_is_asked(spoil: Any) -> None:
    city = WatchedCity(change=spread)
    cursor = await cursor_of(city, CLERK)
    city.log.clear()

    error = await refused(city, CLERK, LIST, c=spoil(cursor))

    assert error["extensions"]["code"] == "BAD_INPUT"
    assert city.log == []


async def test_cursors_hold_no_readable_value(city: MiniCity) -> None:
    cursor = await cursor_of(city, CLERK)
    raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))

    assert b"2000" not in raw
    assert "2000" not in cursor


async def test_the_right_to_the_order_is_checked_again_when_a_cursor_is_used(city: MiniCity) -> None:
    cursor = await cursor_of(city, CLERK)
    result = await city.execute(CALLERS["party_liaison"], LIST.replace("joinedOn", "post"), c=cursor)

    assert set(codes(result)) == {"BAD_INPUT"}


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ("first: -1", "BAD_INPUT"),
        ("last: -1", "BAD_INPUT"),
        ("first: 1, last: 1", "BAD_INPUT"),
        ('last: 1, after: "x"', "BAD_INPUT"),
        ('first: 1, before: "x"', "BAD_INPUT"),
        ("first: 1001", "LIMIT_EXCEEDED"),
        ("first: 2147483647", "LIMIT_EXCEEDED"),
        ("first: 99999999999", "BAD_INPUT"),
    ],
)
async def test_impossible_pages_are_refused_before_any_source_is_asked(arguments: str, code: str) -> None:
    city = WatchedCity()

    result = await city.execute(CITY, f"{{ partyMembers({arguments}) {{ totalCount nodes {{ id }} }} }}")

    assert codes(result) == [code]
    assert city.log == []


@pytest.mark.parametrize(
    ("variables", "code"), [({"n": 1001}, "LIMIT_EXCEEDED"), ({"n": -1}, "BAD_INPUT"), ({"n": 3}, None)]
)
async def test_page_sizes_in_variables_are_bound_too(variables: dict[str, int], code: str | None) -> None:
    city = MiniCity()
    document = "query ($n: Int) { partyMembers(first: $n) { nodes { id } } }"
    await answer(city, CITY, document, n=2)

    assert codes(await city.execute(CITY, document, **variables)) == ([code] if code else [])
