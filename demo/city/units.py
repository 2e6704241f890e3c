"""S3's units: municipal bureaus, their county bureaus, town governments and all their sub-units.

A unit's number is division (6), bureau (2) and sub-unit (4); superiors are named, not coded: a county bureau lies under
the city bureau of its field, a sub-unit under its bureau, a town government under its county's government office.
"""

import math
import random
from collections.abc import Mapping
from dataclasses import dataclass

from demo.city.apportion import apportion
from demo.city.bureaus import (
    BUREAUS,
    COUNTY_BUREAUS,
    ECONOMY,
    EDUCATION,
    GOVERNMENT_OFFICE,
    HEALTH,
    PARTY_DEPARTMENTS,
    WITHOUT_SUB_UNITS,
    ZONE_BUREAUS,
)
from demo.city.codes import UNIT_CATEGORY
from demo.city.defects import DEFECTS
from demo.city.divisions import CITY_CODE, CITY_NAME, COUNTIES, CountyPlan, Division, divisions
from demo.city.edition import scaled, stream
from demo.city.identifiers import uscc
from demo.city.names import PLACE_STEMS

FULL_UNITS, FULL_STAFF = 3_960, 104_300
_TOWN_BUREAU = 90

_SUB_UNITS = (
    "信息中心",
    "服务中心",
    "综合执法大队",
    "培训中心",
    "监测站",
    "技术推广站",
    "管理所",
    "后勤服务中心",
    "项目办公室",
)
_ECONOMY_SUB_UNITS = ("信息中心", "企业服务中心", "节能监察支队")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A public unit. ``tier``: bureau, town or sub; ``short``, ``bare``: what people call it; ``staff``: its size."""

    unit_no: str
    name: str
    short: str
    bare: str
    tier: str
    bureau: int
    uscc: str
    category: str
    rank: str
    parent_no: str | None
    div_code: str
    div_words: str
    merged: bool
    staff: int

    @property
    def county_code(self) -> str:
        """Code of the city or county-level unit it lies in."""
        return self.unit_no[:6]


def town_share(scale: float) -> float:
    """The share of towns that the city has units and organisations in at ``scale``."""
    return min(1.0, math.sqrt(scale))


def towns_of(county: CountyPlan, scale: float, seed: int) -> tuple[Division, ...]:
    """The towns of a county that are peopled at ``scale``: towns and streets in turn, at least two where there are."""
    rows = [row for row in divisions(seed) if row.parent_code == county.code]
    streets = [row for row in rows if row.div_code[6] == "0"]
    towns = [row for row in rows if row.div_code[6] != "0"]
    turns = [row for pair in zip(towns, streets, strict=False) for row in pair]
    shorter = min(len(towns), len(streets))
    ordered = turns + towns[shorter:] + streets[shorter:]
    return tuple(ordered[: max(2, round(len(ordered) * town_share(scale)))])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draft:
    unit_no: str
    name: str
    short: str
    bare: str
    tier: str
    bureau: int
    category: str
    rank: str
    parent_no: str | None
    division: Division
    words: str
    weight: float


def units(seed: int, scale: float) -> Mapping[str, Unit]:
    """All units by number: bureaus of the city, then county by county its bureaus and towns, then all sub-units."""
    rng = stream(seed, "units")
    by_code = {row.div_code: row for row in divisions(seed)}
    total = scaled(FULL_UNITS, scale, 160)
    city_count = max(16, round(len(BUREAUS) * town_share(scale)))
    county_least = 6
    drafts = [_bureau(n, by_code[CITY_CODE], CITY_NAME, "常德市") for n in range(1, city_count + 1)]
    for county in COUNTIES:
        most = ZONE_BUREAUS if "430771" <= county.code <= "430775" else COUNTY_BUREAUS
        count = min(most, city_count, max(county_least, round(most * town_share(scale))))
        drafts.extend(_bureau(n, by_code[county.code], county.name, county.organs) for n in range(1, count + 1))
        drafts.extend(_town(n, county, town) for n, town in enumerate(towns_of(county, scale, seed), 1))
    drafts.extend(_sub_units(rng, drafts, max(total - len(drafts), 40), by_code))
    return _finish(rng, drafts, scaled(FULL_STAFF, scale, 4 * len(drafts)))


def _bureau(number: int, division: Division, words: str, organs: str) -> _Draft:
    name, bare, category = BUREAUS[number - 1]
    city = division.div_code == CITY_CODE
    level = "市" if city else organs[-1] if organs[-1] in "市县区" else "区"
    full = f"中共{organs}委{name}" if number in PARTY_DEPARTMENTS else organs + name
    short = f"{level}委{bare}" if number in PARTY_DEPARTMENTS else level + bare
    return _Draft(
        unit_no=f"{division.div_code}{number:02d}0000",
        name=full,
        short=short,
        bare=bare,
        tier="bureau",
        bureau=number,
        category=category,
        rank="正处级" if city else "正科级",
        parent_no=None if city else f"{CITY_CODE}{number:02d}0000",
        division=division,
        words=words,
        weight=2.4 if city else 1.4,
    )


def _town(number: int, county: CountyPlan, town: Division) -> _Draft:
    kind = "办事处" if town.name.endswith("街道") else "" if town.name.endswith("管理区") else "人民政府"
    return _Draft(
        unit_no=f"{county.code}{_TOWN_BUREAU}{number:04d}",
        name=f"{county.organs}{town.name}{kind}",
        short=town.name + ("办" if kind == "办事处" else "政府"),
        bare=town.name,
        tier="town",
        bureau=_TOWN_BUREAU,
        category="行政机关",
        rank="正科级",
        parent_no=f"{county.code}{GOVERNMENT_OFFICE:02d}0000",
        division=town,
        words=f"{county.organs}{town.name}",
        weight=1.8,
    )


def _sub_units(
    rng: random.Random, superiors: list[_Draft], count: int, by_code: Mapping[str, Division]
) -> list[_Draft]:
    """``count`` sub-units of the bureaus: mostly schools and clinics; the economy commission's come first."""
    candidates = [draft for draft in superiors if draft.tier == "bureau" and draft.bureau not in WITHOUT_SUB_UNITS]
    weights = [
        {EDUCATION: 30.0, HEALTH: 18.0}.get(draft.bureau, 2.0) * (by_code[draft.unit_no[:6]].population ** 0.5)
        for draft in candidates
    ]
    economy = next(draft for draft in candidates if draft.bureau == ECONOMY)
    chosen = [economy] * len(_ECONOMY_SUB_UNITS) + rng.choices(candidates, weights, k=count - len(_ECONOMY_SUB_UNITS))
    serials: dict[str, int] = {}
    made = []
    for superior in chosen:
        serial = serials[superior.unit_no] = serials.get(superior.unit_no, 0) + 1
        made.append(_sub_unit(rng, superior, serial))
    return made


