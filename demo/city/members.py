"""S1's members: one row of ``DY_JBXX`` after the other, and what the other sources must know of them.

A member is drawn, placed in a branch and written as the department writes; :mod:`demo.city.member_flaws` then touches
single columns. The second rows of half-transferred members and the soft-deleted rows come last.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from demo.city.apportion import apportion
from demo.city.careers import EDUCATION_CODE, Occupations, education, joining
from demo.city.defects import DEFECTS, Ledger
from demo.city.edition import TODAY, scaled, stream
from demo.city.identifiers import landline, mobile
from demo.city.member_flaws import AT, MemberFlaws
from demo.city.membership import Enrolled, Membership, StaffMember, addresses
from demo.city.organisations import Organisation
from demo.city.people import MEMBER_AGE_SHARES, WOMEN_AMONG_MEMBERS, People, Person
from demo.city.personas import PERSONAS, Persona
from demo.city.units import Unit

FULL_ROWS, FULL_LIVE = 336_000, 323_000
STAFF_IN_S1 = 0.105
"""Share of S3's staff who are Party members in S1."""

Row = tuple[object, ...]
_SIZE_WEIGHTS = {"village": 1.5, "unit": 1.0, "town": 1.1, "enterprise": 0.7, "temporary": 0.4}
_SMALLEST_BRANCH = 3
_COMMITTEE_DUTIES = ("书记", "副书记", "组织委员", "宣传委员", "纪检委员")
_OUTFLOW = (
    *("广东省深圳市", "广东省东莞市", "广东省广州市", "广东省佛山市", "浙江省杭州市", "浙江省宁波市", "江苏省苏州市"),
    *("上海市", "北京市", "福建省厦门市", "湖北省武汉市", "湖南省长沙市", "贵州省贵阳市", "重庆市", "云南省昆明市"),
)


