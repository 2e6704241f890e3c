"""What one operation leaves behind: its id, a log line, series, spans; and never what it was about."""

import json
import logging
from typing import Any

import pytest
from structlog.testing import capture_logs

from connectors.contract import FetchArguments, Prepared, Row
from connectors.errors import SourceUnavailable
from connectors.memory import MemoryConnector
from hutong.observability.options import Observability
from resolvers.operation_trace import OperationTrace
from schema.messages import sources
from tests.hutong.observability.observed_city import BRANCH, VARIABLES, ObservedCity
from tests.resolvers.mini_city import code, tables, world

SENTINEL = "S3ntinel"
PARENT = "4bf92f3577b34da6a3ce929d0e0e4736"


class Failing(MemoryConnector):
    """Every fetch raises ``error``."""

    error: Exception = SourceUnavailable("s1", sources.SOURCE_SILENT(connector="s1"))

    async def fetch(self, prepared: Prepared, arguments: FetchArguments) -> list[Row]:
        raise self.error


def failing(error: Exception | None = None) -> Failing:
    connector = Failing(world()[1]["s1"], tables()["s1"])
    connector.error = error or connector.error
    return connector


async def test_the_caller_gets_the_id_under_which_logs_and_the_audit_trail_know_the_operation() -> None:
    city = ObservedCity()
    with capture_logs() as lines:
        response = await city.ask(variables=VARIABLES)
    (line,) = [line for line in lines if line["event"] == "operation"]
    assert response.headers["hutong-operation"] == line["operation_id"] == city.city.audit.events[0][0].id


async def test_one_line_tells_how_an_operation_ended() -> None:
    with capture_logs() as lines:
        response = await ObservedCity().ask(variables=VARIABLES)
    (line,) = lines
    assert (line["outcome"], line["status"], line["bytes"]) == ("ok", 200, len(response.content))
    assert line["fetches"] >= 4
    assert 0 < line["seconds"] < 10
    assert len(line["operation"]) == 16


async def test_lines_can_be_switched_off() -> None:
    with capture_logs() as lines:
        await ObservedCity(options=Observability(operation_log=False, slow_seconds=0)).ask(variables=VARIABLES)
    assert lines == []


async def test_a_slow_operation_names_its_source_and_step() -> None:
    city = ObservedCity(options=Observability(slow_seconds=1e-9))
    with capture_logs() as lines:
        await city.ask(variables=VARIABLES)
    (line,) = [line for line in lines if line["event"] == "slow_operation"]
    assert line["log_level"] == "warning"
    assert {("s1", "PartyOrganisation.members list"), ("s1", "PartyMember.person by key")} <= {
        (fetch["source"], fetch["step"]) for fetch in line["slowest"]
    }
    seconds = [fetch["seconds"] for fetch in line["slowest"]]
    assert seconds == sorted(seconds, reverse=True)
    assert list(line["stages"]) == ["parse", "plan", "authorize", "prepare", "fetch", "audit", "respond"]
    assert city.samples("hutong_slow_operations_total") == {(): 1}


async def test_quick_operations_are_not_slow() -> None:
    for seconds in (0, 60):
        with capture_logs() as lines:
            await ObservedCity(options=Observability(slow_seconds=seconds)).ask(variables=VARIABLES)
        assert [line["event"] for line in lines] == ["operation"]


async def test_a_request_that_the_engine_never_sees_is_counted_as_refused() -> None:
    city = ObservedCity()
    with capture_logs() as lines:
        response = await city.ask(headers={"content-type": "text/plain"})
    assert city.samples("hutong_refused_requests_total") == {(str(response.status_code),): 1}
    assert city.samples("hutong_operations_total") == {}
    assert lines[0]["outcome"] == "BAD_INPUT"
    assert response.headers["hutong-operation"] == lines[0]["operation_id"]


async def test_a_client_that_leaves_is_told_apart() -> None:
    city = ObservedCity()

    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        raise AssertionError("nobody is there")

    scope = {"type": "http", "method": "POST", "query_string": b"", "headers": [(b"content-type", b"application/json")]}
    with capture_logs() as lines:
        await city.app(scope, receive, send)
    assert lines[0]["outcome"] == "CLIENT_GONE"
    assert city.samples("hutong_operations_in_flight") == {(): 0}


