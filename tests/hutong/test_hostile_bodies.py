"""Hostile bodies through the endpoint: each is refused with a 4xx and a code, and nothing of the inside is told."""

import gzip
import json
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass

import httpx
import pytest

from authz.subjects import ANONYMOUS
from tests.endpoints import endpoint_of
from tests.resolvers.mini_city import MiniCity

JSON = {"content-type": "application/json", "accept": "application/graphql-response+json"}
INSIDE = re.compile(r"Traceback|File \"|orjson|sqlalchemy|DY_JBXX|\.py\b")


@dataclass(frozen=True, slots=True)
class Attack:
    """One request and what it gets."""

    name: str
    body: bytes
    status: int
    code: str
    headers: Mapping[str, str]


def sends(name: str, body: bytes, status: int = 400, code: str = "BAD_INPUT", **headers: str) -> Attack:
    """Bytes that are no proper request."""
    return Attack(name, body, status, code, {**JSON, **headers})


QUERY = json.dumps({"query": "{ __typename }"}).encode()
BOMB = gzip.compress(b" " * 50_000_000)
MULTIPART = b'--x\r\nContent-Disposition: form-data; name="operations"\r\n\r\n{"query":"{ __typename }"}\r\n--x--\r\n'

BODIES = (
    sends("a gzip bomb", BOMB, 415, **{"content-encoding": "gzip"}),
    sends("a compressed query", gzip.compress(QUERY), 415, **{"content-encoding": "gzip"}),
    sends("multipart", MULTIPART, 415, **{"content-type": "multipart/form-data; boundary=x"}),
    sends("plain text", QUERY, 415, **{"content-type": "text/plain"}),
    sends("a form", b"query=%7B__typename%7D", 415, **{"content-type": "application/x-www-form-urlencoded"}),
    sends("almost the media type", QUERY, 415, **{"content-type": "application/jsonx"}),
    sends("another charset", QUERY, 415, **{"content-type": "application/json; charset=gbk"}),
    sends("a batch of 500", json.dumps([{"query": "{ __typename }"}] * 500).encode()),
    sends("an empty batch", b"[]"),
    sends("null", b"null"),
    sends("a number", b"1"),
    sends("a string", b'"x"'),
    sends("nothing", b""),
    sends("200,000 brackets", b"[" * 200_000),
    sends("100,000 nested arrays", b"[" * 100_000 + b"]" * 100_000),
    sends("50,000 nested objects", b'{"a":' * 40_000 + b"1" + b"}" * 40_000),
    sends("invalid UTF-8", b'{"query": "{ __typename \xff }"}'),
    sends("truncated UTF-8", b'{"query": "\xe5\x85'),
    sends("GBK", '{"query": "{ __typename } # 常德"}'.encode("gbk")),
    sends("a lone surrogate", b'{"query": "{ __typename } # \\ud800"}'),
    sends("a number of 5,000 digits", b'{"query": "{ __typename }", "variables": {"n": ' + b"9" * 5_000 + b"}}"),
    sends("NaN", b'{"query": "{ __typename }", "variables": {"n": NaN}}'),
    sends("a query that is a list", b'{"query": ["{ __typename }"]}'),
    sends("variables that are a list", b'{"query": "{ __typename }", "variables": [1]}'),
    sends(
        "variables nested 45 deep",
        b'{"query": "{a}", "variables": ' + b'{"a":' * 45 + b"1" + b"}" * 46,
        400,
        "LIMIT_EXCEEDED",
    ),
    sends("a body over its size", b" " * (256 * 1024) + QUERY, 413, "LIMIT_EXCEEDED"),
)


@pytest.fixture(scope="module")
def city() -> MiniCity:
    return MiniCity()


@pytest.fixture
async def client(city: MiniCity) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(endpoint_of(city.engine.execute, lambda _: ANONYMOUS))
    async with httpx.AsyncClient(transport=transport, base_url="http://hub") as client:
        yield client


@pytest.mark.parametrize("attack", BODIES, ids=lambda attack: attack.name)
async def test_a_hostile_body_is_refused_with_a_code(client: httpx.AsyncClient, attack: Attack) -> None:
    response = await client.post("/graphql", content=attack.body, headers=dict(attack.headers))
    assert response.status_code == attack.status
    assert not INSIDE.search(response.text)
    body = response.json()
    assert "data" not in body
    assert [error["extensions"]["code"] for error in body["errors"]] == [attack.code]


async def test_response_keys_are_data(client: httpx.AsyncClient) -> None:
    names = ("__class__", "__init__", "constructor", "_mapping", "keys", "data", "errors", "id")
    document = "{ serviceStations(first: 1) { " + " ".join(f"{name}: name" for name in names) + " } }"
    inner = document.replace("{ serviceStations(first: 1) { ", "{ serviceStations(first: 1) { nodes { ", 1) + " }"
    body = (await client.post("/graphql", json={"query": inner})).json()
    (station,) = body["data"]["serviceStations"]["nodes"]
    assert list(station) == list(names)
    assert len(set(station.values())) == 1


async def test_extensions_of_a_request_are_no_identity(client: httpx.AsyncClient) -> None:
    extensions = {"user": "demo-clerk", "roles": ["city_org_admin"], "dashboard_load_id": "1"}
    body = {"query": "{ partyMembers(first: 1) { nodes { memberNo } } }", "extensions": extensions}
    answer = (await client.post("/graphql", json=body)).json()
    assert answer["errors"][0]["extensions"]["code"] == "FIELD_DENIED"
    assert json.dumps(answer).count("memberNo") == 0
