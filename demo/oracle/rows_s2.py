"""S2, the organisation life platform: its rows in canonical form."""

from collections import Counter
from collections.abc import Callable, Mapping

from demo.oracle.codes import same
from demo.oracle.raw import RawRow, Tables
from demo.oracle.reading import Read, code, day, first_of_month, moment, text, token
from demo.oracle.rows import Builder, Row, row

_KINDS = {str(number): f"{number:02}" for number in range(1, 9)}
Users = Mapping[object, RawRow]
"""Users that are not soft-deleted, by id."""


def builders(tables: Tables) -> dict[str, Builder]:
    """How the rows of each entity are made."""

    def activities() -> list[Row]:
        branches = live_by_id(tables.get("branch", []))
        checked_in = Counter((one["activity_id"], str(one["status"])) for one in tables.get("activity_attendance", []))
        live = (one for one in tables.get("org_life_activity", []) if one["deleted_at"] is None)
        return [activity_row(one, branches, checked_in) for one in live]

    def of_users(table: str, made: Callable[[RawRow, Users], Row]) -> Builder:
        def build() -> list[Row]:
            users = live_by_id(tables.get("app_user", []))
            return [made(one, users) for one in tables.get(table, [])]

        return build

    return {
        "OrgLifeActivity": activities,
        "ActivityAttendance": of_users("activity_attendance", attendance_row),
        "DuesRecord": of_users("dues_payment", dues_row),
        "VolunteerRecord": of_users("volunteer_record", volunteer_row),
    }


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
            "status": code(raw["status"], same("attendanceStatus")),
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
            "channel": code(raw["channel"], same("duesChannel")),
            "payAccount": token(raw["pay_account"]),
            "reversalOf": (raw["reversed_of"], None),
        },
    )


def volunteer_row(raw: RawRow, users: Users) -> Row:
    """A row of volunteer_record, with the keys of its user and the member number of who verified it."""
    verifier = users.get(raw["verified_by"])
    return row(
        "VolunteerRecord",
        "s2",
        raw["id"],
        {
            "recordId": (raw["id"], None),
            **_user(users.get(raw["user_id"])),
            "verifierNo": (verifier["member_no"] if verifier else None, None),
            "stationCode": token(raw["station_code"]),
            "serviceType": code(raw["service_type"], same("volunteerService")),
            "minutes": (raw["minutes"], None),
            "happenedOn": day(raw["happened_on"]),
        },
    )


def _user(user: RawRow | None) -> dict[str, Read]:
    if user is None:
        return {"memberNo": (None, None), "idDigest": (None, None)}
    return {"memberNo": (user["member_no"], None), "idDigest": token(user["id_no_sm3"])}
