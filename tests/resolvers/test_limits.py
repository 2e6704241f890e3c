"""The budget walk: what costs what, where it stops, and that hostile shapes cost nothing."""

from collections.abc import Mapping
from typing import Any

import pytest
from graphql import GraphQLSchema, build_schema, get_introspection_query
from graphql.language import OperationDefinitionNode, parse
from hypothesis import given
from hypothesis import strategies as st

from resolvers.errors import BadInput, LimitExceeded
from resolvers.limits import Limits
from resolvers.measure import Cost, measure

SCHEMA: GraphQLSchema = build_schema(
    """
    type Query {
      org(code: ID!): Org
      orgs(first: Int, after: String, last: Int, before: String, where: W, orderBy: [O!]): OrgConnection
    }
    input W { and: [W!] or: [W!] not: W name: F code: F }
    input F { eq: String in: [String!] isNull: Boolean }
    input O { name: Direction code: Direction }
    enum Direction { ASC DESC }
    type PageInfo { hasNextPage: Boolean! }
    interface Node { id: ID! }
    type Org implements Node {
      id: ID!
      name: String
      parent: Org
      members(first: Int, after: String, last: Int, before: String, where: W, orderBy: [O!]): MemberConnection
    }
    type OrgConnection { nodes: [Org!]! edges: [OrgEdge!]! pageInfo: PageInfo! totalCount: Int }
    type OrgEdge { node: Org! cursor: String! }
    type Member implements Node { id: ID! name: String org: Org friends(first: Int, last: Int): MemberConnection }
    type MemberConnection { nodes: [Member!]! edges: [MemberEdge!]! pageInfo: PageInfo! totalCount: Int }
    type MemberEdge { node: Member! cursor: String! }
    """
)


def cost(document: str, variables: Mapping[str, Any] | None = None, **limits: int) -> Cost:
    parsed = parse(document)
    operation = next(node for node in parsed.definitions if isinstance(node, OperationDefinitionNode))
    return measure(parsed, operation, SCHEMA, variables or {}, Limits(**limits))


def doubling(levels: int, leaf: str = "name") -> str:
    """Each fragment spreads the next one twice: 2 ** levels leaves from a document of a few hundred bytes."""
    inner = "".join(f"fragment F{i} on Org {{ ...F{i + 1} ...F{i + 1} }}\n" for i in range(levels))
    return f"{{ org(code: 1) {{ ...F0 }} }}\n{inner}fragment F{levels} on Org {{ {leaf} }}"


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        pytest.param(
            "{ org(code: 1) { name } }", {"fields": 2, "depth": 2, "rows": 0, "root_fields": 1}, id="by key: no rows"
        ),
        pytest.param("{ orgs { nodes { name } } }", {"rows": 20, "depth": 3}, id="an absent page is the default page"),
        pytest.param("{ orgs(first: null) { nodes { name } } }", {"rows": 20}, id="a null page is the default page"),
        pytest.param("{ orgs(first: 7) { nodes { name } } }", {"rows": 7}, id="a literal page"),
        pytest.param("{ orgs(last: 8) { edges { cursor } } }", {"rows": 8}, id="a last page"),
        pytest.param("{ orgs(first: 0) { nodes { name } } }", {"rows": 0}, id="an empty page"),
        pytest.param("{ orgs(first: 9) { pageInfo { hasNextPage } } }", {"rows": 9}, id="pageInfo reads the page"),
        pytest.param("{ orgs(first: 9) { totalCount } }", {"rows": 0}, id="a count alone reads no page"),
        pytest.param(
            "{ orgs(first: 9) { totalCount nodes { name } edges { cursor } pageInfo { hasNextPage } } }",
            {"rows": 9},
            id="one page is counted once however it is read",
        ),
        pytest.param(
            "{ orgs(first: 50) { nodes { members { nodes { org { name } } } } } }",
            {"rows": 1_000},
            id="pages multiply, a to-one step does not",
        ),
        pytest.param(
            "{ orgs(first: 50) { nodes { parent { members(first: 3) { totalCount nodes { id } } } } } }",
            {"rows": 150},
            id="a to-one step passes on what is below it",
        ),
        pytest.param(
            "{ orgs(first: 10) { nodes { a: members { nodes { id } } b: members(first: 5) { nodes { id } } } } }",
            {"rows": 250, "aliases": 2},
            id="siblings add up",
        ),
        pytest.param(
            "{ ...R ...R } fragment R on Query { a: org(code: 1) { ...N } } fragment N on Org { x: name id }",
            {"root_fields": 2, "fields": 6, "aliases": 4, "depth": 2},
            id="fragments count each time they are spread",
        ),
        pytest.param(
            "{ org(code: 1) { ... on Org { name } ... { id ... on Node { id } } } }",
            {"fields": 4, "depth": 2},
            id="inline fragments are no level",
        ),
        pytest.param("{ orgs { totalCount } }", {"conditions": 0}, id="no filter, no condition"),
        pytest.param(
            '{ orgs(where: {name: {eq: "a", isNull: false}, code: {in: ["b", "c"]}}) { totalCount } }',
            {"conditions": 3},
            id="every comparison is a condition, a list of values is one value",
        ),
        pytest.param(
            '{ orgs(where: {or: [{name: {eq: "a"}}, {not: {code: {eq: "b"}}}, {}, {and: [{}, {}]}]}) { totalCount } }',
            {"conditions": 5},
            id="an empty operand is one too",
        ),
        pytest.param(
            "{ orgs(orderBy: [{name: ASC}, {code: DESC}]) { totalCount } }", {"conditions": 2}, id="so is an order term"
        ),
        pytest.param(
            "{ orgs(where: {name: null}, orderBy: {code: ASC}) { totalCount } }",
            {"conditions": 2},
            id="null and a term without a list",
        ),
        pytest.param(
            '{ orgs(where: {name: {eq: "a"}}) { nodes { ...M parent { ...M } } } } '
            'fragment M on Org { members(where: {name: {eq: "b"}}, orderBy: [{code: ASC}]) { totalCount } }',
            {"conditions": 5},
            id="in relations as at the root, fragments each time",
        ),
        pytest.param(
            "{ __schema { types { fields { type { ofType { ofType { name } } } } } } }",
            {"depth": 1, "fields": 7},
            id="introspection has no depth",
        ),
        pytest.param(
            "{ org(code: 1) @include(if: false) { name @skip(if: true) } }", {"fields": 2}, id="what is skipped counts"
        ),
    ],
)
def test_cost_of(document: str, expected: Mapping[str, int]) -> None:
    found = cost(document)
    assert {name: getattr(found, name) for name in expected} == expected


