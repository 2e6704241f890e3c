"""Derived functions on canonical values."""

import pytest

from schema.catalog import DerivedFunction
from schema.derivations import SIGNATURES, DerivationContext, derive, sm3_of

CONTEXT = DerivationContext(today="2024-03-01", person_key=lambda identity: f"key of {identity}")
F = DerivedFunction


@pytest.mark.parametrize(
    ("function", "inputs", "value"),
    [
        pytest.param(F.YEARS_SINCE, ("1980-03-01",), 44, id="years: the birthday itself"),
        pytest.param(F.YEARS_SINCE, ("1980-03-02",), 43, id="years: the day before"),
        pytest.param(F.YEARS_SINCE, ("2000-02-29",), 24, id="years: born on 29 February"),
        pytest.param(F.YEARS_SINCE, ("2024-03-01",), 0, id="years: today"),
        pytest.param(F.YEARS_SINCE, ("2024-03-02",), None, id="years: tomorrow"),
        pytest.param(F.YEARS_SINCE, (None,), None, id="years: null"),
        pytest.param(F.RATIO, (3, 4), 0.75, id="ratio"),
        pytest.param(F.RATIO, (0, 4), 0.0, id="ratio: nobody came"),
        pytest.param(F.RATIO, (3, 0), None, id="ratio: of nothing"),
        pytest.param(F.RATIO, (None, 4), None, id="ratio: null part"),
        pytest.param(F.RATIO, (3, None), None, id="ratio: null whole"),
        pytest.param(F.YOUNGER_THAN_14, ("2010-03-02",), True, id="younger: the day before the birthday"),
        pytest.param(F.YOUNGER_THAN_14, ("2010-03-01",), False, id="younger: the 14th birthday"),
        pytest.param(F.YOUNGER_THAN_14, ("2025-01-01",), True, id="younger: not born yet"),
        pytest.param(F.YOUNGER_THAN_14, (None,), True, id="younger: unknown birth date"),
        pytest.param(
            F.SM3,
            ("430790198001010016",),
            "2cf726ba435a4d9ec83befe13cbbb7fb512d7664a02e5031176be3887ea3df97",
            id="sm3",
        ),
        pytest.param(F.SM3, ("~s1:17",), None, id="sm3: local identity"),
        pytest.param(F.SM3, (None,), None, id="sm3: null"),
        pytest.param(F.PERSON_KEY, ("430790198001010016",), "key of 430790198001010016", id="person key"),
        pytest.param(F.PERSON_KEY, ("~s1:17",), "key of ~s1:17", id="person key: local identity"),
        pytest.param(F.PERSON_KEY, (None,), None, id="person key: null"),
        pytest.param(F.ORG_LEVEL, ("001000000000000",), 1, id="level: root"),
        pytest.param(F.ORG_LEVEL, ("001010000000000",), 2, id="level: zeros inside a group"),
        pytest.param(F.ORG_LEVEL, ("001010002003004",), 5, id="level: branch"),
        pytest.param(F.ORG_LEVEL, ("0010",), None, id="level: another shape"),
        pytest.param(F.ORG_LEVEL, (None,), None, id="level: null"),
        pytest.param(F.ORG_PATH, ("001000000000000",), ["001000000000000"], id="path: root"),
        pytest.param(
            F.ORG_PATH,
            ("001010002000000",),
            ["001000000000000", "001010000000000", "001010002000000"],
            id="path: from the root to itself",
        ),
        pytest.param(F.ORG_PATH, ("0010",), None, id="path: another shape"),
        pytest.param(F.ORG_PATH, (None,), None, id="path: null"),
        pytest.param(F.OVERDUE, ("2024-02-29", None), True, id="overdue: the day is past"),
        pytest.param(F.OVERDUE, ("2024-03-01", None), False, id="overdue: today is the day"),
        pytest.param(F.OVERDUE, ("2024-02-28", "2024-02-28T23:59:59+08:00"), False, id="overdue: on the day"),
        pytest.param(F.OVERDUE, ("2024-02-28", "2024-02-29T00:00:00+08:00"), True, id="overdue: a day late"),
        pytest.param(F.OVERDUE, (None, "2024-02-29T00:00:00+08:00"), None, id="overdue: no due date"),
        pytest.param(F.WITHIN_30_DAYS, (None,), True, id="recent: not finished"),
        pytest.param(F.WITHIN_30_DAYS, ("2024-01-31T00:00:00+08:00",), True, id="recent: 30 days ago"),
        pytest.param(F.WITHIN_30_DAYS, ("2024-01-30T23:59:59+08:00",), False, id="recent: 31 days ago"),
        pytest.param(F.WITHIN_30_DAYS, ("2024-03-02T00:00:00+08:00",), True, id="recent: tomorrow"),
    ],
)
def test_value(function: DerivedFunction, inputs: tuple[object, ...], value: object) -> None:
    assert derive(function)(*inputs, CONTEXT) == value


def test_sm3_is_that_of_the_standard() -> None:
    """GB/T 32905, appendix A, example 1."""
    assert sm3_of("abc") == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


@pytest.mark.parametrize("function", DerivedFunction, ids=lambda function: function.value)
def test_every_function_takes_as_many_inputs_as_its_signature_says(function: DerivedFunction) -> None:
    derive(function)(*(None for _ in SIGNATURES[function].inputs), CONTEXT)
