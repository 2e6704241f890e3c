"""What is denied leaves the plan before any fetch exists, whatever way leads to it (D3, D6, D11)."""

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from authz.compilation import compile_access
from authz.decisions import AccessMap
from authz.policy import profile_of
from authz.subjects import Subject
from resolvers.visibility import hidden_coordinates
from schema.catalog import Catalog, Entity, Field
from schema.coordinates import field_coordinate, row_coordinate
from schema.names import exposed_fields, exposed_relations, filter_fields, root_plural
from tests.resolvers.mini_city import MiniCity, code, world
from tests.resolvers.paths import one, paths_to, values_at
from tests.resolvers.questions import CALLERS, CITY, CLERK, LIAISON, PUBLIC, SECRETARY, WatchedCity, by_get, codes

CATALOG: Catalog = world()[0]
ENTITIES = tuple(CATALOG.entities.values())


@cache
def access_of(caller: str) -> AccessMap:
    policy = world()[3]
    return compile_access(policy, CATALOG, profile_of(CALLERS[caller], policy))


@pytest.fixture(scope="module")
def city() -> WatchedCity:
    return WatchedCity()


def _base(field: Field) -> str:
    return field.label_of or field.companion_of or field.name


def denied_members(caller: str, entity: Entity) -> Iterator[tuple[str, str]]:
    """(selection, coordinate) of every leaf and relation of ``entity`` that the caller can name but never see."""
    access = access_of(caller)
    hidden = hidden_coordinates(CATALOG, access)
    for field in exposed_fields(entity):
        coordinate = field_coordinate(entity.name, _base(field))
        if access[coordinate].denied and field_coordinate(entity.name, field.name) not in hidden:
            yield f"d: {field.name}", coordinate
    for relation in exposed_relations(entity):
        coordinate = field_coordinate(entity.name, relation.name)
        if access[coordinate].denied and coordinate not in hidden:
            inner = "totalCount" if relation.many else "__typename"
            yield f"d: {relation.name} {{ {inner} }}", coordinate


def structural(entity: Entity) -> set[str]:
    """Fields that are read whoever asks: scopes, row classes, joins and keys. They are never shown for that."""
    joins = {join.local for relation in entity.relations.values() for join in relation.join}
    back = {
        join.remote
        for other in ENTITIES
        for relation in other.relations.values()
        for join in relation.join
        if relation.target == entity.name
    }
    scopes = {path.field for path in entity.scopes.values() if not path.relations}
    classes = {"birthDate"} if entity.row_classes else set()
    return joins | back | scopes | classes | {entity.key, *entity.alternate_keys, "identity", "idDigest"}


DENIED = [
    pytest.param(caller, entity, id=f"{caller}-{entity.name}")
    for caller in CALLERS
    for entity in ENTITIES
    if any(denied_members(caller, entity))
]


@pytest.mark.parametrize(("caller", "entity"), DENIED)
async def test_what_is_denied_is_null_and_unread_on_every_path(city: WatchedCity, caller: str, entity: Entity) -> None:
    ways_there = 0
    for _, document in paths_to(city, CATALOG, entity):
        for selection, coordinate in denied_members(caller, entity):
            city.log.clear()
            result = await city.execute(CALLERS[caller], document.replace("SELECTION", selection))
            if codes(result) == ["BAD_INPUT"]:
                continue  # the way there leads over a name that does not exist for this caller
            ways_there += 1
            shown = set(values_at(result.data, "d"))
            assert shown <= {None}, document
            if shown:
                assert coordinate in {error["extensions"]["coordinate"] for error in result.errors}, document
            if (member := coordinate.partition(".")[2]) not in structural(entity):
                assert member not in read_of(city, entity), document
    assert ways_there


def read_of(city: WatchedCity, entity: Entity) -> set[str]:
    """Every field of ``entity`` that any statement read."""
    return {field for asked in city.log if asked.fetch.binding.entity == entity.name for field in asked.fields}


