"""OpenTelemetry traces: one span per request, one below it per stage, and one per fetch below the stage *fetch*.

The spans of stages and fetches are made from the operation's trace when it has ended, so that an operation that is not
sampled pays for one decision only. Of the caller's headers only ``traceparent`` (W3C Trace Context) is read, never
``tracestate`` or ``baggage``: both carry texts of others. Spans leave in batches from a thread of the SDK's; a
collector that is slow or gone costs spans, never a request.
"""

import asyncio
import os
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Final

import structlog
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.sampling import ParentBased, Sampler, TraceIdRatioBased
from opentelemetry.trace import Span, SpanKind, Status, StatusCode, format_trace_id, set_span_in_context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from starlette.types import Scope

from hutong.observability.documents import short_hash
from hutong.observability.options import Observability
from resolvers.operation_trace import OK, OperationTrace, Stage, clock

TRACEPARENT: Final = b"traceparent"
SHUTDOWN_SECONDS: Final = 1.0
"""How long a replica that stops waits for its last spans to leave."""
_ENDPOINTS: Final = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
_QUIET_SECONDS: Final = 60.0
_PROPAGATOR: Final = TraceContextTextMapPropagator()
_log: structlog.stdlib.BoundLogger = structlog.get_logger("hutong.tracing")


class Tracing:
    """Makes the spans of operations with ``provider``."""

    def __init__(self, provider: TracerProvider) -> None:
        self._provider = provider
        self._tracer = provider.get_tracer("hutong")

    def begin(self, scope: Scope) -> Span:
        """The span of a request, a child of the caller's if the request says so. `end` must follow."""
        parents = [value for name, value in scope["headers"] if name == TRACEPARENT]
        carrier = {"traceparent": parents[0].decode("latin-1")} if len(parents) == 1 else {}
        context = _PROPAGATOR.extract(carrier)
        return self._tracer.start_span("graphql", context=context, kind=SpanKind.SERVER)

    def end(self, span: Span, trace: OperationTrace, *, outcome: str, status: int | None, ended: float) -> None:
        """End the request's span; if it is sampled, with a span for every stage and fetch."""
        epoch = time.time_ns() - int(clock() * 1e9)

        def at(seconds: float) -> int:
            return epoch + int(seconds * 1e9)

        if span.is_recording():
            span.set_attribute("hutong.operation.id", trace.id)
            span.set_attribute("hutong.outcome", outcome)
            if trace.document is not None:
                span.set_attribute("hutong.operation.hash", short_hash(trace.document))
            if status is not None:
                span.set_attribute("http.response.status_code", status)
            if outcome != OK:
                span.set_status(Status(StatusCode.ERROR, outcome))
            below = set_span_in_context(span)
            for stage, began, end in trace.stages(ended):
                child = self._tracer.start_span(stage.value, context=below, start_time=at(began))
                if stage is Stage.FETCH:
                    inside = set_span_in_context(child)
                    for record in trace.fetches:
                        fetch = self._tracer.start_span(
                            f"fetch {record.source.connector}",
                            context=inside,
                            kind=SpanKind.CLIENT,
                            start_time=at(record.began),
                            attributes={
                                "hutong.source": record.source.connector,
                                "hutong.step": record.source.step,
                                "hutong.outcome": record.outcome,
                                "hutong.rows": record.rows,
                            },
                        )
                        if record.outcome != OK:
                            fetch.set_status(Status(StatusCode.ERROR, record.outcome))
                        fetch.end(end_time=at(record.ended))
                child.end(end_time=at(end))
        span.end(end_time=at(ended))

    async def close(self) -> None:
        """Send what is left, for at most `SHUTDOWN_SECONDS`; the thread that hangs is left behind."""
        loop, done = asyncio.get_running_loop(), asyncio.Event()

        def shut_down() -> None:
            self._provider.shutdown()
            with suppress(RuntimeError):  # the loop did not wait
                loop.call_soon_threadsafe(done.set)

        threading.Thread(target=shut_down, name="hutong-tracing-close", daemon=True).start()
        try:
            async with asyncio.timeout(SHUTDOWN_SECONDS):
                await done.wait()
        except TimeoutError:
            _log.warning("spans_lost", waited_seconds=SHUTDOWN_SECONDS)


class CountedExporter(SpanExporter):
    """``inner``, its batches counted in ``exports``; failures are told once a minute, without their text."""

    def __init__(self, inner: SpanExporter, exports: dict[str, int]) -> None:
        self._inner = inner
        self._exports = exports
        self._told = float("-inf")

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """As ``inner``; what it raises is a failure."""
        try:
            result = self._inner.export(spans)
        except Exception as error:  # noqa: BLE001 -- in a thread of the SDK's, which would log its text
            self._tell(type(error).__name__)
            result = SpanExportResult.FAILURE
        if result is SpanExportResult.SUCCESS:
            self._exports["ok"] += 1
        else:
            self._exports["failed"] += 1
            self._tell(None)
        return result

    def shutdown(self) -> None:
        """As ``inner``."""
        self._inner.shutdown()

    def _tell(self, exception: str | None) -> None:
        now = time.monotonic()
        if now - self._told >= _QUIET_SECONDS:
            self._told = now
            _log.warning("trace_export_failed", exception=exception)


def trace_id(span: Span) -> str:
    """The trace a span belongs to: 32 hexadecimal digits."""
    return format_trace_id(span.get_span_context().trace_id)


def wants_traces(options: Observability, environment: Mapping[str, str] = os.environ) -> bool:
    """Whether traces are sent: by the setting, else by the standard variables."""
    if environment.get("OTEL_SDK_DISABLED", "").lower() == "true":
        return False
    if options.traces is not None:
        return options.traces
    return environment.get("OTEL_TRACES_EXPORTER") != "none" and any(environment.get(name) for name in _ENDPOINTS)


def build_tracing(options: Observability, exports: dict[str, int], *, version: str) -> Tracing | None:
    """Traces to the collector that the standard variables name; ``None`` when nobody wants them."""
    if not wants_traces(options):
        return None
    provider = TracerProvider(sampler=_sampler(options), resource=_resource(version), shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(CountedExporter(OTLPSpanExporter(), exports)))
    return Tracing(provider)


def _sampler(options: Observability) -> Sampler | None:
    """``None``: the SDK reads ``OTEL_TRACES_SAMPLER``."""
    return None if os.environ.get("OTEL_TRACES_SAMPLER") else ParentBased(TraceIdRatioBased(options.trace_ratio))


def _resource(version: str) -> Resource:
    named = {} if os.environ.get("OTEL_SERVICE_NAME") else {"service.name": "hutong"}
    return Resource.create({**named, "service.version": version})
