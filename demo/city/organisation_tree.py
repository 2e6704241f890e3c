"""S1's tree of Party organisations, five levels deep at every scale.

City committee; fourteen county committees and the work committee of the municipal organs; below each county its organs'
work committee and the town committees; below those general branches and branches of villages, units and enterprises.
Codes are 15 digits, three per level. Fixed points for the personas: in each county 001 is the organs' work committee
and the towns follow from 002; in each town 001 is the town office's branch and 002, 003 are its first two villages'; an
organs' work committee numbers its bureaus as :mod:`demo.city.bureaus` does.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass

from demo.city.bureaus import ECONOMY, EDUCATION, HEALTH, WITHOUT_SUB_UNITS
from demo.city.divisions import CITY_CODE, CITY_NAME, COUNTIES, Division, divisions
from demo.city.edition import scaled, stream
from demo.city.identifiers import uscc
from demo.city.names import PLACE_STEMS
from demo.city.organisations import (
    BRANCH_TYPES,
    ENDINGS,
    FULL_LIVE,
    FULL_ROWS,
    FULL_TYPES,
    Organisation,
    organisation_code,
    stem,
)
from demo.city.units import Unit, town_share, towns_of

_COMMITTEE, _GENERAL, _BRANCH, _JOINT = "611", "621", "631", "632"
_FIRST_FIRM = 500_001
_FIRST_SUB_UNIT = 100
_VILLAGES_OF_GENERAL = 0.64
"""Share of the general branches that are villages'; the others are schools' and other sub-units'."""

_GROUPS = ("第一", "第二", "第三")
_LINES = (
    "机械制造",
    "食品",
    "纺织",
    "建材",
    "电子",
    "生态农业",
    "物流",
    "商贸",
    "旅游开发",
    "建筑工程",
    "医药",
    "粮油",
)


def organisations(seed: int, scale: float, units: Mapping[str, Unit]) -> tuple[Organisation, ...]:
    """All organisations, live and deleted, parents before children."""
    builder = _Builder(stream(seed, "organisations"), seed, scale, units)
    builder.committees()
    builder.towns()
    builder.bureaus()
    builder.sub_units()
    builder.temporary()
    builder.enterprises()
    builder.deleted()
    return tuple(sorted(builder.made.values(), key=lambda organisation: organisation.code))


@dataclass(frozen=True, slots=True)
class _Where:
    """A place of organisations: its division and county; ``above`` is the organisation there that others lie under."""

    above: str
    division: Division
    county: int | None
    prefix: str


