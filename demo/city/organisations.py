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
from demo.city.divisions import CITY_CODE, CITY_NAME, COUNTIES, CountyPlan, Division, divisions
from demo.city.edition import scaled, stream
from demo.city.identifiers import uscc
from demo.city.names import PLACE_STEMS
from demo.city.units import Unit, town_share, towns_of

FULL_TYPES = {"611": 740, "621": 970, "631": 13_180, "632": 260, "911": 8, "921": 6, "931": 30, "932": 6}
FULL_LIVE, FULL_ROWS = 15_200, 15_640
BRANCH_TYPES = frozenset(("631", "632", "931", "932"))
_COMMITTEE, _GENERAL, _BRANCH, _JOINT = "611", "621", "631", "632"
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """A Party organisation. ``sector``: village, unit, town, enterprise, temporary or committee.

    ``host`` is its S3 unit; enterprises have ``host_name`` and ``host_uscc`` alone. ``county``: index in ``COUNTIES``,
    ``None`` for what lies directly under the city. ``situation``: 1 as its superior, 2 a legal person, 3 joint branch.
    """

    code: str
    name: str
    short: str
    type: str
    parent: str | None
    sector: str
    div_code: str
    county: int | None
    host: Unit | None = None
    host_name: str = ""
    host_uscc: str = ""
    situation: str = "1"
    deleted: bool = False

    @property
    def holds_members(self) -> bool:
        """Whether members are registered in it (in branches, never in committees)."""
        return self.type in BRANCH_TYPES


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