async def test_spans_nest_as_the_operation_ran() -> None:
    city = ObservedCity(traced=True)
    with capture_logs() as lines:
        response = await city.ask(variables=VARIABLES, headers={"traceparent": f"00-{PARENT}-00f067aa0ba902b7-01"})
    spans = city.spans.get_finished_spans()
    (root,) = [span for span in spans if span.name == "graphql"]
    stages = [span for span in spans if span.parent and span.parent.span_id == root.context.span_id]
    assert [span.name for span in stages] == ["parse", "plan", "authorize", "prepare", "fetch", "audit", "respond"]
    (stage,) = [span for span in stages if span.name == "fetch"]
    fetches = [span for span in spans if span.parent and span.parent.span_id == stage.context.span_id]
    assert {(span.attributes["hutong.source"], span.attributes["hutong.step"]) for span in fetches} >= {
        ("s1", "PartyOrganisation by key"), ("s1", "PartyMember.person by key"),
    }  # fmt: skip
    assert all(stage.start_time <= span.start_time <= span.end_time <= stage.end_time for span in fetches)
    assert all(root.start_time <= span.start_time <= span.end_time <= root.end_time for span in stages)
    assert len(spans) == 1 + len(stages) + len(fetches)
    assert root.attributes["hutong.operation.id"] == response.headers["hutong-operation"]
    assert f"{root.context.trace_id:032x}" == lines[0]["trace"] == PARENT


@pytest.mark.parametrize(
    "headers",
    [[("traceparent", "00-zz-zz-01")], [("traceparent", f"00-{PARENT}-00f067aa0ba902b7-01")] * 2],
    ids=["malformed", "twice"],
)
async def test_a_traceparent_that_is_none_begins_a_new_trace(headers: Any) -> None:
    city = ObservedCity(traced=True)
    assert (await city.ask(variables=VARIABLES, headers=headers)).status_code == 200
    (root,) = [span for span in city.spans.get_finished_spans() if span.parent is None]
    assert f"{root.context.trace_id:032x}" != PARENT


async def test_what_the_caller_chose_not_to_sample_is_not_traced() -> None:
    city = ObservedCity(traced=True)
    await city.ask(variables=VARIABLES, headers={"traceparent": f"00-{PARENT}-00f067aa0ba902b7-00"})
    assert city.spans.get_finished_spans() == ()


async def test_a_failed_fetch_is_told_by_its_code() -> None:
    city = ObservedCity(traced=True, s1=failing())
    await city.ask(variables=VARIABLES)
    assert city.samples("hutong_fetch_duration_seconds_count")[("SOURCE_UNAVAILABLE", "s1")] == 1
    (span,) = [span for span in city.spans.get_finished_spans() if span.name == "fetch s1"]
    assert span.status.description == "SOURCE_UNAVAILABLE"
    assert span.events == ()


def _planted(rows: dict[str, Any]) -> None:
    for row in rows["s1"]["DY_JBXX"]:
        row["XM"] = f"{SENTINEL} name"
    rows["s1"]["DZZ_JBXX"][2]["DZZMC"] = f"{SENTINEL} organisation"


@pytest.mark.parametrize(
    "error",
    [
        None,
        SourceUnavailable("s1", sources.SOURCE_SILENT(connector=SENTINEL)),
        RuntimeError(f"postgresql://{SENTINEL}:pw@db/x: select '{SENTINEL}'"),
    ],
    ids=["rows", "a source's error", "a driver's error"],
)
async def test_nothing_of_a_request_a_row_or_an_error_is_told(
    error: Exception | None, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    replaced = {} if error is None else {"s1": failing(error)}
    city = ObservedCity(traced=True, change=_planted, options=Observability(slow_seconds=1e-9), **replaced)
    query = BRANCH.replace("query Q", f"query {SENTINEL}").replace("name idNumber", f"{SENTINEL}: name idNumber")
    headers = {
        "authorization": f"Bearer {SENTINEL}",
        "tracestate": f"a={SENTINEL}",
        "baggage": f"a={SENTINEL}",
        "traceparent": f"00-{PARENT}-00f067aa0ba902b7-01",
    }
    with capture_logs() as lines:
        found = await city.ask(query, variables=VARIABLES, headers=headers)
        await city.ask(query, variables={"org": SENTINEL}, headers=headers)
        await city.ask("{ SENTINEL }".replace("SENTINEL", SENTINEL), headers=headers)
        await city.ask(query.replace("$org)", f'"{code(SENTINEL)}")'), headers=headers)
    assert error is not None or SENTINEL in found.text
    told = [json.dumps(line) for line in lines] + [span.to_json() for span in city.spans.get_finished_spans()]
    told += [json.dumps(str(span.context.trace_state)) for span in city.spans.get_finished_spans()]
    told += [city.metrics.text().decode(), caplog.text]
    assert len(told) > 10
    for text in told:
        assert SENTINEL not in text
        assert "test:county_org_clerk" not in text
        assert "Bearer" not in text
        assert "select" not in text.lower()


async def test_an_operation_ends_well_though_its_collector_is_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    city = ObservedCity(traced=True)

    def broken(spans: Any) -> Any:
        raise OSError("no collector")

    monkeypatch.setattr(city.spans, "export", broken)
    response = await city.ask(variables=VARIABLES)
    assert response.json()["data"]["partyOrganisation"]["name"]


def test_ids_are_never_the_same() -> None:
    assert len({OperationTrace().id for _ in range(1_000)}) == 1_000
