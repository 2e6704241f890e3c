"""The raw tables of the three sources and the hub's divisions, as lists of dictionaries."""

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

RawRow = dict[str, Any]
Table = list[RawRow]

STATEMENTS = {
    "s1": {"DZZ_JBXX": "SELECT * FROM DZZ_JBXX", "DY_JBXX": "SELECT * FROM DY_JBXX"},
    "s2": {
        "branch": "SELECT * FROM branch",
        "app_user": "SELECT * FROM app_user",
        "org_life_activity": "SELECT * FROM org_life_activity",
        "activity_attendance": "SELECT * FROM activity_attendance",
        "dues_payment": "SELECT * FROM dues_payment",
    },
    "s3": {"单位": "SELECT * FROM 单位", "人员": "SELECT * FROM 人员"},
}
"""What is read, by source and table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RawCity:
    """Tables by name, by source; ``divisions`` with columns as in the reference file, all text."""

    s1: Mapping[str, Table]
    s2: Mapping[str, Table]
    s3: Mapping[str, Table]
    divisions: Table

    @classmethod
    def load(cls, connect: Callable[[str], Any], divisions_csv: Path) -> "RawCity":
        """Read every table; ``connect`` gives a DB-API connection per source name, which is closed here."""
        tables = {source: _tables(connect(source), statements) for source, statements in STATEMENTS.items()}
        with divisions_csv.open(encoding="utf-8", newline="") as file:
            divisions = [dict(row) for row in csv.DictReader(file)]
        return cls(s1=tables["s1"], s2=tables["s2"], s3=tables["s3"], divisions=divisions)


def _tables(connection: Any, statements: Mapping[str, str]) -> dict[str, Table]:
    try:
        return {name: _rows(connection, statement) for name, statement in statements.items()}
    finally:
        connection.close()


def _rows(connection: Any, statement: str) -> Table:
    cursor = connection.cursor()
    try:
        cursor.execute(statement)
        columns = [column[0] for column in cursor.description]
        return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
    finally:
        cursor.close()
