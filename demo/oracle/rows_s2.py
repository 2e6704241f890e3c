"""S2, the organisation life platform: its rows in canonical form."""

from collections import Counter
from collections.abc import Mapping

from demo.oracle.codes import TITLES
from demo.oracle.raw import RawRow
from demo.oracle.reading import Read, code, first_of_month, moment, text, token
from demo.oracle.rows import Row, row

_KINDS = {str(number): f"{number:02}" for number in range(1, 9)}
Users = Mapping[object, RawRow]
"""Users that are not soft-deleted, by id."""


def live_by_id(table: list[RawRow]) -> dict[object, RawRow]:
    """Rows that are not soft-deleted, by id."""
    return {raw["id"]: raw for raw in table if raw["deleted_at"] is None}


def activity_row(raw: RawRow, branches: Mapping[object, RawRow], checked_in: Counter[tuple[object, str]]) -> Row:
    """A row of org_life_activity; ``checked_in`` counts check-ins by activity and status."""
    branch = branches.get(raw["branch_id"])
    expected = raw["should_attend"]
    present = checked_in[raw["id"], "1"] + checked_in[raw["id"], "4"]
    return row(
        "OrgLifeActivity",
        "s2",
        raw["id"],
        {
            "activityId": (raw["id"], None),
            "orgCode": token(branch["dzz_code"]) if branch else (None, None),
            "type": code(raw["type_code"], _KINDS),
            "title": text(raw["title"]),
            "startedAt": moment(raw["started_at"]),
            "endedAt": moment(raw["ended_at"]),
            "place": text(raw["place"]),
            "speaker": text(raw["speaker"]),
            "minutes": text(raw["content"]),
            "expected": (expected, None),
            "present": (present, None),
            "onLeave": (checked_in[raw["id"], "2"], None),
            "attendanceRate": (present / expected if expected else None, None),
        },
    )


def attendance_row(raw: RawRow, users: Users) -> Row:
    """A row of activity_attendance, with its user's keys."""
    return row(
        "ActivityAttendance",
        "s2",
        raw["id"],
        {
            "attendanceId": (raw["id"], None),
            "activityId": (raw["activity_id"], None),
            **_user(users.get(raw["user_id"])),
            "status": code(raw["status"], {known: known for known in TITLES["attendanceStatus"]}),
            "checkedInAt": moment(raw["checkin_at"]),
            "absenceReason": text(raw["absence_reason"]),
        },
    )


def dues_row(raw: RawRow, users: Users) -> Row:
    """A row of dues_payment, with its user's keys."""
    return row(
        "DuesRecord",
        "s2",
        raw["id"],
        {
            "duesId": (raw["id"], None),
            **_user(users.get(raw["user_id"])),
            "month": first_of_month(raw["month"]),
            "baseAmount": (raw["base_fen"], None),
            "rateBp": (raw["rate_bp"], None),
            "due": (raw["due_fen"], None),
            "paid": (raw["paid_fen"], None),
            "paidAt": moment(raw["paid_at"]),
            "channel": code(raw["channel"], {known: known for known in TITLES["duesChannel"]}),
            "payAccount": token(raw["pay_account"]),
            "reversalOf": (raw["reversed_of"], None),
        },
    )


def _user(user: RawRow | None) -> dict[str, Read]:
    if user is None:
        return {"memberNo": (None, None), "idDigest": (None, None)}
    return {"memberNo": (user["member_no"], None), "idDigest": token(user["id_no_sm3"])}
