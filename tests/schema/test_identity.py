"""ID numbers: vectors of GB 11643 and properties of their spellings."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.identity import birth_date_of, check_character, is_valid_id, normalise_id, sex_of, spellings

VECTORS = [
    ("11010519491231002X", "1949-12-31", "2"),
    ("440524188001010014", "1880-01-01", "1"),
    ("430790198001010016", "1980-01-01", "1"),
    ("430791199202290123", "1992-02-29", "2"),
    ("430795195511034534", "1955-11-03", "1"),
    ("430798196307080203", "1963-07-08", "2"),
]
TODAY = date(2024, 6, 1)
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)

birth_dates = st.dates(min_value=date(1850, 1, 1), max_value=TODAY)
first17s = st.builds(
    lambda division, born, serial: f"{division:06d}{born:%Y%m%d}{serial:03d}",
    st.integers(100_000, 999_999),
    birth_dates,
    st.integers(0, 999),
)
valid_ids = first17s.map(lambda first17: first17 + check_character(first17))


@pytest.mark.parametrize(("number", "born", "sex"), VECTORS, ids=[vector[0] for vector in VECTORS])
def test_published_numbers_are_valid_and_tell_birth_date_and_sex(number: str, born: str, sex: str) -> None:
    assert is_valid_id(number)
    assert (birth_date_of(number), sex_of(number)) == (born, sex)


def test_a_15_digit_number_is_one_of_the_twentieth_century() -> None:
    assert normalise_id("430790800101001") == "430790198001010016"


def test_a_small_x_is_the_same_number() -> None:
    assert normalise_id("11010519491231002x") == "11010519491231002X"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "430790198001010017",
        " 430790198001010016",
        "430790198001010016\n",
        "430790198001010016\u3000",
        "４３０７９０１９８００１０１００１６",
        "43079019800101001",
        "4307901980010100160",
        "430790198013010018",
        "43079019800230001X",
        "X30790198001010016",
        "430790800230001",
        "430790800101001\n",
        "٤٣٠٧٩٠١٩٨٠٠١٠١٠٠١٦",
    ],
    ids=ascii,
)
def test_another_spelling_is_no_id_number(text: str) -> None:
    assert normalise_id(text) is None


def test_who_is_born_tomorrow_has_no_number_yet() -> None:
    born_today = "43079020240601001" + check_character("43079020240601001")
    assert is_valid_id(born_today, today=TODAY)
    assert not is_valid_id(born_today, today=date(2024, 5, 31))


@given(first17s)
def test_the_check_character_is_the_weighted_sum_of_the_standard(first17: str) -> None:
    total = sum(int(digit) * weight for digit, weight in zip(first17, WEIGHTS, strict=True))
    assert check_character(first17) == "10X98765432"[total % 11]


@given(valid_ids)
def test_every_spelling_of_a_number_normalises_to_it(number: str) -> None:
    found = spellings(number)
    assert found[0] == number
    assert len(set(found)) == len(found)
    assert {normalise_id(spelling, TODAY) for spelling in found} == {number}


@given(valid_ids)
def test_only_numbers_of_the_1900s_have_15_digits(number: str) -> None:
    assert any(len(spelling) == 15 for spelling in spellings(number)) == (number[6:8] == "19")


@given(valid_ids, st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(number: str, position: int, shift: int) -> None:
    wrong = str((int(number[position]) + shift) % 10)
    assert not is_valid_id(number[:position] + wrong + number[position + 1 :], TODAY)


@given(st.text(max_size=20))
def test_what_normalises_is_one_of_its_own_spellings(text: str) -> None:
    number = normalise_id(text, TODAY)
    assert number is None or text in spellings(number)
