"""Hostile documents, through the endpoint and into the engine: each is refused with a 4xx and a code, in milliseconds.

The processor's time is what counts: while it is spent, no other request moves. The bound is far under the quarter of a
second that another request may wait.
"""

import time
from collections.abc import AsyncIterator, Mapping
from typing import Any

import httpx
import pytest

from tests.endpoints import endpoint_of
from tests.resolvers.mini_city import CLERK, MiniCity

LONGEST = 0.25
"""Seconds of the processor."""


@pytest.fixture(scope="module")
def city() -> MiniCity:
    return MiniCity()


@pytest.fixture
async def client(city: MiniCity) -> AsyncIterator[httpx.AsyncClient]:
    endpoint = endpoint_of(city.engine.execute, lambda _: CLERK)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(endpoint), base_url="http://hub") as client:
        yield client


async def in_milliseconds(
    client: httpx.AsyncClient, body: Mapping[str, Any], headers: Mapping[str, str] | None = None
) -> httpx.Response:
    """The answer; the best of three counts, for the processor is shared with other tests."""
    spent = []
    for _ in range(3):
        before = time.thread_time()
        response = await client.post("/graphql", json=body, headers=headers)
        spent.append(time.thread_time() - before)
        if spent[-1] < LONGEST:
            return response
    raise AssertionError(f"took {min(spent):.2f} s of the processor")


def nested(levels: int, inner: str = "id", first: int = 10) -> str:
    """A branch of its members of their branch of its members."""
    for _ in range(levels):
        inner = f"members(first: {first}) {{ nodes {{ org {{ {inner} }} }} }}"
    return f'{{ partyOrganisation(orgCode: "001010001000000") {{ {inner} }} }}'


def repeated(levels: int) -> str:
    """The same selection twice at each level: 2 KiB that the comparison of fields takes for 2 ** levels."""
    inner = "id"
    for _ in range(levels):
        inner = f"parent {{ {inner} }} parent {{ {inner} }}"
    return f'{{ partyOrganisation(orgCode: "1") {{ {inner} }} }}'


def doubling(levels: int) -> str:
    fragments = " ".join(
        f"fragment F{i} on PartyOrganisation {{ a: parent {{ ...F{i + 1} }} b: parent {{ ...F{i + 1} }} }}"
        for i in range(levels)
    )
    last = f"fragment F{levels} on PartyOrganisation {{ id }}"
    return f'{{ partyOrganisation(orgCode: "1") {{ ...F0 }} }} {fragments} {last}'


def crossing(count: int) -> str:
    """Fragments that spread each other in every direction but a circle."""
    spreads = (
        f"fragment F{i} on PartyOrganisation {{ id {' '.join(f'...F{j}' for j in range(i + 1, count))} }}"
        for i in range(count)
    )
    return f'{{ partyOrganisation(orgCode: "1") {{ ...F0 }} }} {" ".join(spreads)}'


HOSTILE = {
    "2,500 tokens": "{ " + "id " * 2_500 + "}",
    "5,000 directives": "{ __typename " + "@a" * 5_000 + " }",
    "900 repeated directives": "{ __typename " + "@skip(if: true) " * 200 + "}",
    "3,000 comments": "#\n" * 3_000 + "{ __typename }",
    "900 braces": "{ a" * 900 + "}" * 900,
    "a list value of 150 levels": "{ partyMembers(where: {memberNo: {in: "
    + "[" * 150
    + "]" * 150
    + "}}) { totalCount } }",
    "1,000 aliases of a root field": "{ " + " ".join(f"a{i}: __typename" for i in range(660)) + " }",
    "31 aliases": "{ " + " ".join(f"a{i}: __typename" for i in range(31)) + " }",
    "21 root fields": "{ " + "__typename " * 21 + "}",
    "20 levels": nested(10),
    "pages of pages": nested(2, first=1_000),
    "the largest page": "{ partyMembers(first: 2147483647) { nodes { id } } }",
    "a page of 5,000 digits": "{ partyMembers(first: " + "9" * 5_000 + ") { nodes { id } } }",
    "a negative page": "{ partyMembers(first: -1) { nodes { id } } }",
    "fields repeated 2 ** 7 times": repeated(7),
    "aliases doubled 20 times": doubling(20),
    "40 crossing fragments": crossing(40),
    "a fragment that spreads itself": "{ ...F } fragment F on Query { __typename ...F }",
    "two fragments in a circle": "{ ...F } fragment F on Query { ...G } fragment G on Query { ...F }",
    "introspection in circles": "{ __schema { types { fields { type { fields { type { fields { type { fields { name "
    "} } } } } } } } } }",
    "an unknown field 600 times": "{ " + " ".join(f"nothing{i}" for i in range(600)) + " }",
    "300 unused fragments": "{ __typename } "
    + " ".join(f"fragment F{i} on Query {{ __typename }}" for i in range(200)),
    "400 unused variables": "query (" + " ".join(f"$v{i}: Int" for i in range(400)) + ") { __typename }",
    "200 operations": " ".join(f"query Q{i} {{ __typename }}" for i in range(300)),
    "the same operation twice": "query Q { __typename } query Q { __typename }",
    "a mutation": "mutation { __typename }",
    "a subscription": "subscription { __typename }",
    "a type definition": "type Query { a: Int }",
    "an unclosed block string": '{ a(b: """' + "x" * 15_000 + ") }",
    "a document of 17 KiB": "{ __typename }" + " " * 17_000,
    "a condition of 300 branches": "{ partyMembers(where: {or: ["
    + "{memberNo: {eq: 1}}," * 300
    + "]}) { totalCount } }",
    "a condition of 80 levels": "{ partyMembers(where: " + "{not: " * 80 + "{}" + "}" * 80 + ") { totalCount } }",
}

