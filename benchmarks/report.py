"""The result as a table for the terminal and as JSON, with the targets beside the ratios."""

import os
import platform
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.measures import Spread, Summary, cpu_ratio, rate_ratio, summarise
from benchmarks.questions import QUESTIONS
from benchmarks.rounds import Plan, Windows

HUB, NAIVE, FLOOR = "hutong", "naive", "floor"
_PACKAGES = (
    "uvicorn",
    "uvloop",
    "httptools",
    "starlette",
    "strawberry-graphql",
    "graphql-core",
    "sqlalchemy",
    "asyncpg",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The hub must answer at least ``factor`` times the requests per second of ``against``."""

    question: str
    against: str
    factor: float


TARGETS = (
    Target(question="Q2", against=NAIVE, factor=12),
    Target(question="Q3", against=NAIVE, factor=12),
    Target(question="Q4", against=NAIVE, factor=20),
    Target(question="Q2", against=FLOOR, factor=0.5),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A target and what was measured: the ratio of requests/s and that of server CPU per request."""

    target: Target
    rate: Spread
    cpu: Spread

    @property
    def met(self) -> bool:
        """Whether the median ratio of requests per second reaches the target."""
        return self.rate.median >= self.target.factor


def verdicts(windows: Windows) -> tuple[Verdict, ...]:
    """Every target whose two sides were measured."""
    return tuple(
        Verdict(
            target=target,
            rate=rate_ratio(windows[HUB, target.question], windows[target.against, target.question]),
            cpu=cpu_ratio(windows[HUB, target.question], windows[target.against, target.question]),
        )
        for target in TARGETS
        if (HUB, target.question) in windows and (target.against, target.question) in windows
    )


def table(windows: Windows, contestants: Sequence[str]) -> str:
    """One block per question: a line per contestant, ratios as medians of the rounds' ratios."""
    lines = []
    for question in QUESTIONS:
        lines.append(f"\n{question.name}  {question.title}")
        lines.append(
            f"  {'':14}{'requests/s (min-max)':>26}{'p50/p99 ms':>18}{'server CPU ms':>15}{'PG CPU ms':>11}"
            f"{'x naive':>9}{'CPU':>8}{'x floor':>9}{'CPU':>7}"
        )
        for name in contestants:
            ours = windows[name, question.name]
            summary = summarise(ours)
            rate = f"{_figure(summary.rate.median)} ({_figure(summary.rate.least)}-{_figure(summary.rate.greatest)})"
            latency = f"{summary.p50:.1f}/{summary.p99:.1f}"
            cells = f"{rate:>26}{latency:>18}{summary.server_cpu.median:>15.2f}{summary.database_cpu.median:>11.2f}"
            for against, widths in ((NAIVE, (9, 8)), (FLOOR, (9, 7))):
                theirs = windows.get((against, question.name))
                if theirs is None or name == against:
                    cells += "".join("-".rjust(width) for width in widths)
                else:
                    cells += f"{_figure(rate_ratio(ours, theirs).median):>{widths[0]}}"
                    cells += f"{_figure(cpu_ratio(ours, theirs).median):>{widths[1]}}"
            lines.append(f"  {name:14}{cells}")
    return "\n".join(lines)


def target_table(found: Sequence[Verdict]) -> str:
    """One line per target."""
    lines = ["\nTargets (requests/s within the same rounds; in brackets the same for server CPU per request)"]
    for verdict in found:
        target = verdict.target
        lines.append(
            f"  {target.question} at least {target.factor:g} x {target.against:6}"
            f" {_figure(verdict.rate.median):>7} ({_figure(verdict.rate.least)}-{_figure(verdict.rate.greatest)})"
            f" [{_figure(verdict.cpu.median)}]  {'met' if verdict.met else 'MISSED'}"
        )
    return "\n".join(lines)


def document(windows: Windows, plan: Plan, members: int, left_out: dict[str, str], postgresql: str) -> dict[str, Any]:
    """Everything measured, JSON-ready; latencies are summed up, not listed."""
    return {
        "machine": machine_facts(postgresql),
        "load": {"client": "benchmarks.load (epoll, own process)", "members": members, **asdict(plan)},
        "left_out": left_out,
        "results": [
            {"server": name, "question": question, **_summary(summarise(found)), "requests": _requests(found)}
            for (name, question), found in windows.items()
        ],
        "targets": [
            {**asdict(verdict.target), "rate": asdict(verdict.rate), "cpu": asdict(verdict.cpu), "met": verdict.met}
            for verdict in verdicts(windows)
        ],
    }


def machine_facts(postgresql: str) -> dict[str, Any]:
    """What the figures depend on besides the code."""
    return {
        "cores": os.cpu_count(),
        "processor": _processor(),
        "system": f"{platform.system()} {platform.release()}",
        "python": sys.version.split()[0],
        "postgresql": postgresql,
        **{package: version(package) for package in _PACKAGES},
    }


def _requests(windows: Sequence[Any]) -> int:
    return sum(window.requests for window in windows)


def _summary(summary: Summary) -> dict[str, Any]:
    return asdict(summary)


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor()


def _figure(value: float) -> str:
    """Three significant digits, without an exponent."""
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"
