"""Log lines: one JSON object each, whatever stands in them."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path

import pytest

from hutong import telemetry
from hutong.operation_scope import put_trace
from resolvers.operation_trace import OperationTrace

ROOT = Path(__file__).parents[2]
PROGRAM = """
import logging, sys
import structlog
from hutong.telemetry import configure_logging

configure_logging()
text = sys.argv[1]
structlog.get_logger("hutong").warning("ours", given=text)
logging.getLogger("driver").warning("theirs %s", text)
try:
    raise ValueError("secret " + text)
except ValueError:
    logging.getLogger("driver").exception("failed")
logging.getLogger("casbin").warning("Request: alice, Person.mobile")
logging.getLogger("opentelemetry.exporter").error("cannot reach http://user:password@collector")
"""


def lines_of(text: str) -> list[dict[str, object]]:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, text], capture_output=True, text=True, check=True, cwd=ROOT, env={"PATH": ""}
    )
    assert done.stdout == ""
    return [json.loads(line) for line in done.stderr.splitlines()]


@pytest.mark.parametrize(
    "text",
    ['\n{"event":"grant","subject":"x"}', "\x1b[31mred\x1b[0m", "党员\u2028\u202e", "x" * 5_000],
    ids=["a forged line", "terminal colours", "line separators", "a long text"],
)
def test_nothing_in_a_log_line_can_end_it(text: str) -> None:
    lines = lines_of(text)
    assert [line["event"] for line in lines if line["event"] != "ours"][-1] == "failed"
    assert len(lines) == 3
    assert all(len(str(line)) < 1_200 for line in lines)
    assert lines[0]["given"] == (text if len(text) < 500 else "x" * 500 + "... (5000 characters)")


def test_an_exception_is_logged_by_its_class_alone() -> None:
    failed = lines_of("13800001111")[2]
    assert failed["exception"] == "ValueError"
    assert "secret" not in json.dumps(failed)


def test_levels_and_times_are_told() -> None:
    for line in lines_of("x"):
        assert line["level"] in ("warning", "error")
        assert str(line["timestamp"]).endswith("Z")


async def test_lines_carry_the_operation_they_were_written_for() -> None:
    trace = OperationTrace()

    async def operate() -> dict[str, object]:
        put_trace({"type": "http"}, trace)
        return dict(telemetry._of_operation(None, "info", {"event": "e"}))

    assert await asyncio.create_task(operate()) == {"event": "e", "operation_id": trace.id}
    assert telemetry._of_operation(None, "info", {"event": "e"}) == {"event": "e"}
