"""The working calendar of autumn 2018: weekends, holidays and the weekends worked in exchange."""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date, timedelta

from demo.city.apportion import apportion
from demo.city.edition import QUARTER_START, TODAY

_HOLIDAYS = frozenset((date(2018, 9, 24), *(date(2018, 10, day) for day in range(1, 6))))
_WORKED_WEEKENDS = frozenset((date(2018, 9, 29), date(2018, 9, 30)))
_LAST = date(2019, 2, 28)
_QUIET = 0.08
"""How busy a day off is, a workday being 1."""


def is_workday(day: date) -> bool:
    """Whether offices are open on ``day``."""
    return day in _WORKED_WEEKENDS or (day.weekday() < 5 and day not in _HOLIDAYS)


_DAYS = [
    day for n in range((_LAST - QUARTER_START).days) if is_workday(day := QUARTER_START + timedelta(days=n))
]  # fmt: skip


def after_workdays(day: date, count: float) -> date:
    """The workday ``count`` workdays after ``day``, at the latest the last one of the calendar."""
    return _DAYS[min(bisect_left(_DAYS, day) + int(count), len(_DAYS) - 1)]


def per_day(total: int, first: date) -> Sequence[tuple[date, int]]:
    """``total`` dealt out over the days from ``first`` to ``TODAY``, few of it on days off."""
    days = [first + timedelta(days=n) for n in range((TODAY - first).days + 1)]
    return tuple(zip(days, apportion(total, [1.0 if is_workday(day) else _QUIET for day in days]), strict=True))
