"""Decoded values kept: codecs over few distinct spellings (dates, codes) decode each spelling once.

Neighbours: generated shaping code looks values up here instead of calling ``decode``. Only values of the exact types
that `memo_types` names may be looked up, so that spellings that are merely equal (1 and 1.0) are never confused.
"""

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Any

from connectors.codecs.dates import DateDigits, MonthDate, MonthText, NativeDate
from connectors.codecs.mapped import Mapped
from connectors.codecs.protocol import Codec
from schema.values import Canonical

CAPACITY = 1 << 16
"""Spellings kept per codec; beyond that, values are decoded and not kept."""

_TEXTS: frozenset[type] = frozenset({str, type(None)})
_DATES: frozenset[type] = frozenset({date, type(None)})
_CODES: frozenset[type] = frozenset({str, int, type(None)})


class Memo(dict[Any, Canonical]):
    """Raw value -> canonical value, filled as values are met."""

    def __init__(self, decode: Callable[[Any], Canonical]) -> None:
        super().__init__()
        self._decode = decode

    def __missing__(self, raw: Any) -> Canonical:
        value = self._decode(raw)
        if len(self) < CAPACITY:
            self[raw] = value
        return value


def memo_types(codec: Codec) -> frozenset[type]:
    """Types of raw values that `memo` may be asked for; empty for a codec whose values are too many to keep."""
    if isinstance(codec, Mapped):
        return _CODES
    if isinstance(codec, NativeDate | MonthDate):
        return _DATES
    if isinstance(codec, DateDigits | MonthText):
        return _TEXTS
    return frozenset()


def memo(codec: Codec) -> Memo:
    """The one memo of a codec."""
    return _memo_of(codec.decode)


@lru_cache(maxsize=4096)
def _memo_of(decode: Callable[[Any], Canonical]) -> Memo:
    return Memo(decode)
