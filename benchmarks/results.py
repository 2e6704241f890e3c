"""What a run found, as one JSON document: everything the report is made of, and nothing that depends on where it lies.

A run that is broken off leaves the rounds it has finished; the next one with the same plan can go on from there.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from benchmarks.measures import Window
from benchmarks.rounds import Plan, Round


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """CPU ms per request that a stage of the hub takes."""

    stage: str
    milliseconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """One run.

    ``machine``: what the figures depend on besides the code. ``members``: size of the first suite's data; ``scale``:
    that of the city. ``titles``: by question. ``left_out``: why a contestant is missing. ``costs``: by question, the
    stages of one request in the hub's process, greatest first.
    """

    plan: Plan
    members: int
    scale: float
    titles: Mapping[str, str]
    machine: Mapping[str, Any] = field(default_factory=dict)
    left_out: Mapping[str, str] = field(default_factory=dict)
    rounds: Sequence[Round] = ()
    costs: Mapping[str, Sequence[Cost]] = field(default_factory=dict)

    @property
    def contestants(self) -> tuple[str, ...]:
        """Everybody who was measured, in the order of the first round."""
        return tuple(dict.fromkeys(name for found in self.rounds for name, _ in found))

    def windows(self, contestant: str, question: str) -> tuple[Window, ...]:
        """One window per round; empty when the contestant was not asked."""
        return tuple(found[contestant, question] for found in self.rounds if (contestant, question) in found)

    def with_round(self, found: Round) -> "Results":
        """One more round."""
        return replace(self, rounds=(*self.rounds, found))

    def continues(self, other: "Results") -> bool:
        """Whether rounds of ``other`` can be counted as this run's."""
        return (self.plan, self.members, self.scale, dict(self.titles), dict(self.machine)) == (
            other.plan,
            other.members,
            other.scale,
            dict(other.titles),
            dict(other.machine),
        )


def save(results: Results, file: Path) -> None:
    """Write ``results``; an older file is replaced as a whole."""
    document = {
        "machine": dict(results.machine),
        "load": {"members": results.members, "scale": results.scale, **asdict(results.plan)},
        "titles": dict(results.titles),
        "left_out": dict(results.left_out),
        "costs": {
            question: {cost.stage: round(cost.milliseconds, 4) for cost in costs}
            for question, costs in results.costs.items()
        },
        "rounds": [
            [
                {"contestant": contestant, "question": question, **_rounded(asdict(window))}
                for (contestant, question), window in found.items()
            ]
            for found in results.rounds
        ],
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(f"{file.name}.new")
    fresh.write_text(_compact(document), encoding="utf-8")
    fresh.replace(file)


def load(file: Path) -> Results:
    """Read what `save` wrote. Raises ``OSError``, ``ValueError`` or ``KeyError`` for a file that is none of it."""
    document = json.loads(file.read_text(encoding="utf-8"))
    given = dict(document["load"])
    members, scale = given.pop("members"), given.pop("scale")
    return Results(
        plan=Plan(**given),
        members=members,
        scale=scale,
        titles=document["titles"],
        machine=document["machine"],
        left_out=document["left_out"],
        rounds=tuple({_key(entry): _window(entry) for entry in found} for found in document["rounds"]),
        costs={
            question: tuple(Cost(stage=stage, milliseconds=value) for stage, value in costs.items())
            for question, costs in document["costs"].items()
        },
    )


def _key(entry: Mapping[str, Any]) -> tuple[str, str]:
    return entry["contestant"], entry["question"]


def _window(entry: Mapping[str, Any]) -> Window:
    return Window(**{name: value for name, value in entry.items() if name not in ("contestant", "question")})


def _rounded(window: dict[str, Any]) -> dict[str, Any]:
    """To what the clocks tell: ticks of 10 ms, latencies in us."""
    cpu = {engine: round(value, 3) for engine, value in window.pop("database_cpu").items()}
    return {name: round(value, 4) for name, value in window.items()} | {"database_cpu": cpu}


def _compact(document: Mapping[str, Any]) -> str:
    """A line per window, so that a new run shows as a readable difference."""
    rounds = document["rounds"]
    head = json.dumps({**document, "rounds": []}, indent=1, ensure_ascii=False)
    lines = ",\n".join(
        "  [\n" + ",\n".join("   " + json.dumps(entry, ensure_ascii=False) for entry in found) + "\n  ]"
        for found in rounds
    )
    return head.replace('"rounds": []', '"rounds": [\n' + lines + "\n ]" if rounds else '"rounds": []') + "\n"
