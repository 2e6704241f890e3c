"""Logs, metrics and traces of one replica, put together. Neighbour: :mod:`hutong.composition` builds it."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from starlette.types import ASGIApp

import hutong
from hutong.observability.metrics import Metrics
from hutong.observability.metrics_server import MetricsEndpoint, metrics_listener, read_token, serving_metrics
from hutong.observability.operations import ObservedOperations
from hutong.observability.options import Observability
from hutong.observability.state import StateCollector
from hutong.observability.tracing import build_tracing
from resolvers.counted_cache import Counted
from resolvers.snapshot import Snapshot


class Observer:
    """What a replica shows its operators. Raises ``StartRefused`` for an address or a token file of no use."""

    def __init__(self, options: Observability) -> None:
        self._options = options
        self.metrics = Metrics(named_documents=options.named_documents)
        self._endpoint = MetricsEndpoint(self.metrics, read_token(options.metrics_token_file))
        self._listener = metrics_listener(options)
        self._tracing = build_tracing(options, self.metrics.span_exports, version=hutong.__version__)

    def watch(self, snapshot: Snapshot, caches: Mapping[str, Counted]) -> None:
        """Tell of the state of these, too."""
        self.metrics.registry.register(StateCollector(snapshot, caches, version=hutong.__version__))

    def around(self, app: ASGIApp) -> ASGIApp:
        """``app``, observed."""
        return ObservedOperations(app, options=self._options, metrics=self.metrics, tracing=self._tracing)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Metrics are served meanwhile, if they are to be; the last spans are sent at the end."""
        try:
            if self._listener is None:
                yield
            else:
                async with serving_metrics(self._endpoint, self._listener):
                    yield
        finally:
            if self._tracing is not None:
                await self._tracing.close()
