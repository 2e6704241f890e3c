"""The raw tables of every source and the hub's reference files, as lists of dictionaries, read when first asked for.

The folder of the demo's state holds ``reference/`` (CSV files) beside ``sources/`` (among others S6's drops).
"""

import csv
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

RawRow = dict[str, Any]
Table = list[RawRow]
Tables = Mapping[str, Table]

TABLES = {
    "s1": ("DZZ_JBXX", "DY_JBXX", "DY_ZZGX", "DY_CF"),
    "s2": ("branch", "app_user", "org_life_activity", "activity_attendance", "dues_payment", "volunteer_record"),
    "s3": ("单位", "人员", "干部", "单位沿革"),
    "s4": ("shixiang", "wangdian", "banjian", "banjian_guocheng"),
    "s5": ("gx_area", "gx_org", "gx_point", "shop", "goods", "orders", "order_goods", "pay_log"),
    "hotline": ("gongdan",),
}
"""Databases and their tables."""
FILES = ("fr_enterprise", "nzhs", "waybill")
"""S6's kinds of drops."""
ALIASES = ("s5_areas", "station_names", "unit_names")
"""Tables of the hub that tell what the words and numbers of a source stand for."""
_WITHOUT_KEY = frozenset({"单位沿革"})
"""Tables without a primary key: their rows have SQLite's own number, ``rowid``."""


class Lazily(Mapping[str, Any]):
    """Values by name, each made by ``make(name)`` when it is first asked for."""

    def __init__(self, names: tuple[str, ...], make: Callable[[str], Any]) -> None:
        self._names, self._make = names, make
        self._made: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._names:
            raise KeyError(name)
        if name not in self._made:
            self._made[name] = self._make(name)
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


@dataclass(frozen=True, slots=True, kw_only=True)
class RawCity:
    """Tables by name, by source; a source left out has none.

    ``s6``: the newest complete drop of enterprises, the newest list of cooperatives, the parcels of all complete
    months. ``divisions`` has columns as in the reference file, all text; ``aliases`` maps name to code, by table, and
    ``unofficial`` are the names that are not the official ones, where the table tells, those that several bear too.
    """

    s1: Tables = field(default_factory=dict)
    s2: Tables = field(default_factory=dict)
    s3: Tables = field(default_factory=dict)
    s4: Tables = field(default_factory=dict)
    s5: Tables = field(default_factory=dict)
    s6: Tables = field(default_factory=dict)
    hotline: Tables = field(default_factory=dict)
    divisions: Table = field(default_factory=list)
    aliases: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    unofficial: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def sources(self) -> tuple[Tables, ...]:
        """The tables of every source."""
        return (self.s1, self.s2, self.s3, self.s4, self.s5, self.s6, self.hotline)

    @classmethod
    def load(cls, connect: Callable[[str], Any], divisions_csv: Path) -> "RawCity":
        """The tables behind ``connect``, which gives a DB-API connection per source name; each is closed here.

        ``divisions_csv`` lies in the folder of reference files.
        """
        reference = divisions_csv.parent
        drops = reference.parent / "sources" / "s6"

        def names(table: str) -> Table:
            return _csv(reference / "aliases" / f"{table}.csv", "utf-8")

        def database(source: str) -> Tables:
            return Lazily(TABLES[source], lambda table: _rows(connect(source), table))

        return cls(
            s1=database("s1"),
            s2=database("s2"),
            s3=database("s3"),
            s4=database("s4"),
            s5=database("s5"),
            s6=Lazily(FILES, lambda kind: _READERS[kind](drops)),
            hotline=database("hotline"),
            divisions=_csv(divisions_csv, "utf-8"),
            aliases=Lazily(ALIASES, lambda name: {row["name"]: row["code"] for row in names(name) if row["code"]}),
            unofficial=Lazily(
                ALIASES, lambda name: frozenset(row["name"] for row in names(name) if row.get("official") == "0")
            ),
        )


def _rows(connection: Any, table: str) -> Table:
    with closing(connection), closing(connection.cursor()) as cursor:
        cursor.execute(f"SELECT {'rowid, ' if table in _WITHOUT_KEY else ''}{table}.* FROM {table}")  # noqa: S608
        columns = [column[0] for column in cursor.description]
        return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


def _csv(file: Path, encoding: str) -> Table:
    with file.open(encoding=encoding, newline="") as opened:
        return [dict(row) for row in csv.DictReader(opened)]


def newest_enterprises(folder: Path) -> Table:
    """The last day's drop that is complete."""
    complete = sorted(mark.parent for mark in (folder / "fr_enterprise").glob("dt=*/_SUCCESS"))
    return _parquet(complete[-1]) if complete else []


def newest_cooperatives(folder: Path) -> Table:
    """The last month's list."""
    files = sorted(folder.glob("nzhs_*.csv"))
    return _csv(files[-1], "gb18030") if files else []


def complete_parcels(folder: Path) -> Table:
    """Every month that is complete."""
    months = sorted(mark.parent for mark in (folder / "waybill").glob("ym=*/_SUCCESS"))
    return [row for month in months for row in _parquet(month)]


_READERS: Mapping[str, Callable[[Path], Table]] = {
    "fr_enterprise": newest_enterprises,
    "nzhs": newest_cooperatives,
    "waybill": complete_parcels,
}


def _parquet(folder: Path) -> Table:
    with closing(duckdb.connect(config={"autoinstall_known_extensions": "false"})) as connection:
        found = connection.execute(
            "SELECT * FROM read_parquet(?, union_by_name = true, hive_partitioning = false)", [f"{folder}/*.parquet"]
        )
        columns = [column[0] for column in found.description or ()]
        return [dict(zip(columns, row, strict=True)) for row in found.fetchall()]
