"""S4's cases (办件) and their steps, from the first day of the flow to the evening of the current date.

Cases come day by day, on workdays above all, at the open stations; most are done within the promised workdays, some
late, the youngest are still on their way.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import accumulate, pairwise

from demo.city.applicants import Applicant, Applicants
from demo.city.codes_services import CASE_RESULT, CLOSED_CASE, EARLY_ENDS, STEPS
from demo.city.defects import Ledger, spread
from demo.city.edition import TODAY, flow_rows, flow_start, stream
from demo.city.identifiers import old_id_number, other_check
from demo.city.items import Item, items
from demo.city.names import person_name
from demo.city.personas import MEMBER, RESIDENT, SHOP_OWNER, TOWN_STATION, Persona
from demo.city.stations import Station, stations
from demo.city.workdays import after_workdays, per_day

FULL_CASES = 1_920_000
_FLAWS = (
    *("CASE_ITEM_CANCELLED", "CASE_ITEM_UNKNOWN", "CASE_TIME_ORDER", "CASE_AGENT_ID", "CASE_ID_15"),
    *("CASE_ID_LOWER_X", "CASE_ID_CHECKSUM"),
)
_OF_PERSONS = frozenset(("CASE_AGENT_ID", "CASE_ID_15", "CASE_ID_LOWER_X", "CASE_ID_CHECKSUM"))
_LEVEL_SHARES = {1: 0.06, 2: 0.34, 3: 0.42, 4: 0.18}
_CASES_OF_AN_AGENT = 15
_APPLIED_FOR = frozenset(("01", "05", "07", "08", "10", "20"))
"""Types of items that people apply for; the others are done to them."""

_CLOSING = datetime.combine(TODAY, time(17, 30))
_CITY_STATION = "4307000000001001"
Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class _Course:
    """How a case went. ``finished`` is ``None`` while it is on its way."""

    accepted: datetime
    finished: datetime | None
    state: str


@dataclass(frozen=True, slots=True)
class _Done:
    """What the steps need of a case."""

    number: str
    station: int
    course: _Course
    at_once: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Own:
    """A persona's case: the day of 2018-09, and the state it is in; ``item`` counts among those of the station."""

    persona: Persona
    station: str
    day: int
    state: str
    item: int


_OWN_CASES = (
    _Own(persona=RESIDENT, station=TOWN_STATION, day=3, state="07", item=10),
    _Own(persona=RESIDENT, station=TOWN_STATION, day=5, state="05", item=2),
    _Own(persona=RESIDENT, station=TOWN_STATION, day=19, state="05", item=0),
    _Own(persona=RESIDENT, station=TOWN_STATION, day=30, state="03", item=27),
    _Own(persona=MEMBER, station=_CITY_STATION, day=18, state="07", item=0),
    _Own(persona=SHOP_OWNER, station=TOWN_STATION, day=20, state="07", item=14),
)


