"""``/graphql``: GraphQL over HTTP, as a bare ASGI application because every operation passes here.

request -> subject -> budget -> parameters -> document -> ``execute`` -> response. Neighbours:
:mod:`hutong.admission` looks first whether there is room, :mod:`hutong.authentication` says who asks,
:mod:`hutong.budgets` whether it may, :mod:`hutong.request_reader` reads, :mod:`hutong.trusted_documents` knows
documents by identifier, the engine executes, :mod:`hutong.error_mapping` has the last word.

Status: in ``application/json`` a well-formed request is a 200, whatever came of it; in
``application/graphql-response+json`` an operation that was not executed at all is a 400. In both, refusals of the
transport and of limits are 4xx, a caller that cannot be verified gets 401, one whose budget or quota is used up 429, no
room 503, the hub's own failure 500. 429 and 503 carry ``Retry-After`` in seconds.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Final

import orjson
from starlette.types import Receive, Scope, Send

from authz.subjects import Subject
from hutong.admission import Admission
from hutong.authentication import Unauthenticated
from hutong.budgets import Budget, account_of
from hutong.client_watch import unless_gone
from hutong.content_language import language_of
from hutong.error_mapping import failed_result, public_result
from hutong.operation_scope import trace_of
from hutong.quick_refusal import RETRY_SECONDS
from hutong.request_extensions import PURPOSE_HEADER, purpose_of
from hutong.request_reader import GRAPHQL_JSON, ClientGone, Refused, header, media_type_of, read_parameters
from hutong.trusted_documents import TrustedDocuments
from resolvers.errors import LimitExceeded
from resolvers.operation import OperationRequest, OperationResult
from resolvers.operation_trace import clock
from schema.language import Language
from schema.messages import requests

OPERATION_SECONDS: Final = 10.0
RESPONSE_BYTES: Final = 16 * 1024 * 1024
Execute = Callable[[Subject, OperationRequest], Awaitable[OperationResult]]
Authenticate = Callable[[str | None], Subject]
Headers = tuple[tuple[bytes, bytes], ...]

_ALLOW: Final = (b"allow", b"GET, POST")
_CHALLENGE: Final = (b"www-authenticate", b'Bearer realm="hutong", error="invalid_token"')
_CLOSE: Final = (b"connection", b"close")
_VARY: Final = (b"vary", b"accept, accept-language")
_HEADERS_BY_STATUS: Final[dict[int, Headers]] = {
    401: (_CHALLENGE,),
    405: (_ALLOW,),
    408: (_CLOSE,),
    413: (_CLOSE,),
}
_STATUS_BY_CODE: Final = {"LIMIT_EXCEEDED": 400, "UNAUTHENTICATED": 401, "OVERLOADED": 503, "INTERNAL": 500}


@dataclass(frozen=True, slots=True)
class _Answer:
    """What is sent: an HTTP status, the body, and in how many seconds the caller may come again."""

    status: int
    body: bytes
    retry_after: int | None = None


class GraphQLEndpoint:
    """ASGI application of one path. ``execute`` may raise anything; the caller only ever sees public codes."""

    def __init__(
        self,
        *,
        execute: Execute,
        authenticate: Authenticate,
        admission: Admission,
        requests: Budget,
        documents: TrustedDocuments,
        language: Language,
    ) -> None:
        """``requests``: how often one caller may ask; its operations' cost is the engine's matter. ``language``: of
        callers who ask for none that the hub speaks.
        """
        self._execute = execute
        self._authenticate = authenticate
        self._admission = admission
        self._requests = requests
        self._documents = documents
        self._language = language

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI, HTTP only. A client that has gone gets nothing."""
        media_type = media_type_of(_all(scope, b"accept"))
        language = language_of(_all(scope, b"accept-language"), self._language)
        try:
            answer = await self._answer(scope, receive, media_type, language)
        except ClientGone:
            return
        headers = [
            (b"content-type", b"%s; charset=utf-8" % media_type.encode()),
            (b"content-length", b"%d" % len(answer.body)),
            (b"content-language", language.encode()),
            _VARY,
            *_HEADERS_BY_STATUS.get(answer.status, ()),
        ]
        if answer.retry_after is not None:
            headers.append((b"retry-after", b"%d" % answer.retry_after))
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": answer.body})

    async def _answer(self, scope: Scope, receive: Receive, media_type: str, language: Language) -> _Answer:
        try:
            if scope["method"] not in ("GET", "POST"):
                raise Refused(405, requests.METHOD_NOT_ALLOWED())
            self._admission.look()
            subject = self._authenticate(_text(header(scope, b"authorization")))
            account = account_of(subject, scope.get("client"))
            self._requests.take(account)
            parameters = await read_parameters(scope, receive)
            purpose = purpose_of(_text(header(scope, PURPOSE_HEADER.encode())), parameters.extensions)
            if purpose is not None:
                subject = replace(subject, purpose=purpose)
            request = OperationRequest(
                document=self._documents.text_of(parameters),
                deadline=asyncio.get_running_loop().time() + OPERATION_SECONDS,
                operation_name=parameters.operation_name,
                variables=parameters.variables,
                safe_method=scope["method"] == "GET",
                account=account,
                language=language,
                trace=trace_of(scope),
            )
            async with self._admission:
                began = clock()
                result = public_result(await unless_gone(self._execute(subject, request), receive), language)
                if result.executed and not result.errors:
                    self._admission.answered(clock() - began)
                return _answered(result, media_type, language)
        except ClientGone:
            raise
        except Refused as refused:
            return _Answer(refused.status, _refusal(refused.told.said(language), **refused.extensions))
        except Unauthenticated as error:
            return _Answer(401, _refusal(error.told.said(language), code="UNAUTHENTICATED"))
        except Exception as error:  # noqa: BLE001 - the last step: no exception may reach the server
            return _answered(failed_result(error, language), media_type, language)


def _answered(result: OperationResult, media_type: str, language: Language) -> _Answer:
    """Status and body of a finished operation. Raises ``TypeError`` for a result that is not JSON."""
    body = orjson.dumps(result.response())
    if len(body) > RESPONSE_BYTES:
        told = requests.RESPONSE_TOO_LARGE(mebibytes=RESPONSE_BYTES // 1024 // 1024)
        error = LimitExceeded(told, limit="response", maximum=RESPONSE_BYTES)
        return _Answer(200, orjson.dumps({"errors": [error.formatted(language)], "data": None}))
    if result.executed:
        return _Answer(200, body)
    extensions = result.errors[0]["extensions"]
    if "retryAfter" in extensions:
        return _Answer(429, body, extensions["retryAfter"])
    refused = 400 if media_type == GRAPHQL_JSON else 200
    status = _STATUS_BY_CODE.get(extensions["code"], refused)
    return _Answer(status, body, RETRY_SECONDS if status == 503 else None)


def _refusal(message: str, **extensions: object) -> bytes:
    return orjson.dumps({"errors": [{"message": message, "extensions": extensions}]})


def _all(scope: Scope, name: bytes) -> bytes:
    """The values of a header that may be repeated, as one; empty without any."""
    return b",".join(value for key, value in scope["headers"] if key == name)


def _text(value: bytes | None) -> str | None:
    return None if value is None else value.decode("latin-1")
