"""The endpoint over ASGI: statuses, media types, headers, who asks, and a client that leaves."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx
import pytest
from starlette.types import Message

from authz.subjects import ANONYMOUS, Subject
from hutong import graphql_endpoint
from hutong.admission import Admission, AdmissionLimits
from hutong.authentication import Unauthenticated
from hutong.budgets import Budget
from hutong.lifecycle import Lifecycle
from hutong.response_headers import SECURITY_HEADERS, ResponseHeaders
from hutong.trusted_documents import TrustedDocuments, sha256_of
from resolvers.errors import BadInput, LimitExceeded, Overloaded
from resolvers.operation import OperationRequest, OperationResult
from schema.language import Language
from schema.messages import operations
from tests.endpoints import endpoint_of

GRAPHQL = "application/graphql-response+json"
LEGACY = "application/json"
OFFICER = Subject(id="u-1", roles=frozenset({"county_org_clerk"}))
ERROR = BadInput(operations.ONLY_QUERIES())
REFUSED = OperationResult(data=None, errors=(ERROR.formatted(Language.ZH),), executed=False)
PARTIAL = OperationResult(data={"a": None}, errors=({**ERROR.formatted(Language.ZH), "path": ["a"]},))

Execute = Callable[[Subject, OperationRequest], Awaitable[OperationResult]]


class Engine:
    """Records what it was asked and answers (or raises) what it was given."""

    def __init__(self, answer: OperationResult | Exception) -> None:
        self.answer = answer
        self.asked: list[tuple[Subject, OperationRequest]] = []

    async def execute(self, subject: Subject, request: OperationRequest) -> OperationResult:
        self.asked.append((subject, request))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def authenticate(header: str | None) -> Subject:
    """``Bearer good`` is the officer, nothing is anonymous, all else is refused."""
    if header is None:
        return ANONYMOUS
    if header == "Bearer good":
        return OFFICER
    raise Unauthenticated


def client_of(execute: Execute, **parts: Any) -> httpx.AsyncClient:
    app = ResponseHeaders(endpoint_of(execute, authenticate, **parts), lifecycle=Lifecycle())
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://hub")


@pytest.fixture
def engine() -> Engine:
    return Engine(OperationResult(data={"a": 1}))


@pytest.fixture
async def client(engine: Engine) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(engine.execute) as client:
        yield client


async def test_an_operation_is_executed_for_the_verified_subject(client: httpx.AsyncClient, engine: Engine) -> None:
    before = asyncio.get_running_loop().time()
    response = await client.post(
        "/graphql",
        json={"query": "query A($n: Int) { a }", "operationName": "A", "variables": {"n": 3}},
        headers={"Authorization": "Bearer good"},
    )
    assert (response.status_code, response.json()) == (200, {"data": {"a": 1}})
    ((subject, request),) = engine.asked
    assert subject == OFFICER
    assert (request.document, request.operation_name, request.variables) == ("query A($n: Int) { a }", "A", {"n": 3})
    assert not request.safe_method
    assert 9.9 < request.deadline - before < 10.5


async def test_the_purpose_of_an_operation_comes_in_a_header(client: httpx.AsyncClient, engine: Engine) -> None:
    await client.post("/graphql", json={"query": "{ a }"}, headers={"Hutong-Purpose": "member_care"})
    assert engine.asked[0][0] == Subject(id=ANONYMOUS.id, roles=ANONYMOUS.roles, purpose="member_care")


@pytest.mark.parametrize("purpose", ["", "a b", "x" * 65, "1=1", 'a"'], ids=["empty", "blank", "long", "sql", "quote"])
async def test_what_cannot_be_a_purpose_is_refused(client: httpx.AsyncClient, engine: Engine, purpose: str) -> None:
    response = await client.post("/graphql", json={"query": "{ a }"}, headers={"Hutong-Purpose": purpose})
    assert response.status_code == 400
    assert engine.asked == []


@pytest.mark.parametrize("header", [{}, {"Hutong-Purpose": "member_care"}], ids=["alone", "and in the header"])
async def test_the_purpose_of_an_operation_comes_in_its_extensions(
    client: httpx.AsyncClient, engine: Engine, header: dict[str, str]
) -> None:
    body = {"query": "{ a }", "extensions": {"purpose": "member_care", "client": {"name": "portal"}}}
    await client.post("/graphql", json=body, headers=header)
    assert engine.asked[0][0].purpose == "member_care"


@pytest.mark.parametrize("purpose", ["", "a b", 7, ["member_care"], {"a": 1}, "x" * 65], ids=str)
async def test_what_cannot_be_a_purpose_in_extensions_is_refused(
    client: httpx.AsyncClient, engine: Engine, purpose: object
) -> None:
    response = await client.post("/graphql", json={"query": "{ a }", "extensions": {"purpose": purpose}})
    assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (400, "BAD_INPUT")
    assert engine.asked == []


async def test_two_purposes_are_refused(client: httpx.AsyncClient, engine: Engine) -> None:
    body = {"query": "{ a }", "extensions": {"purpose": "member_care"}}
    response = await client.post("/graphql", json=body, headers={"Hutong-Purpose": "audit"})
    assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (400, "BAD_INPUT")
    assert engine.asked == []


async def test_a_trusted_document_is_asked_for_by_its_identifier(engine: Engine) -> None:
    text = "query Branch { a }"
    async with client_of(engine.execute, documents=TrustedDocuments({"branch": text}, only=True)) as client:
        identifier = sha256_of(text)
        await client.post("/graphql", json={"documentId": identifier, "operationName": "Branch"})
        await client.post("/graphql", json={"documentId": "branch", "variables": {"n": 1}})
        await client.get("/graphql", params={"documentId": identifier})
        apollo = {"persistedQuery": {"version": 1, "sha256Hash": identifier.removeprefix("sha256:")}}
        await client.post("/graphql", json={"extensions": apollo})
        await client.get("/graphql", params={"extensions": json.dumps(apollo)})
        refused = await client.post("/graphql", json={"query": "{ other }"}, headers={"Accept": GRAPHQL})
        unknown = await client.post("/graphql", json={"documentId": "other"}, headers={"Accept": GRAPHQL})
    assert [request.document for _, request in engine.asked] == [text] * 5
    assert [request.safe_method for _, request in engine.asked] == [False, False, True, False, True]
    assert refused.status_code == unknown.status_code == 400
    assert refused.json()["errors"][0]["extensions"]["code"] == "PERSISTED_QUERY_ID_REQUIRED"
    assert unknown.json()["errors"][0]["extensions"]["code"] == "PERSISTED_QUERY_NOT_FOUND"


async def test_a_used_up_budget_is_429_before_the_body_is_looked_at(engine: Engine) -> None:
    async with client_of(engine.execute, requests=Budget("requests", 2)) as client:
        for _ in range(2):
            assert (await client.post("/graphql", json={"query": "{ a }"})).status_code == 200
        refused = await client.post("/graphql", content=b"\xff")
        other = await client.post("/graphql", json={"query": "{ a }"}, headers={"Authorization": "Bearer good"})
    assert refused.status_code == 429
    assert refused.json()["errors"][0]["extensions"] == {
        "code": "LIMIT_EXCEEDED",
        "limit": "requests",
        "maximum": 2,
        "retryAfter": int(refused.headers["retry-after"]),
    }
    assert 1 <= int(refused.headers["retry-after"]) <= 31
    assert other.status_code == 200
    assert [request.account for _, request in engine.asked] == ["address:127.0.0.1"] * 2 + ["subject:u-1"]


@pytest.mark.parametrize("accept", [LEGACY, GRAPHQL])
async def test_a_used_up_cost_budget_of_the_engine_is_429(accept: str) -> None:
    refusal = LimitExceeded(operations.ONE_LOOKUP(), limit="cost", maximum=5, retryAfter=7)
    async with client_of(Engine(refusal).execute) as client:
        response = await client.post("/graphql", json={"query": "{ a }"}, headers={"Accept": accept})
    assert (response.status_code, response.headers["retry-after"]) == (429, "7")


async def test_without_room_a_request_is_503_before_anything_is_looked_at(engine: Engine) -> None:
    admission = Admission(AdmissionLimits(in_flight=1, waiting=0))
    async with client_of(engine.execute, admission=admission) as client:
        async with admission:
            response = await client.post("/graphql", content=b"\xff", headers={"Authorization": "Bearer bad"})
        assert (await client.post("/graphql", json={"query": "{ a }"})).status_code == 200
    assert (response.status_code, response.headers["retry-after"]) == (503, "1")
    assert response.json()["errors"][0]["extensions"]["code"] == "OVERLOADED"
    assert len(engine.asked) == 1


async def test_get_is_marked_as_a_safe_method(client: httpx.AsyncClient, engine: Engine) -> None:
    response = await client.get("/graphql", params={"query": "{ a }", "variables": '{"n": 1}'})
    assert response.json() == {"data": {"a": 1}}
    ((subject, request),) = engine.asked
    assert subject == ANONYMOUS
    assert request.safe_method
    assert request.variables == {"n": 1}


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"])
async def test_other_methods_are_refused_with_those_allowed(client: httpx.AsyncClient, method: str) -> None:
    response = await client.request(method, "/graphql", json={"query": "{ a }"})
    assert response.status_code == 405
    assert response.headers["allow"] == "GET, POST"


@pytest.mark.parametrize(
    ("accept", "media_type"), [(None, LEGACY), ("*/*", LEGACY), (LEGACY, LEGACY), (GRAPHQL, GRAPHQL)]
)
async def test_the_response_has_the_accepted_media_type(
    client: httpx.AsyncClient, accept: str | None, media_type: str
) -> None:
    client.headers.pop("accept")
    response = await client.post("/graphql", json={"query": "{ a }"}, headers={"Accept": accept} if accept else {})
    assert response.headers["content-type"] == f"{media_type}; charset=utf-8"
    assert response.headers["content-length"] == str(len(response.content))


@pytest.mark.parametrize(
    ("answer", "legacy", "graphql"),
    [
        pytest.param(OperationResult(data={"a": 1}), 200, 200, id="data"),
        pytest.param(PARTIAL, 200, 200, id="data with an error"),
        pytest.param(REFUSED, 200, 400, id="not executed"),
        pytest.param(BadInput(operations.OPERATION_NOT_CHOSEN()), 200, 400, id="an operation's error"),
        pytest.param(LimitExceeded(operations.ONE_LOOKUP(), limit="depth", maximum=15), 400, 400, id="a limit"),
        pytest.param(Overloaded(), 503, 503, id="no room"),
        pytest.param(ZeroDivisionError(), 500, 500, id="a failure of the hub"),
    ],
)
async def test_status_of(answer: OperationResult | Exception, legacy: int, graphql: int) -> None:
    async with client_of(Engine(answer).execute) as client:
        statuses = [
            (await client.post("/graphql", json={"query": "{ a }"}, headers={"Accept": accept})).status_code
            for accept in (LEGACY, GRAPHQL)
        ]
    assert statuses == [legacy, graphql]


async def test_a_request_error_has_no_data() -> None:
    async with client_of(Engine(REFUSED).execute) as client:
        body = (await client.post("/graphql", json={"query": "{ a }"})).json()
    assert body == {"errors": [{"message": "平台只读：此处只提供查询", "extensions": {"code": "BAD_INPUT"}}]}


async def test_an_exception_leaves_as_an_opaque_id() -> None:
    async with client_of(Engine(RuntimeError("postgresql://hub:S3ntinel@10.0.0.7")).execute) as client:
        response = await client.post("/graphql", json={"query": "{ a }"})
    (error,) = response.json()["errors"]
    assert set(error["extensions"]) == {"code", "id"}
    assert "S3ntinel" not in response.text


async def test_a_value_that_is_no_json_leaves_as_an_opaque_id() -> None:
    async with client_of(Engine(OperationResult(data={"a": "\ud800"})).execute) as client:
        response = await client.post("/graphql", json={"query": "{ a }"})
    assert response.status_code == 500
    assert response.json()["errors"][0]["extensions"]["code"] == "INTERNAL"


async def test_no_room_says_when_to_come_back() -> None:
    async with client_of(Engine(Overloaded()).execute) as client:
        response = await client.post("/graphql", json={"query": "{ a }"})
    assert response.headers["retry-after"] == "1"


@pytest.mark.parametrize("header", ["Bearer bad", "Basic eDp5", "", "good"], ids=["bad", "basic", "empty", "bare"])
async def test_a_bad_credential_is_401_before_the_body_is_looked_at(
    client: httpx.AsyncClient, engine: Engine, header: str
) -> None:
    response = await client.post("/graphql", content=b"\xff", headers={"Authorization": header})
    assert response.status_code == 401
    assert response.headers["www-authenticate"].startswith("Bearer ")
    assert response.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    assert engine.asked == []


async def test_two_credentials_are_refused(client: httpx.AsyncClient, engine: Engine) -> None:
    response = await client.post(
        "/graphql",
        json={"query": "{ a }"},
        headers=[("Authorization", "Bearer good"), ("Authorization", "Bearer good")],
    )
    assert response.status_code == 400
    assert engine.asked == []


@pytest.mark.parametrize(
    ("content", "content_type", "status"),
    [
        pytest.param(b"null", LEGACY, 400, id="null"),
        pytest.param(b"[]", LEGACY, 400, id="array"),
        pytest.param(b"\xff", LEGACY, 400, id="no UTF-8"),
        pytest.param(b'{"query":"{a}"}', "text/plain", 415, id="text"),
        pytest.param(b" " * 300_000, LEGACY, 413, id="too large"),
    ],
)
@pytest.mark.parametrize("accept", [LEGACY, GRAPHQL])
async def test_a_refused_request_never_reaches_the_engine(
    client: httpx.AsyncClient, engine: Engine, content: bytes, content_type: str, status: int, accept: str
) -> None:
    response = await client.post("/graphql", content=content, headers={"Content-Type": content_type, "Accept": accept})
    assert response.status_code == status
    assert response.json()["errors"][0]["extensions"]["code"] in ("BAD_INPUT", "LIMIT_EXCEEDED")
    assert response.headers["content-type"].startswith(accept)
    assert engine.asked == []


async def test_a_body_that_is_not_read_closes_the_connection(client: httpx.AsyncClient) -> None:
    response = await client.post("/graphql", content=b" " * 300_000, headers={"Content-Type": LEGACY})
    assert response.headers["connection"] == "close"


@pytest.mark.parametrize("status", [200, 400, 401, 405])
async def test_every_response_carries_the_security_headers(client: httpx.AsyncClient, status: int) -> None:
    requests: dict[int, dict[str, Any]] = {
        200: {"method": "POST", "json": {"query": "{ a }"}},
        400: {"method": "POST", "json": {}},
        401: {"method": "POST", "headers": {"Authorization": "Bearer bad"}},
        405: {"method": "PUT"},
    }
    response = await client.request(url="/graphql", **requests[status])
    assert response.status_code == status
    for name, value in SECURITY_HEADERS:
        assert response.headers[name.decode()] == value.decode()
    assert "server" not in response.headers


async def test_a_response_over_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graphql_endpoint, "RESPONSE_BYTES", 100)
    async with client_of(Engine(OperationResult(data={"a": "x" * 200})).execute) as client:
        body = (await client.post("/graphql", json={"query": "{ a }"})).json()
    assert body["data"] is None
    assert body["errors"][0]["extensions"]["code"] == "LIMIT_EXCEEDED"
    assert body["errors"][0]["extensions"]["limit"] == "response"


async def test_a_client_that_leaves_ends_its_operation_and_gets_nothing() -> None:
    ended = asyncio.Event()
    messages = iter(
        [
            {"type": "http.request", "body": json.dumps({"query": "{ a }"}).encode(), "more_body": False},
            {"type": "http.disconnect"},
        ]
    )
    sent: list[Message] = []

    async def receive() -> Message:
        return next(messages)

    async def send(message: Message) -> None:
        sent.append(message)

    async def execute(subject: Subject, request: OperationRequest) -> OperationResult:
        try:
            await asyncio.sleep(60)
        finally:
            ended.set()
        raise AssertionError("it was not cancelled")

    endpoint = endpoint_of(execute, authenticate)
    headers = [(b"content-type", b"application/json")]
    async with asyncio.timeout(5):
        await endpoint({"type": "http", "method": "POST", "headers": headers, "query_string": b""}, receive, send)
    assert ended.is_set()
    assert sent == []


async def test_a_draining_replica_closes_each_connection() -> None:
    lifecycle = Lifecycle(draining=True)
    endpoint = endpoint_of(Engine(OperationResult(data={})).execute, authenticate)
    transport = httpx.ASGITransport(ResponseHeaders(endpoint, lifecycle=lifecycle))
    async with httpx.AsyncClient(transport=transport, base_url="http://hub") as client:
        response = await client.post("/graphql", json={"query": "{ a }"})
    assert response.status_code == 200
    assert response.headers["connection"] == "close"


@pytest.mark.parametrize(
    ("headers", "language"),
    [
        ({}, "zh"),
        ({"accept-language": "en-GB,en;q=0.9"}, "en"),
        ({"accept-language": "zh-CN,zh;q=0.9,en;q=0.8"}, "zh"),
        ({"accept-language": ";;q=x"}, "zh"),
    ],
    ids=["none", "English", "Chinese", "malformed"],
)
async def test_the_language_of_the_request_is_the_answers(
    engine: Engine, headers: dict[str, str], language: str
) -> None:
    async with client_of(engine.execute) as client:
        response = await client.post("/graphql", json={"query": "{ a }"}, headers=headers)
    assert response.headers["content-language"] == language
    assert "accept-language" in response.headers["vary"]
    assert engine.asked[0][1].language == language


async def test_repeated_headers_of_language_are_one(engine: Engine) -> None:
    headers = [("accept-language", "zh;q=0.5"), ("accept-language", "en")]
    async with client_of(engine.execute) as client:
        await client.post("/graphql", json={"query": "{ a }"}, headers=headers)
    assert engine.asked[0][1].language is Language.EN


@pytest.mark.parametrize(("language", "message"), [("en", "the body is not"), ("zh", "请求体不是")])
async def test_a_refusal_is_told_in_the_language(engine: Engine, language: str, message: str) -> None:
    async with client_of(engine.execute) as client:
        response = await client.post("/graphql", json=[], headers={"accept-language": language})
    assert response.status_code == 400
    assert response.headers["content-language"] == language
    assert response.json()["errors"][0]["message"].startswith(message)
