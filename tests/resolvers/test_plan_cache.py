"""Plans are shared by what they depend on and by nothing else (D24)."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from authz.subjects import Subject
from resolvers.fetch_plan import ExecutablePlan
from resolvers.operation import OperationRequest
from tests.resolvers.mini_city import MiniCity, code
from tests.resolvers.paths import node_id
from tests.resolvers.questions import CALLERS, CITY, CLERK, MEMBER, OTHER_CLERK, PUBLIC, SECRETARY, answer, codes


@pytest.fixture(scope="module")
def city() -> MiniCity:
    return MiniCity()


def planned(city: MiniCity, document: str, who: Subject = CITY, **variables: Any) -> ExecutablePlan:
    return city.engine.plan(who, OperationRequest(document=document, deadline=0.0, variables=variables))


WHERE = "query ($w: PartyMemberWhere) { partyMembers(where: $w) { totalCount } }"
ORDER = "query ($o: [PartyMemberOrder!]) { partyMembers(orderBy: $o) { totalCount } }"
FIRST = "query ($n: Int) { partyMembers(first: $n) { nodes { memberNo } } }"
SKIP = "query ($s: Boolean!) { partyMember(memberNo: 1) { memberNo category @skip(if: $s) } }"
LIST = "query ($l: [Int!]) { partyMembers(where: {memberNo: {in: $l}}) { totalCount } }"


@pytest.mark.parametrize(
    ("document", "one", "other"),
    [
        pytest.param(WHERE, {"w": {"memberNo": {"eq": 1}}}, {"w": {"memberNo": {"eq": 2}}}, id="another value"),
        pytest.param(
            WHERE,
            {"w": {"or": [{"memberNo": {"eq": 1}}, {"memberNo": {"gt": 1}}]}},
            {"w": {"or": [{"memberNo": {"eq": 3}}, {"memberNo": {"gt": 4}}]}},
            id="other values in a list of inputs",
        ),
        pytest.param(LIST, {"l": [1]}, {"l": [1, 2, 3]}, id="another length"),
        pytest.param(LIST, {"l": []}, {"l": [1]}, id="an empty list of values"),
        pytest.param(FIRST, {"n": 1}, {"n": 7}, id="another page size"),
        pytest.param(WHERE, {}, {}, id="nothing given"),
    ],
)
def test_one_shape_of_variables_is_one_plan(
    city: MiniCity, document: str, one: dict[str, Any], other: dict[str, Any]
) -> None:
    assert planned(city, document, **one) is planned(city, document, **other)


@pytest.mark.parametrize(
    ("document", "one", "other"),
    [
        pytest.param(WHERE, {"w": {"memberNo": {"eq": 1}}}, {"w": {"memberNo": {"ne": 1}}}, id="another operator"),
        pytest.param(WHERE, {"w": {"memberNo": {"eq": 1}}}, {"w": {"category": {"eq": "1"}}}, id="another field"),
        pytest.param(WHERE, {"w": {"memberNo": {"eq": 1}}}, {"w": None}, id="null"),
        pytest.param(WHERE, {"w": {}}, {"w": {"not": {}}}, id="empty operand"),
        pytest.param(
            WHERE, {"w": {"post": {"isNull": True}}}, {"w": {"post": {"isNull": False}}}, id="isNull turned round"
        ),
        pytest.param(
            WHERE,
            {"w": {"or": [{"memberNo": {"eq": 1}}]}},
            {"w": {"or": [{"memberNo": {"eq": 1}}, {"memberNo": {"eq": 1}}]}},
            id="another number of inputs",
        ),
        pytest.param(ORDER, {"o": [{"memberNo": "ASC"}]}, {"o": [{"memberNo": "DESC"}]}, id="another direction"),
        pytest.param(ORDER, {"o": [{"memberNo": "ASC"}]}, {"o": [{"category": "ASC"}]}, id="another term"),
        pytest.param(ORDER, {"o": []}, {"o": [{"category": "ASC"}]}, id="no term"),
        pytest.param(FIRST, {"n": 1}, {"n": None}, id="page size null"),
        pytest.param(SKIP, {"s": True}, {"s": False}, id="skip"),
    ],
)
def test_another_shape_of_variables_is_another_plan(
    city: MiniCity, document: str, one: dict[str, Any], other: dict[str, Any]
) -> None:
    assert planned(city, document, **one) is not planned(city, document, **other)


async def test_a_filter_over_the_limit_is_never_compiled(city: MiniCity, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: Any) -> None:
        pytest.fail("a filter over the limit was planned")

    monkeypatch.setattr(city.engine, "_compile", never)

    result = await city.execute(CITY, WHERE, w={"or": [{"memberNo": {"eq": number}} for number in range(7_000)]})

    assert codes(result) == ["LIMIT_EXCEEDED"]
    assert result.errors[0]["extensions"]["limit"] == "conditions"


def test_a_node_id_of_another_entity_is_another_plan(city: MiniCity) -> None:
    document = "query ($i: ID!) { node(id: $i) { id __typename } }"
    member, unit = node_id(city, "PartyMember"), node_id(city, "PublicUnit")

    assert planned(city, document, i=member).roots[0].target is not planned(city, document, i=unit).roots[0].target


def test_operations_of_one_document_have_plans_of_their_own(city: MiniCity) -> None:
    document = "query A { partyMember(memberNo: 1) { memberNo } } query B { partyMember(memberNo: 1) { category } }"
    plans = [
        city.engine.plan(CITY, OperationRequest(document=document, deadline=0.0, operation_name=name)) for name in "AB"
    ]

    assert plans[0] is not plans[1]


def test_callers_of_one_profile_share_a_plan_whatever_their_scope(city: MiniCity) -> None:
    assert planned(city, WHERE, CLERK) is planned(city, WHERE, OTHER_CLERK)


@pytest.mark.parametrize("other", ["branch_secretary", "party_liaison", "member_self", "resident_public"])
def test_a_plan_never_serves_another_profile(city: MiniCity, other: str) -> None:
    document = "{ partyMembers { nodes { person { idNumber } } } }"

    assert planned(city, document, CLERK) is not planned(city, document, CALLERS[other])


def test_a_stated_purpose_is_part_of_the_profile(city: MiniCity) -> None:
    assert planned(city, WHERE, CITY) is not planned(city, WHERE, replace(CITY, purpose="party_discipline"))


def test_plans_hold_no_value_of_caller_or_variable(city: MiniCity) -> None:
    plan = planned(city, WHERE, CLERK, w={"memberNo": {"eq": 123454321}})

    assert "123454321" not in repr(plan.parameters) + repr(plan.authorized)
    assert code("001010") not in repr(plan.parameters)


QUESTION = """query ($w: PartyMemberWhere, $n: Int, $c: String) {
  partyMembers(where: $w, first: $n, after: $c, orderBy: [{memberNo: DESC}]) {
    totalCount nodes { memberNo person { name idNumber birthDate } dues { nodes { duesId } } } pageInfo { endCursor } }
  duesRecords { totalCount nodes { duesId } }
}"""


async def test_interleaved_requests_of_many_callers_answer_as_alone(city: MiniCity) -> None:
    callers = (CLERK, OTHER_CLERK, SECRETARY, MEMBER, CITY, PUBLIC)
    asked = [
        (who, {"w": {"memberNo": {"gt": number}}, "n": 1 + number % 3})
        for number in range(4)
        for who in callers
        for _ in range(5)
    ]
    alone = [(await MiniCity().execute(who, QUESTION, **given)).response() for who, given in asked[:: len(asked) // 24]]

    together = await asyncio.gather(*(city.execute(who, QUESTION, **given) for who, given in asked))

    assert len(together) == 120
    assert [result.response() for result in together[:: len(asked) // 24]] == alone


async def test_the_same_question_of_two_clerks_shows_each_his_own(city: MiniCity) -> None:
    document = "{ partyMembers { nodes { memberNo } } }"

    first, second = await asyncio.gather(answer(city, CLERK, document), answer(city, OTHER_CLERK, document))

    assert [row["memberNo"] for row in first["partyMembers"]["nodes"]] == [1, 2, 3, 5, 6]
    assert [row["memberNo"] for row in second["partyMembers"]["nodes"]] == [4]


# --- documents ---------------------------------------------------------------------------------------------------


async def test_a_document_of_seventeen_kibibytes_is_refused(city: MiniCity) -> None:
    document = "{ __typename } #" + "x" * 17 * 1024

    result = await city.execute(PUBLIC, document)

    assert codes(result) == ["LIMIT_EXCEEDED"]
    assert not result.executed


@pytest.mark.parametrize(("names", "reason"), [(1_998, "Cannot query field"), (1_999, "tokens")])
async def test_a_document_has_two_thousand_tokens_at_most(city: MiniCity, names: int, reason: str) -> None:
    result = await city.execute(PUBLIC, "{ " + " ".join(f"a{number}" for number in range(names)) + " }")

    assert not result.executed
    assert reason in result.errors[0]["message"]


@pytest.mark.parametrize(
    ("document", "name", "fine"),
    [
        ("query A { __typename } query B { __typename }", None, False),
        ("query A { __typename } query B { __typename }", "C", False),
        ("query A { __typename } query B { __typename }", "B", True),
        ("query A { __typename }", None, True),
        ("fragment a on Query { __typename }", None, False),
        ("", None, False),
    ],
)
async def test_exactly_one_operation_is_run(city: MiniCity, document: str, name: str | None, fine: bool) -> None:
    deadline = asyncio.get_running_loop().time() + 10
    request = OperationRequest(document=document, deadline=deadline, operation_name=name)

    result = await city.engine.execute(PUBLIC, request)

    assert (result.errors == ()) is fine
    assert result.executed is fine


@pytest.mark.parametrize(
    "variables",
    [{}, {"n": "1"}, {"n": 1.5}, {"n": True}, {"n": [1]}, {"n": 2**31}, {"n": None}],
    ids=["missing", "text", "fraction", "boolean", "list", "too large", "null"],
)
async def test_a_variable_of_another_type_is_refused_before_anything_runs(
    city: MiniCity, variables: dict[str, Any]
) -> None:
    result = await city.execute(CITY, "query ($n: Int!) { partyMember(memberNo: $n) { memberNo } }", **variables)

    assert set(codes(result)) == {"BAD_INPUT"}
    assert not result.executed


async def test_at_most_three_errors_of_validation_are_told(city: MiniCity) -> None:
    result = await city.execute(PUBLIC, "{ a b c d e }")

    assert len(result.errors) == 3


async def test_unknown_variables_do_not_matter(city: MiniCity) -> None:
    document = "query ($n: Int!) { partyMember(memberNo: $n) { memberNo } }"

    assert await answer(city, CITY, document, n=1, more="x") == {"partyMember": {"memberNo": 1}}


async def test_purposes_open_what_they_open_and_no_plan_carries_it_over(city: MiniCity) -> None:
    document = "{ partyMember(memberNo: 1) { lostContact } }"
    stated = await answer(city, replace(CITY, purpose="party_discipline"), document)

    assert stated == {"partyMember": {"lostContact": False}}
    assert codes(await city.execute(CITY, document)) == ["BAD_INPUT"]
