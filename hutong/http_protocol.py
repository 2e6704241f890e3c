"""HTTP/1.1 on one connection: uvicorn's protocol over httptools, with the bounds that neither of them has.

A head (request line and headers) is of bounded size and arrives in bounded time; what is left of a body after its
answer is not waited for; trailers never pass for headers; an idle connection is closed at shutdown only when nothing
has arrived on it. Neighbours: :mod:`hutong.serving` runs servers with it; bodies are bounded by
:mod:`hutong.request_reader`. Malformed heads (two lengths, length and chunks, blanks before a colon) are refused by
httptools' parser itself.
"""

import asyncio
import select
from http import HTTPStatus
from typing import Final

import orjson
from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from hutong.quick_refusal import STATUS_LINE, QuickRefusal
from hutong.response_headers import SECURITY_HEADERS
from schema.language import Language
from schema.message import Told
from schema.messages import requests

HEAD_BYTES: Final = 32 * 1024
"""Request line and headers together."""
TARGET_BYTES: Final = 16 * 1024
"""The request target: path and query string."""
HEADERS: Final = 100
HEAD_SECONDS: Final = 10.0
"""From the first byte of a head, or the start of a connection, to the head's end."""
LINGER_SECONDS: Final = 2.0
"""How long what a client goes on to send after its answer is read and thrown away, so that it gets to read the answer:
a connection closed before would be reset."""
_CLOSE: Final = b"connection: close\r\n"
PIPELINED: Final = 16
"""Requests that may wait on a connection behind the one that is answered."""


class HeadRefused(Exception):
    """The head is beyond a bound or not HTTP/1.1; raised inside the parser's callbacks."""


