"""HTTP on the wire: bounded heads in bounded time, one reading of where a request ends, refusals without a task."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
import uvicorn
from starlette.types import Message, Receive, Scope, Send
from uvicorn.server import ServerState

from hutong import http_protocol
from hutong.admission import Admission, AdmissionLimits
from hutong.http_protocol import HEAD_BYTES, HEADERS, TARGET_BYTES, BoundedHttpProtocol
from hutong.lifecycle import Lifecycle
from hutong.quick_refusal import QuickRefusal
from hutong.response_headers import SECURITY_HEADERS
from schema.language import Language

GET = b"GET / HTTP/1.1\r\nHost: hub\r\n\r\n"


@dataclass(slots=True)
class Wire:
    """A server on loopback that says what it was asked: method, path, body and the headers that begin with x-."""

    port: int = 0
    asked: list[tuple[str, str, bytes]] = field(default_factory=list)
    state: ServerState = field(default_factory=ServerState)

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = b""
        if scope["path"] != "/unread":
            while True:
                message: Message = await receive()
                if message["type"] == "http.disconnect":
                    return
                body += message.get("body", b"")
                if not message.get("more_body"):
                    break
        self.asked.append((scope["method"], scope["path"], body))
        told = json.dumps({name.decode(): value.decode() for name, value in scope["headers"] if name[:2] == b"x-"})
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(told))]})
        await send({"type": "http.response.body", "body": told.encode()})

    async def say(self, *pieces: bytes, pause: float = 0.0) -> bytes:
        """Everything the server answers until it closes, or is silent for a moment."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(pause)
        heard = b""
        try:
            while data := await asyncio.wait_for(reader.read(65_536), 0.3):
                heard += data
            heard += b"<closed>"
        except TimeoutError:
            pass
        except ConnectionError:
            heard += b"<closed>"
        writer.close()
        return heard


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    async for running in served(None):
        yield running


async def served(refusal: QuickRefusal | None) -> AsyncIterator[Wire]:
    wire = Wire()
    config = uvicorn.Config(
        wire.app,
        interface="asgi3",
        proxy_headers=False,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=5,
    )
    config.load()
    protocol = type("Protocol", (BoundedHttpProtocol,), {"refusal": refusal})
    server = await asyncio.get_running_loop().create_server(
        lambda: protocol(config=config, server_state=wire.state, app_state={}), "127.0.0.1", 0
    )
    wire.port = server.sockets[0].getsockname()[1]
    async with server:
        yield wire
        for connection in list(wire.state.connections):
            connection.transport.abort()  # type: ignore[union-attr]


def status(heard: bytes) -> int:
    return int(heard[9:12]) if heard.startswith(b"HTTP/1.1 ") else 0


def post(*headers: bytes, body: bytes = b"") -> bytes:
    return b"\r\n".join((b"POST /graphql HTTP/1.1", b"Host: hub", *headers, b"", body))


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        pytest.param(post(b"Content-Length: 2", b"Content-Length: 2", body=b"ab"), 400, id="the length twice"),
        pytest.param(post(b"Content-Length: 2", b"Content-Length: 3", body=b"ab"), 400, id="two lengths"),
        pytest.param(
            post(b"Content-Length: 2", b"Transfer-Encoding: chunked", body=b"0\r\n\r\n"), 400, id="length and chunks"
        ),
        pytest.param(
            post(b"Transfer-Encoding: chunked", b"Content-Length: 2", body=b"0\r\n\r\n"), 400, id="chunks and length"
        ),
        pytest.param(post(b"Transfer-Encoding : chunked", body=b"0\r\n\r\n"), 400, id="a blank before the colon"),
        pytest.param(post(b"Transfer-Encoding: chunked, identity", body=b"0\r\n\r\n"), 400, id="chunked is not last"),
        pytest.param(post(b"Content-Length: +2", body=b"ab"), 400, id="a signed length"),
        pytest.param(post(b"Content-Length: 2_0", body=b"ab"), 400, id="an underscore in the length"),
        pytest.param(
            post(b"Transfer-Encoding: chunked", body=b"0x2\r\nab\r\n0\r\n\r\n"), 400, id="a hexadecimal prefix"
        ),
        pytest.param(post(b"Content-Length: 0", b"X-A: a\r\n b"), 400, id="a folded header"),
        pytest.param(post(b"Content-Length: 0", b"X-A: a\x00b"), 400, id="NUL in a header"),
        pytest.param(b"POST /graphql HTTP/1.1\nHost: hub\nContent-Length: 0\n\n", 400, id="bare line feeds"),
        pytest.param(b"GET / HTTP/1.1\r\n\r\n", 400, id="no host"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: hub\r\nHost: other\r\n\r\n", 400, id="two hosts"),
        pytest.param(b"GET / HTTP/3.7\r\nHost: hub\r\n\r\n", 400, id="another version"),
        pytest.param(b"\x16\x03\x01\x02\x00\x01", 400, id="TLS"),
        pytest.param(b"GET /" + b"a" * TARGET_BYTES + b" HTTP/1.1\r\nHost: hub\r\n\r\n", 414, id="a long target"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: hub\r\n" + b"X: y\r\n" * HEADERS + b"\r\n", 431, id="many headers"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: hub\r\nX: " + b"y" * HEAD_BYTES + b"\r\n\r\n", 431, id="a long header"),
    ],
)
async def test_a_head_of_doubt_is_refused_in_json_and_the_connection_ends(
    wire: Wire, request_: bytes, expected: int
) -> None:
    heard = await wire.say(request_)
    assert status(heard) == expected
    assert heard.endswith(b"<closed>")
    head, _, body = heard.removesuffix(b"<closed>").partition(b"\r\n\r\n")
    code = json.loads(body)["errors"][0]["extensions"]["code"]
    assert code == ("BAD_INPUT" if expected == 400 else "LIMIT_EXCEEDED")
    for name, value in SECURITY_HEADERS:
        assert b"%s: %s" % (name, value) in head
    assert b"server:" not in head.lower()
    assert wire.asked == []


