"""The refusal of an operation for which there is no room, made where its head is parsed and not in the application.

Under five times the load that the hub can bear, four requests of five are refused. Through the application (a task,
middlewares, routes) that takes a good part of a small operation's time; here it takes little more than parsing. The
answer is the application's, in another order of headers. Neighbours: :mod:`hutong.admission` says whether there is
room, :mod:`hutong.http_protocol` asks.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

import orjson

from hutong.admission import Admission
from hutong.content_language import language_of
from hutong.lifecycle import Lifecycle
from hutong.request_reader import GRAPHQL_JSON, LEGACY_JSON, media_type_of
from hutong.response_headers import SECURITY_HEADERS
from resolvers.errors import Overloaded
from schema.language import Language

RETRY_SECONDS: Final = 1
STATUS_LINE: Final = b"HTTP/1.1 503 Service Unavailable\r\n"


_HEADER = re.compile(
    rb"\r\n(accept|accept-language|connection|content-length|expect|origin|transfer-encoding|upgrade)[ \t]*:([^\r\n]*)",
    re.I,
)
"""The headers that decide where a request ends and how it is answered."""


class QuickRefusal:
    """Answers for requests of one path while the admission is full."""

    def __init__(self, admission: Admission, lifecycle: Lifecycle, *, path: str, language: Language) -> None:
        """``language``: of callers who ask for none that the hub speaks."""
        self._admission = admission
        self._lifecycle = lifecycle
        self._path = path
        self._starts = b"POST %s HTTP/1.1\r\n" % path.encode()
        self._language = language
        self._written = {
            (media_type, spoken): _written(media_type, spoken)
            for media_type in (LEGACY_JSON, GRAPHQL_JSON)
            for spoken in Language
        }

    def answer_to(self, data: bytes) -> bytes | None:
        """What is sent after `STATUS_LINE` and the server's own headers to a POST that is exactly ``data``.

        ``None`` when there is room, and for every request whose end or answer is less than plain; those are parsed. No
        header that could move the request's end is passed over: with one length and no other framing, it is certain.
        """
        if not self._admission.full or self._lifecycle.draining or not data.startswith(self._starts):
            return None
        head, blank, body = data.partition(b"\r\n\r\n")
        found = dict(_HEADER.findall(head.lower()))
        accept, languages = found.pop(b"accept", b""), found.pop(b"accept-language", b"")
        length = found.pop(b"content-length", b"").strip()
        if (
            not blank
            or found
            or not length.isdigit()
            or int(length[:9]) != len(body)
            or head.count(b"content-length") > 1
        ):
            return None
        return self._answer(accept, languages)

    def answer(self, scope: Mapping[str, Any]) -> bytes | None:
        """The same for a request whose head has been parsed; those that it does not refuse have arrived.

        ``None``: let the application answer, which knows about other paths and methods, other origins and draining.
        """
        if scope["path"] != self._path or self._lifecycle.draining or self._admission.arrive():
            return None
        given = {b"accept": b"", b"accept-language": b""}
        for name, value in scope["headers"]:
            if name == b"origin":
                return None
            if name in given:
                given[name] += b"," + value
        if scope["method"] not in ("GET", "POST"):
            return None
        return self._answer(given[b"accept"], given[b"accept-language"])

    def _answer(self, accept: bytes, languages: bytes) -> bytes:
        return self._written[media_type_of(accept), language_of(languages, self._language)]


def _written(media_type: str, language: Language) -> bytes:
    body = orjson.dumps({"errors": [Overloaded().formatted(language)]})
    headers = (
        (b"content-type", b"%s; charset=utf-8" % media_type.encode()),
        (b"content-length", b"%d" % len(body)),
        (b"content-language", language.encode()),
        (b"vary", b"accept, accept-language"),
        (b"retry-after", b"%d" % RETRY_SECONDS),
        *SECURITY_HEADERS,
    )
    return b"".join(b"%s: %s\r\n" % header for header in headers) + b"\r\n" + body
