"""``python -m benchmarks.profile Q2``: one question many times in process, under the standard profiler.

Calls the hub's ``execute`` directly, without HTTP and JSON, as the caller who sees everything (``--scoped``: as the
other one), after a few calls that warm the caches. Shows CPU per call and the functions that cost most.
"""

import argparse
import asyncio
import cProfile
import os
import pstats
import sys
import time

from benchmarks.__main__ import STATE
from benchmarks.database import ensure_databases
from benchmarks.dataset import FULL_MEMBERS
from benchmarks.hub_entry import CALLERS, hub_environment
from benchmarks.postgresql import Cluster, running_cluster
from benchmarks.questions import QUESTIONS, Dialect, Question, timed_variables
from benchmarks.reference import reference
from hutong.composition import build_hub
from hutong.settings import load_settings
from resolvers.operation import OperationRequest

_WARM_UP_CALLS = 20


def main() -> int:
    """Profile one question; the process's exit status."""
    options = _options()
    question = next(question for question in QUESTIONS if question.name == options.question)
    with running_cluster(STATE / "postgresql") as cluster:
        cpu, profile = asyncio.run(_profiled(cluster, question, options))
    print(f"{question.name} {question.title}: {1_000 * cpu / options.times:.3f} CPU ms a call without the profiler\n")
    pstats.Stats(profile, stream=sys.stdout).strip_dirs().sort_stats(options.sort).print_stats(options.lines)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.profile", description="Where the hub's time goes.")
    parser.add_argument("question", choices=[question.name for question in QUESTIONS])
    parser.add_argument("--times", type=int, default=200, help="calls (default 200)")
    parser.add_argument("--rows", type=int, default=FULL_MEMBERS, help=f"Party members (default {FULL_MEMBERS})")
    parser.add_argument("--scoped", action="store_true", help="ask as the caller with row scope and masks")
    parser.add_argument("--sort", default="tottime", choices=["tottime", "cumtime", "ncalls"])
    parser.add_argument("--lines", type=int, default=30, help="functions shown (default 30)")
    return parser.parse_args()


async def _profiled(
    cluster: Cluster, question: Question, options: argparse.Namespace
) -> tuple[float, cProfile.Profile]:
    """CPU seconds of ``options.times`` calls, and the profile of as many again."""
    url_a, url_b = await ensure_databases(cluster, options.rows)
    async with reference(url_a, url_b) as answers:
        county = await answers.county()
    os.environ.update(hub_environment(url_a, url_b, STATE))
    hub = build_hub(load_settings())
    subject = CALLERS["hutong_scoped" if options.scoped else "hutong"]
    [variables] = timed_variables(question, county, 1)

    async def ask(times: int) -> None:
        for _ in range(times):
            deadline = asyncio.get_running_loop().time() + 10
            request = OperationRequest(document=question.documents[Dialect.HUB], variables=variables, deadline=deadline)
            result = await hub.engine.execute(subject, request)
            if result.errors:
                raise RuntimeError(f"the hub answered with errors: {result.errors[:2]}")

    async with hub.running():
        await ask(_WARM_UP_CALLS)
        before = time.process_time()
        await ask(options.times)
        cpu = time.process_time() - before
        profile = cProfile.Profile()
        profile.enable()
        await ask(options.times)
        profile.disable()
    return cpu, profile


if __name__ == "__main__":
    sys.exit(main())
