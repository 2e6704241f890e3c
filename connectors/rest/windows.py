"""One pull of a REST service into its mirror: window by window, each read until nothing can have been missed.

The service changes while it is paged: a row that is changed leaves the window and the rows behind it move up, one of
them from a page not yet read to one already read. A window is complete when one answer held all of it, when its total
stood still and as many rows came, or when it was read twice with the same rows; else it is read again, then halved.
What is stored twice is stored once. Neighbours: :mod:`connectors.rest.connector` starts pulls,
:mod:`connectors.rest.client` asks, :mod:`connectors.rest.mirror` stores.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from connectors.errors import SourceDrifted, SourceUnavailable
from connectors.rest.client import Answer, RestClient
from connectors.rest.mirror import Mirror
from connectors.rest.pull import Pull
from schema.messages import sources

FIRST_SPAN: Final = timedelta(days=1)
LEAST_SPAN: Final = timedelta(minutes=1)
LONGEST_SPAN: Final = timedelta(days=3_650)
TICK: Final = timedelta(seconds=1)
"""How far the windows of one pull overlap: services differ in whether the ends belong to a window."""
MOST_ROWS: Final = 4_000
"""A window with more rows is halved, so that little is read again after a crash."""
READINGS: Final = 4
"""How often a window is read before it is halved or given up."""
MOST_PAGES: Final = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """One reading of a window.

    ``versions``: the time of change of every row by its key. ``members``: the names any row had. ``totals``: how many
    rows the service said there are, in each of the ``answers``. ``ended``: the pages came to an end of their own, a
    short one or, where the service tells no totals, an empty one.
    """

    versions: Mapping[Any, float | None]
    members: frozenset[str]
    totals: tuple[int, ...]
    answers: int
    ended: bool

    @property
    def is_complete(self) -> bool:
        """One answer held everything, or the total stood still and as many rows came."""
        count = len(self.versions)
        if self.answers == 1:
            return not self.totals or count >= self.totals[0]
        return len(set(self.totals)) == 1 and self.totals[0] == count

    def confirms(self, before: "_Reading") -> bool:
        """The same rows came again, and nothing speaks against their being all."""
        enough = bool(self.totals) and len(self.versions) >= min(self.totals)
        return self.versions == before.versions and (self.ended or enough)


class Puller:
    """Reads one collection. ``fields``: the members its rows have had, each with the JSON type first met."""

    def __init__(self, connector: str, client: RestClient, pull: Pull, mirror: Mirror) -> None:
        self.pull = pull
        self.fields: dict[str, str] = {}
        self._connector, self._client, self._mirror = connector, client, mirror
        self._span = FIRST_SPAN

    async def catch_up(self, end: datetime) -> None:
        """Read everything up to ``end``, from where the mirror stands. Raises a `ConnectorError`.

        What was read before an error stays.
        """
        window = self.pull.window
        begin = min(self._mirror.read_to(self.pull) or window.start, end)
        reach = window.overlap
        while True:
            upto = min(end, begin + self._span)
            count = await self._window(max(window.start, begin - reach), upto, upto - begin > LEAST_SPAN)
            if count is None:
                self._span = max(LEAST_SPAN, (upto - begin) / 2)
                continue
            await self._mirror.advance(self.pull, upto, whole=upto == end)
            if upto == end:
                return
            begin, reach = upto, min(TICK, window.overlap)
            if count < MOST_ROWS / 4:
                self._span = min(LONGEST_SPAN, self._span * 2)

    async def describe(self, begin: datetime, end: datetime) -> None:
        """Learn ``fields`` from one page of rows."""
        self._learn(await self._client.page(self.pull, begin, end, 1))

    async def _window(self, begin: datetime, end: datetime, can_halve: bool) -> int | None:
        """Store the rows of one window; how many, or ``None``: halve it."""
        before: _Reading | None = None
        for _ in range(READINGS):
            reading = await self._read(begin, end, can_halve)
            if reading is None:
                return None
            if reading.is_complete or (before is not None and reading.confirms(before)):
                self._check_columns(reading)
                return len(reading.versions)
            before = reading
        if can_halve:
            return None
        raise SourceUnavailable(self._connector, sources.PAGES_MOVE(connector=self._connector))

    async def _read(self, begin: datetime, end: datetime, can_halve: bool) -> _Reading | None:
        """Page through a window once; ``None``: it is too long to be read at one go."""
        versions: dict[Any, float | None] = {}
        members: set[str] = set()
        totals: list[int] = []
        lengths: list[int] = []
        for number in range(1, MOST_PAGES + 1):
            answer = await self._client.page(self.pull, begin, end, number)
            if answer.total is not None:
                totals.append(answer.total)
                if can_halve and answer.total > MOST_ROWS:
                    return None
            self._learn(answer)
            members.update(*answer.rows)
            known, count = len(versions), len(answer.rows)
            versions |= await self._mirror.store(self.pull, answer.rows)
            repeats = len(versions) == known and count > 0 and count >= max(lengths, default=count + 1)
            if count > 0:
                lengths.append(count)
            if count == 0 or repeats or (count < self.pull.page.rows and len(versions) >= (answer.total or 0)):
                ended = not repeats and (not totals or _is_short(lengths, self.pull.page.rows))
                return _Reading(
                    versions=versions,
                    members=frozenset(members),
                    totals=tuple(totals),
                    answers=number,
                    ended=ended,
                )
        raise SourceDrifted(self._connector, sources.PAGES_WITHOUT_END(connector=self._connector))

    def _learn(self, answer: Answer) -> None:
        for row in answer.rows:
            for name, value in row.items():
                if self.fields.get(name, "null") == "null":
                    self.fields[name] = _kind(value)

    def _check_columns(self, reading: _Reading) -> None:
        """Raises `SourceDrifted` if there are rows and none of them has a column of the manifest."""
        missing = [column for column in self.pull.columns if column not in reading.members]
        if missing and reading.versions:
            what = sources.ROWS_WITHOUT_COLUMNS(columns=", ".join(missing))
            raise SourceDrifted(self._connector, sources.SERVICE_DRIFTED(connector=self._connector, what=what))


def _is_short(lengths: Sequence[int], asked: int) -> bool:
    """Whether the last page with rows was shorter than a full one; the service may have a size of its own."""
    if not lengths:
        return False
    return lengths[-1] < (max(lengths) if len(lengths) > 1 else asked)


def _kind(value: Any) -> str:
    """The JSON type of a value."""
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int() | float():
            return "number"
        case str():
            return "string"
        case list():
            return "array"
        case _:
            return "object"
