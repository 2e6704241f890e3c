"""S6 as it lies in its folder: drops with and without ``_SUCCESS``, a new column, encodings, times in UTC."""

import csv
from pathlib import Path

import duckdb
import pytest

from demo.city.mall_tables import FR_ENTERPRISE, JGJC, NZHS, S5_TABLES, WAYBILL
from demo.city.personas import TOWN_STATION
from demo.sources.runtime import RunningSources
from tests.demo.small_city import SmallCity

pytestmark = pytest.mark.postgresql


@pytest.fixture
def drops(sqlite_sources: RunningSources) -> Path:
    settings = sqlite_sources.connections["s6"]
    assert settings["engine"] == "files"
    return Path(str(settings["path"]))


def _parquet(pattern: Path, columns: str = "*") -> list[tuple[object, ...]]:
    with duckdb.connect() as engine:
        query = f"SELECT {columns} FROM read_parquet(?, hive_partitioning = false)"
        return engine.execute(query, [str(pattern)]).fetchall()


def _columns(path: Path) -> list[str]:
    with duckdb.connect() as engine:
        found = engine.execute("DESCRIBE FROM read_parquet(?, hive_partitioning = false)", [str(path)]).fetchall()
    return [name for name, *_ in found]


def test_only_complete_days_are_marked(drops: Path) -> None:
    marked = {day.name: (day / "_SUCCESS").exists() for day in (drops / "fr_enterprise").iterdir()}
    assert marked == {"dt=20180928": True, "dt=20180929": False, "dt=20180930": True}


def test_the_last_day_has_the_generated_rows(drops: Path, small: SmallCity) -> None:
    rows = _parquet(drops / "fr_enterprise" / "dt=20180930" / "*.parquet")
    at = FR_ENTERPRISE.position("S_EXT_TIME")
    wanted = small.rows["fr_enterprise"]
    assert [(*row[:at], str(row[at]), *row[at + 1 :]) for row in rows] == wanted


def test_the_broken_day_cannot_be_read(drops: Path) -> None:
    with pytest.raises(duckdb.Error):
        _parquet(drops / "fr_enterprise" / "dt=20180929" / "*.parquet")


def test_a_new_column_came_with_the_last_day(drops: Path) -> None:
    first, last = (_columns(drops / "fr_enterprise" / day / "*.parquet") for day in ("dt=20180928", "dt=20180930"))
    assert last == [*first, "EXT_FLAG"] == list(FR_ENTERPRISE.column_names)


def test_the_first_day_knows_less(drops: Path) -> None:
    first, last = (
        _parquet(drops / "fr_enterprise" / day / "*.parquet", "count(*), max(S_EXT_TIME), sum(EMPNUM)")[0]
        for day in ("dt=20180928", "dt=20180930")
    )
    assert first[0] < last[0]  # type: ignore[operator]
    assert str(first[1]) < "2018-09-28 02:00:00" < str(last[1])
    assert first[2] != last[2]


def test_parcels_lie_in_the_month_they_were_made(drops: Path, small: SmallCity) -> None:
    found: list[str] = []
    for month in sorted((drops / "waybill").iterdir()):
        assert (month / "_SUCCESS").exists()
        rows = _parquet(month / "*.parquet", "waybill_no, strftime(created_at, '%Y%m')")
        assert {made for _, made in rows} == {month.name.removeprefix("ym=")}
        found.extend(str(number) for number, _ in rows)
    assert sorted(found) == sorted(small.column("waybill", "waybill_no"))


def test_times_of_parcels_are_timestamps_to_the_millisecond(drops: Path, small: SmallCity) -> None:
    at = {number: row["created_at"] for number, row in small.keyed("waybill").items()}
    pattern = drops / "waybill" / "*" / "*.parquet"
    rows = _parquet(pattern, "waybill_no, typeof(created_at), strftime(created_at, '%Y-%m-%d %H:%M:%S.%g')")
    assert {kind for _, kind, _ in rows} <= {"TIMESTAMP", "TIMESTAMP_MS"}
    assert all(at[str(number)] == text for number, _, text in rows)
    assert _columns(pattern) == list(WAYBILL.column_names)


def test_cooperatives_are_gb18030_with_a_chinese_header(drops: Path, small: SmallCity) -> None:
    sizes = []
    for month in ("201808", "201809"):
        with (drops / f"nzhs_{month}.csv").open(encoding="gb18030", newline="") as file:
            header, *rows = csv.reader(file)
        assert tuple(header) == NZHS.column_names
        sizes.append(len(rows))
    assert sizes[0] < sizes[1] == len(small.rows["nzhs"])


def test_prices_are_utf8_with_a_byte_order_mark(drops: Path) -> None:
    files = sorted(drops.glob("jgjc_*.csv"))
    assert [file.stem for file in (files[0], files[-1])] == ["jgjc_20180706", "jgjc_20180928"]
    assert files[0].read_bytes().startswith(b"\xef\xbb\xbf")
    with files[0].open(encoding="utf-8-sig", newline="") as file:
        assert tuple(next(csv.reader(file))) == JGJC.column_names[1:]


def test_names_of_areas_and_stations_lie_beside_the_data(sqlite_sources: RunningSources, small: SmallCity) -> None:
    folder = sqlite_sources.divisions.parent / "aliases"
    with (folder / "s5_areas.csv").open(encoding="utf-8", newline="") as file:
        areas = {line["name"]: line["code"] for line in csv.DictReader(file)}
    assert set(areas) == set(small.keyed("gx_area")) - set(small.ledger.keys("AREA_UNMATCHED"))
    with (folder / "station_names.csv").open(encoding="utf-8", newline="") as file:
        names = {line["name"]: line["code"] for line in csv.DictReader(file)}
    assert names["石门县太峰镇便民服务中心"] == TOWN_STATION
    matched = sum(name in names for name in small.column("waybill", "to_station_name"))
    assert matched / len(small.rows["waybill"]) == pytest.approx(0.92, abs=0.005)


def test_the_mall_has_its_indexes(sqlite_sources: RunningSources) -> None:
    connection = sqlite_sources.raw_connection("s5")
    indexes = dict(connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index'").fetchall())
    connection.close()
    wanted = {f"{table.name}_{'_'.join(index)}" for table in S5_TABLES for index in table.indexes}
    assert wanted <= set(indexes)
    assert indexes["pay_log_trade_no"].startswith("CREATE UNIQUE INDEX")