@pytest.mark.parametrize(("given_page", "rows"), [(3, 3), (None, 20), (0, 0)], ids=["a number", "null", "zero"])
def test_a_page_given_by_variable_is_measured(given_page: int | None, rows: int) -> None:
    assert cost("query($n: Int) { orgs(first: $n) { nodes { name } } }", {"n": given_page}).rows == rows


def test_an_undefined_page_variable_is_the_default_page() -> None:
    assert cost("query($n: Int) { orgs(first: $n) { nodes { name } } }", default_page=5).rows == 5


def test_conditions_cost_their_caller() -> None:
    assert cost('{ orgs(first: 3, where: {name: {eq: "a"}}) { nodes { name } } }').units == 3 + 3 + 1


def nested(levels: int) -> dict[str, Any]:
    """A filter of so many objects, one in the other."""
    return {"name": {"eq": "a"}} if levels == 2 else {"not": nested(levels - 1)}


WHERE = "query($w: W) { orgs(where: $w) { totalCount } }"
MANY: list[dict[str, Any]] = [{"name": {"eq": str(number)}} for number in range(101)]


@pytest.mark.parametrize(
    ("document", "variables", "limit", "maximum"),
    [
        pytest.param(WHERE, {"w": {"or": MANY}}, "conditions", 100, id="101 comparisons"),
        pytest.param(WHERE, {"w": {"or": [{}] * 101}}, "conditions", 100, id="101 empty operands"),
        pytest.param(
            "query($w: [W!]) { orgs(where: {not: {or: $w}}) { totalCount } }",
            {"w": MANY},
            "conditions",
            100,
            id="a variable within a literal",
        ),
        pytest.param(
            "query($o: [O!]) { orgs(orderBy: $o) { totalCount } }",
            {"o": [{"name": "ASC"}] * 101},
            "conditions",
            100,
            id="101 order terms",
        ),
        pytest.param(
            "query($w: W) { a: orgs(where: $w) { totalCount } b: orgs(where: $w) { totalCount } }",
            {"w": {"or": MANY[:51]}},
            "conditions",
            100,
            id="one variable twice",
        ),
        pytest.param(
            "query($w: W) { org(code: 1) { members(where: $w) { totalCount } } }",
            {"w": {"or": MANY}},
            "conditions",
            100,
            id="the filter of a relation",
        ),
        pytest.param(
            "{ orgs(where: {or: [" + '{name: {eq: "a"}} ' * 101 + "]}) { totalCount } }",
            {},
            "conditions",
            100,
            id="101 comparisons in the document",
        ),
        pytest.param(WHERE, {"w": nested(16)}, "depth", 15, id="16 levels"),
        pytest.param(
            "{ orgs(where: " + "{not: " * 15 + "{}" + "}" * 15 + ") { totalCount } }",
            {},
            "depth",
            15,
            id="16 levels in the document",
        ),
        pytest.param(
            "query($w: W) { orgs(where: {not: {not: $w}}) { totalCount } }",
            {"w": nested(14)},
            "depth",
            15,
            id="2 and 14",
        ),
    ],
)
def test_a_filter_is_bounded_wherever_it_stands(
    document: str, variables: Mapping[str, Any], limit: str, maximum: int
) -> None:
    with pytest.raises(LimitExceeded) as caught:
        cost(document, variables)
    assert caught.value.extensions["limit"] == limit
    assert caught.value.extensions["maximum"] == maximum
    assert caught.value.extensions["line"] == 1


