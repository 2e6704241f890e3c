"""What is answered outside the endpoints: an unknown path, a method a path does not have, a handler that failed.

The same JSON as the endpoints', so that a client has one form of error to read. Neighbour: :mod:`hutong.composition`.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from hutong.content_language import language_of
from hutong.error_mapping import failed_result
from hutong.response_headers import SECURITY_HEADERS
from schema.language import Language
from schema.messages import requests

Handler = Callable[[Request, Exception], Awaitable[Response]]


def handlers(language: Language) -> Mapping[Any, Handler]:
    """Starlette's exception handlers; ``language``: of callers who ask for none that the hub speaks."""

    def spoken(request: Request) -> Language:
        return language_of(request.headers.get("accept-language", "").encode("latin-1"), language)

    async def refuse(request: Request, error: Exception) -> Response:
        """404 and 405 as the router raises them."""
        if not isinstance(error, HTTPException):
            raise TypeError("this handler is for the router's refusals")
        told = requests.PATH_UNKNOWN() if error.status_code == 404 else requests.PATH_WITHOUT_METHOD()
        body = {"message": told.said(spoken(request)), "extensions": {"code": "BAD_INPUT"}}
        return _json(body, error.status_code, dict(error.headers or {}))

    async def fail(request: Request, error: Exception) -> Response:
        """500 with an id under which the log tells what happened; it is sent outside every middleware."""
        headers = {name.decode(): value.decode() for name, value in SECURITY_HEADERS}
        return _json(failed_result(error, spoken(request)).errors[0], 500, headers)

    return {HTTPException: refuse, Exception: fail}


def _json(error: object, status: int, headers: dict[str, str]) -> Response:
    body = orjson.dumps({"errors": [error]})
    return Response(body, status_code=status, media_type="application/json", headers=headers)
