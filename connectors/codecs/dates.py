"""Codecs of dates, months and points in time. All is Beijing time (+08:00), as sources without a zone mean it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from connectors.codecs.protocol import NotEnumerable
from schema.values import Canonical

BEIJING = timezone(timedelta(hours=8))
FIRST_MOMENT = datetime(1, 1, 1, tzinfo=BEIJING)
LAST_MOMENT = datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=BEIJING)
"""Points in time beyond these, infinities among them, are these."""
EPOCH_RANGE = (int(FIRST_MOMENT.timestamp()), int(LAST_MOMENT.timestamp()))

NO_DATE = frozenset({"", "00000000", "99999999"})
_DIGITS_8 = re.compile(r"[0-9]{8}")
_DIGITS_6 = re.compile(r"([0-9]{4})(0[1-9]|1[0-2])")
_DOTTED = re.compile(r"([0-9]{4})\.(0[1-9]|1[0-2])")
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DateDigits:
    """Eight digits ``yyyymmdd`` in a text column.

    ``00000000``, ``99999999`` and blanks are null; any other text that is no date is ``DATE_INVALID``.
    """

    name: str = "date_digits"
    arity: int = 1
    passthrough: bool = False

    def decode(self, raw: Any) -> Canonical:
        if not isinstance(raw, str) or not _DIGITS_8.fullmatch(raw):
            return None
        text = f"{raw[:4]}-{raw[4:6]}-{raw[6:]}"
        return text if _is_date(text) else None

    def quality(self, raw: Any) -> str | None:
        if raw is None or (isinstance(raw, str) and raw.strip(" ") in NO_DATE):
            return None
        return "DATE_INVALID" if self.decode(raw) is None else None

    def encode(self, value: Canonical) -> Sequence[tuple[Any, ...]]:
        return ((str(value).replace("-", ""),),) if _is_date(value) else ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NativeDate:
    """A native date, or ISO text in a source without dates. Drivers give infinities as the first and last date."""

    name: str = "date"
    arity: int = 1
    passthrough: bool = False

    def decode(self, raw: Any) -> Canonical:
        if isinstance(raw, date):
            return raw.isoformat()[:10]
        return raw if _is_date(raw) else None

    def quality(self, raw: Any) -> str | None:
        if raw is None or raw == "" or isinstance(raw, date):
            return None
        return "DATE_INVALID" if self.decode(raw) is None else None

    def encode(self, value: Canonical) -> Sequence[tuple[Any, ...]]:
        found = date_of(value)
        return () if found is None else ((found,),)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MonthText:
    """A month in text, ``1985.03`` (``dotted``) or ``198503``; with ``as_date`` it is the Date of its first day.

    A month read as a date is ``DATE_PRECISION_MONTH``; a text that is no month and not blank is ``DATE_INVALID``.
    """

    dotted: bool
    as_date: bool = False
    arity: int = 1
    passthrough: bool = False

    @property
    def name(self) -> str:
        return "month_dotted" if self.dotted else "month_digits"

    def decode(self, raw: Any) -> Canonical:
        match = (_DOTTED if self.dotted else _DIGITS_6).fullmatch(raw) if isinstance(raw, str) else None
        if match is None or match[1] == "0000":
            return None
        return f"{match[1]}-{match[2]}-01" if self.as_date else f"{match[1]}-{match[2]}"

    def quality(self, raw: Any) -> str | None:
        if raw is None or (isinstance(raw, str) and not raw.strip(" ")):
            return None
        if self.decode(raw) is None:
            return "DATE_INVALID"
        return "DATE_PRECISION_MONTH" if self.as_date else None

    def encode(self, value: Canonical) -> Sequence[tuple[Any, ...]]:
        text = str(value)
        raw = f"{text[:4]}.{text[5:7]}" if self.dotted else f"{text[:4]}{text[5:7]}"
        return ((raw,),) if self.decode(raw) == value else ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MonthDate:
    """A native date that stands for its month; it must be the first of the month, else ``DATE_INVALID``."""

    name: str = "month_date"
    arity: int = 1
    passthrough: bool = False

    def decode(self, raw: Any) -> Canonical:
        found = raw if isinstance(raw, date) else date_of(raw)
        if found is None or found.day != 1:
            return None
        return f"{found.year:04}-{found.month:02}"

    def quality(self, raw: Any) -> str | None:
        return "DATE_INVALID" if raw is not None and raw != "" and self.decode(raw) is None else None

    def encode(self, value: Canonical) -> Sequence[tuple[Any, ...]]:
        found = date_of(f"{value}-01")
        return () if found is None else ((found,),)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PointInTime:
    """A native timestamp, with a zone or naive in Beijing time; ISO text in a source without timestamps.

    ``utc``: those without a zone are in UTC.
    """

    utc: bool = False
    name: str = "datetime"
    arity: int = 1
    passthrough: bool = False

    def decode(self, raw: Any) -> Canonical:
        if isinstance(raw, str):
            try:
                raw = datetime.fromisoformat(raw)
            except ValueError:
                return None
        if not isinstance(raw, datetime):
            return None
        return canonical_time(raw.replace(tzinfo=UTC) if self.utc and raw.tzinfo is None else raw)

    def quality(self, raw: Any) -> str | None:
        if raw is None or raw == "" or isinstance(raw, datetime):
            return None
        return "DATE_INVALID" if self.decode(raw) is None else None

    def encode(self, value: Canonical) -> Sequence[tuple[Any, ...]]:
        raise NotEnumerable


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Epoch:
    """Whole seconds since 1970-01-01 UTC; 0 is null."""

    name: str = "epoch"
    arity: int = 1
    passthrough: bool = False

    def decode(self, raw: Any) -> Canonical:
        if type(raw) is not int or raw == 0 or not EPOCH_RANGE[0] <= raw <= EPOCH_RANGE[1]:
            return None
        return canonical_time(datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=raw))

    def quality(self, raw: Any) -> str | None:
        return "DATE_INVALID" if raw is not None and raw != 0 and self.decode(raw) is None else None

    def encode(self, value: Canonical) -> Sequence[tuple[Any, ...]]:
        found = time_of(value)
        if found is None or found.microsecond:
            return ()
        seconds = int(found.timestamp())
        return ((seconds,),) if self.decode(seconds) == value else ()


def canonical_time(moment: datetime) -> str:
    """The canonical DateTime of ``moment``; naive means Beijing time."""
    if moment.tzinfo is None:
        return moment.replace(tzinfo=BEIJING).isoformat()
    try:
        return moment.astimezone(BEIJING).isoformat()
    except OverflowError:
        return (FIRST_MOMENT if moment.year == 1 else LAST_MOMENT).isoformat()


def time_of(value: object) -> datetime | None:
    """The aware datetime in Beijing time of a canonical DateTime, or ``None`` when ``value`` is none."""
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    if found.utcoffset() == BEIJING.utcoffset(None):  # the first eight hours of year 1 are in no year of UTC
        return found.replace(tzinfo=BEIJING)
    try:
        return None if found.tzinfo is None else found.astimezone(BEIJING)
    except OverflowError:
        return None


def date_of(value: object) -> date | None:
    """The date whose canonical text is ``value``, or ``None``."""
    if not isinstance(value, str) or not _ISO_DATE.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _is_date(value: object) -> bool:
    return date_of(value) is not None
