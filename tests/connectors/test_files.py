"""Drops of files: which are served, what is skipped and told, how new ones come in, and what nobody may do."""

import asyncio
import os
import stat
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest
from structlog.testing import capture_logs

from connectors.contract import Binding, Fetch, Freshness, KeyMatch, OrderTerm, Output
from connectors.errors import ConnectorError, SourceDrifted, SourceTimeout, SourceUnavailable
from connectors.files.connector import FilesConnector, Patience
from connectors.files.csv_rows import Unreadable, columns_in, header_of
from connectors.files.drops import date_in, list_drops
from connectors.files.tables import Encoding, FileFormat, FileTable, Keep
from connectors.testing.dataset import binding, bound
from connectors.testing.engine import manifest_of
from connectors.testing.promise import arguments, ask
from schema.predicates import ROW_KEY, Comparison, Operator

FIRMS = FileTable(name="firms", pattern="firms/dt=*/*.parquet", complete="_SUCCESS")
BILLS = FileTable(name="bills", pattern="bills/ym=*/*.parquet", complete="_SUCCESS", keep=Keep.ALL)
COOPS = FileTable(name="coops", pattern="coops_*.csv", format=FileFormat.CSV, encoding=Encoding.GB18030)
PRICES = FileTable(name="prices", pattern="prices_*.csv", format=FileFormat.CSV, keep=Keep.ALL)
TABLES = {table.name: table for table in (FIRMS, BILLS, COOPS, PRICES)}

FIRM = binding(
    "Firm",
    "firms",
    bound(ROW_KEY, "no", codec="integer"),
    bound("no", "no", codec="integer"),
    bound("name", "name", codec="text"),
    bound("phone", "phone", codec="text"),
    bound("sales", "sales", codec="wanyuan"),
    bound("code", "code", codec="uscc"),
)
BILL = binding(
    "Bill",
    "bills",
    bound(ROW_KEY, "no"),
    bound("no", "no"),
    bound("createdAt", "created_at", codec="datetime", zone="UTC"),
    bound("weight", "weight_g", codec="integer"),
)
COOP = binding(
    "Coop",
    "coops",
    bound(ROW_KEY, "统一社会信用代码"),
    bound("name", "合作社名称", codec="text"),
    bound("members", "成员数", codec="integer"),
    bound("revenue", "年经营收入(元)", codec="yuan"),
)
PRICE = binding(
    "Price", "prices", bound(ROW_KEY, "品种", codec="verbatim"), bound("price", "均价(元/公斤)", codec="float")
)
BINDINGS = {each.entity: each for each in (FIRM, BILL, COOP, PRICE)}


def connector(root: Path, patience: Patience | None = None, **more: Any) -> FilesConnector:
    settings = {"path": "s6", "cache": "cache/s6", "pool": 3, "threads": 2, "memory": 256, "tables": TABLES}
    manifest = manifest_of("files", settings, BINDINGS)
    return FilesConnector(replace(manifest, **more), root, patience=patience or Patience(look=0, wait=10))


@asynccontextmanager
async def opened(source: FilesConnector) -> AsyncIterator[FilesConnector]:
    await source.open()
    try:
        yield source
    finally:
        await source.close()


def write_parquet(folder: Path, query: str, *, complete: bool = True, name: str = "part-0.parquet") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(":memory:") as made:
        made.execute(f"COPY ({query}) TO '{folder / name}' (FORMAT parquet)")
    if complete:
        (folder / "_SUCCESS").touch()
    return folder / name


def write_text(file: Path, text: str, encoding: str, *, age: float = 60) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text.encode(encoding))
    os.utime(file, (time.time() - age, time.time() - age))
    return file


def firms(*names: str, columns: str = "'0736' AS phone, 1.5 AS sales, '91' AS code") -> str:
    rows = " UNION ALL ".join(f"SELECT {no} AS no, '{name}' AS name" for no, name in enumerate(names))
    return f"SELECT *, {columns} FROM ({rows})"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write_parquet(tmp_path / "s6/firms/dt=20180929", firms("old"))
    write_parquet(tmp_path / "s6/firms/dt=20180930", firms("new", "（甲）"))
    write_parquet(
        tmp_path / "s6/bills/ym=201808",
        "SELECT 'W1' AS no, TIMESTAMP '2018-08-31 16:00:01' AS created_at, 5.0::DOUBLE AS weight_g",
    )
    write_parquet(
        tmp_path / "s6/bills/ym=201809",
        "SELECT 'W2' AS no, TIMESTAMPTZ '2018-09-01 00:00:00.25+00' AS created_at, 6 AS weight_g, 1 AS extra",
    )
    return tmp_path


