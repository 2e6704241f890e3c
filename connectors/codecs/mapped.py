"""Codecs over a finite table of spellings: code maps, booleans, hub-held alias tables (D17)."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from schema.predicates import Operator, compare
from schema.values import Canonical

DIVISION_CODE = r"[0-9]{6}([0-9]{3}){0,2}"
"""Shape of a division code (GB/T 2260 and below), for `Mapped.shape`; any regular expression engine reads it."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Mapped:
    """A value by its spelling; anything else is null with the quality ``unknown``, an empty text is just null.

    ``values``: spelling -> canonical value. Spellings are compared as text: 1 is ``'1'``, true is ``'true'``.
    ``others``: spellings that are not the official one, told by the quality ``other``.
    ``shape``: a regular expression for whole texts that are canonical codes themselves, unless ``values`` maps them
    elsewhere.
    """

    name: str
    values: Mapping[str, Canonical]
    unknown: str = "CODE_UNMAPPED"
    shape: str | None = None
    others: frozenset[str] = frozenset()
    other: str | None = None
    arity: int = 1
    passthrough: bool = False

    def decode(self, raw: Any) -> Canonical:
        if raw is None:
            return None
        text = raw if type(raw) is str else spelling(raw)
        if text in self.values:
            return self.values[text]
        return text if self.shape is not None and re.fullmatch(self.shape, text) else None

    def quality(self, raw: Any) -> str | None:
        if raw is None or raw == "":
            return None
        if self.others and (raw if type(raw) is str else spelling(raw)) in self.others:
            return self.other
        return self.unknown if self.decode(raw) is None else None

    def encode(self, value: Canonical) -> Sequence[tuple[Any, ...]]:
        found = self.spellings(Operator.EQ, value)
        if self.passes(value) and value not in self.values:
            found = (*found, str(value))
        return tuple((text,) for text in found)

    def spellings(self, operator: Operator, value: object) -> tuple[str, ...]:
        """The listed spellings whose canonical value satisfies ``operator value``."""
        return tuple(text for text, code in self.values.items() if compare(operator, code, value) is True)

    def passes(self, value: Canonical) -> bool:
        """Whether ``value`` has the `shape` of codes that stand for themselves."""
        return self.shape is not None and isinstance(value, str) and re.fullmatch(self.shape, value) is not None


def spelling(raw: object) -> str:
    """A raw code as text: ``true``/``false`` for booleans, digits for numbers."""
    if isinstance(raw, bool):
        return "true" if raw else "false"
    return str(raw)


def spelled(values: Mapping[Any, Any]) -> Iterator[tuple[str, Any]]:
    """A map from a manifest with its keys as `spelling`."""
    for raw, value in values.items():
        yield spelling(raw), value
