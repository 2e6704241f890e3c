"""The mall's area tree ``gx_area``: private codes over the city's divisions, and where its name paths lead.

The tree lacks a few villages, holds a few nodes that are no division, and names some villages as they were once called;
codes of divisions stand at counties alone. What a node means must be told by the names on the path to it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from demo.city.defects import DEFECTS, Ledger
from demo.city.divisions import Division, divisions
from demo.city.edition import stream
from demo.city.personas import PERSONAS

Row = tuple[object, ...]
_MISSING = 8
_ODD = ("市外地区", "省内其他市州", "省外地区", "网上商城", "展销专区", "未知地区")


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A node. ``known_as``: its name in the tree; ``division``: what it stands for, ``None`` for an odd node."""

    area_id: int
    known_as: str
    parent_id: int
    division: Division | None

    @property
    def renamed(self) -> bool:
        """Whether its name path leads nowhere."""
        return self.division is None or self.known_as != self.division.name


@lru_cache(maxsize=4)
def areas(seed: int) -> tuple[Area, ...]:
    """All nodes, parents before children."""
    rng = stream(seed, "areas")
    rows = divisions(seed)
    homes = tuple(persona.home for persona in PERSONAS if persona.home)
    poor = {row.div_code for row in rows if row.poverty_village}
    villages = [
        row.div_code for row in rows if row.level == 5 and row.div_code not in poor and row.parent_code not in homes
    ]
    total = len(rows) - _MISSING + len(_ODD)
    renamed = DEFECTS["AREA_UNMATCHED"].count(total) - len(_ODD)
    chosen = rng.sample(villages, _MISSING + renamed)
    missing, old = set(chosen[:_MISSING]), set(chosen[_MISSING:])
    numbers = iter(rng.sample(range(1_000, 10_000), total))
    ids: dict[str, int] = {}
    made: list[Area] = []
    for row in rows:
        if row.div_code in missing:
            continue
        ids[row.div_code] = number = next(numbers)
        name = row.name.removesuffix("社区").removesuffix("村") + "居委会" if row.div_code in old else row.name
        made.append(Area(area_id=number, known_as=name, parent_id=ids.get(row.parent_code or "", 0), division=row))
    city = made[0].area_id
    made.extend(Area(area_id=next(numbers), known_as=name, parent_id=city, division=None) for name in _ODD)
    return tuple(made)


def area_rows(seed: int, ledger: Ledger) -> Iterator[Row]:
    """Rows of ``gx_area``; zones have no code of the standard."""
    for area in areas(seed):
        if area.renamed:
            ledger.add("AREA_UNMATCHED", area.area_id)
        row = area.division
        code = row.div_code if row is not None and row.level == 3 and not row.is_functional_zone else None
        yield area.area_id, area.known_as, area.parent_id, code


def area_ids(seed: int) -> Mapping[str, int]:
    """Division -> the node that stands for it; a village that the tree lacks has its town's."""
    found = {area.division.div_code: area.area_id for area in areas(seed) if area.division is not None}
    for row in divisions(seed):
        if row.div_code not in found:
            found[row.div_code] = found[str(row.parent_code)]
    return found


def area_codes(seed: int) -> dict[str, str]:
    """``area_id`` as text -> division code, for every node whose path of names is a division's."""
    known: dict[str, tuple[str, ...]] = {}
    by_path: dict[tuple[str, ...], str] = {}
    for row in divisions(seed):
        known[row.div_code] = path = (*known.get(row.parent_code or "", ()), row.name)
        by_path[path] = row.div_code
    paths: dict[int, tuple[str, ...]] = {0: ()}
    for area in areas(seed):
        paths[area.area_id] = (*paths[area.parent_id], area.known_as)
    return {str(number): by_path[path] for number, path in paths.items() if path in by_path}
