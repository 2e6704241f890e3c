"""The audit trail, with its records and its disk's time counted. Neighbour: :mod:`authz.audit` keeps it."""

import time

from authz.audit import AuditEvent, AuditLog, AuditUnavailable
from hutong.observability.metrics import Metrics


class ObservedAuditLog:
    """``inner``, counted."""

    def __init__(self, inner: AuditLog, metrics: Metrics) -> None:
        self._inner = inner
        self._metrics = metrics

    async def append(self, event: AuditEvent, *, durable: bool = False) -> None:
        """As ``inner``."""
        metrics = self._metrics
        began = time.perf_counter()
        try:
            await self._inner.append(event, durable=durable)
        except AuditUnavailable:
            metrics.audit_failures += 1
            raise
        if durable:
            metrics.audit_records["true"] += 1
            metrics.audit_times.observe(time.perf_counter() - began)
        else:
            metrics.audit_records["false"] += 1

    async def close(self) -> None:
        """As ``inner``."""
        await self._inner.close()
