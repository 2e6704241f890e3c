from collections.abc import Callable

import pytest
from graphql import GraphQLError, parse_value

from schema.scalars import (
    SCALARS,
    parse_code,
    parse_date,
    parse_date_time,
    parse_div_code,
    parse_fen,
    parse_month,
    parse_person_key,
    parse_uscc,
)

KEY = "ABCDEFGHIJKLMNOPQRSTUVWX27"


@pytest.mark.parametrize(
    ("parse", "given", "canonical"),
    [
        pytest.param(parse_date, "2018-03-01", "2018-03-01", id="date"),
        pytest.param(parse_date, "２０１８-03-01", "2018-03-01", id="date-full-width"),
        pytest.param(parse_date, "2024-02-29", "2024-02-29", id="date-leap-day"),
        pytest.param(parse_month, "2018-12", "2018-12", id="month"),
        pytest.param(parse_date_time, "2018-03-01T09:12:33+08:00", "2018-03-01T09:12:33+08:00", id="beijing"),
        pytest.param(parse_date_time, "2018-03-01T01:12:33Z", "2018-03-01T09:12:33+08:00", id="utc"),
        pytest.param(parse_date_time, "2018-03-01T01:12:33.000Z", "2018-03-01T09:12:33+08:00", id="javascript"),
        pytest.param(parse_date_time, "2018-02-28T23:12:33-02:00", "2018-03-01T09:12:33+08:00", id="west"),
        pytest.param(
            parse_date_time, "2018-03-01T09:12:33.250000+08:00", "2018-03-01T09:12:33.250000+08:00", id="microseconds"
        ),
        pytest.param(parse_date_time, "2018-03-01T01:12:33.25Z", "2018-03-01T09:12:33.250000+08:00", id="quarter"),
        pytest.param(
            parse_date_time, "2018-03-01T01:12:33.123456000Z", "2018-03-01T09:12:33.123456+08:00", id="nanoseconds"
        ),
        pytest.param(parse_date_time, "0001-01-01T00:00:00+08:00", "0001-01-01T00:00:00+08:00", id="first-moment"),
        pytest.param(
            parse_date_time, "9999-12-31T23:59:59.999999+08:00", "9999-12-31T23:59:59.999999+08:00", id="last-moment"
        ),
        pytest.param(parse_fen, -12, -12, id="fen"),
        pytest.param(parse_fen, 2**53 - 1, 2**53 - 1, id="fen-largest"),
        pytest.param(parse_code, " ０１ ", "01", id="code-trimmed-nfkc"),
        pytest.param(parse_div_code, "430700", "430700", id="division-6"),
        pytest.param(parse_div_code, "430726001", "430726001", id="division-9"),
        pytest.param(parse_div_code, "430726001002", "430726001002", id="division-12"),
        pytest.param(parse_uscc, "11430700xx00000199", "11430700XX00000199", id="uscc-upper-cased"),
        pytest.param(parse_person_key, KEY, KEY, id="person-key"),
    ],
)
def test_a_well_formed_value_becomes_canonical(
    parse: Callable[[object], object], given: object, canonical: object
) -> None:
    assert parse(given) == canonical


@pytest.mark.parametrize(
    ("parse", "given"),
    [
        pytest.param(parse_date, "2018-02-29", id="no-such-day"),
        pytest.param(parse_date, "0000-01-01", id="year-0"),
        pytest.param(parse_date, "20180301", id="date-basic-form"),
        pytest.param(parse_date, "2018-03-01\n2", id="date-with-more"),
        pytest.param(parse_date, 20180301, id="date-as-number"),
        pytest.param(parse_month, "2018-13", id="month-13"),
        pytest.param(parse_month, "2018-3", id="month-one-digit"),
        pytest.param(parse_month, "0000-01", id="month-of-year-0"),
        pytest.param(parse_date_time, "2018-03-01T09:12:33", id="no-offset"),
        pytest.param(parse_date_time, "2018-03-01T09:12:33.1234567Z", id="a-tenth-of-a-microsecond"),
        pytest.param(parse_date_time, "2018-03-01T09:12:33.Z", id="fraction-without-digits"),
        pytest.param(parse_date_time, "2018-03-01T24:00:00Z", id="hour-24"),
        pytest.param(parse_date_time, "2018-03-01T09:12:60Z", id="leap-second"),
        pytest.param(parse_date_time, "2018-03-01T09:12:33+25:00", id="offset-25"),
        pytest.param(parse_date_time, "9999-12-31T23:00:00Z", id="past-year-9999-in-beijing"),
        pytest.param(parse_date_time, "0001-01-01T00:00:00+09:00", id="before-year-1-in-beijing"),
        pytest.param(parse_fen, 1.5, id="fen-fraction"),
        pytest.param(parse_fen, True, id="fen-boolean"),
        pytest.param(parse_fen, "1", id="fen-text"),
        pytest.param(parse_fen, 2**53, id="fen-too-large"),
        pytest.param(parse_code, "", id="code-empty"),
        pytest.param(parse_code, "1\x002", id="code-control-character"),
        pytest.param(parse_code, 1, id="code-number"),
        pytest.param(parse_div_code, "43070", id="division-5"),
        pytest.param(parse_div_code, "4307260010", id="division-10"),
        pytest.param(parse_uscc, "11430700XX0000019", id="uscc-17"),
        pytest.param(parse_uscc, "1143070OXX00000199", id="uscc-letter-o"),
        pytest.param(parse_person_key, KEY[:-1], id="person-key-25"),
        pytest.param(parse_person_key, KEY.lower(), id="person-key-lower-case"),
    ],
)
def test_a_malformed_value_is_refused(parse: Callable[[object], object], given: object) -> None:
    assert parse(given) is None


@pytest.mark.parametrize("definition", SCALARS.values(), ids=lambda definition: definition.name)
def test_a_parse_error_states_the_form_and_not_the_value(definition: object) -> None:
    for attempt in (
        lambda: definition.parse_value("secret\x00value"),  # type: ignore[attr-defined]
        lambda: definition.parse_literal(parse_value('"secret\\u0000value"')),  # type: ignore[attr-defined]
    ):
        with pytest.raises(GraphQLError) as raised:
            attempt()
        assert raised.value.message.startswith(f"{definition.name} must be ")  # type: ignore[attr-defined]
        assert "secret" not in raised.value.message
