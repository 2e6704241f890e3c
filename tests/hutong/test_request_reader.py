"""Hostile and odd requests: each is refused with a 4xx and a code, none reaches the engine."""

import asyncio
import contextlib
import gzip
import json
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Message, Receive, Scope

from hutong import request_reader
from hutong.request_reader import BODY_BYTES, ClientGone, Parameters, Refused, media_type_of, read_parameters

JSON = (b"content-type", b"application/json")


def scope_of(method: str = "POST", headers: Iterable[tuple[bytes, bytes]] = (JSON,), query: bytes = b"") -> Scope:
    return {"type": "http", "method": method, "headers": list(headers), "query_string": query, "path": "/graphql"}


def receiving(*chunks: bytes, gone: bool = False) -> Receive:
    messages: list[Message] = [
        {"type": "http.request", "body": chunk, "more_body": index < len(chunks) - 1 or gone}
        for index, chunk in enumerate(chunks)
    ]
    waiting = iter(messages)

    async def receive() -> Message:
        return next(waiting, {"type": "http.disconnect"})

    return receive


async def post(body: bytes, *headers: tuple[bytes, bytes]) -> Parameters:
    return await read_parameters(scope_of(headers=headers or (JSON,)), receiving(body))


async def get(query: bytes) -> Parameters:
    return await read_parameters(scope_of("GET", (), query), receiving(b""))


DEEP_VARIABLES = b'{"query":"{a}","variables":' + b'{"a":' * 60 + b"1" + b"}" * 61


