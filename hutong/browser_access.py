"""Which web pages of other origins may call the hub from a browser (CORS): those of an allow-list, exactly, or none.

A caller proves itself by its bearer token only, so credentials of the browser (cookies) are never allowed. Neighbours:
:mod:`hutong.composition` puts this inside :mod:`hutong.response_headers`, so that refusals carry both sets of headers.
"""

from collections.abc import Sequence
from typing import Final

from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

from hutong.request_extensions import PURPOSE_HEADER

PREFLIGHT_SECONDS: Final = 7_200
"""How long a browser may keep the answer to a preflight; browsers keep it two hours at most."""
REQUEST_HEADERS: Final = (
    "Authorization",
    "Content-Type",
    PURPOSE_HEADER,
    "Accept-Language",
    "traceparent",
    "tracestate",
)
RESPONSE_HEADERS: Final = ("Retry-After", "WWW-Authenticate")
"""What a page's script may read besides the headers that any page may."""


def browser_access(origins: Sequence[str]) -> list[Middleware]:
    """The middleware for these origins; none without origins: browsers then refuse every other page's call."""
    if not origins:
        return []
    return [
        Middleware(
            CORSMiddleware,
            allow_origins=tuple(origins),
            allow_methods=("GET", "POST"),
            allow_headers=REQUEST_HEADERS,
            expose_headers=RESPONSE_HEADERS,
            max_age=PREFLIGHT_SECONDS,
        )
    ]
