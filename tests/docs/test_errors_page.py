"""``docs/errors.md``: a heading for every code and limit, and examples that the hub really answers."""

import ast
import json
import re
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest
from structlog.testing import capture_logs

from authz.policy import PolicyVersion
from authz.quotas import QuotaKind
from authz.subjects import ANONYMOUS, Subject
from connectors.errors import SourceAuthFailed, SourceDrifted, SourceTimeout, SourceUnavailable
from hutong.authentication import Unauthenticated
from hutong.error_mapping import PUBLIC_CODES
from hutong.trusted_documents import TrustedDocuments
from resolvers.errors import Overloaded
from resolvers.operation import OperationRequest, OperationResult
from schema.messages import sources
from tests.endpoints import endpoint_of
from tests.resolvers.mini_city import CITY, CLERK, PUBLIC, MiniCity, world
from tests.resolvers.questions import WatchedCity

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")
CALLERS = {"clerk": CLERK, "city": CITY, "public": PUBLIC}
RESERVED = {"SUPPRESSED", "BAD_TEXT", "VALUE_TOO_LARGE"}
"""Codes that are kept for what this version does not answer yet."""
TOLD_BY_NAME = {"tokens", "nesting", "requests", "cost", "target", "head", "headers"}
"""Limits whose names stand in variables: the parser's, the budgets' and those of a request's head."""


