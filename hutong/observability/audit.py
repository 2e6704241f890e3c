"""The audit trail, with its records and its disk's time counted. Neighbour: :mod:`authz.audit` keeps it."""

import time

from authz.audit import AuditEvent, AuditLog, AuditUnavailable
from hutong.observability.metrics import Metrics


class ObservedAuditLog:
    """``inner``, counted."""

    def __init__(self, inner: AuditLog, metrics: Metrics) -> None:
        self._inner = inner
        self._failures = metrics.audit_failures
        self._seconds = metrics.audit_seconds
        self._at_once = metrics.audit_records.labels("true")
        self._later = metrics.audit_records.labels("false")

    async def append(self, event: AuditEvent, *, durable: bool = False) -> None:
        """As ``inner``."""
        began = time.perf_counter()
        try:
            await self._inner.append(event, durable=durable)
        except AuditUnavailable:
            self._failures.inc()
            raise
        if durable:
            self._at_once.inc()
            self._seconds.observe(time.perf_counter() - began)
        else:
            self._later.inc()

    async def close(self) -> None:
        """As ``inner``."""
        await self._inner.close()
