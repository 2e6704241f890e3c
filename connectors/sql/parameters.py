"""How the driver parameters of a compiled statement are made from the values of one execution.

Neighbours: forms, predicates and key branches add parameters while an expression is built; ``fetch`` makes them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum
from typing import Any

from sqlalchemy import BindParameter, bindparam
from sqlalchemy.engine.interfaces import Compiled

from connectors.codecs.dates import BEIJING, date_of, time_of
from connectors.codecs.texts import uuid_of
from connectors.contract import FetchArguments
from schema.message import Told
from schema.messages import sources
from schema.values import Canonical

KeyRows = Sequence[tuple[Any, ...]]
"""Rows of one key branch: (ordinal, value, ...)."""
Maker = Callable[[FetchArguments, Sequence[KeyRows]], Any]
"""Makes one driver parameter from the arguments and the key rows of every branch. Raises `Unacceptable`."""

_GREATEST = 2**63 - 1


class Unacceptable(ValueError):
    """A caller's value that the source cannot take; ``told`` says why, without the value."""

    def __init__(self, told: Told) -> None:
        super().__init__(told)
        self.told = told


class Domain(Enum):
    """What kind of driver value an expression is compared with."""

    TEXT = "text"
    INTEGER = "integer"
    FLOAT = "float"
    DATE = "date"
    TIME = "time"
    UUID = "uuid"
    BOOLEAN = "boolean"


@dataclass(slots=True)
class Parameters:
    """The parameters of one statement, by the names of their placeholders."""

    makers: dict[str, Maker] = field(default_factory=dict)

    def add(self, maker: Maker) -> BindParameter[Any]:
        """A placeholder whose value ``maker`` makes."""
        name = f"p{len(self.makers) + 1}"
        self.makers[name] = maker
        return bindparam(name)

    def positional(self, compiled: Compiled) -> tuple[Maker, ...]:
        """The makers in the order of the statement's placeholders."""
        order: Sequence[str] = getattr(compiled, "positiontup", None) or ()
        constants: Mapping[str, Any] = compiled.params
        return tuple(self.makers[name] if name in self.makers else always(constants[name]) for name in order)


def always(value: Any) -> Maker:
    """A parameter that is the same in every execution."""
    return lambda arguments, rows: value


def text_value(value: object) -> str | None:
    """A text as every driver takes it. Raises `Unacceptable` for a NUL or half of a surrogate pair."""
    if value is None:
        return None
    text = str(value)
    if "\0" in text:
        raise Unacceptable(sources.TEXT_WITH_NUL())
    if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
        raise Unacceptable(sources.TEXT_WITH_SURROGATE())
    return text


def integer_value(value: object) -> int | None:
    """A whole number of 64 bits. Raises `Unacceptable` for another."""
    if value is None:
        return None
    if not isinstance(value, int) or not -_GREATEST - 1 <= value <= _GREATEST:
        raise Unacceptable(sources.INTEGER_TOO_GREAT())
    return int(value)


def float_value(value: object) -> float | None:
    """A number as IEEE double. Raises `Unacceptable` for anything else."""
    if value is None:
        return None
    if not isinstance(value, int | float):
        raise Unacceptable(sources.NOT_A_NUMBER())
    try:
        return float(value)
    except OverflowError:
        raise Unacceptable(sources.NUMBER_TOO_GREAT()) from None


def date_value(value: object) -> Any:
    """A native date. Raises `Unacceptable` for a text that is none."""
    if value is None:
        return None
    found = date_of(value)
    if found is None:
        raise Unacceptable(sources.NOT_A_DATE())
    return found


def time_value(value: object) -> datetime | None:
    """A native timestamp in Beijing time. Raises `Unacceptable` for a text that is none."""
    if value is None:
        return None
    found = time_of(value)
    if found is None:
        raise Unacceptable(sources.NOT_A_TIME())
    return found


def naive_time_value(value: object) -> datetime | None:
    """The same without its zone, for a source that holds Beijing time."""
    found = time_value(value)
    return None if found is None else found.astimezone(BEIJING).replace(tzinfo=None)


def naive_utc_value(value: object) -> datetime | None:
    """The same for a source that holds UTC, whose first moment stands for all before it."""
    found = time_value(value)
    try:
        return None if found is None else found.astimezone(UTC).replace(tzinfo=None)
    except OverflowError:
        return datetime.min


def uuid_values(value: Canonical) -> tuple[Any, ...]:
    """The native UUID of its canonical text, in a tuple; empty for another text."""
    found = uuid_of(value)
    return () if found is None else (found,)