def _sub_unit(rng: random.Random, superior: _Draft, serial: int) -> _Draft:
    organs = superior.name.removesuffix(_full_field(superior)) if superior.bureau in (EDUCATION, HEALTH) else ""
    stem = PLACE_STEMS[int(rng.random() * len(PLACE_STEMS))]
    weight = 0.5
    if superior.bureau == EDUCATION:
        name, weight = f"{organs}{stem}{rng.choice(('中学', '小学', '完全小学', '九年制学校', '幼儿园'))}", 1.2
    elif superior.bureau == HEALTH:
        name, weight = f"{organs}{stem}{rng.choice(('卫生院', '社区卫生服务中心', '医院', '疾病预防控制站'))}", 1.1
    else:
        fixed = _ECONOMY_SUB_UNITS if superior.bureau == ECONOMY and superior.parent_no is None else _SUB_UNITS
        suffix = fixed[serial - 1] if serial <= len(fixed) else f"{stem}{_SUB_UNITS[serial % len(_SUB_UNITS)]}"
        name = superior.name + suffix
    bare = name if superior.bureau in (EDUCATION, HEALTH) else superior.bare + name.removeprefix(superior.name)
    return _Draft(
        unit_no=f"{superior.unit_no[:8]}{serial:04d}",
        name=name,
        short=bare.removeprefix(organs),
        bare=bare.removeprefix(organs),
        tier="sub",
        bureau=superior.bureau,
        category=rng.choices(("公益一类事业单位", "公益二类事业单位", "参公事业单位"), (60, 25, 15))[0],
        rank="正科级" if superior.parent_no is None else "股级",
        parent_no=superior.unit_no,
        division=superior.division,
        words=superior.words,
        weight=weight,
    )


def _full_field(superior: _Draft) -> str:
    return "教育局" if superior.bureau == EDUCATION else "卫生和计划生育委员会"


def _finish(rng: random.Random, drafts: list[_Draft], staff: int) -> Mapping[str, Unit]:
    sizes = apportion(staff, [draft.weight * rng.lognormvariate(0.0, 0.5) for draft in drafts], least=3)
    subs = [n for n, draft in enumerate(drafts) if draft.tier == "sub" and draft.bureau != ECONOMY]
    merged = set(rng.sample(subs, DEFECTS["UNIT_MERGED"].count(len(subs))))
    return {
        draft.unit_no: Unit(
            unit_no=draft.unit_no,
            name=draft.name,
            short=draft.short,
            bare=draft.bare,
            tier=draft.tier,
            bureau=draft.bureau,
            uscc=uscc(UNIT_CATEGORY[draft.category], draft.division.div_code[:6], n + 1),
            category=draft.category,
            rank=draft.rank,
            parent_no=draft.parent_no,
            div_code=draft.division.div_code,
            div_words=draft.words,
            merged=n in merged,
            staff=size,
        )
        for n, (draft, size) in enumerate(zip(drafts, sizes, strict=True))
    }
