"""What the hub knows by itself: the divisions, and the names by which the sources speak of divisions and units."""

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

from demo.city.divisions import CITY_CODE, CITY_NAME, COUNTIES, divisions, write_csv
from demo.city.mall_areas import area_codes
from demo.city.parcels import station_codes
from demo.city.unit_names import name_register


def write_reference(folder: Path, seed: int, scale: float) -> None:
    """Write ``divisions.csv`` and below ``aliases`` one CSV file (UTF-8, header ``name,code``) per kind of name.

    Of units it also tells which names are official, and holds names without a code, which several units bear.
    """
    aliases = folder / "aliases"
    aliases.mkdir(parents=True, exist_ok=True)
    write_csv(folder / "divisions.csv", seed)
    _write(aliases / "s3_divisions.csv", s3_divisions(seed))
    _write_register(aliases / "unit_names.csv", name_register(seed, scale))
    _write(aliases / "s5_areas.csv", area_codes(seed))
    _write(aliases / "station_names.csv", station_codes(seed, scale))


def s3_divisions(seed: int) -> dict[str, str]:
    """S3's words for divisions: the city, counties, zones also by their organs' name, towns behind that name."""
    found = {CITY_NAME: CITY_CODE}
    for county in COUNTIES:
        found |= {county.name: county.code, county.organs: county.code}
        towns = [row for row in divisions(seed) if row.parent_code == county.code]
        found |= {county.organs + town.name: town.div_code for town in towns}
    return found


def _write(path: Path, names: Mapping[str, str]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("name", "code"))
        writer.writerows(names.items())


def _write_register(path: Path, names: Iterable[tuple[str, str | None, bool]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("name", "code", "official"))
        writer.writerows((name, code or "", int(official)) for name, code, official in names)
