"""What the figures are held against: the targets of the hub, and what its peers are known to cost.

The known figures were measured on another machine of two cores with PostgreSQL 15, by other programs of the same kind.
A peer that is far from them is either written badly here or runs on a machine of another speed; that both ways of
writing and the machine move all of them together tells which. Pure.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.measures import Spread, cpu_ratio, rate_ratio, summarise
from benchmarks.results import Results

HUB, NAIVE, FLOOR, POSTGRAPHILE, MERCURIUS = "hutong", "naive", "floor", "postgraphile", "mercurius"
TOLERANCE = 0.25
"""How far from the known figures a peer may be and still count as the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The hub must answer at least ``factor`` times the requests per second of ``against``."""

    question: str
    against: str
    factor: float


def _targets(against: str, factors: dict[str, float]) -> tuple[Target, ...]:
    return tuple(Target(question=name, against=against, factor=factor) for name, factor in factors.items())


TARGETS = (
    *_targets(NAIVE, {"Q1": 10, "Q2": 10, "Q3": 10, "Q4": 10, "Q5": 8}),
    *_targets(POSTGRAPHILE, {"Q1": 2, "Q2": 2, "Q3": 2, "Q5": 2}),
    *_targets(MERCURIUS, {"Q1": 1, "Q2": 1, "Q3": 1, "Q4": 1, "Q5": 0.7}),
    *_targets(FLOOR, {"Q1": 0.5, "Q2": 0.5, "Q3": 0.5, "Q4": 0.5, "Q5": 0.5}),
)

KNOWN = {
    (FLOOR, "Q1"): (0.21, 0.21),
    (FLOOR, "Q2"): (0.56, 0.59),
    (FLOOR, "Q3"): (0.48, 0.48),
    (FLOOR, "Q5"): (0.16, 0.20),
    (POSTGRAPHILE, "Q1"): (1.09, 1.14),
    (POSTGRAPHILE, "Q2"): (9.4, 10.5),
    (POSTGRAPHILE, "Q3"): (8.5, 10.8),
    (POSTGRAPHILE, "Q5"): (0.60, 0.60),
    (MERCURIUS, "Q1"): (0.40, 0.49),
    (MERCURIUS, "Q2"): (2.83, 3.72),
    (MERCURIUS, "Q3"): (5.2, 10.0),
    (MERCURIUS, "Q4"): (3.6, 3.8),
    (MERCURIUS, "Q5"): (0.12, 0.31),
}
"""Server CPU ms per request, least and greatest median of the known runs, by contestant and question."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A peer's server CPU ms per request beside the ``known`` range; ``off``: how far outside it, as a share."""

    contestant: str
    question: str
    known: tuple[float, float]
    measured: float

    @property
    def off(self) -> float:
        """0 inside the range, 0.1 for a tenth above its greatest, -0.1 for a tenth below its least."""
        least, greatest = self.known
        if self.measured > greatest:
            return self.measured / greatest - 1
        return min(0.0, self.measured / least - 1)

    @property
    def agrees(self) -> bool:
        """Whether it is as near as `TOLERANCE`."""
        return abs(self.off) <= TOLERANCE


def verdicts(results: Results) -> tuple[Verdict, ...]:
    """Every target whose two sides were measured."""
    found = []
    for target in TARGETS:
        ours, theirs = results.windows(HUB, target.question), results.windows(target.against, target.question)
        if ours and theirs:
            found.append(Verdict(target=target, rate=rate_ratio(ours, theirs), cpu=cpu_ratio(ours, theirs)))
    return tuple(found)


def comparisons(results: Results) -> tuple[Comparison, ...]:
    """Every known figure that was measured here too."""
    return tuple(
        Comparison(contestant=contestant, question=question, known=known, measured=summarise(windows).server_cpu.median)
        for (contestant, question), known in KNOWN.items()
        if (windows := results.windows(contestant, question))
    )


def questions_of(results: Results, contestants: Sequence[str]) -> tuple[str, ...]:
    """The questions that any of ``contestants`` was asked, in order."""
    return tuple(name for name in results.titles if any(results.windows(who, name) for who in contestants))
