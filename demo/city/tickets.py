"""The 12345 hotline's tickets."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from demo.city.defects import Ledger, spread
from demo.city.divisions import CITY_CODE, COUNTIES, Division, divisions
from demo.city.edition import TODAY, flow_rows, flow_start, stream
from demo.city.identifiers import ID_PREFIXES, id_number, mobile
from demo.city.names import person_name
from demo.city.personas import RESIDENT, SHIMEN
from demo.city.unit_names import FORMER, former_name, spoken_names, unit_names
from demo.city.units import Unit, towns_of, units
from demo.city.workdays import per_day

FULL_TICKETS = 212_000
Row = tuple[object, ...]
_MATTERS = {
    1: "{place}便民服务点的设置", 2: "{place}企业停工、工人欠薪", 3: "{place}小学的入学报名", 4: "{place}医保报销",
    8: "{place}农业补贴的发放", 9: "{place}低保评定的公示", 10: "{place}养老保险待遇的发放", 12: "{place}天然气的价格",
    13: "{place}停水的通知", 14: "{place}小区的物业收费", 15: "{place}公路的维修", 16: "{place}林木的采伐",
}  # fmt: skip
_OTHER_MATTERS = ("{place}夜间施工的噪音", "{place}的办事流程和所需材料", "{place}的路灯", "{place}的环境卫生")
_WORDS = {
    "01": "咨询", "02": "请求帮助解决", "03": "投诉", "04": "举报", "05": "建议改进", "06": "感谢有关人员及时处理",
    "99": "反映",
}  # fmt: skip
_TYPES = {"01": 38, "02": 29, "03": 21, "04": 3, "05": 5, "06": 2, "99": 2}
_FLAWS = ("TICKET_UNIT_ALIAS", "TICKET_UNIT_OLD", "TICKET_UNIT_UNKNOWN")
_CLOSING = datetime.combine(TODAY, time(17, 59))


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a call is about: a division and the units in charge there."""

    division: Division
    words: str
    units: Sequence[Unit]


