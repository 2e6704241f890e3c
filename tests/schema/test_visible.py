from dataclasses import replace
from functools import cache

import pytest
from graphql import get_introspection_query
from hypothesis import example, given, settings
from hypothesis import strategies as st

from schema.build import CatalogSchema, build_schema
from schema.catalog import Catalog
from schema.catalog_loader import load_catalog
from schema.completed import Completed
from schema.coordinates import Coordinate, entity_of, field_coordinate, row_coordinate
from schema.labels import Sharing
from schema.sdl import print_sdl
from schema.validation import parse_document, validate_document
from schema.visible import visible_schema
from tests.schema.sample_catalog import SAMPLE

FULL = build_schema(SAMPLE, lambda info: Completed(None))
COORDINATES = [
    coordinate
    for entity in SAMPLE.entities.values()
    for coordinate in (
        row_coordinate(entity.name),
        *(field_coordinate(entity.name, member) for member in (*entity.fields, *entity.relations)),
    )
]
WHOLE_ENTITIES = [frozenset(c for c in COORDINATES if entity_of(c) == name) for name in SAMPLE.entities]


def _hidden(*coordinates: str) -> frozenset[Coordinate]:
    return frozenset(Coordinate(coordinate) for coordinate in coordinates)


def _catalog_that_never_had(catalog: Catalog, hidden: frozenset[Coordinate]) -> Catalog:
    """The oracle, in the plainest words: strike out names, then entities with nothing left, until nothing changes."""
    entities = {}
    for entity in catalog.entities.values():
        fields = {}
        for name, field in entity.fields.items():
            bases = {name, field.label_of or name, field.companion_of or name}
            if not any(f"{entity.name}.{base}" in hidden for base in bases):
                fields[name] = field
        relations = {
            name: replace(relation, target=there[0], others=there[1:])
            for name, relation in entity.relations.items()
            if f"{entity.name}.{name}" not in hidden
            and (there := tuple(target for target in relation.targets if target in catalog.entities))
        }
        shown = [m for m in (*fields.values(), *relations.values()) if not m.internal]
        if shown or entity.name not in hidden:
            entities[entity.name] = replace(entity, fields=fields, relations=relations)
    struck = replace(catalog, entities=entities)
    return struck if struck == catalog else _catalog_that_never_had(struck, hidden)


@cache
def _never_had(hidden: frozenset[Coordinate]) -> CatalogSchema:
    return build_schema(_catalog_that_never_had(SAMPLE, hidden), lambda info: Completed(None))


hidden_sets = st.builds(
    lambda single, whole: frozenset(single).union(*whole),
    st.sets(st.sampled_from(COORDINATES), max_size=12),
    st.lists(st.sampled_from(WHOLE_ENTITIES), max_size=2),
)


@settings(max_examples=60, deadline=None)
@given(hidden_sets)
@example(frozenset())
@example(frozenset(COORDINATES))
@example(_hidden("PartyOrganisation.orgCode"))
@example(_hidden("Person.personKey", "Person.idNumber"))
def test_a_copy_prints_like_a_schema_that_never_had_the_names(hidden: frozenset[Coordinate]) -> None:
    assert print_sdl(visible_schema(FULL, SAMPLE, hidden)) == print_sdl(_never_had(hidden))


@settings(max_examples=25, deadline=None)
@given(hidden_sets)
def test_a_copy_introspects_like_a_schema_that_never_had_the_names(hidden: frozenset[Coordinate]) -> None:
    query = get_introspection_query(one_of=True)
    copy, oracle = visible_schema(FULL, SAMPLE, hidden).execute_sync(query), _never_had(hidden).execute_sync(query)
    assert copy.errors is None
    assert copy.data == oracle.data


EVERYTHING_HIDDEN_OF_PERSON = WHOLE_ENTITIES[0]
DUES_BASE = _hidden("PartyMember.duesBase")


