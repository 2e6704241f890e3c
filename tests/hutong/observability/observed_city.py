"""The mini city behind ``/graphql``, observed as a replica is."""

from collections.abc import Callable
from typing import Any

import httpx
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample

from authz.access_cache import AccessCache
from authz.subjects import Subject
from connectors.contract import Connector
from hutong.observability.audit import ObservedAuditLog
from hutong.observability.metrics import Metrics
from hutong.observability.operations import ObservedOperations
from hutong.observability.options import Observability
from hutong.observability.state import StateCollector
from hutong.observability.tracing import Tracing
from tests.endpoints import endpoint_of
from tests.resolvers.mini_city import CLERK, MiniCity, code

BRANCH = """query Q($org: ID!) { partyOrganisation(orgCode: $org) { name members(first: 2) {
    totalCount nodes { memberNo person { name idNumber } } } } }"""
VARIABLES = {"org": code("001010001")}


class ObservedCity:
    """One replica in process. ``spans`` collects what would be exported."""

    def __init__(
        self,
        *,
        options: Observability | None = None,
        traced: bool = False,
        change: Callable[[dict[str, Any]], None] | None = None,
        subject: Subject = CLERK,
        **replaced: Connector,
    ) -> None:
        chosen = options or Observability(slow_seconds=0)
        self.city = MiniCity(change=change, **replaced)
        self.metrics = Metrics(named_documents=chosen.named_documents)
        self.city.engine._audit = ObservedAuditLog(self.city.audit, self.metrics)
        self.city.engine._decisions.cache = AccessCache()  # counted for this replica alone
        snapshot = self.city.engine._snapshot
        self.metrics.registry.register(StateCollector(snapshot, self.city.engine.caches, version="9.9"))
        self.spans = InMemorySpanExporter()
        provider = TracerProvider(shutdown_on_exit=False)
        provider.add_span_processor(SimpleSpanProcessor(self.spans))

        def authenticate(authorization: str | None) -> Subject:
            return subject

        self.app = ObservedOperations(
            endpoint_of(self.city.engine.execute, authenticate),
            options=chosen,
            metrics=self.metrics,
            tracing=Tracing(provider) if traced else None,
        )

    async def ask(self, query: str = BRANCH, headers: Any = None, **body: Any) -> httpx.Response:
        """One request."""
        transport = httpx.ASGITransport(self.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://hub") as client:
            return await client.post("/graphql", json={"query": query, **body}, headers=headers)

    def samples(self, name: str) -> dict[tuple[str, ...], float]:
        """Values of the samples called ``name``, by their labels' values in the order of the labels' names."""
        found = [sample for sample in self.all_samples() if sample.name == name]
        return {tuple(value for _, value in sorted(sample.labels.items())): sample.value for sample in found}

    def all_samples(self) -> list[Sample]:
        """Every sample that a scrape would give."""
        families = text_string_to_metric_families(self.metrics.text().decode())
        return [sample for family in families for sample in family.samples]
