"""How a source stands, as data: its pool, its breaker, the age of its copy. Read at any time, asks nobody.

Neighbours: connectors that have something to tell are `Stated`; who publishes it is their readers' matter.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolState:
    """Connections: at most ``size``, of which ``in_use`` are lent out; ``waiting`` callers want one."""

    size: int
    in_use: int
    waiting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakerState:
    """``is_open``: nobody but a probe may connect; ``openings``: how often that has begun since the start."""

    is_open: bool
    openings: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyState:
    """A copy of a source. ``as_of``: what it is from, ``None`` before there is a whole one; ``failed_pulls``: how many
    pulls have failed since the start; ``now``: the time by the clock that ``as_of`` goes by.
    """

    as_of: datetime | None
    failed_pulls: int
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """What a connector has of these; ``None`` for what it does not have."""

    pool: PoolState | None = None
    breaker: BreakerState | None = None
    copy: CopyState | None = None


@runtime_checkable
class Stated(Protocol):
    """A connector that tells how it stands."""

    def state(self) -> SourceState:
        """The state now."""
