"""What is counted while operations run: plain numbers of one event loop, a fraction of a microsecond each.

prometheus_client's own counters take a lock at every step, for threads that an event loop does not have. These take
none; :mod:`hutong.observability.metrics` turns them into metric families when somebody asks.
"""

from bisect import bisect_left
from collections.abc import Iterator
from itertools import accumulate
from typing import Final

SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper bounds of the buckets, inclusive."""


class Times:
    """A histogram of durations in seconds."""

    __slots__ = ("_counts", "total")

    def __init__(self) -> None:
        self._counts = [0] * (len(SECONDS) + 1)
        self.total = 0.0

    def observe(self, seconds: float) -> None:
        """Count one."""
        self._counts[bisect_left(SECONDS, seconds)] += 1
        self.total += seconds

    def buckets(self) -> Iterator[tuple[str, int]]:
        """(upper bound, how many were not over it), as Prometheus wants them."""
        return zip((*map(str, SECONDS), "+Inf"), accumulate(list(self._counts)), strict=True)


class OperationSeries:
    """Operations of one document that ended in one way."""

    __slots__ = ("count", "times")

    def __init__(self, times: Times) -> None:
        self.count = 0
        self.times = times


class FetchSeries:
    """Fetches from one source that ended in one way."""

    __slots__ = ("rows", "times")

    def __init__(self) -> None:
        self.rows = 0
        self.times = Times()
