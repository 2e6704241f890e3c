"""What ``make demo-check`` asks the hub, and how it judges: the questions against the oracle, the defects row by row.

Nothing here knows how the hub is reached: ``ask`` is given. Neighbours: :mod:`demo.check` (HTTP), :mod:`demo.oracle`.
"""

import csv
import hashlib
import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from authz.subjects import Subject
from demo.callers import CONSUMER
from demo.city.defects import FLOOR, Finding
from demo.oracle.canonical import City
from demo.oracle.comparison import differences, error_pairs, leaks
from demo.oracle.defects import PROBES
from demo.oracle.evaluate import evaluate
from demo.oracle.facts import Facts
from demo.oracle.policy import Caller
from demo.oracle.probes import Case, Probe
from demo.oracle.raw import RawRow
from demo.questions import Question

Body = Mapping[str, Any]
Ask = Callable[[Subject, str, Mapping[str, Any]], Body]
"""Ask as a subject: document and variables to the response's body."""
Sources = Callable[[Subject, str, Mapping[str, Any]], str]
"""The sources that the plan of an operation goes to, with the statements for each."""

MOST_PROBLEMS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One check: what it was about, who asked, how long that took, and every ``problem`` found."""

    name: str
    role: str
    seconds: float
    detail: str
    problems: tuple[str, ...]

    @property
    def line(self) -> str:
        """The check in a line, problems below it."""
        verdict = "FAIL" if self.problems else "PASS"
        shown = [f"    {problem}" for problem in self.problems[:MOST_PROBLEMS]]
        if len(self.problems) > MOST_PROBLEMS:
            shown.append(f"    and {len(self.problems) - MOST_PROBLEMS} more")
        head = f"{verdict}  {self.name:<30} {self.role:<18} {self.seconds * 1000:>6.0f} ms  {self.detail}"
        return "\n".join([head, *shown])


def check_questions(questions: Iterable[Question], ask: Ask, sources: Sources, city: City) -> Iterator[Outcome]:
    """Every ask of every question: data and errors as the oracle has them, codes as the question says, no leak."""
    for question in questions:
        for asked in question.asks:
            subject = asked.subject
            began = time.perf_counter()
            body = ask(subject, question.document, asked.variables)
            seconds = time.perf_counter() - began
            answer = evaluate(city, oracle_caller(subject), question.document, asked.variables)
            codes = {code for code, _ in error_pairs(body)}
            problems = [*differences(answer, body)]
            problems += (f"leaked: a value of {len(value)} characters" for value in leaks(answer, body))
            if codes != asked.codes:
                problems.append(f"error codes: {sorted(asked.codes)} stated, {sorted(codes)} given")
            refused = "BAD_INPUT" in codes
            asked_of = "-" if refused else sources(subject, question.document, asked.variables)
            yield Outcome(
                name=question.name, role=asked.caller.key, seconds=seconds, detail=asked_of, problems=tuple(problems)
            )


def check_defects(ask: Ask, facts: Facts, ledger: Iterable[Finding]) -> Iterator[Outcome]:
    """For each defect up to 30 rows that carry it, as somebody who may see the fields."""
    by_code: dict[str, list[Finding]] = {}
    for finding in ledger:
        by_code.setdefault(finding.code, []).append(finding)
    for probe in PROBES:
        began = time.perf_counter()
        cases = list(_cases(probe, by_code.get(probe.code, []), ask, facts))
        problems = [f"{case.key}: not {probe.expects}" for case in cases if not _holds(probe, case)]
        if not cases:
            problems.append("the city has no row to show it by")
        elif probe.told is not None and not any(probe.told in case.codes() for case in cases):
            problems.append(f"no row tells {probe.told}")
        yield Outcome(
            name=probe.code,
            role=probe.view.role,
            seconds=time.perf_counter() - began,
            detail=f"{len(cases)} rows: {probe.expects}",
            problems=tuple(problems),
        )


def oracle_caller(subject: Subject) -> Caller:
    """The oracle's view of a subject with one role."""
    (role,) = subject.roles
    return Caller(role=role, attributes=subject.attributes, purpose=subject.purpose)


def read_ledger(file: Path) -> list[Finding]:
    """The ledger of defects as the generator wrote it."""
    with file.open(encoding="utf-8", newline="") as opened:
        return [
            Finding(row["code"], row["source"], row["table"], row["key"], row["column"])
            for row in csv.DictReader(opened)
        ]


def _cases(probe: Probe, findings: Iterable[Finding], ask: Ask, facts: Facts) -> Iterator[Case]:
    """The first rows that can be shown, with their nodes."""
    wanted: list[tuple[Finding, Any]] = []
    for finding in findings:
        keys = probe.keys(facts, facts.row(finding.table, finding.key), finding.key)
        wanted += [(finding, int(key) if probe.view.number else str(key)) for key in keys[: FLOOR - len(wanted)]]
    rows = {key: facts.row(finding.table, finding.key) for finding, key in wanted}
    nodes = _nodes(probe, rows, ask, facts)
    for finding, key in wanted:
        raw = facts.row(finding.table, finding.key)
        yield Case(facts=facts, raw=raw, column=finding.column, key=key, node=nodes.get(key))


def _nodes(probe: Probe, rows: Mapping[Any, RawRow], ask: Ask, facts: Facts) -> dict[Any, Any]:
    """Nodes by key of the view, for the keys of ``rows``."""
    view = probe.view
    if view.asks_as is not None:
        return {key: _record(probe, key, view.asks_as(facts, raw), ask) for key, raw in rows.items()}
    body = ask(_subject(probe, view.attributes), view.document, {"keys": sorted(rows)})
    found = (body.get("data") or {}).get(view.root)
    if found is None or "errors" in body:
        raise ValueError(f"{probe.code}: the view cannot be asked: {json.dumps(body, ensure_ascii=False)[:500]}")
    return {node[view.key]: node for node in found["nodes"]}


def _record(probe: Probe, key: Any, attributes: Mapping[str, str], ask: Ask) -> Any:
    """One record, as somebody with ``attributes`` sees it."""
    view = probe.view
    body = ask(_subject(probe, attributes), view.document, {"key": key})
    if body.get("data") is None:
        raise ValueError(f"{view.root} cannot be asked for: {json.dumps(body, ensure_ascii=False)[:500]}")
    return body["data"][view.root]


def _subject(probe: Probe, attributes: Mapping[str, str]) -> Subject:
    """Who asks: one for each probe and set of attributes, for quotas count by subject; the name tells no ID number."""
    digest = hashlib.sha256(json.dumps([probe.code, dict(attributes)]).encode()).hexdigest()[:12]
    return Subject(
        id=f"demo-check-{digest}", roles=frozenset({probe.view.role}), consumer=CONSUMER, attributes=attributes
    )


def _holds(probe: Probe, case: Case) -> bool:
    """Whether the expectation holds; a node of another shape does not meet it."""
    try:
        return probe.holds(case)
    except (KeyError, TypeError, AttributeError):
        return False