async def test_an_endless_header_stops_at_the_limit(wire: Wire) -> None:
    heard = await wire.say(b"GET / HTTP/1.1\r\nHost: hub\r\nX: ", *[b"y" * 8_192] * 8)
    assert status(heard) == 431
    assert wire.asked == []


async def test_a_head_that_dribbles_is_a_408(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_protocol, "HEAD_SECONDS", 0.2)
    heard = await wire.say(b"GET / HT", b"TP/1.1\r\n", b"Host:", b" hub\r\n", pause=0.08)
    assert status(heard) == 408
    assert heard.endswith(b"<closed>")


@pytest.mark.parametrize("pieces", [[], [b"\r\n\r\n"], [GET, b"\r\n"]], ids=["nothing", "line ends", "after an answer"])
async def test_a_connection_that_says_nothing_more_is_closed(
    wire: Wire, monkeypatch: pytest.MonkeyPatch, pieces: list[bytes]
) -> None:
    monkeypatch.setattr(http_protocol, "HEAD_SECONDS", 0.1)
    heard = await wire.say(*pieces, pause=0.05)
    assert heard.endswith(b"<closed>")
    assert status(heard) == (200 if GET in pieces else 0)


async def test_what_is_left_of_a_body_is_not_waited_for(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_protocol, "LINGER_SECONDS", 0.1)
    heard = await wire.say(b"POST /unread HTTP/1.1\r\nHost: hub\r\nContent-Length: 1000\r\n\r\nabc")
    assert status(heard) == 200
    assert heard.endswith(b"<closed>")


async def test_a_body_that_is_read_later_keeps_the_connection(wire: Wire) -> None:
    heard = await wire.say(post(b"Content-Length: 4"), b"ab", b"cd", GET, pause=0.02)
    assert heard.count(b"HTTP/1.1 200 OK") == 2
    assert wire.asked == [("POST", "/graphql", b"abcd"), ("GET", "/", b"")]


async def test_a_few_requests_may_be_pipelined_and_not_many(wire: Wire) -> None:
    assert (await wire.say(GET * 8)).count(b"HTTP/1.1 200 OK") == 8
    wire.asked.clear()
    assert (await wire.say(GET * 200)).endswith(b"<closed>")
    assert len(wire.asked) <= http_protocol.PIPELINED + 1


async def test_trailers_are_no_headers(wire: Wire) -> None:
    trailed = post(b"X-Mine: head", b"Transfer-Encoding: chunked", body=b"2\r\nab\r\n0\r\nX-Mine: trailer\r\n\r\n")
    heard = await wire.say(trailed)
    assert wire.asked == [("POST", "/graphql", b"ab")]
    assert b'{"x-mine": "head"}' in heard