@pytest.mark.parametrize("caller", CALLERS)
async def test_filters_and_orders_need_clear_reading_of_every_row_in_reach(city: WatchedCity, caller: str) -> None:
    access = access_of(caller)
    hidden = hidden_coordinates(CATALOG, access)
    for entity in ENTITIES:
        if not entity.root_list:
            continue
        for field in filter_fields(entity):
            coordinate = field_coordinate(entity.name, field.name)
            decision = access[coordinate]
            rows = access[row_coordinate(entity.name)]
            if coordinate in hidden or not rows.clear:
                continue
            readable = all(
                any(clear.scope <= row.scope and not clear.single for clear in decision.clear) for row in rows.clear
            )
            city.log.clear()
            result = await city.execute(
                CALLERS[caller],
                f"{{ x: {root_plural(entity)}(where: {{{field.name}: {{isNull: true}}}}) {{ totalCount }} }}",
            )
            if readable:
                assert "FILTER_DENIED" not in codes(result), coordinate
            else:
                assert codes(result) == ["FILTER_DENIED"], coordinate
                assert result.errors[0]["extensions"]["coordinate"] == coordinate
                assert result.errors[0]["path"] == ["x"]
                assert result.data == {"x": None}
                assert city.log == [], "decided before any source is asked"


@pytest.mark.parametrize(
    "arguments",
    [
        "where: {secretaryName: {eq: VALUE}}",
        "where: {not: {secretaryName: {contains: VALUE}}}",
        "where: {or: [{name: {eq: VALUE}}, {and: [{secretaryName: {startsWith: VALUE}}]}]}",
        "orderBy: [{name: ASC}, {secretaryName: DESC}]",
    ],
    ids=["at the top", "negated", "deep in and/or", "second order term"],
)
async def test_a_denied_filter_answers_alike_for_a_true_and_a_wrong_value(city: WatchedCity, arguments: str) -> None:
    answers = {
        json.dumps((await city.execute(PUBLIC, _list(arguments, value))).response()) for value in ("张小明", "不存在")
    }

    (only,) = answers
    assert "FILTER_DENIED" in only


def _list(arguments: str, value: str) -> str:
    given = arguments.replace("VALUE", json.dumps(value, ensure_ascii=False))
    return f"{{ partyOrganisations({given}) {{ totalCount }} }}"


async def test_two_refused_filters_of_one_coordinate_are_both_told(city: WatchedCity) -> None:
    document = """{ a: partyOrganisations(orderBy: [{secretaryName: ASC}]) { totalCount }
                    b: partyOrganisations(orderBy: [{secretaryName: ASC}]) { totalCount } }"""

    result = await city.execute(PUBLIC, document)

    assert [error["path"] for error in result.errors] == [["a"], ["b"]]


async def test_a_denied_field_is_told_once_however_often_it_is_null(city: WatchedCity) -> None:
    document = "{ partyOrganisations { nodes { contactPhone } } again: partyOrganisations { nodes { contactPhone } } }"

    result = await city.execute(PUBLIC, document)

    assert codes(result) == ["FIELD_DENIED"]
    assert result.errors[0]["path"] == ["partyOrganisations", "nodes", 0, "contactPhone"]


@pytest.mark.parametrize("part", ["nodes", "edges"])
async def test_a_refused_nested_filter_leaves_its_parent_and_siblings(city: WatchedCity, part: str) -> None:
    row = "orgCode children(orderBy: [{secretaryName: ASC}]) { totalCount }"
    rows = f"nodes {{ {row} }}" if part == "nodes" else f"edges {{ node {{ {row} }} }}"

    result = await city.execute(PUBLIC, f"{{ partyOrganisations(first: 2) {{ {rows} }} }}")

    assert codes(result) == ["FILTER_DENIED"]
    assert list(values_at(result.data, "orgCode")) == [code("001"), code("001010")]
    assert list(values_at(result.data, "children")) == [None, None]


# --- names that do not exist -------------------------------------------------------------------------------------


HIDDEN = [
    pytest.param(caller, entity, member, id=f"{caller}-{entity.name}.{member}")
    for caller in ("resident_public", "branch_secretary", "bianban_officer", "city_org_admin")
    for entity in ENTITIES
    for member in (*entity.fields, *entity.relations)
    if field_coordinate(entity.name, member) in hidden_coordinates(CATALOG, access_of(caller))
    and any(member == shown.name for shown in (*exposed_fields(entity), *exposed_relations(entity)))
]


@pytest.mark.parametrize(("caller", "entity", "member"), HIDDEN)
async def test_a_hidden_name_answers_as_one_that_never_was(
    city: WatchedCity, caller: str, entity: Entity, member: str
) -> None:
    nonsense = "q" * len(member)
    documents = [f"{{ {one(city, entity)} {{ {member} }} }}", f"{{ {one(city, entity)} {{ a: {member} {{ b }} }} }}"]
    if entity.root_list:
        documents += [
            f"{{ {root_plural(entity)}(where: {{{member}: {{isNull: true}}}}) {{ totalCount }} }}",
            f"{{ {root_plural(entity)}(orderBy: [{{{member}: ASC}}]) {{ totalCount }} }}",
        ]
    for document in documents:
        city.log.clear()
        hidden = json.dumps((await city.execute(CALLERS[caller], document)).response())
        absent = json.dumps((await city.execute(CALLERS[caller], document.replace(member, nonsense))).response())

        assert hidden.replace(member, nonsense) == absent
        assert city.log == []


