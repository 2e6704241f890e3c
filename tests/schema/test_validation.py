import pytest
from graphql import GraphQLSyntaxError, get_introspection_query
from graphql.validation.validate import ValidationAbortedError

from schema.build import build_schema
from schema.validation import MAX_ERRORS, MAX_TOKENS, parse_document, validate_document
from tests.processor_time import least_seconds
from tests.schema.sample_catalog import SAMPLE

SCHEMA = build_schema(SAMPLE, lambda info: None)


def _errors(document: str) -> list[str]:
    return [error.message for error in validate_document(SCHEMA, parse_document(document))]


def test_a_valid_document_has_no_errors() -> None:
    assert (
        _errors('{ partyMembers(where: {joinedOn: {lt: "2018-03-01"}}, orderBy: [{rate: DESC}]) { nodes { id } } }')
        == []
    )


def test_a_document_of_too_many_tokens_is_not_parsed() -> None:
    assert parse_document("{" + " a" * (MAX_TOKENS - 2) + "}")
    with pytest.raises(GraphQLSyntaxError) as refused:
        parse_document("{" + " a" * (MAX_TOKENS - 1) + "}")
    assert refused.value.extensions == {"limit": "tokens", "maximum": MAX_TOKENS}


def test_comments_count_as_tokens() -> None:
    with pytest.raises(GraphQLSyntaxError) as refused:
        parse_document("#\n" * MAX_TOKENS + "{ a }")
    assert (refused.value.extensions or {})["limit"] == "tokens"


def test_a_deeply_nested_document_is_a_syntax_error() -> None:
    with pytest.raises(GraphQLSyntaxError) as refused:
        parse_document("{a" * 900 + "}" * 900)
    assert (refused.value.extensions or {})["limit"] == "nesting"


def test_a_syntax_error_is_no_limit() -> None:
    with pytest.raises(GraphQLSyntaxError) as refused:
        parse_document("{ a")
    assert not refused.value.extensions


def test_no_more_errors_than_the_stated_number_are_told() -> None:
    assert len(_errors("{ a b c d e f g }")) == MAX_ERRORS


def test_the_standard_introspection_query_is_valid() -> None:
    everything = get_introspection_query(
        descriptions=True,
        specified_by_url=True,
        directive_is_repeatable=True,
        schema_description=True,
        input_value_deprecation=True,
        one_of=True,
    )
    assert _errors(everything) == []


def test_introspection_that_nests_lists_again_and_again_is_refused() -> None:
    inner = "name"
    for _ in range(5):
        inner = f"fields {{ type {{ {inner} }} }}"
    assert _errors(f'{{ __type(name: "Person") {{ {inner} }} }}') == ["Maximum introspection depth exceeded"]


@pytest.mark.parametrize(
    "order", ["{joinedOn: ASC, rate: DESC}", "{}", "{joinedOn: null}"], ids=["two-terms", "no-term", "null-term"]
)
def test_an_order_term_names_exactly_one_field(order: str) -> None:
    (message,) = _errors(f"{{ partyMembers(orderBy: [{order}]) {{ totalCount }} }}")
    assert "exactly one field" in message


def test_a_malformed_literal_is_refused_where_it_stands_without_being_repeated() -> None:
    document = parse_document('{ partyMembers(where: {joinedOn: {eq: "43079819630708"}}) { totalCount } }')
    (error,) = validate_document(SCHEMA, document)
    assert error.message == "Date must be a calendar date written YYYY-MM-DD, such as 2018-03-01."
    assert error.locations is not None
    assert error.locations[0].column == 39


def test_fields_that_repeat_exponentially_are_refused_in_bounded_time() -> None:
    inner = "id"
    for _ in range(8):
        inner = f"person {{ partyMember {{ {inner} }} }} " * 2
    document = parse_document(f"{{ partyMember(memberNo: 1) {{ {inner} }} }}", max_tokens=10_000)
    assert least_seconds(lambda: validate_document(SCHEMA, document)) < 1
    (error,) = validate_document(SCHEMA, document)
    assert isinstance(error, ValidationAbortedError)
