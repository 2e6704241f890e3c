"""Five times what the hub can do: ``python -m tests.load.overload [--seconds 60]`` (``make load``).

Finds the peak (answers a second with 16 connections that never rest), then sends five times as much at a steady rate.
Prints goodput as a share of the peak, how fast the rest was refused, and how long a health check waited meanwhile.
Exit status 1 when the goodput is below 0.8 of the peak or a health check waited longer than 250 ms.
"""

import argparse
import multiprocessing
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

from tests.load.client import Seen, drive, processor_seconds, question, served, waits

TIMES = 5
LEAST_GOODPUT = 0.8
LONGEST_WAIT = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """``peak``: answers a second; ``seen``: under overload; ``waits``: of health checks, in seconds. ``shares``: of a
    processor that the server got, at the peak and under overload: on a busy machine they differ.
    """

    peak: float
    seen: Seen
    waits: list[float]
    shares: tuple[float, float]

    @property
    def goodput(self) -> float:
        """As a share of the peak."""
        return self.seen.rate(200) / self.peak

    def lines(self) -> list[str]:
        seen = self.seen
        asked = {status: len(latencies) for status, latencies in sorted(seen.latencies.items())}
        return [
            f"peak                 {self.peak:8.0f} answers/s",
            f"asked                {sum(asked.values()) / seen.seconds:8.0f} requests/s for {seen.seconds:.0f} s, "
            f"by status {asked}, {seen.unsent} not sent, {seen.broken} connections broken",
            f"goodput              {seen.rate(200):8.0f} answers/s, {self.goodput:.2f} of the peak",
            *(
                f"{status} after            {seen.percentile(status, 0.5) * 1e3:8.1f} ms (median), "
                f"{seen.percentile(status, 0.99) * 1e3:.1f} ms (99 %), "
                f"{seen.percentile(status, 1) * 1e3:.1f} ms (worst)"
                for status in asked
            ),
            f"processor            {self.shares[0]:8.2f} of one at the peak, {self.shares[1]:.2f} under overload",
            f"a health check waits {max(self.waits) * 1e3:8.1f} ms (worst of {len(self.waits)})",
        ]


def overload(seconds: float, peak_seconds: float = 3.0, connections: int = 1_000) -> Result:
    """Measure a server of our own."""
    with served() as (process, port):
        drive(port, question(), connections=16, seconds=0.5)
        before = processor_seconds(process)
        peak = drive(port, question(), connections=16, seconds=peak_seconds)
        between = processor_seconds(process)
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as others:
            health = others.submit(waits, port, seconds)
            seen = drive(port, question(), connections=connections, seconds=seconds, rate=TIMES * peak.rate(200))
            after = processor_seconds(process)
            return Result(
                peak=peak.rate(200),
                seen=seen,
                waits=health.result(),
                shares=((between - before) / peak.seconds, (after - between) / seen.seconds),
            )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60.0)
    result = overload(parser.parse_args().seconds)
    print("\n".join(result.lines()))
    return 0 if result.goodput >= LEAST_GOODPUT and max(result.waits) <= LONGEST_WAIT else 1


if __name__ == "__main__":
    sys.exit(main())
