"""Checks that all contestants answer alike, then measures them in interleaved, rotated rounds.

In each round every question is asked of every contestant, window after window; the order turns by one from round to
round. Ratios are later taken within a round (:mod:`benchmarks.measures`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.contestants import Contestant, Exchange
from benchmarks.load import Job, LoadFailed, LoadProcess, Outcome
from benchmarks.measures import Window, percentile
from benchmarks.process_clock import family_cpu, main_thread_cpu, process_cpu
from benchmarks.server_process import Server

WARM_UP = 0.15
"""Seconds of load before each window that are not counted: caches and the processor wake up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How long and how often to measure."""

    rounds: int
    seconds: float
    connections: int


Round = dict[tuple[str, str], Window]
"""One round's windows by (contestant's name, question's name)."""


class Bench:
    """The running servers, the client, and the database servers behind each server: engine -> its parent process."""

    def __init__(
        self, load: LoadProcess, servers: Sequence[Server], databases: Mapping[str, Mapping[str, int]]
    ) -> None:
        self._load = load
        self._servers = {server.name: server for server in servers}
        self._databases = databases

    def check(self, contestant: Contestant) -> tuple[str, ...]:
        """Where the contestant's answers depart from the right ones, as sentences; everything is asked once."""
        faults: list[str] = []
        for exchange in contestant.checks:
            try:
                bodies = self._run(contestant, [exchange], connections=1, seconds=0).bodies
                faults.extend(f"{exchange.name}: {fault}" for fault in exchange.faults(bodies[0]))
            except LoadFailed as error:
                faults.append(f"{exchange.name}: {error}")
        return tuple(faults)

    def warm_up(self, contestants: Sequence[Contestant], seconds: float) -> None:
        """Some seconds of load on every question of every contestant, not counted: compilers compile what is hot.

        Raises `LoadFailed`.
        """
        for contestant in contestants:
            for exchanges in contestant.timed.values():
                self._run(contestant, exchanges, connections=2, seconds=seconds)

    def measure_round(self, contestants: Sequence[Contestant], turn: int, plan: Plan) -> Iterator[tuple[str, Round]]:
        """The windows of round ``turn``, question by question as they are done.

        Raises `LoadFailed` when a response under load is not the right one.
        """
        shift = turn % len(contestants)
        turned = (*contestants[shift:], *contestants[:shift])
        for question in dict.fromkeys(question for contestant in contestants for question in contestant.timed):
            asked = [contestant for contestant in turned if question in contestant.timed]
            yield question, {(each.name, question): self._window(each, question, plan) for each in asked}

    def _window(self, contestant: Contestant, question: str, plan: Plan) -> Window:
        exchanges = contestant.timed[question]
        self._run(contestant, exchanges, connections=2, seconds=WARM_UP)
        before = self._clocks(contestant)
        outcome = self._run(contestant, exchanges, connections=plan.connections, seconds=plan.seconds)
        after = self._clocks(contestant)
        for index, body in outcome.bodies.items():
            for fault in exchanges[index].faults(body):
                raise LoadFailed(f"{contestant.name} under load, {exchanges[index].name}: {fault}")
        latencies = sorted(outcome.latencies)
        return Window(
            requests=len(latencies),
            seconds=outcome.seconds,
            p50=percentile(latencies, 0.5) / 1_000,
            p99=percentile(latencies, 0.99) / 1_000,
            server_cpu=after.server - before.server,
            main_cpu=after.main - before.main,
            database_cpu={engine: after.databases[engine] - cpu for engine, cpu in before.databases.items()},
        )

    def _clocks(self, contestant: Contestant) -> "_Clocks":
        pid = self._servers[contestant.server].pid
        families = self._databases[contestant.server]
        return _Clocks(
            server=process_cpu(pid),
            main=main_thread_cpu(pid),
            databases={engine: family_cpu(parent) for engine, parent in families.items()},
        )

    def _run(
        self, contestant: Contestant, exchanges: Sequence[Exchange], *, connections: int, seconds: float
    ) -> Outcome:
        requests = [exchange.request for exchange in exchanges]
        port = self._servers[contestant.server].port
        return self._load.run(Job(port=port, requests=requests, connections=connections, seconds=seconds))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Clocks:
    """CPU seconds used so far: the server, its main thread, each database server."""

    server: float
    main: float
    databases: Mapping[str, float]
