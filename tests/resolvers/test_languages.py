"""Labels of codes and messages in the language of the request; rows, their order and plans do not depend on it."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from authz.subjects import Subject
from resolvers.operation import OperationRequest, OperationResult
from schema.language import Language
from tests.resolvers.mini_city import CITY, PUBLIC, MiniCity, world

CATALOG = world()[0]
DOCUMENT = """{ partyOrganisations(orderBy: [{type: DESC}, {orgCode: ASC}]) {
  nodes { orgCode type typeLabel again: typeLabel members(first: 2) { nodes { category categoryLabel } } }
} }"""


@pytest.fixture(scope="module")
def city() -> MiniCity:
    return MiniCity()


async def asked(city: MiniCity, who: Subject, document: str, language: Language, **variables: Any) -> OperationResult:
    deadline = asyncio.get_running_loop().time() + 10
    request = OperationRequest(document=document, deadline=deadline, variables=variables, language=language)
    return await city.engine.execute(who, request)


def rows(result: OperationResult) -> list[dict[str, Any]]:
    assert result.errors == ()
    assert result.data is not None
    return list(result.data["partyOrganisations"]["nodes"])


@pytest.mark.parametrize("language", Language)
async def test_a_label_is_the_codes_title_in_the_language(city: MiniCity, language: Language) -> None:
    types, categories = CATALOG.code_tables["orgType"], CATALOG.code_tables["memberCategory"]
    shown = rows(await asked(city, CITY, DOCUMENT, language))
    assert {row["type"] for row in shown} > {"631"}
    for row in shown:
        assert row["typeLabel"] == row["again"] == types.codes[row["type"]].said(language)
        for member in row["members"]["nodes"]:
            assert member["categoryLabel"] == categories.codes[member["category"]].said(language)


async def test_rows_and_their_order_are_the_same_in_every_language(city: MiniCity) -> None:
    chinese, english = [rows(await asked(city, CITY, DOCUMENT, language)) for language in Language]
    assert chinese != english
    for one, other in zip(chinese, english, strict=True):
        assert (one["orgCode"], one["type"]) == (other["orgCode"], other["type"])


def test_one_plan_serves_every_language(city: MiniCity) -> None:
    request = OperationRequest(document=DOCUMENT, deadline=0.0)
    plans = {id(city.engine.plan(CITY, replace(request, language=language))) for language in Language}
    assert len(plans) == 1


async def test_operations_that_run_together_keep_their_languages(city: MiniCity) -> None:
    languages = [*Language] * 5
    answers = await asyncio.gather(*(asked(city, CITY, DOCUMENT, language) for language in languages))
    alone = {language: await asked(city, CITY, DOCUMENT, language) for language in Language}
    assert [answer.data for answer in answers] == [alone[language].data for language in languages]


@pytest.mark.parametrize(
    ("document", "variables", "chinese", "english"),
    [
        (
            "{ partyOrganisations { total } }",
            {},
            "查询无效：Cannot query field",
            "the query is not valid: Cannot query",
        ),
        ("{ partyOrganisations {", {}, "查询无效：Syntax Error", "the query is not valid: Syntax Error"),
        (
            "query ($first: Int) { partyOrganisations(first: $first) { totalCount } }",
            {"first": "many"},
            "变量无效：Variable '$first'",
            "the variables are not valid: Variable '$first'",
        ),
        (
            '{ node(id: "x") { id } }',
            {},
            "此 id 不是平台发出的",
            "was not given out by the hub",
        ),
        ("{ partyMembers { totalCount } }", {}, "您无权查看 PartyMember：", "you may not see PartyMember: "),
    ],
    ids=["validation", "syntax", "variables", "value", "denial"],
)
async def test_a_message_is_in_the_language_under_the_same_code(
    city: MiniCity, document: str, variables: dict[str, Any], chinese: str, english: str
) -> None:
    told = [await asked(city, PUBLIC, document, language, **variables) for language in (Language.ZH, Language.EN)]
    (in_chinese,), (in_english,) = (result.errors for result in told)
    assert chinese in in_chinese["message"]
    assert english in in_english["message"]
    assert in_chinese["extensions"]["code"] == in_english["extensions"]["code"]
    assert in_chinese.get("locations") == in_english.get("locations")


async def test_at_most_three_errors_of_validation_are_told(city: MiniCity) -> None:
    result = await asked(city, PUBLIC, "{ a b c d e }", Language.ZH)
    assert len(result.errors) == 3
