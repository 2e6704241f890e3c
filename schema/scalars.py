"""Scalars of the catalogue as Strawberry scalars. Input is checked and becomes a value of :mod:`schema.values`.

A parse error says what the form is and never repeats the value. Output is not converted: results enter the response as
already completed values. ``String``, ``Int``, ``Float``, ``Boolean`` and ``ID`` are GraphQL's own.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from typing import Any, NewType

import strawberry
from graphql import GraphQLError, ValueNode, value_from_ast_untyped
from strawberry.types.scalar import ScalarDefinition

from schema.uscc import ALPHABET
from schema.values import Canonical, ScalarType

Date = NewType("Date", str)
Month = NewType("Month", str)
DateTime = NewType("DateTime", str)
Fen = NewType("Fen", int)
Code = NewType("Code", str)
DivCode = NewType("DivCode", str)
Uscc = NewType("Uscc", str)
PersonKey = NewType("PersonKey", str)

PYTHON_TYPES: dict[ScalarType, Any] = {
    ScalarType.STRING: str,
    ScalarType.INT: int,
    ScalarType.FLOAT: float,
    ScalarType.BOOLEAN: bool,
    ScalarType.DATE: Date,
    ScalarType.MONTH: Month,
    ScalarType.DATE_TIME: DateTime,
    ScalarType.FEN: Fen,
    ScalarType.CODE: Code,
    ScalarType.DIV_CODE: DivCode,
    ScalarType.USCC: Uscc,
    ScalarType.PERSON_KEY: PersonKey,
}
"""What stands for each scalar in a Strawberry annotation."""

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])\Z")
_DATE_TIME = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.([0-9]{1,6})0*)?(Z|[+-][0-9]{2}:[0-9]{2})\Z"
)
_DIV_CODE = re.compile(r"[0-9]{6}(?:[0-9]{3}){0,2}\Z")
_USCC = re.compile(f"[{ALPHABET}]{{18}}\\Z")
_PERSON_KEY = re.compile(r"[A-Z2-7]{26}\Z")
_BEIJING = timezone(timedelta(hours=8))
_SAFE_INTEGER = 2**53 - 1


def parse_date(value: object) -> str | None:
    """A real calendar date ``YYYY-MM-DD``, else ``None``."""
    text = _text(value)
    if not _DATE.match(text):
        return None
    try:
        date.fromisoformat(text)
    except ValueError:
        return None
    return text


def parse_month(value: object) -> str | None:
    """``YYYY-MM`` from the year 1 on, else ``None``."""
    text = _text(value)
    return text if _MONTH.match(text) and text[:4] != "0000" else None


def parse_date_time(value: object) -> str | None:
    """RFC 3339 in any offset, to the microsecond, as the same instant at ``+08:00``; else ``None``.

    The canonical form has six digits of a second's fraction, or none where the second is whole.
    """
    match = _DATE_TIME.match(_text(value))
    if match is None:
        return None
    second, fraction, offset = match.groups(default="")
    try:
        found = datetime.fromisoformat(f"{second}.{fraction:0<6}{offset}")
        here = found.utcoffset() == _BEIJING.utcoffset(None)  # the first eight hours of year 1 are in no year of UTC
        return (found.replace(tzinfo=_BEIJING) if here else found.astimezone(_BEIJING)).isoformat()
    except (ValueError, OverflowError):
        return None


def parse_fen(value: object) -> int | None:
    """An integer that JSON clients hold exactly, else ``None``."""
    exact = isinstance(value, int) and not isinstance(value, bool) and abs(value) <= _SAFE_INTEGER
    return value if exact else None  # type: ignore[return-value]


def parse_code(value: object) -> str | None:
    """Text in NFKC form without surrounding space, not empty and without control characters; else ``None``."""
    text = _text(value)
    return text if text and text.isprintable() else None


def parse_div_code(value: object) -> str | None:
    """6, 9 or 12 digits, else ``None``."""
    text = _text(value)
    return text if _DIV_CODE.match(text) else None


def parse_uscc(value: object) -> str | None:
    """18 characters of the USCC alphabet in upper case, else ``None``.

    The check characters are not judged: registers hold codes whose checks fail, and those must be found as well.
    """
    text = _text(value).upper()
    return text if _USCC.match(text) else None


def parse_person_key(value: object) -> str | None:
    """26 base32 characters in upper case, else ``None``."""
    text = _text(value)
    return text if _PERSON_KEY.match(text) else None


def _text(value: object) -> str:
    """Canonical text of a string; empty for anything else, which no form here allows."""
    return unicodedata.normalize("NFKC", value).strip() if isinstance(value, str) else ""


def _scalar(name: str, title: str, form: str, parse: Callable[[object], Canonical], note: str = "") -> ScalarDefinition:
    message = f"{name} must be {form}."

    def parse_value(value: object) -> Canonical:
        return _checked(parse(value), message, None)

    def parse_literal(node: ValueNode, variables: dict[str, Any] | None = None) -> Canonical:
        return _checked(parse(value_from_ast_untyped(node, variables)), message, node)

    return strawberry.scalar(
        name=name,
        description=f"{title}: {form}.{note}",
        serialize=_as_it_is,
        parse_value=parse_value,
        parse_literal=parse_literal,
    )


def _checked(parsed: Canonical, message: str, node: ValueNode | None) -> Canonical:
    if parsed is None:
        raise GraphQLError(message, node)
    return parsed


def _as_it_is(value: Canonical) -> Canonical:
    return value


SCALARS: dict[object, ScalarDefinition] = {
    Date: _scalar("Date", "日期 · Date", "a calendar date written YYYY-MM-DD, such as 2018-03-01", parse_date),
    Month: _scalar("Month", "年月 · Month", "a month written YYYY-MM, such as 2018-03", parse_month),
    DateTime: _scalar(
        "DateTime",
        "时间 · Instant",
        "an RFC 3339 date and time, to the microsecond at most, such as 2018-03-01T09:12:33+08:00",
        parse_date_time,
        note=" Any offset is understood; answers are at +08:00, with six digits of a fraction or none.",
    ),
    Fen: _scalar("Fen", "金额（分） · Amount of money", "an integer number of fen (1/100 yuan)", parse_fen),
    Code: _scalar("Code", "代码 · Code of a code table", "a code as non-empty text", parse_code),
    DivCode: _scalar("DivCode", "行政区划代码 · Administrative division code", "6, 9 or 12 digits", parse_div_code),
    Uscc: _scalar(
        "Uscc",
        "统一社会信用代码 · Unified social credit code",
        "18 digits and capital letters without I, O, S, V and Z",
        parse_uscc,
    ),
    PersonKey: _scalar(
        "PersonKey",
        "自然人标识 · Pseudonym of a person, different for every client application",
        "26 capital letters and digits 2 to 7",
        parse_person_key,
    ),
}
"""Strawberry's scalar map of the data graph."""
