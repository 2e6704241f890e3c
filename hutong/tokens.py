"""Tokens of the demo: a key pair of its own, and tokens signed with it.

For the demo and tests only (D12): in production an identity provider signs, and no private key is anywhere near the
hub. Neighbours: the demo makes the keys, ``hutong token`` mints, :mod:`hutong.authentication` verifies.
"""

import json
import os
import time
from collections.abc import Callable
from pathlib import Path

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from jwt.algorithms import OKPAlgorithm

from authz.consumer_keys import Keyring
from authz.subjects import Subject

PRIVATE_KEY_FILE = "demo-key.pem"
JWKS_FILE = "jwks.json"
KEY_ID = "demo"
LIFETIME_SECONDS = 8 * 3600


def create_demo_keys(folder: Path) -> None:
    """Write a new Ed25519 key (readable by its owner only) and the JWKS that goes with it.

    Raises ``FileExistsError`` when there is a key already.
    """
    folder.mkdir(parents=True, exist_ok=True)
    private = Ed25519PrivateKey.generate()
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    descriptor = os.open(folder / PRIVATE_KEY_FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(pem)
    public = OKPAlgorithm.to_jwk(private.public_key(), as_dict=True)
    jwks = {"keys": [{**public, "kid": KEY_ID, "use": "sig", "alg": "EdDSA"}]}
    (folder / JWKS_FILE).write_text(json.dumps(jwks, indent=2) + "\n", encoding="utf-8")


class TokenMinter:
    """Signs tokens with the demo's key."""

    def __init__(
        self, folder: Path, *, issuer: str, audience: str, keyring: Keyring, clock: Callable[[], float] = time.time
    ) -> None:
        """Raises ``FileNotFoundError`` when `create_demo_keys` was never called for ``folder``."""
        key = load_pem_private_key((folder / PRIVATE_KEY_FILE).read_bytes(), password=None)
        if not isinstance(key, Ed25519PrivateKey):
            raise TypeError("the demo's key is an Ed25519 key")
        self._key = key
        self._issuer = issuer
        self._audience = audience
        self._keyring = keyring
        self._clock = clock

    def mint(self, subject: Subject, *, lifetime: int = LIFETIME_SECONDS) -> str:
        """A token that authenticates as ``subject`` (its purpose is no part of it) for ``lifetime`` seconds.

        The attribute ``identity`` travels as the consumer's personKey. Raises ``ValueError`` for an identity that has
        none.
        """
        attributes = dict(subject.attributes)
        if (identity := attributes.pop("identity", None)) is not None:
            attributes["personKey"] = self._keyring.of(subject.consumer).persons.seal(identity)
        now = int(self._clock())
        claims = {
            "iss": self._issuer,
            "aud": self._audience,
            "iat": now,
            "exp": now + lifetime,
            "sub": subject.id,
            "azp": subject.consumer,
            "roles": sorted(subject.roles),
            "hutong": attributes,
        }
        return jwt.encode(claims, self._key, algorithm="EdDSA", headers={"kid": KEY_ID})
