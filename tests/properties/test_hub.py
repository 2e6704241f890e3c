"""What must hold of answers whatever the data: no oracle is asked here."""

import random
from collections.abc import Mapping
from typing import Any

import pytest
from graphql import GraphQLObjectType

from authz.subjects import Subject
from schema.trees import Tree, subtree_prefix
from tests.properties.conftest import World
from tests.properties.generated_city import BUSINESS_ROLES, CALLERS, Hub, full_schema
from tests.properties.operations import Learnt, Operation, RandomOperations, Word, entity_of, literal, tour
from tests.properties.responses import Malformed, visits

CLERK = CALLERS["county_org_clerk"]
NESTED = [
    ("partyOrganisations", "orgCode", "children", lambda code: {"parentCode": {"eq": code}}),
    (
        "partyOrganisations",
        "orgCode",
        "descendants",
        lambda code: {"orgCode": {"startsWith": subtree_prefix(Tree.ORG, code)}},
    ),
    ("administrativeDivisions", "divCode", "children", lambda code: {"parentCode": {"eq": code}}),
    (
        "administrativeDivisions",
        "divCode",
        "partyOrgs",
        lambda code: {"divCode": {"startsWith": subtree_prefix(Tree.DIV, code)}},
    ),
]
"""Lists whose join a caller can write as a filter: root list, its key, nested list, filter."""
PAGES = ("first: 3", "last: 4", "first: 5, orderBy: [{name: DESC}]", "last: 2, orderBy: [{divCode: ASC}]")


def _drawn(world: World, subject: Subject, seed: str, count: int) -> list[Operation]:
    rng = random.Random(seed)
    schema = world.hub.engine.visible(subject).graphql
    draw = RandomOperations(schema=schema, pool=world.pool, learnt=Learnt()).draw
    return [*tour(schema, rng), *(draw(rng) for _ in range(count))]


async def test_an_answer_does_not_depend_on_what_was_asked_before(world: World) -> None:
    drawn = {role: _drawn(world, CALLERS[role], f"cache {role}", 4) for role in BUSINESS_ROLES}
    asked = [(CALLERS[role], op) for turn, role in enumerate(BUSINESS_ROLES) for op in drawn[role][turn % 4 :: 4]]
    asked += [(other, op) for _, op in asked[::16] for other in CALLERS.values()]  # one document, many callers
    first = Hub(world.hub.connectors)
    warm = [await first.ask(subject, op.document, op.variables) for subject, op in asked]
    order = random.Random("another history").sample(range(len(asked)), len(asked))
    second = Hub(world.hub.connectors)
    for index in order:
        subject, op = asked[index]
        answer = await second.ask(subject, op.document, op.variables)
        again = await first.ask(subject, op.document, op.variables)
        assert answer.response() == again.response() == warm[index].response(), (op, subject)


async def test_inline_arguments_and_variables_give_one_answer(world: World) -> None:
    where = {"or": [{"category": {"eq": "2"}}, {"joinedOn": {"gt": "1990-01-01", "isNull": False}}]}
    order = [{"joinedOn": Word("DESC")}]
    shown = "{ nodes { memberNo joinedOn } totalCount }"
    inline = f"{{ partyMembers(where: {literal(where)}, orderBy: {literal(order)}, first: 7) {shown} }}"
    declared = "query ($where: PartyMemberWhere, $order: [PartyMemberOrder!], $size: Int)"
    named = f"{declared} {{ partyMembers(where: $where, orderBy: $order, first: $size) {shown} }}"
    expected = await _data(world, CLERK, inline)
    assert expected["partyMembers"]["totalCount"] > 7
    assert await _data(world, CLERK, named, {"where": where, "order": order, "size": 7}) == expected


