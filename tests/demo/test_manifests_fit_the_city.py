"""The demo's manifests over the city's own rows: every word and code is mapped, and only planted defects remain."""

import asyncio
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from connectors.manifest import load_manifest
from connectors.manifest_checks import CheckReport, check_source
from connectors.memory import MemoryConnector
from demo.city.edition import SEED
from demo.city.generator import city
from demo.city.reference import write_reference
from schema.catalog_loader import load_catalog

MANIFESTS = Path(__file__).parents[2] / "demo" / "manifests"
SECRETS = {
    **{f"HUTONG_{source}_PASSWORD": "x" for source in ("S1", "S2", "S4", "S5")},
    "HUTONG_HOTLINE_TOKEN": "y",
    "HUTONG_HOTLINE_MIRROR_KEY": "5e" * 32,
}
SCALE = 0.005
PLANTED = {
    "s1": {
        ("secretaryName", "NAME_LOSSY"),
        ("secretaryIdentity", "NAME_UNRESOLVED"),
        ("hostUscc", "USCC_CHECKSUM"),
        ("joinedOn", "DATE_INVALID"),
        ("fullMemberOn", "DATE_INVALID"),
        ("birthDate", "DATE_INVALID"),
        ("idNumber", "ID_CHECKSUM"),
        ("name", "NAME_LOSSY"),
        ("education", "CODE_UNMAPPED"),
    },
    "s2": set(),
    "s3": {
        ("birthDate", "DATE_INVALID"),
        ("birthDate", "DATE_PRECISION_MONTH"),
        ("appointedOn", "DATE_PRECISION_MONTH"),
        ("changedOn", "DATE_PRECISION_MONTH"),
        ("name", "UNIT_NAME_ALIAS"),
    },
    "s4": set(),
    "s5": {("receiverDiv", "DIV_UNKNOWN")},
    "s6": {("uscc", "USCC_CHECKSUM"), ("stationCode", "STATION_UNKNOWN")},
    "hotline": {("unitNo", "UNIT_UNKNOWN"), ("unitNo", "UNIT_NAME_ALIAS")},
}

Tables = Mapping[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def tables() -> Tables:
    """The city's rows; those of a table without a key are numbered, as SQLite does it."""
    return {
        streamed.table.name: [
            {"rowid": number, **dict(zip(streamed.table.column_names, row, strict=True))}
            for number, row in enumerate(streamed.rows, 1)
        ]
        for streamed in city(SCALE)
    }


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the tables of names that manifests refer to."""
    root = tmp_path_factory.mktemp("state")
    write_reference(root / "reference", SEED, SCALE)
    return root


@pytest.fixture(scope="module")
def reports(tables: Tables, state: Path) -> Mapping[str, CheckReport]:
    catalog = load_catalog()
    found: dict[str, CheckReport] = {}
    for source in PLANTED:
        path = MANIFESTS / f"{source}.yaml"
        manifest = load_manifest(path, catalog, environment=SECRETS, files_root=state)
        found[source] = asyncio.run(check_source(manifest, MemoryConnector(manifest, tables), catalog, sample=100_000))
    return found


@pytest.mark.parametrize("source", PLANTED)
def test_manifest_has_no_problem_with_its_source(reports: Mapping[str, CheckReport], source: str) -> None:
    assert reports[source].problems == ()


@pytest.mark.parametrize("source", PLANTED)
def test_only_planted_defects_are_found(reports: Mapping[str, CheckReport], source: str) -> None:
    advice = reports[source].advice
    found = {match.groups() for a in advice if (match := re.match(r'"(\w+)": ([A-Z_]+) in', a.message))}
    assert found == PLANTED[source]


def test_only_planted_spellings_are_unmapped(reports: Mapping[str, CheckReport]) -> None:
    told = [a.message for report in reports.values() for a in report.advice if "without a code" in a.message]
    assert [message.partition(":")[0] for message in told] == [
        '"education"',
        '"receiverDiv"',
        '"stationCode"',
        '"unitNo"',
    ]
    assert told[0].startswith('"education": spellings without a code: "7X"')
