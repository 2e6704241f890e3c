"""Whether this replica takes work: set by :mod:`hutong.serving` at shutdown, read by health checks and headers."""

from dataclasses import dataclass


@dataclass(slots=True, kw_only=True)
class Lifecycle:
    """The mutable fact about a running replica. ``draining``: it serves what comes, and sends clients elsewhere."""

    draining: bool = False
