"""What a document selects is what comes back: fragments, merging, directives, aliases, variables, node ids."""

from dataclasses import replace
from typing import Any

import pytest

from resolvers.operation import OperationRequest
from resolvers.query_plan import Constant
from tests.resolvers.mini_city import MiniCity, code
from tests.resolvers.questions import CITY, CLERK, PUBLIC, answer, codes, refused


@pytest.fixture(scope="module")
def city() -> MiniCity:
    return MiniCity()


ONE = 'partyOrganisation(orgCode: "001010001000000")'


def one(selection: str, fragments: str = "") -> str:
    """A document that selects something of one organisation."""
    return f"{{ {ONE} {{ {selection} }} }} {fragments}"


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        pytest.param(
            one("...a", "fragment a on PartyOrganisation { name type }"),
            {"name": "第一支部", "type": "631"},
            id="named fragment",
        ),
        pytest.param(one("... { name }"), {"name": "第一支部"}, id="inline fragment without a type"),
        pytest.param(one("... on Node { __typename }"), {"__typename": "PartyOrganisation"}, id="on Node"),
        pytest.param(
            one("...a ...a", "fragment a on PartyOrganisation { ...b name } fragment b on PartyOrganisation { type }"),
            {"type": "631", "name": "第一支部"},
            id="fragment in a fragment, spread twice",
        ),
        pytest.param(
            one("parent { name } parent { type }"),
            {"parent": {"name": "中共石门县委员会", "type": "611"}},
            id="one relation twice merges",
        ),
        pytest.param(
            one("children { nodes { name } } children { totalCount nodes { type } }"),
            {"children": {"nodes": [], "totalCount": 0}},
            id="one connection twice merges",
        ),
        pytest.param(
            one("a: parent { name } b: parent { type }"),
            {"a": {"name": "中共石门县委员会"}, "b": {"type": "611"}},
            id="two aliases of a relation stay apart",
        ),
        pytest.param(
            one("a: name, b: name, name"), {"a": "第一支部", "b": "第一支部", "name": "第一支部"}, id="aliases"
        ),
        pytest.param(one("name @skip(if: true) type"), {"type": "631"}, id="skip literal"),
        pytest.param(one("name @include(if: false) type"), {"type": "631"}, id="include literal"),
        pytest.param(one("name @include(if: true) @skip(if: true) type"), {"type": "631"}, id="skip beats include"),
        pytest.param(
            one("...a @skip(if: true) type", "fragment a on PartyOrganisation { name }"),
            {"type": "631"},
            id="skipped spread",
        ),
        pytest.param(one("... @include(if: false) { name } type"), {"type": "631"}, id="inline fragment left out"),
        pytest.param(
            one("__proto__: name __class__: type keys: level"),
            {"__proto__": "第一支部", "__class__": "631", "keys": 3},
            id="awkward aliases are data",
        ),
        pytest.param(one("type typeLabel"), {"type": "631", "typeLabel": "党支部"}, id="code and label"),
    ],
)
async def test_one_row_is_shaped_as_selected(city: MiniCity, document: str, expected: dict[str, Any]) -> None:
    (found,) = (await answer(city, PUBLIC, document)).values()

    assert found == expected
    assert list(found) == list(expected), "response keys come in the order of the document"


@pytest.mark.parametrize("shown", [True, False])
async def test_directives_follow_their_variable(city: MiniCity, shown: bool) -> None:
    document = f"query ($s: Boolean!) {one('type name @include(if: $s) level @skip(if: $s)')}"

    data = await answer(city, PUBLIC, document, s=shown)

    assert ("name" in data["partyOrganisation"], "level" in data["partyOrganisation"]) == (shown, not shown)


async def test_directive_on_a_root_field_removes_it(city: MiniCity) -> None:
    document = f"query ($s: Boolean = true) {{ {ONE} @skip(if: $s) {{ name }} __typename }}"

    data = await answer(city, PUBLIC, document)

    assert data == {"__typename": "Query"}


async def test_every_part_of_a_connection_takes_an_alias(city: MiniCity) -> None:
    document = """{
      all: partyOrganisations(first: 1) {
        t: __typename  n: totalCount  m: totalCount
        rows: nodes { c: orgCode }  again: nodes { type }
        e: edges { t: __typename at: cursor x: node { orgCode } y: node { name } }
        p: pageInfo { t: __typename more: hasNextPage back: hasPreviousPage from: startCursor to: endCursor }
      }
    }"""
    found = (await answer(city, PUBLIC, document))["all"]
    (edge,) = found["e"]

    assert (found["t"], found["n"], found["m"]) == ("PartyOrganisationConnection", 6, 6)
    assert (found["rows"], found["again"]) == ([{"c": code("001")}], [{"type": "611"}])
    assert edge["t"] == "PartyOrganisationEdge"
    assert (edge["x"], edge["y"]) == ({"orgCode": code("001")}, {"name": "中共常德市委员会"})
    assert found["p"] == {"t": "PageInfo", "more": True, "back": False, "from": edge["at"], "to": edge["at"]}


