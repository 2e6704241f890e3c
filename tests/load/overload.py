"""Five times what the hub can do, for a minute: ``python -m tests.load.overload [--seconds 60]`` (``make load``).

Two servers one after the other: the hub of the demo, asked what a branch secretary's page asks, over the departments'
databases; and the smallest operation there is, out of memory, where refusing weighs most. Each is asked for its peak
(answers a second with 16 connections that never rest) before and after, and in between five times as much at a steady
rate. Prints goodput as a share of the peak, how fast the rest was refused, how long a health check waited meanwhile.
Exit status 1 when a goodput is below 0.8 of the peak or a health check waited longer than 250 ms.
"""

import argparse
import json
import multiprocessing
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from demo.check import SCALE, Demo, graphql_url, remove, wait_until_ready
from demo.examples import EXAMPLES
from tests.load.client import SERVED, Seen, drive, processor_seconds, question, served, waits

TIMES = 5
LEAST_GOODPUT = 0.8
LONGEST_WAIT = 0.25
PEAK_SECONDS = 5.0
STATE = Path(".demo/load")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A running server of our own and the whole request that it is asked."""

    title: str
    process: "subprocess.Popen[str]"
    port: int
    request: bytes


@contextmanager
def smallest() -> Iterator[Target]:
    """The small city in memory."""
    with served() as (process, port):
        yield Target(title="the smallest operation, out of memory", process=process, port=port, request=question())


@contextmanager
def city() -> Iterator[Target]:
    """The demo, and what its branch secretary asks."""
    asked = EXAMPLES[1]
    with Demo(SCALE, STATE) as demo:
        page = demo.welcome()
        wait_until_ready(page)
        token = (STATE / "tokens" / str(asked.role)).read_text(encoding="ascii")
        body = json.dumps({"query": asked.text, "variables": asked.variables})
        port = urlsplit(graphql_url(page)).port
        assert port is not None
        title = f"{asked.title}, of the demo"
        yield Target(title=title, process=demo.process, port=port, request=question(body, token))
    remove(STATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """``peaks``: before and after; ``seen``: under overload; ``waits``: of health checks, in seconds. ``shares``: of a
    processor that the server got, at the first peak and under overload: on a busy machine they differ.
    """

    peaks: tuple[Seen, Seen]
    seen: Seen
    waits: list[float]
    shares: tuple[float, float]

    @property
    def peak(self) -> float:
        """Answers a second."""
        return sum(peak.rate(SERVED) for peak in self.peaks) / len(self.peaks)

    @property
    def goodput(self) -> float:
        """As a share of the peak."""
        return self.seen.rate(SERVED) / self.peak

    @property
    def holds(self) -> bool:
        return self.goodput >= LEAST_GOODPUT and max(self.waits) <= LONGEST_WAIT

    def lines(self) -> list[str]:
        seen = self.seen
        asked = {status: len(latencies) for status, latencies in sorted(seen.latencies.items())}
        before, after = (peak.rate(SERVED) for peak in self.peaks)
        return [
            f"peak                 {self.peak:8.0f} answers/s ({before:.0f} before, {after:.0f} after)",
            f"asked                {sum(asked.values()) / seen.seconds:8.0f} requests/s for {seen.seconds:.0f} s, "
            f"by status {asked}, {seen.unsent} not sent, {seen.broken} connections broken",
            f"goodput              {seen.rate(SERVED):8.0f} answers/s, {self.goodput:.2f} of the peak",
            *(
                f"{status} after".ljust(21) + f"{seen.percentile(status, 0.5) * 1e3:8.1f} ms (median), "
                f"{seen.percentile(status, 0.99) * 1e3:.1f} ms (99 %), "
                f"{seen.percentile(status, 1) * 1e3:.1f} ms (worst)"
                for status in asked
            ),
            f"processor            {self.shares[0]:8.2f} of one at the peak, {self.shares[1]:.2f} under overload",
            f"a health check waits {max(self.waits) * 1e3:8.1f} ms (worst of {len(self.waits)})",
        ]


def overload(target: Target, seconds: float, *, peak_seconds: float = PEAK_SECONDS, connections: int = 1_000) -> Result:
    """Measure one server."""

    def peak(seconds: float) -> Seen:
        return drive(target.port, target.request, connections=16, seconds=seconds)

    peak(0.5)
    began = processor_seconds(target.process)
    before = peak(peak_seconds)
    between = processor_seconds(target.process)
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as others:
        health = others.submit(waits, target.port, seconds)
        rate = TIMES * before.rate(SERVED)
        seen = drive(target.port, target.request, connections=connections, seconds=seconds, rate=rate)
        ended = processor_seconds(target.process)
        waited = health.result()
    return Result(
        peaks=(before, peak(peak_seconds)),
        seen=seen,
        waits=waited,
        shares=((between - began) / before.seconds, (ended - between) / seen.seconds),
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60.0)
    seconds = parser.parse_args().seconds
    results = []
    for target_of in (city, smallest):
        with target_of() as target:
            results.append(overload(target, seconds))
            print("\n".join([target.title, *results[-1].lines(), ""]), flush=True)
    return 0 if all(result.holds for result in results) else 1


if __name__ == "__main__":
    sys.exit(main())
