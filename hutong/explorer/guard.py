"""Who may call the explorer: its own page, on this machine. Everything here is for the demo, and still no other website
that the visitor has open may fetch a token through the browser.

Three ways lead there, each closed: a request across origins (``Origin`` and ``Sec-Fetch-Site`` tell), a form or image
that needs no permission (:mod:`hutong.explorer.routes` takes JSON by POST only), and a foreign name that is made to
resolve to 127.0.0.1 (``Host`` must be a loopback name).
"""

from typing import Final
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send

from hutong.refusals import refusal
from hutong.request_reader import Refused, header
from schema.messages import explorer

LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})


class OwnPageOnly:
    """ASGI middleware. ``navigable``: the address may be opened from anywhere, as the page may, which holds nothing."""

    def __init__(self, app: ASGIApp, *, navigable: bool = False) -> None:
        self._app = app
        self._navigable = navigable

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI. 421 for another host, 403 for another origin."""
        try:
            self._check(scope)
        except Refused as refused:
            await refusal(scope, refused)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _check(self, scope: Scope) -> None:
        host = (header(scope, b"host") or b"").decode("latin-1")
        if not _loopback(host):
            raise Refused(421, explorer.LOOPBACK_ONLY())
        origin = header(scope, b"origin")
        if origin is not None and origin.decode("latin-1").lower() != f"{scope['scheme']}://{host}".lower():
            raise Refused(403, explorer.OWN_PAGE_ONLY())
        site = header(scope, b"sec-fetch-site")
        if site not in (None, b"same-origin", b"none") and not self._opened(scope):
            raise Refused(403, explorer.OWN_PAGE_ONLY())

    def _opened(self, scope: Scope) -> bool:
        """The page is opened by a link on another one."""
        return self._navigable and header(scope, b"sec-fetch-mode") == b"navigate"


def _loopback(host: str) -> bool:
    try:
        parts = urlsplit(f"//{host}")
        port_is_fine = parts.port is None or parts.port > 0
    except ValueError:
        return False
    plain = not (parts.path or parts.query or parts.fragment or parts.username or parts.password is not None)
    return port_is_fine and plain and parts.hostname in LOOPBACK
