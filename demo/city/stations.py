"""The city's service stations that are open: which divisions have one, its code and its name.

One of the city, one per county-level unit, one per town and, at full scale, 2,192 of the villages. A code is the
division's in twelve digits, the level and the serial 001.
"""

from dataclasses import dataclass

from demo.city.divisions import CITY_CODE, COUNTIES, Division, divisions
from demo.city.edition import scaled, stream
from demo.city.units import towns_of

FULL_VILLAGE_STATIONS = 2_192
_ENDINGS = {1: "政务服务中心", 2: "政务服务中心", 3: "便民服务中心", 4: "便民服务站"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """An open station. ``level``: 1 city, 2 county, 3 town, 4 village; ``name`` is its own, without the county's."""

    code: str
    name: str
    level: int
    division: Division


def stations(seed: int, scale: float) -> tuple[Station, ...]:
    """The open stations of the city at ``scale``, in code order of their divisions, towns before villages."""
    by_code = {row.div_code: row for row in divisions(seed)}
    towns = [town for county in COUNTIES for town in towns_of(county, scale, seed)]
    inside = {town.div_code for town in towns}
    villages = [row for row in divisions(seed) if row.level == 5 and row.parent_code in inside]
    count = min(len(villages), scaled(FULL_VILLAGE_STATIONS, scale, 2 * len(COUNTIES)))
    chosen = sorted(stream(seed, "stations").sample(range(len(villages)), count))
    places = (
        by_code[CITY_CODE],
        *(by_code[county.code] for county in COUNTIES),
        *towns,
        *(villages[n] for n in chosen),
    )
    return tuple(
        Station(
            code=f"{place.div_code:0<12}{place.level - 1}001",
            name=place.name + _ENDINGS[place.level - 1],
            level=place.level - 1,
            division=place,
        )
        for place in places
    )
