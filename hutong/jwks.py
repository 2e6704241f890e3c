"""The fixed set of keys that callers' tokens are signed with: from a JWKS file or URL (RFC 7517).

Neighbours: :mod:`hutong.authentication` verifies with them. A token only ever picks a key of this set by its id; where
keys come from is a setting, never something a token says.
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt import PyJWTError
from jwt.algorithms import OKPAlgorithm, RSAAlgorithm

from schema.message import ToldError
from schema.messages import starting

MAX_JWKS_BYTES = 256 * 1024
MIN_RSA_BITS = 2048
FETCH_SECONDS = 5.0
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 15.0
"""Seconds between two readings while there are no keys at all."""


_log = logging.getLogger(__name__)


class JwksInvalid(ToldError):
    """The key set cannot be used; the message says why, without any key material."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationKey:
    """A public key and the one algorithm it serves."""

    algorithm: str
    key: Ed25519PublicKey | RSAPublicKey


KeySet = Mapping[str, VerificationKey]
"""Keys by key id."""


class KeySource(Protocol):
    """Where keys come from. ``keys`` is another object after each change."""

    keys: KeySet

    async def refresh(self) -> None:
        """Read the source anew. Raises `JwksInvalid` and keeps the keys it had."""


async def read_first_keys(source: KeySource, pause: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
    """Read ``source`` until it has keys, after pauses that double: without any, no caller with a token is served."""
    seconds = FIRST_PAUSE
    while not source.keys:
        await pause(seconds)
        seconds = min(2 * seconds, LONGEST_PAUSE)
        try:
            await source.refresh()
        except JwksInvalid as error:
            _log.warning("there are no keys yet: %s", error)


def parse_jwks(raw: bytes) -> KeySet:
    """Ed25519 keys (EdDSA) and RSA keys of at least `MIN_RSA_BITS` bits (RS256); keys of other kinds are left out.

    Raises `JwksInvalid` for another shape, a missing or repeated key id, a private key, or when no key is left.
    """
    try:
        keys = json.loads(raw)["keys"]
        entries = [(entry["kid"], entry) for entry in keys]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise JwksInvalid(starting.JWKS_FORM()) from error
    found: dict[str, VerificationKey] = {}
    for kid, entry in entries:
        if not isinstance(kid, str) or not kid or kid in found:
            raise JwksInvalid(starting.JWKS_KEY_IDS())
        if "d" in entry or "k" in entry:
            raise JwksInvalid(starting.JWKS_PRIVATE())
        if (key := _key(entry)) is not None:
            found[kid] = key
    if not found:
        raise JwksInvalid(starting.JWKS_NO_KEY())
    return found


def _key(entry: Mapping[str, Any]) -> VerificationKey | None:
    if entry.get("use", "sig") != "sig":
        return None
    try:
        if entry.get("kty") == "OKP" and entry.get("crv") == "Ed25519" and entry.get("alg", "EdDSA") == "EdDSA":
            key = OKPAlgorithm.from_jwk(dict(entry))
            return VerificationKey(algorithm="EdDSA", key=key) if isinstance(key, Ed25519PublicKey) else None
        if entry.get("kty") == "RSA" and entry.get("alg", "RS256") == "RS256":
            rsa = RSAAlgorithm.from_jwk(dict(entry))
            if not isinstance(rsa, RSAPublicKey) or rsa.key_size < MIN_RSA_BITS:
                raise JwksInvalid(starting.JWKS_RSA_SHORT(minimum=MIN_RSA_BITS))
            return VerificationKey(algorithm="RS256", key=rsa)
    except (PyJWTError, ValueError, TypeError, KeyError) as error:
        raise JwksInvalid(starting.JWKS_KEY_MALFORMED()) from error
    return None


class JwksFile:
    """Keys from a file, read when made. Raises `JwksInvalid`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.keys: KeySet = self._read()

    async def refresh(self) -> None:
        """Read the file again."""
        self.keys = await asyncio.to_thread(self._read)

    def _read(self) -> KeySet:
        try:
            return parse_jwks(self._path.read_bytes())
        except OSError as error:
            raise JwksInvalid(starting.JWKS_UNREADABLE()) from error


class JwksUrl:
    """Keys from a URL; none until the first `refresh`. Redirects and proxies from the environment are not followed."""

    def __init__(self, url: str, *, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._url = url
        self._transport = transport
        self.keys: KeySet = {}

    async def refresh(self) -> None:
        """Fetch the keys, within `FETCH_SECONDS`."""
        try:
            async with asyncio.timeout(FETCH_SECONDS):
                self.keys = parse_jwks(await self._fetch())
        except (httpx.HTTPError, TimeoutError) as error:
            raise JwksInvalid(starting.JWKS_UNFETCHED()) from error

    async def _fetch(self) -> bytes:
        client = httpx.AsyncClient(
            follow_redirects=False, trust_env=False, timeout=FETCH_SECONDS, transport=self._transport
        )
        async with client, client.stream("GET", self._url, headers={"accept": "application/json"}) as response:
            if response.status_code != httpx.codes.OK:
                raise JwksInvalid(starting.JWKS_STATUS(count=response.status_code))
            body = bytearray()
            async for part in response.aiter_bytes():
                body += part
                if len(body) > MAX_JWKS_BYTES:
                    raise JwksInvalid(starting.JWKS_TOO_LARGE())
            return bytes(body)
