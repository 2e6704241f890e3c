"""A replica's life: it starts or is refused, takes work, drains.

Neighbours: :mod:`hutong.composition` starts it, :mod:`hutong.serving` drains it, health checks and headers tell.
"""

from dataclasses import dataclass

from schema.message import ToldError


class StartRefused(ToldError):
    """The hub cannot start with these settings; the message says what is missing and where, never a secret."""


@dataclass(slots=True, kw_only=True)
class Lifecycle:
    """The mutable fact about a running replica. ``draining``: it serves what comes, and sends clients elsewhere."""

    draining: bool = False
