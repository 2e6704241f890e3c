"""Raw values read one by one: (canonical value, quality code or ``None``). Blank is null and no defect."""

import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone
from typing import Any

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
    """'1' or '0'."""
    return code(raw, {"1": True, "0": False})


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
    if raw is None:
        return NOTHING
    found = raw if isinstance(raw, datetime) else datetime.fromisoformat(str(raw))
    found = found.replace(tzinfo=BEIJING) if found.tzinfo is None else found.astimezone(BEIJING)
    return found.isoformat(), None