class BoundedHttpProtocol(HttpToolsProtocol):
    """One connection. ``refusal``: answers in the application's place when there is no room for an operation."""

    refusal: QuickRefusal | None = None
    _head_timer: asyncio.TimerHandle | None = None
    _linger_timer: asyncio.TimerHandle | None = None
    _in_head = False
    _in_body = False
    _ended = False
    _head_bytes = 0
    _heard_at = 0.0
    _header_bytes = 0
    _hosts = 0
    _refused: tuple[HTTPStatus, Told, str | None, int] | None = None

    # --- the connection's events ------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A connection that says nothing is closed after `HEAD_SECONDS`."""
        super().connection_made(transport)
        self._head_timer = self.loop.call_later(HEAD_SECONDS, self._head_is_late)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the timers."""
        self._cancel_timers()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Refuse what there is no room for, else parse, then look whether a head goes on and on."""
        if self._ended:
            return
        if self.refusal is not None and not self._in_head and self._awaits_head():
            written = self.refusal.answer_to(data)
            if written is not None:
                self._send_refusal(written)
                return
        continued = self._in_head
        super().data_received(data)
        if self._ended or self.transport.is_closing():
            return
        if self._in_head:
            self._head_bytes = len(data) + (self._head_bytes if continued else 0)
            if self._head_bytes > HEAD_BYTES:
                self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "head", HEAD_BYTES)
                self.send_400_response("")
                return
        if self._head_timer is None and self.timeout_keep_alive_task is None and self._awaits_head():
            self._head_timer = self.loop.call_later(HEAD_SECONDS, self._head_is_late)

    def shutdown(self) -> None:
        """At the end of a drain: an idle connection is closed, unless a request is on its way in."""
        if self._awaits_head() and (self._in_head or self._has_unread_data()):
            return
        super().shutdown()

    # --- the parser's callbacks -------------------------------------------------------------------------------------

    def on_message_begin(self) -> None:
        """A head begins."""
        super().on_message_begin()
        self._in_head, self._in_body = True, False
        self._head_bytes = self._header_bytes = self._hosts = 0

    def on_url(self, url: bytes) -> None:
        """A piece of the target."""
        super().on_url(url)
        if len(self.url) > TARGET_BYTES:
            self._refuse(HTTPStatus.REQUEST_URI_TOO_LONG, "target", TARGET_BYTES)
            raise HeadRefused

    def on_header(self, name: bytes, value: bytes) -> None:
        """One header; trailers are dropped."""
        if not self._in_head:
            return
        super().on_header(name, value)
        self._header_bytes += len(name) + len(value)
        if len(name) == 4 and name.lower() == b"host":
            self._hosts += 1
        if len(self.headers) > HEADERS:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "headers", HEADERS)
            raise HeadRefused

    def on_headers_complete(self) -> None:
        """The head is whole: start the request."""
        if self._hosts != 1 and self.parser.get_http_version() != "1.0":
            raise HeadRefused
        if self._header_bytes > HEAD_BYTES:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "head", HEAD_BYTES)
            raise HeadRefused
        if len(self.pipeline) >= PIPELINED:
            raise HeadRefused
        self._in_head, self._in_body = False, True
        self._cancel_timers()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The body is whole."""
        self._in_body = False
        super().on_message_complete()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        """Start a request, or refuse it on the spot."""
        written = None if self.refusal is None else self.refusal.answer(cycle.scope)
        if written is None:
            super()._start_asgi_task(cycle, app)
            return
        cycle.response_started = cycle.response_complete = True
        self._send_refusal(written, close=not cycle.keep_alive)
        self.on_response_complete()

    def _send_refusal(self, written: bytes, *, close: bool = False) -> None:
        own = b"".join([b"%s: %s\r\n" % header for header in self.server_state.default_headers])
        self.transport.write(b"".join((STATUS_LINE, own, _CLOSE if close else b"", written)))
        self._heard_at = self.loop.time()
        if close:
            self.transport.close()
        elif self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None
            self.timeout_keep_alive_task = self.loop.call_later(
                self.timeout_keep_alive, self.timeout_keep_alive_handler
            )

    # --- answers ----------------------------------------------------------------------------------------------------

    def on_response_complete(self) -> None:
        """An answer that did not need the whole body is the connection's last."""
        super().on_response_complete()
        if self._in_body and not self.pipeline and not self.transport.is_closing():
            self._linger_timer = self.loop.call_later(LINGER_SECONDS, self._end_lingering, self.cycle)

    def send_400_response(self, msg: str) -> None:
        """The refusal of a head, in the endpoints' form, as the last words on the connection."""
        status, told, limit, maximum = self._refused or (HTTPStatus.BAD_REQUEST, requests.NOT_HTTP(), None, 0)
        extensions: dict[str, object] = {"code": "BAD_INPUT"}
        if limit is not None:
            extensions = {"code": "LIMIT_EXCEEDED", "limit": limit, "maximum": maximum}
        body = orjson.dumps({"errors": [{"message": told.said(Language.EN), "extensions": extensions}]})
        headers = (
            *self.server_state.default_headers,
            *SECURITY_HEADERS,
            (b"content-type", b"application/json"),
            (b"content-length", b"%d" % len(body)),
            (b"connection", b"close"),
        )
        lines = b"".join(b"%s: %s\r\n" % header for header in headers)
        self.transport.write(b"HTTP/1.1 %d %s\r\n%s\r\n%s" % (status, status.phrase.encode(), lines, body))
        self._ended = True
        self._cancel_timers()
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self._linger_timer = self.loop.call_later(LINGER_SECONDS, self.transport.close)

    def _refuse(self, status: HTTPStatus, limit: str, maximum: int) -> None:
        self._refused = (status, requests.HEAD_TOO_LARGE(member=limit, maximum=maximum), limit, maximum)

    def timeout_keep_alive_handler(self) -> None:
        """The connection is closed when it was silent; refusals do not set the timer anew each time."""
        left = self._heard_at + self.timeout_keep_alive - self.loop.time()
        if left > 0.1 and not self.transport.is_closing():
            self.timeout_keep_alive_task = self.loop.call_later(left, self.timeout_keep_alive_handler)
        else:
            super().timeout_keep_alive_handler()

    # --- time -------------------------------------------------------------------------------------------------------

    def _awaits_head(self) -> bool:
        """Whether no request is under way."""
        return (self.cycle is None or self.cycle.response_complete) and not self._in_body

    def _head_is_late(self) -> None:
        self._head_timer = None
        if self.transport.is_closing():
            return
        if self._in_head:
            self._refused = (HTTPStatus.REQUEST_TIMEOUT, requests.HEAD_TOO_SLOW(seconds=round(HEAD_SECONDS)), None, 0)
            self.send_400_response("")
        else:
            self.transport.close()

    def _end_lingering(self, cycle: object) -> None:
        if self.cycle is cycle and self._in_body and not self.transport.is_closing():
            self.transport.close()

    def _cancel_timers(self) -> None:
        for timer in (self._head_timer, self._linger_timer):
            if timer is not None:
                timer.cancel()
        self._head_timer = self._linger_timer = None

    def _has_unread_data(self) -> bool:
        """Whether the kernel holds something that the client sent and the loop has not read."""
        descriptor = self.transport.get_extra_info("socket")
        if descriptor is None or self.transport.is_closing():
            return False
        poll = select.poll()
        poll.register(descriptor.fileno(), select.POLLIN)
        return bool(poll.poll(0))
