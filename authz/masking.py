"""Masks: a canonical value -> what a caller sees of it instead, in the customary Chinese forms.

Stage: mask, after the join, on canonical values. Neighbours: the catalogue names a field's mask, a policy line the
strict or the standard form, :mod:`resolvers.shape` inlines the functions made here.

Every mask validates first: what is not a well-formed value of its kind (an ID number of 15 digits or with a wrong check
character, a name with a lost character, null) is hidden wholly, as `HIDDEN`, so that a defect is no way around a mask
(D9). The strict form shows less where there is one (name, ID number, account, free text); elsewhere both forms are the
same.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from typing import assert_never

from schema.catalog import MaskKind
from schema.identity import is_valid_id
from schema.values import Canonical

HIDDEN = "****"
"""Shown for what cannot be shown in part; also for null, so that a mask does not tell whether there is a value."""

Mask = Callable[[Canonical], str]

_MOBILE = re.compile(r"1[0-9]{10}\Z")
_LANDLINE = re.compile(r"(0(?:10|2[0-9]|[3-9][0-9]{2})-?)([0-9]{5,6})([0-9]{2})\Z")
_ACCOUNT = re.compile(r"[0-9]{15,32}\Z")
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(T[0-9:]{8}\+08:00)?\Z")
_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])\Z")
_HAN = "[\u3400-\u9fff]"
_ADDRESS = re.compile(
    rf"(?:{_HAN}{{2,7}}?(?:省|自治区))?(?:{_HAN}{{1,7}}?(?:市|自治州))?(?:{_HAN}{{1,7}}?[县区市旗])?"
    rf"{_HAN}{{1,8}}?(?:街道|管理区|镇|乡)(?:{_HAN}{{1,10}}?(?:社区|居委会|村))?"
)
_NAME_MARKS = "·•・'’- ."
_LONG_NUMBER = re.compile(r"(?<!\d)\d(?:[\W_]{0,3}\d){6,}(?:[\W_]{0,3}[Xx](?![A-Za-z]))?(?!\d)")
"""Seven digits and more, of any script, with up to three characters that are neither letters nor digits between two."""
_OTHER_SIGN = re.compile(r"[^\x00-\x7f\u3400-\u9fff]")
_BANDS = ((300_000, "<3,000"), (500_001, "3,000-5,000"), (1_000_001, "5,000-10,000"))


def mask(kind: MaskKind, strict: bool) -> Mask:
    """The mask function of a kind. Takes any canonical value, never raises, and always returns text."""
    match kind:
        case MaskKind.NAME:
            return _name_strict if strict else _name
        case MaskKind.ID_NUMBER:
            return _id_number_strict if strict else _id_number
        case MaskKind.MOBILE:
            return _mobile
        case MaskKind.LANDLINE:
            return _landline
        case MaskKind.ADDRESS:
            return _address
        case MaskKind.DATE:
            return _date
        case MaskKind.YEAR:
            return _year
        case MaskKind.ACCOUNT:
            return _account_strict if strict else _account
        case MaskKind.AMOUNT_BAND:
            return _amount_band
        case MaskKind.FREE_TEXT:
            return _full if strict else _free_text
        case MaskKind.FULL:
            return _full
        case _:
            assert_never(kind)


def _full(value: Canonical) -> str:
    return HIDDEN


def _is_name(value: Canonical) -> bool:
    return (
        isinstance(value, str)
        and 2 <= len(value) <= 50
        and value[0].isalpha()
        and all(letter.isalpha() or letter in _NAME_MARKS for letter in value)
    )


def _name(value: Canonical) -> str:
    """张三 -> 张*, 张小明 -> 张*明, 欧阳小明 -> 欧阳*明; the length stays."""
    if not _is_name(value):
        return HIDDEN
    text = str(value)
    if len(text) == 2:
        return f"{text[0]}*"
    kept = 1 if len(text) == 3 else 2
    return f"{text[:kept]}{'*' * (len(text) - kept - 1)}{text[-1]}"


def _name_strict(value: Canonical) -> str:
    """张小明 -> 张**; the length is hidden too."""
    return f"{str(value)[0]}**" if _is_name(value) else HIDDEN


def _id_number(value: Canonical) -> str:
    """First six and last four of eighteen: 430790********0016."""
    if not isinstance(value, str) or not is_valid_id(value):
        return HIDDEN
    return f"{value[:6]}********{value[-4:]}"


def _id_number_strict(value: Canonical) -> str:
    """First and last of eighteen: 4****************6."""
    if not isinstance(value, str) or not is_valid_id(value):
        return HIDDEN
    return f"{value[0]}****************{value[-1]}"


def _mobile(value: Canonical) -> str:
    """First three and last four of eleven: 164****5678."""
    if not isinstance(value, str) or not _MOBILE.match(value):
        return HIDDEN
    return f"{value[:3]}****{value[-4:]}"


def _landline(value: Canonical) -> str:
    """Area code and last two: 0736-*****21."""
    found = _LANDLINE.match(value) if isinstance(value, str) else None
    return f"{found[1]}{'*' * len(found[2])}{found[3]}" if found else HIDDEN


def _address(value: Canonical) -> str:
    """To the township and its village, if that is named: 湖南省常德市汉寿县洲口镇小河村***."""
    found = _ADDRESS.match(value) if isinstance(value, str) else None
    return f"{found[0]}***" if found else HIDDEN


def _date(value: Canonical) -> str:
    """To the year: 1980-**-** of a date or a time, 1980-** of a month."""
    if isinstance(value, str) and _MONTH.match(value):
        return f"{value[:4]}-**"
    year = _year(value)
    return HIDDEN if year == HIDDEN else f"{year}-**-**"


def _year(value: Canonical) -> str:
    """The year alone, of a date, a time or a month: 1998."""
    if not isinstance(value, str):
        return HIDDEN
    if _MONTH.match(value):
        return value[:4]
    found = _DATE.match(value)
    if found is None:
        return HIDDEN
    try:
        date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return HIDDEN
    return found[1]


def _account(value: Canonical) -> str:
    """First four and last four, in groups: 6200 **** **** 8903; the number of digits stays."""
    if not isinstance(value, str) or not _ACCOUNT.match(value):
        return HIDDEN
    return f"{value[:4]} {_grouped_stars(len(value) - 8)} {value[-4:]}"


def _account_strict(value: Canonical) -> str:
    """Last four, in groups: **** **** **** 8903; the number of digits stays."""
    if not isinstance(value, str) or not _ACCOUNT.match(value):
        return HIDDEN
    return f"**** {_grouped_stars(len(value) - 8)} {value[-4:]}"


def _grouped_stars(count: int) -> str:
    return " ".join("*" * min(4, count - start) for start in range(0, count, 4))


def _amount_band(value: Canonical) -> str:
    """The band, in yuan, of an amount in fen; 3,000 and 5,000 yuan belong to the band 3,000-5,000."""
    if not isinstance(value, int) or isinstance(value, bool):
        return HIDDEN
    return next((name for above, name in _BANDS if value < above), ">10,000")


def _free_text(value: Canonical) -> str:
    """The text with every long number in it masked, whatever it is: ...联系164****5678...; the rest stays.

    A number is found however it is parted by blanks and punctuation, and in full-width or circled figures, which are
    shown as plain ones.
    """
    if not isinstance(value, str):
        return HIDDEN
    return _LONG_NUMBER.sub(_number_in_text, _OTHER_SIGN.sub(_plain_sign, value))


def _plain_sign(found: re.Match[str]) -> str:
    plain = unicodedata.normalize("NFKC", found[0])
    return plain if plain.isascii() and plain.isalnum() else found[0]


def _number_in_text(found: re.Match[str]) -> str:
    number = "".join(filter(str.isalnum, found[0]))
    if _MOBILE.match(number):
        return _mobile(number)
    return f"{number[0]}{'*' * (len(number) - 2)}{number[-1]}" if len(number) == 18 else "*" * len(number)
