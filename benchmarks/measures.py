"""What is measured, and how rounds are summed up. Pure.

A *window* is one server answering one question for some seconds. Ratios are taken between windows of the same round,
which the neighbours on the machine slow down alike, and only then summed up by their median.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """One window: completed requests, seconds it took, latencies in ms, CPU seconds used.

    ``server_cpu`` is the server process's own, ``main_cpu`` the part of it that its main thread used: SQLite, DuckDB
    and the disk work in other threads. ``database_cpu``: by engine, all processes of a database server together.
    """

    requests: int
    seconds: float
    p50: float
    p99: float
    server_cpu: float
    main_cpu: float
    database_cpu: Mapping[str, float]

    @property
    def rate(self) -> float:
        """Requests per second."""
        return self.requests / self.seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Median, least and greatest of one quantity over the rounds."""

    median: float
    least: float
    greatest: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """All rounds of one server and question: requests/s, medians of the rounds' latencies in ms, CPU ms per request."""

    rate: Spread
    p50: float
    p99: float
    server_cpu: Spread
    main_cpu: Spread
    database_cpu: Mapping[str, Spread]


def spread(values: Iterable[float]) -> Spread:
    """Raises ``ValueError`` for no values."""
    ordered = sorted(values)
    if not ordered:
        raise ValueError("a spread needs at least one value")
    return Spread(median=median(ordered), least=ordered[0], greatest=ordered[-1])


def percentile(ordered: Sequence[float], share: float) -> float:
    """The nearest-rank percentile of ascending values: the least one that ``share`` of them do not exceed."""
    if not ordered:
        raise ValueError("a percentile needs at least one value")
    rank = -(-len(ordered) * round(share * 1_000) // 1_000)  # ceiling, in whole thousandths
    return ordered[max(1, rank) - 1]


def summarise(windows: Sequence[Window]) -> Summary:
    """Sum up the rounds of one server and question. Raises ``ValueError`` for no rounds."""
    engines = sorted({engine for window in windows for engine in window.database_cpu})
    return Summary(
        rate=spread(window.rate for window in windows),
        p50=spread(window.p50 for window in windows).median,
        p99=spread(window.p99 for window in windows).median,
        server_cpu=spread(1_000 * window.server_cpu / window.requests for window in windows),
        main_cpu=spread(1_000 * window.main_cpu / window.requests for window in windows),
        database_cpu={
            engine: spread(1_000 * window.database_cpu[engine] / window.requests for window in windows)
            for engine in engines
        },
    )


def rate_ratio(ours: Sequence[Window], theirs: Sequence[Window]) -> Spread:
    """How many times as many requests per second ``ours`` answers, round by round."""
    return spread(mine.rate / other.rate for mine, other in zip(ours, theirs, strict=True))


def cpu_ratio(ours: Sequence[Window], theirs: Sequence[Window]) -> Spread:
    """How many times the server CPU per request ``theirs`` uses, round by round.

    CPU below the clock's tick counts as one tick (10 ms) a window, so that a ratio is never infinite.
    """
    tick = 0.01
    return spread(
        (max(other.server_cpu, tick) / other.requests) / (max(mine.server_cpu, tick) / mine.requests)
        for mine, other in zip(ours, theirs, strict=True)
    )
