"""Unified social credit codes (GB 32100), written down a second time."""

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_INNER_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_INNER = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def is_valid(code: str) -> bool:
    """Whether both check characters are right."""
    if len(code) != 18 or not set(code) <= set(_ALPHABET) or not code[2:8].isdigit():
        return False
    total = sum(_ALPHABET.index(letter) * weight for letter, weight in zip(code[:17], _WEIGHTS, strict=True))
    if code[17] != _ALPHABET[(31 - total % 31) % 31]:
        return False
    inner = sum(_INNER.index(letter) * weight for letter, weight in zip(code[8:16], _INNER_WEIGHTS, strict=True))
    return code[16] == {10: "X", 11: "0"}.get(11 - inner % 11, str(11 - inner % 11))