class Cases:
    """The cases of a city; ``rows`` is to be read to the end before ``steps``."""

    def __init__(self, seed: int, scale: float, applicants: Applicants, ledger: Ledger) -> None:
        self._seed, self._applicants, self._ledger = seed, applicants, ledger
        self._rng = rng = stream(seed, "cases")
        self._stations = stations(seed, scale)
        self._items = items(seed, scale)
        self._cancelled = [item for item in self._items if item.status == "3"]
        self._offers = [_offers(station, self._items) for station in self._stations]
        per_level = {level: sum(s.level == level for s in self._stations) for level in _LEVEL_SHARES}
        self._weights = tuple(accumulate(_LEVEL_SHARES[s.level] / per_level[s.level] for s in self._stations))
        self._total, self._first = flow_rows(FULL_CASES, scale), flow_start(scale)
        own = len(_OWN_CASES)
        self._flaws = spread(rng, _FLAWS, range(own, self._total))
        agents = sum(code == "CASE_AGENT_ID" for code in self._flaws.values())
        self._agents = [applicants.stranger(None) for _ in range(max(2, agents // _CASES_OF_AN_AGENT))]
        self._done: list[_Done] = []

    def rows(self) -> Iterator[Row]:
        """Rows of ``banjian``: the personas', then day by day."""
        for number, own in enumerate(_OWN_CASES, 1):
            yield self._own_row(number, own)
        index = len(_OWN_CASES)
        positions = range(len(self._stations))
        for day, count in per_day(self._total - index, self._first):
            for serial in range(1, count + 1):
                station = self._rng.choices(positions, cum_weights=self._weights)[0]
                accepted = datetime.combine(day, time(8, 30)) + timedelta(
                    seconds=int((serial - self._rng.random()) / count * 32_400)
                )
                yield self._row(index, station, f"{day:%Y%m%d}{serial:05d}", accepted)
                index += 1

    def _own_row(self, number: int, own: _Own) -> Row:
        station = next(n for n, s in enumerate(self._stations) if s.code == own.station)
        offers = self._offers[station]
        item = offers[own.item % len(offers)]
        accepted = datetime.combine(date(TODAY.year, TODAY.month, own.day), time(9, 10 + number))
        finished = accepted + timedelta(hours=26) if own.state in CLOSED_CASE else None
        applicant = self._applicants.persona(own.persona)
        course = _Course(accepted, finished, own.state)
        key = self._key(station, f"{accepted:%Y%m%d}{90_000 + number}")
        self._done.append(_Done(key, station, course, at_once=item.workdays == 0))
        return self._written(key, item.code, item.workdays, station, applicant, course, verified=True)

    def _row(self, index: int, station: int, serial: str, accepted: datetime) -> Row:
        rng = self._rng
        flaw = self._flaws.get(index)
        key = self._key(station, serial)
        level = self._stations[station].level
        item = self._offers[station][int(rng.random() ** 1.6 * len(self._offers[station]))]
        course = self._course(accepted, item.workdays, done=flaw == "CASE_TIME_ORDER")
        self._done.append(_Done(key, station, course, at_once=item.workdays == 0))
        company = flaw not in _OF_PERSONS and rng.random() < (0.2 if level < 3 else 0.03)
        applicant = self._applicant(self._stations[station].county, flaw, company=company)
        code = item.code
        if flaw is not None:
            self._ledger.add(flaw, key)
        if company:
            self._ledger.add("CASE_ORG_NO_ID", key)
        match flaw:
            case "CASE_ITEM_CANCELLED":
                code = self._cancelled[int(rng.random() * len(self._cancelled))].code
            case "CASE_ITEM_UNKNOWN":
                code = f"{code[:25]}9{int(rng.random() * 100_000):05d}"
            case "CASE_TIME_ORDER":
                course = _Course(accepted, accepted - timedelta(minutes=5 + int(rng.random() * 3_000)), "07")
        verified = not company and flaw not in ("CASE_AGENT_ID", "CASE_ID_CHECKSUM") and rng.random() < 0.9
        return self._written(key, code, item.workdays, station, applicant, course, verified=verified)

    def _key(self, station: int, serial: str) -> str:
        """A case's number: the station's division in twelve digits, the day, the serial of the day."""
        return self._stations[station].code[:12] + serial

    def _applicant(self, county: int | None, flaw: str | None, *, company: bool) -> Applicant:
        if company:
            return self._applicants.company(county)
        if flaw not in _OF_PERSONS:
            return self._applicants.person(county)
        person = self._applicants.stranger(county, ends_in_x=flaw == "CASE_ID_LOWER_X")
        number = str(person.id_number)
        match flaw:
            case "CASE_AGENT_ID":
                agent = self._agents[int(self._rng.random() * len(self._agents))]
                return Applicant(person.name, agent.id_number, agent.mobile, person.address)
            case "CASE_ID_15":
                number = old_id_number(number)
            case "CASE_ID_LOWER_X":
                number = number.lower()
            case "CASE_ID_CHECKSUM":
                number = number[:-1] + other_check(number[-1])
        return Applicant(person.name, number, person.mobile, person.address)

    def _course(self, accepted: datetime, workdays: int, *, done: bool) -> _Course:
        rng = self._rng
        state = rng.choices(("07", "04", "08", "09"), (93.0, 1.5, 3.0, 2.5))[0]
        if done:
            return _Course(accepted, accepted + timedelta(minutes=20), "07")
        if workdays == 0:
            finished = accepted + timedelta(minutes=8 + int(rng.random() * 45))
            return _Course(accepted, finished, state) if finished < _CLOSING else _Course(accepted, None, "03")
        pace = 1.0 + rng.random() * 0.8 if rng.random() < 0.04 else 0.15 + rng.random() * 0.8
        day = after_workdays(accepted.date(), max(workdays * pace, 1))
        finished = datetime.combine(day, time(9)) + timedelta(minutes=int(rng.random() * 480))
        if rng.random() < 0.01:
            return _Course(accepted, None, rng.choice(("02", "05")))
        if finished >= _CLOSING:
            gone = (_CLOSING - accepted) / (finished - accepted)
            return _Course(accepted, None, "01" if gone < 0.1 else "03" if gone < 0.3 else "05" if gone < 0.8 else "06")
        return _Course(accepted, finished, state)

    def _written(
        self,
        key: str,
        code: str,
        workdays: int,
        station: int,
        applicant: Applicant,
        course: _Course,
        *,
        verified: bool,
    ) -> Row:
        rng = self._rng
        natural = applicant.id_number is not None
        rating = None
        if course.state == "07" and rng.random() < 0.45:
            rating = rng.choices((5, 4, 3, 2, 1), (82, 11, 4, 2, 1))[0]
        latest = max(course.accepted, course.finished or course.accepted)
        changed = min(latest + timedelta(minutes=2 + int(rng.random() * (900 if rating else 30))), _CLOSING)
        return (
            key,
            code,
            self._stations[station].code,
            "1" if natural else "2",
            applicant.name,
            applicant.id_number,
            applicant.mobile,
            applicant.address,
            str(course.accepted),
            after_workdays(course.accepted.date(), workdays),
            None if course.finished is None else str(course.finished),
            course.state,
            CASE_RESULT.get(course.state),
            "1" if verified else "0",
            rating,
            str(changed),
        )

    def steps(self) -> Iterator[Row]:
        """Rows of ``banjian_guocheng``: what each case went through; the last step of an open case has not ended."""
        rng = stream(self._seed, "case steps")
        handlers = [[person_name(rng, male=rng.random() < 0.4) for _ in range(3)] for _ in self._stations]
        key = 0
        for case in self._done:
            names = _steps(rng, case.course.state, at_once=case.at_once)
            end = case.course.finished or _CLOSING
            edges = _edges(rng, case.course.accepted, end, len(names))
            for n, (name, (began, ended)) in enumerate(zip(names, pairwise(edges), strict=True), 1):
                key += 1
                still = case.course.finished is None and n == len(names)
                handler = handlers[case.station][int(rng.random() * 3)]
                yield key, case.number, name, handler, str(began), None if still else str(ended)


def _offers(station: Station, every: Sequence[Item]) -> list[Item]:
    """What one can apply for at a station: its county's items, in towns and villages only the delivered ones."""
    usable = [i for i in every if i.status == "1" and i.county == station.county and i.type in _APPLIED_FOR]
    if station.level < 3:
        return [item for item in usable if item.level in ("2", "3")]
    town = station.division.div_code[:9]
    return [item for item in usable if item.delivered and (item.level == "3" or item.unit.div_code == town)]


def _steps(rng: random.Random, state: str, *, at_once: bool) -> list[str]:
    """Names of the steps that a case in ``state`` has begun."""
    correction = rng.random() < 0.1
    if state in EARLY_ENDS:
        return ["收件", EARLY_ENDS[state]]
    match state:
        case "01":
            return ["收件"]
        case "02":
            return ["收件", "补正"]
        case "03":
            return ["收件", "受理"]
        case "05" | "06":
            return ["收件", "受理", "审查", "决定"][: 3 if state == "05" else 4]
    if at_once:
        return ["收件", "受理", "办结"]
    return [name for name in STEPS if name != "补正" or correction]


def _edges(rng: random.Random, begin: datetime, end: datetime, count: int) -> list[datetime]:
    """``count + 1`` moments from ``begin`` to ``end``, in whole seconds."""
    seconds = int((end - begin).total_seconds())
    inner = sorted(int(rng.random() * seconds) for _ in range(count - 1))
    return [begin, *(begin + timedelta(seconds=second) for second in inner), end]
