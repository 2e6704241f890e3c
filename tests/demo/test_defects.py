"""Each defect: the rows in the ledger carry it, as many as the table says, and where it can be told, no others."""

import re
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime

import pytest

from demo.city.defects import DEFECTS, FLOOR
from demo.city.edition import SEED
from demo.city.names import lossy
from demo.city.units import units
from tests.demo import defects_commerce as commerce
from tests.demo import defects_services as services
from tests.demo.small_city import SMALL, Record, SmallCity

Carries = Callable[[SmallCity, Record], bool]


def _digits(member: Record) -> str:
    return member["SFZH"] or ""


def _born(member: Record) -> str:
    return _digits(member)[6:14]


def _a_date_is(pattern: str) -> Carries:
    return lambda city, m: any(re.fullmatch(pattern, m[column] or "") for column in ("RDRQ", "ZZRQ", "CSRQ"))


def _organisation(city: SmallCity, member: Record) -> Record | None:
    return city.keyed("DZZ_JBXX").get(member["DZZDM"])


def _twice(city: SmallCity, member: Record) -> bool:
    same = [m for m in city.records("DY_JBXX") if m["SCBZ"] == "0" and m["SFZH"] == member["SFZH"]]
    return len(same) == 2 and len({m["DZZDM"] for m in same}) == 2 and len({m["GXSJ"] for m in same}) == 2


def _deleted_organisation(city: SmallCity, member: Record) -> bool:
    organisation = _organisation(city, member)
    return organisation is not None and organisation["SCBZ"] == "1"


def _start(activity: Record) -> datetime:
    return datetime.fromisoformat(activity["started_at"] + ":00")


def _late(city: SmallCity, activity: Record) -> bool:
    return (datetime.fromisoformat(activity["updated_at"] + ":00") - _start(activity)).days >= 14


def _repeated(city: SmallCity, row: Record) -> bool:
    same = [r for r in city.records("activity_attendance") if r["activity_id"] == row["activity_id"]]
    return Counter(r["user_id"] for r in same)[row["user_id"]] >= 2


def _reversal(city: SmallCity, row: Record) -> bool:
    original = city.keyed("dues_payment")[str(row["reversed_of"])]
    return bool(row["paid_fen"] == -original["paid_fen"] < 0 and row["user_id"] == original["user_id"])


def _transferred(city: SmallCity, row: Record) -> bool:
    activity = city.keyed("org_life_activity")[str(row["activity_id"])]
    branch = city.keyed("branch")[activity["branch_id"]]
    member_no = city.keyed("app_user")[row["user_id"]]["member_no"]
    if member_no is None or branch["dzz_code"] is None:
        return True
    return bool(city.keyed("DY_JBXX")[str(member_no)]["DZZDM"] != branch["dzz_code"])


def _member_of_s1(city: SmallCity, staff: Record) -> Record | None:
    number = staff["身份证号"]
    spellings = {number, number.lower(), number[:6] + number[8:17]}
    return next((m for m in city.records("DY_JBXX") if m["SCBZ"] == "0" and m["SFZH"] in spellings), None)


