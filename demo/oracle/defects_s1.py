"""Defects of S1's organisations and members, and what an answer must show instead."""

from collections.abc import Callable

from demo.oracle.identity import check_character
from demo.oracle.probes import MEMBERS, ORGANISATIONS, REGISTER, TRANSFERS, Case, as_day, probe


def _no_division(case: Case) -> bool:
    return case.node is not None and (case.node["divCode"], case.node["division"]) == (None, None)


def _division_by_name(case: Case) -> bool:
    return case.node is not None and str(case.node["division"]["name"]).startswith(case.raw["XZQH"][:2])


def _legacy_type(case: Case) -> bool:
    return case.node is not None and case.node["type"] == {"0": "611", "1": "621", "2": "631"}[case.raw["DZZLB"]]


def _no_date(field: str) -> Callable[[Case], bool]:
    def holds(case: Case) -> bool:
        return (
            case.node is not None and case.node[field] is None and "DATE_INVALID" not in case.node["_meta"]["quality"]
        )

    return holds


def _host_by_code_alone(case: Case) -> bool:
    """The name decides nothing: the host is found by its code, a unit's before an enterprise's."""
    if case.node is None:
        return False
    code, wanted = (case.raw["DWDM"] or "").upper(), None
    if code and case.facts.having("单位", "统一社会信用代码", code):
        wanted = {"__typename": "PublicUnit", "uscc": code}
    elif code and case.facts.having("fr_enterprise", "UNISCID", code):
        wanted = {"__typename": "Enterprise", "uscc": code}
    return bool(case.node["hostUnit"] == wanted)


def _no_host(case: Case) -> bool:
    return case.node is not None and case.node["hostUnit"] is None


def _wrong_code(case: Case) -> bool:
    return _no_host(case) and case.tells("USCC_CHECKSUM")


def _both_listed_latest_wins(case: Case) -> bool:
    same = case.facts.members(case.raw["SFZH"])
    latest = max(same, key=lambda row: (str(row["GXSJ"]), row["DYBH"]))
    membership = case.person["partyMember"] if case.person is not None else None
    return (
        len(same) == 2
        and membership is not None
        and membership["memberNo"] == latest["DYBH"]
        and membership["_meta"]["quality"] == ["DUP_PARTY_MEMBER"]
        and "DUP_PERSON" in case.quality()
    )


def _normalised_15(case: Case) -> bool:
    first17 = f"{case.raw['SFZH'][:6]}19{case.raw['SFZH'][6:]}"
    return case.person is not None and case.person["idNumber"] == first17 + check_character(first17)


def _upper_x(case: Case) -> bool:
    return case.person is not None and case.person["idNumber"] == case.raw["SFZH"].upper() and not case.id_quality()


def _as_it_stands(case: Case) -> bool:
    return case.person is not None and (case.person["idNumber"], case.id_quality()) == (
        case.raw["SFZH"],
        ["ID_CHECKSUM"],
    )


def _reached_by_local_identity(case: Case) -> bool:
    person = case.person
    return (
        person is not None
        and person["idNumber"] == "****"
        and person["partyMember"]["memberNo"] == case.raw["DYBH"]
        and person["staffPost"] is None
        and person["_meta"]["sources"] == [{"connector": "s1"}]
    )


def _reached_without_number(case: Case) -> bool:
    return case.person is not None and (case.person["idNumber"], case.id_quality()) == (None, [])


def _birth_date_as_s1_has_it(case: Case) -> bool:
    told = "ID_BIRTH_MISMATCH" in case.quality()
    return case.person is not None and case.person["birthDate"] == as_day(case.raw["CSRQ"]) and told


def _sex_as_its_authority_has_it(case: Case) -> bool:
    words = {"男": "1", "女": "2"}
    wanted = words[case.facts.staff(case.raw["SFZH"])[0]["性别"]] if case.is_staff else case.raw["XB"]
    return case.person is not None and case.person["sex"] == wanted and "ID_SEX_MISMATCH" in case.quality()


def _without_organisation(code: str) -> Callable[[Case], bool]:
    return lambda case: case.node is not None and case.node["org"] is None and case.tells(code)


_DATE_FIELDS = {"RDRQ": "joinedOn", "ZZRQ": "fullMemberOn"}


def _bad_date(*, told: bool) -> Callable[[Case], bool]:
    """Null, with DATE_INVALID if ``told``. Without a birth date a person may be a child, and nobody here may see him;
    S3 knows the month of its staff's birth.
    """

    def holds(case: Case) -> bool:
        if case.node is None:
            return False
        if case.column in _DATE_FIELDS:
            invalid = "DATE_INVALID" in case.node["_meta"]["quality"]
            return case.node[_DATE_FIELDS[case.column]] is None and invalid is told
        born = str(case.person["birthDate"]) if case.person is not None else None
        if case.is_staff:
            return born is None or born.endswith("-01")
        return born is None

    return holds


def _of_person(test: Callable[[Case], bool]) -> Callable[[Case], bool]:
    """``test``, where the row's birth date does not hide the person."""
    return lambda case: case.person is None if case.may_be_child else test(case)


def _status_is(code: str) -> Callable[[Case], bool]:
    return lambda case: case.person is not None and case.person["politicalStatus"] == code


def _education_private(case: Case) -> bool:
    if case.is_staff:
        return case.person is not None and case.person["education"] in ("10", "20", "30", "40", "60", "70")
    return case.person is not None and case.person["education"] == {"2A": "20", "51": "60"}[case.raw["XL"]]


