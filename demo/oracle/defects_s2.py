"""Defects of S2's branches, users and events, and what an answer must show instead."""

from datetime import datetime, timedelta, timezone
from typing import Any

from demo.oracle.facts import Facts
from demo.oracle.probes import ACTIVITIES, ATTENDANCES, DUES, MEMBERS, Case, probe
from demo.oracle.raw import RawRow

_BEIJING = timezone(timedelta(hours=8))


def _iso(raw: object) -> str:
    return (raw if isinstance(raw, datetime) else datetime.fromisoformat(str(raw))).astimezone(_BEIJING).isoformat()


def _activities_of(facts: Facts, branch: RawRow, key: str) -> list[Any]:
    held = facts.having("org_life_activity", "branch_id", key)
    return [row["id"] for row in held if row["deleted_at"] is None][:1]


def _of_no_organisation(case: Case) -> bool:
    return case.node is not None and case.node["org"] is None


def _of_the_shared_organisation(case: Case) -> bool:
    return case.node is not None and case.node["org"] == {"orgCode": case.raw["dzz_code"]}


def _members_of_digest(facts: Facts, user: RawRow, key: str) -> list[Any]:
    return [row["DYBH"] for row in facts.members_by_digest(user["id_no_sm3"])]


def _dues_by_digest(case: Case) -> bool:
    paid = {row["id"] for row in case.facts.having("dues_payment", "user_id", case.raw["id"])}
    return case.node is not None and paid == {row["duesId"] for row in case.node["dues"]["nodes"]}


def _member_of_user(facts: Facts, user: RawRow, key: str) -> list[Any]:
    return [user["member_no"]]


def _nothing_of_deleted_user(case: Case) -> bool:
    return case.node is not None and not case.node["dues"]["nodes"] and case.node["attendances"]["totalCount"] == 0


def _unless_deleted(facts: Facts, activity: RawRow, key: str) -> list[Any]:
    return [key] if activity["deleted_at"] is None else []


def _times_as_stored(case: Case) -> bool:
    wanted = (_iso(case.raw["started_at"]), _iso(case.raw["ended_at"]))
    return case.node is not None and (case.node["startedAt"], case.node["endedAt"]) == wanted


def _not_listed(case: Case) -> bool:
    return case.node is None


def _attended_elsewhere(case: Case) -> bool:
    user = case.facts.row("app_user", case.raw["user_id"])
    member = case.node["member"] if case.node is not None else None
    return case.node is not None and (member["memberNo"] if member else None) == user["member_no"]


def _counted_twice(case: Case) -> bool:
    if case.node is None:
        return False
    of_activity = case.facts.having("activity_attendance", "activity_id", case.raw["activity_id"])
    present = sum(str(row["status"]) in ("1", "4") for row in of_activity)
    activity = case.node["activity"]
    if activity is None:
        return case.facts.row("org_life_activity", case.raw["activity_id"])["deleted_at"] is not None
    return bool(activity["present"] == present and activity["attendances"]["totalCount"] == len(of_activity))


def _row_of_its_own(case: Case) -> bool:
    wanted = (case.raw["paid_fen"], case.raw["reversed_of"])
    return case.node is not None and (case.node["paid"], case.node["reversalOf"]) == wanted and case.node["paid"] < 0


PROBES = (
    probe("BRANCH_CODE_NULL", ACTIVITIES, _of_no_organisation, "activities of no organisation", _activities_of),
    probe("BRANCH_CODE_STALE", ACTIVITIES, _of_no_organisation, "activities of no organisation", _activities_of),
    probe("BRANCH_CODE_SHARED", ACTIVITIES, _of_the_shared_organisation, "activities of one", _activities_of),
    probe("USER_NO_MEMBER_NO", MEMBERS, _dues_by_digest, "dues found by the digest", _members_of_digest),
    probe("USER_DELETED", MEMBERS, _nothing_of_deleted_user, "neither dues nor attendance", _member_of_user),
    probe("ACTIVITY_LATE", ACTIVITIES, _times_as_stored, "the times as stored", _unless_deleted),
    probe("ACTIVITY_TIME_ORDER", ACTIVITIES, _times_as_stored, "the times as stored", _unless_deleted),
    probe("ACTIVITY_DELETED", ACTIVITIES, _not_listed, "not listed"),
    probe("ATTENDANCE_TRANSFERRED", ATTENDANCES, _attended_elsewhere, "the member's own, not the activity's branch"),
    probe("ATTENDANCE_REPEATED", ATTENDANCES, _counted_twice, "two rows, counted twice"),
    probe("DUES_REVERSAL", DUES, _row_of_its_own, "a negative row that names the other"),
)
