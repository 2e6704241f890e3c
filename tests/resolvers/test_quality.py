"""Quality codes: told of what the same selection shows of the row, to whoever is shown it (record 0012)."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from tests.resolvers.mini_city import CITY, CLERK, PUBLIC, MiniCity, code, subject
from tests.resolvers.questions import answer

Rows = dict[str, Any]
Change = Callable[[Rows], None]
AGENT = subject("hotline_agent", divCode="430726")
ANALYST = subject("coop_analyst", divCode="430726")
ADMIN = subject("service_admin", divCode="430726")


def set_in(source: str, table: str, key: str, value: object, **columns: object) -> Change:
    """Write ``columns`` of the row of a table whose ``key`` is ``value``."""

    def change(rows: Rows) -> None:
        (row,) = [row for row in rows[source][table] if row[key] == value]
        row |= columns

    return change


async def told(change: Change | None, who: Any, root: str, selection: str) -> Any:
    found = await answer(MiniCity(change=change), who, f"{{ {root} {{ {selection} _meta {{ quality }} }} }}")
    (row,) = found.values()
    return row["_meta"]["quality"]


ended_early = set_in("s4", "banjian", "banjian_bh", "C1", banjie_sj=datetime(2018, 9, 1))
CASE = 'serviceCase(caseNo: "C1")'


@pytest.mark.parametrize(
    ("selection", "quality"),
    [("acceptedAt finishedAt", ["TIME_ORDER"]), ("acceptedAt", []), ("finishedAt", []), ("caseNo", [])],
    ids=["both times", "the first", "the last", "neither"],
)
async def test_a_check_of_two_fields_is_told_with_both(selection: str, quality: list[str]) -> None:
    assert await told(ended_early, ADMIN, CASE, selection) == quality


async def test_a_check_is_not_told_of_sound_rows() -> None:
    assert await told(None, ADMIN, CASE, "acceptedAt finishedAt") == []


@pytest.mark.parametrize(("selection", "quality"), [("joinedOn", ["DATE_INVALID"]), ("category", [])])
async def test_a_defect_of_a_value_is_told_with_its_field(selection: str, quality: list[str]) -> None:
    change = set_in("s1", "DY_JBXX", "DYBH", 1, RDRQ="20180230")

    assert await told(change, CITY, "partyMember(memberNo: 1)", selection) == quality


@pytest.mark.parametrize(
    ("selection", "quality"), [("item { name }", ["ORPHAN_ITEM"]), ("station { name }", []), ("caseNo", [])]
)
async def test_a_reference_to_nothing_is_told_with_the_relation(selection: str, quality: list[str]) -> None:
    change = set_in("s4", "banjian", "banjian_bh", "C1", shishibianma="I9")

    assert await told(change, ADMIN, CASE, selection) == quality


async def test_a_reference_that_the_scope_hides_is_no_orphan() -> None:
    """A member of another county's branch has no organisation for this clerk; that is not told as a defect."""
    document = 'partyOrganisation(orgCode: "' + code("001010001") + '")'

    assert await told(None, CLERK, document, "members { nodes { memberNo } }") == []


@pytest.mark.parametrize(
    ("mark", "org", "quality"),
    [("1", "001010009", ["SOFT_DELETED_REF"]), (None, "001010008", ["ORPHAN_ORG"])],
    ids=["soft-deleted", "in no row"],
)
async def test_a_deleted_row_is_told_apart_from_none(mark: str | None, org: str, quality: list[str]) -> None:
    def change(rows: Rows) -> None:
        if mark is not None:
            rows["s1"]["DZZ_JBXX"].append({**rows["s1"]["DZZ_JBXX"][2], "DZZDM": code(org), "SCBZ": mark})
        rows["s1"]["DY_JBXX"][0]["DZZDM"] = code(org)

    assert await told(change, CITY, "partyMember(memberNo: 1)", "org { name }") == quality


async def test_two_statements_of_one_row_that_disagree_are_a_conflict() -> None:
    document = "{ orders { nodes { orderNo amount _meta { quality } } } }"
    found = (await answer(MiniCity(), ANALYST, document))["orders"]["nodes"]

    assert {row["orderNo"]: row["_meta"]["quality"] for row in found} == {
        "1001": [],
        "1002": ["CONFLICT(amount)"],
        "1003": [],
    }


@pytest.mark.parametrize(
    ("ticket", "quality"),
    [("T1", []), ("T2", ["UNIT_NAME_ALIAS"])],
    ids=["official name", "short name"],
)
async def test_a_unit_found_by_another_name_is_told(ticket: str, quality: list[str]) -> None:
    root = f'hotlineTicket(ticketNo: "{ticket}")'

    assert await told(None, AGENT, root, "unit { unitNo }") == quality
    assert await told(None, AGENT, root, "unitRaw") == []


@pytest.mark.parametrize(
    ("name", "quality"),
    [("市财政局", []), ("财政局", ["UNIT_NAME_ALIAS"]), ("国库科", ["UNIT_NAME_ALIAS"]), ("新设单位", [])],
    ids=["official", "short", "borne by several", "not in the hub's table"],
)
async def test_a_name_that_is_not_the_official_one_is_told_where_it_is_kept(name: str, quality: list[str]) -> None:
    change = set_in("s3", "单位", "单位编码", "1001", 单位名称=name)

    assert await told(change, PUBLIC, 'publicUnit(unitNo: "1001")', "name") == quality
    assert await told(change, PUBLIC, 'publicUnit(unitNo: "1001")', "status") == []


async def test_a_defect_of_a_field_that_is_denied_is_not_told() -> None:
    """The establishment office may see the person, but not the date of birth that is none."""
    change = set_in("s3", "人员", "人员编码", "P2", 出生年月="1985.13")
    officer = subject("bianban_officer", unitNo="1001")
    document = '{ staffPost(staffNo: "P2") { enteredOn person { birthDate _meta { quality } } _meta { quality } } }'

    result = await MiniCity(change=change).execute(officer, document)

    assert "DATE_INVALID" not in str(result.data)
