"""The supply cooperatives' organisations and their supply points: ``gx_org`` and ``gx_point``."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from demo.city.defects import DEFECTS, Ledger, spread
from demo.city.divisions import CITY_CODE, CITY_NAME, COUNTIES, Division, divisions
from demo.city.edition import scaled, stream
from demo.city.identifiers import landline, uscc
from demo.city.mall_areas import area_ids
from demo.city.names import PLACE_STEMS, person_name
from demo.city.people import STAFF_AGE_SHARES, People
from demo.city.personas import SHIMEN, TOWN_STATION
from demo.city.registry import COMPANY, COOPERATIVE, Firm, Registry
from demo.city.stations import Station, stations
from demo.city.units import Unit, towns_of

FULL_VILLAGE_SERVICES, FULL_COMPANIES, FULL_COOPERATIVES = 900, 136, 500
UNION, GRASSROOTS, VILLAGE_SERVICE, COMPANY_OF_UNION, FARMERS = range(1, 6)
"""``org_type``: 县社, 基层社, 村级综合服务社, 社属企业, 农民专业合作社."""

_POINTS_PER_STATION = 2_240 / 2_376
_POOR_VILLAGES = 8
_DELETED_SHARE = 0.02
_BUREAU = 25
_LINES = ("茶叶", "柑橘", "油茶", "生猪", "水产", "蔬菜", "优质稻", "土鸡", "蜂蜜", "中药材", "葡萄", "莲藕")
Row = tuple[object, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CoopOrg:
    """A row of ``gx_org``. ``firm``: what it is registered as, where it is a firm; ``code`` its credit code, if any."""

    org_id: int
    name: str
    kind: int
    parent: int | None
    division: Division
    leader: str
    code: str | None = None
    firm: Firm | None = None
    deleted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A row of ``gx_point`` and the station it truly is at."""

    point_id: int
    station: Station
    org: CoopOrg
    deleted: bool