class _Builder:
    """Adds organisations kind by kind; ``left`` counts what each type still lacks, structure may overdraw it."""

    def __init__(self, rng: random.Random, seed: int, scale: float, units: Mapping[str, Unit]) -> None:
        self.made: dict[str, Organisation] = {}
        self._rng, self._seed, self._scale, self._units = rng, seed, scale, units
        self._left = {kind: scaled(full, scale, 2) for kind, full in FULL_TYPES.items()}
        self._left[_GENERAL] = max(self._left[_GENERAL], 2 * len(COUNTIES))
        self._serials: dict[str, int] = {}
        self._divisions = {row.div_code: row for row in divisions(seed)}
        self._towns: list[_Where] = []

    def _add(
        self,
        where: _Where,
        kind: str,
        name: str,
        called: str,
        *,
        sector: str = "committee",
        serial: int | None = None,
        division: Division | None = None,
        host: Unit | None = None,
        host_name: str = "",
        host_uscc: str = "",
        situation: str = "1",
        short: str | None = None,
        deleted: bool = False,
    ) -> str:
        """Make one organisation under ``where.above`` and return its code.

        ``name`` and ``called`` are the full and the short name without their endings; ``serial`` fixes its number.
        """
        above = stem(where.above)
        number = serial if serial is not None else self._serials.get(above, 0) + 1
        self._serials[above] = max(self._serials.get(above, 0), number)
        code = organisation_code(f"{above}{number:03d}")
        if code in self.made or number > 999 or len(code) != 15:
            raise ValueError(f"no free organisation code under {above}")
        full_ending, short_ending = ENDINGS[kind]
        self.made[code] = Organisation(
            code=code,
            name=f"中共{name.removeprefix('中共')}{full_ending}",
            short=short or called + short_ending,
            type=kind,
            parent=where.above or None,
            sector=sector,
            div_code=(division or where.division).div_code,
            county=where.county,
            host=host,
            host_name=host_name or (host.name if host else ""),
            host_uscc=host_uscc or (host.uscc if host else ""),
            situation=situation,
            deleted=deleted,
        )
        if not deleted:
            self._left[kind] -= 1
        return code

    def committees(self) -> None:
        """The city committee, the county committees, and everyone's work committee of organs."""
        city_division = self._divisions[CITY_CODE]
        root = _Where("", city_division, None, CITY_NAME)
        city = _Where(self._add(root, _COMMITTEE, CITY_NAME, "", short="市委"), city_division, None, CITY_NAME)
        for number, county in enumerate(COUNTIES):
            zone = "430771" <= county.code <= "430775"
            here = _Where(city.above, self._divisions[county.code], number, county.organs)
            name, short = (county.organs + "工作", "党工委") if zone else (county.organs, "委")
            code = self._add(here, _COMMITTEE, name, "", short=county.organs + short)
            self._organs(_Where(code, here.division, number, county.organs))
        self._organs(city)

    def _organs(self, where: _Where) -> None:
        self._add(where, _COMMITTEE, f"{where.prefix}直属机关工作", "", short=f"{where.prefix}直机关工委")

    def towns(self) -> None:
        """Town committees with the town office's branch and the villages'; some villages have branches below."""
        places: list[tuple[_Where, Division]] = []
        for number, county in enumerate(COUNTIES):
            for town_number, town in enumerate(towns_of(county, self._scale, self._seed), 1):
                host = self._units[f"{county.code}90{town_number:04d}"]
                prefix = county.organs + town.name
                name = f"{prefix}工作" if town.name.endswith("街道") else prefix
                here = _Where(organisation_code(f"001{number + 1:03d}"), town, number, prefix)
                code = self._add(here, _COMMITTEE, name, town.name, host=host, situation="2")
                inside = _Where(code, town, number, prefix)
                self._towns.append(inside)
                self._add(inside, _BRANCH, f"{prefix}机关", f"{town.name}机关", sector="town", host=host)
                villages = self._villages(town)
                for village in villages[:2]:
                    self._village_branch(inside, village)
                places.extend((inside, village) for village in villages[2:])
        wanted = min(len(places), round(self._left[_GENERAL] * _VILLAGES_OF_GENERAL))
        general = set(self._rng.sample(range(len(places)), wanted))
        for index, (inside, village) in enumerate(places):
            if index in general:
                self._village_general(inside, village)
            else:
                self._village_branch(inside, village)

    def _villages(self, town: Division) -> list[Division]:
        """The villages of a town that have an organisation at this scale, villages before communities."""
        places = [row for row in divisions(self._seed) if row.parent_code == town.div_code]
        places.sort(key=lambda row: (row.div_code[9] == "0", row.div_code))
        return places[: max(3, round(len(places) * min(1.0, self._scale / town_share(self._scale))))]

    def _village_branch(self, where: _Where, village: Division) -> None:
        name = where.prefix + village.name
        self._add(where, _BRANCH, name, village.name, sector="village", division=village, situation="2")

    def _village_general(self, where: _Where, village: Division) -> None:
        name = where.prefix + village.name
        code = self._add(where, _GENERAL, name, village.name, division=village, situation="2")
        inside = _Where(code, village, where.county, name)
        for group in _GROUPS[: self._rng.choice((2, 3))]:
            self._add(inside, _BRANCH, name + group, village.name + group, sector="village")

    def bureaus(self) -> None:
        """One organisation per bureau: a committee with branches where committees are left, else a single branch."""
        bureaus = [unit for unit in self._units.values() if unit.tier == "bureau"]
        bureaus.sort(key=lambda unit: (unit.bureau not in (ECONOMY, EDUCATION, HEALTH), unit.bureau, unit.unit_no))
        for unit in bureaus:
            always = unit.county_code == CITY_CODE and unit.bureau in (ECONOMY, EDUCATION, HEALTH)
            single = unit.bureau in WITHOUT_SUB_UNITS or (self._left[_COMMITTEE] <= 0 and not always)
            self._hosted(self._organs_of(unit), unit, _BRANCH if single else _COMMITTEE, serial=unit.bureau)

    def sub_units(self) -> None:
        """Sub-units by size: committees, then general branches, as many as the city has left, then single branches."""
        subs = [unit for unit in self._units.values() if unit.tier == "sub" and not unit.merged]
        subs.sort(key=lambda unit: (-unit.staff, unit.unit_no))
        for unit in subs:
            where = self._organs_of(unit)
            kind = next((kind for kind in (_COMMITTEE, _GENERAL) if self._left[kind] > 0), _BRANCH)
            bureau = organisation_code(f"{stem(where.above)}{unit.bureau:03d}")
            room_below = kind == _BRANCH or unit.county_code == CITY_CODE
            if room_below and self.made[bureau].type == _COMMITTEE:
                where = _Where(bureau, where.division, where.county, where.prefix)
            taken = self._serials.get(stem(where.above), 0)
            self._hosted(where, unit, kind, serial=max(taken + 1, _FIRST_SUB_UNIT))

    def _organs_of(self, unit: Unit) -> _Where:
        division = self._divisions[unit.county_code]
        if unit.county_code == CITY_CODE:
            return _Where(organisation_code(f"001{len(COUNTIES) + 1:03d}"), division, None, CITY_NAME)
        number = next(n for n, county in enumerate(COUNTIES) if county.code == unit.county_code)
        return _Where(organisation_code(f"001{number + 1:03d}001"), division, number, COUNTIES[number].organs)

    def _hosted(self, where: _Where, unit: Unit, kind: str, *, serial: int) -> None:
        """The organisation of a unit and, below a committee or general branch, two or three branches."""
        if kind == _BRANCH:
            self._add(where, kind, unit.name, unit.bare, sector="unit", serial=serial, host=unit, situation="2")
            return
        organ = "机关" if kind == _COMMITTEE else ""
        code = self._add(where, kind, unit.name + organ, unit.bare + organ, serial=serial, host=unit, situation="2")
        inside = _Where(code, where.division, where.county, unit.name)
        for group in _GROUPS[: self._rng.choice((2, 2, 3))]:
            self._add(inside, _BRANCH, unit.name + group, unit.bare + group, sector="unit", host=unit)

    def temporary(self) -> None:
        """Temporary organisations of building sites and relief teams, under the county committees."""
        sites: list[_Where] = []
        for kind in ("911", "921", "931", "932"):
            for turn in range(self._left[kind]):
                number = turn % len(COUNTIES)
                county = COUNTIES[number]
                where = _Where(
                    organisation_code(f"001{number + 1:03d}"), self._divisions[county.code], number, county.organs
                )
                if kind in BRANCH_TYPES:
                    where = sites[turn % len(sites)]
                project = f"{self._place()}项目"
                sector = "temporary" if kind in BRANCH_TYPES else "committee"
                code = self._add(where, kind, where.prefix + project, project, sector=sector)
                if kind == "911":
                    sites.append(_Where(code, where.division, number, where.prefix))

    def enterprises(self) -> None:
        """Branches of firms under the towns, joint branches first, until every type has its number."""
        joints, single = self._left[_JOINT], max(self._left[_BRANCH], len(COUNTIES))
        for turn in range(joints + single):
            where = self._towns[turn % len(self._towns)]
            if turn < joints:
                park = f"{self._place()}企业"
                self._add(where, _JOINT, where.prefix + park, park, sector="enterprise", situation="3")
                continue
            firm = f"湖南{self._place()}{self._rng.choice(_LINES)}有限公司"
            code = uscc("91", where.division.div_code[:6], _FIRST_FIRM + turn)
            self._add(where, _BRANCH, firm, firm, sector="enterprise", host_name=firm, host_uscc=code, situation="2")

    def deleted(self) -> None:
        """Branches that were dissolved and soft-deleted."""
        for turn in range(scaled(FULL_ROWS - FULL_LIVE, self._scale, 10)):
            where = self._towns[(turn * 7) % len(self._towns)]
            place = self._place()
            self._add(where, _BRANCH, where.prefix + place, place, sector="village", deleted=True)

    def _place(self) -> str:
        return PLACE_STEMS[int(self._rng.random() * len(PLACE_STEMS))]