async def test_an_idle_connection_is_closed_at_shutdown_unless_something_has_come(wire: Wire) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", wire.port)
    writer.write(GET)
    await reader.readuntil(b"\r\n\r\n{}")
    (connection,) = wire.state.connections
    writer.write(GET)  # in the kernel; the loop has not read it
    connection.shutdown()
    assert await reader.readuntil(b"\r\n\r\n{}")
    connection.shutdown()
    assert await reader.read() == b""
    writer.close()


QUESTION = post(b"Content-Type: application/json", b"Content-Length: 15", body=b'{"query":"{a}"}')


@pytest.fixture
async def full_wire() -> AsyncIterator[tuple[Wire, Admission]]:
    admission = Admission(AdmissionLimits(in_flight=1, waiting=0))
    async for running in served(QuickRefusal(admission, Lifecycle(), path="/graphql", language=Language.EN)):
        async with admission:
            yield running, admission


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda request: request, id="whole"),
        pytest.param(
            lambda request: request.replace(b"Host", b"Accept: application/graphql-response+json\r\nHost"), id="graphql"
        ),
        pytest.param(
            lambda request: request.replace(b"Host", b"Connection: close\r\nHost"), id="last of its connection"
        ),
    ],
)
async def test_without_room_a_request_is_refused_without_the_application(
    full_wire: tuple[Wire, Admission], change: Callable[[bytes], bytes]
) -> None:
    wire, _ = full_wire
    heard = await wire.say(change(QUESTION))
    head, _, body = heard.partition(b"\r\n\r\n")
    assert status(heard) == 503
    assert b"\r\nretry-after: 1\r\n" in head
    for name, value in SECURITY_HEADERS:
        assert b"%s: %s" % (name, value) in head
    assert json.loads(body.removesuffix(b"<closed>"))["errors"][0]["extensions"] == {"code": "OVERLOADED"}
    assert (b"graphql-response+json; charset" in head) == (b"graphql-response" in change(QUESTION))
    assert heard.endswith(b"<closed>") == (b"connection: close" in head) == (b"Connection" in change(QUESTION))
    assert wire.asked == []


async def test_a_refused_connection_goes_on(full_wire: tuple[Wire, Admission]) -> None:
    wire, admission = full_wire
    assert (await wire.say(QUESTION, QUESTION[:40], QUESTION[40:], QUESTION * 2, pause=0.03)).count(b" 503 ") == 4
    admission._leave()
    heard = await wire.say(QUESTION)
    admission.in_flight += 1
    assert status(heard) == 200
    assert wire.asked == [("POST", "/graphql", b'{"query":"{a}"}')]


@pytest.mark.parametrize(
    "request_",
    [
        pytest.param(GET, id="a health check"),
        pytest.param(QUESTION.replace(b"/graphql", b"/other"), id="another path"),
        pytest.param(QUESTION.replace(b"Host", b"Origin: https://portal.example\r\nHost"), id="a web page"),
        pytest.param(b"OPTIONS /graphql HTTP/1.1\r\nHost: hub\r\n\r\n", id="another method"),
    ],
)
async def test_what_is_not_an_operation_is_never_refused(full_wire: tuple[Wire, Admission], request_: bytes) -> None:
    wire, _ = full_wire
    assert status(await wire.say(request_)) == 200


@pytest.mark.parametrize("extra", [b"Transfer-Encoding: chunked", b"Content-Length: 3"], ids=["chunks", "a length"])
async def test_a_refusal_does_not_guess_where_a_request_ends(full_wire: tuple[Wire, Admission], extra: bytes) -> None:
    wire, _ = full_wire
    heard = await wire.say(QUESTION.replace(b"Host", extra + b"\r\nHost"))
    assert status(heard) in (400, 503)
    assert heard.count(b"HTTP/1.1") == 1 or heard.endswith(b"<closed>")
    assert wire.asked == []


def _extensions(heard: bytes) -> Any:
    return json.loads(heard.partition(b"\r\n\r\n")[2].removesuffix(b"<closed>"))["errors"][0]["extensions"]


async def test_a_limit_of_the_head_is_told(wire: Wire) -> None:
    heard = await wire.say(b"GET /" + b"a" * TARGET_BYTES + b" HTTP/1.1\r\nHost: hub\r\n\r\n")
    assert _extensions(heard) == {"code": "LIMIT_EXCEEDED", "limit": "target", "maximum": TARGET_BYTES}