async def test_a_hidden_name_in_variables_answers_as_one_that_never_was(city: WatchedCity) -> None:
    document = (
        "query ($w: PartyMemberWhere, $o: [PartyMemberOrder!]) { partyMembers(where: $w, orderBy: $o) { totalCount } }"
    )
    for given in ({"w": {"lostContact": {"eq": True}}}, {"o": [{"lostSince": "ASC"}]}):
        hidden = json.dumps((await city.execute(SECRETARY, document, **given)).response())
        text = json.dumps(given).replace("lostContact", "nonsenseXyz").replace("lostSince", "nonsenseX")
        absent = json.dumps((await city.execute(SECRETARY, document, **json.loads(text))).response())

        assert hidden.replace("lostContact", "nonsenseXyz").replace("lostSince", "nonsenseX") == absent


@pytest.mark.parametrize("misspelt", ["lostContac", "lostcontact", "inDifficult", "payAcount"])
async def test_no_suggestion_names_a_hidden_field(city: WatchedCity, misspelt: str) -> None:
    result = await city.execute(SECRETARY, f"{{ partyMembers {{ nodes {{ {misspelt} }} }} }}")

    assert "lostContact" not in json.dumps(result.response())
    assert "inDifficulty" not in json.dumps(result.response())


async def test_what_sorts_the_hidden_is_sorted_for_who_may(city: MiniCity) -> None:
    result = await city.execute(CLERK, "{ partyMembers(orderBy: [{lostSince: DESC}]) { totalCount } }")

    assert codes(result) == []


# --- GET ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "document"),
    [
        pytest.param(CITY, "{ partyMembers { nodes { joinedOn } } }", id="selects level 3"),
        pytest.param(
            CITY, '{ partyMembers(where: {joinedOn: {gt: "2000-01-01"}}) { totalCount } }', id="filters by level 3"
        ),
        pytest.param(
            CITY, "{ partyMembers(orderBy: [{joinedOn: ASC}]) { nodes { memberNo } } }", id="sorts by level 3"
        ),
        pytest.param(CITY, "{ duesRecords { totalCount } }", id="counts rows of level 3"),
        pytest.param(LIAISON, "{ partyMembers { nodes { person { mobile } } } }", id="selects level 3, masked"),
        pytest.param(LIAISON, "{ partyMembers { nodes { person { idNumber } } } }", id="selects level 4, masked"),
        pytest.param(CLERK, '{ person(idNumber: "430798198001010017") { name } }', id="looks up"),
    ],
)
async def test_get_does_not_carry_what_logs_must_not_hold(city: WatchedCity, who: Subject, document: str) -> None:
    city.log.clear()

    result = await by_get(city, who, document)

    assert codes(result) == ["BAD_INPUT"]
    assert not result.executed
    assert city.log == []


# --- rows that disclose ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("document", "data"),
    [
        pytest.param("{ partyOrganisations { totalCount } }", {"partyOrganisations": None}, id="list"),
        pytest.param(
            '{ partyOrganisation(orgCode: "001010000000000") { id name } }', {"partyOrganisation": None}, id="by key"
        ),
        pytest.param(
            '{ administrativeDivision(divCode: "430726") { name partyOrgs { totalCount } } }',
            {"administrativeDivision": {"name": "石门县", "partyOrgs": None}},
            id="relation",
        ),
    ],
)
async def test_rows_that_disclose_what_is_denied_are_denied_themselves(document: str, data: dict[str, Any]) -> None:
    """The only source of organisations says that its rows disclose a membership, which the public may not know of."""
    manifest = world()[1]["s1"]
    binding = replace(manifest.bindings["PartyOrganisation"], discloses="Person.partyMember")
    changed = replace(manifest, bindings={**manifest.bindings, "PartyOrganisation": binding})

    result = await MiniCity(manifests={"s1": changed}).execute(PUBLIC, document)

    assert result.data == data
    assert [error["extensions"]["coordinate"] for error in result.errors] == ["PartyOrganisation"]
    assert codes(result) == ["FIELD_DENIED"]
