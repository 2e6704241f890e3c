"""Unified social credit codes: vectors of GB 32100 and what its check characters notice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.uscc import ALPHABET, is_valid_uscc, organisation_check_character, uscc_check_character

VECTORS = [
    "91350100M000100Y43",
    "11430700XX00000199",
    "12430702XX0000027X",
    "91430725XX0000035X",
    "93430726XX00000431",
    "92430781XX000006XB",
    "N2430726XX0000051H",
]
WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
characters = st.sampled_from(ALPHABET)
valid_codes = st.builds(
    lambda head, division, body: (
        f"{head}{division:06d}{body}{organisation_check_character(body)}"
        + uscc_check_character(f"{head}{division:06d}{body}{organisation_check_character(body)}")
    ),
    st.text(characters, min_size=2, max_size=2),
    st.integers(100_000, 999_999),
    st.text(characters, min_size=8, max_size=8),
)


@pytest.mark.parametrize("code", VECTORS)
def test_published_codes_are_valid(code: str) -> None:
    assert is_valid_uscc(code)


@pytest.mark.parametrize(
    "code",
    [
        "",
        "91350100M000100Y44",
        "91350100m000100y43",
        "91350100M000100Y43 ",
        "91350100M000100Y4",
        "9135010ZM000100Y43",
        "91350I00M000100Y43",
        "11430700XX00000299",
        "1143070AXX00000199",
    ],
    ids=ascii,
)
def test_another_spelling_is_no_code(code: str) -> None:
    assert not is_valid_uscc(code)


@given(st.text(characters, min_size=17, max_size=17))
def test_the_check_character_is_the_weighted_sum_of_the_standard(first17: str) -> None:
    total = sum(ALPHABET.index(character) * weight for character, weight in zip(first17, WEIGHTS, strict=True))
    assert uscc_check_character(first17) == ALPHABET[(31 - total % 31) % 31]


@given(valid_codes, st.integers(0, 17), characters)
def test_one_wrong_character_is_always_noticed(code: str, position: int, character: str) -> None:
    wrong = code[:position] + character + code[position + 1 :]
    assert is_valid_uscc(wrong) == (wrong == code)
