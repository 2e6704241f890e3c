import pytest
from graphql import (
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLUnionType,
)

from schema.build import CatalogSchema, build_schema
from schema.errors import CatalogInvalid
from schema.names import ENTITY_EXTENSION, MEMBER_EXTENSION
from schema.validation import parse_document, validate_document
from tests.schema.sample_catalog import PERSON, SAMPLE, a_catalog, a_field, a_relation, an_entity


@pytest.fixture(scope="module")
def schema() -> CatalogSchema:
    return build_schema(SAMPLE, lambda info: None)


def _object(schema: CatalogSchema, name: str) -> GraphQLObjectType:
    found = schema.graphql.type_map[name]
    assert isinstance(found, GraphQLObjectType)
    return found


def _shape(schema: CatalogSchema, name: str) -> dict[str, str]:
    found = schema.graphql.type_map[name]
    assert isinstance(found, GraphQLObjectType | GraphQLInputObjectType)
    return {field: str(definition.type) for field, definition in found.fields.items()}


def test_an_entity_has_its_id_fields_relations_and_meta_in_catalogue_order(schema: CatalogSchema) -> None:
    assert _shape(schema, "Person") == {
        "id": "ID!",
        "personKey": "PersonKey",
        "name": "String",
        "idNumber": "String",
        "sex": "Code",
        "sexLabel": "String",
        "birthDate": "Date",
        "birthDateText": "String",
        "age": "Int",
        "partyMember": "PartyMember",
        "_meta": "RowMeta!",
    }
    assert _shape(schema, "PartyOrganisation")["aliases"] == "[String!]"


def test_every_entity_is_a_node(schema: CatalogSchema) -> None:
    node = schema.graphql.type_map["Node"]
    assert isinstance(node, GraphQLInterfaceType)
    assert [t.name for t in schema.graphql.get_possible_types(node)] == list(SAMPLE.entities)


def test_only_structure_is_non_null_in_entities(schema: CatalogSchema) -> None:
    for entity in SAMPLE.entities:
        fields = _object(schema, entity).fields
        assert {name for name, field in fields.items() if isinstance(field.type, GraphQLNonNull)} == {"id", "_meta"}


def test_roots_are_one_list_node_and_what_the_hub_knows_itself(schema: CatalogSchema) -> None:
    roots = {
        name: (str(root.type), {argument: str(definition.type) for argument, definition in root.args.items()})
        for name, root in _object(schema, "Query").fields.items()
    }
    page = {"first": "Int", "after": "String", "last": "Int", "before": "String"}
    assert roots == {
        "person": ("Person", {"personKey": "ID", "idNumber": "ID"}),
        "partyMember": ("PartyMember", {"memberNo": "Int!"}),
        "partyMembers": (
            "PartyMemberConnection",
            {"where": "PartyMemberWhere", "orderBy": "[PartyMemberOrder!]", **page},
        ),
        "partyOrganisation": ("PartyOrganisation", {"orgCode": "ID", "registerNo": "Int"}),
        "partyOrganisations": (
            "PartyOrganisationConnection",
            {"where": "PartyOrganisationWhere", "orderBy": "[PartyOrganisationOrder!]", **page},
        ),
        "node": ("Node", {"id": "ID!"}),
        "viewer": ("Viewer!", {}),
        "codeTable": ("CodeTable", {"name": "String!"}),
        "codeTables": ("[CodeTable!]!", {}),
    }


def test_every_root_and_its_arguments_are_described(schema: CatalogSchema) -> None:
    for root in _object(schema, "Query").fields.values():
        assert root.description
        assert all(argument.description for argument in root.args.values())


def test_connections_follow_relay_and_add_nodes_and_total(schema: CatalogSchema) -> None:
    assert _shape(schema, "PartyMemberConnection") == {
        "nodes": "[PartyMember!]!",
        "edges": "[PartyMemberEdge!]!",
        "pageInfo": "PageInfo!",
        "totalCount": "Int",
    }
    assert _shape(schema, "PartyMemberEdge") == {"node": "PartyMember!", "cursor": "String!"}
    assert _shape(schema, "RowMeta") == {"sources": "[SourceMeta!]!", "quality": "[String!]!", "masked": "[String!]!"}
    assert _shape(schema, "SourceMeta") == {"connector": "String!", "asOf": "DateTime"}


def test_a_to_many_relation_takes_the_arguments_of_a_list(schema: CatalogSchema) -> None:
    members = _object(schema, "PartyOrganisation").fields["members"]
    assert str(members.type) == "PartyMemberConnection"
    assert list(members.args) == ["where", "orderBy", "first", "after", "last", "before"]


def test_where_has_connectives_and_one_filter_per_stored_field(schema: CatalogSchema) -> None:
    assert _shape(schema, "PartyOrganisationWhere") == {
        "and": "[PartyOrganisationWhere!]",
        "or": "[PartyOrganisationWhere!]",
        "not": "PartyOrganisationWhere",
        "orgCode": "CodeFilter",
        "registerNo": "IntFilter",
        "name": "StringFilter",
        "divCode": "DivCodeFilter",
        "uscc": "UsccFilter",
    }