@pytest.mark.parametrize(
    ("body", "code"),
    [
        pytest.param(b"", "BAD_INPUT", id="empty"),
        pytest.param(b"null", "BAD_INPUT", id="null"),
        pytest.param(b"1", "BAD_INPUT", id="number"),
        pytest.param(b'"x"', "BAD_INPUT", id="string"),
        pytest.param(b'[{"query":"{a}"}]', "BAD_INPUT", id="array"),
        pytest.param(b"[" + b",".join([b'{"query":"{a}"}'] * 500) + b"]", "BAD_INPUT", id="batch of 500"),
        pytest.param(b"[" * 100_000 + b"]" * 100_000, "BAD_INPUT", id="100,000 nested arrays"),
        pytest.param(b"[" * 200_000, "BAD_INPUT", id="200,000 open brackets"),
        pytest.param(b'{"a":' * 40_000 + b"1" + b"}" * 40_000, "BAD_INPUT", id="40,000 nested objects"),
        pytest.param(b'{"a":' * 900 + b"1" + b"}" * 900, "LIMIT_EXCEEDED", id="900 nested objects"),
        pytest.param(DEEP_VARIABLES, "LIMIT_EXCEEDED", id="60 nested variables"),
        pytest.param(b'{"query":"{a}","x":' + b"[" * 41 + b"]" * 42, "BAD_INPUT", id="unbalanced"),
        pytest.param(b'{"query":"\xff\xfe"}', "BAD_INPUT", id="invalid UTF-8"),
        pytest.param('{"query":"党'.encode()[:-1], "BAD_INPUT", id="truncated UTF-8"),
        pytest.param('{"query":"{党员}"}'.encode("gbk"), "BAD_INPUT", id="GBK"),
        pytest.param('{"query":"{a}"}'.encode("utf-16"), "BAD_INPUT", id="UTF-16"),
        pytest.param(b'\xef\xbb\xbf{"query":"{a}"}', "BAD_INPUT", id="byte order mark"),
        pytest.param(b'{"query":"{a}","variables":{"n":' + b"9" * 5_000 + b"}}", "BAD_INPUT", id="5,000 digits"),
        pytest.param(b'{"query":"{a}","variables":{"n":' + b"9" * 30 + b"}}", "BAD_INPUT", id="30 digits"),
        pytest.param(b'{"query":"{a}","variables":{"n":NaN}}', "BAD_INPUT", id="NaN"),
        pytest.param(b'{"query":"{a}","variables":{"n":1e999}}', "BAD_INPUT", id="infinity"),
        pytest.param(b'{"query":"{a}","variables":{"s":"\\ud800"}}', "BAD_INPUT", id="lone surrogate"),
        pytest.param(gzip.compress(b'{"query":"{a}"}'), "BAD_INPUT", id="gzip that does not say so"),
        pytest.param(b"{}", "BAD_INPUT", id="no query"),
        pytest.param(b'{"query":""}', "BAD_INPUT", id="empty query"),
        pytest.param(b'{"query":" \\n "}', "BAD_INPUT", id="blank query"),
        pytest.param(b'{"query":null}', "BAD_INPUT", id="null query"),
        pytest.param(b'{"query":{"a":1}}', "BAD_INPUT", id="object query"),
        pytest.param(b'{"query":7}', "BAD_INPUT", id="number query"),
        pytest.param(b'{"query":["{a}"]}', "BAD_INPUT", id="array query"),
        pytest.param(b'{"query":"{a}","operationName":7}', "BAD_INPUT", id="number operationName"),
        pytest.param(b'{"query":"{a}","operationName":{}}', "BAD_INPUT", id="object operationName"),
        pytest.param(b'{"query":"{a}","variables":"{}"}', "BAD_INPUT", id="string variables"),
        pytest.param(b'{"query":"{a}","variables":[]}', "BAD_INPUT", id="array variables"),
        pytest.param(b'{"query":"{a}","extensions":0}', "BAD_INPUT", id="number extensions"),
        pytest.param(b'{"query":"' + b"#" * 17_000 + b'"}', "LIMIT_EXCEEDED", id="a document of 17,000 characters"),
    ],
)
async def test_a_senseless_body_is_a_400(body: bytes, code: str) -> None:
    with pytest.raises(Refused) as refused:
        await post(body)
    assert refused.value.status == 400
    assert refused.value.extensions["code"] == code


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param([], 415, id="no media type"),
        pytest.param([(b"content-type", b"application/jsonx")], 415, id="a longer name"),
        pytest.param([(b"content-type", b"text/plain")], 415, id="text"),
        pytest.param([(b"content-type", b"application/x-www-form-urlencoded")], 415, id="a form"),
        pytest.param([(b"content-type", b"multipart/form-data; boundary=x")], 415, id="multipart"),
        pytest.param([(b"content-type", b"application/json; charset=gbk")], 415, id="another charset"),
        pytest.param([(b"content-type", b"application/json, text/plain")], 415, id="two types in one"),
        pytest.param([JSON, JSON], 400, id="the type twice"),
        pytest.param([JSON, (b"content-encoding", b"gzip")], 415, id="gzip"),
        pytest.param([JSON, (b"content-encoding", b"br")], 415, id="brotli"),
        pytest.param([JSON, (b"content-length", b"262145")], 413, id="a declared length over the limit"),
        pytest.param([JSON, (b"content-length", b"9" * 400)], 413, id="a length of 400 digits"),
    ],
)
async def test_headers_are_checked_before_the_body_is_read(headers: list[tuple[bytes, bytes]], status: int) -> None:
    async def never() -> Message:
        raise AssertionError("the body was read")

    with pytest.raises(Refused) as refused:
        await read_parameters(scope_of(headers=headers), never)
    assert refused.value.status == status


@pytest.mark.parametrize(
    "content_type",
    [b"application/json", b"application/json; charset=utf-8", b"Application/JSON;charset=UTF-8", b"application/json;"],
    ids=["plain", "charset", "other case", "empty parameter"],
)
async def test_json_in_utf8_is_read(content_type: bytes) -> None:
    body = '{"query": "{ a }", "operationName": "A", "variables": {"s": "党"}, "extensions": null, "more": 1}'
    parameters = await post(body.encode(), (b"content-type", content_type))
    assert parameters == Parameters(query="{ a }", operation_name="A", variables={"s": "党"})


async def test_null_members_are_as_absent() -> None:
    parameters = await post(b'{"query":"{a}","operationName":null,"variables":null,"extensions":null}')
    assert parameters == Parameters(query="{a}", operation_name=None, variables={})


async def test_a_body_in_pieces_is_put_together() -> None:
    body = b'{"query":"{ pieces }"}'
    parameters = await read_parameters(scope_of(), receiving(*(body[i : i + 3] for i in range(0, len(body), 3))))
    assert parameters.query == "{ pieces }"


async def test_a_body_of_exactly_the_limit_is_read() -> None:
    start, end = b'{"query":"{a}","x":"', b'"}'
    assert (await post(start + b"x" * (BODY_BYTES - len(start + end)) + end)).query == "{a}"


