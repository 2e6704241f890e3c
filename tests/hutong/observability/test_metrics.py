"""Metrics: what a scrape tells, that it can be parsed, and that it stays small whatever is asked."""

from datetime import datetime, timedelta

import pytest

from authz.audit import AuditEvent, AuditUnavailable
from connectors.memory import MemoryConnector
from connectors.source_state import BreakerState, CopyState, PoolState, SourceState
from hutong.observability.audit import ObservedAuditLog
from hutong.observability.documents import IDLE_SECONDS, INVALID, OTHER, USES, DocumentNames, short_hash
from hutong.observability.metrics import Metrics
from hutong.observability.series import SECONDS, Times
from resolvers.operation_trace import OK, OperationTrace, clock
from schema.identity import SHANGHAI
from tests.hutong.observability.observed_city import VARIABLES, ObservedCity
from tests.resolvers.mini_city import CITY, SECRETARY, MiniCity, tables, world

NOON = datetime(2018, 10, 1, 12, tzinfo=SHANGHAI)


async def test_an_operation_is_counted_by_its_source_outcome_and_stage() -> None:
    city = ObservedCity()
    response = await city.ask(variables=VARIABLES)
    assert city.samples("hutong_operations_total") == {(OTHER, OK): 1}
    assert city.samples("hutong_operation_duration_seconds_count") == {(OTHER, OK): 1}
    assert city.samples("hutong_fetch_duration_seconds_count")[(OK, "s1")] >= 3
    assert city.samples("hutong_fetched_rows_total")[("s1",)] > 3
    assert city.samples("hutong_response_bytes_total") == {(): len(response.content)}
    stages = city.samples("hutong_stage_seconds_total")
    assert {("parse",), ("plan",), ("authorize",), ("prepare",), ("fetch",), ("audit",), ("respond",)} == stages.keys()
    assert sum(stages.values()) <= city.samples("hutong_operation_duration_seconds_sum")[OTHER, OK]


async def test_decisions_are_counted_by_level() -> None:
    city = ObservedCity(subject=SECRETARY)
    for _ in range(2):
        await city.ask(variables=VARIABLES)
    counted = city.samples("hutong_decisions_total")
    used = city.city.audit.events[0][0].coordinates
    assert sum(counted.values()) == 2 * len(used)
    assert {decision for decision, _ in counted} <= {"allowed", "masked", "denied"}
    assert any(decision == "masked" for decision, _ in counted)  # idNumber is


async def test_caches_tell_what_they_are_worth() -> None:
    city = ObservedCity()
    for _ in range(3):
        await city.ask(variables=VARIABLES)
    asked = city.samples("hutong_cache_requests_total")
    assert asked["plan", "miss"] == asked["document", "miss"] == asked["access", "miss"] == 1
    assert asked["plan", "hit"] == asked["document", "hit"] == asked["access", "hit"] == 2
    assert city.samples("hutong_cache_entries")[("document",)] == 1
    assert 0 < city.samples("hutong_cache_size")[("document",)] <= city.samples("hutong_cache_capacity")[("document",)]


async def test_the_build_names_snapshot_and_policy() -> None:
    assert ObservedCity().samples("hutong_build_info") == {("1", "mini", "9.9"): 1}


async def test_pools_breakers_and_mirrors_are_read_when_asked() -> None:
    class Told(MemoryConnector):
        def state(self) -> SourceState:
            return SourceState(
                pool=PoolState(size=5, in_use=3, waiting=2),
                breaker=BreakerState(is_open=True, openings=4),
                copy=CopyState(as_of=NOON - timedelta(minutes=2), failed_pulls=1, now=NOON),
            )

    city = ObservedCity(s1=Told(world()[1]["s1"], tables()["s1"]))
    told = {
        name: city.samples(f"hutong_{name}")
        for name in (
            "pool_size",
            "pool_in_use",
            "pool_waiting",
            "breaker_open",
            "breaker_openings_total",
            "mirror_age_seconds",
            "mirror_failed_pulls_total",
        )
    }
    assert [series[("s1",)] for series in told.values()] == [5, 3, 2, 1, 4, 120, 1]
    assert all(series.keys() == {("s1",)} for series in told.values())  # memory connectors have none of these


async def test_audit_records_and_the_disks_time_are_counted() -> None:
    metrics = Metrics(named_documents=1)

    class Log:
        full = False

        async def append(self, event: AuditEvent, *, durable: bool = False) -> None:
            if self.full:
                raise AuditUnavailable("the disk is full")

        async def close(self) -> None:
            return

    inner = Log()
    log = ObservedAuditLog(inner, metrics)
    city = MiniCity()
    await city.execute(CITY, "{ __typename }")
    (event, _), *_ = city.audit.events
    await log.append(event)
    await log.append(event, durable=True)
    inner.full = True
    with pytest.raises(AuditUnavailable):
        await log.append(event, durable=True)
    assert metrics.audit_records == {"true": 1, "false": 1}
    assert metrics.audit_failures == 1
    assert dict(metrics.audit_times.buckets())["+Inf"] == 1


async def test_thousands_of_documents_share_one_series() -> None:
    city = ObservedCity()
    for number in range(10_000):
        for _ in range(2):
            _record(city.metrics, f"{number:064d}"[::-1])
    assert {operation for operation, _ in city.samples("hutong_operations_total")} == {OTHER}
    assert city.samples("hutong_operations_total")[OTHER, OK] == 20_000


def test_documents_that_come_again_get_names_and_no_more_than_there_are() -> None:
    metrics = Metrics(named_documents=3)
    for number in range(10_000):
        for _ in range(USES):
            _record(metrics, f"{number:064d}"[::-1])
    text = metrics.text().decode()
    named = {line.split('operation="')[1].split('"')[0] for line in text.splitlines() if 'operation="' in line}
    assert len(named) == 4
    assert OTHER in named


def test_a_busy_document_keeps_its_name_and_an_idle_one_makes_room() -> None:
    now, gone = [0.0], []
    names = DocumentNames(1, gone.append, clock=lambda: now[0])
    busy, fresh = "a" * 64, "b" * 64
    assert [names.name_of(busy) for _ in range(USES)] == [OTHER] * (USES - 1) + [short_hash(busy)]
    assert {names.name_of(fresh) for _ in range(20)} == {OTHER}
    now[0] = IDLE_SECONDS
    assert names.name_of(fresh) == short_hash(fresh)
    assert gone == [short_hash(busy)]
    assert names.name_of(None) == INVALID


def test_a_forgotten_documents_series_are_gone() -> None:
    metrics = Metrics(named_documents=1)
    for _ in range(USES):
        _record(metrics, "a" * 64)
    metrics._forget("a" * 16)
    assert f'operation="{"a" * 16}"' not in metrics.text().decode()


async def test_labels_are_escaped() -> None:
    city = ObservedCity()
    nasty = 'a"\\\n}'
    city.metrics._refused[nasty] = 7
    assert city.samples("hutong_refused_requests_total") == {(nasty,): 7}


def test_a_bucket_holds_its_upper_bound() -> None:
    times = Times()
    for seconds in (SECONDS[0], SECONDS[0] * 1.01, 99.0):
        times.observe(seconds)
    counts = dict(times.buckets())
    assert (counts["0.001"], counts["0.0025"], counts["10.0"], counts["+Inf"]) == (1, 2, 2, 3)


def _record(metrics: Metrics, document: str) -> None:
    trace = OperationTrace()
    trace.document = document
    metrics.record(trace, outcome=OK, ended=clock(), size=0, slow=False)
