"""A circuit breaker for connecting to one source: a source that is down costs its callers nothing.

After five failed connects in a row (one, if the source rejects the credentials) it opens for 5 s, twice as long after
each failed probe, at most 60 s; then one caller may try. Neighbour: :mod:`connectors.sql.pool`.
"""

from collections.abc import Callable
from dataclasses import dataclass

FAILURES = 5
FIRST_PAUSE = 5.0
LONGEST_PAUSE = 60.0


@dataclass(slots=True)
class Breaker:
    """``clock`` gives seconds; the event loop's. ``openings``: how often it has opened; a failed probe is none."""

    clock: Callable[[], float]
    failures: int = 0
    pause: float = 0.0
    openings: int = 0
    _closed_from: float = 0.0
    _probing: bool = False

    @property
    def is_open(self) -> bool:
        """Whether the source is held to be down."""
        return self.pause > 0

    def admits(self) -> bool:
        """Whether the caller may try to connect now; it then owes ``succeeded``, ``failed`` or ``abandoned``."""
        if not self.pause:
            return True
        if self._probing or self.clock() < self._closed_from:
            return False
        self._probing = True
        return True

    def succeeded(self) -> None:
        """The source answered."""
        self.failures, self.pause, self._probing = 0, 0.0, False

    def failed(self, *, at_once: bool = False) -> None:
        """The source did not answer; ``at_once``: do not ask again before a pause."""
        self.failures += 1
        if self.pause and not self._probing:  # was under way when the breaker opened
            return
        self._probing = False
        if self.pause or at_once or self.failures >= FAILURES:
            self.openings += not self.pause
            self.pause = min(LONGEST_PAUSE, self.pause * 2 or FIRST_PAUSE)
            self._closed_from = self.clock() + self.pause

    def abandoned(self) -> None:
        """The caller gave up before the source could answer."""
        self._probing = False
