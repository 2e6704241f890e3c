"""A generated city held in memory, for tests to look around in."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from demo.city.defects import Ledger
from demo.city.generator import city
from demo.city.tables import TABLES, Table
from demo.oracle.raw import RawCity

SMALL = 0.02
KEYS = {"fr_enterprise": "REGNO", "nzhs": "统一社会信用代码"}
"""Tables whose rows are told apart by another column than the first."""

Row = tuple[Any, ...]
Record = dict[str, Any]


@dataclass(frozen=True, eq=False)
class SmallCity:
    rows: dict[str, list[Row]]
    ledger: Ledger
    _keyed: dict[str, dict[str, Record]] = field(default_factory=dict)
    _columns: dict[tuple[str, str], list[Any]] = field(default_factory=dict)

    def column(self, table: str, column: str) -> list[Any]:
        if (table, column) not in self._columns:
            at = self.table(table).position(column)
            self._columns[table, column] = [row[at] for row in self.rows[table]]
        return self._columns[table, column]

    def keyed(self, table: str) -> dict[str, Record]:
        if table not in self._keyed:
            names = self.table(table).column_names
            at = names.index(KEYS.get(table, names[0]))
            self._keyed[table] = {str(row[at]): dict(zip(names, row, strict=True)) for row in self.rows[table]}
        return self._keyed[table]

    def records(self, table: str) -> list[Record]:
        return list(self.keyed(table).values())

    def table(self, name: str) -> Table:
        return next(table for table in TABLES if table.name == name)

    def raw(self, reference: Path) -> RawCity:
        """The rows as the oracle takes them, with the reference files of a folder; no database is there to ask."""
        tables: dict[str, dict[str, list[Record]]] = {}
        for name, rows in self.rows.items():
            table = self.table(name)
            records = [dict(zip(table.column_names, row, strict=True)) for row in rows]
            if name == "单位沿革":
                records = [{"rowid": number, **record} for number, record in enumerate(records, start=1)]
            tables.setdefault(table.source, {})[name] = records
        return replace(RawCity.load(_nowhere, reference / "divisions.csv"), **tables)


def _nowhere(source: str) -> Any:
    raise AssertionError(f"{source} was asked")


def generate(scale: float, seed: int) -> SmallCity:
    ledger = Ledger()
    rows = {made.table.name: list(made.rows) for made in city(scale, seed, ledger)}
    return SmallCity(rows, ledger)