class Tickets:
    """Rows of ``gongdan``, in the order in which the calls came."""

    def __init__(self, seed: int, scale: float, ledger: Ledger) -> None:
        self._rng = rng = stream(seed, "tickets")
        self._ledger = ledger
        self._total, self._first = flow_rows(FULL_TICKETS, scale), flow_start(scale)
        self._known = unit_names(seed, scale)
        self._places = self._all_places(seed, scale)
        self._shimen = [n for n, place in enumerate(self._places) if place.division.div_code.startswith(SHIMEN)]
        self._flaws = spread(rng, _FLAWS, range(self._total))
        self._personal = spread(rng, ("TICKET_PERSONAL",), range(self._total))

    def _all_places(self, seed: int, scale: float) -> list[_Place]:
        """The city, its counties, their peopled towns and these towns' villages, each with bureaus and town office."""
        every = [unit for unit in units(seed, scale).values() if not unit.merged]
        by_code = {row.div_code: row for row in divisions(seed)}
        bureaus = {code: [u for u in every if u.tier == "bureau" and u.county_code == code] for code in by_code}
        places = [_Place(by_code[CITY_CODE], "市城区", bureaus[CITY_CODE])]
        for plan in COUNTIES:
            places.append(_Place(by_code[plan.code], plan.organs, bureaus[plan.code]))
            for town in towns_of(plan, scale, seed):
                office = [u for u in every if u.tier == "town" and u.div_code == town.div_code]
                charge = [*office, *office, *bureaus[plan.code]]
                places.append(_Place(town, town.name, charge))
                villages = [row for row in divisions(seed) if row.parent_code == town.div_code]
                places.extend(_Place(row, town.name + row.name, charge) for row in villages[:6])
        return places

    def rows(self) -> Iterator[Row]:
        """The tickets day by day; the last four are about one county: open ones, a complaint, a whistle-blower's."""
        index = 0
        for day, count in per_day(self._total, self._first):
            for serial in range(1, count + 1):
                at = datetime.combine(day, time(7)) + timedelta(seconds=int(serial / (count + 1) * 39_000))
                yield self._row(index, f"GD{day:%Y%m%d}{serial:05d}", at)
                index += 1

    def _row(self, index: int, key: str, at: datetime) -> Row:
        rng = self._rng
        last = self._total - 1 - index
        if last < 4:
            place = self._places[self._shimen[last]]
            kind = ("01", "04", "03", "02")[last]
        else:
            place = self._places[int(rng.random() * len(self._places))]
            kind = rng.choices(tuple(_TYPES), tuple(_TYPES.values()))[0]
        unit = self._unit(index, place)
        state, changed = self._course(at, recent=last < 4)
        resident = last in (0, 2)
        name = RESIDENT.name if resident else person_name(rng, male=rng.random() < 0.5)
        phone = str(RESIDENT.mobile) if resident else mobile(rng)
        anonymous = kind == "04" and not resident and rng.random() < 0.5
        return (
            key,
            str(at),
            phone,
            None if anonymous else name,
            kind,
            self._text(index, key, kind, unit, place),
            place.division.div_code,
            self._unit_text(index, key, unit),
            rng.choices(("5", "4", "3", "2", "1"), (55, 22, 12, 6, 5))[0]
            if state > "2" and rng.random() < 0.6
            else None,
            state,
            str(changed),
        )

    def _unit(self, index: int, place: _Place) -> Unit:
        """One of the units in charge; one that the ticket's flaw can be about."""
        match self._flaws.get(index):
            case "TICKET_UNIT_OLD":
                fitting = [unit for unit in place.units if unit.tier == "bureau" and unit.bureau in FORMER]
            case "TICKET_UNIT_ALIAS":
                fitting = [unit for unit in place.units if self._aliases(unit)]
            case _:
                fitting = list(place.units)
        return fitting[int(self._rng.random() ** 1.4 * len(fitting))]

    def _aliases(self, unit: Unit) -> list[str]:
        """The short names that stand for this unit alone."""
        return [name for name in spoken_names(unit) if name != unit.name and name in self._known]

    def _course(self, at: datetime, *, recent: bool) -> tuple[str, datetime]:
        """State and time of the last change: closed within weeks, filed away a month later."""
        rng = self._rng
        took = timedelta(hours=2) + timedelta(hours=rng.expovariate(1 / 90))
        closed = at + took
        if recent or closed > _CLOSING:
            moved = at + timedelta(minutes=5 + int(rng.random() * 240))
            return ("2", moved) if moved < _CLOSING and not (recent and rng.random() < 0.3) else ("1", at)
        filed = closed + timedelta(days=15)
        state, changed = ("4", filed) if filed < _CLOSING else ("3", closed)
        return state, changed.replace(microsecond=0)

    def _text(self, index: int, key: str, kind: str, unit: Unit, place: _Place) -> str:
        rng = self._rng
        matter = _MATTERS.get(unit.bureau) if rng.random() < 0.6 else None
        text = _WORDS[kind] + (matter or rng.choice(_OTHER_MATTERS)).format(place=place.words) + "，请回复。"
        if index not in self._personal:
            return text
        self._ledger.add("TICKET_PERSONAL", key)
        if rng.random() < 0.7:
            return f"{text}联系电话{mobile(rng)}。"
        born = TODAY - timedelta(days=8_000 + int(rng.random() * 16_000))
        return f"{text}本人身份证号{id_number(rng.choice(ID_PREFIXES), born, 1 + int(rng.random() * 998))}。"

    def _unit_text(self, index: int, key: str, unit: Unit) -> str:
        """The unit as the agent wrote it: full name, short name, former name, or one that tells no unit."""
        flaw = self._flaws.get(index)
        if flaw is None:
            return unit.name
        self._ledger.add(flaw, key)
        match flaw:
            case "TICKET_UNIT_ALIAS":
                return self._rng.choice(self._aliases(unit))
            case "TICKET_UNIT_OLD":
                return former_name(unit)
            case _:
                return _misspelt(self._rng, unit)


def _misspelt(rng: random.Random, unit: Unit) -> str:
    """A name with one character left out, or without the place: nothing that an alias could stand for."""
    if rng.random() < 0.5:
        return f"有关{unit.bare}"
    gap = 2 + int(rng.random() * (len(unit.name) - 3))
    return f"{unit.name[:gap]}○{unit.name[gap + 1 :]}"
