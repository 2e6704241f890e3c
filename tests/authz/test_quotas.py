from authz.quotas import HourlyQuotas, QuotaExceeded, QuotaKind


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def quotas(clock: Clock, **rest: int) -> HourlyQuotas:
    return HourlyQuotas({QuotaKind.LOOKUP: 2}, clock, **rest)


def test_limit_holds_within_a_sliding_hour() -> None:
    clock = Clock()
    taken = quotas(clock)
    assert taken.take("a", QuotaKind.LOOKUP) is None
    clock.now = 3000.0
    assert taken.take("a", QuotaKind.LOOKUP) is None
    assert taken.take("a", QuotaKind.LOOKUP) == QuotaExceeded(kind=QuotaKind.LOOKUP, limit=2, retry_after=600.0)
    clock.now = 3600.0
    assert taken.take("a", QuotaKind.LOOKUP) is None
    assert taken.take("a", QuotaKind.LOOKUP) is not None


def test_subjects_do_not_share_a_quota() -> None:
    taken = quotas(Clock())
    for subject in ("a", "b"):
        assert taken.take(subject, QuotaKind.LOOKUP) is None
        assert taken.take(subject, QuotaKind.LOOKUP) is None


def test_kind_without_a_limit_is_refused() -> None:
    assert quotas(Clock()).take("a", QuotaKind.SINGLE_RECORD) is not None


def test_full_memory_refuses_new_subjects_until_an_old_one_is_idle() -> None:
    clock = Clock()
    taken = quotas(clock, capacity=1)
    assert taken.take("a", QuotaKind.LOOKUP) is None
    assert taken.take("b", QuotaKind.LOOKUP) is not None
    clock.now = 3600.0
    assert taken.take("b", QuotaKind.LOOKUP) is None
