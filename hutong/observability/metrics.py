"""Counts and times of operations, fetches, decisions and audit records, for Prometheus.

Neighbours: :mod:`hutong.observability.operations` hands over each operation that has ended,
:mod:`hutong.observability.state` adds what is read at scrape time, :mod:`hutong.observability.metrics_server` serves
the text. Every label has a bound: documents by :mod:`hutong.observability.documents`, sources by the manifests,
outcomes by the public codes, levels and stages by their kinds.
"""

from typing import Final

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)

from hutong.observability.documents import DocumentNames
from resolvers.operation_trace import OK, OperationTrace

SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
ERROR: Final = "error"


class Metrics:
    """The metrics of one replica, in a registry of their own."""

    def __init__(self, *, named_documents: int) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self.registry = CollectorRegistry()
        self._names = DocumentNames(named_documents, self._forget)
        registry = self.registry
        ProcessCollector(registry=registry)
        self._operations = Counter(
            "hutong_operations", "Operations that reached the engine.", ("operation", "outcome"), registry=registry
        )
        self._durations = Histogram(
            "hutong_operation_duration_seconds",
            "Time from the request's first byte to the response's last.",
            ("operation", "outcome"),
            buckets=SECONDS,
            registry=registry,
        )
        self.in_flight = Gauge("hutong_operations_in_flight", "Requests being answered.", registry=registry)
        self._refused = Counter(
            "hutong_refused_requests", "Requests refused before the engine saw them.", ("status",), registry=registry
        )
        self._bytes = Counter("hutong_response_bytes", "Bytes of responses' bodies.", registry=registry)
        self._slow = Counter("hutong_slow_operations", "Operations over the slow log's threshold.", registry=registry)
        self._stages = Counter(
            "hutong_stage_seconds", "Time spent in each stage of operations.", ("stage",), registry=registry
        )
        self._fetches = Histogram(
            "hutong_fetch_duration_seconds",
            "Time of one statement, waiting for a connection included.",
            ("source", "outcome"),
            buckets=SECONDS,
            registry=registry,
        )
        self._rows = Counter("hutong_fetched_rows", "Rows that sources gave.", ("source",), registry=registry)
        self._decisions = Counter(
            "hutong_decisions", "Coordinates that operations used.", ("level", "decision"), registry=registry
        )
        self.audit_records = Counter(
            "hutong_audit_records", "Records of the audit trail.", ("durable",), registry=registry
        )
        self.audit_failures = Counter("hutong_audit_failures", "Records that could not be kept.", registry=registry)
        self.audit_seconds = Histogram(
            "hutong_audit_durable_write_seconds",
            "Time until a record was on disk.",
            buckets=SECONDS,
            registry=registry,
        )
        self.span_exports = Counter(
            "hutong_span_exports", "Batches of spans sent to the collector.", ("result",), registry=registry
        )
        self._operation_series: dict[tuple[str, str], tuple[Counter, Histogram]] = {}
        self._fetch_series: dict[tuple[str, str], tuple[Histogram, Counter]] = {}
        self._decision_series: dict[tuple[int, str], Counter] = {}
        self._stage_series: dict[str, Counter] = {}

    def record(self, trace: OperationTrace, *, outcome: str, ended: float, size: int, slow: bool) -> None:
        """Count an operation that reached the engine. ``size``: bytes of the response's body."""
        name = self._names.name_of(trace.document)
        series = self._operation_series.get((name, outcome))
        if series is None:
            series = self._operation_series[name, outcome] = (
                self._operations.labels(name, outcome),
                self._durations.labels(name, OK if outcome == OK else ERROR),
            )
        series[0].inc()
        series[1].observe(ended - trace.began)
        self._bytes.inc(size)
        if slow:
            self._slow.inc()
        for record in trace.fetches:
            key = (record.source.connector, record.outcome)
            fetches = self._fetch_series.get(key)
            if fetches is None:
                fetches = self._fetch_series[key] = (self._fetches.labels(*key), self._rows.labels(key[0]))
            fetches[0].observe(record.ended - record.began)
            fetches[1].inc(record.rows)
        for stage, began, end in trace.stages(ended):
            stages = self._stage_series.get(stage)
            if stages is None:
                stages = self._stage_series[stage] = self._stages.labels(stage.value)
            stages.inc(end - began)
        if trace.plan is not None:
            for kind, count in trace.plan.authorized.tally:
                decisions = self._decision_series.get(kind)
                if decisions is None:
                    decisions = self._decision_series[kind] = self._decisions.labels(str(kind[0]), kind[1])
                decisions.inc(count)

    def refuse(self, status: int | None) -> None:
        """Count a request that the engine never saw; ``None``: its client went before it was read."""
        self._refused.labels("gone" if status is None else str(status)).inc()

    def text(self) -> bytes:
        """Everything in Prometheus' text format. May run in a thread of its own."""
        return generate_latest(self.registry)

    def _forget(self, name: str) -> None:
        """Give up the series of a document."""
        outcomes = [outcome for known, outcome in self._operation_series if known == name]
        for outcome in outcomes:
            del self._operation_series[name, outcome]
            self._operations.remove(name, outcome)
        for kind in {OK if outcome == OK else ERROR for outcome in outcomes}:
            self._durations.remove(name, kind)