class Network:
    """Organisations and points of a city; the row streams are read in the order of the methods."""

    def __init__(
        self, seed: int, scale: float, units: Mapping[str, Unit], people: People, registry: Registry, ledger: Ledger
    ) -> None:
        self._seed, self._scale, self._ledger = seed, scale, ledger
        self._rng = stream(seed, "supply cooperatives")
        self._people, self._registry, self._units = people, registry, units
        self._divisions = {row.div_code: row for row in divisions(seed)}
        self._areas = area_ids(seed)
        self._towns = [town for county in COUNTIES for town in towns_of(county, scale, seed)]
        self.orgs: list[CoopOrg] = []
        self._by_place: dict[str, CoopOrg] = {}
        self._found_orgs()
        self.points = self._found_points()
        self._point_at = {point.station.division.div_code: point for point in self.points if not point.deleted}

    @property
    def poor_villages(self) -> list[CoopOrg]:
        """The services of Shimen's registered poor villages that every city has."""
        return [org for org in self.orgs if org.kind == VILLAGE_SERVICE][:_POOR_VILLAGES]

    def org_of(self, division: Division) -> CoopOrg:
        """The organisation of a village, or the next one above it."""
        return self._by_place[next(code for code in _upwards(division.div_code) if code in self._by_place)]

    def point_of(self, division: Division) -> Point:
        """The live point nearest to a village: its own, its town's, its county's, or the first of all."""
        found = next((code for code in _upwards(division.div_code) if code in self._point_at), None)
        return self.points[0] if found is None else self._point_at[found]

    # --- organisations -----------------------------------------------------------------------------------------------

    def _add(
        self, kind: int, name: str, division: Division, parent: CoopOrg | None, *, deleted: bool = False
    ) -> CoopOrg:
        leader, code, firm = person_name(self._rng, male=self._rng.random() < 0.7), None, None
        if kind == UNION:
            bureau = self._units.get(f"{division.div_code}{_BUREAU:02d}0000")
            code = bureau.uscc if bureau else uscc("12", division.div_code, 590_001 + len(self.orgs))
        elif kind != VILLAGE_SERVICE:
            county = next(n for n, plan in enumerate(COUNTIES) if division.div_code.startswith(plan.code))
            chief = self._people.draw(county, women=0.3, age_shares=STAFF_AGE_SHARES, older_than=25.0)
            leader = chief.name
            firm = self._registry.found(
                COOPERATIVE if kind == FARMERS else COMPANY, name, chief.name, chief.id_number, division
            )
            code = firm.uscc
        org = CoopOrg(
            org_id=len(self.orgs) + 1,
            name=name,
            kind=kind,
            parent=None if parent is None else parent.org_id,
            division=division,
            leader=leader,
            code=code,
            firm=firm,
            deleted=deleted,
        )
        self.orgs.append(org)
        return org

    def _found_orgs(self) -> None:
        rng, scale = self._rng, self._scale
        city = self._add(UNION, f"{CITY_NAME}供销合作社联合社", self._divisions[CITY_CODE], None)
        self._by_place[CITY_CODE] = city
        for county in COUNTIES:
            place = self._divisions[county.code]
            self._by_place[county.code] = self._add(UNION, f"{county.organs}供销合作社联合社", place, city)
        for town in self._towns:
            name = f"{self._organs(town)}{town.name}供销合作社"
            self._by_place[town.div_code] = self._add(GRASSROOTS, name, town, self._by_place[town.div_code[:6]])
        for village in self._service_villages():
            name = f"{self._divisions[village.div_code[:9]].name}{village.name}综合服务社"
            self._by_place[village.div_code] = self._add(VILLAGE_SERVICE, name, village, self.org_of(village))
        for turn in range(scaled(FULL_COMPANIES, scale, 4)):
            place = self._divisions[COUNTIES[turn % len(COUNTIES)].code]
            name = f"{self._organs(place)}{_stem(rng.random())}供销农资有限公司"
            self._add(COMPANY_OF_UNION, name, place, self._by_place[place.div_code])
        count = scaled(FULL_COOPERATIVES, scale, 12)
        gone = max(3, round(_DELETED_SHARE * len(self.orgs)))
        for turn in range(count + gone):
            town = self._towns[int(rng.random() * len(self._towns))]
            name = f"{self._organs(town)}{_stem(rng.random())}{rng.choice(_LINES)}农民专业合作社"
            self._add(FARMERS, name, town, self._by_place[town.div_code], deleted=turn >= count)

    def _service_villages(self) -> list[Division]:
        """Villages with a service: first poor ones of Shimen, those of peopled towns before others."""
        inside = {town.div_code for town in self._towns}
        villages = [row for row in self._divisions.values() if row.level == 5 and row.name.endswith("村")]
        poor = [row for row in villages if row.poverty_village and row.div_code.startswith(SHIMEN)]
        poor.sort(key=lambda row: (row.parent_code not in inside, row.div_code))
        first = poor[:_POOR_VILLAGES]
        others = [row for row in villages if row.parent_code in inside and row not in first]
        count = min(len(others), scaled(FULL_VILLAGE_SERVICES, self._scale, 3 * _POOR_VILLAGES) - len(first))
        return first + self._rng.sample(others, count)

    def _organs(self, division: Division) -> str:
        return next(county.organs for county in COUNTIES if division.div_code.startswith(county.code))

    def org_rows(self) -> Iterator[Row]:
        """Rows of ``gx_org``."""
        rng = self._rng
        for org in self.orgs:
            most = {UNION: 400, GRASSROOTS: 3_000, VILLAGE_SERVICE: 60, COMPANY_OF_UNION: 120, FARMERS: 300}[org.kind]
            yield (
                org.org_id,
                org.name,
                org.kind,
                org.code,
                org.parent,
                self._areas[org.division.div_code],
                org.leader,
                landline(rng),
                5 + int(rng.random() * most),
                int(org.deleted),
            )

    # --- points ------------------------------------------------------------------------------------------------------

    def _found_points(self) -> list[Point]:
        """Points at most of the stations, the persona's town first; some are closed for good."""
        rng = self._rng
        known = stations(self._seed, self._scale)
        first = next(station for station in known if station.code == TOWN_STATION)
        others = [station for station in known if station is not first]
        chosen = rng.sample(others, round(_POINTS_PER_STATION * len(known)) - 1)
        places = [first, *sorted(chosen, key=lambda station: station.code)]
        gone = set(rng.sample(range(1, len(places)), max(2, round(_DELETED_SHARE * len(places)))))
        return [
            Point(point_id=n + 1, station=station, org=self.org_of(station.division), deleted=n in gone)
            for n, station in enumerate(places)
        ]

    def point_rows(self) -> Iterator[Row]:
        """Rows of ``gx_point``."""
        rng = self._rng
        live = [n for n, point in enumerate(self.points) if n and not point.deleted]
        flaws = spread(rng, ("POINT_NO_STATION",), live)
        lost = set(rng.sample(live, DEFECTS["POINT_ORG_DELETED"].count(len(live))))
        gone = [org.org_id for org in self.orgs if org.deleted]
        for n, point in enumerate(self.points):
            place = point.station.division
            if n in flaws:
                self._ledger.add("POINT_NO_STATION", point.point_id)
            if n in lost:
                self._ledger.add("POINT_ORG_DELETED", point.point_id)
            empty = None if rng.random() < 0.5 else ""
            yield (
                point.point_id,
                f"{place.name}供销服务网点",
                gone[int(rng.random() * len(gone))] if n in lost else point.org.org_id,
                empty if n in flaws else point.station.code,
                self._areas[place.div_code],
                f"{self._address(place)}{1 + int(rng.random() * 120)}号",
                round(111.2 + rng.random() * 0.8, 6),
                round(28.9 + rng.random() * 0.9, 6),
                2 | sum(bit for bit in (1, 4, 8, 16) if rng.random() < 0.5),
                1 if not n or rng.random() < 0.95 else 2,
                int(point.deleted),
            )

    def _address(self, place: Division) -> str:
        above = [self._divisions[code].name for code in _upwards(place.div_code)][::-1]
        return "".join(above)


def _upwards(div_code: str) -> list[str]:
    """The code itself, its town's, county's and city's."""
    codes = [div_code[:length] for length in (12, 9, 6) if len(div_code) >= length]
    return codes if div_code == CITY_CODE else [*codes, CITY_CODE]


def _stem(draw: float) -> str:
    return PLACE_STEMS[int(draw * len(PLACE_STEMS))]
