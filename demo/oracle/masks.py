"""Masks (domain reference 3.3), in the strict form that all roles get; what is not well-formed is hidden wholly."""

import re
from datetime import date

from demo.oracle.identity import normal_id

HIDDEN = "****"
_TOWN = re.compile(
    r"(?:[㐀-鿿]{2,7}?(?:省|自治区))?(?:[㐀-鿿]{1,7}?(?:市|自治州))?(?:[㐀-鿿]{1,7}?[县区市旗])?"
    r"[㐀-鿿]{1,8}?(?:街道|管理区|镇|乡)(?:[㐀-鿿]{1,10}?(?:社区|居委会|村))?"
)
"""An address down to its township, and the village if it is named."""
_LANDLINE = re.compile(r"(0(?:10|2\d|[3-9]\d\d)-?)(\d{5,6})(\d\d)", re.ASCII)


def masked(kind: str, value: object, today: date) -> str:
    """``value`` as a caller sees it who may only see it masked. Raises ``ValueError`` for a mask there is not."""
    match kind:
        case "full" | "freeText":
            return HIDDEN
        case "amountBand":
            return _band(value) if isinstance(value, int) and not isinstance(value, bool) else HIDDEN
    if not isinstance(value, str):
        return HIDDEN
    match kind:
        case "idNumber":
            return f"{value[0]}{'*' * 16}{value[-1]}" if normal_id(value, today) == value else HIDDEN
        case "name":
            return f"{value[0]}**" if _is_name(value) else HIDDEN
        case "mobile":
            return f"{value[:3]}****{value[-4:]}" if _is_mobile(value) else HIDDEN
        case "landline":
            found = _LANDLINE.fullmatch(value)
            return f"{found[1]}{'*' * len(found[2])}{found[3]}" if found else HIDDEN
        case "address":
            place = _TOWN.match(value)
            return f"{place[0]}***" if place else HIDDEN
        case "date":
            return f"{value[:4]}-**-**" if _is_day(value) else HIDDEN
        case "year":
            return value[:4] if _is_day(value) else HIDDEN
        case "account":
            return _account(value)
        case _:
            raise ValueError(f"there is no mask {kind}")


def _is_name(value: str) -> bool:
    marks = "·•・'’- ."
    return 2 <= len(value) <= 50 and value[0].isalpha() and all(x.isalpha() or x in marks for x in value)


def _is_mobile(value: str) -> bool:
    return len(value) == 11 and value.isascii() and value.isdigit() and value[0] == "1"


def _is_day(value: str) -> bool:
    try:
        date.fromisoformat(value[:10])
    except ValueError:
        return False
    return len(value) == 10 or value[10] == "T"


def _account(value: str) -> str:
    if not 15 <= len(value) <= 32 or not value.isascii() or not value.isdigit():
        return HIDDEN
    hidden = len(value) - 8
    stars = " ".join("*" * min(4, hidden - start) for start in range(0, hidden, 4))
    return f"{HIDDEN} {stars} {value[-4:]}"


def _band(fen: int) -> str:
    """In yuan; 3,000 and 5,000 belong to the band between them."""
    for above, name in ((300_000, "<3,000"), (500_001, "3,000-5,000"), (1_000_001, "5,000-10,000")):
        if fen < above:
            return name
    return ">10,000"
