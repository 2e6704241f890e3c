"""A run's tables, once for the terminal and for the page: requests per second, CPU, targets, known figures, costs.

Pure: a `Table` is data; `as_text` and `as_markdown` show it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import east_asian_width

from benchmarks.measures import Spread, cpu_ratio, rate_ratio, summarise
from benchmarks.results import Results
from benchmarks.verdicts import FLOOR, HUB, MERCURIUS, NAIVE, POSTGRAPHILE, Comparison, Verdict

PEERS = (NAIVE, POSTGRAPHILE, MERCURIUS, FLOOR)
"""Whom ratios are told against."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows of text under a heading; the first column is aligned left, the others right."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def question_table(results: Results, question: str) -> Table:
    """One question: a row per contestant; ratios are medians of the rounds' ratios."""
    asked = [name for name in results.contestants if results.windows(name, question)]
    against = [name for name in PEERS if name in asked]
    engines = sorted(
        {engine for name in asked for window in results.windows(name, question) for engine in window.database_cpu}
    )
    columns = ("", "requests/s", "least-most", "p50 ms", "p99 ms", "server CPU ms", *(f"{e} CPU ms" for e in engines))
    rows = []
    for name in asked:
        ours = results.windows(name, question)
        summary = summarise(ours)
        cells = [name, figure(summary.rate.median), f"{figure(summary.rate.least)}-{figure(summary.rate.greatest)}"]
        cells += [figure(summary.p50), figure(summary.p99), figure(summary.server_cpu.median)]
        cells += [_median(summary.database_cpu.get(engine)) for engine in engines]
        for other in against:
            theirs = results.windows(other, question)
            cells.append("" if other == name else figure(rate_ratio(ours, theirs).median))
        rows.append(tuple(cells))
    return Table(columns=(*columns, *(f"x {name}" for name in against)), rows=tuple(rows))


def city_table(results: Results, questions: Sequence[str]) -> Table:
    """The city's questions: CPU of the hub, of its threads other than the main one, and of each database server."""
    rows = []
    for question in questions:
        for name in results.contestants:
            if not (windows := results.windows(name, question)):
                continue
            summary = summarise(windows)
            others = spread_of_others(results, name, question)
            rows.append(
                (
                    f"{question} {name}",
                    figure(summary.rate.median),
                    f"{figure(summary.p50)}/{figure(summary.p99)}",
                    figure(summary.server_cpu.median),
                    figure(others),
                    _median(summary.database_cpu.get("MariaDB")),
                    _median(summary.database_cpu.get("PostgreSQL")),
                )
            )
    columns = (
        "",
        "requests/s",
        "p50/p99 ms",
        "server CPU ms",
        "of it other threads",
        "MariaDB CPU ms",
        "PostgreSQL CPU ms",
    )
    return Table(columns=columns, rows=tuple(rows))


def spread_of_others(results: Results, contestant: str, question: str) -> float:
    """CPU ms per request that the server's threads other than the main one use (SQLite, DuckDB, the disk): median."""
    summary = summarise(results.windows(contestant, question))
    return max(0.0, summary.server_cpu.median - summary.main_cpu.median)


def ratio_table(results: Results, questions: Sequence[str]) -> Table:
    """How many times as many requests per second the hub answers, with the same for server CPU in brackets."""
    rows = []
    for other in PEERS:
        cells = []
        for question in questions:
            ours, theirs = results.windows(HUB, question), results.windows(other, question)
            if ours and theirs:
                rate, cpu = rate_ratio(ours, theirs).median, cpu_ratio(ours, theirs).median
                cells.append(f"{figure(rate)} ({figure(cpu)})")
            else:
                cells.append("-")
        if any(cell != "-" for cell in cells):
            rows.append((f"x {other}", *cells))
    return Table(columns=("", *questions), rows=tuple(rows))


def target_table(found: Sequence[Verdict]) -> Table:
    """One row per target."""
    return Table(
        columns=("target", "measured", "least-most", "by server CPU", ""),
        rows=tuple(
            (
                f"{verdict.target.question} at least {verdict.target.factor:g} x {verdict.target.against}",
                figure(verdict.rate.median),
                f"{figure(verdict.rate.least)}-{figure(verdict.rate.greatest)}",
                figure(verdict.cpu.median),
                "met" if verdict.met else "MISSED",
            )
            for verdict in found
        ),
    )


def comparison_table(found: Sequence[Comparison]) -> Table:
    """Each peer's CPU beside what is known of it."""
    return Table(
        columns=("server CPU ms per request", "known", "here", "off", ""),
        rows=tuple(
            (
                f"{each.contestant} {each.question}",
                f"{figure(each.known[0])}-{figure(each.known[1])}",
                figure(each.measured),
                f"{each.off:+.0%}" if each.off else "within",
                "agrees" if each.agrees else "DIFFERS",
            )
            for each in found
        ),
    )


def cost_table(results: Results) -> Table:
    """Stages of a request by question, CPU ms."""
    questions = tuple(results.costs)
    stages = dict.fromkeys(cost.stage for costs in results.costs.values() for cost in costs)
    by_key = {(question, cost.stage): cost.milliseconds for question in questions for cost in results.costs[question]}
    rows = [
        (stage, *(figure(by_key[question, stage]) if (question, stage) in by_key else "-" for question in questions))
        for stage in sorted(
            stages, key=lambda stage: -sum(by_key.get((question, stage), 0.0) for question in questions)
        )
    ]
    total = tuple(figure(sum(cost.milliseconds for cost in results.costs[question])) for question in questions)
    return Table(columns=("CPU ms per request", *questions), rows=(*rows, ("all of it", *total)))


def as_text(table: Table) -> str:
    """For a terminal."""
    lines = [table.columns, *table.rows]
    widths = [max(_width(line[index]) for line in lines) for index in range(len(table.columns))]
    return "\n".join(
        "  "
        + "  ".join(
            _padded(cell, width, left=index == 0) for index, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        for line in lines
    )


def as_markdown(table: Table) -> str:
    """For a page."""
    lines = ["| " + " | ".join(table.columns) + " |", "|" + "---|" + "---:|" * (len(table.columns) - 1)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in table.rows)])


def figure(value: float) -> str:
    """Three significant digits, without an exponent."""
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _median(found: Spread | None) -> str:
    return "-" if found is None else figure(found.median)


def _width(text: str) -> int:
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def _padded(text: str, width: int, *, left: bool) -> str:
    blank = " " * (width - _width(text))
    return text + blank if left else blank + text