UNIT_NAMES = {unit.name for unit in units(SEED, SMALL).values()}
CARRIES: dict[str, Carries] = {
    "ORG_DIV_EMPTY": lambda city, o: not o["XZQH"],
    "ORG_DIV_NAME": lambda city, o: bool(o["XZQH"]) and not o["XZQH"].isdigit(),
    "ORG_TYPE_LEGACY": lambda city, o: o["DZZLB"] in ("0", "1", "2"),
    "ORG_FOUNDED_ZERO": lambda city, o: o["CLRQ"] == "00000000",
    "ORG_TERM_OPEN": lambda city, o: o["JMRQ"] == "99999999",
    "ORG_HOST_ALIAS": lambda city, o: o["DWMC"] not in UNIT_NAMES,
    "ORG_HOST_NO_CODE": lambda city, o: o["DWMC"] is not None and o["DWDM"] is None,
    "ORG_USCC_CHECKSUM": lambda city, o: o["DWDM"] not in city.column("单位", "统一社会信用代码"),
    "ORG_USCC_LOWER": lambda city, o: o["DWDM"] != o["DWDM"].upper(),
    "MEMBER_DUPLICATE": _twice,
    "MEMBER_ID_15": lambda city, m: len(_digits(m)) == 15,
    "MEMBER_ID_LOWER_X": lambda city, m: _digits(m).endswith("x"),
    "MEMBER_ID_CHECKSUM": lambda city, m: len(_digits(m)) == 18,
    "MEMBER_ID_EMPTY": lambda city, m: not _digits(m),
    "MEMBER_BIRTH_MISMATCH": lambda city, m: _born(m) != m["CSRQ"],
    "MEMBER_SEX_MISMATCH": lambda city, m: (int(_digits(m)[16]) % 2 == 1) != (m["XB"] == "1"),
    "MEMBER_ORG_ORPHAN": lambda city, m: _organisation(city, m) is None,
    "MEMBER_ORG_DELETED": _deleted_organisation,
    "MEMBER_DATE_ZERO": _a_date_is("00000000"),
    "MEMBER_DATE_IMPOSSIBLE": _a_date_is(r"\d{4}0230"),
    "MEMBER_DATE_SIX": _a_date_is(r"\d{6}"),
    "MEMBER_STATUS_CONFLICT": lambda city, m: (m["ZZMM"], m["RYLB"]) == ("13", "1"),
    "MEMBER_STATUS_LEGACY": lambda city, m: m["ZZMM"] == "1",
    "MEMBER_EDUCATION_PRIVATE": lambda city, m: m["XL"] in ("2A", "51"),
    "MEMBER_EDUCATION_UNMAPPED": lambda city, m: m["XL"] == "7X",
    "MEMBER_NAME_LOSSY": lambda city, m: "?" in m["XM"],
    "MEMBER_NAME_PADDED": lambda city, m: m["XM"].endswith("\u3000"),
    "MEMBER_MOBILE_SPELLING": lambda city, m: not re.fullmatch(r"\d{11}", m["SJHM"] or "1" * 11),
    "BRANCH_CODE_NULL": lambda city, b: b["dzz_code"] is None,
    "BRANCH_CODE_STALE": lambda city, b: city.keyed("DZZ_JBXX")[b["dzz_code"]]["SCBZ"] == "1",
    "BRANCH_CODE_SHARED": lambda city, b: city.column("branch", "dzz_code").count(b["dzz_code"]) == 2,
    "USER_NO_MEMBER_NO": lambda city, u: u["member_no"] is None,
    "USER_DELETED": lambda city, u: u["deleted_at"] is not None,
    "ACTIVITY_LATE": _late,
    "ACTIVITY_TIME_ORDER": lambda city, a: a["ended_at"] < a["started_at"],
    "ACTIVITY_DELETED": lambda city, a: a["deleted_at"] is not None,
    "ATTENDANCE_TRANSFERRED": _transferred,
    "ATTENDANCE_REPEATED": _repeated,
    "DUES_REVERSAL": _reversal,
    "UNIT_NAME_ALIAS": lambda city, u: not u["单位名称"].startswith(("常德市", "中共", u["行政区划"])),
    "UNIT_USCC_SHARED": lambda city, u: city.column("单位", "统一社会信用代码").count(u["统一社会信用代码"]) >= 2,
    "UNIT_HEADCOUNT": lambda city, u: u["实有人数"] != city.column("人员", "单位编码").count(u["单位编码"]),
    "UNIT_MERGED": lambda city, u: u["单位编码"] in city.column("单位沿革", "旧单位编码"),
    "STAFF_OLD_UNIT": lambda city, s: s["单位编码"] in city.column("单位沿革", "旧单位编码"),
    "STAFF_UNIT_ORPHAN": lambda city, s: s["单位编码"][6:8] == "99",
    "STAFF_MONTH_SPELLING": lambda city, s: not re.fullmatch(r"\d{4}\.\d{2}", s["出生年月"]),
    "STAFF_STATUS_CONFLICT": lambda city, s: "中共" not in s["政治面貌"] and _member_of_s1(city, s) is not None,
    "STAFF_PARTY_NOT_IN_S1": lambda city, s: s["政治面貌"] == "中共党员" and _member_of_s1(city, s) is None,
    **services.CARRIES,
    **commerce.CARRIES,
}
DECIDED_BY_THE_ROW = {
    "ORG_DIV_EMPTY", "ORG_DIV_NAME", "ORG_TYPE_LEGACY", "ORG_FOUNDED_ZERO", "ORG_TERM_OPEN", "MEMBER_ID_15",
    "MEMBER_ID_LOWER_X", "MEMBER_ID_EMPTY", "MEMBER_ORG_ORPHAN", "MEMBER_ORG_DELETED", "MEMBER_DATE_ZERO",
    "MEMBER_DATE_IMPOSSIBLE", "MEMBER_DATE_SIX", "MEMBER_STATUS_CONFLICT", "MEMBER_STATUS_LEGACY",
    "MEMBER_EDUCATION_PRIVATE", "MEMBER_EDUCATION_UNMAPPED", "MEMBER_NAME_LOSSY", "MEMBER_NAME_PADDED",
    "MEMBER_MOBILE_SPELLING", "BRANCH_CODE_NULL", "USER_NO_MEMBER_NO", "USER_DELETED", "ACTIVITY_LATE",
    "ACTIVITY_TIME_ORDER", "ACTIVITY_DELETED", "STAFF_UNIT_ORPHAN", "STAFF_MONTH_SPELLING",
    *services.DECIDED_BY_THE_ROW, *commerce.DECIDED_BY_THE_ROW,
}  # fmt: skip
"""Defects that no row may have by chance: the ledger is complete for them."""