class _Builder:
    """Adds organisations kind by kind; ``left`` counts what each type still lacks, structure may overdraw it."""

    def __init__(self, rng: random.Random, seed: int, scale: float, units: Mapping[str, Unit]) -> None:
        self.rng, self.seed, self.scale, self.units = rng, seed, scale, units
        self.made: dict[str, Organisation] = {}
        self.left = {kind: scaled(full, scale, 2) for kind, full in FULL_TYPES.items()}
        self.left[_GENERAL] = max(self.left[_GENERAL], 28)
        self._serials: dict[str, int] = {}
        self._enterprises = 0
        self._town_codes: list[tuple[str, int, Division]] = []

    def add(
        self,
        parent: str | None,
        kind: str,
        name: str,
        *,
        sector: str,
        div_code: str,
        county: int | None,
        short: str = "",
        serial: int | None = None,
        host: Unit | None = None,
        host_name: str = "",
        host_uscc: str = "",
        situation: str = "1",
        deleted: bool = False,
    ) -> str:
        """Make one organisation under ``parent`` and return its code; ``serial`` fixes its number there."""
        stem = "" if parent is None else _stem(parent)
        number = serial if serial is not None else self._serials.get(stem, 0) + 1
        self._serials[stem] = max(self._serials.get(stem, 0), number)
        code = f"{stem}{number:03d}".ljust(15, "0")
        if code in self.made or number > 999 or len(code) != 15:
            raise ValueError(f"no free organisation code under {stem}")
        self.made[code] = Organisation(
            code=code,
            name=name,
            short=short or name.removeprefix("中共"),
            type=kind,
            parent=parent,
            sector=sector,
            div_code=div_code,
            county=county,
            host=host,
            host_name=host_name or (host.name if host else ""),
            host_uscc=host_uscc or (host.uscc if host else ""),
            situation=situation,
            deleted=deleted,
        )
        if not deleted:
            self.left[kind] -= 1
        return code

    def committees(self) -> None:
        """The city committee, the county committees, and everyone's work committee of organs."""
        city = self.add(
            None,
            _COMMITTEE,
            f"中共{CITY_NAME}委员会",
            short="市委",
            sector="committee",
            div_code=CITY_CODE,
            county=None,
        )
        for number, county in enumerate(COUNTIES):
            zone = "430771" <= county.code <= "430775"
            code = self.add(
                city,
                _COMMITTEE,
                f"中共{county.organs}{'工作委员会' if zone else '委员会'}",
                short=f"{county.organs}{'党工委' if zone else '委'}",
                sector="committee",
                div_code=county.code,
                county=number,
            )
            self._organs(code, county.organs, county.code, number)
        self._organs(city, CITY_NAME, CITY_CODE, None)

    def _organs(self, parent: str, organs: str, div_code: str, county: int | None) -> None:
        self.add(
            parent,
            _COMMITTEE,
            f"中共{organs}直属机关工作委员会",
            short=f"{organs}直机关工委",
            sector="committee",
            div_code=div_code,
            county=county,
        )

    def towns(self) -> None:
        """Town committees with the town office's branch and the villages'; some villages have branches below."""
        places: list[tuple[str, int, Division, Division]] = []
        for number, county in enumerate(COUNTIES):
            for town_number, town in enumerate(towns_of(county, self.scale, self.seed), 1):
                host = self.units[f"{county.code}90{town_number:04d}"]
                name = f"中共{county.organs}{town.name}"
                committee = self.add(
                    f"001{number + 1:03d}".ljust(15, "0"),
                    _COMMITTEE,
                    f"{name}{'工作委员会' if town.name.endswith('街道') else '委员会'}",
                    sector="committee",
                    div_code=town.div_code,
                    county=number,
                    host=host,
                    situation="2",
                )
                self._town_codes.append((committee, number, town))
                self.add(
                    committee,
                    _BRANCH,
                    f"{name}机关支部委员会",
                    sector="town",
                    div_code=town.div_code,
                    county=number,
                    host=host,
                )
                villages = self._villages(town)
                for place in villages[:2]:
                    self._village_branch(committee, county, number, town, place)
                places.extend((committee, number, town, place) for place in villages[2:])
        wanted = min(len(places), round(self.left[_GENERAL] * 0.64))
        general = set(self.rng.sample(range(len(places)), wanted))
        for index, (committee, number, town, place) in enumerate(places):
            county = COUNTIES[number]
            if index not in general:
                self._village_branch(committee, county, number, town, place)
                continue
            name = f"中共{county.organs}{town.name}{place.name}"
            above = self.add(
                committee, _GENERAL, f"{name}总支部委员会", sector="committee", div_code=place.div_code, county=number
            )
            for group in range(1, self.rng.choice((2, 2, 3, 3)) + 1):
                branch = f"{name}第{'一二三'[group - 1]}支部委员会"
                self.add(above, _BRANCH, branch, sector="village", div_code=place.div_code, county=number)

    def _villages(self, town: Division) -> list[Division]:
        """The villages of a town that have an organisation at this scale, villages before communities."""
        places = [row for row in divisions(self.seed) if row.parent_code == town.div_code]
        places.sort(key=lambda row: (row.div_code[9] == "0", row.div_code))
        return places[: max(3, round(len(places) * min(1.0, self.scale / town_share(self.scale))))]

    def _village_branch(self, committee: str, county: CountyPlan, number: int, town: Division, place: Division) -> None:
        name = f"中共{county.organs}{town.name}{place.name}支部委员会"
        self.add(committee, _BRANCH, name, sector="village", div_code=place.div_code, county=number, situation="2")

    def bureaus(self) -> None:
        """One organisation per bureau: a committee with branches where committees are left, else a single branch."""
        bureaus = [unit for unit in self.units.values() if unit.tier == "bureau"]
        bureaus.sort(key=lambda unit: (unit.bureau not in (ECONOMY, EDUCATION, HEALTH), unit.bureau, unit.unit_no))
        for unit in bureaus:
            organs, number = self._organs_committee(unit)
            least = unit.county_code == CITY_CODE and unit.bureau in (ECONOMY, EDUCATION, HEALTH)
            single = unit.bureau in WITHOUT_SUB_UNITS or (self.left[_COMMITTEE] <= 0 and not least)
            self._hosted(organs, unit, number, _BRANCH if single else _COMMITTEE, serial=unit.bureau)

    def sub_units(self) -> None:
        """Sub-units by size: committees, then general branches, then single branches, as many as the city has left."""
        subs = [unit for unit in self.units.values() if unit.tier == "sub" and not unit.merged]
        subs.sort(key=lambda unit: (-unit.staff, unit.unit_no))
        for unit in subs:
            organs, number = self._organs_committee(unit)
            bureau = f"{_stem(organs)}{unit.bureau:03d}".ljust(15, "0")
            city = unit.county_code == CITY_CODE
            kind = next((kind for kind in (_COMMITTEE, _GENERAL) if self.left[kind] > 0), _BRANCH)
            under_bureau = self.made[bureau].type == _COMMITTEE and (kind == _BRANCH or city)
            parent = bureau if under_bureau else organs
            taken = self._serials.get(_stem(parent), 0)
            self._hosted(parent, unit, number, kind, serial=max(taken + 1, 100))

    def _organs_committee(self, unit: Unit) -> tuple[str, int | None]:
        if unit.county_code == CITY_CODE:
            return "001015000000000", None
        number = next(n for n, county in enumerate(COUNTIES) if county.code == unit.county_code)
        return f"001{number + 1:03d}001".ljust(15, "0"), number

    def _hosted(self, parent: str, unit: Unit, number: int | None, kind: str, *, serial: int) -> None:
        """The organisation of a unit and, below a committee or general branch, two or three branches."""
        name = unit.name if unit.name.startswith("中共") else f"中共{unit.name}"
        ending = {_COMMITTEE: "机关委员会", _GENERAL: "总支部委员会", _BRANCH: "支部委员会"}[kind]
        sector = "unit" if kind == _BRANCH else "committee"
        code = self.add(
            parent,
            kind,
            name + ending,
            short=unit.bare + {_COMMITTEE: "机关党委", _GENERAL: "党总支", _BRANCH: "党支部"}[kind],
            sector=sector,
            div_code=unit.div_code,
            county=number,
            serial=serial,
            host=unit,
            situation="2",
        )
        if kind != _BRANCH:
            for group in range(1, self.rng.choice((2, 2, 3)) + 1):
                branch = f"{name}第{'一二三'[group - 1]}支部委员会"
                self.add(code, _BRANCH, branch, sector="unit", div_code=unit.div_code, county=number, host=unit)

    def temporary(self) -> None:
        """Temporary organisations of building sites and relief teams, under the county committees."""
        above: list[tuple[str, int]] = []
        ending = {"911": "临时委员会", "921": "临时总支部委员会", "931": "临时支部委员会", "932": "临时联合支部委员会"}
        for kind in ("911", "921", "931", "932"):
            for turn in range(self.left[kind]):
                number = turn % len(COUNTIES)
                parent = f"001{number + 1:03d}".ljust(15, "0")
                if kind in BRANCH_TYPES and above:
                    parent, number = above[turn % len(above)]
                county = COUNTIES[number]
                name = f"中共{county.organs}{self._stem_name()}项目{ending[kind]}"
                sector = "temporary" if kind in BRANCH_TYPES else "committee"
                code = self.add(parent, kind, name, sector=sector, div_code=county.code, county=number)
                if kind == "911":
                    above.append((code, number))

    def enterprises(self) -> None:
        """Branches of firms under the towns, joint branches first, until every type has its number."""
        joints, single = self.left[_JOINT], max(self.left[_BRANCH], len(COUNTIES))
        for turn in range(joints + single):
            joint = turn < joints
            committee, number, town = self._town_codes[turn % len(self._town_codes)]
            county = COUNTIES[number]
            self._enterprises += 1
            firm = f"湖南{self._stem_name()}{self.rng.choice(_LINES)}有限公司"
            prefix = f"中共{county.organs}{town.name}"
            self.add(
                committee,
                _JOINT if joint else _BRANCH,
                f"{prefix}{self._stem_name()}企业联合支部委员会" if joint else f"中共{firm}支部委员会",
                sector="enterprise",
                div_code=town.div_code,
                county=number,
                host_name="" if joint else firm,
                host_uscc="" if joint else uscc("91", county.code, 500_000 + self._enterprises),
                situation="3" if joint else "2",
            )

    def deleted(self) -> None:
        """Branches that were dissolved and soft-deleted."""
        for turn in range(scaled(FULL_ROWS - FULL_LIVE, self.scale, 10)):
            committee, number, town = self._town_codes[(turn * 7) % len(self._town_codes)]
            name = f"中共{COUNTIES[number].organs}{town.name}{self._stem_name()}支部委员会"
            self.add(committee, _BRANCH, name, sector="village", div_code=town.div_code, county=number, deleted=True)

    def _stem_name(self) -> str:
        return PLACE_STEMS[int(self.rng.random() * len(PLACE_STEMS))]


def _stem(code: str) -> str:
    """The digits of a code's own levels: trailing zeros cut in groups of three."""
    while code.endswith("000"):
        code = code[:-3]
    return code
