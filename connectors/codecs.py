"""Codecs: two-way translation between a source's spelling and the canonical value (D16)."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from schema.values import Canonical


class Codec(Protocol):
    """One codec, built from its manifest parameters; pure and hashable by identity.

    ``arity``: how many source columns it reads. ``decode`` maps their raw values to the canonical value; null and
    undecodable give ``None``; it never raises. ``passthrough`` is true when (arity 1) the raw value already *is* the
    canonical one, so shaping can skip the call. ``quality`` names the defect of raw values (``DATE_INVALID``, ...) or
    ``None``. ``encode`` gives every exact source spelling (a tuple of raw column tuples) that decodes to a canonical
    value; empty when none can; raises ``NotEnumerable`` when they cannot be listed.
    """

    name: str
    arity: int
    passthrough: bool
    decode: Callable[..., Canonical]
    quality: Callable[..., str | None]

    def encode(self, value: Canonical) -> Sequence[tuple[Any, ...]]: ...


class NotEnumerable(Exception):
    """The spellings of a value cannot be listed; an equality needs a decode expression or a recheck."""
