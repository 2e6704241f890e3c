"""Codecs of lists: codes that a number holds as bits, texts that stand in one column."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from unicodedata import normalize

from connectors.codecs.protocol import NotEnumerable
from schema.values import Canonical


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Bits:
    """A whole number whose bits stand for codes -> the codes, in the order of ``codes`` (bit -> code).

    0 is the empty list. A bit without a code is left out, and the row's quality is ``CODE_UNMAPPED``; what is no whole
    number is null with ``VALUE_INVALID``.
    """

    codes: Mapping[int, str]
    name: str = "bits"
    arity: int = 1
    passthrough: bool = False

    def decode(self, raw: Any) -> Any:
        if type(raw) is not int or raw < 0:
            return None
        return [code for bit, code in self.codes.items() if raw & bit]

    def quality(self, raw: Any) -> str | None:
        if raw is None:
            return None
        if type(raw) is not int or raw < 0:
            return "VALUE_INVALID"
        return "CODE_UNMAPPED" if raw & ~sum(self.codes) else None

    def encode(self, value: Canonical) -> Sequence[tuple[Any, ...]]:
        raise NotEnumerable


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Split:
    """Texts joined by ``separator`` -> the texts, NFKC and trimmed, empty ones left out.

    A null is the empty list, as an empty text is: the files that have such columns cannot tell the two apart.
    """

    separator: str
    name: str = "split"
    arity: int = 1
    passthrough: bool = False

    def decode(self, raw: Any) -> Any:
        parts = normalize("NFKC", str(raw or "")).split(self.separator)
        return [text for part in parts if (text := part.strip())]

    def quality(self, raw: Any) -> str | None:
        return None

    def encode(self, value: Canonical) -> Sequence[tuple[Any, ...]]:
        raise NotEnumerable


LIST_CODECS = (Bits, Split)
"""What gives a list, for fields that are one."""
