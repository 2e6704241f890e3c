"""Row scopes: what the parent proves, what is checked and what is pushed down select the same rows (D1, D3, D19)."""

from dataclasses import replace
from typing import Any

import pytest

from authz.subjects import Subject
from connectors.contract import Output
from schema.names import exposed_relations, root_plural
from tests.resolvers.mini_city import MiniCity, code, subject, world
from tests.resolvers.paths import KEYS, node_id, one, values_at
from tests.resolvers.questions import (
    BEN_SELF,
    CALLERS,
    CITY,
    CLERK,
    LIAISON,
    MEMBER,
    OFFICER,
    SECRETARY,
    WatchedCity,
    answer,
    codes,
    row_key_alone,
)

CATALOG = world()[0]
SUB_UNIT = subject("bianban_officer", unitNo="1002")
LISTS = [
    pytest.param(entity, relation, id=f"{entity.name}.{relation.name}")
    for entity in CATALOG.entities.values()
    for relation in exposed_relations(entity)
    if relation.many and entity.root_list and CATALOG.entities[relation.target].root_list
]


@pytest.fixture(scope="module")
def city() -> MiniCity:
    return MiniCity()


async def ids(city: MiniCity, who: Subject, document: str, **variables: Any) -> set[str]:
    """Every id in an answer, whatever else is denied."""
    return set(values_at((await city.execute(who, document, **variables)).data, "id"))


@pytest.mark.parametrize("caller", CALLERS)
@pytest.mark.parametrize(("entity", "relation"), LISTS)
async def test_nested_lists_hold_only_rows_of_the_root_list(
    city: MiniCity, caller: str, entity: Any, relation: Any
) -> None:
    who = CALLERS[caller]
    target = CATALOG.entities[relation.target]

    nested = await ids(
        city, who, f"{{ x: {root_plural(entity)} {{ nodes {{ {relation.name} {{ nodes {{ id }} }} }} }} }}"
    )
    root = await ids(city, who, f"{{ x: {root_plural(target)} {{ nodes {{ id }} }} }}")

    assert nested <= root


@pytest.mark.parametrize("caller", CALLERS)
@pytest.mark.parametrize(
    ("entity", "relation"),
    [
        ("PartyMember", "dues"),
        ("PartyOrganisation", "members"),
        ("OrgLifeActivity", "attendances"),
        ("PublicUnit", "staff"),
    ],
)
async def test_every_row_of_the_root_list_hangs_under_a_parent(
    city: MiniCity, caller: str, entity: str, relation: str
) -> None:
    who = CALLERS[caller]
    parent, target = CATALOG.entities[entity], CATALOG.entities[CATALOG.entities[entity].relations[relation].target]
    nested_document = f"{{ x: {root_plural(parent)} {{ nodes {{ {relation} {{ nodes {{ id }} }} }} }} }}"
    if "FIELD_DENIED" in codes(await city.execute(who, nested_document)):
        return  # the relation itself is closed to this caller

    root = await ids(city, who, f"{{ x: {root_plural(target)} {{ nodes {{ id }} }} }}")

    assert root == await ids(city, who, nested_document)


@pytest.mark.parametrize("caller", CALLERS)
@pytest.mark.parametrize(
    "entity", [name for name in KEYS if name != "AdministrativeDivision" and CATALOG.entities[name].root_list]
)
async def test_a_row_found_by_id_is_a_row_of_the_list(city: MiniCity, caller: str, entity: str) -> None:
    who, described = CALLERS[caller], CATALOG.entities[entity]
    listed = await ids(city, who, f"{{ x: {root_plural(described)} {{ nodes {{ id }} }} }}")
    everything = await ids(city, CITY, f"{{ x: {root_plural(described)} {{ nodes {{ id }} }} }}")
    everything.add(node_id(city, entity))

    found = {i for i in everything if await ids(city, who, "query ($i: ID!) { node(id: $i) { id } }", i=i)}

    assert found == listed


@pytest.mark.parametrize(
    ("who", "document", "expected"),
    [
        pytest.param(SECRETARY, "{ duesRecords { nodes { k: duesId } } }", {1, 2, 3}, id="dues of a branch"),
        pytest.param(CLERK, "{ duesRecords { nodes { k: duesId } } }", {1, 2, 3}, id="dues of a county"),
        pytest.param(MEMBER, "{ duesRecords { nodes { k: duesId } } }", {1, 2}, id="own dues"),
        pytest.param(BEN_SELF, "{ duesRecords { nodes { k: duesId } } }", {3}, id="own dues joined by digest"),
        pytest.param(SECRETARY, "{ activityAttendances { nodes { k: attendanceId } } }", {1, 2}, id="attendances"),
        pytest.param(OFFICER, "{ staffPosts { nodes { k: staffNo } } }", {"P1", "P2"}, id="a unit and its sub-units"),
        pytest.param(SUB_UNIT, "{ staffPosts { nodes { k: staffNo } } }", {"P2"}, id="a sub-unit alone"),
        pytest.param(LIAISON, "{ partyMembers { nodes { k: memberNo } } }", {1, 2, 5, 6}, id="ORGTREE and DIVTREE"),
        pytest.param(CLERK, "{ partyMembers { nodes { k: memberNo } } }", {1, 2, 3, 5, 6}, id="ORGTREE alone"),
        pytest.param(
            subject("party_liaison", orgCode=code("001"), divCode="430725"),
            "{ partyMembers { nodes { k: memberNo } } }",
            {4},
            id="another division of the whole tree",
        ),
    ],
)
async def test_each_scope_selects_its_rows(city: MiniCity, who: Subject, document: str, expected: set[Any]) -> None:
    assert set(values_at(await answer(city, who, document), "k")) == expected


