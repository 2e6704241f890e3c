"""The service stations of S4: the city's, the counties', the towns' and the villages'.

A station's code is its division in twelve digits, its level (1 city, 2 county, 3 town, 4 village) and a serial.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from demo.city.apportion import apportion
from demo.city.divisions import CITY_CODE, COUNTIES, CountyPlan, Division, divisions
from demo.city.edition import scaled, stream
from demo.city.identifiers import landline
from demo.city.names import person_name
from demo.city.units import towns_of

FULL_VILLAGES, FULL_CLOSED = 2_192, 15
"""Village stations that are open, and those that are not: 2,376 open ones of 2,391 with the 184 above the villages."""

OPEN, PAUSED, WITHDRAWN = "1", "2", "3"
Row = tuple[object, ...]
_ENDINGS = {1: "政务服务中心", 2: "政务服务中心", 3: "便民服务中心", 4: "便民服务站"}
_OPEN_HOURS = {
    1: ("周一至周五 9:00-12:00，13:00-17:00",),
    2: ("周一至周五 9:00-12:00，13:00-17:00",),
    3: ("周一至周五 8:30-12:00，14:30-17:30", "周一至周六 8:30-12:00，14:30-17:30"),
    4: ("周一至周五 8:30-11:30，14:30-17:00", "每天 8:00-18:00", "周二、周五 9:00-16:00"),
}
_CENTRES = {
    "430702": (111.70, 29.03), "430703": (111.68, 28.90), "430721": (112.17, 29.41), "430722": (111.97, 28.91),
    "430723": (111.76, 29.63), "430724": (111.65, 29.44), "430725": (111.49, 28.90), "430726": (111.38, 29.59),
    "430781": (111.88, 29.61), "430771": (112.00, 29.10), "430772": (112.03, 28.98), "430773": (111.73, 29.09),
    "430774": (111.44, 28.80), "430775": (111.77, 29.00),
}  # fmt: skip
"""Longitude and latitude near the middle of each county-level unit, in degrees."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """A service station. ``level``: 1 city, 2 county, 3 town, 4 village; ``name`` is its own, without the county's.

    ``county`` is the index in ``COUNTIES``, ``None`` for the city's; longitude and latitude are in degrees.
    """

    code: str
    name: str
    level: int
    division: Division
    county: int | None
    lng: float
    lat: float
    status: str


def stations(seed: int, scale: float) -> tuple[Station, ...]:
    """The open stations: the city's, then county by county its own, its towns' and its villages'."""
    return tuple(station for station in all_stations(seed, scale) if station.status == OPEN)


@lru_cache(maxsize=4)
def all_stations(seed: int, scale: float) -> tuple[Station, ...]:
    """The stations, open, paused and withdrawn, in the order of :func:`stations`.

    Towns are those that the city is peopled in at ``scale``, every one of them with its station; villages are a scaled
    share of those in these towns, the first two of each county's first town among them.
    """
    rng = stream(seed, "stations")
    city = next(row for row in divisions(seed) if row.div_code == CITY_CODE)
    found = [_station(rng, city, None, OPEN)]
    closed = scaled(FULL_CLOSED, scale, 4)
    chosen = _villages(seed, scale, closed)
    shut = rng.sample([row.div_code for group in chosen for row in group[2:]], closed)
    paused, withdrawn = set(shut[::2]), set(shut[1::2])
    for county, (plan, villages) in enumerate(zip(COUNTIES, chosen, strict=True)):
        own = next(row for row in divisions(seed) if row.div_code == plan.code)
        found.extend(_station(rng, place, county, OPEN) for place in (own, *towns_of(plan, scale, seed)))
        for row in villages:
            status = PAUSED if row.div_code in paused else WITHDRAWN if row.div_code in withdrawn else OPEN
            found.append(_station(rng, row, county, status))
    return tuple(found)


def _villages(seed: int, scale: float, closed: int) -> list[list[Division]]:
    """The villages with a station, county by county: the first two of its first town, the others at even steps."""
    candidates = [_of_towns(seed, plan, scale) for plan in COUNTIES]
    wanted = max(scaled(FULL_VILLAGES, scale), 3 * len(COUNTIES)) + closed
    counts = apportion(wanted - 2 * len(COUNTIES), [len(group) - 2 for group in candidates])
    return [[*group[:2], *_evenly(group[2:], count)] for group, count in zip(candidates, counts, strict=True)]


def _of_towns(seed: int, plan: CountyPlan, scale: float) -> list[Division]:
    """The villages of a county's peopled towns."""
    towns = [town.div_code for town in towns_of(plan, scale, seed)]
    rows = {town: [row for row in divisions(seed) if row.parent_code == town] for town in towns}
    first = [row for row in rows[towns[0]] if row.name.endswith("村")][:2]
    return [*first, *(row for town in sorted(towns) for row in rows[town] if row not in first)]


def _evenly(rows: Sequence[Division], count: int) -> Iterator[Division]:
    """``count`` of ``rows`` at even steps; all of them if there are fewer."""
    taken = min(count, len(rows))
    return (rows[n * len(rows) // taken] for n in range(taken))


def _station(rng: random.Random, division: Division, county: int | None, status: str) -> Station:
    level = division.level - 1
    lng, lat = _CENTRES["430702" if county is None else COUNTIES[county].code]
    reach = 0.004 if level < 3 else 0.16
    return Station(
        code=f"{division.div_code:0<12}{level}001",
        name=division.name + _ENDINGS[level],
        level=level,
        division=division,
        county=county,
        lng=round(lng + rng.uniform(-reach, reach), 6),
        lat=round(lat + rng.uniform(-reach, reach), 6),
        status=status,
    )


def station_rows(seed: int, scale: float) -> Iterator[Row]:
    """Rows of ``wangdian``."""
    rng = stream(seed, "station rows")
    for station in all_stations(seed, scale):
        yield (
            station.code,
            station.name,
            str(station.level),
            station.division.div_code,
            station.lng,
            station.lat,
            person_name(rng, male=rng.random() < 0.55),
            landline(rng),
            rng.choice(_OPEN_HOURS[station.level]),
            date(2012 + int(rng.random() * 6.5), 1 + int(rng.random() * 6), 1 + int(rng.random() * 28)),
            station.status,
        )
