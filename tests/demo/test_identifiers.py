"""Identifiers against the standards' textbook vectors and a second form of each algorithm."""

import random
from datetime import date

import pytest

from demo.city import identifiers


@pytest.mark.parametrize(
    ("prefix", "born", "sequence", "number"),
    [
        pytest.param("110105", date(1949, 12, 31), 2, "11010519491231002X", id="textbook-x"),
        pytest.param("440524", date(1880, 1, 1), 1, "440524188001010014", id="textbook-digit"),
        pytest.param("430790", date(1980, 1, 1), 1, "430790198001010016", id="synthetic-man"),
        pytest.param("430791", date(1992, 2, 29), 12, "430791199202290123", id="synthetic-woman"),
    ],
)
def test_id_number_ends_in_its_check_character(prefix: str, born: date, sequence: int, number: str) -> None:
    assert identifiers.id_number(prefix, born, sequence) == number


def test_old_id_number_leaves_out_century_and_check_character() -> None:
    assert identifiers.old_id_number("430790198001010016") == "430790800101001"


def test_old_id_number_refuses_someone_born_in_2001() -> None:
    with pytest.raises(ValueError, match="19xx"):
        identifiers.old_id_number(identifiers.id_number("430790", date(2001, 1, 1), 1))


@pytest.mark.parametrize(
    ("kind", "division", "serial", "code"),
    [
        ("11", "430700", 1, "11430700XX00000199"),
        ("12", "430702", 2, "12430702XX0000027X"),
        ("91", "430725", 3, "91430725XX0000035X"),
        ("93", "430726", 4, "93430726XX00000431"),
        ("92", "430781", 6, "92430781XX000006XB"),
        ("N2", "430726", 5, "N2430726XX0000051H"),
    ],
)
def test_uscc_ends_in_both_check_characters(kind: str, division: str, serial: int, code: str) -> None:
    assert identifiers.uscc(kind, division, serial) == code


def test_wrong_uscc_differs_in_its_last_character_alone() -> None:
    right = identifiers.uscc("11", "430700", 1)
    wrong = identifiers.wrong_uscc(right)
    assert wrong[:-1] == right[:-1]
    assert wrong[-1] != right[-1]


def test_account_vector_passes_luhn() -> None:
    assert identifiers.luhn_digit("620000001234567890") == "3"


def test_drawn_numbers_lie_in_ranges_of_nobody() -> None:
    rng = random.Random(1)
    for _ in range(200):
        assert identifiers.mobile(rng)[:3] == "164"
        assert identifiers.landline(rng)[:6] == "0736-0"
        assert identifiers.account(rng)[:6] == "620000"
