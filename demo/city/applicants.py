"""Who comes to the service stations: residents of the county, members and staff whom other sources know, companies."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from demo.city.divisions import COUNTIES, divisions
from demo.city.identifiers import mobile
from demo.city.membership import Enrolled, addresses
from demo.city.names import PLACE_STEMS
from demo.city.organisations import Organisation
from demo.city.people import People, Person
from demo.city.personas import Persona
from demo.city.staff import Staff

_T = TypeVar("_T")
_MEMBERS, _STAFF, _AGAIN = 0.12, 0.05, 0.35
"""Shares of natural applicants: members of S1, staff of S3; of the others, those who have come before."""

_AGES = (9.0, 8.0, 9.0, 11.0, 13.0, 13.0, 10.0, 27.0)
_LINES = ("商贸", "建材", "农业发展", "餐饮管理", "物流", "建筑工程", "食品", "机械", "旅游", "家政服务")
_FORMS = ("有限公司", "有限责任公司", "农民专业合作社", "经营部")


@dataclass(frozen=True, slots=True)
class Applicant:
    """What a case writes of who applies. ``id_number`` is ``None`` for a legal person."""

    name: str
    id_number: str | None
    mobile: str
    address: str


class Applicants:
    """Draws applicants of a county (index in ``COUNTIES``; ``None``: any)."""

    def __init__(
        self, rng: random.Random, seed: int, tree: Sequence[Organisation], members: Sequence[Enrolled], staff: Staff
    ) -> None:
        self._rng = rng
        self._draw = People(rng, staff.numbers)
        self._addresses = addresses(seed)
        self._towns = {row.div_code: row.name for row in divisions(seed) if row.level == 4}
        self._members: dict[int | None, list[Enrolled]] = {}
        for member in members:
            self._members.setdefault(tree[member.branch].county, []).append(member)
        self._staff: dict[int | None, list[Person]] = {}
        for person, county in staff.register.neighbours:
            self._staff.setdefault(county, []).append(person)
        self._residents: dict[int, list[Applicant]] = {}

    def person(self, county: int | None) -> Applicant:
        """A natural person: mostly a resident who is in no other source, often one who came before."""
        rng = self._rng
        draw = rng.random()
        if draw < _MEMBERS:
            member = self._pick(self._members.get(county) or self._members[0])
            return self._known(member.name, member.id_number, member.mobile, county)
        if draw < _MEMBERS + _STAFF:
            other = self._pick(self._staff.get(county) or self._staff[None])
            return self._known(other.name, other.id_number, "", county)
        home = self._home(county)
        known = self._residents.setdefault(home, [])
        if known and rng.random() < _AGAIN:
            return self._pick(known)
        resident = self.stranger(home)
        known.append(resident)
        return resident

    def stranger(self, county: int | None, *, ends_in_x: bool = False) -> Applicant:
        """Someone new, of age, born before 2000."""
        home = self._home(county)
        drawn = self._draw.draw(home, women=0.48, age_shares=_AGES, ends_in_x=ends_in_x, older_than=20.0)
        return self._known(drawn.name, drawn.id_number, "", home)

    def company(self, county: int | None) -> Applicant:
        """A legal person: its name and whom to ring, no number."""
        rng = self._rng
        plan = COUNTIES[self._home(county)]
        name = f"{plan.organs}{self._pick(PLACE_STEMS)}{self._pick(_LINES)}{self._pick(_FORMS)}"
        return Applicant(name, None, mobile(rng), self._address(county))

    def persona(self, persona: Persona) -> Applicant:
        """A persona, at home where the persona says, else somewhere in the first county."""
        address = self._address(None)
        if persona.home is not None:
            county = next(plan for plan in COUNTIES if persona.home.startswith(plan.code))
            address = f"湖南省常德市{county.name}{self._towns[persona.home[:9]]}集镇社区3组"
        return Applicant(persona.name, persona.id_number, persona.mobile or mobile(self._rng), address)

    def _known(self, name: str, number: str, digits: str, county: int | None) -> Applicant:
        return Applicant(name, number, digits or mobile(self._rng), self._address(county))

    def _home(self, county: int | None) -> int:
        return int(self._rng.random() * 9) if county is None else county

    def _address(self, county: int | None) -> str:
        return f"{self._pick(self._addresses[county or 0])}{1 + int(self._rng.random() * 20)}组"

    def _pick(self, rows: Sequence[_T]) -> _T:
        return rows[int(self._rng.random() * len(rows))]
