"""Unified social credit codes 统一社会信用代码 (GB 32100-2015), with the organisation code inside (GB 11714-1997)."""

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_VALUES = {character: value for value, character in enumerate(ALPHABET)}
_WEIGHTS = tuple(pow(3, position, 31) for position in range(17))
_ORGANISATION_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def uscc_check_character(first17: str) -> str:
    """Character 18 for the first 17. Raises ``KeyError`` for a character outside `ALPHABET`."""
    total = sum(_VALUES[character] * weight for character, weight in zip(first17, _WEIGHTS, strict=True))
    return ALPHABET[-total % 31]


def organisation_check_character(first8: str) -> str:
    """Character 9 of an organisation code 组织机构代码 for its first 8 (characters 9-16 of a USCC).

    Raises ``ValueError`` for a character other than 0-9 and A-Z.
    """
    total = sum(
        _ORGANISATION_ALPHABET.index(character) * weight
        for character, weight in zip(first8, _ORGANISATION_WEIGHTS, strict=True)
    )
    return "0123456789X0"[11 - total % 11]


def is_valid_uscc(code: str) -> bool:
    """Whether ``code`` is a USCC in its exact spelling (18 upper-case characters, both check characters right).

    The registering department and the division are not judged: new ones come and old ones stay in use.
    """
    if len(code) != 18 or not _VALUES.keys() >= set(code) or not code[2:8].isdecimal():
        return False
    return code[16] == organisation_check_character(code[8:16]) and code[17] == uscc_check_character(code[:17])
