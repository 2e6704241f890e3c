"""``python -m benchmarks``: data, servers, equality check, rounds, costs, report.

Exit status 0 when everybody who could take part answered as the reference does; 1 otherwise (the others are still
measured). Missed targets are printed, not failed: a shared machine decides too much of them.
"""

import argparse
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from time import monotonic

from benchmarks.city import remove_city
from benchmarks.costs import measure_costs
from benchmarks.dataset import FULL_MEMBERS, LEAST_MEMBERS
from benchmarks.hub_entry import hub_environment, hub_token
from benchmarks.load import LoadFailed, LoadProcess
from benchmarks.machine import machine_facts
from benchmarks.report import DOCS, terminal_report, write_page
from benchmarks.results import Cost, Results, load, save
from benchmarks.rounds import Bench, Plan, Round
from benchmarks.suites import Entered, FiveQuestions, enter_city, enter_five
from hutong.composition import create_app
from hutong.settings import load_settings

ROOT = Path(__file__).resolve().parent.parent
STATE = ROOT / ".cache" / "bench"
UNFINISHED = STATE / "unfinished.json"
_BEGAN = monotonic()


def main() -> int:
    """Run the benchmark; the process's exit status."""
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    options = _options()
    if options.remove:
        remove_city(STATE / "city")
        return 0
    plan = Plan(rounds=options.rounds, seconds=options.seconds, connections=options.connections)
    with ExitStack() as stack:
        entered = Entered()
        five = enter_five(
            stack,
            STATE,
            entered,
            members=options.rows,
            pages=2 if options.quick else 8,
            install=not options.quick,
            say=_say,
        )
        if options.city:
            enter_city(stack, STATE, entered, scale=options.scale, say=_say)
        for reason in (f"SKIPPED: {name}: {reason}" for name, reason in entered.skipped.items()):
            _say(reason)
        bench = Bench(stack.enter_context(LoadProcess()), entered.servers, entered.databases)
        _check(bench, entered, options.only)
        if not entered.contestants:
            return 1
        results = Results(
            plan=plan,
            members=options.rows,
            scale=options.scale,
            titles=entered.titles,
            machine=machine_facts(five.postgresql),
            left_out=entered.skipped | entered.failed,
        )
        try:
            results = _measure(bench, entered, _continued(results, resume=options.resume))
        except LoadFailed as error:
            _say(f"FAILED: {error}")
            return 1
        results = replace(results, costs=_costs(five, quick=options.quick))
    print(terminal_report(results))
    if options.quick or options.only:
        save(results, STATE / "quick.json")
    else:
        save(results, options.docs / "benchmarks.json")
        write_page(results, options.docs)
        _say(f"{options.docs / 'benchmarks.md'} written")
    UNFINISHED.unlink(missing_ok=True)
    return 1 if entered.failed else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description="Load benchmark of the hub and its peers."
    )
    parser.add_argument("--quick", action="store_true", help="small data, one round of 0.5 s windows, 4 connections")
    parser.add_argument("--rows", type=int, help=f"Party members (default {FULL_MEMBERS}, at least {LEAST_MEMBERS})")
    parser.add_argument("--scale", type=float, help="of the demo's city (default 0.02)")
    parser.add_argument(
        "--city",
        action=argparse.BooleanOptionalAction,
        help="ask over the city's sources too (default: not if --quick)",
    )
    parser.add_argument("--rounds", type=int, help="rounds (default 5)")
    parser.add_argument("--seconds", type=float, help="length of a window (default 2)")
    parser.add_argument("--connections", type=int, help="connections of the client (default 8)")
    parser.add_argument("--only", type=lambda text: text.split(","), help="measure these contestants; writes no page")
    parser.add_argument("--resume", action="store_true", help="go on with the rounds of a run that was broken off")
    parser.add_argument("--docs", type=Path, default=DOCS, help="folder for benchmarks.json, the page, its picture")
    parser.add_argument("--remove", action="store_true", help="only remove the city's databases and files")
    options = parser.parse_args()
    quick = options.quick
    options.rows = options.rows or (LEAST_MEMBERS if quick else FULL_MEMBERS)
    options.scale = options.scale or 0.02
    options.city = not quick if options.city is None else options.city
    options.rounds = options.rounds or (1 if quick else 5)
    options.seconds = options.seconds or (0.5 if quick else 2.0)
    options.connections = options.connections or (4 if quick else 8)
    if options.rows < LEAST_MEMBERS:
        parser.error(f"--rows must be at least {LEAST_MEMBERS}")
    return options


def _check(bench: Bench, entered: Entered, only: Sequence[str] | None) -> None:
    """Whoever answers differently from the reference is left out, and the run fails."""
    for contestant in tuple(entered.contestants):
        if only and contestant.name not in only:
            entered.contestants.remove(contestant)
        elif faults := bench.check(contestant):
            entered.failed[contestant.name] = f"{len(faults)} answers differ: " + "; ".join(faults[:3])
            entered.contestants.remove(contestant)
    _say(f"checked: {', '.join(each.name for each in entered.contestants)}")
    for name, reason in entered.failed.items():
        _say(f"LEFT OUT: {name}\n    " + reason.replace("\n", "\n    "))


def _continued(results: Results, *, resume: bool) -> Results:
    """``results`` with the rounds of the run that was broken off, if it had the same plan."""
    if not resume or not UNFINISHED.is_file():
        return results
    earlier = load(UNFINISHED)
    if not results.continues(earlier):
        _say("the run that was broken off had another plan or machine; beginning anew")
        return results
    _say(f"going on after round {len(earlier.rounds)}")
    return replace(results, rounds=earlier.rounds)


def _measure(bench: Bench, entered: Entered, results: Results) -> Results:
    """Every round that is missing; each is kept as soon as it is complete. Raises `LoadFailed`."""
    plan = results.plan
    bench.warm_up(entered.contestants, plan.seconds / 2)
    _say("warm")
    for turn in range(len(results.rounds), plan.rounds):
        found: Round = {}
        for question, windows in bench.measure_round(entered.contestants, turn, plan):
            found |= windows
            rates = ", ".join(f"{name} {window.rate:.0f}/s" for (name, _), window in windows.items())
            _say(f"round {turn + 1}/{plan.rounds}, {question}: {rates}")
        results = results.with_round(found)
        save(results, UNFINISHED)
    return results


def _costs(five: FiveQuestions, *, quick: bool) -> Mapping[str, Sequence[Cost]]:
    """Stage by stage, in this process, over the first suite's databases."""
    os.environ.update(hub_environment(*five.urls, STATE))
    os.environ["HUTONG_STATE_DIR"] = str(STATE / "hub" / "costs")
    first = {case.question.name: case for case in reversed(five.cases) if case.timed}
    asked = [(case.question, case.variables) for _, case in sorted(first.items())]
    return measure_costs(lambda: create_app(load_settings()), asked, hub_token(STATE), times=20 if quick else 200)


def _say(line: str) -> None:
    print(f"{monotonic() - _BEGAN:6.1f} s  {line}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
