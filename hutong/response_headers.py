"""ASGI middleware: the headers every response carries, whoever made it.

Nothing is cached, framed, sniffed or run, unless a response brings its own header of that name; while the replica
drains, each response asks the client to reconnect elsewhere (``Connection: close``).
"""

from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hutong.lifecycle import Lifecycle

SECURITY_HEADERS: Final = (
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
)
_DRAINING: Final = (*SECURITY_HEADERS, (b"connection", b"close"))


class ResponseHeaders:
    """Adds `SECURITY_HEADERS` to every HTTP response of ``app``."""

    def __init__(self, app: ASGIApp, *, lifecycle: Lifecycle) -> None:
        self._app = app
        self._lifecycle = lifecycle

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                extra = _DRAINING if self._lifecycle.draining else SECURITY_HEADERS
                given = message.get("headers", ())
                own = {name for name, _ in given}
                message["headers"] = [*given, *(header for header in extra if header[0] not in own)]
            await send(message)

        await self._app(scope, receive, send_with_headers)
