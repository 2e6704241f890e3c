"""Citizen identity numbers 公民身份号码 (GB 11643): checks, the normal form, and every spelling of the same number.

Neighbours: codecs normalise with it at a source's edge, :mod:`authz` packs the normal form into a ``personKey`` (D10).
Nothing is stripped or widened here: a spelling is exact, or it is not an identity number. A number of 15 digits (issued
until 1999) is one of a person born in 19xx; who was born before 1900 had no such number that could be told apart.
Division codes are not judged: numbers keep the division of issue, long after it is gone.
"""

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
_NORMAL = re.compile(r"[0-9]{17}[0-9X]\Z")
_SPELLING_18 = re.compile(r"[0-9]{17}[0-9Xx]\Z")
_SPELLING_15 = re.compile(r"[0-9]{15}\Z")


def check_character(first17: str) -> str:
    """The 18th character for the first 17 digits (ISO 7064 MOD 11-2).

    The weights are powers of 2 = 13 modulo 11, so the weighted sum is the digits read in base 13.
    """
    return "0123456789X"[(1 - 2 * int(first17, 13)) % 11]


def is_valid_id(id18: str, today: date | None = None) -> bool:
    """Whether ``id18`` is a valid number in its normal form.

    18 characters with ``X`` upper case, a real birth date not after ``today`` (default: today in Asia/Shanghai), the
    right check character.
    """
    if not _NORMAL.match(id18) or check_character(id18[:17]) != id18[17]:
        return False
    try:
        born = date(int(id18[6:10]), int(id18[10:12]), int(id18[12:14]))
    except ValueError:
        return False
    return born <= (today or datetime.now(SHANGHAI).date())


def normalise_id(text: str, today: date | None = None) -> str | None:
    """The normal form of an exact spelling (18 characters with ``X`` or ``x``, or 15 digits), else ``None``."""
    if _SPELLING_18.match(text):
        id18 = text.upper()
    elif _SPELLING_15.match(text):
        first17 = f"{text[:6]}19{text[6:]}"
        id18 = first17 + check_character(first17)
    else:
        return None
    return id18 if is_valid_id(id18, today) else None


def spellings(id18: str) -> tuple[str, ...]:
    """Every exact spelling of a valid number in its normal form: that one, with ``x``, and 15 digits if born 19xx."""
    found = [id18]
    if id18.endswith("X"):
        found.append(id18[:17] + "x")
    if id18[6:8] == "19":
        found.append(id18[:6] + id18[8:17])
    return tuple(found)


def birth_date_of(id18: str) -> str:
    """The birth date of a valid number in its normal form, as a canonical Date."""
    return f"{id18[6:10]}-{id18[10:12]}-{id18[12:14]}"


def sex_of(id18: str) -> str:
    """The sex code (GB/T 2261.1) of a valid number in its normal form: ``1`` male, ``2`` female."""
    return "1" if int(id18[16]) % 2 else "2"
