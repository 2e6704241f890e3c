"""The oracle's own readings, against vectors of the standards and of the domain reference."""

from datetime import date

import pytest

from demo.oracle import uscc
from demo.oracle.divisions import COUNTY_NAMES, division_code
from demo.oracle.identity import id_number, normal_id, sm3
from demo.oracle.reading import dotted_month, eight_digits, moment, text
from demo.oracle.rows_s1 import org_prefix

TODAY = date(2026, 1, 1)


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        pytest.param("11010519491231002X", "11010519491231002X", id="textbook"),
        pytest.param("11010519491231002x", "11010519491231002X", id="lower x"),
        pytest.param("440524188001010014", "440524188001010014", id="born 1880"),
        pytest.param("430790800101001", "430790198001010016", id="15 digits"),
        pytest.param("430790198001010017", None, id="wrong check character"),
        pytest.param("430790198002300013", None, id="no such day"),
        pytest.param(" 430790198001010016", None, id="nothing is trimmed"),
        pytest.param("43079019800101001", None, id="17 characters"),
        pytest.param("４30790198001010016", None, id="full-width digit"),
        pytest.param("", None, id="empty"),
        pytest.param(None, None, id="null"),
    ],
)
def test_id_number_has_one_normal_form(written: object, normal: str | None) -> None:
    assert normal_id(written, TODAY) == normal


def test_person_of_tomorrow_has_no_id_number() -> None:
    assert normal_id("430790198001010016", date(1979, 12, 31)) is None


@pytest.mark.parametrize(
    ("plain", "digest"),
    [
        pytest.param(
            "abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0", id="standard, example 1"
        ),
        pytest.param(
            "abcd" * 16, "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732", id="standard, example 2"
        ),
    ],
)
def test_sm3_is_the_standards(plain: str, digest: str) -> None:
    assert sm3(plain) == digest


@pytest.mark.parametrize(
    ("code", "valid"),
    [
        pytest.param("91350100M000100Y43", True, id="published"),
        pytest.param("11430700XX00000199", True, id="synthetic organ"),
        pytest.param("N2430726XX0000051H", True, id="collective"),
        pytest.param("11430700XX00000198", False, id="wrong check character"),
        pytest.param("11430700XX0000019", False, id="17 characters"),
    ],
)
def test_credit_code_checks(code: str, valid: bool) -> None:
    assert uscc.is_valid(code) is valid


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        pytest.param("19990101", ("1999-01-01", None), id="a day"),
        pytest.param("00000000", (None, None), id="zeros"),
        pytest.param("99999999", (None, None), id="nines"),
        pytest.param("  ", (None, None), id="blank"),
        pytest.param("19850230", (None, "DATE_INVALID"), id="30 February"),
        pytest.param("198502", (None, "DATE_INVALID"), id="six digits"),
    ],
)
def test_eight_digits_are_a_date_or_a_defect(raw: str, read: object) -> None:
    assert eight_digits(raw) == read


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        pytest.param("1985.03", ("1985-03-01", "DATE_PRECISION_MONTH"), id="dotted"),
        pytest.param("1985.3", (None, "DATE_INVALID"), id="one digit"),
        pytest.param("1985-03", (None, "DATE_INVALID"), id="hyphen"),
        pytest.param("1985.13", (None, "DATE_INVALID"), id="13th month"),
    ],
)
def test_dotted_month_is_the_first_of_it(raw: str, read: object) -> None:
    assert dotted_month(raw, as_date=True) == read


def test_text_is_nfkc_and_trimmed() -> None:
    assert text("张三\u3000\u3000") == ("张三", None)
    assert text("ＡＢ") == ("AB", None)
    assert text("\u3000") == (None, None)
    assert text("张?", lossy=True) == ("张?", "NAME_LOSSY")


def test_time_without_zone_is_beijing_time() -> None:
    assert moment("2018-09-01 02:00:00") == ("2018-09-01T02:00:00+08:00", None)
    assert moment("2018-09-01 02:00:00+00:00") == ("2018-09-01T10:00:00+08:00", None)


def test_invalid_id_number_stays_with_its_defect() -> None:
    assert id_number("430790198001010017", TODAY) == ("430790198001010017", "ID_CHECKSUM")
    assert id_number("4307", TODAY) == ("4307", "ID_FORMAT")
    assert id_number("", TODAY) == (None, None)


def test_division_is_read_by_code_or_name() -> None:
    assert division_code("石门", COUNTY_NAMES) == ("430726", None)
    assert division_code("430726100", COUNTY_NAMES) == ("430726100", None)
    assert division_code("某地", COUNTY_NAMES) == (None, "DIV_UNKNOWN")
    assert division_code("", COUNTY_NAMES) == (None, None)


def test_organisation_tree_cuts_zeros_in_groups_of_three() -> None:
    assert org_prefix("001010000000000") == "001010"
    assert org_prefix("001000000000000") == "001"
    assert org_prefix("00101") is None
