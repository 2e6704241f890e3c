"""Checks that all contestants answer alike, then measures them in interleaved, rotated rounds.

In each round every question is asked of every contestant, window after window; the order turns by one from round to
round. Ratios are later taken within a round (:mod:`benchmarks.measures`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.contestants import Contestant
from benchmarks.equality import differences
from benchmarks.load import Job, LoadFailed, LoadProcess, Outcome
from benchmarks.measures import Window
from benchmarks.process_clock import family_cpu, process_cpu
from benchmarks.questions import Question, Variables
from benchmarks.reference import Answer
from benchmarks.server_process import Server

WARM_UP = 0.15
"""Seconds of load before each window that are not counted: caches and the processor wake up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One question with concrete variables and the right answers, by whether the caller is row-scoped."""

    question: Question
    variables: Variables
    answers: Mapping[bool, Answer]
    timed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How long and how often to measure."""

    rounds: int
    seconds: float
    connections: int


Windows = dict[tuple[str, str], list[Window]]
"""Windows in round order by (contestant's name, question's name)."""


class Bench:
    """The running servers, the client, and what they are asked."""

    def __init__(self, load: LoadProcess, servers: Sequence[Server], postmaster: int, cases: Sequence[Case]) -> None:
        self._load = load
        self._servers = {server.name: server for server in servers}
        self._postmaster = postmaster
        self._cases = cases

    def check(self, contestant: Contestant) -> tuple[str, ...]:
        """Where the contestant's answers depart from the right ones, as sentences; every case is asked once."""
        faults: list[str] = []
        for case in self._cases:
            try:
                bodies = self._run(contestant, [case], connections=1, seconds=0).bodies
                faults.extend(_faults(contestant, case, bodies[0]))
            except LoadFailed as error:
                faults.append(f"{case.question.name} {dict(case.variables)}: {error}")
        return tuple(faults)

    def measure(self, contestants: Sequence[Contestant], plan: Plan, progress: Callable[[str], None]) -> Windows:
        """All rounds. Raises `LoadFailed` when a response under load is not the right one."""
        names = list(dict.fromkeys(case.question.name for case in self._cases))
        windows: Windows = {(contestant.name, name): [] for contestant in contestants for name in names}
        for turn in range(plan.rounds):
            shift = turn % len(contestants)
            for name in names:
                progress(f"round {turn + 1}/{plan.rounds}, {name}")
                for contestant in (*contestants[shift:], *contestants[:shift]):
                    windows[contestant.name, name].append(self._window(contestant, name, plan))
        return windows

    def _window(self, contestant: Contestant, question: str, plan: Plan) -> Window:
        cases = [case for case in self._cases if case.timed and case.question.name == question]
        server = self._servers[contestant.server]
        self._run(contestant, cases, connections=2, seconds=WARM_UP)
        before = process_cpu(server.pid), family_cpu(self._postmaster)
        outcome = self._run(contestant, cases, connections=plan.connections, seconds=plan.seconds)
        after = process_cpu(server.pid), family_cpu(self._postmaster)
        for index, body in outcome.bodies.items():
            for fault in _faults(contestant, cases[index], body):
                raise LoadFailed(f"{contestant.name} under load: {fault}")
        return Window(
            requests=len(outcome.latencies),
            seconds=outcome.seconds,
            latencies=outcome.latencies,
            server_cpu=after[0] - before[0],
            database_cpu=after[1] - before[1],
        )

    def _run(self, contestant: Contestant, cases: Sequence[Case], *, connections: int, seconds: float) -> Outcome:
        requests = [contestant.request(case.question, case.variables) for case in cases]
        port = self._servers[contestant.server].port
        return self._load.run(Job(port=port, requests=requests, connections=connections, seconds=seconds))


def _faults(contestant: Contestant, case: Case, body: bytes) -> list[str]:
    name = f"{case.question.name} {dict(case.variables)}"
    try:
        result = contestant.result(body)
    except (ValueError, KeyError, TypeError) as error:
        return [f"{name}: {error}"]
    return [f"{name}: {difference}" for difference in differences(case.answers[contestant.scoped], result)]
