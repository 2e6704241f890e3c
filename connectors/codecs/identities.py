"""Codecs of citizen identity numbers: the number for people, and the identity persons are joined by (D10)."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from connectors.codecs.protocol import NotEnumerable
from schema.derivations import LOCAL_IDENTITY
from schema.identity import birth_date_of, normalise_id, sex_of, spellings
from schema.values import Canonical


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class IdNumber:
    """An ID number in its normal form when its spelling is exact and valid, else the text as it stands.

    An invalid one is ``ID_CHECKSUM`` when it has the length of an ID number, else ``ID_FORMAT``; an empty text is null.
    Nothing is trimmed: so a valid number has few spellings, and a look-up by it uses the source's index.
    """

    name: str = "id_number"
    arity: int = 1
    passthrough: bool = False

    def decode(self, raw: Any) -> Canonical:
        if not isinstance(raw, str):
            return None
        return normalise_id(raw) or raw or None

    def quality(self, raw: Any) -> str | None:
        if not isinstance(raw, str) or not raw or normalise_id(raw) is not None:
            return None
        return "ID_CHECKSUM" if raw[:15].isdecimal() and len(raw) in (15, 18) else "ID_FORMAT"

    def encode(self, value: Canonical) -> Sequence[tuple[Any, ...]]:
        if not isinstance(value, str) or not value:
            return ()
        normal = normalise_id(value)
        if normal is None:
            return ((value,),)
        return tuple((text,) for text in spellings(value)) if normal == value else ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Identity:
    """A person's identity from (ID number, local key): the normal form, else ``~<connector>:<local key>``.

    ``local_integer``: the local key column holds integers. Null only without a valid number and without a local key.
    """

    connector: str
    local_integer: bool = False
    name: str = "identity"
    arity: int = 2
    passthrough: bool = False

    @property
    def local_prefix(self) -> str:
        """What identities of rows without a valid number begin with."""
        return f"{LOCAL_IDENTITY}{self.connector}:"

    def decode(self, number: Any, local: Any) -> Canonical:
        if isinstance(number, str) and (normal := normalise_id(number)) is not None:
            return normal
        return None if local is None else f"{self.local_prefix}{local}"

    def quality(self, number: Any, local: Any) -> str | None:
        return None

    def encode(self, value: Canonical) -> Sequence[tuple[Any, ...]]:
        raise NotEnumerable

    def number_spellings(self, value: Canonical) -> tuple[str, ...]:
        """Spellings in the ID number column that give ``value``; none for a local identity or an invalid number."""
        if not isinstance(value, str) or normalise_id(value) != value:
            return ()
        return spellings(value)

    def local_key(self, value: Canonical) -> str | int | None:
        """The raw local key of a local identity of this connector, else ``None``."""
        if not isinstance(value, str) or not value.startswith(self.local_prefix):
            return None
        text = value.removeprefix(self.local_prefix)
        if not self.local_integer:
            return text
        try:
            number = int(text)
        except ValueError:
            return None
        return number if str(number) == text else None


class IdPart(StrEnum):
    """What a valid ID number says of its holder."""

    BIRTH = "id_birth"
    SEX = "id_sex"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OfIdNumber:
    """The date of birth, or the sex (``1`` male, ``2`` female), that a valid ID number holds; else null.

    For registers that keep nothing but the number. The defects of the number are told by `IdNumber`.
    """

    part: IdPart
    arity: int = 1
    passthrough: bool = False

    @property
    def name(self) -> str:
        return self.part.value

    def decode(self, raw: Any) -> Canonical:
        number = normalise_id(raw) if isinstance(raw, str) else None
        if number is None:
            return None
        return sex_of(number) if self.part is IdPart.SEX else birth_date_of(number)

    def quality(self, raw: Any) -> str | None:
        return None

    def encode(self, value: Canonical) -> Sequence[tuple[Any, ...]]:
        raise NotEnumerable