@pytest.mark.parametrize(
    "role", ["branch_secretary", "county_org_clerk", "party_liaison", "bianban_officer", "member_self"]
)
async def test_a_subject_without_the_attribute_sees_no_row(city: MiniCity, role: str) -> None:
    nobody = replace(subject(role), id="test:nobody")

    for entity in ("PartyMember", "DuesRecord", "StaffPost"):
        assert (
            await ids(city, nobody, f"{{ x: {root_plural(CATALOG.entities[entity])} {{ nodes {{ id }} }} }}") == set()
        )
        assert await ids(city, nobody, f"{{ x: {one(city, CATALOG.entities[entity])} {{ id }} }}") == set()


@pytest.mark.parametrize("value", ["", "1", "00101", "not a code", "%", "001010000000000 ", "00101000000000_"])
async def test_a_scope_value_of_another_shape_covers_no_row(city: MiniCity, value: str) -> None:
    assert await ids(city, subject("county_org_clerk", orgCode=value), "{ partyMembers { nodes { id } } }") == set()


async def test_a_prefix_of_digits_is_not_a_subtree(city: MiniCity) -> None:
    sibling = subject("county_org_clerk", orgCode=code("00101001"))

    assert await ids(city, sibling, "{ partyMembers { nodes { id } } }") == set()


async def test_two_roles_see_the_union_of_their_rows(city: MiniCity) -> None:
    both = Subject(
        id="test:both",
        roles=frozenset({"member_self", "branch_secretary"}),
        consumer="tests",
        attributes={"identity": MEMBER.attributes["identity"], "orgCode": code("001020001")},
    )

    data = await answer(city, both, "{ partyMembers { nodes { memberNo } } duesRecords { nodes { duesId } } }")

    assert set(values_at(data, "memberNo")) == {1, 4}
    assert set(values_at(data, "duesId")) == {1, 2, 4}


async def test_each_field_follows_the_scope_of_its_own_row(city: MiniCity) -> None:
    both = Subject(
        id="test:both",
        roles=frozenset({"member_self", "branch_secretary"}),
        consumer="tests",
        attributes={"identity": MEMBER.attributes["identity"], "orgCode": code("001020001")},
    )

    result = await city.execute(both, "{ partyMembers { nodes { memberNo person { name birthDate mobile } } } }")
    people = {row["memberNo"]: row["person"] for row in result.data["partyMembers"]["nodes"]}  # type: ignore[index]

    assert people[1] == {"name": "安一", "birthDate": "1980-01-01", "mobile": "16400000001"}
    assert people[4] == {"name": "丁四", "birthDate": None, "mobile": "16400000004"}
    assert [error["path"] for error in result.errors] == [["partyMembers", "nodes", 1, "person", "birthDate"]]


# --- how scopes are asked ------------------------------------------------------------------------------------------


async def test_what_the_parent_proves_is_not_asked_again() -> None:
    city = WatchedCity()

    await answer(city, CLERK, "{ partyMembers { nodes { memberNo person { name } dues { nodes { duesId } } } } }")

    assert [asked for asked in city.log if row_key_alone(asked.fetch)] == []
    assert len(city.asked("s2")) == 1


async def test_a_scope_in_another_source_is_fetched_once_and_kept() -> None:
    city = WatchedCity()

    for _ in range(3):
        await answer(city, SECRETARY, "{ duesRecords { totalCount nodes { duesId } } }")

    assert [asked.fetch.output for asked in city.asked("s1")] == [Output.DISTINCT]


async def test_scope_keys_are_not_shared_between_scopes() -> None:
    city = WatchedCity()

    mine = await answer(city, SECRETARY, "{ duesRecords { nodes { duesId } } }")
    other = replace(SECRETARY, id="test:other", attributes={"orgCode": code("001020001")})
    theirs = await answer(city, other, "{ duesRecords { nodes { duesId } } }")

    assert set(values_at(mine, "duesId")) == {1, 2, 3}
    assert set(values_at(theirs, "duesId")) == {4}


async def test_a_scope_of_too_many_keys_is_refused_without_its_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("resolvers.scope_values.MAX_SCOPE_KEYS", 2)
    city = WatchedCity()

    result = await city.execute(SECRETARY, "{ duesRecords { totalCount } partyMembers { totalCount } }")

    assert codes(result) == ["LIMIT_EXCEEDED"]
    assert result.errors[0]["path"] == ["duesRecords"]
    assert result.data == {"duesRecords": None, "partyMembers": {"totalCount": 4}}


async def test_a_cycle_of_units_ends() -> None:
    def change(rows: dict[str, Any]) -> None:
        rows["s3"]["单位"][0]["主管单位编码"] = "1002"

    city = MiniCity(change=change)

    assert set(values_at(await answer(city, OFFICER, "{ staffPosts { nodes { staffNo } } }"), "staffNo")) == {
        "P1",
        "P2",
    }