def _education_unmapped(case: Case) -> bool:
    if case.is_staff:
        return case.person is not None and case.person["education"] is not None
    return case.person is not None and case.person["education"] is None and "CODE_UNMAPPED" in case.quality()


def _lossy_name(case: Case) -> bool:
    if case.person is None:
        return False
    if case.is_staff:
        return "?" not in case.person["name"] and "NAME_LOSSY" not in case.quality()
    return "?" in str(case.person["name"]) and "NAME_LOSSY" in case.quality()


def _trimmed_name(case: Case) -> bool:
    return case.person is not None and case.person["name"] == case.raw["XM"].strip("\u3000 ")


def _mobile_as_written(case: Case) -> bool:
    return case.person is not None and case.person["mobile"] == case.raw["SJHM"]


def _accepted_too_early(case: Case) -> bool:
    wanted = (as_day(case.raw["KCRQ"]), as_day(case.raw["JSRQ"]))
    return (
        case.node is not None and (case.node["issuedOn"], case.node["acceptedOn"]) == wanted and wanted > wanted[::-1]
    )


PROBES = (
    probe("ORG_DIV_EMPTY", ORGANISATIONS, _no_division, "no division"),
    probe("ORG_DIV_NAME", ORGANISATIONS, _division_by_name, "the division of that name"),
    probe("ORG_TYPE_LEGACY", ORGANISATIONS, _legacy_type, "611, 621 or 631"),
    probe("ORG_FOUNDED_ZERO", ORGANISATIONS, _no_date("foundedOn"), "null, and no defect"),
    probe("ORG_TERM_OPEN", ORGANISATIONS, _no_date("termEndsOn"), "null, and no defect"),
    probe("ORG_HOST_ALIAS", ORGANISATIONS, _host_by_code_alone, "the host by its code, whatever it is called"),
    probe("ORG_HOST_NO_CODE", ORGANISATIONS, _no_host, "no host: a name is no key"),
    probe("ORG_USCC_CHECKSUM", ORGANISATIONS, _wrong_code, "no host: the code is nobody's", told="USCC_CHECKSUM"),
    probe("ORG_USCC_LOWER", ORGANISATIONS, _host_by_code_alone, "the host by its code in upper case"),
    probe(
        "MEMBER_DUPLICATE",
        MEMBERS,
        _both_listed_latest_wins,
        "both rows listed; the later one is the membership",
        told="DUP_PERSON",
    ),
    probe("MEMBER_ID_15", REGISTER, _normalised_15, "18 characters"),
    probe("MEMBER_ID_LOWER_X", REGISTER, _upper_x, "X, and no defect"),
    probe("MEMBER_ID_CHECKSUM", REGISTER, _as_it_stands, "the number as it stands", told="ID_CHECKSUM"),
    probe("MEMBER_ID_CHECKSUM", MEMBERS, _reached_by_local_identity, "a person who joins to nothing else"),
    probe("MEMBER_ID_EMPTY", REGISTER, _reached_without_number, "a person without a number"),
    probe(
        "MEMBER_BIRTH_MISMATCH", MEMBERS, _birth_date_as_s1_has_it, "the date that S1 states", told="ID_BIRTH_MISMATCH"
    ),
    probe(
        "MEMBER_SEX_MISMATCH",
        MEMBERS,
        _of_person(_sex_as_its_authority_has_it),
        "the sex that S3, else S1 states",
        told="ID_SEX_MISMATCH",
    ),
    probe("MEMBER_ORG_ORPHAN", MEMBERS, _without_organisation("ORPHAN_ORG"), "no organisation", told="ORPHAN_ORG"),
    probe(
        "MEMBER_ORG_DELETED",
        MEMBERS,
        _without_organisation("SOFT_DELETED_REF"),
        "no organisation",
        told="SOFT_DELETED_REF",
    ),
    probe("MEMBER_DATE_ZERO", MEMBERS, _bad_date(told=False), "null, and no defect"),
    probe("MEMBER_DATE_IMPOSSIBLE", MEMBERS, _bad_date(told=True), "null", told="DATE_INVALID"),
    probe("MEMBER_DATE_SIX", MEMBERS, _bad_date(told=True), "null", told="DATE_INVALID"),
    probe("MEMBER_STATUS_CONFLICT", MEMBERS, _of_person(_status_is("13")), "13, for S1 is the authority"),
    probe("MEMBER_STATUS_LEGACY", MEMBERS, _of_person(_status_is("01")), "01"),
    probe("MEMBER_EDUCATION_PRIVATE", MEMBERS, _of_person(_education_private), "20 or 60; for staff S3's"),
    probe(
        "MEMBER_EDUCATION_UNMAPPED",
        MEMBERS,
        _of_person(_education_unmapped),
        "null; for staff S3's",
        told="CODE_UNMAPPED",
    ),
    probe(
        "MEMBER_NAME_LOSSY",
        MEMBERS,
        _of_person(_lossy_name),
        "a question mark; for staff S3's spelling",
        told="NAME_LOSSY",
    ),
    probe("MEMBER_NAME_PADDED", MEMBERS, _of_person(_trimmed_name), "the name alone"),
    probe("MEMBER_MOBILE_SPELLING", MEMBERS, _of_person(_mobile_as_written), "as S1 wrote it"),
    probe("TRANSFER_TIME_ORDER", TRANSFERS, _accepted_too_early, "both dates as they stand", told="TIME_ORDER"),
)
