"""Defects of S4's items and cases and of the hotline's tickets, and what an answer must show instead."""

from collections.abc import Callable

from demo.oracle.probes import APPLICANT, CALLS, CASES, ITEMS, TICKETS, WINDOW, Case, probe
from demo.oracle.reading import moment, text

_LETTERS = ["XK", "CF", "QZ", "ZS", "JF", "JC", "QR", "JL", "CJ", "QT"]
_REPORT = "04"
"""Type of a ticket that reports a wrong: it is shared with nobody."""
_OPEN = ("1", "2")


def _standard_type(case: Case) -> bool:
    return case.node is not None and case.node["itemType"] == f"{_LETTERS.index(case.raw['leixing']) + 1:02}"


def _cancelled_item(case: Case) -> bool:
    wanted = {"implCode": case.raw["shishibianma"], "status": "3"}
    return case.node is not None and case.node["item"] == wanted


def _no_item(case: Case) -> bool:
    return case.node is not None and case.node["item"] is None and case.tells("ORPHAN_ITEM")


def _times_as_stored(case: Case) -> bool:
    wanted = (moment(case.raw["shouli_sj"])[0], moment(case.raw["banjie_sj"])[0])
    given = (case.node["acceptedAt"], case.node["finishedAt"]) if case.node is not None else None
    return given == wanted and case.tells("TIME_ORDER")


def _of_nobody_but_named(kind: str) -> Callable[[Case], bool]:
    """At the window the case bears the applicant's name; who that is only a valid number can tell."""

    def holds(case: Case) -> bool:
        return (
            case.node is not None
            and (case.node["applicantType"], case.node["applicantName"]) == (kind, case.raw["sqr_mingcheng"])
            and case.facts.valid_id(case.raw["zhengjian_hm"]) is None
        )

    return holds


def _agents_own(case: Case) -> bool:
    """The case is among the agent's own. Its number was not checked, so no person is made of it."""
    node = case.node
    return node is not None and (node["applicantName"], node["applicantPerson"]) == (case.raw["sqr_mingcheng"], None)


def _number_in_normal_form(case: Case) -> bool:
    if case.node is None:
        return False
    person = case.node["applicantPerson"]
    if case.raw["shiming"] != "1":
        return bool(person is None)
    return bool(person["idNumber"] == case.facts.valid_id(case.raw["zhengjian_hm"]) and not person["_meta"]["quality"])


def _unless_report(test: Callable[[Case], bool]) -> Callable[[Case], bool]:
    """``test``, for tickets that are shared at all."""
    return lambda case: case.node is None if case.raw["suqiuLeixing"] == _REPORT else test(case)


def _unit_by_alias(case: Case) -> bool:
    """The unit, told to be by another name. A former name that two units had stands for neither."""
    if case.node is None:
        return False
    written = case.raw["chengbanDanwei"]
    number = case.facts.names("unit_names").get(written)
    unit = case.node["unit"]
    found = unit is None if number is None else unit["unitNo"] == number
    code = "UNIT_UNKNOWN" if number is None else "UNIT_NAME_ALIAS"
    return found and case.node["unitRaw"] == text(written)[0] and case.tells(code)


def _no_unit(case: Case) -> bool:
    return case.node is not None and case.node["unit"] is None and case.tells("UNIT_UNKNOWN")


def _text_of_an_open_ticket_alone(case: Case) -> bool:
    if case.node is None:
        return False
    if case.raw["zhuangtai"] in _OPEN:
        return bool(case.node["content"] == text(case.raw["suqiuNeirong"])[0])
    return bool(case.node["content"] == "****" and case.node["_meta"]["masked"] == ["content"])


PROBES = (
    probe("ITEM_TYPE_LEGACY", ITEMS, _standard_type, "01 to 10"),
    probe("CASE_ITEM_CANCELLED", CASES, _cancelled_item, "the item, which says that it is cancelled"),
    probe("CASE_ITEM_UNKNOWN", CASES, _no_item, "no item", told="ORPHAN_ITEM"),
    probe("CASE_TIME_ORDER", CASES, _times_as_stored, "both times as stored", told="TIME_ORDER"),
    probe("CASE_AGENT_ID", APPLICANT, _agents_own, "a case of the agent, in the applicant's name; no person of it"),
    probe("CASE_ORG_NO_ID", WINDOW, _of_nobody_but_named("2"), "the applicant's name, and no person"),
    probe("CASE_ID_15", APPLICANT, _number_in_normal_form, "18 characters"),
    probe("CASE_ID_LOWER_X", APPLICANT, _number_in_normal_form, "X, and no defect"),
    probe("CASE_ID_CHECKSUM", WINDOW, _of_nobody_but_named("1"), "the applicant's name, and no person who joins"),
    probe(
        "TICKET_UNIT_ALIAS",
        TICKETS,
        _unless_report(_unit_by_alias),
        "the unit of that name, and the name as written",
        told="UNIT_NAME_ALIAS",
    ),
    probe(
        "TICKET_UNIT_OLD",
        TICKETS,
        _unless_report(_unit_by_alias),
        "the unit that had the name, if only one had it",
        told="UNIT_NAME_ALIAS",
    ),
    probe(
        "TICKET_UNIT_UNKNOWN",
        TICKETS,
        _unless_report(_no_unit),
        "no unit, but the name as written",
        told="UNIT_UNKNOWN",
    ),
    probe(
        "TICKET_PERSONAL",
        CALLS,
        _unless_report(_text_of_an_open_ticket_alone),
        "the text while the ticket is open, masked afterwards",
    ),
)