@pytest.mark.parametrize("where", [{"or": MANY[:100]}, nested(15)], ids=["100 comparisons", "15 levels"])
def test_a_filter_of_exactly_the_limit_is_accepted(where: Mapping[str, Any]) -> None:
    assert cost(WHERE, {"w": where}).conditions in (1, 100)


NEST = "members(first: 10) { nodes { org { "


@pytest.mark.parametrize(
    ("document", "limit", "maximum"),
    [
        pytest.param("{ org(code: 1) { " + "parent { " * 14 + "name" + " }" * 15 + " }", "depth", 15, id="depth"),
        pytest.param(
            "{ org(code: 1) { " + " ".join(["name"] * 600) + " } }", "fields", 600, id="fields of one selection set"
        ),
        pytest.param(
            "{ org(code: 1) { " + " ".join(f"a{i}: name" for i in range(31)) + " } }", "aliases", 30, id="aliases"
        ),
        pytest.param("{ " + "org(code: 1) { id } " * 21 + "}", "root_fields", 20, id="root fields"),
        pytest.param(
            "{ ...A ...A ...A } fragment A on Query { " + "__typename " * 7 + "}", "root_fields", 20, id="spread roots"
        ),
        pytest.param("{ orgs(first: 1001) { nodes { id } } }", "page", 1_000, id="one page"),
        pytest.param("{ orgs(first: 2147483647) { totalCount } }", "page", 1_000, id="the greatest Int as a page"),
        pytest.param(
            "{ orgs(first: " + "9" * 5_000 + ") { nodes { id } } }", "page", 1_000, id="a page of 5000 digits"
        ),
        pytest.param(
            "{ orgs(first: 1000) { nodes { members(first: 101) { nodes { id } } } } }", "rows", 100_000, id="two pages"
        ),
        pytest.param(
            "{ orgs { nodes { " + NEST * 4 + "id" + " } } }" * 4 + " } } }", "rows", 100_000, id="a nest of small pages"
        ),
        pytest.param(
            "{ orgs(first: 10) { nodes { "
            + "members(first: 100) { nodes { friends(first: 101) { nodes { id } } } }"
            + " } } }",
            "rows",
            100_000,
            id="three pages",
        ),
        pytest.param(doubling(20), "fields", 600, id="fragments that double 20 times"),
        pytest.param(doubling(250), "fields", 600, id="fragments that double 250 times"),
        pytest.param(doubling(20, "a: name"), "aliases", 30, id="aliases that double 20 times"),
        pytest.param(
            doubling(20, "members(first: 1000) { nodes { id } }"), "rows", 100_000, id="pages that double 20 times"
        ),
    ],
)
def test_more_than_a_limit_is_refused_with_its_name_maximum_and_place(document: str, limit: str, maximum: int) -> None:
    with pytest.raises(LimitExceeded) as caught:
        cost(document)
    assert caught.value.extensions["limit"] == limit
    assert caught.value.extensions["maximum"] == maximum
    assert caught.value.extensions["line"] >= 1
    assert caught.value.extensions["column"] >= 1


