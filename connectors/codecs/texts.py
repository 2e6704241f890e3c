"""Codecs of text: as stored, collation-proof tokens, dirty text, unified social credit codes, native UUIDs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from unicodedata import is_normalized, normalize
from uuid import UUID

from connectors.codecs.protocol import NotEnumerable
from schema.uscc import is_valid_uscc
from schema.values import Canonical

BLANKS = " \t\n\r\x0b\x0c"
"""What `Text` trims after NFKC, which has already made a space of U+3000, U+00A0 and their kin."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Verbatim:
    """Text that is stored in its canonical form already, whatever its collation."""

    name: str = "verbatim"
    arity: int = 1
    passthrough: bool = True

    def decode(self, raw: Any) -> Canonical:
        return raw  # type: ignore[no-any-return]

    def quality(self, raw: Any) -> str | None:
        return None

    def encode(self, value: Canonical) -> Sequence[tuple[Any, ...]]:
        return () if value is None else ((value,),)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Token:
    """Digits and ASCII letters of one case, which every collation orders by code point; an empty text is null.

    ``dense``: the department promises that there are no empty texts; values then pass through unread.
    """

    dense: bool = False
    name: str = "token"
    arity: int = 1

    @property
    def passthrough(self) -> bool:
        return self.dense

    def decode(self, raw: Any) -> Canonical:
        return raw or None

    def quality(self, raw: Any) -> str | None:
        return None

    def encode(self, value: Canonical) -> Sequence[tuple[Any, ...]]:
        return ((value,),) if isinstance(value, str) and value else ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Text:
    """Text as people typed it: NFKC, trimmed of `BLANKS`, null when nothing is left.

    ``lossy``: the source's charset lacks characters and stored ``?`` in their place; such values are ``NAME_LOSSY``.
    A replacement character U+FFFD, left by a driver for undecodable bytes, is ``BAD_TEXT``.
    ``others``: names that are known not to be the official one, told by the quality ``other``.
    """

    lossy: bool = False
    others: frozenset[str] = frozenset()
    other: str | None = None
    name: str = "text"
    arity: int = 1
    passthrough: bool = False

    def decode(self, raw: Any) -> Canonical:
        if raw is None:
            return None
        text = raw if isinstance(raw, str) else _text_of(raw)
        if text.isascii() or is_normalized("NFKC", text):
            return text.strip(BLANKS) or None
        return normalize("NFKC", text).strip(BLANKS) or None

    def quality(self, raw: Any) -> str | None:
        if not isinstance(raw, str):
            return None
        if "\ufffd" in raw:
            return "BAD_TEXT"
        if self.lossy and "?" in raw:
            return "NAME_LOSSY"
        return self.other if self.others and self.decode(raw) in self.others else None

    def encode(self, value: Canonical) -> Sequence[tuple[Any, ...]]:
        raise NotEnumerable


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Uscc:
    """A unified social credit code (GB 32100): without spaces at its end, in upper case, null when empty.

    A text with characters outside ASCII is no code and keeps its case.
    """

    name: str = "uscc"
    arity: int = 1
    passthrough: bool = False

    def decode(self, raw: Any) -> Canonical:
        if raw is None:
            return None
        text = _text_of(raw).rstrip(" ")
        return (text.upper() if text.isascii() else text) or None

    def quality(self, raw: Any) -> str | None:
        code = self.decode(raw)
        return None if code is None or is_valid_uscc(str(code)) else "USCC_CHECKSUM"

    def encode(self, value: Canonical) -> Sequence[tuple[Any, ...]]:
        raise NotEnumerable


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NativeUuid:
    """A native UUID column, canonically its lower-case text with hyphens."""

    name: str = "uuid"
    arity: int = 1
    passthrough: bool = False

    def decode(self, raw: Any) -> Canonical:
        return None if raw is None else str(raw).lower()

    def quality(self, raw: Any) -> str | None:
        return None

    def encode(self, value: Canonical) -> Sequence[tuple[Any, ...]]:
        found = uuid_of(value)
        return () if found is None else ((found,),)


def uuid_of(value: object) -> UUID | None:
    """The UUID whose canonical text is ``value``, or ``None``."""
    try:
        found = UUID(str(value))
    except ValueError:
        return None
    return found if str(found) == value else None


def _text_of(raw: object) -> str:
    if isinstance(raw, bytes | bytearray | memoryview):
        return bytes(raw).decode("utf-8", "replace")
    return str(raw)
