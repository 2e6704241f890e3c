"""A person of several sources is one row: whose value counts, who may know of which source, who exists at all (D2,
D10, D11, D14, D18)."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from connectors.errors import SourceUnavailable
from schema.identity import SHANGHAI
from schema.messages import sources
from tests.resolvers.mini_city import ANN, CAI, DAN, MiniCity, code, id_number, subject, tables
from tests.resolvers.mini_services import EVA, TOWN_STATION
from tests.resolvers.paths import person_key
from tests.resolvers.questions import CITY, CLERK, MEMBER, OFFICER, WatchedCity, answer, codes

Rows = dict[str, Any]


def member(rows: Rows, number: int) -> Any:
    return next(row for row in rows["s1"]["DY_JBXX"] if row["DYBH"] == number)


def staff(rows: Rows, number: str) -> Any:
    return next(row for row in rows["s3"]["人员"] if row["人员编码"] == number)


def person_of(number: int, selection: str) -> str:
    return f"{{ partyMember(memberNo: {number}) {{ person {{ {selection} }} }} }}"


async def ask(change: Callable[[Rows], None] | None, number: int, selection: str) -> Any:
    data = await answer(MiniCity(change=change), CITY, person_of(number, selection))
    return data["partyMember"]["person"]


# --- authority ---------------------------------------------------------------------------------------------------


def _conflict(rows: Rows) -> None:
    staff(rows, "P1").update({"姓名": "安壹", "性别": "女", "出生年月": "1981.02", "政治面貌": "群众"})


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        pytest.param("name", "安壹", id="s3 by default"),
        pytest.param("sex", "2", id="s3 for a code"),
        pytest.param("birthDate", "1980-01-01", id="s1 for the birth date"),
        pytest.param("politicalStatus", "01", id="s1 for the political status"),
        pytest.param("mobile", "16400000001", id="s1 alone"),
    ],
)
async def test_the_authority_of_a_field_gives_its_value(field: str, expected: str) -> None:
    assert (await ask(_conflict, 1, field))[field] == expected


async def test_a_null_of_the_authority_falls_back_and_meta_names_both_sources() -> None:
    def change(rows: Rows) -> None:
        staff(rows, "P1")["姓名"] = ""

    found = await ask(change, 1, "name _meta { sources { connector } }")

    assert found == {"name": "安一", "_meta": {"sources": [{"connector": "s3"}, {"connector": "s1"}]}}


async def test_a_source_without_the_person_is_not_named() -> None:
    assert await ask(None, 2, "_meta { sources { connector } }") == {"_meta": {"sources": [{"connector": "s1"}]}}


async def test_an_outage_of_the_authority_is_no_fallback() -> None:
    city = WatchedCity()
    city.spies["s3"].fault = lambda _: SourceUnavailable("s3", sources.SOURCE_SILENT(connector="s3"))

    result = await city.execute(CITY, person_of(1, "name birthDate mobile"))

    assert result.data == {
        "partyMember": {"person": {"name": None, "birthDate": "1980-01-01", "mobile": "16400000001"}}
    }
    assert codes(result) == ["SOURCE_UNAVAILABLE"]
    assert result.errors[0]["path"] == ["partyMember", "person", "name"]


async def test_a_null_of_a_lesser_source_that_is_down_is_told_as_an_outage() -> None:
    def change(rows: Rows) -> None:
        staff(rows, "P1")["姓名"] = ""

    city = WatchedCity(change=change)
    fault = SourceUnavailable("s1", sources.SOURCE_SILENT(connector="s1"))
    city.spies["s1"].fault = lambda fetch: fault if fetch.binding.entity == "Person" else None

    result = await city.execute(CITY, '{ staffPost(staffNo: "P1") { person { name } } }')

    assert codes(result) == ["SOURCE_UNAVAILABLE"]


# --- one identity ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("spelling", ["lower-case x", "15 digits"])
async def test_every_exact_spelling_is_the_same_person(spelling: str) -> None:
    def change(rows: Rows) -> None:
        staff(rows, "P1")["身份证号"] = CAI.lower() if spelling == "lower-case x" else CAI[:6] + CAI[8:17]

    found = await ask(change, 3, "_meta { sources { connector } } staffPost { staffNo }")

    assert found == {"_meta": {"sources": [{"connector": "s3"}, {"connector": "s1"}]}, "staffPost": {"staffNo": "P1"}}


async def test_an_invalid_number_joins_to_nothing_but_its_own_row() -> None:
    def change(rows: Rows) -> None:
        staff(rows, "P1")["身份证号"] = member(rows, 5)["SFZH"]

    found = await ask(
        change, 5, "name idNumber personKey staffPost { staffNo } _meta { sources { connector } quality }"
    )

    assert (found["name"], found["idNumber"], found["staffPost"]) == ("无证", "****", None)
    assert found["_meta"] == {"sources": [{"connector": "s1"}], "quality": ["ID_FORMAT"]}


async def test_a_local_identity_has_a_key_that_leads_back() -> None:
    city = MiniCity()
    key = (await answer(city, CITY, person_of(5, "personKey")))["partyMember"]["person"]["personKey"]

    assert await answer(city, CITY, "query ($k: ID!) { person(personKey: $k) { name } }", k=key) == {
        "person": {"name": "无证"}
    }


async def test_the_latest_row_of_a_duplicate_wins_and_says_so() -> None:
    for number in (3, 6):
        found = await ask(None, number, "mobile partyMember { memberNo _meta { quality } } _meta { quality }")

        assert found["mobile"] == "16400000006"
        assert found["_meta"]["quality"] == ["DUP_PERSON"]
        assert found["partyMember"] == {"memberNo": 6, "_meta": {"quality": ["DUP_PARTY_MEMBER"]}}


@pytest.mark.parametrize("turned", [False, True])
async def test_a_winner_does_not_depend_on_the_order_of_arrival(turned: bool) -> None:
    def change(rows: Rows) -> None:
        rows["s3"]["单位"][2]["统一社会信用代码"] = rows["s3"]["单位"][0]["统一社会信用代码"]
        if turned:
            rows["s3"]["单位"].reverse()

    data = await answer(
        MiniCity(change=change), CITY, '{ publicUnit(uscc: "11430700XX00001001") { unitNo _meta { quality } } }'
    )

    assert data == {"publicUnit": {"unitNo": "1003", "_meta": {"quality": ["DUP_PUBLIC_UNIT"]}}}


# --- what a source reveals (D11) -----------------------------------------------------------------------------------


OFFICERS_QUESTION = """{ staffPosts { nodes { staffNo person {
  id personKey name _meta { sources { connector asOf } quality masked } } } } }"""


async def test_who_may_not_know_of_membership_never_has_the_member_library_asked() -> None:
    city = WatchedCity()

    await answer(city, OFFICER, OFFICERS_QUESTION)

    assert city.asked("s1") == []
    assert city.spies["s1"].ages_asked == 0


async def test_members_and_others_look_alike_to_who_may_not_know() -> None:
    def leave_the_party(rows: Rows) -> None:
        rows["s1"]["DY_JBXX"] = []

    with_members = await answer(MiniCity(), OFFICER, OFFICERS_QUESTION)
    without = await answer(MiniCity(change=leave_the_party), OFFICER, OFFICERS_QUESTION)

    assert json.dumps(with_members) == json.dumps(without)
    assert '"s1"' not in json.dumps(with_members)


async def test_an_outage_of_the_member_library_is_no_matter_to_who_may_not_know() -> None:
    city = WatchedCity()
    city.spies["s1"].fault = lambda _: SourceUnavailable("s1", sources.SOURCE_SILENT(connector="s1"))

    await answer(city, OFFICER, OFFICERS_QUESTION)


@pytest.mark.parametrize("selection", ["partyMember { memberNo }", "politicalStatus", "politicalStatusLabel", "mobile"])
async def test_an_officer_learns_nothing_of_membership_by_any_field(selection: str) -> None:
    key = person_key(MiniCity())
    city = WatchedCity()

    result = await city.execute(OFFICER, f'{{ person(personKey: "{key}") {{ d: {selection} }} }}')

    assert result.data == {"person": {"d": None}}
    assert codes(result) == ["FIELD_DENIED"]
    assert city.asked("s1") == []


async def test_the_window_is_not_told_who_holds_a_post() -> None:
    """Eva has a case and a post; of the man from outside only the establishment register knows."""

    def change(rows: Rows) -> None:
        staff(rows, "P3")["身份证号"] = EVA

    clerk = subject("window_clerk", stationCode=TOWN_STATION)
    document = "query ($n: ID!) { person(idNumber: $n) { name _meta { sources { connector } quality } } }"
    city = WatchedCity(change=change)

    assert await answer(city, clerk, document, n=EVA) == {
        "person": {"name": "伊五", "_meta": {"sources": [{"connector": "s4"}], "quality": []}}
    }
    assert await answer(city, clerk, document, n=str(staff(tables(), "P2")["身份证号"])) == {"person": None}
    assert city.asked("s3") == []


async def test_a_person_reached_from_a_post_is_as_the_register_has_him() -> None:
    document = '{ staffPost(staffNo: "P2") { person { name _meta { sources { connector } } } } }'

    assert await answer(MiniCity(), OFFICER, document) == {
        "staffPost": {"person": {"name": "外人", "_meta": {"sources": [{"connector": "s3"}]}}}
    }


# --- row classes (D2) ----------------------------------------------------------------------------------------------


BORN = datetime.now(SHANGHAI).year - 10
CHILD = id_number("430798", f"{BORN}0601", "011")


def _child(rows: Rows) -> None:
    staff(rows, "P1").update({"身份证号": CHILD, "出生年月": f"{BORN}.06"})
    member(rows, 1).update({"SFZH": CHILD, "CSRQ": f"{BORN}0601"})


def _no_birth_date(rows: Rows) -> None:
    staff(rows, "P1")["出生年月"] = ""
    member(rows, 1)["CSRQ"] = ""


def _wrong_birth_date(rows: Rows) -> None:
    staff(rows, "P1")["出生年月"] = "1980.13"
    member(rows, 1)["CSRQ"] = "19800230"


@pytest.mark.parametrize("change", [_child, _no_birth_date, _wrong_birth_date], ids=["child", "missing", "invalid"])
@pytest.mark.parametrize(
    "who", [CITY, CLERK, replace(CITY, purpose="party_discipline")], ids=["city", "clerk", "purpose"]
)
async def test_a_person_who_may_be_a_child_is_no_row(change: Callable[[Rows], None], who: Any) -> None:
    city = MiniCity(change=change)

    result = await city.execute(who, person_of(1, "name"))

    assert result.data == {"partyMember": {"person": None}}


async def test_a_child_sees_his_own_row() -> None:
    child = subject("member_self", identity=CHILD, orgCode=code("001010001"))

    data = await answer(MiniCity(change=_child), child, person_of(1, "name"))

    assert data == {"partyMember": {"person": {"name": "安一"}}}


async def test_a_person_whose_class_cannot_be_told_is_absent_with_the_reason() -> None:
    city = WatchedCity()
    fault = SourceUnavailable("s1", sources.SOURCE_SILENT(connector="s1"))
    city.spies["s1"].fault = lambda fetch: fault if fetch.binding.entity == "Person" else None

    result = await city.execute(CITY, '{ staffPost(staffNo: "P3") { staffNo person { name } } }')

    assert result.data == {"staffPost": {"staffNo": "P3", "person": None}}
    assert codes(result) == ["SOURCE_UNAVAILABLE"]
    assert result.errors[0]["path"] == ["staffPost", "person"]


async def test_the_row_of_the_member_himself_is_his_own() -> None:
    city = MiniCity()
    document = "query ($k: ID!) { person(personKey: $k) { name birthDate } }"
    keys = city.keyring.of("tests").persons

    assert await answer(city, MEMBER, document, k=keys.seal(ANN)) == {
        "person": {"name": "安一", "birthDate": "1980-01-01"}
    }
    assert await answer(city, MEMBER, document, k=keys.seal(DAN)) == {"person": None}


# --- persons without a key ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", ["2018-0000000123", "编外2018", "P 2"], ids=["long", "beyond ASCII", "with a blank"])
async def test_a_person_whose_local_key_fits_no_person_key_has_none_and_that_is_told(number: str) -> None:
    def change(rows: Rows) -> None:
        staff(rows, "P2").update({"人员编码": number, "身份证号": ""})

    document = "{ staffPosts { nodes { staffNo person { name personKey _meta { quality } } } } }"
    found = (await answer(MiniCity(change=change), CITY, document))["staffPosts"]["nodes"]
    persons = {row["staffNo"]: row["person"] for row in found}

    assert persons.pop(number) == {"name": "外人", "personKey": None, "_meta": {"quality": ["LOCAL_KEY_UNFIT"]}}
    assert all(person["personKey"] for person in persons.values())
