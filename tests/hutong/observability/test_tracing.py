"""Whether and where traces are sent, and that a collector which is gone costs nothing but spans."""

import socket
import time

import pytest
from opentelemetry.sdk.trace.sampling import ParentBased
from structlog.testing import capture_logs

from hutong.observability import tracing
from hutong.observability.options import Observability
from hutong.observability.tracing import CountedExporter, build_tracing, wants_traces

ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (ENDPOINT, "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_TRACES_EXPORTER", "OTEL_SDK_DISABLED"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("setting", "environment", "wanted"),
    [
        pytest.param(None, {}, False, id="off by default"),
        pytest.param(True, {}, True, id="by the setting"),
        pytest.param(None, {ENDPOINT: "http://c:4318"}, True, id="by an endpoint"),
        pytest.param(None, {"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://c"}, True, id="by the traces' endpoint"),
        pytest.param(False, {ENDPOINT: "http://c:4318"}, False, id="the setting is stronger"),
        pytest.param(None, {ENDPOINT: "http://c", "OTEL_TRACES_EXPORTER": "none"}, False, id="no exporter"),
        pytest.param(True, {"OTEL_SDK_DISABLED": "true"}, False, id="disabled"),
    ],
)
def test_who_wants_traces(setting: bool | None, environment: dict[str, str], wanted: bool) -> None:
    assert wants_traces(Observability(traces=setting), environment) is wanted


def test_nothing_is_made_when_nobody_wants_traces() -> None:
    assert build_tracing(Observability(), {}, version="1") is None


async def test_a_collector_that_is_gone_is_counted_and_does_not_hold_up_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:  # takes connections and never answers
        monkeypatch.setenv(ENDPOINT, f"http://127.0.0.1:{silent.getsockname()[1]}")
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "1")
        monkeypatch.setattr(tracing, "SHUTDOWN_SECONDS", 0.2)
        built = build_tracing(Observability(trace_ratio=1.0), {"ok": 0, "failed": 0}, version="1")
        assert built is not None
        began = time.monotonic()
        span = built.begin({"headers": []})
        span.end()
        assert time.monotonic() - began < 0.5
        with capture_logs() as lines:
            await built.close()
        assert time.monotonic() - began < 5
    assert [line["event"] for line in lines if line["event"] == "spans_lost"] == ["spans_lost"]


def test_failures_are_counted_and_told_once_a_minute_without_their_text() -> None:
    class Broken:
        def export(self, spans: object) -> object:
            raise OSError("http://user:S3ntinel@collector")

        def shutdown(self) -> None:
            return

    exports = {"ok": 0, "failed": 0}
    exporter = CountedExporter(Broken(), exports)  # type: ignore[arg-type]
    with capture_logs() as lines:
        for _ in range(3):
            exporter.export(())
    assert exports == {"ok": 0, "failed": 3}
    assert lines == [{"event": "trace_export_failed", "exception": "OSError", "log_level": "warning"}]


@pytest.mark.parametrize("changes", [{"trace_ratio": 1.1}, {"trace_ratio": -0.1}, {"slow_seconds": -1}])
def test_settings_that_cannot_be_meant_are_refused(changes: dict[str, float]) -> None:
    with pytest.raises(ValueError):
        Observability(**changes)  # type: ignore[arg-type]


def test_a_share_of_operations_is_traced_unless_the_caller_decides() -> None:
    sampler = tracing._sampler(Observability(trace_ratio=0.25))
    assert isinstance(sampler, ParentBased)
    assert "0.25" in sampler.get_description()
