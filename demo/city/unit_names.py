"""The names by which units are known: full and short, behind the county's name, and former ones."""

from collections.abc import Iterator

from demo.city.bureaus import BUREAUS
from demo.city.divisions import COUNTIES
from demo.city.units import Unit, units

FORMER = {
    2: "经济委员会", 4: "卫生局", 10: "劳动和社会保障局", 11: "农业局", 14: "建设局", 15: "交通局",
    18: "环境保护委员会", 19: "文化局", 27: "安全生产委员会办公室", 28: "药品监督管理局",
}  # fmt: skip
"""What bureaus were called before the reforms; counties' and the city's alike."""


def unit_names(seed: int, scale: float) -> dict[str, str]:
    """Names of units -> unit number: full, short behind the county's name, and former ones; only unequivocal names."""
    return {name: number for name, number, _ in name_register(seed, scale) if number is not None}


def name_register(seed: int, scale: float) -> Iterator[tuple[str, str | None, bool]]:
    """Every name once, with the number of the unit that alone bears it, and whether it is some unit's full name."""
    found: dict[str, set[str]] = {}
    every = units(seed, scale)
    for unit in every.values():
        for name in sorted(_names(unit)):
            found.setdefault(name, set()).add(unit.unit_no)
    official = {unit.name for unit in every.values()}
    for name, numbers in found.items():
        yield name, min(numbers) if len(numbers) == 1 else None, name in official


def _names(unit: Unit) -> set[str]:
    names = {unit.name, unit.short, unit.bare, *spoken_names(unit)}
    return names if unit.bureau not in FORMER or unit.tier != "bureau" else names | {former_name(unit)}


def spoken_names(unit: Unit) -> tuple[str, ...]:
    """What callers and agents write for a unit: its short name behind the county's name in full or short."""
    if unit.tier == "sub":
        return (unit.name,)
    if unit.tier == "town":
        return (unit.short, unit.bare)
    plan = next((plan for plan in COUNTIES if plan.code == unit.county_code), None)
    prefixes = ("常德市", "常德") if plan is None else (plan.organs, plan.short_names[0])
    return tuple(prefix + unit.bare for prefix in prefixes)


def former_name(unit: Unit) -> str:
    """What a bureau was called before the reforms."""
    return unit.name.removesuffix(BUREAUS[unit.bureau - 1][0]) + FORMER[unit.bureau]