async def test_meta_and_its_sources_take_several_aliases(city: MiniCity) -> None:
    document = """{ partyMember(memberNo: 1) {
      _meta { t: __typename a: sources { connector t: __typename } b: sources { asOf } quality m: masked }
      other: _meta { sources { c: connector } }
    } }"""

    found = (await answer(city, CITY, document))["partyMember"]

    assert found["_meta"] == {
        "t": "RowMeta",
        "a": [{"connector": "s1", "t": "SourceMeta"}],
        "b": [{"asOf": None}],
        "quality": [],
        "m": [],
    }
    assert found["other"] == {"sources": [{"c": "s1"}]}


async def test_type_names_introspection_and_rows_share_an_operation(city: MiniCity) -> None:
    document = f'{{ __typename a: {ONE} {{ __typename }} __type(name: "RowMeta") {{ name }} z: __typename }}'

    data = await answer(city, PUBLIC, document)

    assert list(data.items()) == [
        ("__typename", "Query"),
        ("a", {"__typename": "PartyOrganisation"}),
        ("__type", {"name": "RowMeta"}),
        ("z", "Query"),
    ]


# --- variables ---------------------------------------------------------------------------------------------------


NUMBERS = "{ nodes { memberNo } }"


@pytest.mark.parametrize(
    ("declared", "arguments", "variables", "expected"),
    [
        pytest.param("$w: PartyMemberWhere", "where: $w", {"w": {"memberNo": {"lte": 2}}}, [1, 2], id="whole where"),
        pytest.param("$w: PartyMemberWhere", "where: $w", {}, [1, 2, 3, 4, 5, 6], id="where not given"),
        pytest.param("$w: PartyMemberWhere", "where: $w", {"w": None}, [1, 2, 3, 4, 5, 6], id="where null"),
        pytest.param(
            "$w: PartyMemberWhere!",
            "where: {and: [$w]}",
            {"w": {"memberNo": {"gt": 4}}},
            [5, 6],
            id="item of and",
        ),
        pytest.param(
            "$w: [PartyMemberWhere!]",
            "where: {or: $w}",
            {"w": [{"memberNo": {"eq": 1}}, {"memberNo": {"eq": 4}}]},
            [1, 4],
            id="all of or",
        ),
        pytest.param(
            "$w: PartyMemberWhere",
            "where: {not: $w}",
            {"w": {"memberNo": {"gt": 2}}},
            [1, 2],
            id="operand of not",
        ),
        pytest.param(
            "$f: IntFilter",
            "where: {memberNo: $f}",
            {"f": {"gt": 1, "lt": 3}},
            [2],
            id="a field's operators",
        ),
        pytest.param("$n: Int", "where: {memberNo: {eq: $n}}", {"n": 3}, [3], id="one operator"),
        pytest.param("$n: Int = 2", "where: {memberNo: {eq: $n}}", {}, [2], id="default"),
        pytest.param("$n: Int", "where: {memberNo: {eq: $n}}", {}, [1, 2, 3, 4, 5, 6], id="operator not given"),
        pytest.param("$n: [Int!]", "where: {memberNo: {in: $n}}", {"n": [1, 6]}, [1, 6], id="list"),
        pytest.param("$n: [Int!]", "where: {memberNo: {in: $n}}", {"n": 5}, [5], id="single value for a list"),
        pytest.param("$n: [Int!]", "where: {memberNo: {in: $n}}", {"n": []}, [], id="empty list"),
        pytest.param(
            "$a: Int!, $b: Int!",
            "where: {memberNo: {in: [$a, 3, $b]}}",
            {"a": 1, "b": 6},
            [1, 3, 6],
            id="items of a list",
        ),
        pytest.param("$b: Boolean!", "where: {lostSince: {isNull: $b}}", {"b": False}, [], id="isNull false"),
        pytest.param(
            "$b: Boolean!",
            "where: {lostSince: {isNull: $b}}",
            {"b": True},
            [1, 2, 3, 4, 5, 6],
            id="isNull true",
        ),
        pytest.param(
            "$o: [PartyMemberOrder!]",
            "orderBy: $o, first: 2",
            {"o": [{"memberNo": "DESC"}]},
            [6, 5],
            id="whole order",
        ),
        pytest.param(
            "$o: PartyMemberOrder!",
            "orderBy: [$o], first: 2",
            {"o": {"memberNo": "DESC"}},
            [6, 5],
            id="order term",
        ),
        pytest.param(
            "$d: OrderDirection!",
            "orderBy: [{memberNo: $d}], first: 2",
            {"d": "DESC"},
            [6, 5],
            id="direction",
        ),
        pytest.param("$n: Int", "first: $n", {"n": 1}, [1], id="first"),
        pytest.param("$n: Int", "first: $n", {"n": None}, [1, 2, 3, 4, 5, 6], id="first null"),
        pytest.param("$n: Int", "last: $n", {"n": 2}, [5, 6], id="last"),
    ],
)
async def test_variables_serve_in_every_position(
    city: MiniCity, declared: str, arguments: str, variables: dict[str, Any], expected: list[int]
) -> None:
    who = replace(CITY, purpose="party_discipline")
    document = f"query ({declared}) {{ partyMembers({arguments}) {NUMBERS} }}"

    data = await answer(city, who, document, **variables)

    assert [row["memberNo"] for row in data["partyMembers"]["nodes"]] == expected


