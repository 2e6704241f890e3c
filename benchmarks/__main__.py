"""``python -m benchmarks``: data, servers, equality check, rounds, report.

Exit status 0 when every server took part and answered as the tables say; 1 otherwise (the others are still measured).
Missed targets are printed, not failed: a shared machine decides too much of them.
"""

import argparse
import asyncio
import json
import signal
import sys
from contextlib import ExitStack
from pathlib import Path
from time import monotonic

from benchmarks.contestants import Contestant, FloorContestant, GraphQLContestant, Program
from benchmarks.database import ensure_databases
from benchmarks.dataset import FULL_MEMBERS, LEAST_MEMBERS
from benchmarks.hub_entry import hub_contestants, hub_program
from benchmarks.load import LoadFailed, LoadProcess
from benchmarks.postgresql import Cluster, running_cluster
from benchmarks.questions import QUESTIONS, boundary_variables, timed_variables
from benchmarks.reference import reference
from benchmarks.report import document, table, target_table, verdicts
from benchmarks.rounds import Bench, Case, Plan
from benchmarks.server_process import Server, ServerFailed, launched
from benchmarks.server_settings import environment

ROOT = Path(__file__).resolve().parent.parent
STATE = ROOT / ".cache" / "bench"
RESULTS = Path(__file__).resolve().parent / "results" / "latest.json"


def main() -> int:
    """Run the benchmark; the process's exit status."""
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    options = _options()
    plan = Plan(rounds=options.rounds, seconds=options.seconds, connections=options.connections)
    pages = 2 if options.quick else 8
    began = monotonic()
    with ExitStack() as stack:
        cluster = stack.enter_context(running_cluster(STATE / "postgresql"))
        url_a, url_b, cases, postgresql = asyncio.run(_prepare(cluster, options.rows, pages))
        _say(f"data: {options.rows} members, PostgreSQL {postgresql} ({monotonic() - began:.1f} s)")
        servers, left_out = _start_servers(stack, url_a, url_b)
        contestants = [each for each in _contestants() if each.server not in left_out]
        load = stack.enter_context(LoadProcess())
        bench = Bench(load, servers, cluster.postmaster, cases)
        for contestant in tuple(contestants):
            if faults := bench.check(contestant):
                left_out[contestant.name] = f"{len(faults)} answers differ: " + "; ".join(faults[:3])
                contestants.remove(contestant)
        _say(f"checked: {', '.join(each.name for each in contestants)} ({monotonic() - began:.1f} s)")
        for name, reason in left_out.items():
            _say(f"LEFT OUT: {name}\n    " + reason.replace("\n", "\n    "))
        if not contestants:
            return 1
        try:
            windows = bench.measure(contestants, plan, _say)
        except LoadFailed as error:
            _say(f"FAILED: {error}")
            return 1
    print(table(windows, [each.name for each in contestants]))
    print(target_table(verdicts(windows)))
    found = document(windows, plan, options.rows, left_out, postgresql)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n")
    print("\n" + ", ".join(f"{name} {value}" for name, value in found["machine"].items()))
    _say(f"{RESULTS.relative_to(ROOT)} written ({monotonic() - began:.1f} s)")
    return 1 if left_out else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description="Load benchmark of the hub and its peers."
    )
    parser.add_argument("--quick", action="store_true", help="small data, one round of 0.5 s windows, 4 connections")
    parser.add_argument("--rows", type=int, help=f"Party members (default {FULL_MEMBERS}, at least {LEAST_MEMBERS})")
    parser.add_argument("--rounds", type=int, help="rounds (default 5)")
    parser.add_argument("--seconds", type=float, help="length of a window (default 2)")
    parser.add_argument("--connections", type=int, help="connections of the client (default 8)")
    options = parser.parse_args()
    quick = options.quick
    options.rows = options.rows or (LEAST_MEMBERS if quick else FULL_MEMBERS)
    options.rounds = options.rounds or (1 if quick else 5)
    options.seconds = options.seconds or (0.5 if quick else 2.0)
    options.connections = options.connections or (4 if quick else 8)
    if options.rows < LEAST_MEMBERS:
        parser.error(f"--rows must be at least {LEAST_MEMBERS}")
    return options


async def _prepare(cluster: Cluster, members: int, pages: int) -> tuple[str, str, list[Case], str]:
    """Load the data if need be and compute the right answers: URLs of both databases, cases, PostgreSQL's version."""
    url_a, url_b = await ensure_databases(cluster, members)
    async with reference(url_a, url_b) as right:
        county = await right.county()
        cases = []
        for question in QUESTIONS:
            timed = timed_variables(question, county, pages)
            for variables in (*timed, *boundary_variables(question, county)):
                answers = {scoped: await right.answer(question, variables, scoped=scoped) for scoped in (False, True)}
                cases.append(Case(question=question, variables=variables, answers=answers, timed=variables in timed))
        return url_a, url_b, cases, await right.server_version()


def _start_servers(stack: ExitStack, url_a: str, url_b: str) -> tuple[list[Server], dict[str, str]]:
    """Every server that comes up, and why the others did not."""
    shared = environment(url_a, url_b)
    programs = [
        Program(name="floor", factory="benchmarks.floor:create_app", environment=shared),
        Program(name="naive", factory="benchmarks.usual:create_app", environment=shared),
        Program(name="naive_cached", factory="benchmarks.usual:create_cached_app", environment=shared),
        hub_program(url_a, url_b, STATE),
    ]
    servers, left_out = [], {}
    for launch in [stack.enter_context(launched(program, STATE / "logs")) for program in programs]:
        try:
            servers.append(launch.listening())
        except ServerFailed as error:
            left_out[launch.program.name] = f"did not start\n{error}"
    return servers, left_out


def _contestants() -> list[Contestant]:
    return [
        FloorContestant(name="floor", server="floor"),
        GraphQLContestant(name="naive", server="naive", hub=False),
        GraphQLContestant(name="naive_cached", server="naive_cached", hub=False),
        *hub_contestants(STATE),
    ]


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
