"""What every codec is: a pure two-way translation between a source's spelling and the canonical value (D16)."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from schema.values import Canonical


class NotEnumerable(Exception):
    """The spellings of a value cannot be listed; an equality needs a decode expression or a recheck."""


class Codec(Protocol):
    """One codec, built from its manifest parameters; pure and hashable by identity."""

    @property
    def name(self) -> str:
        """Its kind, as manifests write it."""

    @property
    def arity(self) -> int:
        """How many source columns it reads."""

    @property
    def passthrough(self) -> bool:
        """With arity 1, every raw value already *is* the canonical one: shaping can skip the call of ``decode``."""

    @property
    def decode(self) -> Callable[..., Canonical]:
        """Raw values, one per column -> canonical value. Null and undecodable give ``None``; never raises."""

    @property
    def quality(self) -> Callable[..., str | None]:
        """Raw values -> the name of their defect (``DATE_INVALID``, ...), or ``None``; never raises."""

    def encode(self, value: Canonical) -> Sequence[tuple[Any, ...]]:
        """Every raw column tuple that decodes to ``value``; empty when none can.

        Raises `NotEnumerable` when they cannot be listed.
        """