@pytest.mark.parametrize("role", ["resident_public", "county_org_clerk", "city_org_admin"])
@pytest.mark.parametrize(("root", "key", "nested", "scope"), NESTED, ids=[f"{n[0]}.{n[2]}" for n in NESTED])
async def test_a_nested_list_is_the_root_list_with_the_scope(
    world: World, role: str, root: str, key: str, nested: str, scope: Any
) -> None:
    subject = CALLERS[role]
    target = "partyOrganisations" if nested in ("descendants", "partyOrgs") else root
    shown = "{ totalCount pageInfo { hasNextPage hasPreviousPage } nodes { id name } }"
    for page in PAGES:
        parents = await _data(
            world, subject, f"{{ {root}(first: 15) {{ nodes {{ {key} {nested}({page}) {shown} }} }} }}"
        )
        for parent in parents[root]["nodes"]:
            where = literal(scope(parent[key]))
            alone = await _data(world, subject, f"{{ {target}(where: {where}, {page}) {shown} }}")
            assert parent[nested] == alone[target], (parent[key], page)


async def test_nested_lists_of_many_parents_are_those_of_each_parent_alone(world: World) -> None:
    lists = {
        "PartyOrganisation": ("partyOrganisations", ("members", "membersInTree", "activities")),
        "PartyMember": ("partyMembers", ("dues", "attendances")),
        "OrgLifeActivity": ("orgLifeActivities", ("attendances",)),
        "PublicUnit": ("publicUnits", ("staff", "subordinates", "partyOrgs")),
    }
    for entity, (root, nested) in lists.items():
        inner = " ".join(f"{name}(last: 3) {{ totalCount nodes {{ id }} pageInfo {{ endCursor }} }}" for name in nested)
        found = await _data(world, CLERK, f"{{ {root}(first: 25) {{ nodes {{ id {inner} }} }} }}", errors=True)
        for parent in found[root]["nodes"]:
            document = f"query ($id: ID!) {{ node(id: $id) {{ ... on {entity} {{ id {inner} }} }} }}"
            alone = await _data(world, CLERK, document, {"id": parent["id"]}, errors=True)
            assert alone["node"] == parent


async def test_a_key_that_nobody_asked_for_is_seen_by_the_walk(world: World) -> None:
    schema = world.hub.engine.visible(CLERK).graphql
    document = "{ partyOrganisations(first: 1) { nodes { name foundedOn } } }"
    row = (await _data(world, CLERK, document))["partyOrganisations"]["nodes"][0]
    assert list(visits(schema, document, {}, {"partyOrganisations": {"nodes": [row]}}))
    for wrong in ({**row, "level": 1}, {"name": row["name"]}, {**row, "foundedOn": "2018"}, {**row, "name": 7}, None):
        with pytest.raises(Malformed):
            list(visits(schema, document, {}, {"partyOrganisations": {"nodes": [wrong]}}))


@pytest.mark.parametrize("role", BUSINESS_ROLES)
async def test_a_hidden_name_answers_like_one_that_never_existed(world: World, role: str) -> None:
    subject = CALLERS[role]
    full, seen = full_schema().graphql, world.hub.engine.visible(subject).graphql
    assert full.query_type is not None
    hidden = 0
    for plural, described in full.query_type.fields.items():
        entity = entity_of(described)
        if "first" not in described.args or entity is None:
            continue
        row, visible = (schema.get_type(entity) for schema in (full, seen))
        assert isinstance(row, GraphQLObjectType)
        assert isinstance(visible, GraphQLObjectType)
        for name in row.fields.keys() - visible.fields.keys():
            hidden += 1
            for document in (
                f"{{ {plural} {{ nodes {{ NAME }} }} }}",
                f"{{ {plural}(where: {{NAME: {{isNull: true}}}}) {{ totalCount }} }}",
                f"{{ {plural}(orderBy: [{{NAME: ASC}}]) {{ totalCount }} }}",
            ):
                nonsense = "x" * len(name)
                told = await world.hub.ask(subject, document.replace("NAME", name))
                expected = await world.hub.ask(subject, document.replace("NAME", nonsense))
                assert not told.executed
                assert repr(told.response()).replace(name, nonsense) == repr(expected.response())
    assert hidden


async def _data(
    world: World, subject: Subject, document: str, variables: Mapping[str, Any] | None = None, *, errors: bool = False
) -> Any:
    """The data of an operation; without ``errors`` there must be none."""
    result = await world.hub.ask(subject, document, variables)
    assert errors or not result.errors, result.errors
    assert result.data is not None
    return result.data
