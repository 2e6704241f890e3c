"""Rights for one record at a time (D8) and exact look-ups (D7)."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from resolvers.operation import OperationResult
from tests.resolvers.mini_city import ANN, BEN, CAI, DAN, MiniCity, code, id_number
from tests.resolvers.paths import values_at
from tests.resolvers.questions import (
    CALLERS,
    CITY,
    CLERK,
    MEMBER,
    SECRETARY,
    WatchedCity,
    answer,
    by_get,
    codes,
    refused,
)

STRICT = "4****************7"
MASKED = "masked"


@pytest.fixture
def city() -> WatchedCity:
    return WatchedCity()


LOOKUP = "query ($n: ID!) { person(idNumber: $n) { name idNumber } }"


@pytest.mark.parametrize(
    ("document", "shown"),
    [
        pytest.param("{ partyMember(memberNo: 1) { person { idNumber } } }", ANN, id="by key"),
        pytest.param(
            "{ partyMember(memberNo: 1) { a: person { idNumber } b: person { n: idNumber } } }",
            ANN,
            id="twice, one record",
        ),
        pytest.param(
            "{ partyMember(memberNo: 1) { staffPost { person { idNumber } } } }",
            ANN,
            id="over to-one steps",
        ),
        pytest.param(
            "{ __typename partyMember(memberNo: 1) { person { idNumber } } }",
            ANN,
            id="beside a type name",
        ),
        pytest.param(
            "{ partyMembers(first: 1) { nodes { person { idNumber } } } }",
            STRICT,
            id="list of one",
        ),
        pytest.param(
            "{ partyMembers(where: {memberNo: {eq: 1}}) { edges { node { person { idNumber } } } } }",
            STRICT,
            id="list by key",
        ),
        pytest.param(
            "{ a: partyMember(memberNo: 1) { person { idNumber } } b: partyMember(memberNo: 1) { memberNo } }",
            STRICT,
            id="two roots",
        ),
        pytest.param(
            "{ partyMember(memberNo: 1) { person { idNumber } } partyOrganisations { totalCount } }",
            STRICT,
            id="beside a list",
        ),
        pytest.param(
            "{ partyMember(memberNo: 1) { org { members(where: {memberNo: {eq: 1}}) "
            "{ nodes { person { idNumber } } } } } }",
            STRICT,
            id="through a list",
        ),
    ],
)
async def test_a_clear_id_number_is_for_one_record_alone(city: WatchedCity, document: str, shown: str) -> None:
    data = await answer(city, CLERK, document)
    found = {*values_at(data, "idNumber"), *values_at(data, "n")}

    assert found == {shown}


def secretaries(rows: dict[str, Any]) -> None:
    """The branch's secretary is Cai, the county's is Ben; both are members of the county."""
    for org in rows["s1"]["DZZ_JBXX"]:
        org["DZZSJ"] = {code("001010001"): "蔡三", code("001010"): "贝二"}.get(org["DZZDM"], "")
    for member in rows["s1"]["DY_JBXX"]:
        if member["DYBH"] == 2:
            member.update(XM="贝二", DZZDM=code("001010"), DNZW="书记")
        if member["DYBH"] == 6:
            member.update(DNZW="书记")


@pytest.mark.parametrize(
    ("selection", "shown"),
    [
        pytest.param(
            "person { idNumber } org { secretary { idNumber } parent { secretary { idNumber } } }",
            [ANN, MASKED, MASKED],
            id="the first of three",
        ),
        pytest.param(
            "org { secretary { idNumber } } person { idNumber }", [CAI, MASKED], id="the first, another way round"
        ),
        pytest.param(
            "person { name } org { secretary { name } parent { secretary { idNumber } } }",
            [BEN],
            id="only where it is asked for",
        ),
        pytest.param(
            "a: org { x: secretary { idNumber } } b: org { y: secretary { idNumber } } person { idNumber }",
            [CAI, CAI, MASKED],
            id="two names of one way are one record",
        ),
        pytest.param(
            "org { ... on PartyOrganisation { secretary { idNumber } } } person { ...P } ",
            [CAI, MASKED],
            id="in fragments",
        ),
    ],
)
async def test_one_operation_shows_one_clear_id_number(selection: str, shown: list[str]) -> None:
    city = MiniCity(change=secretaries, quota=1)
    fragment = "fragment P on Person { idNumber }" if "...P" in selection else ""

    data = await answer(city, CLERK, f"{{ partyMember(memberNo: 1) {{ {selection} }} }} {fragment}")

    assert [MASKED if "*" in number else number for number in values_at(data, "idNumber")] == shown


async def test_the_own_record_takes_nobodys_turn() -> None:
    city = MiniCity(change=secretaries)
    document = "{ partyMember(memberNo: 1) { org { secretary { idNumber } } person { idNumber } } }"

    result = await city.execute(MEMBER, document)

    assert list(values_at(result.data, "idNumber"))[-1] == ANN
    assert CAI not in str(result.response())


@pytest.mark.parametrize(
    ("document", "shown"),
    [
        pytest.param("{ partyMember(memberNo: 1) { person { idNumber } } }", ANN, id="own page"),
        pytest.param(
            "{ partyMembers { nodes { person { idNumber } } } }",
            STRICT,
            id="own entry in a list",
        ),
    ],
)
async def test_the_own_id_number_is_clear_on_the_own_page(city: WatchedCity, document: str, shown: str) -> None:
    assert set(values_at(await answer(city, MEMBER, document), "idNumber")) == {shown}


async def test_single_records_use_up_a_quota_and_lists_do_not() -> None:
    city = MiniCity(quota=2)
    single, listed = (
        "{ partyMember(memberNo: 1) { person { idNumber } } }",
        "{ partyMembers { nodes { person { idNumber } } } }",
    )
    await answer(city, CLERK, single)
    await answer(city, CLERK, single)
    for _ in range(5):
        await answer(city, CLERK, listed)

    result = await city.execute(CLERK, single)

    assert codes(result) == ["LIMIT_EXCEEDED"]
    assert result.errors[0]["extensions"]["retryAfter"] > 0
    assert not result.executed
    await answer(city, replace(CLERK, id="test:colleague"), single)


# --- look-ups ----------------------------------------------------------------------------------------------------


async def test_a_lookup_finds_the_person_in_scope(city: WatchedCity) -> None:
    assert await answer(city, CLERK, LOOKUP, n=ANN) == {"person": {"name": "安一", "idNumber": ANN}}


@pytest.mark.parametrize(
    "spelling", [BEN.lower(), BEN[:6] + BEN[8:17], f" {BEN} "], ids=["lower case", "15 digits", "blanks"]
)
async def test_a_lookup_takes_every_exact_spelling(city: WatchedCity, spelling: str) -> None:
    assert (await answer(city, CLERK, LOOKUP, n=spelling))["person"]["name"] == "贝二"


async def test_out_of_scope_answers_as_nobody(city: WatchedCity) -> None:
    nobody = id_number("430798", "19500101", "019")

    assert await answer(city, CLERK, LOOKUP, n=DAN) == await answer(city, CLERK, LOOKUP, n=nobody) == {"person": None}


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(ANN[:-1] + ("0" if ANN[-1] != "0" else "1"), id="check character"),
        pytest.param(ANN[:-1], id="17 characters"),
        pytest.param("", id="empty"),
        pytest.param("430798199913320010", id="no such day"),
        pytest.param(ANN[:10] + "％" + ANN[11:], id="wildcard"),
        pytest.param("９" + ANN[1:], id="full-width digit"),
    ],
)
async def test_a_number_that_cannot_be_is_refused_before_any_source_is_asked(city: WatchedCity, wrong: str) -> None:
    document = "query ($n: ID!) { person(idNumber: $n) { name _meta { sources { asOf } } } }"

    error = await refused(city, CLERK, document, n=wrong)

    assert error["extensions"]["code"] == "BAD_INPUT"
    assert error["path"] == ["person"]
    assert wrong == "" or wrong not in error["message"]
    assert city.log == []
    assert all(spy.ages_asked == 0 for spy in city.spies.values())


@pytest.mark.parametrize("key", ["", "A" * 26, "a" * 26, "A" * 25, "=" * 26, ANN])
async def test_a_made_up_person_key_is_refused_before_any_source_is_asked(city: WatchedCity, key: str) -> None:
    error = await refused(city, CLERK, "query ($k: ID!) { person(personKey: $k) { name } }", k=key)

    assert error["extensions"]["code"] == "BAD_INPUT"
    assert city.log == []


async def test_a_person_key_of_another_consumer_is_refused(city: WatchedCity) -> None:
    theirs = city.keyring.of("another").persons.seal(ANN)

    error = await refused(city, CLERK, "query ($k: ID!) { person(personKey: $k) { name } }", k=theirs)

    assert error["extensions"]["code"] == "BAD_INPUT"


@pytest.mark.parametrize("caller", [name for name in CALLERS if name not in ("county_org_clerk",)])
async def test_only_the_lookup_action_looks_up(city: WatchedCity, caller: str) -> None:
    result = await city.execute(CALLERS[caller], LOOKUP, n=ANN)

    assert result.data == {"person": None} or not result.executed
    assert codes(result) in (["FIELD_DENIED"], ["BAD_INPUT"])
    assert city.log == []


@pytest.mark.parametrize("who", [CITY, SECRETARY, MEMBER])
async def test_a_lookup_denied_answers_alike_for_a_true_and_a_wrong_number(city: WatchedCity, who: Any) -> None:
    nobody = BEN[:-1] + ("0" if BEN[-1] != "0" else "1")

    true, wrong = [(await city.execute(who, LOOKUP, n=number)).response() for number in (ANN, nobody)]

    assert true == wrong


async def test_one_lookup_per_operation(city: WatchedCity) -> None:
    document = f'{{ a: person(idNumber: "{ANN}") {{ name }} b: person(idNumber: "{BEN}") {{ name }} }}'

    result = await city.execute(CLERK, document)

    assert codes(result) == ["LIMIT_EXCEEDED"]
    assert not result.executed
    assert city.log == []


async def test_lookups_use_up_a_quota_also_those_that_find_nobody() -> None:
    city = MiniCity(quota=2)
    document = "query ($n: ID!) { person(idNumber: $n) { name } }"
    await answer(city, CLERK, document, n=DAN)
    await city.execute(CLERK, document, n="1")

    assert codes(await city.execute(CLERK, document, n=ANN)) == ["LIMIT_EXCEEDED"]


async def test_get_never_looks_up(city: WatchedCity) -> None:
    result = await by_get(city, CLERK, LOOKUP, n=ANN)

    assert codes(result) == ["BAD_INPUT"]
    assert city.log == []


@pytest.mark.parametrize(
    "arguments", ["", f'(personKey: "A", idNumber: "{ANN}")', "(personKey: null)", "(idNumber: null, personKey: null)"]
)
async def test_exactly_one_key_is_needed(city: WatchedCity, arguments: str) -> None:
    error = await refused(city, CLERK, f"{{ person{arguments} {{ name }} }}")

    assert error["extensions"]["code"] == "BAD_INPUT"
    assert city.log == []


async def test_a_lookup_is_recorded_durably(city: WatchedCity) -> None:
    await answer(city, CLERK, "query ($n: ID!) { person(idNumber: $n) { name } }", n=ANN)

    ((event, durable),) = city.audit.events
    assert durable
    assert "Person.idNumber" in event.coordinates
    assert ANN not in repr(event)


@pytest.mark.parametrize(
    ("ask", "document", "outcome"),
    [
        pytest.param(
            MiniCity.execute,
            f'{{ a: person(idNumber: "{ANN}") {{ name }} b: person(idNumber: "{BEN}") {{ name }} }}',
            "LIMIT_EXCEEDED",
            id="two look-ups",
        ),
        pytest.param(by_get, f'{{ person(idNumber: "{ANN}") {{ name }} }}', "BAD_INPUT", id="by GET"),
    ],
)
async def test_a_refused_lookup_is_recorded_durably(
    city: WatchedCity, ask: Callable[..., Awaitable[OperationResult]], document: str, outcome: str
) -> None:
    result = await ask(city, CLERK, document)

    assert codes(result) == [outcome]
    ((event, durable),) = city.audit.events
    assert (event.outcome, durable, dict(event.counts)) == (outcome, True, {})
    assert {"Person", "Person.idNumber", "Person.name"} <= set(event.coordinates)
    assert ANN not in repr(event)


async def test_lookups_over_the_quota_are_recorded() -> None:
    city = MiniCity(quota=1)
    for number in (ANN, BEN, CAI):
        await city.execute(CLERK, "query ($n: ID!) { person(idNumber: $n) { name } }", n=number)

    assert [event.outcome for event, _ in city.audit.events] == ["ok", "LIMIT_EXCEEDED", "LIMIT_EXCEEDED"]


async def test_an_operation_that_fails_unexpectedly_is_recorded(city: WatchedCity) -> None:
    city.spies["s1"].fault = lambda _: ZeroDivisionError()

    with pytest.raises(ZeroDivisionError):
        await city.execute(CLERK, "{ partyMember(memberNo: 1) { memberNo } }")

    ((event, _),) = city.audit.events
    assert event.outcome == "INTERNAL"
    assert "PartyMember.memberNo" in event.coordinates


@pytest.mark.parametrize("document", ["{ nonsense }", "{ partyMembers(first: -1) { totalCount } }"])
async def test_what_never_becomes_a_plan_is_not_recorded(city: WatchedCity, document: str) -> None:
    await city.execute(CLERK, document)

    assert city.audit.events == []
