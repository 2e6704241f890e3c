"""Identifiers of nobody: correct in form and check character, but in ranges that were never issued.

ID numbers (GB 11643) begin with 430790-430799, unified social credit codes (GB 32100) have an organisation code body
``XX######``, mobiles are ``164########``, landlines have a subscriber number that begins with 0, bank accounts are
``620000`` with a Luhn digit.
"""

import random
from datetime import date

ID_PREFIXES = tuple(str(430790 + n) for n in range(10))
"""In the order of the nine counties; the last one stands for people from elsewhere."""

_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = tuple(pow(3, n, 31) for n in range(17))
_BODY_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def id_check(body: str) -> str:
    """The check character (GB 11643, MOD 11-2) of an ID number's first 17 digits."""
    return _ID_CHECKS[sum(int(c) * w for c, w in zip(body, _ID_WEIGHTS, strict=True)) % 11]


def id_number(prefix: str, born: date, sequence: int) -> str:
    """An 18-character ID number; odd sequences are men's, even ones women's."""
    body = f"{prefix}{born:%Y%m%d}{sequence:03d}"
    return body + id_check(body)


def old_id_number(number: str) -> str:
    """The 15-digit spelling of the ID number of someone born 19xx: no century, no check character."""
    if number[6:8] != "19":
        raise ValueError("15-digit numbers were only given to people born 19xx")
    return number[:6] + number[8:17]


def uscc(kind: str, division: str, serial: int) -> str:
    """A unified social credit code: two characters of kind, six digits of division, body ``XX######``."""
    body = f"XX{serial:06d}"
    values = [int(c, 36) for c in body]
    own = 11 - sum(v * w for v, w in zip(values, _BODY_WEIGHTS, strict=True)) % 11
    text = f"{kind}{division}{body}{'X' if own == 10 else '0' if own == 11 else own}"
    return text + uscc_check(text)


def uscc_check(body: str) -> str:
    """The check character (GB 32100) of a unified social credit code's first 17."""
    total = sum(_USCC_ALPHABET.index(c) * w for c, w in zip(body, _USCC_WEIGHTS, strict=True))
    return _USCC_ALPHABET[(31 - total % 31) % 31]


def other_check(right: str, alphabet: str = _ID_CHECKS) -> str:
    """A wrong check character: the next one of the alphabet."""
    return alphabet[(alphabet.index(right) + 1) % len(alphabet)]


def wrong_uscc(code: str) -> str:
    """The same code with a wrong check character."""
    return code[:-1] + other_check(code[-1], _USCC_ALPHABET)


def mobile(rng: random.Random) -> str:
    """Eleven digits in the block 164, which no operator has."""
    return f"164{int(rng.random() * 100_000_000):08d}"


def landline(rng: random.Random) -> str:
    """Area code of Changde and a subscriber number that begins with 0, as none does."""
    return f"0736-0{int(rng.random() * 1_000_000):06d}"


def account(rng: random.Random) -> str:
    """A 19-digit bank account: ``620000``, twelve digits, Luhn digit."""
    body = f"620000{int(rng.random() * 1_000_000_000_000):012d}"
    return body + luhn_digit(body)


def luhn_digit(body: str) -> str:
    """The digit that makes ``body`` plus itself pass the Luhn test (ISO/IEC 7812-1)."""
    doubled = sum(sum(divmod(2 * int(c), 10)) for c in body[::-2])
    return str(-(doubled + sum(int(c) for c in body[-2::-2])) % 10)
