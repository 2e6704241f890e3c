"""What the memory connector adds to the conformance suite: CSV files, speed of look-ups, its statement in words."""

import asyncio
import time
from pathlib import Path

import pytest

from connectors.contract import Fetch, FetchArguments, KeyMatch, Manifest, OrderTerm
from connectors.csv_files import CsvConnector
from connectors.errors import SourceDrifted, SourceUnavailable
from connectors.memory import MemoryConnector
from connectors.testing.dataset import binding, bound
from connectors.testing.engine import manifest_of
from connectors.testing.promise import arguments, ask
from schema.predicates import ROW_KEY, And, Comparison, Exists, IsNull, Not, Operator, Or
from schema.trees import Tree

DIVISION = binding(
    "Division",
    "divisions",
    bound(ROW_KEY, "divCode"),
    bound("divCode", "divCode"),
    bound("name", "name", codec="text"),
    bound("parentCode", "parentCode"),
    bound("population", "population", codec="integer"),
    bound("poverty", "poverty", codec="boolean"),
)
ALL = Fetch(binding=DIVISION, projection=("divCode", "name", "parentCode", "population", "poverty"))
CSV = "divCode,name,parentCode,population,poverty\n430700,常德市,,6053000,false\n430726,石门县,430700,many,true\n"


def csv_connector(root: Path, path: str = "divisions.csv") -> CsvConnector:
    return CsvConnector(manifest_of("memory", {"path": path}, {"Division": DIVISION}), root)


async def test_csv_cells_become_canonical_values(tmp_path: Path) -> None:
    (tmp_path / "divisions.csv").write_text("\ufeff" + CSV, encoding="utf-8")
    connector = csv_connector(tmp_path)
    await connector.open()
    assert (await ask(connector, ALL, arguments())).records[0] == [
        {"divCode": "430700", "name": "常德市", "parentCode": None, "population": 6_053_000, "poverty": False},
        {"divCode": "430726", "name": "石门县", "parentCode": "430700", "population": None, "poverty": True},
    ]


async def test_csv_tells_when_it_was_written(tmp_path: Path) -> None:
    (tmp_path / "divisions.csv").write_text(CSV, encoding="utf-8")
    connector = csv_connector(tmp_path)
    assert await connector.as_of() is None
    await connector.open()
    assert str(await connector.as_of()).endswith("+08:00")


async def test_csv_folder_gives_a_table_for_each_file(tmp_path: Path) -> None:
    for name in ("divisions", "other"):
        (tmp_path / f"{name}.csv").write_text(CSV, encoding="utf-8")
    connector = csv_connector(tmp_path, ".")
    assert set(await connector.describe(["divisions", "other", "third"])) == {"divisions", "other"}


async def test_csv_that_appears_later_is_read_then(tmp_path: Path) -> None:
    connector = csv_connector(tmp_path)
    await connector.open()
    with pytest.raises(SourceUnavailable):
        await connector.fetch(connector.prepare(ALL), arguments())
    (tmp_path / "divisions.csv").write_text(CSV, encoding="utf-8")
    assert len(await connector.fetch(connector.prepare(ALL), arguments())) == 2


async def test_csv_outside_the_allowed_folder_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "divisions.csv").write_text(CSV, encoding="utf-8")
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "link.csv").symlink_to(tmp_path / "divisions.csv")
    for path in ("../divisions.csv", str(tmp_path / "divisions.csv"), "link.csv"):
        connector = csv_connector(tmp_path / "inner", path)
        await connector.open()
        with pytest.raises(SourceUnavailable, match="outside"):
            await connector.fetch(connector.prepare(ALL), arguments())


@pytest.mark.parametrize("content", [b"divCode\n\xff\xfe\n", b'divCode\n"open'], ids=["not-utf-8", "not-csv"])
async def test_broken_csv_is_drift(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "divisions.csv").write_bytes(content)
    connector = csv_connector(tmp_path)
    await connector.open()
    with pytest.raises(SourceDrifted):
        await connector.fetch(connector.prepare(ALL), arguments())


async def test_by_key_fetches_are_not_quadratic() -> None:
    rows = [
        {"divCode": f"43{n:04d}", "name": "x", "parentCode": None, "population": n, "poverty": 0} for n in range(5_000)
    ]
    connector = MemoryConnector(manifest_of("memory", {}, {"Division": DIVISION}), {"divisions": rows})
    keyed = Fetch(binding=DIVISION, projection=("name",), keys=KeyMatch(fields=("divCode",)))
    began = time.thread_time()
    answer = await connector.fetch(connector.prepare(keyed), arguments(keys=[(row["divCode"],) for row in rows]))
    assert len(answer) == 5_000
    assert time.thread_time() - began < 2.0, "25 million comparisons would take longer"


async def test_rows_of_a_replaced_table_are_read_anew() -> None:
    row = {"divCode": "430700", "name": "常德市", "parentCode": None, "population": 1, "poverty": 0}
    tables = {"divisions": [row]}
    connector = MemoryConnector(manifest_of("memory", {}, {"Division": DIVISION}), tables)
    assert (await ask(connector, ALL, arguments())).column("population") == [1]
    tables["divisions"] = [{**row, "population": 2}]
    assert (await ask(connector, ALL, arguments())).column("population") == [2]


async def test_scan_gives_up_at_the_deadline() -> None:
    rows = [{"divCode": str(n), "name": "x", "parentCode": None, "population": n, "poverty": 0} for n in range(300)]
    connector = MemoryConnector(manifest_of("memory", {}, {"Division": DIVISION}), {"divisions": rows})
    loop = asyncio.get_running_loop()
    with pytest.raises(Exception, match="in time"):
        await connector.fetch(connector.prepare(ALL), FetchArguments(parameters=(), deadline=loop.time()))


def test_statement_says_what_is_done_without_values() -> None:
    manifest: Manifest = manifest_of("memory", {}, {"Division": DIVISION})
    fetch = Fetch(
        binding=DIVISION,
        projection=("divCode", "name"),
        predicate=And(
            (
                Or((Comparison("name", Operator.CONTAINS, 0), Not(IsNull("population")))),
                Exists("children", And(())),
            )
        ),
        keys=KeyMatch(fields=("divCode",), tree=Tree.DIV),
        order=(OrderTerm(field="name", descending=True), OrderTerm(field=ROW_KEY)),
        limited=True,
    )
    assert MemoryConnector(manifest, {}).prepare(fetch).statement.splitlines() == [
        "scan divisions: divCode, name",
        "of parents by divCode as subtree",
        "where ((name contains $0 or not population is null) and some children where true)",
        "order by name desc, _rowKey asc",
        "limit",
    ]