def section(heading: str) -> str:
    """The text below a heading, up to the next of the same depth or a shallower one."""
    found = re.search(rf"^(##+) `?{re.escape(heading)}`?\n(.*?)(?=^##? |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    assert found is not None, f"docs/errors.md has no heading {heading}"
    return found[2]


def limits() -> set[str]:
    """Every name of a limit that the source tells with ``LIMIT_EXCEEDED``."""
    names = {kind.value for kind in QuotaKind} | TOLD_BY_NAME
    for folder in ("hutong", "resolvers"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                match node:
                    case ast.Call(func=ast.Name(id="LimitExceeded" | "Refused"), keywords=keywords):
                        names |= {
                            str(word.value.value)
                            for word in keywords
                            if word.arg == "limit" and isinstance(word.value, ast.Constant)
                        }
                    case ast.Call(func=ast.Name(id="_refuse"), args=[ast.Constant(value=str(name)), *_]):
                        names.add(name)
    return names


@pytest.mark.parametrize("code", sorted(PUBLIC_CODES))
def test_every_code_has_a_section_that_says_what_to_do(code: str) -> None:
    text = section(code)
    assert "HTTP status" in text
    assert code in RESERVED or "What to do" in text


def test_no_section_is_of_a_code_that_is_none() -> None:
    assert set(re.findall(r"^## `(\w+)`$", PAGE, re.MULTILINE)) == PUBLIC_CODES


def test_every_limit_is_explained() -> None:
    explained = set(re.findall(r"^\| `(\w+)` \|", section("LIMIT_EXCEEDED"), re.MULTILINE))
    assert explained - {"limit"} == limits()


@cache
def plain_city() -> MiniCity:
    return MiniCity()


UNTRUSTED = TrustedDocuments({}, only=False)


@dataclass(frozen=True, slots=True)
class Example:
    """A request, and what goes wrong at the source S1 or in the hub while it runs."""

    document: str
    caller: str = "clerk"
    fault: Exception | None = None
    policy: PolicyVersion | None = None
    document_id: str | None = None
    documents: TrustedDocuments = UNTRUSTED

    @property
    def body(self) -> dict[str, str]:
        return {"query": self.document} if self.document_id is None else {"documentId": self.document_id}


TRUSTED = TrustedDocuments({"name": "{ __typename }"}, only=True)
MEMBERS = "{ partyMembers { nodes { memberNo } } }"


def for_a_purpose() -> PolicyVersion:
    """The demo's policy, with everything that is open to the public open for a purpose only."""
    policy = world()[3]
    lines = (replace(line, purposes=frozenset({"member_care"})) for line in policy.lines)
    return replace(policy, lines=tuple(lines))


ORG = '{ partyOrganisation(orgCode: "043072600001010") { name } }'
EXAMPLES = {
    "UNAUTHENTICATED": Example(ORG, caller="forged"),
    "FIELD_DENIED": Example(MEMBERS, caller="public"),
    "FILTER_DENIED": Example(
        "{ partyOrganisations(orderBy: [{secretaryName: ASC}]) { nodes { name } } }", caller="public"
    ),
    "PURPOSE_REQUIRED": Example(ORG, caller="public", policy=for_a_purpose()),
    "BAD_INPUT": Example("{ partyOrganisations { totals } }"),
    "LIMIT_EXCEEDED": Example("{ partyOrganisations(first: 5000) { nodes { name } } }"),
    "SOURCE_UNAVAILABLE": Example(MEMBERS, fault=SourceUnavailable("s1", sources.SOURCE_SILENT(connector="s1"))),
    "SOURCE_TIMEOUT": Example(MEMBERS, fault=SourceTimeout("s1", sources.SOURCE_TOO_SLOW(connector="s1"))),
    "SOURCE_DRIFTED": Example(MEMBERS, fault=SourceDrifted("s1", sources.SOURCE_DRIFTED(connector="s1"))),
    "SOURCE_AUTH": Example(MEMBERS, fault=SourceAuthFailed("s1", sources.HUB_USER_REFUSED(connector="s1"))),
    "PERSISTED_QUERY_NOT_FOUND": Example("", document_id="another", documents=TRUSTED),
    "PERSISTED_QUERY_NOT_SUPPORTED": Example("", document_id="name"),
    "PERSISTED_QUERY_ID_REQUIRED": Example(ORG, documents=TRUSTED),
    "OVERLOADED": Example(ORG, fault=Overloaded()),
    "INTERNAL": Example(MEMBERS, fault=RuntimeError("a defect")),
}


def city_of(example: Example) -> MiniCity:
    """The mini city with what is wrong in it."""
    if example.policy is not None:
        return MiniCity(policy=example.policy)
    if not isinstance(example.fault, SourceUnavailable | SourceTimeout | SourceDrifted | SourceAuthFailed):
        return plain_city()
    city = WatchedCity()
    city.spies["s1"].fault = lambda _: example.fault
    return city


async def answer(example: Example, language: str) -> tuple[int, dict[str, Any]]:
    """Status and body over HTTP."""
    city = city_of(example)

    def authenticate(authorization: str | None) -> Subject:
        if authorization is None:
            return ANONYMOUS
        if authorization not in CALLERS:
            raise Unauthenticated
        return CALLERS[authorization]

    async def execute(subject: Subject, request: OperationRequest) -> OperationResult:
        if isinstance(example.fault, Overloaded | RuntimeError):
            raise example.fault
        return await city.engine.execute(subject, request)

    endpoint = endpoint_of(execute, authenticate, documents=example.documents)
    transport = httpx.ASGITransport(endpoint)
    client = httpx.AsyncClient(transport=transport, base_url="http://hub")
    with capture_logs():
        response = await client.post(
            "/graphql",
            json=example.body,
            headers={"authorization": example.caller, "accept-language": language},
        )
    await client.aclose()
    assert response.headers["content-language"] == language
    return response.status_code, response.json()


def first_error(body: dict[str, Any], code: str) -> dict[str, Any]:
    """The first error of ``code``; its ``id``, which is another each time, is left out."""
    error = next(error for error in body["errors"] if error["extensions"]["code"] == code)
    extensions = {name: "..." if name == "id" else value for name, value in error["extensions"].items()}
    return {**error, "extensions": extensions}


def test_every_code_that_is_answered_has_an_example() -> None:
    assert EXAMPLES.keys() == PUBLIC_CODES - RESERVED


@pytest.mark.parametrize("code", EXAMPLES)
async def test_the_example_is_what_the_hub_answers(code: str) -> None:
    status, body = await answer(EXAMPLES[code], "en")
    text = section(code)
    (shown,) = re.findall(r"```json\n(.*?)```", text, re.DOTALL)
    assert json.loads(shown) == first_error(body, code)
    assert str(status) in re.search(r"HTTP status\W+(.*?)(?=\*\*|\Z)", text, re.DOTALL)[1]  # type: ignore[index]


@pytest.mark.parametrize("code", EXAMPLES)
async def test_the_extensions_of_the_example_are_explained(code: str) -> None:
    _, body = await answer(EXAMPLES[code], "en")
    for name in first_error(body, code)["extensions"].keys() - {"code"}:
        assert f"`{name}`" in section(code)


@pytest.mark.parametrize("code", EXAMPLES)
async def test_languages_differ_in_words_alone(code: str) -> None:
    _, english = await answer(EXAMPLES[code], "en")
    _, chinese = await answer(EXAMPLES[code], "zh")
    one, other = first_error(english, code), first_error(chinese, code)
    assert one.pop("message").isascii()
    assert re.search("[\u4e00-\u9fff]", other.pop("message"))
    for error in (one, other):
        error["extensions"].pop("reason", None)
    assert one == other
    assert english.get("data") == chinese.get("data")
