"""Budgets per caller: a minute's worth, spent at once or evenly, and nothing on credit."""

import pytest

from authz.subjects import ANONYMOUS, Subject
from hutong.budgets import WINDOW_SECONDS, Budget, Budgets, account_of, budgets_for
from resolvers.errors import LimitExceeded


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def taken(budget: Budget, account: str, wanted: int, units: int = 1) -> int:
    """How many of ``wanted`` takes went through."""
    done = 0
    for _ in range(wanted):
        try:
            budget.take(account, units)
        except LimitExceeded:
            continue
        done += 1
    return done


def test_a_minutes_worth_may_be_spent_at_once_and_no_more(clock: Clock) -> None:
    assert taken(Budget("requests", 60, clock=clock), "a", 100) == 60


def test_the_bucket_fills_evenly(clock: Clock) -> None:
    budget = Budget("requests", 60, clock=clock)
    taken(budget, "a", 60)
    clock.now += 10
    assert taken(budget, "a", 100) == 10


def test_in_any_minute_at_most_twice_the_budget_and_over_an_hour_the_budget(clock: Clock) -> None:
    budget = Budget("requests", 60, clock=clock)
    total = 0
    for _ in range(3600):
        total += taken(budget, "a", 3)
        clock.now += 1
    assert 3600 <= total <= 3600 + 60


def test_a_refusal_takes_nothing_and_says_when_to_come_back(clock: Clock) -> None:
    budget = Budget("cost", 600, clock=clock)
    budget.take("a", 590)
    for _ in range(5):
        with pytest.raises(LimitExceeded) as refused:
            budget.take("a", 60)
        assert refused.value.extensions == {"limit": "cost", "maximum": 600, "retryAfter": 6}
    clock.now += 6
    budget.take("a", 60)


def test_more_than_a_bucket_holds_is_served_by_a_full_one_only(clock: Clock) -> None:
    budget = Budget("cost", 100, clock=clock)
    budget.take("a", 5_000)
    with pytest.raises(LimitExceeded):
        budget.take("a", 1)
    clock.now += WINDOW_SECONDS
    budget.take("a", 5_000)


def test_callers_do_not_share(clock: Clock) -> None:
    budget = Budget("requests", 5, clock=clock)
    assert taken(budget, "a", 10) == 5
    assert taken(budget, "b", 10) == 5


def test_no_budget_is_no_bound(clock: Clock) -> None:
    assert taken(Budget("requests", 0, clock=clock), "a", 10_000) == 10_000


def test_idle_accounts_are_forgotten_and_active_ones_bounded(clock: Clock) -> None:
    budget = Budget("requests", 60, clock=clock, capacity=100)
    for number in range(1_000):
        budget.take(f"peer {number}")
    assert len(budget._full_at) == 100
    clock.now += 2 * WINDOW_SECONDS
    budget.take("later")
    assert list(budget._full_at) == ["later"]


@pytest.mark.parametrize(
    ("client", "account"),
    [
        (("192.0.2.7", 4711), "address:192.0.2.7"),
        (("2001:db8:1:2:3:4:5:6", 1), "address:2001:db8:1:2::/64"),
        (("fe80::1%eth0", 1), "address:fe80::/64"),
        (("no:address", 1), "address:unknown"),
        (None, "address:"),
    ],
    ids=["IPv4", "IPv6", "IPv6 with a zone", "nonsense", "none"],
)
def test_an_anonymous_caller_pays_by_address(client: object, account: str) -> None:
    assert account_of(ANONYMOUS, client) == account


def test_a_verified_caller_pays_by_subject_wherever_it_is() -> None:
    subject = Subject(id="u-1", roles=frozenset())
    assert account_of(subject, ("192.0.2.7", 1)) == account_of(subject, None) == "subject:u-1"


def test_production_has_budgets_unless_told_otherwise() -> None:
    assert budgets_for(Budgets(), production=True) == Budgets(requests_per_minute=6_000, cost_per_minute=3_000_000)
    assert budgets_for(Budgets(), production=False) == Budgets(requests_per_minute=0, cost_per_minute=0)
    own = Budgets(requests_per_minute=0, cost_per_minute=7)
    assert budgets_for(own, production=True) == budgets_for(own, production=False) == own


def test_a_negative_budget_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        Budgets(cost_per_minute=-1)
