"""Defects of S3's units and staff, and what an answer must show instead."""

from demo.oracle.probes import POSTS, UNITS, Case, as_day, probe


def _name_as_written(case: Case) -> bool:
    return case.node is not None and case.node["name"] == case.raw["单位名称"] and case.tells("UNIT_NAME_ALIAS")


def _shares_code_with_superior(case: Case) -> bool:
    code = case.raw["统一社会信用代码"]
    return case.node is not None and case.node["uscc"] == code and case.node["superior"] == {"uscc": code}


def _reported_is_not_counted(case: Case) -> bool:
    counted = len(case.facts.having("人员", "单位编码", case.raw["单位编码"]))
    given = (case.node["actualStaff"], case.node["staff"]["totalCount"]) if case.node is not None else None
    return given == (case.raw["实有人数"], counted) and case.raw["实有人数"] != counted


def _merged_but_listed(case: Case) -> bool:
    return case.node is not None and case.node["status"] == "2"


def _without_unit(case: Case) -> bool:
    return case.node is not None and case.node["unit"] is None and case.tells("ORPHAN_UNIT")


def _birth_month(case: Case) -> bool:
    """S1 knows the birth date of members; else there is none, and he may be a child."""
    number = case.raw["身份证号"]
    born = {as_day(row["CSRQ"]) for row in case.facts.members(number) if len(row["CSRQ"] or "") == 8}
    return case.node is not None and (case.person["birthDate"] in born if case.person is not None else not born)


def _is_month(text: str) -> bool:
    """Whether S3 wrote the month of birth as it should; without it, and without S1, the person may be a child."""
    return len(text) == 7 and text[4] == "."


_STATUS_WORDS = {
    "共青团员": "03", "民革党员": "04", "民盟盟员": "05", "民建会员": "06", "民进会员": "07", "农工党党员": "08",
    "九三学社社员": "10", "无党派人士": "12", "群众": "13",
}  # fmt: skip


def _differs(case: Case, status: str) -> bool:
    """S1 too has a few members of whom it says 13."""
    return _STATUS_WORDS[case.raw["政治面貌"]] != status


def _status_of_s1(case: Case) -> bool:
    person = case.person
    return (
        person is not None
        and person["politicalStatus"] in ("01", "02", "13")
        and person["partyMember"] is not None
        and ("CONFLICT(politicalStatus)" in case.quality()) == _differs(case, person["politicalStatus"])
    )


def _member_by_word_only(case: Case) -> bool:
    if not _is_month(case.raw["出生年月"]):
        return case.node is not None and case.person is None
    return case.person is not None and (case.person["politicalStatus"], case.person["partyMember"]) == ("01", None)


PROBES = (
    probe("UNIT_NAME_ALIAS", UNITS, _name_as_written, "the name as S3 writes it", told="UNIT_NAME_ALIAS"),
    probe("UNIT_USCC_SHARED", UNITS, _shares_code_with_superior, "both units listed with the code"),
    probe("UNIT_HEADCOUNT", UNITS, _reported_is_not_counted, "both numbers, which differ"),
    probe("UNIT_MERGED", UNITS, _merged_but_listed, "listed as merged"),
    probe("STAFF_OLD_UNIT", POSTS, _without_unit, "listed, without a unit", told="ORPHAN_UNIT"),
    probe("STAFF_UNIT_ORPHAN", POSTS, _without_unit, "listed, without a unit", told="ORPHAN_UNIT"),
    probe(
        "STAFF_MONTH_SPELLING",
        POSTS,
        _birth_month,
        "the date of S1; without one nobody is shown, for he may be a child",
    ),
    probe("STAFF_STATUS_CONFLICT", POSTS, _status_of_s1, "S1's political status", told="CONFLICT(politicalStatus)"),
    probe("STAFF_PARTY_NOT_IN_S1", POSTS, _member_by_word_only, "01 without a membership"),
)
