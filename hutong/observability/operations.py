"""ASGI middleware of ``/graphql``: gives every request its operation id and sees how it ends.

The id goes back to the caller as ``Hutong-Operation`` and stands in the audit trail, in every log line that is written
meanwhile, and in the trace. Neighbours: :mod:`hutong.graphql_endpoint` hands the operation's trace to the engine.
"""

from typing import Any, Final

import structlog
from opentelemetry.trace import Span
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hutong.observability.documents import short_hash
from hutong.observability.metrics import Metrics
from hutong.observability.options import Observability
from hutong.observability.tracing import Tracing, trace_id
from hutong.operation_scope import put_trace
from resolvers.operation_trace import FetchRecord, OperationTrace, clock

OPERATION_HEADER: Final = b"hutong-operation"
CLIENT_GONE: Final = "CLIENT_GONE"
"""How an operation ended whose client did not wait for it; only operators see it."""
MOST_FETCHES: Final = 10
"""The slowest fetches that the slow-operation log tells."""
_OUTCOME_BY_STATUS: Final = {401: "UNAUTHENTICATED", 413: "LIMIT_EXCEEDED", 429: "LIMIT_EXCEEDED", 503: "OVERLOADED"}
_log: structlog.stdlib.BoundLogger = structlog.get_logger("hutong.operations")


class ObservedOperations:
    """Observes ``app``. Use within one event loop."""

    def __init__(self, app: ASGIApp, *, options: Observability, metrics: Metrics, tracing: Tracing | None) -> None:
        self._app = app
        self._metrics = metrics
        self._tracing = tracing
        self._log = _log.bind() if options.operation_log else None
        self._slow_seconds = options.slow_seconds or float("inf")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI, HTTP only."""
        trace = OperationTrace()
        put_trace(scope, trace)
        header = (OPERATION_HEADER, trace.id.encode())
        status: int | None = None
        size = 0

        async def send_observed(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), header]
            else:
                size += len(message.get("body", b""))
            await send(message)

        span = None if self._tracing is None else self._tracing.begin(scope)
        self._metrics.in_flight += 1
        try:
            await self._app(scope, receive, send_observed)
        finally:
            self._metrics.in_flight -= 1
            self._ended(trace, span, status, size)

    def _ended(self, trace: OperationTrace, span: Span | None, status: int | None, size: int) -> None:
        ended = clock()
        seconds = ended - trace.began
        outcome = trace.outcome or _outcome_of(status)
        slow = seconds >= self._slow_seconds
        if trace.reached:
            self._metrics.record(trace, outcome=outcome, ended=ended, size=size, slow=slow)
        else:
            self._metrics.refuse(status)
        told: dict[str, Any] = {
            "operation_id": trace.id,
            "outcome": outcome,
            "status": status,
            "seconds": round(seconds, 6),
        }
        if trace.document is not None:
            told["operation"] = short_hash(trace.document)
        if span is not None and self._tracing is not None:
            self._tracing.end(span, trace, outcome=outcome, status=status, ended=ended)
            told["trace"] = trace_id(span)
        if self._log is not None:
            self._log.info("operation", **told, bytes=size, fetches=len(trace.fetches))
        if slow:
            _log.warning("slow_operation", **told, **_where_the_time_went(trace, ended))


def _where_the_time_went(trace: OperationTrace, ended: float) -> dict[str, Any]:
    """Seconds by stage, and the slowest fetches, slowest first."""
    slowest = sorted(trace.fetches, key=lambda record: record.began - record.ended)[:MOST_FETCHES]
    return {
        "stages": {span.stage.value: round(span.ended - span.began, 6) for span in trace.stages(ended)},
        "slowest": [_told(record) for record in slowest],
        "fetches": len(trace.fetches),
    }


def _told(record: FetchRecord) -> dict[str, Any]:
    return {
        "source": record.source.connector,
        "step": record.source.step,
        "seconds": round(record.seconds, 6),
        "rows": record.rows,
        "outcome": record.outcome,
    }


def _outcome_of(status: int | None) -> str:
    """The public code of a request that ended without the engine's word; its body tells more to the caller."""
    if status is None:
        return CLIENT_GONE
    return "INTERNAL" if status == 500 else _OUTCOME_BY_STATUS.get(status, "BAD_INPUT")
