from typing import Any

import pytest
from graphql import GraphQLResolveInfo

from schema.build import CatalogSchema, build_schema
from schema.completed import Completed
from schema.visible import visible_schema
from tests.schema.sample_catalog import SAMPLE

ROW = {"anything": ["at", {"all": None}], "id": 7}


def _schema(resolve_root: Any) -> CatalogSchema:
    return build_schema(SAMPLE, resolve_root)


async def test_a_completed_value_enters_the_result_untouched() -> None:
    schema = _schema(lambda info: Completed(ROW))
    result = await schema.execute("{ partyMember(memberNo: 1) { memberNo } }")
    assert result.errors is None
    assert result.data is not None
    assert result.data["partyMember"] is ROW


async def test_an_awaitable_completed_value_enters_the_result_untouched() -> None:
    async def resolve(info: GraphQLResolveInfo[Any]) -> Completed:
        return Completed(info.path.key)

    result = await _schema(resolve).execute("{ a: partyMembers { totalCount } b: partyMembers { totalCount } }")
    assert (result.errors, result.data) == (None, {"a": "a", "b": "b"})


async def test_an_interface_root_needs_no_type_resolution() -> None:
    result = await _schema(lambda info: Completed(ROW)).execute('{ node(id: "x") { id } }')
    assert result.data == {"node": ROW}


async def test_a_completed_null_is_null() -> None:
    result = await _schema(lambda info: Completed(None)).execute("{ partyMember(memberNo: 1) { memberNo } }")
    assert (result.errors, result.data) == (None, {"partyMember": None})


async def test_one_resolver_answers_every_root_of_full_and_filtered_schemas() -> None:
    full = _schema(lambda info: Completed(info.field_name))
    filtered = visible_schema(full, SAMPLE, frozenset())
    document = '{ person(personKey: "k") { id } partyMembers { totalCount } node(id: "x") { id } }'
    for schema in (full, filtered):
        result = await schema.execute(document)
        assert result.data == {"person": "person", "partyMembers": "partyMembers", "node": "node"}


async def test_introspection_and_typename_go_the_ordinary_way() -> None:
    schema = _schema(lambda info: Completed(ROW))
    result = await schema.execute('{ __typename __type(name: "PartyMemberOrder") { isOneOf } node(id: "x") { id } }')
    assert result.data == {"__typename": "Query", "__type": {"isOneOf": True}, "node": ROW}


@pytest.mark.parametrize("asynchronous", [False, True], ids=["plain", "awaitable"])
async def test_an_error_of_one_root_nulls_that_root_alone(asynchronous: bool) -> None:
    def answer(info: GraphQLResolveInfo[Any]) -> Completed:
        if info.path.key == "bad":
            raise LookupError("no")
        return Completed(ROW)

    async def answer_later(info: GraphQLResolveInfo[Any]) -> Completed:
        return answer(info)

    schema = _schema(answer_later if asynchronous else answer)
    result = await schema.execute("{ good: partyMembers { totalCount } bad: partyMembers { totalCount } }")
    assert result.data == {"good": ROW, "bad": None}
    assert result.errors is not None
    (error,) = result.errors
    assert (error.path, type(error.original_error)) == (["bad"], LookupError)


async def test_an_error_is_not_logged_by_the_engine(caplog: pytest.LogCaptureFixture) -> None:
    def answer(info: GraphQLResolveInfo[Any]) -> Completed:
        raise LookupError("430798196307080203")

    await _schema(answer).execute("{ partyMembers { totalCount } }")
    assert caplog.records == []


async def test_errors_of_variables_suggest_no_names() -> None:
    schema = _schema(lambda info: Completed(ROW))
    document = "query ($w: PartyMemberWhere) { partyMembers(where: $w) { totalCount } }"
    result = await schema.execute(document, {"w": {"memberN": {"eq": 1}}})
    assert result.errors is not None
    assert "memberNo" not in result.errors[0].message
