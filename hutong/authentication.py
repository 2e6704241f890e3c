"""Who asks: ``Authorization: Bearer <JWT>`` -> `Subject`.

Stage: request. Neighbours: :mod:`hutong.jwks` (the keys), :mod:`hutong.graphql_endpoint` (answers 401). No token is an
anonymous caller; a token that does not verify is refused, always with the same words, and never becomes anonymous.

Claims: ``iss aud exp iat sub`` (required), ``roles`` (list of names), ``azp`` (the consumer), and the scope attributes
in ``hutong``: ``orgCode divCode unitNo stationCode mallAccount department personKey``. The personKey is turned back
with the consumer's own key into the attribute ``identity``.
"""

import asyncio
import hashlib
import logging
import re
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Final

import jwt

from authz.consumer_keys import Keyring
from authz.subjects import ANONYMOUS, Subject
from hutong.jwks import JwksInvalid, KeySource
from schema.messages import requests

LEEWAY_SECONDS: Final = 30
MAX_TOKEN_LENGTH: Final = 8192
MAX_ROLES: Final = 32
REFRESH_SECONDS: Final = 60.0
"""An unknown key id makes the keys be read again at most this often."""
KEYS_AGE_SECONDS: Final = 300.0
"""Keys older than this are read again with the next request, so that a withdrawn key is not trusted for long."""

_BEARER = re.compile(r"[Bb][Ee][Aa][Rr][Ee][Rr] ([A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+)\Z")
_REQUIRED: Final = ["exp", "iat", "iss", "aud", "sub"]
_HEADERS: Final = frozenset({"alg", "kid", "typ"})
_ROLE = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}\Z")
_CONSUMER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}\Z")
_ATTRIBUTES: Final[Mapping[str, re.Pattern[str]]] = {
    "orgCode": re.compile(r"[0-9]{15}\Z"),
    "divCode": re.compile(r"(?:[0-9]{6}|[0-9]{9}|[0-9]{12})\Z"),
    "unitNo": re.compile(r"[A-Za-z0-9_-]{1,32}\Z"),
    "stationCode": re.compile(r"[0-9]{16}\Z"),
    "mallAccount": re.compile(r"[A-Za-z0-9_-]{1,32}\Z"),
    "department": re.compile(r"[A-Z]{2,16}\Z"),
    "personKey": re.compile(r"[A-Z2-7]{26}\Z"),
}
_log = logging.getLogger(__name__)


class Unauthenticated(Exception):
    """The credential is not valid. The message is always the same: it tells a forger nothing."""

    code: ClassVar[str] = "UNAUTHENTICATED"

    def __init__(self) -> None:
        self.told = requests.TOKEN_INVALID()
        super().__init__(self.told)


class Authenticator:
    """Verifies tokens. Verified ones are remembered until they expire, while the keys stay the same."""

    def __init__(
        self,
        *,
        keys: KeySource,
        issuer: str,
        audience: str,
        keyring: Keyring,
        clock: Callable[[], float] = time.time,
        capacity: int = 4096,
    ) -> None:
        """``clock``: seconds since 1970. ``capacity``: verified tokens remembered."""
        self._source = keys
        self._issuer = issuer
        self._audience = audience
        self._keyring = keyring
        self._clock = clock
        self._capacity = capacity
        self._verified: OrderedDict[bytes, tuple[float, Subject]] = OrderedDict()
        self._trusted = keys.keys
        self._refreshed_at = clock()
        self._refreshing: asyncio.Task[None] | None = None

    def authenticate(self, authorization: str | None) -> Subject:
        """The caller behind the value of an ``Authorization`` header; ``None``: no header. Raises `Unauthenticated`.

        Inside an event loop an unknown key id also makes the keys be read again, behind the scenes: a token signed with
        a key published a moment ago is refused once and good on the next try.
        """
        if authorization is None:
            return ANONYMOUS
        now = self._clock()
        if now - self._refreshed_at >= KEYS_AGE_SECONDS:
            self._refresh_soon(now)
        if self._source.keys is not self._trusted:
            self._trusted = self._source.keys
            self._verified.clear()
        found = _BEARER.match(authorization) if len(authorization) <= MAX_TOKEN_LENGTH else None
        if found is None:
            raise Unauthenticated
        token = found[1]
        digest = hashlib.sha256(token.encode()).digest()
        known = self._verified.get(digest)
        if known is not None and now < known[0]:
            self._verified.move_to_end(digest)
            return known[1]
        expires, subject = self._verify(token, now)
        self._verified[digest] = (expires, subject)
        while len(self._verified) > self._capacity:
            self._verified.popitem(last=False)
        return subject

    def _verify(self, token: str, now: float) -> tuple[float, Subject]:
        try:
            header = jwt.get_unverified_header(token)
            if header.keys() - _HEADERS or not isinstance(header.get("kid"), str):
                raise Unauthenticated  # crit, jku, jwk, x5u, b64: a token does not say how it is to be verified
            key = self._trusted.get(header["kid"])
            if key is None:
                if now - self._refreshed_at >= REFRESH_SECONDS:
                    self._refresh_soon(now)
                raise Unauthenticated
            claims = jwt.decode(
                token,
                key.key,
                algorithms=[key.algorithm],
                audience=self._audience,
                issuer=self._issuer,
                leeway=LEEWAY_SECONDS,
                options={"require": _REQUIRED},
            )
            return float(claims["exp"]), self._subject(claims)
        except (jwt.PyJWTError, ValueError, TypeError, OverflowError, RecursionError):
            raise Unauthenticated from None

    def _subject(self, claims: Mapping[str, Any]) -> Subject:
        """Raises ``ValueError`` or ``TypeError`` for any claim of another shape."""
        sub, consumer, roles = claims["sub"], claims.get("azp", "public"), claims.get("roles", [])
        if not isinstance(sub, str) or not 1 <= len(sub) <= 128 or not sub.isprintable() or sub == ANONYMOUS.id:
            raise ValueError("sub")
        if not isinstance(roles, list) or len(roles) > MAX_ROLES:
            raise ValueError("roles")
        attributes = _attributes(claims.get("hutong", {}))
        consumer = _matching(_CONSUMER, consumer)
        if (person_key := attributes.pop("personKey", None)) is not None:
            attributes["identity"] = self._keyring.of(consumer).persons.open(person_key)
        return Subject(
            id=sub,
            roles=frozenset(_matching(_ROLE, role) for role in roles),
            consumer=consumer,
            attributes=attributes,
        )

    def _refresh_soon(self, now: float) -> None:
        """Read the keys again in the background, one reading at a time; without an event loop, not at all."""
        if self._refreshing is not None and not self._refreshing.done():
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return
        self._refreshed_at = now
        self._refreshing = loop.create_task(self._refresh())

    async def _refresh(self) -> None:
        try:
            await self._source.refresh()
        except JwksInvalid as error:
            _log.warning("the keys were not read again, those known stay in use: %s", error)


def _attributes(claim: object) -> dict[str, str]:
    if not isinstance(claim, dict):
        raise TypeError("hutong")
    return {name: _matching(shape, claim[name]) for name, shape in _ATTRIBUTES.items() if name in claim}


def _matching(shape: re.Pattern[str], value: object) -> str:
    if not isinstance(value, str) or not shape.match(value):
        raise ValueError("a claim has another shape")
    return value
