"""Tells at the end on which engines the suite ran; in CI an engine that must be there must not be skipped."""

import os
import shutil
from collections import Counter

import pytest

_OUTCOMES: dict[str, Counter[str]] = {}
_REASONS: dict[str, str] = {}


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    parts = report.nodeid.split("::")
    if len(parts) < 3 or "tests/conformance/" not in parts[0] or (report.when != "call" and report.passed):
        return
    engine = parts[1].removeprefix("Test")
    _OUTCOMES.setdefault(engine, Counter())[report.outcome] += 1
    if report.skipped and isinstance(report.longrepr, tuple):
        _REASONS[engine] = report.longrepr[2]


def missing_in_ci() -> list[str]:
    if os.environ.get("CI") != "true":
        return []
    needed = ["PostgreSQL", *(["MariaDB"] if shutil.which("mariadbd") else [])]
    return [engine for engine in needed if engine in _OUTCOMES and _OUTCOMES[engine]["skipped"]]


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    if missing_in_ci() and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not _OUTCOMES:
        return
    terminalreporter.section("connector conformance")
    for engine, outcomes in sorted(_OUTCOMES.items()):
        told = ", ".join(f"{count} {outcome}" for outcome, count in sorted(outcomes.items()))
        ran = "skipped" if set(outcomes) == {"skipped"} else "run"
        terminalreporter.write_line(f"{engine}: {ran} ({told}) {_REASONS.get(engine, '')}".rstrip())
    for engine in missing_in_ci():
        terminalreporter.write_line(f"{engine} must not be skipped in CI", red=True)
