"""The live check: a manifest against a source that is not quite what it says."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from connectors.contract import Manifest, TableDescription
from connectors.csv_files import CsvConnector
from connectors.manifest import load_manifest
from connectors.manifest_checks import CheckReport, check_source
from connectors.memory import MemoryConnector
from schema.catalog_loader import load_catalog

WHOLE = load_catalog()
BOUND = ("PublicUnit", "StaffPost", "Person")
CATALOG = replace(
    WHOLE,
    entities={name: e if name in BOUND else replace(e, row_sources=()) for name, e in WHOLE.entities.items()},
)
"""The catalogue, of which S3 need give three entities only."""
MANIFEST = """\
connector: s3
title: {zh: 编制库, en: Register}
department: BIANBAN
engine: sqlite
settings: {path: bzk.db}
freshness: {kind: snapshot, maxAge: 35d}
bindings:
  PublicUnit:
    table: unit
    rowKey: no
    joins:
      boss: {table: Chiefs, on: {boss: no}}
    fields:
      uscc: uscc
      unitNo: no
      superiorNo: boss
      divCode: {column: place, codec: div, table: {石门县: "430726"}}
      status: {column: state, map: {正常: "1", 撤并: "2"}}
      name: nmae
      authorisedPosts: posts
      actualStaff: {count: {table: staff, on: {no: unit}}}
  StaffPost:
    table: staff
    rowKey: no
    fields: {staffNo: no, identity: {columns: [id, no], codec: identity, connector: s3}, unitNo: unit}
  Person:
    table: staff
    rowKey: no
    fields:
      identity: {columns: [id, no], codec: identity, connector: s3}
      birthDate: {column: born, codec: date_digits}
"""
LINE = {name: n for n, line in enumerate(MANIFEST.splitlines(), 1) for name in [line.strip().partition(":")[0]]}

UNITS = [
    {"no": f"u{n}", "uscc": f"X{n}", "boss": None, "place": place, "state": state, "name": "n", "posts": posts}
    for n, (place, state, posts) in enumerate(
        [("石门县", "正常", 1), ("430726", "撤消", 2), ("某地", "撤消", "many"), (None, "停办", None)]
    )
]
STAFF = [
    {"no": "p1", "id": None, "unit": "u1", "born": "19800101"},
    {"no": "p2", "id": "x", "unit": "u1", "born": "19800230"},
]


class Described(MemoryConnector):
    """A memory connector that knows keys and indexes, as databases do."""

    keys: Mapping[str, tuple[str, ...]] = {"unit": ("no",), "staff": ("no",)}
    led: Mapping[str, tuple[str, ...]] = {"unit": ("uscc", "boss", "no"), "staff": ("id", "no")}

    async def describe(self, tables: Sequence[str]) -> Mapping[str, TableDescription]:
        described = await super().describe(tables)
        return {
            name: TableDescription(
                name=name,
                columns=table.columns,
                primary_key=self.keys.get(name, ()),
                indexes=tuple((column,) for column in self.led.get(name, ())),
            )
            for name, table in described.items()
        }


@pytest.fixture
def manifest(tmp_path: Path) -> Manifest:
    path = tmp_path / "s3.yaml"
    path.write_text(MANIFEST, encoding="utf-8")
    return load_manifest(path, CATALOG, environment={})


async def checked(manifest: Manifest, units: list[dict[str, Any]] = UNITS, **tables: Any) -> CheckReport:
    source = Described(manifest, {"unit": units, "staff": STAFF, **tables})
    return await check_source(manifest, source, CATALOG)


async def test_missing_table_and_column_are_problems_by_line(manifest: Manifest) -> None:
    report = await checked(manifest)
    assert [str(problem) for problem in report.problems] == [
        f's3.yaml:{LINE["PublicUnit"]}: the source has no table "Chiefs"',
        f's3.yaml:{LINE["name"]}: table "unit" has no column "nmae": did you mean "name"?',
    ]


async def test_table_of_another_case_is_suggested(manifest: Manifest) -> None:
    report = await checked(manifest, chiefs=[{"no": "u1"}])
    assert 'no table "Chiefs": did you mean "chiefs"?' in str(report.problems[0])


async def test_unmapped_spellings_are_counted(manifest: Manifest) -> None:
    (advice,) = [a for a in (await checked(manifest)).advice if "without a code" in a.message]
    assert advice.place.line == LINE["status"]
    assert advice.message == '"status": spellings without a code: "撤消" (2), "停办" (1); add them to its map'


async def test_share_of_defects_is_told_by_field(manifest: Manifest) -> None:
    advice = [str(a) for a in (await checked(manifest)).advice if " in " in a.message and "%" in a.message]
    assert f's3.yaml:{LINE["divCode"]}: "divCode": DIV_UNKNOWN in 1 of 3 values (33.3 %)' in advice
    assert f's3.yaml:{LINE["authorisedPosts"]}: "authorisedPosts": VALUE_INVALID in 1 of 3 values (33.3 %)' in advice
    assert any("DATE_INVALID in 1 of 2 values (50.0 %)" in a for a in advice)
    assert not any("某地" in a or "many" in a or "19800230" in a for a in advice), "only codes show their spellings"


async def test_looked_up_columns_without_an_index_are_advice(manifest: Manifest) -> None:
    advice = {(a.place.line, a.message) for a in (await checked(manifest)).advice if "leads no index" in a.message}
    message = '"staff"."unit" is looked up by but leads no index; ask for one'
    assert (LINE["actualStaff"], message) in advice
    assert not any('"uscc"' in text or '"no"' in text for _, text in advice)


@pytest.mark.parametrize(
    ("key", "message"),
    [("u1", "not unique: 3 of 4 rows repeat one"), (None, "null or unreadable in 4 of 4 rows")],
    ids=["repeated", "null"],
)
async def test_row_key_that_tells_no_rows_apart_is_a_problem(manifest: Manifest, key: object, message: str) -> None:
    report = await checked(manifest, [{**row, "no": key} for row in UNITS])
    assert any(message in str(problem) for problem in report.problems)


async def test_row_key_beside_the_primary_key_is_advice(manifest: Manifest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Described, "keys", {"unit": ("uscc",), "staff": ("no",)})
    report = await checked(manifest)
    assert any("not the primary key (uscc)" in str(advice) for advice in report.advice)


async def test_sample_can_be_left_out(manifest: Manifest) -> None:
    source = Described(manifest, {"unit": UNITS, "staff": STAFF})
    report = await check_source(manifest, source, CATALOG, sample=0)
    assert report.sampled == {}
    assert not any("without a code" in advice.message for advice in report.advice)


async def test_sampled_rows_are_told(manifest: Manifest) -> None:
    assert (await checked(manifest)).sampled == {"PublicUnit": 4, "StaffPost": 2, "Person": 2}


async def test_source_that_is_down_is_one_problem(manifest: Manifest, tmp_path: Path) -> None:
    report = await check_source(manifest, CsvConnector(manifest, tmp_path), CATALOG)
    (problem,) = report.problems
    assert "could not be checked" in problem.message
    assert "SOURCE_UNAVAILABLE" in problem.message
