"""Counts and times of operations, fetches, decisions and audit records, for Prometheus.

Neighbours: :mod:`hutong.observability.operations` hands over each operation that has ended,
:mod:`hutong.observability.state` adds what is read at scrape time, :mod:`hutong.observability.metrics_server` serves
the text. Every label has a bound: documents by :mod:`hutong.observability.documents`, sources by the manifests,
outcomes by the public codes, levels and stages by their kinds.
"""

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from hutong.observability.documents import DocumentNames
from hutong.observability.series import FetchSeries, OperationSeries, Times
from resolvers.operation_trace import OK, OperationTrace

ERROR = "error"


class Metrics(Collector):
    """The metrics of one replica. Written by one event loop, read by any thread."""

    def __init__(self, *, named_documents: int) -> None:
        self.registry = CollectorRegistry()
        self.in_flight = 0
        self.audit_failures = 0
        self.audit_records = {"true": 0, "false": 0}
        self.audit_times = Times()
        self.span_exports = {"ok": 0, "failed": 0}
        self._names = DocumentNames(named_documents, self._forget)
        self._operations: dict[tuple[str, str], OperationSeries] = {}
        self._durations: dict[tuple[str, str], Times] = {}
        self._fetches: dict[tuple[str, str], FetchSeries] = {}
        self._decisions: dict[tuple[int, str], int] = {}
        self._stages: dict[str, float] = {}
        self._refused: dict[str, int] = {}
        self._bytes = 0
        self._slow = 0
        ProcessCollector(registry=self.registry)
        self.registry.register(self)

    def record(self, trace: OperationTrace, *, outcome: str, ended: float, size: int, slow: bool) -> None:
        """Count an operation that reached the engine. ``size``: bytes of the response's body."""
        name = self._names.name_of(trace.document)
        series = self._operations.get((name, outcome))
        if series is None:
            times = self._durations.setdefault((name, OK if outcome == OK else ERROR), Times())
            series = self._operations[name, outcome] = OperationSeries(times)
        series.count += 1
        series.times.observe(ended - trace.began)
        self._bytes += size
        self._slow += slow
        for record in trace.fetches:
            key = (record.source.connector, record.outcome)
            fetches = self._fetches.get(key)
            if fetches is None:
                fetches = self._fetches[key] = FetchSeries()
            fetches.times.observe(record.ended - record.began)
            fetches.rows += record.rows
        stages = self._stages
        for stage, began, end in trace.stages(ended):
            stages[stage] = stages.get(stage, 0.0) + end - began
        if trace.plan is not None:
            decisions = self._decisions
            for kind, count in trace.plan.authorized.tally:
                decisions[kind] = decisions.get(kind, 0) + count

    def refuse(self, status: int | None) -> None:
        """Count a request that the engine never saw; ``None``: its client went before it was read."""
        told = "gone" if status is None else str(status)
        self._refused[told] = self._refused.get(told, 0) + 1

    def text(self) -> bytes:
        """Everything in Prometheus' text format. May run in a thread of its own."""
        return generate_latest(self.registry)

    def describe(self) -> Iterator[Metric]:
        """Nothing is asked at registration."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        """See prometheus_client."""
        yield from self._of_operations()
        yield from self._of_fetches()
        yield from self._of_audit()
        decided = CounterMetricFamily(
            "hutong_decisions", "Coordinates that operations used.", labels=("level", "decision")
        )
        for (level, decision), count in list(self._decisions.items()):
            decided.add_metric((str(level), decision), count)
        yield decided
        exported = CounterMetricFamily("hutong_span_exports", "Batches of spans for the collector.", labels=("result",))
        for result, count in self.span_exports.items():
            exported.add_metric((result,), count)
        yield exported

    def _of_operations(self) -> Iterator[Metric]:
        labels = ("operation", "outcome")
        ended = CounterMetricFamily("hutong_operations", "Operations that reached the engine.", labels=labels)
        for key, series in list(self._operations.items()):
            ended.add_metric(key, series.count)
        yield ended
        help_text = "Time from a request's headers to its response's last byte."
        times = HistogramMetricFamily("hutong_operation_duration_seconds", help_text, labels=labels)
        for key, observed in list(self._durations.items()):
            times.add_metric(key, list(observed.buckets()), observed.total)
        yield times
        yield GaugeMetricFamily("hutong_operations_in_flight", "Requests being answered.", self.in_flight)
        refused = CounterMetricFamily("hutong_refused_requests", "Requests the engine never saw.", labels=("status",))
        for status, count in list(self._refused.items()):
            refused.add_metric((status,), count)
        yield refused
        yield CounterMetricFamily("hutong_response_bytes", "Bytes of responses' bodies.", self._bytes)
        yield CounterMetricFamily("hutong_slow_operations", "Operations over the slow log's threshold.", self._slow)
        spent = CounterMetricFamily("hutong_stage_seconds", "Time in each stage of operations.", labels=("stage",))
        for stage, seconds in list(self._stages.items()):
            spent.add_metric((stage,), seconds)
        yield spent

    def _of_fetches(self) -> Iterator[Metric]:
        labels = ("source", "outcome")
        help_text = "Time of one statement, waiting for a connection included."
        times = HistogramMetricFamily("hutong_fetch_duration_seconds", help_text, labels=labels)
        rows = CounterMetricFamily("hutong_fetched_rows", "Rows that sources gave.", labels=("source",))
        for key, series in list(self._fetches.items()):
            times.add_metric(key, list(series.times.buckets()), series.times.total)
            if key[1] == OK:
                rows.add_metric((key[0],), series.rows)
        yield from (times, rows)

    def _of_audit(self) -> Iterator[Metric]:
        kept = CounterMetricFamily("hutong_audit_records", "Records of the audit trail.", labels=("durable",))
        for durable, count in self.audit_records.items():
            kept.add_metric((durable,), count)
        yield kept
        yield CounterMetricFamily("hutong_audit_failures", "Records that could not be kept.", self.audit_failures)
        buckets, help_text = list(self.audit_times.buckets()), "Time until a record was on disk."
        total = self.audit_times.total
        yield HistogramMetricFamily("hutong_audit_durable_write_seconds", help_text, buckets=buckets, sum_value=total)

    def _forget(self, name: str) -> None:
        """Give up the series of a document."""
        for known in [key for key in self._operations if key[0] == name]:
            del self._operations[known]
        for known in [key for key in self._durations if key[0] == name]:
            del self._durations[known]
