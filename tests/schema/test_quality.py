"""Checks of a row's values against each other."""

import pytest

from schema.catalog import CheckTest
from schema.identity import check_character
from schema.quality import MONTH_PRECISION, conflict, passes

MAN = "43079019800101001" + check_character("43079019800101001")
OLD = "430790800101001"


@pytest.mark.parametrize(
    ("test", "first", "second", "code", "passed"),
    [
        (CheckTest.NOT_AFTER, "2018-09-01T08:00:00+08:00", "2018-09-01T08:00:00+08:00", None, True),
        (CheckTest.NOT_AFTER, "2018-09-01T08:00:01+08:00", "2018-09-01T08:00:00+08:00", None, False),
        (CheckTest.NOT_AFTER, "2018-09-01T08:00:01+08:00", "2018-09-01", None, True),
        (CheckTest.NOT_AFTER, "2018-09-02", "2018-09-01T08:00:01+08:00", None, False),
        (CheckTest.NOT_AFTER, None, "2018-09-01", None, True),
        (CheckTest.NOT_AFTER, "2018-09-01", None, None, True),
        (CheckTest.EQUAL, 100, 100, None, True),
        (CheckTest.EQUAL, 100, 101, None, False),
        (CheckTest.EQUAL, None, 101, None, True),
        (CheckTest.ID_BIRTH, MAN, "1980-01-01", None, True),
        (CheckTest.ID_BIRTH, MAN, "1980-01-02", None, False),
        (CheckTest.ID_BIRTH, MAN, "1980-01-02", MONTH_PRECISION, True),
        (CheckTest.ID_BIRTH, MAN, "1980-02-01", MONTH_PRECISION, False),
        (CheckTest.ID_BIRTH, OLD, "1980-01-01", None, True),
        (CheckTest.ID_BIRTH, OLD, "1980-01-02", None, False),
        (CheckTest.ID_BIRTH, "no number", "1980-01-02", None, True),
        (CheckTest.ID_BIRTH, MAN, None, None, True),
        (CheckTest.ID_SEX, MAN, "1", None, True),
        (CheckTest.ID_SEX, MAN, "2", None, False),
        (CheckTest.ID_SEX, MAN, "9", None, True),
        (CheckTest.ID_SEX, None, "2", None, True),
    ],
)
def test_a_check_of_two_values(test: CheckTest, first: object, second: object, code: str | None, passed: bool) -> None:
    assert passes(test)(first, second, code) is passed


@pytest.mark.parametrize(
    ("values", "disagree"),
    [
        ([("a", None), ("a", None)], False),
        ([("a", None), ("b", None)], True),
        ([("a", None), (None, None)], False),
        ([(None, None), ("a", None), ("b", None)], True),
        ([("1985-03-12", None), ("1985-03-01", MONTH_PRECISION)], False),
        ([("1985-03-12", None), ("1985-04-01", MONTH_PRECISION)], True),
        ([("1985-03-12", None), ("1985-03-11", None), (None, MONTH_PRECISION)], True),
    ],
)
def test_sources_that_disagree(values: list[tuple[str | None, str | None]], disagree: bool) -> None:
    assert conflict(values) is disagree
