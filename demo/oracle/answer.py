"""What the oracle says of an operation: the data that must come back, the errors, and what was decided on the way."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from demo.oracle.access import Denial

Errors = set[tuple[str, str | None]]
"""(code, coordinate) of every error; errors that speak of no coordinate have none."""


@dataclass(slots=True, kw_only=True)
class Answer:
    """What must come back, and what was decided on the way.

    ``data`` is ``None`` for an operation that is refused as a whole. ``errors``: (code, coordinate). ``counts``: leaves
    that are clear, masked, denied. ``hidden_values``: texts of what the caller must not see, as far as the operation
    touched it, and that no visible value equals.
    """

    data: dict[str, Any] | None = None
    errors: Errors = field(default_factory=set)
    denied: set[str] = field(default_factory=set)
    masked: set[str] = field(default_factory=set)
    counts: Counter[str] = field(default_factory=Counter)
    hidden_values: set[str] = field(default_factory=set)
    shown_values: set[str] = field(default_factory=set)

    def deny(self, denial: Denial) -> None:
        """Note that something is null because of ``denial``."""
        self.errors.add((denial.code, denial.coordinate))
        self.denied.add(denial.coordinate)
        self.counts["denied"] += 1

    def show(self, value: object) -> None:
        """Note a value that the caller sees."""
        self.shown_values.update(each for each in _each(value) if isinstance(each, str))

    def hide(self, value: object) -> None:
        """Note a value that the caller must not see."""
        self.hidden_values.update(str(each) for each in _each(value) if each is not None and not isinstance(each, bool))


def _each(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]
