"""Codecs of numbers: integers, floats and amounts of money in fen; numbers that are names."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from math import isfinite
from typing import Any

from connectors.codecs.protocol import NotEnumerable
from schema.values import Canonical

_MONEY = Context(prec=60, rounding=ROUND_HALF_UP)
_UNIT = Decimal(1)
_GREATEST = 2**63 - 1
FIGURES = "0|[1-9][0-9]{0,17}"
"""What `Figures` takes; any regular expression engine reads it."""
_FIGURES = re.compile(FIGURES)
_DIGITS = re.compile("0|-?[1-9][0-9]{0,18}")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Integer:
    """Whole numbers of 64 bits; ``least`` and ``greatest`` bound what is plausible.

    Anything else (a fraction, text, a value out of bounds) is null with ``VALUE_INVALID``.
    """

    least: int = -_GREATEST - 1
    greatest: int = _GREATEST
    name: str = "integer"
    arity: int = 1
    passthrough: bool = False

    @property
    def bounded(self) -> bool:
        """Whether there are numbers of 64 bits that it does not take."""
        return (self.least, self.greatest) != (-_GREATEST - 1, _GREATEST)

    def decode(self, raw: Any) -> Canonical:
        if type(raw) is not int:
            raw = _whole(raw)
            if raw is None:
                return None
        return raw if self.least <= raw <= self.greatest else None

    def quality(self, raw: Any) -> str | None:
        return "VALUE_INVALID" if raw is not None and self.decode(raw) is None else None

    def encode(self, value: Canonical) -> Sequence[tuple[Any, ...]]:
        return ((value,),) if type(value) is int and self.decode(value) is not None else ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Figures:
    """Whole numbers of 64 bits written in figures in a text column, without sign or leading zeros; blank is null.

    Anything else is null with ``VALUE_INVALID``.
    """

    name: str = "figures"
    arity: int = 1
    passthrough: bool = False

    def decode(self, raw: Any) -> Canonical:
        return int(raw) if isinstance(raw, str) and _FIGURES.fullmatch(raw) else None

    def quality(self, raw: Any) -> str | None:
        if raw is None or (isinstance(raw, str) and not raw.strip(" ")):
            return None
        return "VALUE_INVALID" if self.decode(raw) is None else None

    def encode(self, value: Canonical) -> Sequence[tuple[Any, ...]]:
        return ((str(value),),) if type(value) is int and self.decode(str(value)) is not None else ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Digits:
    """Whole numbers of 64 bits that only name something, as text without leading zeros.

    What is no whole number is null with ``VALUE_INVALID``.
    """

    name: str = "digits"
    arity: int = 1
    passthrough: bool = False

    def decode(self, raw: Any) -> Canonical:
        return str(raw) if type(raw) is int and abs(raw) <= _GREATEST else None

    def quality(self, raw: Any) -> str | None:
        return "VALUE_INVALID" if raw is not None and self.decode(raw) is None else None

    def encode(self, value: Canonical) -> Sequence[tuple[Any, ...]]:
        if not isinstance(value, str) or not _DIGITS.fullmatch(value) or abs(int(value)) > _GREATEST:
            return ()
        return ((int(value),),)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Float:
    """Finite numbers as IEEE doubles; infinities, NaN and text are null with ``VALUE_INVALID``."""

    name: str = "float"
    arity: int = 1
    passthrough: bool = False

    def decode(self, raw: Any) -> Canonical:
        if not isinstance(raw, int | float | Decimal):
            return None
        try:
            value = float(raw)
        except OverflowError:
            return None
        return value if isfinite(value) else None

    def quality(self, raw: Any) -> str | None:
        return "VALUE_INVALID" if raw is not None and self.decode(raw) is None else None

    def encode(self, value: Canonical) -> Sequence[tuple[Any, ...]]:
        raise NotEnumerable


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Money:
    """Amounts in units of ``scale`` fen (yuan: 100, 万元: 1,000,000) in a decimal column.

    Half a fen rounds away from zero. What is no number is ``VALUE_INVALID``.
    """

    scale: int
    name: str
    arity: int = 1
    passthrough: bool = False

    def decode(self, raw: Any) -> Canonical:
        if raw is None or isinstance(raw, bool):
            return None
        try:
            amount = Decimal(repr(raw)) if isinstance(raw, float) else Decimal(raw)
            fen = _MONEY.quantize(_MONEY.multiply(amount, Decimal(self.scale)), _UNIT)
        except (InvalidOperation, TypeError, ValueError):
            return None
        return int(fen) if fen.is_finite() and abs(fen) <= _GREATEST else None

    def quality(self, raw: Any) -> str | None:
        return "VALUE_INVALID" if raw is not None and self.decode(raw) is None else None

    def encode(self, value: Canonical) -> Sequence[tuple[Any, ...]]:
        raise NotEnumerable


def _whole(raw: object) -> int | None:
    if isinstance(raw, float | Decimal) and isfinite(raw) and raw == (whole := int(raw)):
        return whole
    return None
