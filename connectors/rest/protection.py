"""Encryption of a mirror's columns, and bindings that decrypt them again (D22).

A value is sealed with AES-256-GCM-SIV (RFC 8452) under a key of its own column, a random nonce and the row's key as
associated data, so that a value cannot be moved to another row or column unnoticed. SQL sees sealed bytes only; the
codec of a protected field opens them first and is a function of the SQLite connection like any other codec.
Neighbours: :mod:`connectors.rest.mirror` seals, :mod:`connectors.rest.connector` rewrites what it is asked.
"""

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from connectors.codecs import Codec
from connectors.codecs.protocol import NotEnumerable
from connectors.contract import Binding, BoundField, ColumnRef, Fetch, Prepared, Row
from connectors.rest.pull import Pull
from schema.values import Canonical

_NONCE_BYTES = 12


class ColumnCipher:
    """Seals the values of one column of a mirror."""

    def __init__(self, mirror_key: bytes, connector: str, table: str, column: str) -> None:
        self._aead = AESGCMSIV(_derived(mirror_key, ["column", connector, table, column]))

    def seal(self, value: Any, row_key: str | int) -> bytes | None:
        """``value`` (anything JSON can say) as bytes; null stays null."""
        if value is None:
            return None
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._aead.encrypt(nonce, orjson.dumps(value), _associated(row_key))

    def open(self, sealed: bytes | None, row_key: str | int) -> Any:
        """The value. Raises ``ValueError`` for bytes that were not sealed here for this row."""
        if sealed is None:
            return None
        try:
            plain = self._aead.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], _associated(row_key))
        except (InvalidTag, TypeError, ValueError):
            raise ValueError("not sealed with this key for this row") from None
        return orjson.loads(plain)


def _associated(row_key: str | int) -> bytes:
    return str(row_key).encode("utf-8", "surrogatepass")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ProtectedCodec:
    """``inner`` over sealed values: its columns, then the key of the row of each sealed one.

    ``ciphers``: one per column of ``inner``, ``None`` for a column that is not sealed. What cannot be opened is null
    with the quality ``VALUE_INVALID``.
    """

    inner: Codec
    ciphers: tuple[ColumnCipher | None, ...]
    passthrough: bool = False

    @property
    def name(self) -> str:
        """The kind of ``inner``, marked: its spellings are not to be shown."""
        return f"protected_{self.inner.name}"

    @property
    def arity(self) -> int:
        """Columns of ``inner`` and keys."""
        return len(self.ciphers) + sum(cipher is not None for cipher in self.ciphers)

    def decode(self, *raw: Any) -> Canonical:
        """As ``inner``, of what was sealed."""
        try:
            return self.inner.decode(*self._opened(raw))
        except ValueError:
            return None

    def quality(self, *raw: Any) -> str | None:
        """As ``inner``, of what was sealed."""
        try:
            return self.inner.quality(*self._opened(raw))
        except ValueError:
            return "VALUE_INVALID"

    def encode(self, value: Canonical) -> Sequence[tuple[Any, ...]]:
        """Nothing can be found by its sealed form: each sealing is another."""
        raise NotEnumerable

    def _opened(self, raw: tuple[Any, ...]) -> list[Any]:
        keys = iter(raw[len(self.ciphers) :])
        return [
            value if cipher is None else cipher.open(value, next(keys))
            for value, cipher in zip(raw, self.ciphers, strict=False)
        ]


@dataclass(slots=True)
class Protection:
    """The sealed columns of one mirror, by table and column.

    ``keys``: the key column of each table. ``key_check``: tells one mirror key from another, and nothing of either.
    """

    keys: Mapping[str, str]
    ciphers: Mapping[tuple[str, str], ColumnCipher]
    key_check: str
    _codecs: dict[tuple[Codec, tuple[ColumnCipher | None, ...]], ProtectedCodec] = field(default_factory=dict)

    def fetch(self, fetch: Fetch) -> Fetch:
        """``fetch`` over bindings that open what is sealed."""
        related = {name: replace(step, binding=self._binding(step.binding)) for name, step in fetch.related.items()}
        return replace(fetch, binding=self._binding(fetch.binding), related=related)

    def _binding(self, binding: Binding) -> Binding:
        return replace(binding, fields={name: self._field(binding, bound) for name, bound in binding.fields.items()})

    def _field(self, binding: Binding, bound: BoundField) -> BoundField:
        tables = [binding.joins[ref.table].table if ref.table in binding.joins else binding.table
                  for ref in bound.columns]  # fmt: skip
        ciphers = tuple(self.ciphers.get((table, ref.column)) for table, ref in zip(tables, bound.columns, strict=True))
        if not any(ciphers):
            return bound
        keys = [
            ColumnRef(table=ref.table, column=self.keys[table])
            for table, ref, cipher in zip(tables, bound.columns, ciphers, strict=True)
            if cipher is not None
        ]
        codec = self._codecs.setdefault(
            (bound.codec, ciphers), ProtectedCodec(inner=bound.codec, ciphers=ciphers)
        )  # one codec, one function of the connection
        return replace(bound, columns=(*bound.columns, *keys), codec=codec)


def has_sealed(prepared: Prepared) -> bool:
    """Whether rows of ``prepared`` hold sealed values."""
    return any(isinstance(column.codec, ProtectedCodec) for column in prepared.columns.values())


def distinct_rows(prepared: Prepared, rows: Sequence[Row], limit: int | None) -> list[Row]:
    """The first row of each value, at most ``limit`` of each parent: SQL sees every sealed value as another."""
    found: dict[tuple[Any, ...], Row] = {}
    counts: Counter[Any] = Counter()
    for row in rows:
        parent = row[0] if prepared.fetch.keys is not None else None
        values = (c.codec.decode(*row[c.start : c.start + c.codec.arity]) for c in prepared.columns.values())
        if (value := (parent, *values)) not in found and (limit is None or counts[parent] < limit):
            found[value] = row
            counts[parent] += 1
    return list(found.values())


def protection_of(connector: str, pulls: Sequence[Pull], mirror_key: bytes | None) -> Protection:
    """The protection of a mirror. Raises ``ValueError`` when columns are to be protected and there is no key."""
    ciphers: dict[tuple[str, str], ColumnCipher] = {}
    for pull in pulls:
        for column in pull.protected:
            if mirror_key is None:
                raise ValueError("protected columns need a mirror key")
            ciphers[pull.table, column] = ColumnCipher(mirror_key, connector, pull.table, column)
    check = _derived(mirror_key, ["check", connector]).hex() if mirror_key is not None and ciphers else ""
    return Protection(keys={pull.table: pull.key for pull in pulls}, ciphers=ciphers, key_check=check)


def _derived(mirror_key: bytes, use: list[str]) -> bytes:
    info = orjson.dumps(["hutong/1/mirror", *use])
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(mirror_key)