@pytest.mark.parametrize(
    ("document", "variables"),
    [
        pytest.param("{ partyMembers(where: {memberNo: {eq: null}}) { totalCount } }", {}, id="null literal"),
        pytest.param(
            "query ($n: Int) { partyMembers(where: {memberNo: {eq: $n}}) { totalCount } }",
            {"n": None},
            id="null variable",
        ),
        pytest.param(
            "query ($w: PartyMemberWhere) { partyMembers(where: $w) { totalCount } }",
            {"w": {"memberNo": {"isNull": None}}},
            id="null in a whole where",
        ),
    ],
)
async def test_an_operator_with_null_is_refused(city: MiniCity, document: str, variables: dict[str, Any]) -> None:
    error = await refused(city, CITY, document, **variables)

    assert error["extensions"]["code"] == "BAD_INPUT"
    assert "isNull" in error["message"]


async def test_true_and_one_are_different_values_of_one_filter(city: MiniCity) -> None:
    document = "{ partyMembers(where: {floating: {eq: true}, memberNo: {eq: 1}}) { nodes { memberNo } } }"

    plan = city.engine.plan(CITY, OperationRequest(document=document, deadline=0.0))

    assert {type(source.value) for source in plan.parameters if isinstance(source, Constant) and source.value} == {
        bool,
        int,
    }


# --- node ids ----------------------------------------------------------------------------------------------------


FIRST_OF = {
    "PartyOrganisation": '{ x: partyOrganisation(orgCode: "001010000000000") { id t: __typename } }',
    "PartyMember": "{ x: partyMember(memberNo: 2) { id t: __typename } }",
    "Person": "{ y: partyMember(memberNo: 1) { x: person { id t: __typename } } }",
    "person without a valid ID number": "{ y: partyMember(memberNo: 5) { x: person { id t: __typename } } }",
    "DuesRecord": "{ x: duesRecord(duesId: 4) { id t: __typename } }",
    "PublicUnit": '{ x: publicUnit(unitNo: "1002") { id t: __typename } }',
    "StaffPost": '{ x: staffPost(staffNo: "P1") { id t: __typename } }',
}


@pytest.mark.parametrize("entity", FIRST_OF)
async def test_a_node_id_leads_back_to_its_row(city: MiniCity, entity: str) -> None:
    data = await answer(city, CITY, FIRST_OF[entity])
    row = data["x"] if "x" in data else data["y"]["x"]

    found = await answer(city, CITY, "query ($i: ID!) { node(id: $i) { id t: __typename } }", i=row["id"])

    assert found["node"] == row


async def test_node_id_of_a_person_merges_its_sources_again(city: MiniCity) -> None:
    member = await answer(city, CITY, "{ partyMember(memberNo: 1) { person { id name mobile } } }")
    person = member["partyMember"]["person"]

    found = await answer(
        city, CITY, "query ($i: ID!) { node(id: $i) { id ... on Person { name mobile } } }", i=person["id"]
    )

    assert found["node"] == person


async def test_a_node_fragment_of_another_type_selects_nothing(city: MiniCity) -> None:
    member = await answer(city, CITY, "{ partyMember(memberNo: 1) { id } }")
    document = "query ($i: ID!) { node(id: $i) { ... on PartyMember { memberNo } ... on PublicUnit { name } } }"

    assert (await answer(city, CITY, document, i=member["partyMember"]["id"]))["node"] == {"memberNo": 1}


async def test_ids_hold_no_readable_value_and_differ_between_consumers(city: MiniCity) -> None:
    document = "{ partyMember(memberNo: 1) { person { id personKey } } }"
    mine = (await answer(city, CITY, document))["partyMember"]["person"]
    theirs = (await answer(city, replace(CITY, consumer="another"), document))["partyMember"]["person"]

    assert mine["id"] != theirs["id"]
    assert mine["personKey"] != theirs["personKey"]


async def test_an_id_of_another_consumer_names_nothing(city: MiniCity) -> None:
    member = await answer(city, CITY, "{ partyMember(memberNo: 1) { id } }")
    document = f'{{ node(id: "{member["partyMember"]["id"]}") {{ id }} }}'
    await answer(city, CITY, document)

    result = await city.execute(replace(CITY, consumer="another"), document)

    assert codes(result) == ["BAD_INPUT"]


async def test_a_node_out_of_scope_is_null_as_one_that_never_was(city: MiniCity) -> None:
    member = await answer(city, CITY, "{ partyMember(memberNo: 4) { id } }")

    found = await answer(city, CLERK, "query ($i: ID!) { node(id: $i) { id } }", i=member["partyMember"]["id"])

    assert found == {"node": None}