async def names(source: FilesConnector) -> Sequence[object]:
    return await column(source, FIRM, "name")


async def column(source: FilesConnector, of: Binding, field: str) -> Sequence[object]:
    fetch = Fetch(binding=of, projection=(field,), order=(OrderTerm(field=ROW_KEY),))
    return (await ask(source, fetch, arguments())).column(field)


async def until(source: FilesConnector, date: str) -> None:
    """Wait until the drop of ``date`` is served."""
    for _ in range(1_000):
        if await source.as_of() == f"{date}T00:00:00+08:00":
            return
        await asyncio.sleep(0.02)
    raise AssertionError(date)


def skipped(logs: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    return [(log["drop"], log["reason"]) for log in logs if log["event"] == "files skipped"]


# --- which drops


async def test_the_newest_complete_drop_or_all_of_them(root: Path) -> None:
    write_parquet(root / "s6/firms/dt=20181001", firms("half"), complete=False)
    with capture_logs() as logs:
        async with opened(connector(root)) as source:
            assert await names(source) == ["new", "(甲)"]
            assert await names(source) == ["new", "(甲)"]
            assert await column(source, BILL, "createdAt") == [
                "2018-09-01T00:00:01+08:00",
                "2018-09-01T08:00:00.250000+08:00",
            ]
            assert await column(source, BILL, "weight") == [5, 6]
    assert skipped(logs) == [("firms/dt=20181001", "it is not complete yet")], "it is told once"


async def test_a_drop_comes_in_when_its_marker_does(root: Path) -> None:
    async with opened(connector(root)) as source:
        write_parquet(root / "s6/firms/dt=20181001", firms("newest"), complete=False)
        assert await names(source) == ["new", "(甲)"]
        (root / "s6/firms/dt=20181001/_SUCCESS").touch()
        assert await names(source) == ["newest"]


@pytest.mark.parametrize("spoil", ["cut", "empty", "damaged"])
async def test_a_half_written_file_leaves_what_was_there(root: Path, spoil: str) -> None:
    async with opened(connector(root)) as source:
        file = write_parquet(root / "s6/firms/dt=20181001", firms(*(f"firm {n}" for n in range(500))))
        whole = file.read_bytes()
        damaged = whole[:8] + bytes(200) + whole[208:]
        file.write_bytes({"cut": whole[: len(whole) // 2], "empty": b"", "damaged": damaged}[spoil])
        with capture_logs() as logs:
            assert await names(source) == ["new", "(甲)"]
        assert [drop for drop, _ in skipped(logs)] == ["firms/dt=20181001"]
        file.write_bytes(whole)
        assert len(await names(source)) == 500


async def test_a_drop_that_is_written_anew_stays_until_it_is_whole(root: Path) -> None:
    folder = root / "s6/firms/dt=20180930"
    async with opened(connector(root)) as source:
        (folder / "_SUCCESS").unlink()
        (folder / "part-0.parquet").write_bytes(b"PAR1")
        assert await names(source) == ["new", "(甲)"]
        (folder / "_SUCCESS").touch()
        assert await names(source) == ["new", "(甲)"]
        write_parquet(folder, firms("corrected"))
        assert await names(source) == ["corrected"]


async def test_a_month_can_be_added_changed_and_taken_away(root: Path) -> None:
    async with opened(connector(root)) as source:
        assert await column(source, BILL, "no") == ["W1", "W2"]
        write_parquet(root / "s6/bills/ym=201810", "SELECT 'W3' AS no, now() AS created_at, 7 AS weight_g")
        assert await column(source, BILL, "no") == ["W1", "W2", "W3"]
        write_parquet(root / "s6/bills/ym=201809", "SELECT 'W4' AS no, now() AS created_at, 7 AS weight_g")
        assert await column(source, BILL, "no") == ["W1", "W3", "W4"]
        (root / "s6/bills/ym=201808/_SUCCESS").unlink()
        (root / "s6/bills/ym=201808/part-0.parquet").unlink()
        assert await column(source, BILL, "no") == ["W3", "W4"]


async def test_nothing_there_yet_is_unavailable_until_it_is(root: Path) -> None:
    folder = root / "s6"
    folder.rename(root / "later")
    async with opened(connector(root)) as source:
        with pytest.raises(SourceUnavailable):
            await names(source)
        (root / "later").rename(folder)
        assert await names(source) == ["new", "(甲)"]
        with pytest.raises(SourceUnavailable) as caught:
            await column(source, COOP, "name")
        assert "coops" in str(caught.value)


async def test_files_outside_the_folder_are_not_read(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = write_parquet(tmp_path_factory.mktemp("outside"), firms("stolen"))
    drop = root / "s6/firms/dt=20181002"
    drop.mkdir()
    (drop / "_SUCCESS").touch()
    (drop / "part-0.parquet").symlink_to(outside)
    async with opened(connector(root)) as source:
        assert await names(source) == ["new", "(甲)"]
    linked = root / "elsewhere"
    linked.mkdir()
    (linked / "s6").symlink_to(outside.parent)
    async with opened(connector(linked)) as source:
        with pytest.raises(SourceUnavailable):
            await names(source)


# --- columns that come and go


async def test_a_new_column_is_ignored_and_a_lost_one_is_told_by_name(root: Path) -> None:
    async with opened(connector(root)) as source:
        write_parquet(root / "s6/firms/dt=20181001", firms("a", columns="1.5 AS sales, '91' AS code, 'x' AS surprise"))
        assert await names(source) == ["a"]
        with pytest.raises(SourceDrifted) as caught:
            await column(source, FIRM, "phone")
        assert '"phone"' in str(caught.value)
        assert await column(source, BILL, "no") == ["W1", "W2"], "other bindings go on"
        assert list((await source.describe(["firms"]))["firms"].columns) == ["no", "name", "sales", "code", "surprise"]


async def test_a_column_of_the_newest_drop_is_null_in_older_ones(root: Path) -> None:
    write_parquet(root / "s6/bills/ym=201808", "SELECT 'W1' AS no, TIMESTAMP '2018-08-31 16:00:01' AS created_at")
    async with opened(connector(root)) as source:
        assert await column(source, BILL, "weight") == [None, 6]
        write_parquet(root / "s6/bills/ym=201810", "SELECT 'W3' AS no, now() AS created_at")
        with pytest.raises(SourceDrifted):
            await column(source, BILL, "weight")
        write_parquet(root / "s6/bills/ym=201811", "SELECT 'W5' AS no, now() AS created_at, 9 AS weight_g")
        assert await column(source, BILL, "weight") == [None, 6, None, 9]


# --- CSV

HEADER = "合作社名称,统一社会信用代码,理事长,成员数,主营产品,年经营收入(元),示范社等级"


async def test_gb18030_and_a_byte_order_mark_are_decoded_once(root: Path) -> None:
    rows = f"{HEADER}\n石门县𫖯柑橘专业合作社,93A,张三,12,柑橘,1234567.895,省级\n（乙）,93B,,约20,,,\n"
    write_text(root / "s6/coops_201809.csv", rows, "gb18030")
    write_text(root / "s6/prices_20180921.csv", "\ufeff品种,均价(元/公斤)\n柑橘,2.5\n", "utf-8")
    write_text(root / "s6/prices_20180928.csv", "品种,均价(元/公斤)\n茶,\n", "utf-8")
    async with opened(connector(root)) as source:
        assert await column(source, COOP, "name") == ["石门县𫖯柑橘专业合作社", "(乙)"]
        assert await column(source, COOP, "members") == [12, None]
        assert await column(source, COOP, "revenue") == [123456790, None]
        assert await column(source, PRICE, "price") == [2.5, None]
        fetch = Fetch(binding=COOP, projection=("members",), order=(OrderTerm(field=ROW_KEY),))
        prepared = source.prepare(fetch)
        raw = [row[0] for row in await source.fetch(prepared, arguments())]
        assert [COOP.fields["members"].codec.quality(value) for value in raw] == [None, "VALUE_INVALID"]
    copies = sorted((root / "cache/s6").iterdir())
    assert [copy.name.split("-")[0] for copy in copies] == ["coops", "prices", "prices"]
    assert stat.S_IMODE((root / "cache/s6").stat().st_mode) == 0o700
    written = [copy.stat().st_mtime_ns for copy in copies]
    async with opened(connector(root)) as source:
        assert await column(source, COOP, "members") == [12, None]
    assert [copy.stat().st_mtime_ns for copy in copies] == written, "the copies are used again"


async def test_stale_copies_are_removed(root: Path) -> None:
    write_text(root / "s6/coops_201808.csv", f"{HEADER}\n甲,93A,,1,,,\n", "gb18030")
    async with opened(connector(root)) as source:
        assert await column(source, COOP, "name") == ["甲"]
        before = set((root / "cache/s6").iterdir())
        write_text(root / "s6/coops_201809.csv", f"{HEADER}\n乙,93A,,1,,,\n", "gb18030")
        assert await column(source, COOP, "name") == ["乙"]
        after = set((root / "cache/s6").iterdir())
    assert len(after) == 1
    assert not after & before


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "a file is empty"),
        (f"{HEADER}\n", "there are no rows"),
        (f"{HEADER}\n乙,93B,,1,,,\n丙,93", "the last line has no end"),
        (f"{HEADER}\n乙,93B,,1\n", "a row is not as long as the header"),
        (f'{HEADER}\n"乙,93B,,1,,,\n', "it is no CSV"),
        ("合作社名称,合作社名称\n乙,丙\n", "the header repeats a name"),
        ("\n", "the header is empty or lacks a name"),
    ],
)
async def test_a_csv_file_that_is_not_whole_is_skipped(root: Path, content: str, reason: str) -> None:
    write_text(root / "s6/coops_201808.csv", f"{HEADER}\n甲,93A,,1,,,\n", "gb18030")
    async with opened(connector(root)) as source:
        write_text(root / "s6/coops_201809.csv", content, "gb18030")
        with capture_logs() as logs:
            assert await column(source, COOP, "name") == ["甲"]
    assert skipped(logs) == [("coops_201809.csv", reason)]


async def test_a_file_without_a_marker_is_left_alone_while_it_is_being_written(root: Path) -> None:
    write_text(root / "s6/coops_201808.csv", f"{HEADER}\n甲,93A,,1,,,\n", "gb18030", age=0)
    async with opened(connector(root)) as source:
        assert await column(source, COOP, "name") == ["甲"], "there is nothing better"
        newer = write_text(root / "s6/coops_201809.csv", f"{HEADER}\n乙,93A,,1,,,\n", "gb18030", age=0)
        assert await column(source, COOP, "name") == ["甲"]
        os.utime(newer, (time.time() - 3, time.time() - 3))
        assert await column(source, COOP, "name") == ["乙"]


def test_bytes_that_are_no_characters_are_marked(tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_bytes("名\n甲".encode("gb18030") + b"\xff\n")
    assert header_of(file, Encoding.GB18030) == ["名"]
    assert list(columns_in(file, Encoding.GB18030, marked=False)) == [[["甲\ufffd"]]]
    file.write_bytes(b"")
    with pytest.raises(Unreadable):
        header_of(file, Encoding.UTF_8)


# --- while queries run


async def test_a_running_query_keeps_what_it_began_with(root: Path) -> None:
    async with opened(connector(root, Patience(look=0, wait=0))) as source:
        many = firms(*(f"firm {n}" for n in range(50)))
        write_parquet(root / "s6/firms/dt=20181001", f"SELECT * REPLACE (range AS no) FROM ({many}), range(20000)")
        deadline = asyncio.get_running_loop().time() + 60
        await until(source, "2018-10-01")
        slow = "SELECT count(*), min(no), max(no) FROM firms, range(400) AS b WHERE hash(no + b.range) % 3 = 0"
        running = asyncio.ensure_future(source.run(slow, (), deadline))
        await asyncio.sleep(0.05)
        write_parquet(root / "s6/firms/dt=20181002", firms("small"))
        await until(source, "2018-10-02")
        assert await names(source) == ["small"]
        try:
            [(_, least, greatest)] = await running
        except SourceTimeout:
            return  # a slow machine: it was stopped, not answered wrongly
        assert (least, greatest) == (0, 19999)


async def test_asked_again_at_once_the_folder_is_not_looked_at(root: Path) -> None:
    async with opened(connector(root, Patience(look=3600, wait=10))) as source:
        write_parquet(root / "s6/firms/dt=20181001", firms("newest"))
        assert await names(source) == ["new", "(甲)"]


async def test_statement_that_is_given_up_is_interrupted(root: Path) -> None:
    async with opened(connector(root)) as source:
        endless = "SELECT count(*) FROM range(100000000) AS a, range(100000) AS b WHERE hash(a.range + b.range) % 7 = 3"
        started = time.monotonic()
        with pytest.raises(SourceTimeout):
            await source.run(endless, (), asyncio.get_running_loop().time() + 0.5)
        cancelled = asyncio.ensure_future(source.run(endless, (), asyncio.get_running_loop().time() + 60))
        await asyncio.sleep(0.1)
        cancelled.cancel()
        await asyncio.gather(cancelled, return_exceptions=True)
        assert await names(source) == ["new", "(甲)"]
    assert time.monotonic() - started < 5, "the threads have ended"


# --- as of


async def test_as_of_is_the_date_of_the_newest_drop(root: Path) -> None:
    async with opened(connector(root)) as source:
        assert await source.as_of() == "2018-09-30T00:00:00+08:00"


async def test_as_of_is_the_newest_value_of_the_freshness_column(root: Path) -> None:
    freshness = Freshness(live=False, max_age_seconds=60, column=("bills", "created_at"))
    async with opened(connector(root, freshness=freshness)) as source:
        assert await source.as_of() == "2018-09-01T08:00:00.250000+08:00"


@pytest.mark.parametrize(
    ("name", "date"),
    [
        ("fr_enterprise/dt=20180930", "2018-09-30"),
        ("fr_enterprise/dt=2018-09-30", "2018-09-30"),
        ("waybill/ym=201809", "2018-09-01"),
        ("nzhs_201809.csv", "2018-09-01"),
        ("2017/jgjc_20180928.csv", "2018-09-28"),
        ("firms_20181399.csv", ""),
        ("firms.csv", ""),
    ],
)
def test_the_date_stands_in_the_name(name: str, date: str) -> None:
    assert date_in(name) == date


def test_drops_are_listed_newest_first(root: Path) -> None:
    listing = list_drops(root.resolve() / "s6", FIRMS)
    assert [drop.name for drop in listing.drops] == ["firms/dt=20180930", "firms/dt=20180929"]


# --- what nobody may do


@pytest.mark.parametrize(
    "statement",
    [
        "DROP VIEW firms",
        "SELECT 1; DROP VIEW firms",
        "CREATE TABLE x AS SELECT 1",
        "COPY firms TO '{root}/s6/out.parquet' (FORMAT parquet)",
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM read_text('/etc/passwd')",
        "ATTACH '{root}/other.db'",
        "INSTALL httpfs",
        "SET enable_external_access = true",
        "SET memory_limit = '100GB'",
    ],
)
async def test_statements_only_read_what_is_loaded(root: Path, statement: str) -> None:
    async with opened(connector(root)) as source:
        with pytest.raises(ConnectorError):
            await source.run(statement.format(root=root), (), asyncio.get_running_loop().time() + 5)
        assert not (root / "s6/out.parquet").exists()
        assert await names(source) == ["new", "(甲)"]


async def test_errors_hold_no_path_and_nothing_of_duckdb(root: Path) -> None:
    async with opened(connector(root)) as source:
        for statement in ("SELECT * FROM read_parquet('/no/such')", "SELECT CAST('secret' AS INTEGER)", "SELEC"):
            with pytest.raises(ConnectorError) as caught:
                await source.run(statement, (), asyncio.get_running_loop().time() + 5)
            told = f"{caught.value!r} {caught.value.__cause__!r} {caught.value.__context__!r}"
            assert not [word for word in ("/no", "secret", "SELEC", "Error:", "LINE", str(root)) if word in told]


async def test_memory_is_bounded(root: Path) -> None:
    great = (
        "SELECT range AS no, md5(range::VARCHAR) AS name, '' AS phone, 1.5 AS sales, name AS code FROM range(900000)"
    )
    write_parquet(root / "s6/firms/dt=20181003", great)
    source = connector(root)
    settings = {**source.manifest.settings, "memory": 64}
    small = FilesConnector(replace(source.manifest, settings=settings), root, patience=Patience(look=0, wait=30))
    with capture_logs() as logs:
        async with opened(small):
            assert await names(small) == ["new", "(甲)"]
    assert skipped(logs) == [("firms/dt=20181003", "OutOfMemoryException")]


# --- what is asked of several drops at once


async def test_keys_find_rows_of_every_drop(root: Path) -> None:
    async with opened(connector(root)) as source:
        fetch = Fetch(binding=BILL, projection=("no", "weight"), keys=KeyMatch(fields=("no",)))
        found = await ask(source, fetch, arguments(keys=[("W2",), ("W9",), ("W1",)]))
        assert {ordinal: [r["weight"] for r in records] for ordinal, records in found.records.items()} == {
            0: [6],
            2: [5],
        }
        after = Comparison("createdAt", Operator.GT, 0)
        counting = Fetch(binding=BILL, projection=(), predicate=after, output=Output.COUNT)
        assert (await source.fetch(source.prepare(counting), arguments(("2018-09-01T00:00:01+08:00",))))[0][0] == 1