class Members:
    """The members of a city; ``rows`` streams them once and fills ``membership`` and the ledger."""

    def __init__(
        self,
        seed: int,
        scale: float,
        organisations: Sequence[Organisation],
        units: Mapping[str, Unit],
        ledger: Ledger,
    ) -> None:
        self.membership = Membership()
        self._ledger = ledger
        self._rng = rng = stream(seed, "members")
        self._draw = People(rng)
        self._organisations = organisations
        self._by_code = {organisation.code: organisation for organisation in organisations}
        self._branches = [n for n, o in enumerate(organisations) if o.holds_members and not o.deleted]
        self._deleted_orgs = [o.code for o in organisations if o.deleted]
        self._personas = [persona for persona in PERSONAS if persona.member_no is not None]
        live, self.total = scaled(FULL_LIVE, scale), scaled(FULL_ROWS, scale)
        twice = DEFECTS["MEMBER_DUPLICATE"].count(live)
        self._people = live - twice
        self._gone = self.total - live
        self._flaws = MemberFlaws(
            rng, range(len(self._personas), self._people), twice, self._gone // 2, self._deleted_orgs, ledger
        )
        self._occupations = Occupations(rng, self._people)
        self._addresses = addresses(seed)
        self._quota = self._staff_quota(units)
        self._numbers = self._free_numbers()

    def rows(self) -> Iterator[Row]:
        """All rows: the personas', every other live member's by branch, second rows, soft-deleted ones."""
        former: list[Row] = []
        twice: list[Row] = []
        by_code = {organisation.code: n for n, organisation in enumerate(self._organisations)}
        for index, persona in enumerate(self._personas):
            yield self._persona_row(index, persona, by_code[str(persona.branch)])
        residents = [sum(p.branch == self._organisations[n].code for p in self._personas) for n in self._branches]
        index = len(self._personas)
        for branch, size, there in zip(self._branches, self._sizes(), residents, strict=True):
            for seat in range(there, size):
                row = self._member_row(index, branch, seat)
                if index in self._flaws.former:
                    former.append(row)
                elif index in self._flaws.twice:
                    twice.append(row)
                yield row
                index += 1
        yield from self._second_rows(twice)
        yield from self._gone_rows(former)

    # --- fixed before the first row ----------------------------------------------------------------------------------

    def _free_numbers(self) -> Iterator[int]:
        """Member numbers of everyone but the personas, each once, in an order that says nothing of the branch."""
        first = len(self._personas) + 1
        count = self.total - len(self._personas)
        step = int(count * 0.618)
        while math.gcd(step, count) != 1:
            step += 1
        return (first + n * step % count for n in range(count))

    def _staff_quota(self, units: Mapping[str, Unit]) -> dict[str, int]:
        """How many staff of each unit that hosts a branch are members."""
        hosts = {o.host.unit_no: o.host for o in self._organisations if o.host and o.holds_members}
        wanted = round(STAFF_IN_S1 * sum(unit.staff for unit in units.values()))
        shares = apportion(wanted, [unit.staff for unit in hosts.values()])
        return {number: min(share, hosts[number].staff) for number, share in zip(hosts, shares, strict=True)}

    def _sizes(self) -> list[int]:
        weights = [
            _SIZE_WEIGHTS[self._organisations[n].sector] * self._rng.lognormvariate(0.0, 0.45) for n in self._branches
        ]
        return apportion(self._people, weights, least=_SMALLEST_BRANCH)

    # --- rows --------------------------------------------------------------------------------------------------------

    def _persona_row(self, index: int, persona: Persona, branch: int) -> Row:
        age = (TODAY - persona.born).days / 365.2425
        person = Person(persona.name, persona.male, persona.born, persona.id_number, "01", age)
        for code in persona.secretary_of:
            self.membership.secretaries[code] = persona.name
        post = self._occupations.take("31" if persona.home_unit or not persona.secretary_of else "12")
        joined = persona.born + timedelta(days=int(24.5 * 365.2425))
        if persona.home_unit:
            member = StaffMember(person, False, "20")
            self.membership.staff.setdefault(persona.home_unit, []).append(member)
        duty = "书记" if persona.secretary_of else None
        row = self._row(
            int(persona.member_no or index + 1),
            person,
            branch,
            "20",
            post,
            (joined, joined + timedelta(days=365)),
            duty,
        )
        return self._enrol(row, person, branch, post)

    def _member_row(self, index: int, branch: int, seat: int) -> Row:
        flaws, rng = self._flaws, self._rng
        organisation = self._organisations[branch]
        person = self._draw.draw(
            organisation.county,
            women=WOMEN_AMONG_MEMBERS,
            age_shares=MEMBER_AGE_SHARES,
            ends_in_x=flaws.ends_in_x(index),
            rare_name=flaws.rare_name(index),
            older_than=20.0 if flaws.born_before_2000(index) or flaws.full_member(index) else 0.0,
        )
        dates = joining(rng, person.born, person.age)
        if dates[1] is None and flaws.full_member(index):
            dates = (person.born + timedelta(days=6_700), person.born + timedelta(days=7_065))
        unit = organisation.host
        eligible = 21 < person.age < 60 and flaws.joins_by_id(index)
        on_register = unit is not None and self._quota[unit.unit_no] > 0 and eligible and rng.random() < 0.5
        if unit is not None and on_register:
            self._quota[unit.unit_no] -= 1
            post = self._occupations.take("31" if unit.category.endswith("机关") else "21")
        else:
            post = self._occupations.draw(organisation.sector, person.age)
        level = education(rng, post)
        if unit is not None and on_register:
            member = StaffMember(person, dates[1] is None, level)
            self.membership.staff.setdefault(unit.unit_no, []).append(member)
        row = self._row(next(self._numbers), person, branch, level, post, dates, self._duty(organisation, seat, person))
        self._flaws.apply(index, row, person)
        return self._enrol(row, person, branch, post)

    def _duty(self, organisation: Organisation, seat: int, person: Person) -> str | None:
        """The first members of a branch are its committee; the next ones also lead the bodies above, if nobody does."""
        secretaries = self.membership.secretaries
        if seat == 0:
            secretaries.setdefault(organisation.code, person.name)
        above = organisation
        for _ in range(seat):
            if above.parent is None:
                return None
            above = self._by_code[above.parent]
        if seat and above.code not in secretaries:
            secretaries[above.code] = person.name
            return "总支书记" if above.type == "621" else "党委书记"
        return _COMMITTEE_DUTIES[seat] if seat < len(_COMMITTEE_DUTIES) else None

    def _enrol(self, row: list[object], person: Person, branch: int, post: str) -> Row:
        number = row[AT["DYBH"]]
        digits = str(row[AT["SJHM"]] or "").replace(" ", "")[-11:]
        self.membership.enrolled.append(
            Enrolled(int(str(number)), person.id_number, person.name, digits, branch, post, person.age)
        )
        return tuple(row)

    def _row(
        self,
        number: int,
        person: Person,
        branch: int,
        level: str,
        post: str,
        dates: tuple[date, date | None],
        duty: str | None,
    ) -> list[object]:
        rng = self._rng
        organisation = self._organisations[branch]
        joined, full = dates
        probationary = full is None
        floating, lost = rng.random() < 0.035, rng.random() < 0.004
        addresses = self._addresses[organisation.county or 0]
        state = "1" if rng.random() < 0.988 else rng.choices(("10", "11", "12", "13"), (5, 2, 4, 1))[0]
        return [
            number,
            person.name,
            "1" if person.male else "2",
            person.ethnicity,
            f"{person.born:%Y%m%d}",
            person.id_number,
            EDUCATION_CODE[level],
            "02" if probationary else "01",
            "2" if probationary else "1",
            organisation.code,
            f"{joined:%Y%m%d}",
            "" if full is None else f"{full:%Y%m%d}",
            "12A" if post == "11" and rng.random() < 0.03 else post,
            duty,
            mobile(rng) if rng.random() < 0.96 else None,
            landline(rng) if rng.random() < 0.15 else None,
            f"{addresses[int(rng.random() * len(addresses))]}{1 + int(rng.random() * 20)}组",
            state,
            "1" if lost else "0",
            f"{TODAY - timedelta(days=190 + int(rng.random() * 2500)):%Y%m%d}" if lost else "",
            str(1 + int(rng.random() * 7)) if lost else None,
            "1" if floating else "0",
            _OUTFLOW[int(rng.random() * len(_OUTFLOW))] if floating else None,
            "1" if rng.random() < 0.04 else "0",
            None if probationary else rng.choices("1234", (22, 74, 3.2, 0.8))[0],
            "0",
            self.changed_at(),
        ]

    def changed_at(self) -> str:
        """A change before the restore of the data's current date, most of them in the last years."""
        rng = self._rng
        day = TODAY - timedelta(days=1 + int(min(rng.expovariate(1 / 320), 2600)))
        return f"{day} {8 + int(rng.random() * 10):02d}:{int(rng.random() * 60):02d}:{int(rng.random() * 60):02d}"

    def _second_rows(self, rows: Sequence[Row]) -> Iterator[Row]:
        """The row in another branch that half a transfer left behind: now the newer one of the two, now the older."""
        for row in rows:
            copy = list(row)
            other = self._branches[int(self._rng.random() * len(self._branches))]
            while self._organisations[other].code == row[AT["DZZDM"]]:
                other = self._branches[int(self._rng.random() * len(self._branches))]
            copy[AT["DYBH"]] = next(self._numbers)
            copy[AT["DZZDM"]] = self._organisations[other].code
            copy[AT["DNZW"]] = None
            while copy[AT["GXSJ"]] == row[AT["GXSJ"]]:
                copy[AT["GXSJ"]] = self.changed_at()
            self._ledger.add("MEMBER_DUPLICATE", row[AT["DYBH"]])
            self._ledger.add("MEMBER_DUPLICATE", copy[AT["DYBH"]])
            yield tuple(copy)

    def _gone_rows(self, former: Sequence[Row]) -> Iterator[Row]:
        """Soft-deleted rows: former rows of members who are still there, and people who left."""
        for row in former:
            copy = list(row)
            copy[AT["DYBH"]], copy[AT["DZZDM"]] = next(self._numbers), self._former_org()
            copy[AT["DNZW"]], copy[AT["SCBZ"]] = None, "1"
            copy[AT["GXSJ"]] = f"{2009 + int(self._rng.random() * 2)}-06-15 09:00:00"
            yield tuple(copy)
        for _ in range(self._gone - len(former)):
            person = self._draw.draw(
                int(self._rng.random() * 9), women=WOMEN_AMONG_MEMBERS, age_shares=MEMBER_AGE_SHARES, older_than=20.0
            )
            branch = self._branches[int(self._rng.random() * len(self._branches))]
            joined = person.born + timedelta(days=6_700)
            dates = (joined, joined + timedelta(days=365))
            number = next(self._numbers)
            self.membership.former.append(number)
            gone = self._row(number, person, branch, "70", "61", dates, None)
            gone[AT["DZZDM"]], gone[AT["SCBZ"]] = self._former_org(), "1"
            yield tuple(gone)

    def _former_org(self) -> str:
        if self._rng.random() < 0.5:
            return self._deleted_orgs[int(self._rng.random() * len(self._deleted_orgs))]
        return self._organisations[self._branches[int(self._rng.random() * len(self._branches))]].code