@pytest.mark.parametrize(
    "document",
    [
        pytest.param("{ org(code: 1) { " + "parent { " * 13 + "name" + " }" * 14 + " }", id="15 levels"),
        pytest.param("{ org(code: 1) { " + " ".join(["name"] * 599) + " } }", id="600 fields"),
        pytest.param("{ org(code: 1) { " + " ".join(f"a{i}: name" for i in range(30)) + " } }", id="30 aliases"),
        pytest.param("{ " + "org(code: 1) { id } " * 20 + "}", id="20 root fields"),
        pytest.param("{ orgs(first: 1000) { nodes { members(first: 100) { nodes { id } } } } }", id="100,000 rows"),
        pytest.param(get_introspection_query(), id="the standard introspection query"),
        pytest.param(
            get_introspection_query(input_value_deprecation=True, specified_by_url=True, schema_description=True),
            id="the longest introspection query",
        ),
    ],
)
def test_exactly_the_limit_is_accepted(document: str) -> None:
    assert cost(document).fields >= 2


def test_the_place_is_the_innermost_one_over_the_limit() -> None:
    with pytest.raises(LimitExceeded) as caught:
        cost("{\n  orgs(first: 3) {\n    nodes {\n      members(first: 5000) { totalCount }\n    }\n  }\n}")
    assert (caught.value.extensions["line"], caught.value.extensions["column"]) == (4, 7)


@pytest.mark.parametrize(
    ("document", "says"),
    [
        pytest.param("{ orgs(first: -1) { totalCount } }", "negative", id="a negative first"),
        pytest.param("{ orgs(last: -5) { totalCount } }", "negative", id="a negative last"),
        pytest.param("{ orgs(first: 1, last: 1) { totalCount } }", "both", id="first and last"),
        pytest.param('{ orgs(first: "9") { totalCount } }', "integer", id="a page that is no number"),
        pytest.param("{ org(code: 1) { ...A } } fragment A on Org { parent { ...A } }", "itself", id="a cycle of one"),
        pytest.param(
            "{ org(code: 1) { ...A } } fragment A on Org { ...B } fragment B on Org { parent { ...A } }",
            "itself",
            id="a cycle of two",
        ),
        pytest.param("{ org(code: 1) { ...Nowhere } }", "no fragment", id="an unknown fragment"),
    ],
)
def test_a_senseless_operation_is_bad_input(document: str, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        cost(document)


@pytest.mark.parametrize("value", [True, "9", 1.5, [1]], ids=repr)
def test_a_page_variable_that_is_no_integer_is_bad_input(value: object) -> None:
    with pytest.raises(BadInput, match="integer"):
        cost("query($n: Int) { orgs(first: $n) { totalCount } }", {"n": value})


@pytest.mark.parametrize("wrong", [{"rows": 0}, {"depth": -1}, {"page": 10}], ids=str)
def test_limits_that_would_refuse_everything_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="must"):
        Limits(**wrong)


def test_unknown_names_are_left_to_validation() -> None:
    assert cost("{ nonsense { deeper(first: 100000) { x } } }").rows == 0


def test_a_document_without_locations_is_measured_too() -> None:
    parsed = parse("{ orgs(first: 5000) { totalCount } }", no_location=True)
    operation = parsed.definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    with pytest.raises(LimitExceeded) as caught:
        measure(parsed, operation, SCHEMA, {}, Limits())
    assert set(caught.value.extensions) == {"limit", "maximum"}


def test_each_fragment_is_measured_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Steps, not seconds: doubling 200 levels looks at 200 fragments and no more."""
    from resolvers.measure import _Meter

    looks: list[object] = []
    original = _Meter.selection_set

    def counted(self: Any, node: Any, parent: Any) -> Cost:
        looks.append(node)
        return original(self, node, parent)

    monkeypatch.setattr(_Meter, "selection_set", counted)
    everything = Limits(fields=2**300, depth=1_000)
    document = parse(doubling(200))
    operation = document.definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    assert measure(document, operation, SCHEMA, {}, everything).fields == 2**200 + 1
    assert len(looks) == 203


_leaf = st.sampled_from(["id", "name", "x: name"])
_selections = st.recursive(
    _leaf,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(" ".join),
        inner.map(lambda body: f"parent {{ {body} }}"),
        st.tuples(st.integers(0, 6), inner).map(
            lambda pair: f"members(first: {pair[0]}) {{ nodes {{ org {{ {pair[1]} }} }} }}"
        ),
        inner.map(lambda body: f"... on Org {{ {body} }}"),
    ),
    max_leaves=12,
)


@given(_selections)
def test_a_fragment_costs_what_its_text_costs_in_place(body: str) -> None:
    everything = {"depth": 1_000, "rows": 10**12, "aliases": 1_000}
    in_place = cost(f"{{ org(code: 1) {{ {body} parent {{ {body} }} }} }}", **everything)
    spread = cost(
        f"{{ org(code: 1) {{ ...F parent {{ ...F }} }} }} fragment F on Org {{ {body} }}",
        **everything,
    )
    assert spread == in_place