ODD = {
    "fields repeated 2 ** 6 times": repeated(6),
    "300 inline fragments": "{ " + "... { " * 150 + "__typename" + " }" * 150 + " }",
    "a condition of 15 levels": "{ partyMembers(where: " + "{not: " * 14 + "{}" + "}" * 14 + ") { totalCount } }",
}
"""Valid, and within every limit."""


@pytest.mark.parametrize("document", ODD.values(), ids=ODD)
async def test_an_odd_document_is_answered_in_milliseconds(client: httpx.AsyncClient, document: str) -> None:
    response = await in_milliseconds(client, {"query": document})
    assert "errors" not in response.json()


@pytest.mark.parametrize("accept", ["application/json", "application/graphql-response+json"], ids=["json", "graphql"])
@pytest.mark.parametrize("document", HOSTILE.values(), ids=HOSTILE)
async def test_a_hostile_document_is_refused_in_milliseconds(
    client: httpx.AsyncClient, document: str, accept: str
) -> None:
    response = await in_milliseconds(client, {"query": document}, {"Accept": accept})
    body = response.json()
    codes = [error["extensions"]["code"] for error in body["errors"]]
    assert 1 <= len(codes) <= 3
    assert set(codes) <= {"BAD_INPUT", "LIMIT_EXCEEDED"}
    assert "data" not in body
    if "LIMIT_EXCEEDED" in codes or "graphql" in accept:
        assert 400 <= response.status_code < 500


@pytest.mark.parametrize(
    ("document", "limit"),
    [
        ("2,500 tokens", "tokens"),
        ("3,000 comments", "tokens"),
        ("900 braces", "nesting"),
        ("31 aliases", "aliases"),
        ("21 root fields", "root_fields"),
        ("20 levels", "depth"),
        ("pages of pages", "rows"),
        ("the largest page", "page"),
        ("fields repeated 2 ** 7 times", "merge"),
        ("a document of 17 KiB", "document"),
        ("a condition of 80 levels", "depth"),
    ],
)
async def test_a_limit_is_named(client: httpx.AsyncClient, document: str, limit: str) -> None:
    response = await client.post("/graphql", json={"query": HOSTILE[document]})
    assert response.status_code == 400
    (told,) = (error["extensions"] for error in response.json()["errors"])
    assert (told["code"], told["limit"]) == ("LIMIT_EXCEEDED", limit)
    assert told["maximum"] >= 1


@pytest.mark.parametrize(
    "variables",
    [
        {"where": {"or": [{"memberNo": {"eq": 1}}] * 5_000}},
        {"where": {"memberNo": {"in": list(range(50_000))}}},
        {"first": 2**31},
        {"first": "20"},
        {"first": 1_001},
    ],
    ids=["5,000 branches", "50,000 values", "2 ** 31", "a text", "1,001"],
)
async def test_hostile_variables_are_refused_in_milliseconds(
    client: httpx.AsyncClient, variables: Mapping[str, Any]
) -> None:
    document = (
        "query ($where: PartyMemberFilter, $first: Int) { partyMembers(where: $where, first: $first) { nodes { id } } }"
    )
    response = await in_milliseconds(client, {"query": document, "variables": variables})
    assert response.json()["errors"][0]["extensions"]["code"] in ("BAD_INPUT", "LIMIT_EXCEEDED")


async def test_names_are_data(client: httpx.AsyncClient) -> None:
    aliases = ("__proto__", "__class__", "_mapping", "constructor", "x" * 300)
    document = "{ " + " ".join(f"{alias}: __typename" for alias in aliases) + " }"
    response = await client.post("/graphql", json={"query": document})
    assert response.json() == {"data": dict.fromkeys(aliases, "Query")}
