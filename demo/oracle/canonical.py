"""The canonical city: every entity's rows out of the raw tables, with indexes, and persons merged from S3 and S1."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from demo.oracle import rows_s1, rows_s2, rows_s3
from demo.oracle.divisions import COUNTY_NAMES, division_row, town_names
from demo.oracle.raw import RawCity
from demo.oracle.rows import Row
from demo.oracle.rows_s1 import org_prefix, years

S1_FIRST = frozenset({"birthDate", "politicalStatus", "mobile", "homeAddress"})
"""Fields of a person for which S1 is the authority: S3 knows the birth month only, and its political status is a
cross-check. For all others S3 comes first."""
_PERSON_FIELDS = (
    "identity", "idNumber", "name", "sex", "birthDate", "ethnicity", "politicalStatus", "education", "mobile",
    "homeAddress",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person as put together from ``sources``; ``duplicated``: some source has two rows of this identity."""

    row: Row
    sources: tuple[str, ...]
    duplicated: bool


class City:
    """All canonical rows by entity (persons apart: they are reached by identity). ``today`` decides about ages."""

    def __init__(self, raw: RawCity, today: date | None = None) -> None:
        self.today = today or (datetime.now(UTC) + timedelta(hours=8)).date()
        members = [one for one in raw.s1["DY_JBXX"] if rows_s1.is_live(one)]
        live_orgs = [one for one in raw.s1["DZZ_JBXX"] if rows_s1.is_live(one)]
        branches, users = rows_s2.live_by_id(raw.s2["branch"]), rows_s2.live_by_id(raw.s2["app_user"])
        names = COUNTY_NAMES | town_names(raw.divisions)
        counts = _by_prefix(str(one["DZZDM"]) for one in members if one["DZZDM"])
        attendance = raw.s2["activity_attendance"]
        checked_in = Counter((one["activity_id"], str(one["status"])) for one in attendance)
        live_activities = (one for one in raw.s2["org_life_activity"] if one["deleted_at"] is None)
        self.rows: Mapping[str, list[Row]] = {
            "AdministrativeDivision": [division_row(one) for one in raw.divisions],
            "PartyOrganisation": [rows_s1.organisation_row(one, counts) for one in live_orgs],
            "PartyMember": [rows_s1.member_row(one, self.today) for one in members],
            "OrgLifeActivity": [rows_s2.activity_row(one, branches, checked_in) for one in live_activities],
            "ActivityAttendance": [rows_s2.attendance_row(one, users) for one in attendance],
            "DuesRecord": [rows_s2.dues_row(one, users) for one in raw.s2["dues_payment"]],
            "PublicUnit": [rows_s3.unit_row(one, names) for one in raw.s3["单位"]],
            "StaffPost": [rows_s3.post_row(one, self.today) for one in raw.s3["人员"]],
        }
        self._persons: dict[str, dict[str, list[Row]]] = {}
        for one in members:
            self._add_person(rows_s1.person_row(one, self.today))
        for one in raw.s3["人员"]:
            self._add_person(rows_s3.person_row(one, self.today))
        self._indexes: dict[tuple[str, str], dict[Any, list[Row]]] = {}
        self._trees: dict[tuple[str, str, str], list[Row]] = {}
        self._known: dict[tuple[str, frozenset[str]], Person | None] = {}

    def _add_person(self, part: Row) -> None:
        self._persons.setdefault(part["identity"], {}).setdefault(part.source, []).append(part)

    def having(self, entity: str, field: str, value: object) -> list[Row]:
        """Rows of ``entity`` whose ``field`` is ``value``, the newest first; null is equal to nothing."""
        if value is None:
            return []
        if (entity, field) not in self._indexes:
            index: dict[Any, list[Row]] = {}
            for one in self.rows[entity]:
                index.setdefault(one[field], []).append(one)
            self._indexes[entity, field] = {key: newest_first(rows) for key, rows in index.items()}
        return self._indexes[entity, field].get(value, [])

    def below(self, entity: str, field: str, prefix: str | None) -> list[Row]:
        """Rows of ``entity`` whose code in ``field`` begins with ``prefix``; none without one."""
        if prefix is None:
            return []
        key = (entity, field, prefix)
        if key not in self._trees:
            self._trees[key] = [one for one in self.rows[entity] if (one[field] or "").startswith(prefix)]
        return self._trees[key]

    def identities(self) -> Iterable[str]:
        """Every person's identity."""
        return self._persons

    def person(self, identity: object, sources: frozenset[str]) -> Person | None:
        """The person of ``identity`` as ``sources`` know it; ``None`` where none of them does."""
        key = (str(identity), sources)
        if key not in self._known:
            parts = {
                source: newest_first(rows)
                for source, rows in self._persons.get(str(identity), {}).items()
                if source in sources
            }
            self._known[key] = _merged(str(identity), parts, self.today) if parts else None
        return self._known[key]


def newest_first(rows: list[Row]) -> list[Row]:
    """Rows by time of change, then row key, the greatest first."""
    return sorted(rows, key=lambda one: (one.changed is not None, one.changed or "", one.key), reverse=True)


def division_prefix(number: object) -> str | None:
    """What all codes in a division begin with; the prefecture's 430700 stands for its counties."""
    if not isinstance(number, str) or len(number) not in (6, 9, 12) or not number.isdigit():
        return None
    return number[:4] if len(number) == 6 and number.endswith("00") else number


def _by_prefix(codes: Iterable[str]) -> Counter[str]:
    return Counter(code[:length] for code in codes for length in range(3, len(code) + 1, 3))


def _merged(identity: str, parts: Mapping[str, list[Row]], today: date) -> Person:
    """One row out of the winner of each source. A defect counts where no source of more authority gave a value."""
    values: dict[str, Any] = {}
    flaws: dict[str, tuple[str, ...]] = {"birthDate": ()}
    for name in _PERSON_FIELDS:
        order = ("s1", "s3") if name in S1_FIRST else ("s3", "s1")
        values[name] = None
        for part in (parts[source][0] for source in order if source in parts):
            if values[name] is None and name in part.values:
                values[name] = part[name]
                flaws[name] = (*flaws.get(name, ()), *part.flaws.get(name, ()))
    age, _ = years((values["birthDate"], None), today)
    values |= {"personKey": identity, "age": age, "isMinorUnder14": age is None or age < 14}
    flaws |= {"age": flaws["birthDate"], "isMinorUnder14": flaws["birthDate"]}
    return Person(
        row=Row(entity="Person", source="*", key=identity, values=values, flaws=flaws),
        sources=tuple(source for source in ("s1", "s3") if source in parts),
        duplicated=any(len(rows) > 1 for rows in parts.values()),
    )


__all__ = ["City", "Person", "division_prefix", "newest_first", "org_prefix"]
