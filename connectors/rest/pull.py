"""What a manifest says under ``pull``: how one collection of a REST service is copied into one table of its mirror.

Neighbours: :mod:`connectors.manifest_pulls` reads it; :mod:`connectors.rest.client` asks by it,
:mod:`connectors.rest.mirror` stores by it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from connectors.codecs.dates import BEIJING

Steps = tuple[str, ...]
"""Where something is in a JSON answer: the names of members from the outside in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The time of change by which rows are asked for: two query parameters in ``format``, Beijing time.

    ``column``: the member of a row that holds its own time of change; ``None``: rows do not tell, the last one read
    wins. ``start``: no row is older. ``overlap``: how far each window reaches back behind the one before, for rows
    that the service shows late.
    """

    begin: str
    end: str
    format: str
    start: datetime
    overlap: timedelta
    column: str | None = None

    def spelt(self, moment: datetime) -> str:
        """A time as the service writes it."""
        return moment.astimezone(BEIJING).strftime(self.format)

    def moment(self, text: object) -> datetime | None:
        """The time that the service wrote, or ``None`` for what is none."""
        try:
            found = datetime.strptime(str(text), self.format)
        except ValueError:
            return None
        return found if found.tzinfo is not None else found.replace(tzinfo=BEIJING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paging:
    """The query parameters for the number of a page, from 1, and its size; ``rows``: how many are asked for."""

    number: str
    size: str
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pull:
    """One collection. ``rows`` and ``total`` are where an answer has them; it is good only if every member of ``ok``
    has, as text, the value stated. ``rate``: requests a second. ``every``: seconds from one pull to the next.

    Of the mirror's ``table``: ``key`` is unique, ``columns`` are what the bindings read (the key is among them),
    ``protected`` those of them that are encrypted, ``indexed`` those by which rows are looked up.
    """

    path: str
    table: str
    key: str
    rows: Steps
    total: Steps | None
    ok: Mapping[Steps, str]
    window: Window
    page: Paging
    rate: int
    every: int
    columns: tuple[str, ...]
    protected: frozenset[str] = frozenset()
    indexed: tuple[str, ...] = ()
