"""The demo's manifests over the city's own rows: every word and code is mapped, and only planted defects remain."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from connectors.manifest import load_manifest
from connectors.manifest_checks import CheckReport, check_source
from connectors.memory import MemoryConnector
from demo.city.generator import city
from schema.catalog_loader import load_catalog

MANIFESTS = Path(__file__).parents[2] / "demo" / "manifests"
SECRETS = {"HUTONG_S1_PASSWORD": "x", "HUTONG_S2_PASSWORD": "y"}
PLANTED = {
    "s1": {
        ("secretaryName", "NAME_LOSSY"),
        ("hostUscc", "USCC_CHECKSUM"),
        ("joinedOn", "DATE_INVALID"),
        ("fullMemberOn", "DATE_INVALID"),
        ("birthDate", "DATE_INVALID"),
        ("idNumber", "ID_CHECKSUM"),
        ("name", "NAME_LOSSY"),
        ("education", "CODE_UNMAPPED"),
    },
    "s2": set(),
    "s3": {("birthDate", "DATE_INVALID"), ("birthDate", "DATE_PRECISION_MONTH")},
}

Tables = Mapping[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def tables() -> Tables:
    return {
        streamed.table.name: [dict(zip(streamed.table.column_names, row, strict=True)) for row in streamed.rows]
        for streamed in city(0.005)
    }


async def check(source: str, tables: Tables) -> CheckReport:
    catalog = load_catalog()
    manifest = load_manifest(MANIFESTS / f"{source}.yaml", catalog, environment=SECRETS)
    return await check_source(manifest, MemoryConnector(manifest, tables), catalog, sample=100_000)


@pytest.mark.parametrize("source", ["s1", "s2", "s3"])
async def test_manifest_has_no_problem_with_its_source(tables: Tables, source: str) -> None:
    assert (await check(source, tables)).problems == ()


@pytest.mark.parametrize("source", ["s1", "s2", "s3"])
async def test_only_planted_defects_are_found(tables: Tables, source: str) -> None:
    advice = (await check(source, tables)).advice
    found = {match.groups() for a in advice if (match := re.match(r'"(\w+)": ([A-Z_]+) in', a.message))}
    assert found == PLANTED[source]


async def test_only_the_planted_education_code_is_unmapped(tables: Tables) -> None:
    told = [
        a.message for source in PLANTED for a in (await check(source, tables)).advice if "without a code" in a.message
    ]
    assert len(told) == 1
    assert told[0].startswith('"education": spellings without a code: "7X"')
