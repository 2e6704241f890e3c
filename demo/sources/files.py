"""S6 as a folder of drops: Parquet by day and month, CSV by month and week, as the economy departments deliver them.

``fr_enterprise/dt=YYYYMMDD`` is a full drop per day; the day before the last one broke off and has no ``_SUCCESS``, and
a new column comes with the last. ``nzhs_YYYYMM.csv`` is a full drop per month in GB18030. ``waybill/ym=YYYYMM`` are the
parcels made in a month (UTC), ``jgjc_YYYYMMDD.csv`` the prices of a week in UTF-8 with a byte order mark.
"""

import csv
import shutil
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import TextIO

import duckdb

from demo.city.edition import MONTH_START, TODAY
from demo.city.mall_tables import FR_ENTERPRISE, JGJC, NZHS, WAYBILL
from demo.city.table import Table

Row = tuple[object, ...]
SUCCESS = "_SUCCESS"
_DELIVERED_AT = "01:20:00"
_LIMITS = "SET memory_limit = '1GB'; SET threads = 2; SET preserve_insertion_order = true"


class FilesStore:
    """A new folder, put in the place of the old one when it is complete."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._new = path.with_name(path.name + ".new")
        self._staged = self._new / "staged"
        shutil.rmtree(self._new, ignore_errors=True)
        self._staged.mkdir(parents=True)
        self._open: dict[str, TextIO] = {}

    def create(self, table: Table) -> None:
        """Begin a data set."""
        self._open[table.name] = self._staging(table).open("w", encoding="utf-8", newline="")

    def insert(self, table: Table, rows: Sequence[Row]) -> None:
        """Append rows."""
        csv.writer(self._open[table.name], lineterminator="\n").writerows(rows)

    def finish(self) -> None:
        """Write the drops and replace the old folder."""
        self.abandon()
        with duckdb.connect() as engine:
            engine.execute(_LIMITS)
            self._enterprises(engine)
            self._waybills(engine)
        self._cooperatives()
        self._prices()
        shutil.rmtree(self._staged)
        shutil.rmtree(self._path, ignore_errors=True)
        self._new.replace(self._path)

    def abandon(self) -> None:
        """Close the files being written."""
        for file in self._open.values():
            file.close()
        self._open.clear()

    def _staging(self, table: Table) -> Path:
        return self._staged / f"{table.name}.csv"

    def _staged_rows(self, table: Table) -> list[list[str]]:
        with self._staging(table).open(encoding="utf-8", newline="") as file:
            return list(csv.reader(file))

    # --- Parquet -----------------------------------------------------------------------------------------------------

    def _relation(self, engine: duckdb.DuckDBPyConnection, table: Table) -> None:
        """The staged rows as a table of its name, typed as declared."""
        columns = ", ".join(f"'{name}': '{declared}'" for name, declared in table.columns)
        source = f"read_csv(?, auto_detect = false, columns = {{{columns}}}, nullstr = '')"
        engine.execute(f"CREATE TABLE {table.name} AS FROM {source}", [str(self._staging(table))])

    def _enterprises(self, engine: duckdb.DuckDBPyConnection) -> None:
        """Three days: the one before the last broke off, the first knows less of what has changed since."""
        self._relation(engine, FR_ENTERPRISE)
        last, broken, first = (TODAY - timedelta(days=days) for days in range(3))
        self._parquet(engine, "FROM fr_enterprise", self._day(last) / "part-00000.parquet")
        (self._day(last) / SUCCESS).touch()
        since = f"TIMESTAMP '{first} {_DELIVERED_AT}'"
        before = (
            f"SELECT * EXCLUDE (EXT_FLAG) REPLACE (least(S_EXT_TIME, {since}) AS S_EXT_TIME, "  # noqa: S608 - dates
            f"CASE WHEN S_EXT_TIME > {since} THEN EMPNUM + 1 ELSE EMPNUM END AS EMPNUM) "
            f"FROM fr_enterprise WHERE ESTDATE < '{first}'"
        )
        self._parquet(engine, before, self._day(first) / "part-00000.parquet")
        (self._day(first) / SUCCESS).touch()
        half = "FROM (SELECT * EXCLUDE (EXT_FLAG) FROM fr_enterprise LIMIT (SELECT count(*) // 2 FROM fr_enterprise))"
        self._parquet(engine, half, self._day(broken) / "part-00000.parquet")
        whole = (self._day(broken) / "part-00000.parquet").read_bytes()
        (self._day(broken) / "part-00001.parquet").write_bytes(whole[: len(whole) // 3])
        engine.execute("DROP TABLE fr_enterprise")

    def _day(self, day: date) -> Path:
        return self._new / "fr_enterprise" / f"dt={day:%Y%m%d}"

    def _waybills(self, engine: duckdb.DuckDBPyConnection) -> None:
        self._relation(engine, WAYBILL)
        months = engine.execute("SELECT DISTINCT strftime(created_at, '%Y%m') FROM waybill ORDER BY 1").fetchall()
        for (month,) in months:
            folder = self._new / "waybill" / f"ym={month}"
            part = f"FROM waybill WHERE strftime(created_at, '%Y%m') = '{month}'"
            self._parquet(engine, part, folder / "part-00000.parquet")
            (folder / SUCCESS).touch()

    def _parquet(self, engine: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        engine.execute(f"COPY ({query}) TO '{path}' (FORMAT parquet)")

    # --- CSV ---------------------------------------------------------------------------------------------------------

    def _cooperatives(self) -> None:
        """Two months: the earlier one lacks those that registered since and counts fewer members."""
        rows = self._staged_rows(NZHS)
        members = NZHS.position("成员数")
        earlier = [
            [*row[:members], str(max(5, int(row[members]) - 1)), *row[members + 1 :]]
            for n, row in enumerate(rows, 1)
            if n % 50
        ]
        for month, drop in ((MONTH_START - timedelta(days=1), earlier), (TODAY, rows)):
            self._csv(self._new / f"nzhs_{month:%Y%m}.csv", NZHS.column_names, drop, "gb18030")

    def _prices(self) -> None:
        weeks: dict[str, list[list[str]]] = {}
        for day, *row in self._staged_rows(JGJC):
            weeks.setdefault(day, []).append(row)
        for day, drop in weeks.items():
            self._csv(self._new / f"jgjc_{day}.csv", JGJC.column_names[1:], drop, "utf-8-sig")

    def _csv(self, path: Path, header: Sequence[str], rows: Iterable[Sequence[str]], encoding: str) -> None:
        with path.open("w", encoding=encoding, newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(header)
            writer.writerows(rows)
