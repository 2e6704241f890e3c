"""Citizen identity numbers (GB 11643) and SM3 (GB/T 32905), written down a second time."""

from collections.abc import Callable
from datetime import date

from demo.oracle.reading import NOTHING, Read

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_DIGITS = frozenset("0123456789")


def check_character(first17: str) -> str:
    """The last character, by the standard's weights."""
    return _CHECKS[sum(int(digit) * weight for digit, weight in zip(first17, _WEIGHTS, strict=True)) % 11]


def normal_id(text: object, today: date) -> str | None:
    """The normal form of an exact spelling of a valid number, else ``None``; nothing is trimmed or repaired."""
    if not isinstance(text, str):
        return None
    if len(text) == 15 and set(text) <= _DIGITS:
        text = text[:6] + "19" + text[6:]
        text += check_character(text)
    if len(text) != 18 or not set(text[:17]) <= _DIGITS or text[17] not in "0123456789Xx":
        return None
    text = text.upper()
    if check_character(text[:17]) != text[17]:
        return None
    try:
        born = date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return None
    return text if born <= today else None


def identity_of(number: object, source: str, key: object, today: date) -> str:
    """The valid number, else a local identity that joins to nothing else."""
    return normal_id(number, today) or f"~{source}:{key}"


def id_number(raw: object, today: date) -> Read:
    """The number in its normal form, else as it stands with the defect it has."""
    if raw is None or raw == "":
        return NOTHING
    valid = normal_id(raw, today)
    if valid is not None:
        return valid, None
    written = str(raw)
    shaped = len(written) in (15, 18) and written[:15].isdigit()
    return written, "ID_CHECKSUM" if shaped else "ID_FORMAT"


def held_birth(number: str) -> str:
    """The date of birth that a number in its normal form holds."""
    return f"{number[6:10]}-{number[10:12]}-{number[12:14]}"


def held_sex(number: str) -> str:
    """The sex that a number in its normal form holds: ``1`` male, ``2`` female."""
    return "1" if int(number[16]) % 2 else "2"


def of_number(raw: object, held: Callable[[str], str], today: date) -> Read:
    """What the number holds, for a source that keeps nothing but the number; null without a valid one."""
    number = normal_id(raw, today)
    return (held(number), None) if number is not None else NOTHING


def sm3(text: str) -> str:
    """Lower-case hex SM3 of the UTF-8 bytes of ``text``."""
    data = text.encode()
    padded = data + b"\x80" + b"\0" * ((55 - len(data)) % 64) + (8 * len(data)).to_bytes(8, "big")
    state = [0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600, 0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E]
    for start in range(0, len(padded), 64):
        state = _compress(state, padded[start : start + 64])
    return "".join(f"{word:08x}" for word in state)


def _rotate(word: int, by: int) -> int:
    by %= 32
    return ((word << by) | (word >> (32 - by))) & 0xFFFFFFFF if by else word


def _compress(state: list[int], block: bytes) -> list[int]:
    w = [int.from_bytes(block[i : i + 4], "big") for i in range(0, 64, 4)]
    for j in range(16, 68):
        x = w[j - 16] ^ w[j - 9] ^ _rotate(w[j - 3], 15)
        w.append(x ^ _rotate(x, 15) ^ _rotate(x, 23) ^ _rotate(w[j - 13], 7) ^ w[j - 6])
    a, b, c, d, e, f, g, h = state
    for j in range(64):
        t = 0x79CC4519 if j < 16 else 0x7A879D8A
        ss1 = _rotate((_rotate(a, 12) + e + _rotate(t, j)) & 0xFFFFFFFF, 7)
        ss2 = ss1 ^ _rotate(a, 12)
        ff = a ^ b ^ c if j < 16 else (a & b) | (a & c) | (b & c)
        gg = e ^ f ^ g if j < 16 else (e & f) | (~e & g)
        tt1 = (ff + d + ss2 + (w[j] ^ w[j + 4])) & 0xFFFFFFFF
        tt2 = (gg + h + ss1 + w[j]) & 0xFFFFFFFF
        d, c, b, a = c, _rotate(b, 9), a, tt1
        h, g, f, e = g, _rotate(f, 19), e, tt2 ^ _rotate(tt2, 9) ^ _rotate(tt2, 17)
    return [old ^ new for old, new in zip(state, (a, b, c, d, e, f, g, h), strict=True)]
