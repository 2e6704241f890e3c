"""What clients read in their editors: every name of the schema says what it is, in words that mean something."""

import re
from collections.abc import Iterator

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    is_introspection_type,
    is_specified_scalar_type,
)

from schema.build import build_schema
from schema.catalog import Catalog
from schema.catalog_loader import load_catalog


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


@pytest.fixture(scope="module")
def schema(catalog: Catalog) -> GraphQLSchema:
    return build_schema(catalog, lambda info: None).graphql


def described(schema: GraphQLSchema) -> Iterator[tuple[str, str]]:
    """(coordinate, description) of every type, field, input field, root argument and enumeration value."""
    assert schema.query_type is not None
    for root_name, root in schema.query_type.fields.items():
        for name, argument in root.args.items():
            yield f"Query.{root_name}({name}:)", argument.description or ""
    for named in schema.type_map.values():
        if is_introspection_type(named) or is_specified_scalar_type(named):
            continue
        yield named.name, named.description or ""
        if isinstance(named, GraphQLEnumType):
            for name, value in named.values.items():
                yield f"{named.name}.{name}", value.description or ""
        if isinstance(named, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
            for name, field in named.fields.items():
                yield f"{named.name}.{name}", field.description or ""


def test_every_name_is_described(schema: GraphQLSchema) -> None:
    assert [coordinate for coordinate, text in described(schema) if not text.strip()] == []


def test_a_description_is_made_of_sentences(schema: GraphQLSchema) -> None:
    """Ends with a full stop or a label, and repeats no punctuation where parts were put together."""
    wrong = re.compile(r"\.\.|  |[^.\]]\Z")
    assert [(coordinate, text) for coordinate, text in described(schema) if wrong.search(text)] == []


def test_what_departments_write_names_no_decision_of_ours(catalog: Catalog) -> None:
    written = [
        text
        for entity in catalog.entities.values()
        for part in (entity, *entity.fields.values(), *entity.relations.values())
        for text in (part.description, part.title.en, part.title.zh, getattr(part, "declassified", None) or "")
    ]
    assert [text for text in written if re.search(r"\bD\d+\b", text)] == []


def test_a_companion_says_what_it_accompanies(schema: GraphQLSchema) -> None:
    descriptions = dict(described(schema))
    assert descriptions["Person.sexLabel"] == "性别名称 · Sex in words. The title of the code in `sex`. [C2G]"
    assert "masked form where `birthDate` is masked" in descriptions["Person.birthDateText"]


def test_a_look_up_tells_its_rules(schema: GraphQLSchema) -> None:
    descriptions = dict(described(schema))
    assert "by POST" in descriptions["Query.person(idNumber:)"]
    assert "by POST" not in descriptions["Query.person(personKey:)"]