EVERY_ROW_IN_PAIRS = {"MEMBER_DUPLICATE", "BRANCH_CODE_SHARED"}


def test_every_defect_has_a_test() -> None:
    assert set(CARRIES) == set(DEFECTS)


@pytest.mark.parametrize("code", DEFECTS)
def test_ledger_rows_carry_the_defect(small: SmallCity, code: str) -> None:
    records = small.keyed(DEFECTS[code].table)
    keys = small.ledger.keys(code)
    assert len(set(keys)) == len(keys)
    for key in keys[:40]:
        assert CARRIES[code](small, records[key]), key


@pytest.mark.parametrize("code", sorted(DECIDED_BY_THE_ROW))
def test_no_live_row_outside_the_ledger_carries_it(small: SmallCity, code: str) -> None:
    table = DEFECTS[code].table
    live = {key: row for key, row in small.keyed(table).items() if row.get("SCBZ", "0") == "0"}
    tree = {organisation["DZZDM"]: organisation for organisation in small.records("DZZ_JBXX")}
    if code in ("MEMBER_ORG_ORPHAN", "MEMBER_ORG_DELETED"):
        wanted = (
            (lambda o: o is None) if code == "MEMBER_ORG_ORPHAN" else (lambda o: o is not None and o["SCBZ"] == "1")
        )
        carrying = {key for key, row in live.items() if wanted(tree.get(row["DZZDM"]))}
    else:
        carrying = {key for key, row in live.items() if CARRIES[code](small, row)}
    assert carrying == set(small.ledger.keys(code))


@pytest.mark.parametrize("code", DEFECTS)
def test_small_city_shows_the_defect_often_enough(small: SmallCity, code: str) -> None:
    rows = len(small.rows[DEFECTS[code].table])
    found = len(small.ledger.keys(code)) // (2 if code in EVERY_ROW_IN_PAIRS else 1)
    scarce = {
        "ORG_USCC_CHECKSUM": 17, "ORG_USCC_LOWER": 17, "UNIT_NAME_ALIAS": 10, "UNIT_MERGED": 4,
        "STAFF_STATUS_CONFLICT": 20, "UNIT_USCC_SHARED": 17, "UNIT_HEADCOUNT": 17,
        **commerce.SCARCE,
    }  # fmt: skip
    assert found >= scarce.get(code, FLOOR)
    assert found <= max(DEFECTS[code].rate * rows * 1.5, 1.5 * FLOOR)


def test_lossy_names_lost_a_character_gbk_lacks() -> None:
    assert lossy("张㛃") == "张?"
    assert lossy("张洁") == "张洁"


def test_dates_of_the_ledger_name_their_column(small: SmallCity) -> None:
    members = small.keyed("DY_JBXX")
    for finding in small.ledger:
        if finding.code == "MEMBER_DATE_ZERO":
            assert members[finding.key][finding.column] == "00000000"


def test_impossible_dates_are_impossible(small: SmallCity) -> None:
    for key in small.ledger.keys("MEMBER_DATE_IMPOSSIBLE"):
        member = small.keyed("DY_JBXX")[key]
        texts = [member[column] for column in ("RDRQ", "ZZRQ", "CSRQ") if member[column].endswith("0230")]
        assert len(texts) == 1
        with pytest.raises(ValueError):
            date(int(texts[0][:4]), 2, 30)
