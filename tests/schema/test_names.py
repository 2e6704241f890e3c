import pytest

from schema import names
from schema.catalog import Entity, Field, Relation
from schema.errors import CatalogInvalid
from schema.values import ScalarType
from tests.schema.sample_catalog import (
    PARTY_MEMBER,
    PARTY_ORGANISATION,
    PERSON,
    SAMPLE,
    a_catalog,
    a_field,
    a_relation,
    an_entity,
)


def _thing(*members: Field | Relation) -> list[Entity]:
    return [an_entity("Thing", "things", members[0].name, list(members))]


def _names(members: tuple[object, ...]) -> list[str]:
    return [member.name for member in members]  # type: ignore[attr-defined]


def test_type_and_root_names_follow_from_the_entity() -> None:
    assert names.where_type(PARTY_MEMBER) == "PartyMemberWhere"
    assert names.order_type(PARTY_MEMBER) == "PartyMemberOrder"
    assert names.connection_type(PARTY_MEMBER) == "PartyMemberConnection"
    assert names.edge_type(PARTY_MEMBER) == "PartyMemberEdge"
    assert names.root_singular(PARTY_MEMBER) == "partyMember"
    assert names.root_plural(PARTY_MEMBER) == "partyMembers"
    assert names.filter_type(ScalarType.DATE_TIME) == "DateTimeFilter"


def test_internal_members_are_not_exposed() -> None:
    assert "identity" not in _names(names.exposed_fields(PERSON))
    assert _names(names.exposed_relations(PERSON)) == ["partyMember"]


def test_key_fields_are_key_then_alternates_then_lookups() -> None:
    assert _names(names.key_fields(PERSON)) == ["personKey", "idNumber"]
    assert _names(names.key_fields(PARTY_ORGANISATION)) == ["orgCode", "registerNo"]


def test_computed_fields_companions_and_lists_are_neither_filtered_nor_ordered_by() -> None:
    assert _names(names.filter_fields(PERSON)) == ["name", "idNumber", "sex", "birthDate"]
    assert _names(names.order_fields(PERSON)) == ["name", "sex", "birthDate"]
    assert "aliases" not in _names(names.filter_fields(PARTY_ORGANISATION))


def test_a_catalogue_with_distinct_names_passes() -> None:
    names.check_names(SAMPLE)


@pytest.mark.parametrize(
    ("entities", "sentence"),
    [
        pytest.param([an_entity("PageInfo", "pages", "code", [a_field("code")])], "PageInfo is taken", id="own-type"),
        pytest.param([an_entity("Code", "codes", "code", [a_field("code")])], "Code is taken", id="scalar"),
        pytest.param([an_entity("Sheep", "sheep", "code", [a_field("code")])], "sheep is taken", id="same-roots"),
        pytest.param(
            [an_entity(name, "things", "code", [a_field("code")]) for name in ("One", "Two")],
            "things is taken",
            id="same-plural",
        ),
        pytest.param(_thing(a_field("id")), "cannot be called id", id="id"),
        pytest.param(_thing(a_field("or")), "cannot be called or", id="connective"),
        pytest.param(_thing(a_field("__a")), "cannot be called __a", id="introspection"),
        pytest.param(
            _thing(a_field("code"), a_relation("code", "Thing")), "Thing.code is taken", id="relation-like-field"
        ),
        pytest.param(
            _thing(a_field("code"), a_relation("other", "Other")),
            "the target Other is not in the catalogue",
            id="unknown-target",
        ),
    ],
)
def test_a_name_that_cannot_stand_in_the_schema_is_told_with_its_place(entities: list[Entity], sentence: str) -> None:
    with pytest.raises(CatalogInvalid, match=f"sample.yaml:1: .*{sentence}"):
        names.check_names(a_catalog(*entities))
