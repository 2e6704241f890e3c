"""Node ids and cursors: opaque, authenticated texts that hold what the hub needs to find its way back (D14, D15).

AES-GCM-SIV (RFC 8452) under keys of the consumer's own. The nonce is constant: the same position gives the same text,
over pages and restarts, and that two texts are equal is all that shows. Contents are padded, so that lengths tell
little. Neighbours: :mod:`resolvers` seal and open both.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV

from authz.keys import derive_key
from schema.values import Canonical

MAX_LENGTH = 8192
"""Longest text that is looked at; a longer one cannot be ours."""

_NONCE = bytes(12)
_ID_BLOCK, _CURSOR_BLOCK = 32, 64


class SealBroken(ValueError):
    """The text was not sealed by this hub for this consumer and use. The message never repeats it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowAddress:
    """What a node id holds: a row, by its connector and row key."""

    entity: str
    connector: str
    row_key: Canonical


def cursor_context(entity: str, order: str, filter_digest: str, subject: str) -> bytes:
    """What a cursor is bound to: it opens only for the same entity, order, filter and subject."""
    return orjson.dumps((entity, order, filter_digest, subject))


class Sealer:
    """Seals and opens the ids and cursors of one consumer."""

    def __init__(self, master_key: bytes, consumer: str) -> None:
        self._ids = AESGCMSIV(derive_key(master_key, "node id", consumer))
        self._cursors = AESGCMSIV(derive_key(master_key, "cursor", consumer))

    def seal_id(self, entity: str, connector: str, row_key: Canonical) -> str:
        """The node id of a row."""
        return _seal(self._ids, (entity, connector, row_key), b"", _ID_BLOCK)

    def open_id(self, node_id: str) -> RowAddress:
        """The row a node id stands for. Raises `SealBroken`."""
        entity, connector, row_key = _open(self._ids, node_id, b"")
        return RowAddress(entity=entity, connector=connector, row_key=row_key)

    def seal_cursor(self, values: Sequence[Canonical], context: bytes) -> str:
        """A position in an order, as the values of its terms; ``context``: see `cursor_context`."""
        return _seal(self._cursors, tuple(values), context, _CURSOR_BLOCK)

    def open_cursor(self, cursor: str, context: bytes) -> tuple[Canonical, ...]:
        """The values of a position. Raises `SealBroken`, also for a cursor of another context."""
        return tuple(_open(self._cursors, cursor, context))


def _seal(cipher: AESGCMSIV, content: tuple[Any, ...], context: bytes, block: int) -> str:
    plain = orjson.dumps(content)
    padded = plain.ljust(-(-len(plain) // block) * block)  # JSON does not mind blanks at its end
    return base64.urlsafe_b64encode(cipher.encrypt(_NONCE, padded, context)).rstrip(b"=").decode()


def _open(cipher: AESGCMSIV, text: str, context: bytes) -> Any:
    try:
        if len(text) > MAX_LENGTH:
            raise SealBroken("this was not given out by the hub")
        sealed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        if base64.urlsafe_b64encode(sealed).rstrip(b"=").decode() != text:
            raise SealBroken("this was not given out by the hub")
        return orjson.loads(cipher.decrypt(_NONCE, sealed, context))
    except (InvalidTag, ValueError) as error:
        raise SealBroken("this was not given out by the hub") from error