@pytest.mark.parametrize(
    ("hidden", "document"),
    [
        pytest.param(_hidden("Person.idNumber"), "{ person(personKey: 1) { idNumber } }", id="field"),
        pytest.param(_hidden("Person.sex"), "{ person(personKey: 1) { sexLabel } }", id="label-companion"),
        pytest.param(_hidden("Person.birthDate"), "{ person(personKey: 1) { birthDateText } }", id="text-companion"),
        pytest.param(_hidden("Person.birthDate"), "{ person(personKey: 1) { birthDat } }", id="misspelt"),
        pytest.param(_hidden("Person.idNumber"), "{ person(idNumber: 1) { id } }", id="root-argument"),
        pytest.param(_hidden("Person.idNumber"), "{ person { id } }", id="remaining-argument-is-required"),
        pytest.param(DUES_BASE, "{ partyMembers(where: {duesBase: {gt: 1}}) { totalCount } }", id="where"),
        pytest.param(DUES_BASE, "{ partyMembers(orderBy: {duesBase: ASC}) { totalCount } }", id="order"),
        pytest.param(
            _hidden("PartyMember.lostContact"),
            "query ($b: BooleanFilter) { partyMembers { totalCount } }",
            id="unused-filter",
        ),
        pytest.param(EVERYTHING_HIDDEN_OF_PERSON, "{ person(personKey: 1) { id } }", id="root-of-absent-entity"),
        pytest.param(EVERYTHING_HIDDEN_OF_PERSON, '{ node(id: "x") { ... on Person { id } } }', id="node-fragment"),
        pytest.param(EVERYTHING_HIDDEN_OF_PERSON, "{ partyMembers { nodes { person { id } } } }", id="relation"),
    ],
)
def test_a_hidden_name_fails_with_the_words_for_one_that_never_existed(
    hidden: frozenset[Coordinate], document: str
) -> None:
    parsed = parse_document(document)
    errors = validate_document(visible_schema(FULL, SAMPLE, hidden), parsed)
    assert errors
    assert errors == validate_document(_never_had(hidden), parsed)
    assert not any("Did you mean" in error.message for error in errors)


def test_an_entity_whose_row_coordinate_alone_is_hidden_stays() -> None:
    copy = visible_schema(FULL, SAMPLE, _hidden("Person"))
    assert print_sdl(copy) == print_sdl(FULL)


def test_entities_that_only_reach_absent_ones_are_absent_too() -> None:
    person = EVERYTHING_HIDDEN_OF_PERSON
    member_but_its_person = WHOLE_ENTITIES[1] - {Coordinate("PartyMember.person")}
    names = visible_schema(FULL, SAMPLE, person | member_but_its_person).graphql.type_map
    assert not {"Person", "PartyMember", "PartyMemberConnection", "PartyMemberWhere"} & names.keys()


def test_a_copy_leaves_the_full_schema_as_it_was() -> None:
    before = print_sdl(FULL)
    visible_schema(FULL, SAMPLE, frozenset(COORDINATES))
    assert print_sdl(FULL) == before


async def test_a_copy_executes_and_does_not_resolve_what_it_hides() -> None:
    copy = visible_schema(FULL, SAMPLE, _hidden("PartyMember.memberNo"))
    assert (await copy.execute("{ partyMembers { totalCount } }")).data == {"partyMembers": None}
    refused = await copy.execute("{ partyMember(memberNo: 1) { id } }")
    assert (refused.data, len(refused.errors or ())) == (None, 1)


def test_a_copy_of_the_whole_catalogue_without_unshared_names_prints_like_one_that_never_had_them() -> None:
    catalog = load_catalog()
    unshared = frozenset(
        field_coordinate(entity.name, member.name)
        for entity in catalog.entities.values()
        for member in (*entity.fields.values(), *entity.relations.values())
        if member.label.sharing is Sharing.NONE
    ) | {row_coordinate(e.name) for e in catalog.entities.values() if e.row_label.sharing is Sharing.NONE}
    copy = visible_schema(build_schema(catalog, lambda info: None), catalog, unshared)
    assert print_sdl(copy) == print_sdl(build_schema(_catalog_that_never_had(catalog, unshared), lambda info: None))
    assert "[N4" not in print_sdl(copy)
