"""S3's people: one row of 人员 after the other, then 干部, 单位 and 单位沿革.

Each unit's staff begins with its Party members, whom S1 knows by the same ID number; the rest is drawn. Units are
written last, because their 实有人数 counts the rows that name them.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from demo.city.codes import ASSESSMENT, DUTY_LEVEL, ETHNICITY, STAFF_EDUCATION, STAFF_POLITICAL_STATUS, STAFF_POST_TYPE
from demo.city.defects import Ledger, spread
from demo.city.divisions import CITY_CODE, COUNTIES
from demo.city.edition import TODAY, scaled, stream
from demo.city.membership import Membership, StaffMember
from demo.city.people import STAFF_AGE_SHARES, WOMEN_AMONG_STAFF, People, Person
from demo.city.personas import ECONOMY_COMMISSION, PERSONAS, Persona
from demo.city.units import Unit

FULL_CADRES, FULL_LINEAGE = 9_800, 410
UPDATED_MONTH = "2018.09"
_NEIGHBOUR = 10
"""Every tenth of the staff who are no members is remembered for the other sources."""
Row = tuple[object, ...]
_POSTS = {
    "1": ("综合岗位", "业务岗位", "执法岗位", "文秘岗位"),
    "2": ("执法岗位", "管理岗位", "业务岗位"),
    "3": ("管理岗位", "专业技术岗位", "教师", "医师", "护士", "工程师"),
    "4": ("驾驶员", "炊事员", "水电维修工"),
    "5": ("民警", "司法助理员"),
}
_OTHER_STATUS = {"13": 74, "03": 18, "04": 1.2, "05": 1.5, "06": 1.2, "07": 1.0, "08": 0.9, "10": 0.8, "12": 1.4}
_NOT_PARTY = {"13": 88, "03": 8, "12": 4}
_WORK = (
    "办公室、财务工作",
    "业务、信息化工作",
    "人事、党建工作",
    "法规、审批工作",
    "项目、安全生产工作",
    "联系基层工作",
)


@dataclass(frozen=True, slots=True)
class _Leader:
    staff_no: str
    unit: Unit
    rank: int
    age: float


@dataclass(frozen=True, slots=True)
class _Seat:
    unit: Unit
    member: StaffMember | None
    persona: Persona | None


@dataclass(slots=True)
class Register:
    """What the stream of staff leaves behind: rows per unit number, leaders, and the numbers of units gone.

    ``neighbours`` are some of the staff who are no Party members, with the county they work in.
    """

    per_unit: dict[str, int] = field(default_factory=dict)
    leaders: list[_Leader] = field(default_factory=list)
    old_numbers: dict[str, str] = field(default_factory=dict)
    neighbours: list[tuple[Person, int | None]] = field(default_factory=list)


class Staff:
    """S3 of a city; the four row streams must be read in the order of their methods."""

    def __init__(
        self, seed: int, scale: float, units: Mapping[str, Unit], membership: Membership, ledger: Ledger
    ) -> None:
        self.register = Register()
        self._rng = rng = stream(seed, "staff")
        self._draw = People(rng, (member.id_number for member in membership.enrolled))
        self._units, self._membership, self._ledger = units, membership, ledger
        self._lineage_count = scaled(FULL_LINEAGE, scale, 60)
        self._own = [persona for persona in PERSONAS if persona.staff_no is not None]
        self._total = sum(unit.staff for unit in units.values())
        self._leader_share = scaled(FULL_CADRES, scale) / self._total
        first = len(self._own)
        self._unit_flaws = spread(rng, ("STAFF_OLD_UNIT", "STAFF_UNIT_ORPHAN"), range(first, self._total))
        self._month_flaws = spread(rng, ("STAFF_MONTH_SPELLING",), range(first, self._total))
        members = sum(len(group) for group in membership.staff.values())
        known = sum(persona.member_no is not None for persona in self._own)
        self._conflicts = spread(rng, ("STAFF_STATUS_CONFLICT",), range(known, members), base=members)
        self._unknown = spread(rng, ("STAFF_PARTY_NOT_IN_S1",), range(1, self._total - members))
        self._old_units()

    @property
    def numbers(self) -> Collection[str]:
        """The ID numbers of all members and staff drawn by now."""
        return self._draw.numbers

    def people(self) -> Iterator[Row]:
        """Rows of 人员: the personas', then unit by unit its members and the others; numbered in this order."""
        members = others = 0
        for index, seat in enumerate(self._seats()):
            number = f"R{index + 1:08d}"
            if (member := seat.member) is not None:
                flaw = self._conflicts.get(members)
                status = self._pick(_NOT_PARTY) if flaw else "02" if member.probationary else "01"
                person, level = member.person, member.education
                members += 1
            else:
                flaw = self._unknown.get(others)
                person = self._other(seat)
                status = "01" if flaw else self._other_status(person.age)
                level = self._rng.choices(tuple(STAFF_EDUCATION), (6, 48, 34, 6, 4, 2))[0]
                if others % _NEIGHBOUR == 0 and not flaw:
                    self.register.neighbours.append((person, _county_of(seat.unit)))
                others += 1
            if flaw:
                self._ledger.add(flaw, number)
            yield self._row(number, index, seat.unit, person, level, status)

    def _seats(self) -> Iterator[_Seat]:
        """Everyone's unit and, where fixed, who they are; the personas first."""
        taken: dict[str, int] = {}
        groups = self._membership.staff
        for persona in self._own:
            unit = self._units[str(persona.home_unit)]
            taken[unit.unit_no] = taken.get(unit.unit_no, 0) + 1
            group = groups.get(unit.unit_no, ())
            member = next((m for m in group if m.person.id_number == persona.id_number), None)
            yield _Seat(unit, member, persona)
        own = {persona.id_number for persona in self._own}
        for unit in self._units.values():
            known = [m for m in groups.get(unit.unit_no, ()) if m.person.id_number not in own]
            for seat in range(unit.staff - taken.get(unit.unit_no, 0)):
                yield _Seat(unit, known[seat] if seat < len(known) else None, None)

    def _other(self, seat: _Seat) -> Person:
        """Someone who is no member: a persona, or drawn from the unit's county."""
        if (persona := seat.persona) is not None:
            age = (TODAY - persona.born).days / 365.2425
            return Person(persona.name, persona.male, persona.born, persona.id_number, "01", age)
        return self._draw.draw(
            _county_of(seat.unit), women=WOMEN_AMONG_STAFF, age_shares=STAFF_AGE_SHARES, older_than=20.0
        )

    def _other_status(self, age: float) -> str:
        status = self._pick(_OTHER_STATUS)
        return "13" if status == "03" and age > 28 else status

    def _pick(self, weights: Mapping[str, float]) -> str:
        return self._rng.choices(tuple(weights), tuple(weights.values()))[0]

    def _row(self, number: str, index: int, unit: Unit, person: Person, level: str, status: str) -> Row:
        rng = self._rng
        began = 19.0 + min(rng.random() * 7, max(person.age - 19.5, 0.0))
        entered = began + rng.random() ** 1.5 * max(person.age - began - 0.1, 0.0)
        unit_no = self._unit_no(number, index, unit)
        self.register.per_unit[unit_no] = self.register.per_unit.get(unit_no, 0) + 1
        if unit.staff >= 4 and rng.random() < self._leader_share * 1.1 and person.age > 28:
            self.register.leaders.append(_Leader(number, unit, int(rng.random() * 4), person.age))
        kind = self._post_type(unit)
        ethnicity = ETHNICITY[person.ethnicity]
        return (
            number,
            person.name,
            person.id_number,
            "男" if person.male else "女",
            ethnicity.removesuffix("族") if rng.random() < 0.3 else ethnicity,
            self._birth_month(number, index, person),
            STAFF_POLITICAL_STATUS[status],
            STAFF_EDUCATION.get(level, "初中"),
            _month(person, began),
            unit_no,
            STAFF_POST_TYPE[kind],
            rng.choice(_POSTS[kind]),
            _month(person, entered),
            "借调" if rng.random() < 0.02 else "在职",
        )

    def _unit_no(self, number: str, index: int, unit: Unit) -> str:
        flaw = self._unit_flaws.get(index)
        if flaw is None:
            return unit.unit_no
        self._ledger.add(flaw, number)
        if flaw == "STAFF_UNIT_ORPHAN":
            return f"{unit.unit_no[:6]}99{int(self._rng.random() * 10_000):04d}"
        return self._rng.choice(tuple(self.register.old_numbers))

    def _birth_month(self, number: str, index: int, person: Person) -> str:
        if index not in self._month_flaws:
            return f"{person.born:%Y.%m}"
        self._ledger.add("STAFF_MONTH_SPELLING", number)
        if person.born.month < 10 and self._rng.random() < 0.5:
            return f"{person.born.year}.{person.born.month}"
        return f"{person.born:%Y-%m}"

    def _post_type(self, unit: Unit) -> str:
        if self._rng.random() < 0.05:
            return "4"
        if unit.name.endswith(("公安局", "司法局")):
            return "5"
        return "1" if unit.category.endswith("机关") else "2" if unit.category.startswith("参公") else "3"

    def cadres(self) -> Iterator[Row]:
        """Rows of 干部: about 9 % of the staff, four kinds of post per level of the unit."""
        rng = self._rng
        for leader in self.register.leaders:
            top = 7 if leader.unit.rank == "正处级" else 9 if leader.unit.rank == "正科级" else 17
            level = str(top if leader.rank == 0 else top + 1)
            year = TODAY.year - int(rng.random() * min(leader.age - 26, 12))
            organ = "常组干" if leader.unit.county_code == CITY_CODE else "县组干"
            yield (
                leader.staff_no,
                ("主任" if leader.rank == 0 else ("副主任", "党组成员", "总工程师")[leader.rank - 1]),
                DUTY_LEVEL[level],
                f"{year}.{1 + int(rng.random() * 9):02d}",
                f"{organ}〔{year}〕{1 + int(rng.random() * 180)}号",
                _WORK[int(rng.random() * len(_WORK))],
                rng.choices(ASSESSMENT, (20, 76, 3, 1))[0],
                "" if rng.random() < 0.9 else "试用期一年",
            )

    def units(self) -> Iterator[Row]:
        """Rows of 单位, with the head counts of the rows before."""
        rng = self._rng
        units = list(self._units.values())
        kept = {persona.home_unit for persona in self._own}
        free = [n for n, unit in enumerate(units) if unit.unit_no not in kept]
        bureaus = [n for n in free if units[n].tier == "bureau"]
        alias = spread(rng, ("UNIT_NAME_ALIAS",), bureaus)
        shared = spread(rng, ("UNIT_USCC_SHARED",), [n for n in free if units[n].tier == "sub"], base=len(units))
        counted = spread(rng, ("UNIT_HEADCOUNT",), free, base=len(units))
        for n, unit in enumerate(units):
            for dealt in (alias, shared, counted):
                if code := dealt.get(n):
                    self._ledger.add(code, unit.unit_no)
            if unit.merged:
                self._ledger.add("UNIT_MERGED", unit.unit_no)
            actual = self.register.per_unit.get(unit.unit_no, 0)
            yield (
                unit.unit_no,
                (unit.short if rng.random() < 0.6 else unit.bare) if n in alias else unit.name,
                self._units[str(unit.parent_no)].uscc if n in shared else unit.uscc,
                unit.category,
                unit.rank,
                unit.parent_no,
                unit.div_words,
                round(unit.staff * rng.uniform(0.9, 1.25)),
                actual + rng.choice((-3, -2, -1, 1, 2, 3, 5)) if n in counted else actual,
                "撤并" if unit.merged else "正常",
                UPDATED_MONTH,
            )

    def lineage(self) -> Iterator[Row]:
        """Rows of 单位沿革: merged units still listed, and units whose number only this table knows."""
        rng = self._rng
        for unit in self._units.values():
            if unit.merged:
                yield (
                    unit.unit_no,
                    unit.parent_no,
                    f"{2014 + int(rng.random() * 4)}.{1 + int(rng.random() * 12):02d}",
                    "合并",
                )
        for old, new in self.register.old_numbers.items():
            date = f"{2009 + int(rng.random() * 9)}.{1 + int(rng.random() * 12):02d}"
            yield old, new, date, rng.choices(("合并", "更名", "分立"), (6, 3, 1))[0]

    def _old_units(self) -> None:
        """Numbers that are no longer in 单位, with the unit that took over; two of them went into the commission."""
        merged = sum(unit.merged for unit in self._units.values())
        successors = [number for number, unit in self._units.items() if not unit.merged]
        for n in range(max(self._lineage_count - merged, 10)):
            new = ECONOMY_COMMISSION if n < 2 else self._rng.choice(successors)
            self.register.old_numbers[f"{new[:6]}80{n + 1:04d}"] = new


def _county_of(unit: Unit) -> int | None:
    """Index in ``COUNTIES`` of a unit's county, ``None`` for the city's own."""
    return next((n for n, plan in enumerate(COUNTIES) if plan.code == unit.county_code), None)


def _month(person: Person, age: float) -> str:
    return f"{person.born + timedelta(days=int(age * 365.2425)):%Y.%m}"
