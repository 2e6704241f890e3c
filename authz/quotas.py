"""How often one subject may do what is dangerous in bulk: look persons up, read one record at a time (D7, D8).

Neighbours: :mod:`resolvers` take from a quota before any source is asked.
"""

from collections import OrderedDict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

WINDOW_SECONDS = 3600.0


class QuotaKind(StrEnum):
    """What is counted."""

    LOOKUP = "lookup"
    SINGLE_RECORD = "singleRecord"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaExceeded:
    """Nothing was taken. ``retry_after``: seconds until one more may be taken."""

    kind: QuotaKind
    limit: int
    retry_after: float


class Quotas(Protocol):
    """Counts per subject and kind."""

    def take(self, subject: str, kind: QuotaKind) -> QuotaExceeded | None:
        """Take one, or tell why not."""


class HourlyQuotas:
    """In-memory quotas over a sliding hour, for one replica.

    ``clock`` gives seconds and never goes back. At most ``capacity`` subjects are remembered: beyond that, those who
    took nothing for an hour are forgotten, and if everyone did, new subjects are refused rather than old ones forgiven.
    """

    def __init__(self, limits: Mapping[QuotaKind, int], clock: Callable[[], float], *, capacity: int = 100_000) -> None:
        self._limits = dict(limits)
        self._clock = clock
        self._capacity = capacity
        self._taken: OrderedDict[tuple[str, QuotaKind], deque[float]] = OrderedDict()

    def take(self, subject: str, kind: QuotaKind) -> QuotaExceeded | None:
        """Take one of the subject's, unless the last hour's limit is reached; a kind without a limit has none."""
        now = self._clock()
        self._forget_before(now - WINDOW_SECONDS)
        limit = self._limits.get(kind, 0)
        key = (subject, kind)
        times = self._taken.get(key)
        if times is None and (limit < 1 or len(self._taken) >= self._capacity):
            return QuotaExceeded(kind=kind, limit=limit, retry_after=WINDOW_SECONDS)
        times = self._taken.setdefault(key, deque())
        while times and times[0] <= now - WINDOW_SECONDS:
            times.popleft()
        if len(times) >= limit:
            return QuotaExceeded(kind=kind, limit=limit, retry_after=times[0] + WINDOW_SECONDS - now)
        times.append(now)
        self._taken.move_to_end(key)
        return None

    def _forget_before(self, oldest: float) -> None:
        """Subjects in order of their last taking: the idle ones stand first."""
        while self._taken:
            key, times = next(iter(self._taken.items()))
            if times[-1] > oldest:
                return
            del self._taken[key]
