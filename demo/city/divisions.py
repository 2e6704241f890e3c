"""Administrative divisions of the city: the prefecture, its fourteen county-level units, towns and villages.

Counts of towns, streets, villages and communities per unit are those of the Changde yearbook 2019; names below county
level are invented, populations are dealt out so that they add up to the registered 6.053 million. County codes follow
GB/T 2260, zones have the codes the hub assigns (430771-430775), codes below county follow the usual blocks: 001-099
streets, 100-199 towns, 200-399 townships, 5xx a management area; within them 001-199 communities, 200-399 villages.
The placeholder 430701 is not listed.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from demo.city.apportion import apportion
from demo.city.edition import SEED, stream
from demo.city.names import PLACE_STEMS

CITY_CODE, CITY_NAME = "430700", "常德市"
CITY_POPULATION = 6_053_000
COLUMNS = (
    "divCode",
    "name",
    "level",
    "parentCode",
    "urbanRural",
    "isFunctionalZone",
    "povertyVillage",
    "population",
    "aliases",
    "validFrom",
    "validTo",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CountyPlan:
    """A county-level unit as the yearbook counts it. ``id_prefix``: synthetic ID prefix of people from there."""

    code: str
    name: str
    short_names: tuple[str, ...]
    towns: int
    streets: int
    villages: int
    communities: int
    id_prefix: str
    organs: str
    """How its organs call themselves: ``石门县`` for a county, ``常德经开区`` for a zone."""
    poverty: float = 0.0


def _county(code: str, name: str, counts: str, id_prefix: str, poverty: float = 0.0) -> CountyPlan:
    towns, streets, villages, communities = (int(n) for n in counts.split("/"))
    return CountyPlan(
        code=code,
        name=name,
        short_names=(name[:-1],),
        towns=towns,
        streets=streets,
        villages=villages,
        communities=communities,
        id_prefix=id_prefix,
        organs=name,
        poverty=poverty,
    )


def _zone(code: str, name: str, short_names: str, counts: str, id_prefix: str) -> CountyPlan:
    towns, streets, villages, communities = (int(n) for n in counts.split("/"))
    shorts = tuple(short_names.split())
    return CountyPlan(
        code=code,
        name=name,
        short_names=shorts,
        towns=towns,
        streets=streets,
        villages=villages,
        communities=communities,
        id_prefix=id_prefix,
        organs=shorts[0],
    )


COUNTIES = (
    _county("430702", "武陵区", "3/11/25/103", "430790"),
    _county("430703", "鼎城区", "18/4/213/92", "430791", 0.03),
    _county("430721", "安乡县", "12/0/115/57", "430792", 0.05),
    _county("430722", "汉寿县", "17/4/203/75", "430793", 0.05),
    _county("430723", "澧县", "15/4/198/93", "430794", 0.04),
    _county("430724", "临澧县", "9/2/94/66", "430795", 0.04),
    _county("430725", "桃源县", "26/2/336/77", "430796", 0.10),
    _county("430726", "石门县", "17/4/247/84", "430797", 0.35),
    _county("430781", "津市市", "4/5/39/37", "430798"),
    _zone("430771", "西洞庭管理区", "西洞庭 西洞庭区", "1/2/8/10", "430791"),
    _zone("430772", "西湖管理区", "西湖区 西湖", "2/0/20/2", "430793"),
    _zone("430773", "柳叶湖旅游度假区", "柳叶湖 柳叶湖区", "1/2/5/23", "430790"),
    _zone("430774", "桃花源旅游管理区", "桃花源 桃花源区", "1/0/15/2", "430796"),
    _zone("430775", "常德经济技术开发区", "常德经开区 经开区", "1/2/15/14", "430790"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Division:
    """One row of the reference data. ``level``: 2 city, 3 county, 4 town, 5 village. ``aliases`` leave out ``name``."""

    div_code: str
    name: str
    level: int
    parent_code: str | None
    urban_rural: str | None = None
    is_functional_zone: bool = False
    poverty_village: bool = False
    population: int = 0
    aliases: tuple[str, ...] = ()

    @property
    def valid_from(self) -> date:
        """Since when the code is in use: the city and counties since 1988, zones since they have theirs, towns and
        villages since the mergers of 2015 and 2016."""
        if self.is_functional_zone:
            return date(2012, 1, 1)
        return {2: date(1988, 1, 23), 3: date(1988, 1, 23), 4: date(2015, 12, 1), 5: date(2016, 6, 1)}[self.level]


@lru_cache(maxsize=4)
def divisions(seed: int = SEED) -> tuple[Division, ...]:
    """All divisions, parents before children and in code order within a parent."""
    rng = stream(seed, "divisions")
    town_stems = iter(rng.sample(PLACE_STEMS, sum(county.towns + county.streets for county in COUNTIES)))
    leaves = sum(county.villages + county.communities for county in COUNTIES)
    weights = [rng.uniform(0.5, 1.6) for _ in range(leaves)]
    populations = iter(apportion(CITY_POPULATION, weights))
    below: list[Division] = []
    for county in COUNTIES:
        towns: list[Division] = []
        town_codes = _town_codes(county)
        village_stems = iter(rng.sample(PLACE_STEMS, county.villages + county.communities))
        places = _places_per_town(county, town_codes)
        for code, (villages, communities) in zip(town_codes, places, strict=True):
            kind = {"0": "街道", "1": "镇", "5": "管理区"}.get(code[6], "乡")
            name = next(town_stems) + kind
            rows = []
            for number in range(villages + communities):
                is_village = number < villages
                serial = 200 + number if is_village else 1 + number - villages
                leaf = next(village_stems) + ("村" if is_village else "社区")
                rows.append(
                    Division(
                        div_code=f"{code}{serial:03d}",
                        name=leaf,
                        level=5,
                        parent_code=code,
                        urban_rural=_urban_rural(kind, is_village=is_village, first=number in (0, villages)),
                        poverty_village=is_village and rng.random() < county.poverty,
                        population=next(populations),
                        aliases=(name + leaf, f"{county.organs}{name}{leaf}"),
                    )
                )
            towns.append(
                Division(
                    div_code=code,
                    name=name,
                    level=4,
                    parent_code=county.code,
                    population=sum(row.population for row in rows),
                    aliases=(f"{county.organs}{name}", f"{CITY_NAME}{county.name}{name}"),
                )
            )
            towns.extend(sorted(rows, key=lambda row: row.div_code))
        long = () if county.name.startswith("常德") else (CITY_NAME + county.name,)
        below.append(
            Division(
                div_code=county.code,
                name=county.name,
                level=3,
                parent_code=CITY_CODE,
                is_functional_zone="430771" <= county.code <= "430775",
                population=sum(town.population for town in towns if town.level == 4),
                aliases=(*county.short_names, *long),
            )
        )
        below.extend(towns)
    city = Division(
        div_code=CITY_CODE,
        name=CITY_NAME,
        level=2,
        parent_code=None,
        population=CITY_POPULATION,
        aliases=("常德", "湖南省常德市"),
    )
    return (city, *below)


def _town_codes(county: CountyPlan) -> list[str]:
    """Codes of a county's towns: streets, then towns (7 in 10), then townships; Shimen's last is a management area."""
    proper = max(1, round(county.towns * 0.7))
    serials = [*range(1, county.streets + 1), *range(100, 100 + proper), *range(200, 200 + county.towns - proper)]
    if county.code == "430726":
        serials[-1] = 502
    return [f"{county.code}{serial:03d}" for serial in serials]


def _places_per_town(county: CountyPlan, codes: list[str]) -> list[tuple[int, int]]:
    """Villages and communities per town: villages lie mostly in towns, communities mostly in streets."""
    village_weights = [1 if code[6] == "0" else 6 for code in codes]
    community_weights = [4 if code[6] == "0" else 1 for code in codes]
    return list(
        zip(apportion(county.villages, village_weights), apportion(county.communities, community_weights), strict=True)
    )


def _urban_rural(kind: str, *, is_village: bool, first: bool) -> str:
    """Urban-rural code: 111 city proper, 112 its edge, 121 town, 122 its edge, 210 township, 220 village."""
    if kind == "街道":
        return "112" if is_village else "111"
    if not is_village:
        return "210" if kind == "乡" else "121"
    return "122" if first and kind == "镇" else "220"


def write_csv(path: Path, seed: int = SEED) -> None:
    """Write the hub's reference data: UTF-8, header ``COLUMNS``, booleans true or false, aliases split by ``|``.

    ``validTo`` is empty: divisions that are gone are not listed.
    """
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(_csv_rows(seed))


def _csv_rows(seed: int) -> Iterator[tuple[str, ...]]:
    for row in divisions(seed):
        yield (
            row.div_code,
            row.name,
            str(row.level),
            row.parent_code or "",
            row.urban_rural or "",
            str(row.is_functional_zone).lower(),
            str(row.poverty_village).lower(),
            str(row.population),
            "|".join(row.aliases),
            row.valid_from.isoformat(),
            "",
        )
