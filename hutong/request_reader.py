"""From an HTTP request to the parameters of a GraphQL operation; what is not understood is refused, not guessed.

Neighbours: :mod:`hutong.graphql_endpoint` calls it first, :mod:`hutong.request_extensions` reads ``extensions``. Rules:
GraphQL over HTTP with its appendix on persisted documents, and the limits below. A refusal is always a 4xx with a code,
whatever bytes came.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qsl

import orjson
from starlette.types import Receive, Scope

from schema.message import Told
from schema.messages import operations, requests

BODY_BYTES: Final = 256 * 1024
BODY_SECONDS: Final = 10.0
DOCUMENT_CHARACTERS: Final = 16 * 1024
JSON_DEPTH: Final = 40
QUERY_PARAMETERS: Final = 20
LARGEST_NUMBER: Final = 2**63
"""Integers beyond 64 bits would arrive rounded: an ID sent as a long number would silently be another ID."""
LEGACY_JSON: Final = "application/json"
GRAPHQL_JSON: Final = "application/graphql-response+json"
_STRINGS: Final = ("query", "documentId", "operationName")
_OBJECTS: Final = ("variables", "extensions")


class Refused(Exception):
    """The transport refuses the request: HTTP ``status``, error ``code``, what it is told, more extensions."""

    def __init__(self, status: int, told: Told, *, code: str = "BAD_INPUT", **extensions: Any) -> None:
        super().__init__(told)
        self.status = status
        self.told = told
        self.extensions = {"code": code, **extensions}


class ClientGone(Exception):
    """The client closed the connection; there is nobody to answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """A GraphQL request as GraphQL over HTTP names it: a ``query``, or what identifies a document kept here
    (``document_id``, or a member of ``extensions``).
    """

    query: str | None
    document_id: str | None = None
    operation_name: str | None = None
    variables: Mapping[str, Any] = field(default_factory=dict)
    extensions: Mapping[str, Any] = field(default_factory=dict)


def header(scope: Scope, name: bytes) -> bytes | None:
    """The value of a header that may stand once. Raises `Refused` (400) when it is repeated."""
    found: bytes | None = None
    for key, value in scope["headers"]:
        if key == name:
            if found is not None:
                raise Refused(400, requests.HEADER_REPEATED(header=name.decode()))
            found = value
    return found


async def read_parameters(scope: Scope, receive: Receive) -> Parameters:
    """The parameters of a GET or POST request. Raises `Refused` (4xx) or `ClientGone`."""
    if scope["method"] == "GET":
        return _parameters(_query_string(scope["query_string"]))
    check_json_type(scope)
    return _parameters(_decoded(await _read_body(scope, receive), requests.BODY()))


def check_json_type(scope: Scope) -> None:
    """Exactly ``application/json``, in UTF-8, not compressed."""
    encoding = header(scope, b"content-encoding")
    if encoding is not None and encoding.strip().lower() not in (b"", b"identity"):
        raise Refused(415, requests.BODY_COMPRESSED())
    given = header(scope, b"content-type")
    media_type, _, rest = (given or b"").lower().partition(b";")
    if media_type.strip() != b"application/json":
        raise Refused(415, requests.NOT_JSON_TYPE())
    parameters = [part.strip() for part in rest.split(b";") if part.strip()]
    if any(part not in (b"charset=utf-8", b'charset="utf-8"', b"charset=utf8") for part in parameters):
        raise Refused(415, requests.NOT_UTF_8())


async def _read_body(scope: Scope, receive: Receive) -> bytes:
    """The whole body, of at most `BODY_BYTES`, within `BODY_SECONDS`."""
    declared = header(scope, b"content-length")
    if declared is not None and declared.isdigit() and (len(declared) > 12 or int(declared) > BODY_BYTES):
        raise _too_large()
    chunks: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(BODY_SECONDS):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise ClientGone
                chunk = message.get("body", b"")
                size += len(chunk)
                if size > BODY_BYTES:
                    raise _too_large()
                chunks.append(chunk)
                if not message.get("more_body", False):
                    return chunks[0] if len(chunks) == 1 else b"".join(chunks)
    except TimeoutError:
        raise Refused(408, requests.BODY_TOO_SLOW(seconds=round(BODY_SECONDS))) from None


