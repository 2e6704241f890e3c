"""What is read only when metrics are asked for: pools, breakers, mirrors, caches, what runs here."""

from collections.abc import Iterator, Mapping
from typing import Final

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from connectors.contract import Connector
from connectors.source_state import SourceState, Stated
from resolvers.counted_cache import Counted
from resolvers.snapshot import Snapshot

_SHOWN: Final = 12
"""Characters of a snapshot's digest."""


class StateCollector(Collector):
    """Metrics of a replica's state. ``caches`` by name."""

    def __init__(self, snapshot: Snapshot, caches: Mapping[str, Counted], *, version: str) -> None:
        self._snapshot = snapshot
        self._caches = caches
        self._version = version

    def collect(self) -> Iterator[Metric]:
        """See prometheus_client; touches no source."""
        yield self._build()
        yield from self._cache_metrics()
        states = {name: _state_of(connector) for name, connector in self._snapshot.connectors.items()}
        yield from _pools(states)
        yield from _breakers(states)
        yield from _copies(states)

    def describe(self) -> Iterator[Metric]:
        """Nothing is asked at registration."""
        return iter(())

    def _build(self) -> Metric:
        labels = ("version", "snapshot", "policy_version")
        built = GaugeMetricFamily("hutong_build_info", "What runs here; always 1.", labels=labels)
        values = (self._version, self._snapshot.digest[:_SHOWN], str(self._snapshot.policy.version))
        built.add_metric(values, 1)
        return built

    def _cache_metrics(self) -> Iterator[Metric]:
        asked = CounterMetricFamily("hutong_cache_requests", "Look-ups in a cache.", labels=("cache", "result"))
        entries = GaugeMetricFamily("hutong_cache_entries", "Entries of a cache.", labels=("cache",))
        size = GaugeMetricFamily("hutong_cache_size", "What a cache's entries weigh, in its unit.", labels=("cache",))
        most = GaugeMetricFamily("hutong_cache_capacity", "The most they may weigh.", labels=("cache",))
        for name, cache in self._caches.items():
            asked.add_metric((name, "hit"), cache.hits)
            asked.add_metric((name, "miss"), cache.misses)
            entries.add_metric((name,), len(cache))
            size.add_metric((name,), cache.currsize)
            most.add_metric((name,), cache.maxsize)
        yield from (asked, entries, size, most)


def _state_of(connector: Connector) -> SourceState:
    return connector.state() if isinstance(connector, Stated) else SourceState()


def _pools(states: Mapping[str, SourceState]) -> Iterator[Metric]:
    size = GaugeMetricFamily("hutong_pool_size", "The most connections to a source.", labels=("source",))
    in_use = GaugeMetricFamily("hutong_pool_in_use", "Connections that run a statement.", labels=("source",))
    waiting = GaugeMetricFamily("hutong_pool_waiting", "Statements that wait for a connection.", labels=("source",))
    for name, state in states.items():
        if (pool := state.pool) is not None:
            size.add_metric((name,), pool.size)
            in_use.add_metric((name,), pool.in_use)
            waiting.add_metric((name,), pool.waiting)
    yield from (size, in_use, waiting)


def _breakers(states: Mapping[str, SourceState]) -> Iterator[Metric]:
    is_open = GaugeMetricFamily("hutong_breaker_open", "1 while a source is held to be down.", labels=("source",))
    openings = CounterMetricFamily("hutong_breaker_openings", "How often a breaker opened.", labels=("source",))
    for name, state in states.items():
        if (breaker := state.breaker) is not None:
            is_open.add_metric((name,), float(breaker.is_open))
            openings.add_metric((name,), breaker.openings)
    yield from (is_open, openings)


def _copies(states: Mapping[str, SourceState]) -> Iterator[Metric]:
    age = GaugeMetricFamily("hutong_mirror_age_seconds", "How old a mirror's data is.", labels=("source",))
    failed = CounterMetricFamily("hutong_mirror_failed_pulls", "Pulls that failed.", labels=("source",))
    for name, state in states.items():
        if (copy := state.copy) is not None:
            failed.add_metric((name,), copy.failed_pulls)
            if copy.as_of is not None:
                age.add_metric((name,), (copy.now - copy.as_of).total_seconds())
    yield from (age, failed)
