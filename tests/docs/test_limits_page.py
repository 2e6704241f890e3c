"""``docs/limits.md``, ``docs/transport.md``: every number is the code's, and every setting of a limit is there."""

import importlib
import re
from http import HTTPStatus
from pathlib import Path
from typing import Any

import httpx
import pytest

from hutong.budgets import PRODUCTION_COST, PRODUCTION_REQUESTS
from hutong.graphql_endpoint import _HEADERS_BY_STATUS, _STATUS_BY_CODE
from hutong.reference import settings_page
from hutong.trusted_documents import TrustedDocuments
from tests.docs.pages import blocks
from tests.endpoints import endpoint_of
from tests.resolvers.mini_city import PUBLIC, MiniCity

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "limits.md").read_text(encoding="utf-8")
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines() if line.startswith("|")]
SETTINGS = dict(re.findall(r"^\| `(HUTONG_\w+)` \| `?([^`|]*?)`? \|", settings_page(), re.MULTILINE))
CONSTANTS = [(row[3].strip("`"), row[1]) for row in ROWS if re.fullmatch(r"`[a-z_.]+\.[A-Z_]+`", row[3])]


@pytest.mark.parametrize(("name", "told"), CONSTANTS, ids=[name for name, _ in CONSTANTS])
def test_a_constant_is_what_the_page_says(name: str, told: str) -> None:
    module, _, constant = name.rpartition(".")
    value: Any = getattr(importlib.import_module(module), constant)
    if isinstance(value, dict):
        value = next(iter(set(value.values())))
    if constant == "LARGEST_NUMBER":
        value = value.bit_length()
    assert told.split()[0] == str(value)


@pytest.mark.parametrize("group", ["LIMITS", "BUDGETS", "ADMISSION"])
def test_every_setting_of_a_limit_has_a_row_with_its_default(group: str) -> None:
    told = {row[3].strip("`"): row[1] for row in ROWS}
    for name, default in SETTINGS.items():
        if name.startswith(f"HUTONG_{group}__") and name != "HUTONG_LIMITS__DEFAULT_PAGE":
            assert name in told
            assert not default or re.match(rf"{default}\b", told[name]), name


def test_the_budgets_are_those_of_production() -> None:
    assert f"{PRODUCTION_REQUESTS} in production" in PAGE
    assert f"{PRODUCTION_COST} in production" in PAGE


def test_every_status_of_the_endpoint_is_explained() -> None:
    page = (DOCS / "transport.md").read_text(encoding="utf-8")
    told = set(re.findall(r"\b[2-5]\d\d\b", " ".join(re.findall(r"^\| ([\d, ]+) \|", page, re.MULTILINE))))
    assert {str(status) for status in (*_HEADERS_BY_STATUS, *_STATUS_BY_CODE.values())} <= told
    assert all(HTTPStatus(int(status)) for status in told)


async def test_the_trusted_document_is_served_by_the_identifier_shown() -> None:
    document, request = (block.text for block in blocks(DOCS / "transport.md"))
    documents = TrustedDocuments({"unit": document.strip()}, only=True)
    endpoint = endpoint_of(MiniCity().engine.execute, lambda _: PUBLIC, documents=documents)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(endpoint), base_url="http://hub") as client:
        answer = await client.post("/graphql", content=request, headers={"content-type": "application/json"})
    assert answer.json() == {"data": {"publicUnit": {"name": "市财政局"}}}