def _too_large() -> Refused:
    return Refused(
        413,
        requests.BODY_TOO_LARGE(kibibytes=BODY_BYTES // 1024),
        code="LIMIT_EXCEEDED",
        limit="body",
        maximum=BODY_BYTES,
    )


def _decoded(text: bytes | str, part: Told) -> Any:
    """JSON, strictly: UTF-8, nesting at most `JSON_DEPTH`, numbers of at most 64 bits."""
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise Refused(400, requests.NOT_JSON(part=part)) from None
    _check_json(value, part)
    return value


def _check_json(value: Any, part: Told) -> None:
    """Depth and numbers of a decoded value, level by level. Raises `Refused`."""
    level = [value]
    for _ in range(JSON_DEPTH + 1):
        below: list[Any] = []
        for item in level:
            if isinstance(item, dict):
                below.extend(item.values())
            elif isinstance(item, list):
                below.extend(item)
            elif isinstance(item, float) and abs(item) >= LARGEST_NUMBER:
                raise Refused(400, requests.NUMBER_BEYOND_64_BITS(part=part))
        if not below:
            return
        level = below
    raise Refused(
        400,
        requests.JSON_TOO_DEEP(part=part, maximum=JSON_DEPTH),
        code="LIMIT_EXCEEDED",
        limit="json_depth",
        maximum=JSON_DEPTH,
    )


def _query_string(raw: bytes) -> dict[str, Any]:
    """Parameters of a GET request; ``variables`` and ``extensions`` are JSON texts."""
    try:
        pairs = parse_qsl(raw.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=QUERY_PARAMETERS)
    except ValueError:
        raise Refused(400, requests.QUERY_STRING_UNREADABLE(maximum=QUERY_PARAMETERS)) from None
    given: dict[str, Any] = {}
    for name, value in pairs:
        if name in given:
            raise Refused(400, requests.QUERY_STRING_REPEATED())
        given[name] = _decoded(value, requests.PARAMETER(member=name)) if name in ("variables", "extensions") else value
    return given


def _parameters(given: Any) -> Parameters:
    """Check names and types. Unknown members are ignored, as GraphQL over HTTP allows."""
    if not isinstance(given, dict):
        raise Refused(400, requests.BODY_NOT_AN_OBJECT())
    for name in _STRINGS:
        if given.get(name) is not None and not isinstance(given[name], str):
            raise Refused(400, requests.MEMBER_NOT_TEXT(member=name))
    for name in _OBJECTS:
        if given.get(name) is not None and not isinstance(given[name], dict):
            raise Refused(400, requests.MEMBER_NOT_AN_OBJECT(member=name))
    query, document_id, operation_name = map(given.get, _STRINGS)
    variables, extensions = (given.get(name) or {} for name in _OBJECTS)
    if query is not None:
        _check_document(query)
        if document_id is not None:
            raise Refused(400, requests.QUERY_OR_DOCUMENT_ID())
    elif document_id is None and "persistedQuery" not in extensions:
        raise Refused(400, requests.QUERY_MISSING())
    return Parameters(
        query=query,
        document_id=document_id,
        operation_name=operation_name or None,
        variables=variables,
        extensions=extensions,
    )


def _check_document(query: str) -> None:
    """Raises `Refused` for a blank or too long document."""
    if not query.strip():
        raise Refused(400, requests.QUERY_MISSING())
    if len(query) > DOCUMENT_CHARACTERS:
        raise Refused(
            400,
            operations.DOCUMENT_TOO_LONG(maximum=DOCUMENT_CHARACTERS),
            code="LIMIT_EXCEEDED",
            limit="document",
            maximum=DOCUMENT_CHARACTERS,
        )


def media_type_of(accept: bytes | None) -> str:
    """The response's media type for an ``Accept`` header.

    ``application/graphql-response+json`` when it is named and not ranked below ``application/json``; else the latter,
    which is also the answer to ``*/*``, to no header, and to a header that accepts neither.
    """
    if accept is None or b"graphql-response+json" not in accept:
        return LEGACY_JSON
    ranks = {LEGACY_JSON: -1.0, GRAPHQL_JSON: -1.0}
    for part in accept.decode("latin-1").lower().split(","):
        media_type, *parameters = (piece.strip() for piece in part.split(";"))
        if media_type in ranks:
            ranks[media_type] = _quality(parameters)
    return GRAPHQL_JSON if ranks[GRAPHQL_JSON] > 0 and ranks[GRAPHQL_JSON] >= ranks[LEGACY_JSON] else LEGACY_JSON


def _quality(parameters: list[str]) -> float:
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                return float(parameter[2:])
            except ValueError:
                return 0.0
    return 1.0
