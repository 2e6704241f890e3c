"""The circuit breaker by its clock."""

import pytest

from connectors.sql.breaker import FAILURES, FIRST_PAUSE, LONGEST_PAUSE, Breaker


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> Breaker:
    return Breaker(clock=clock)


def _fail(breaker: Breaker, times: int) -> None:
    for _ in range(times):
        assert breaker.admits()
        breaker.failed()


def test_a_few_failures_keep_it_closed(breaker: Breaker) -> None:
    _fail(breaker, FAILURES - 1)
    assert breaker.admits()


def test_failures_in_a_row_open_it(breaker: Breaker) -> None:
    _fail(breaker, FAILURES)
    assert not breaker.admits()


def test_a_success_between_starts_the_count_anew(breaker: Breaker) -> None:
    _fail(breaker, FAILURES - 1)
    breaker.succeeded()
    _fail(breaker, FAILURES - 1)
    assert breaker.admits()


def test_after_the_pause_one_probe_is_let_through(breaker: Breaker, clock: Clock) -> None:
    _fail(breaker, FAILURES)
    clock.now += FIRST_PAUSE
    assert breaker.admits()
    assert not breaker.admits()


def test_a_good_probe_closes_it(breaker: Breaker, clock: Clock) -> None:
    _fail(breaker, FAILURES)
    clock.now += FIRST_PAUSE
    assert breaker.admits()
    breaker.succeeded()
    assert breaker.admits()
    assert breaker.admits()


def test_pauses_double_up_to_the_longest(breaker: Breaker, clock: Clock) -> None:
    _fail(breaker, FAILURES)
    pauses = []
    for _ in range(6):
        pauses.append(breaker.pause)
        clock.now += breaker.pause
        assert breaker.admits()
        breaker.failed()
    assert pauses == [5.0, 10.0, 20.0, 40.0, LONGEST_PAUSE, LONGEST_PAUSE]


def test_refused_credentials_open_it_at_once(breaker: Breaker) -> None:
    assert breaker.admits()
    breaker.failed(at_once=True)
    assert not breaker.admits()


def test_failures_under_way_when_it_opened_do_not_lengthen_the_pause(breaker: Breaker) -> None:
    for _ in range(FAILURES + 3):
        breaker.failed()
    assert breaker.pause == FIRST_PAUSE


def test_an_abandoned_probe_lets_the_next_one_through(breaker: Breaker, clock: Clock) -> None:
    _fail(breaker, FAILURES)
    clock.now += FIRST_PAUSE
    assert breaker.admits()
    breaker.abandoned()
    assert breaker.admits()