def test_filters_have_the_operators_that_make_sense(schema: CatalogSchema) -> None:
    operators = {name: " ".join(_shape(schema, name)) for name in schema.graphql.type_map if name.endswith("Filter")}
    ordered = "eq ne in notIn lt lte gt gte isNull"
    assert operators == {
        "StringFilter": "eq ne in notIn startsWith contains isNull",
        "IntFilter": ordered,
        "FloatFilter": "lt lte gt gte isNull",
        "BooleanFilter": "eq isNull",
        "DateFilter": ordered,
        "MonthFilter": ordered,
        "DateTimeFilter": ordered,
        "FenFilter": ordered,
        "CodeFilter": "eq ne in notIn startsWith isNull",
        "DivCodeFilter": "eq ne in notIn startsWith isNull",
        "UsccFilter": "eq ne in notIn isNull",
    }
    assert _shape(schema, "DivCodeFilter")["startsWith"] == "String"
    assert _shape(schema, "DateFilter")["notIn"] == "[Date!]"


def test_order_is_a_one_of_input(schema: CatalogSchema) -> None:
    order = schema.graphql.type_map["PartyMemberOrder"]
    assert isinstance(order, GraphQLInputObjectType)
    assert order.is_one_of
    assert set(_shape(schema, "PartyMemberOrder").values()) == {"OrderDirection"}


def test_an_entity_without_anything_to_compare_has_neither_where_nor_order() -> None:
    bare = an_entity("Bare", "bares", "code", [a_field("code", filterable=False, sortable=False)])
    schema = build_schema(a_catalog(bare), lambda info: None)
    assert not {"BareWhere", "BareOrder"} & schema.graphql.type_map.keys()
    assert list(_object(schema, "Query").fields["bares"].args) == ["first", "after", "last", "before"]


def test_a_field_is_described_by_title_codes_and_label(schema: CatalogSchema) -> None:
    fields = _object(schema, "Person").fields
    assert fields["idNumber"].description == "公民身份号码 · Citizen ID number. [C4I]"
    assert fields["sex"].description == "性别 · Sex. Codes of GB/T 2261.1: 1 男, 2 女. [C2G]"


def test_types_and_members_carry_their_catalogue_names(schema: CatalogSchema) -> None:
    for name in ("PartyMember", "PartyMemberConnection", "PartyMemberEdge", "PartyMemberWhere", "PartyMemberOrder"):
        assert schema.graphql.type_map[name].extensions[ENTITY_EXTENSION] == "PartyMember"
    person = _object(schema, "Person").fields
    assert {n for n, f in person.items() if MEMBER_EXTENSION not in f.extensions} == {"id", "_meta"}
    assert all(f.extensions[MEMBER_EXTENSION] == n for n, f in person.items() if n not in ("id", "_meta"))
    root = _object(schema, "Query").fields["person"]
    assert root.extensions[ENTITY_EXTENSION] == "Person"
    assert [argument.extensions[MEMBER_EXTENSION] for argument in root.args.values()] == ["personKey", "idNumber"]


def test_an_entity_that_only_node_reaches_is_in_the_schema() -> None:
    island = an_entity("Island", "islands", "code", [a_field("code", internal=True)], root_list=False)
    schema = build_schema(a_catalog(island), lambda info: None)
    assert _shape(schema, "Island") == {"id": "ID!", "_meta": "RowMeta!"}
    assert list(_object(schema, "Query").fields) == ["node", "viewer", "codeTable", "codeTables"]


def test_python_keywords_are_ordinary_names() -> None:
    thing = an_entity("Thing", "things", "class", [a_field("class"), a_field("self"), a_relation("from", "Thing")])
    schema = build_schema(a_catalog(thing), lambda info: None)
    assert list(_shape(schema, "Thing")) == ["id", "class", "self", "from", "_meta"]
    assert list(_object(schema, "Query").fields["thing"].args) == ["class"]


def test_a_name_clash_is_refused_before_anything_is_built() -> None:
    with pytest.raises(CatalogInvalid, match="target Nowhere"):
        build_schema(a_catalog(PERSON, an_entity("A", "as", "b", [a_relation("b", "Nowhere")])), lambda info: None)


def test_a_union_has_its_targets_as_members_and_a_relation_leads_to_it(schema: CatalogSchema) -> None:
    union = schema.graphql.type_map["Contact"]
    assert isinstance(union, GraphQLUnionType)
    assert [member.name for member in union.types] == ["PartyMember", "Person"]
    assert _shape(schema, "PartyOrganisation")["contact"] == "Contact"
    asked = "{ partyOrganisation(orgCode: 1) { contact { __typename ... on PartyMember { memberNo } } } }"
    assert validate_document(schema, parse_document(asked)) == []


@pytest.mark.parametrize(
    ("document", "right"),
    [
        ("query @maxStaleness(seconds: 0) { __typename }", True),
        ("query ($age: Int!) @maxStaleness(seconds: $age) { __typename }", True),
        ("query @maxStaleness { __typename }", False),
        ("{ __typename @maxStaleness(seconds: 0) }", False),
    ],
    ids=["number", "variable", "no number", "on a field"],
)
def test_a_query_may_say_how_old_its_answers_may_be(schema: CatalogSchema, document: str, right: bool) -> None:
    assert (not validate_document(schema, parse_document(document))) is right
