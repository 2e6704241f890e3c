"""The settings of logs, metrics and traces. Neighbour: :mod:`hutong.settings` reads them."""

import ipaddress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from schema.message import Unusable
from schema.messages import hub_settings

METRICS_PORT: Final = 9464
"""The port that exporters of OpenTelemetry's kind use by custom."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observability:
    """What a replica tells its operators. Raises ``ValueError`` for what cannot be meant."""

    operation_log: bool = True
    """Whether every operation leaves one log line: id, hash of the document, outcome, time, size."""
    slow_seconds: float = 1.0
    """An operation that takes longer is told at level warning, with its stages and its slowest fetches; 0: never."""
    metrics_listen: str | None = None
    """`ADDRESS:PORT` that serves Prometheus metrics, such as `127.0.0.1:9464`; by default none does. They are never
    served on the port of `/graphql`. An address that other machines reach needs `metrics_token_file`."""
    metrics_token_file: Path | None = None
    """File with the bearer token that reading metrics takes; readable by its owner only, at least 16 characters."""
    named_documents: int = 100
    """How many documents have series of their own in the metrics; all others share `operation="other"`."""
    traces: bool | None = None
    """Whether OpenTelemetry traces are sent, to where the standard variables `OTEL_EXPORTER_OTLP_*` say; by default
    they are if one of these names an endpoint."""
    trace_ratio: float = 0.1
    """The share of operations that are traced, unless `OTEL_TRACES_SAMPLER` or the caller's `traceparent` decides."""

    def __post_init__(self) -> None:
        if not 0 <= self.trace_ratio <= 1:
            raise Unusable(hub_settings.TRACE_RATIO())
        if self.slow_seconds < 0 or self.named_documents < 0:
            raise Unusable(hub_settings.OBSERVABILITY_NEGATIVE())
        if self.metrics_listen is not None:
            host, _ = metrics_address(self.metrics_listen)
            if self.metrics_token_file is None and not _is_loopback(host):
                raise Unusable(hub_settings.METRICS_WITHOUT_TOKEN())


def metrics_address(text: str) -> tuple[str, int]:
    """``127.0.0.1:9464`` or ``[::1]:9464`` -> host and port. Raises ``ValueError``."""
    host, colon, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not colon or not host or not port.isascii() or not port.isdigit() or int(port) > 65_535:
        raise Unusable(hub_settings.METRICS_ADDRESS(count=METRICS_PORT))
    return host, int(port)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
