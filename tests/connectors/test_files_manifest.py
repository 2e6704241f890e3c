"""Manifests of engine ``files``: the tables they declare, and what is told of wrong ones."""

from pathlib import Path

import pytest

from connectors.files.connector import FilesConnector
from connectors.files.tables import Encoding, FileFormat, FileTable, Keep
from connectors.manifest import ManifestInvalid, load_manifest
from connectors.registry import build_connector
from schema.catalog_loader import load_catalog

CATALOG = load_catalog()
MANIFEST = """\
connector: s6
title: {zh: 文件, en: Files}
department: EIC
engine: files
settings: {path: drops, cache: {env: S6_CACHE, default: copies}}
tables:
  firms: {files: "firms/dt=*/*.parquet", complete: _SUCCESS}
  coops: {files: "coops_*.csv", format: csv, encoding: gb18030}
  flat: {files: "flat/*.parquet", keep: all}
freshness: {kind: snapshot, maxAge: 2d, changedAt: {table: firms, column: CHANGED}}
bindings:
  Enterprise:
    table: firms
    rowKey: REGNO
    fields: {uscc: USCC, regNo: REGNO, divCode: AREA}
  CoopRegistration:
    table: coops
    rowKey: code
    fields: {uscc: code}
  Shipment:
    table: flat
    rowKey: no
    fields: {waybillNo: no, orderNo: order, pointId: point, stationCode: station}
"""


def load(tmp_path: Path, text: str = MANIFEST) -> FilesConnector:
    path = tmp_path / "s6.yaml"
    path.write_text(text, encoding="utf-8")
    connector = build_connector(load_manifest(path, CATALOG, environment={}), sqlite_root=tmp_path)
    assert isinstance(connector, FilesConnector)
    return connector


def test_tables_and_settings_are_read(tmp_path: Path) -> None:
    settings = load(tmp_path).manifest.settings
    assert settings == {
        "path": "drops",
        "cache": "copies",
        "pool": 4,
        "threads": 2,
        "memory": 1024,
        "tables": {
            "firms": FileTable(name="firms", pattern="firms/dt=*/*.parquet", complete="_SUCCESS"),
            "coops": FileTable(name="coops", pattern="coops_*.csv", format=FileFormat.CSV, encoding=Encoding.GB18030),
            "flat": FileTable(name="flat", pattern="flat/*.parquet", keep=Keep.ALL),
        },
    }
    by_folder = {name: table.by_folder for name, table in settings["tables"].items()}
    assert by_folder == {"firms": True, "coops": False, "flat": False}


@pytest.mark.parametrize(
    ("before", "after", "line", "told"),
    [
        ("table: firms\n", "table: firm\n", 12, '"tables" has no "firm": did you mean "firms"?'),
        ("table: firms, column", "table: frims, column", 10, '"tables" has no "frims"'),
        ('"coops_*.csv"', '"../coops_*.csv"', 8, '"files" must be a pattern below the path'),
        ('"coops_*.csv"', '"/coops_*.csv"', 8, '"files" must be a pattern below the path'),
        ('"coops_*.csv"', '"**/coops_*.csv"', 8, '"files" must be a pattern below the path'),
        ("gb18030", "big5", 8, '"encoding" must be'),
        ("format: csv, ", "", 8, '"encoding" is for "format: csv"'),
        ("keep: all", "keep: some", 9, '"keep" must be'),
        ("complete: _SUCCESS", "complete: ../_SUCCESS", 7, '"complete" must be the name of a file'),
        ("complete:", "completed:", 7, 'unknown key "completed"'),
        ("  flat:", "  1 flat:", 9, '"1 flat" is no name for a table'),
        ("path: drops, ", "", 5, '"path" is missing'),
        ("{path: drops, ", "{path: drops, memory: 1, ", 5, '"memory" must be a whole number'),
    ],
)
def test_mistakes_are_told_by_line(tmp_path: Path, before: str, after: str, line: int, told: str) -> None:
    assert before in MANIFEST
    with pytest.raises(ManifestInvalid) as caught:
        load(tmp_path, MANIFEST.replace(before, after))
    assert [p for p in caught.value.problems if p.place.line == line and told in p.message], caught.value


def test_tables_belong_to_files_alone(tmp_path: Path) -> None:
    with pytest.raises(ManifestInvalid) as caught:
        load(tmp_path, MANIFEST.replace("engine: files", "engine: memory"))
    assert 'unknown key "tables"' in str(caught.value)