async def test_an_endless_body_stops_at_the_limit() -> None:
    received = 0

    async def endless() -> Message:
        nonlocal received
        received += 65_536
        return {"type": "http.request", "body": b" " * 65_536, "more_body": True}

    with pytest.raises(Refused) as refused:
        await read_parameters(scope_of(), endless)
    assert refused.value.status == 413
    assert refused.value.extensions == {"code": "LIMIT_EXCEEDED", "limit": "body", "maximum": BODY_BYTES}
    assert received <= BODY_BYTES + 65_536


async def test_a_body_that_does_not_come_is_a_408(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request_reader, "BODY_SECONDS", 0.02)

    async def silent() -> Message:
        await asyncio.sleep(60)
        raise AssertionError("waited too long")

    with pytest.raises(Refused) as refused:
        await read_parameters(scope_of(), silent)
    assert refused.value.status == 408


async def test_a_client_that_leaves_while_it_sends_is_gone() -> None:
    with pytest.raises(ClientGone):
        await read_parameters(scope_of(), receiving(b'{"query"', gone=True))


async def test_get_reads_the_query_string() -> None:
    parameters = await get(b"query=%7Ba%7D&operationName=A&variables=%7B%22s%22%3A%22%E5%85%9A%22%7D&extensions=%7B%7D")
    assert parameters == Parameters(query="{a}", operation_name="A", variables={"s": "党"})


@pytest.mark.parametrize(
    "query",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"query=", id="empty"),
        pytest.param(b"query=%7Ba%7D&query=%7Bb%7D", id="repeated"),
        pytest.param(b"query=%ff", id="invalid UTF-8"),
        pytest.param(b"query=\xe5\x85\x9a", id="not percent-encoded"),
        pytest.param(b"query=%7Ba%7D&variables=x", id="variables that are no JSON"),
        pytest.param(b"query=%7Ba%7D&variables=[]", id="variables that are no object"),
        pytest.param(b"query=%7Ba%7D&variables=", id="empty variables"),
        pytest.param(b"query=%7Ba%7D&variables=" + b"%7B%22a%22:" * 50 + b"1" + b"%7D" * 50, id="deep variables"),
        pytest.param(b"query=%7Ba%7D&" + b"&".join(b"x%d=1" % i for i in range(30)), id="30 parameters"),
    ],
)
async def test_a_senseless_query_string_is_a_400(query: bytes) -> None:
    with pytest.raises(Refused) as refused:
        await get(query)
    assert refused.value.status == 400


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        (None, "application/json"),
        (b"*/*", "application/json"),
        (b"application/*", "application/json"),
        (b"text/html", "application/json"),
        (b"application/json", "application/json"),
        (b"application/graphql-response+json", "application/graphql-response+json"),
        (b"application/graphql-response+json; charset=utf-8", "application/graphql-response+json"),
        (b"application/graphql-response+json, application/json;q=0.9", "application/graphql-response+json"),
        (b"application/json, application/graphql-response+json", "application/graphql-response+json"),
        (b"application/graphql-response+json;q=0.5, application/json", "application/json"),
        (b"application/graphql-response+json;q=0", "application/json"),
        (b"application/graphql-response+json;q=nonsense", "application/json"),
        (b"application/graphql-response+jsonx", "application/json"),
    ],
    ids=str,
)
def test_media_type_of_the_response(accept: bytes | None, media_type: str) -> None:
    assert media_type_of(accept) == media_type


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    async def attempt() -> None:
        try:
            await post(body)
        except Refused as refused:
            statuses.append(refused.status)

    statuses: list[int] = []
    asyncio.run(attempt())
    assert statuses in ([], [400])


_text = st.text('ab{}\\"党\x00', max_size=5)
_json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | _text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_text, inner, max_size=3),
)


@given(
    st.dictionaries(
        st.sampled_from(["query", "operationName", "variables", "extensions", "other"]), _json_values, max_size=5
    )
)
def test_any_members_are_read_or_refused(members: dict[str, Any]) -> None:
    async def attempt() -> None:
        with contextlib.suppress(Refused):
            parameters = await post(json.dumps(members).encode())
            assert parameters.query == members["query"]
            assert parameters.variables == (members.get("variables") or {})

    asyncio.run(attempt())
