"""Raw values read one by one: (canonical value, quality code or ``None``). Blank is null and no defect."""

import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from demo.oracle import uscc

BEIJING = timezone(timedelta(hours=8))
Read = tuple[Any, str | None]
NOTHING: Read = (None, None)


def text(raw: object, *, lossy: bool = False) -> Read:
    """People's text: NFKC, trimmed. ``lossy``: a question mark stands for a character the source could not hold."""
    if raw is None:
        return NOTHING
    value = unicodedata.normalize("NFKC", str(raw)).strip()
    return value or None, "NAME_LOSSY" if lossy and "?" in str(raw) else None


def token(raw: object) -> Read:
    """A number or code as it stands."""
    return raw or None, None


def code(raw: object, known: Mapping[str, object]) -> Read:
    """A code or word by a table; an unknown one is CODE_UNMAPPED."""
    if raw is None or raw == "":
        return NOTHING
    return (known[str(raw)], None) if str(raw) in known else (None, "CODE_UNMAPPED")


def flag(raw: object) -> Read:
    """'1' or '0', true or false."""
    return code({"true": "1", "false": "0"}.get(str(raw).lower(), raw), {"1": True, "0": False})


def alias(raw: object, known: Mapping[str, str], unknown: str) -> Read:
    """What a name or number of the source's own stands for; ``unknown`` is the code of one that is not known."""
    if raw is None or raw == "":
        return NOTHING
    return (known[str(raw)], None) if str(raw) in known else (None, unknown)


def credit_code(raw: object) -> Read:
    """A unified social credit code in upper case, with USCC_CHECKSUM if it is none."""
    if raw is None or str(raw).strip() == "":
        return NOTHING
    value = str(raw).strip().upper()
    return value, None if uscc.is_valid(value) else "USCC_CHECKSUM"


def whole(raw: object) -> Read:
    """A whole number, in figures or as a number; anything else is VALUE_INVALID."""
    return _number(raw, 1)


def money(raw: object, fen: int) -> Read:
    """An amount in units of ``fen`` fen; half a fen counts as one."""
    return _number(raw, fen, rounded=True)


def decimal(raw: object) -> Read:
    """A number that need not be whole."""
    return NOTHING if raw is None else (float(str(raw)), None)


def as_text(raw: object) -> Read:
    """A number as text, as whole numbers are where they only name something."""
    return NOTHING if raw is None or raw == "" else (str(raw), None)


def _number(raw: object, scale: int, *, rounded: bool = False) -> Read:
    if raw is None or str(raw).strip() == "":
        return NOTHING
    try:
        value = Decimal(str(raw)) * scale
        nearest = value.quantize(Decimal(1), ROUND_HALF_UP)
    except InvalidOperation:
        return None, "VALUE_INVALID"
    return (int(nearest), None) if rounded or nearest == value else (None, "VALUE_INVALID")


def eight_digits(raw: object) -> Read:
    """``yyyymmdd``; zeros, nines and blanks are null, anything else that is no date is DATE_INVALID."""
    if raw is None or str(raw).strip() in ("", "00000000", "99999999"):
        return NOTHING
    digits = str(raw)
    if len(digits) != 8 or not digits.isascii() or not digits.isdigit():
        return None, "DATE_INVALID"
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:])).isoformat(), None
    except ValueError:
        return None, "DATE_INVALID"


def six_digits(raw: object) -> Read:
    """``yyyymm`` as a month."""
    if raw is None or str(raw).strip() == "":
        return NOTHING
    digits = str(raw)
    return dotted_month(f"{digits[:4]}.{digits[4:]}")


def day(raw: object) -> Read:
    """A native date, or ``yyyy-mm-dd``."""
    if raw is None or raw == "":
        return NOTHING
    if isinstance(raw, date):
        return raw.isoformat()[:10], None
    try:
        return datetime.strptime(str(raw), "%Y-%m-%d").date().isoformat(), None
    except ValueError:
        return None, "DATE_INVALID"


def dotted_month(raw: object, *, as_date: bool = False) -> Read:
    """``1985.03``, as a month or as the first day of it."""
    if raw is None or str(raw).strip() == "":
        return NOTHING
    year, _, month = str(raw).partition(".")
    exact = len(year) == 4 and len(month) == 2 and (year + month).isdigit() and 1 <= int(month) <= 12 and year != "0000"
    if not exact:
        return None, "DATE_INVALID"
    return (f"{year}-{month}-01", "DATE_PRECISION_MONTH") if as_date else (f"{year}-{month}", None)


def first_of_month(raw: object) -> Read:
    """A date that stands for its month."""
    if raw is None:
        return NOTHING
    day = raw if isinstance(raw, date) else date.fromisoformat(str(raw))
    return (f"{day.year:04}-{day.month:02}", None) if day.day == 1 else (None, "DATE_INVALID")


def moment(raw: object) -> Read:
    """A point in time, in Beijing time; what has no zone is Beijing time."""
    if raw is None or raw == "":
        return NOTHING
    try:
        found = raw if isinstance(raw, datetime) else datetime.fromisoformat(str(raw))
    except ValueError:
        return None, "DATE_INVALID"
    found = found.replace(tzinfo=BEIJING) if found.tzinfo is None else found.astimezone(BEIJING)
    return found.isoformat(), None


def epoch(raw: object) -> Read:
    """Seconds since 1970-01-01 UTC; 0 means "not yet"."""
    if not raw:
        return NOTHING
    return moment(datetime.fromtimestamp(int(str(raw)), UTC))


def utc_moment(raw: object) -> Read:
    """A point in time of a source that writes UTC and does not say so."""
    if raw is None:
        return NOTHING
    found = raw if isinstance(raw, datetime) else datetime.fromisoformat(str(raw))
    return moment(found.replace(tzinfo=UTC) if found.tzinfo is None else found)


def years(born: Read, today: date) -> Read:
    """Whole years since a day, with the day's defect; null for a day to come."""
    value, flaw = born
    if value is None or value > today.isoformat():
        return None, flaw
    return today.year - int(value[:4]) - (today.isoformat()[5:] < value[5:]), flaw


def overdue(due: Read, ended: Read, today: date) -> Read:
    """Whether it ended after the day it was due, or has not ended and the day is past; null without a due date."""
    flaw = due[1] or ended[1]
    if due[0] is None:
        return None, flaw
    return (today.isoformat() if ended[0] is None else str(ended[0])[:10]) > due[0], flaw


def within_30_days(ended: Read, today: date) -> Read:
    """Whether it has not ended, or did at most 30 days before today."""
    value, flaw = ended
    return value is None or value[:10] >= (today - timedelta(days=30)).isoformat(), flaw
