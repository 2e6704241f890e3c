"""How many operations run at once, how many may wait for that, and for how long; the rest is refused at once.

Neighbours: :mod:`hutong.graphql_endpoint` looks at the door before it reads a body and takes a place before it
executes. Health checks never pass here.

The number of places follows two signs that more is under way than can be served in time. A turn of the event loop
longer than `TURN_SECONDS`: the processor is behind. Even the quickest of the last `SAMPLE` operations took longer than
`QUICK_SECONDS`: all of them stand in a line somewhere, for the sources' connections. At either sign the number falls by
a tenth; without, it rises by one while every place is taken (additive increase, multiplicative decrease, as TCP does).
One slow source among others gives neither sign, so those who wait for it take no places from the others.
"""

import asyncio
import math
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Final

from resolvers.errors import Overloaded
from schema.message import Unusable
from schema.messages import hub_settings

TURN_SECONDS: Final = 0.008
"""A turn of the event loop that is longer than this means that the processor is behind."""
QUICK_SECONDS: Final = 0.1
"""The quickest of some operations takes less than this while sources are not behind."""
SAMPLE: Final = 16
"""Operations answered whole of which the quickest is looked at."""
FEWEST_PLACES: Final = 16
"""A handful of clients with large questions is no overload: what they ask is served, one after the other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AdmissionLimits:
    """What a replica takes on at once. Raises ``ValueError`` for numbers that admit nothing."""

    in_flight: int = 256
    """Operations under way at once, at most; fewer while the processor is behind."""
    waiting: int = 128
    """Operations that wait for a place, at most, and no more than ended lately in the time that one may wait; those
    beyond are refused with 503 before their body is read."""
    wait_milliseconds: int = 100
    """How long an operation waits for a place before it is refused with 503."""

    def __post_init__(self) -> None:
        if self.in_flight < 1 or self.waiting < 0 or self.wait_milliseconds < 0:
            raise Unusable(hub_settings.ADMISSION_BOUNDS())


@dataclass(eq=False, slots=True, kw_only=True)
class _Waiter:
    """One in the line, ``since`` when; out of the line once its ``place`` is taken or refused."""

    place: "asyncio.Future[None]"
    since: float


class Admission:
    """Places for operations, as a context: ``async with admission: ...``. Use within one event loop."""

    def __init__(
        self, limits: AdmissionLimits, *, connections: int = 0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """``connections``: of all sources together; there are never fewer places for a line before the sources.
        ``clock``: seconds, never going back.
        """
        self._most = limits.in_flight
        self._fewest = min(FEWEST_PLACES, limits.in_flight)
        self._fewest_waiting = min(max(FEWEST_PLACES, connections), limits.in_flight)
        self._longest_line = limits.waiting
        self._wait_seconds = limits.wait_milliseconds / 1000
        self._line: deque[_Waiter] = deque()
        self._clock = clock
        self._timer: asyncio.TimerHandle | None = None
        self._measuring = False
        self._arriving = 0
        self._ending = self._ended = 0
        self._ended_at = clock()
        self._sampled = 0
        self._quickest = math.inf
        self._sources_behind = False
        self.places = limits.in_flight
        self.in_flight = 0

    @property
    def full(self) -> bool:
        """Whether whoever comes now is refused: every place is taken, and the line is as long as it may be."""
        return self._room <= self._arriving

    @property
    def _room(self) -> int:
        """Free places and free room in the line. The line is no longer than what ended in the last whole period of
        waiting: whoever stood behind that would only wait in vain.
        """
        line = min(self._longest_line, max(FEWEST_PLACES, self._ended))
        return self.places - self.in_flight + line - len(self._line)

    def arrive(self) -> bool:
        """Whether whoever comes now may come in. Those who may count from now on, though they take their places or
        join the line only in the event loop's next turn, when many have arrived in this one.
        """
        if self.full:
            return False
        if not self._arriving:
            loop = asyncio.get_running_loop()
            loop.call_soon(loop.call_soon, self._arrived)
        self._arriving += 1
        return True

    def _arrived(self) -> None:
        self._arriving = 0

    @property
    def waiting(self) -> int:
        """Operations in the line."""
        return len(self._line)

    def look(self) -> None:
        """Before anything is read of a request: raises `Overloaded` when there is neither a place nor room to wait."""
        if self._room <= 0:
            raise Overloaded()

    async def __aenter__(self) -> None:
        """Take a place. Raises `Overloaded` when none came free in time."""
        self._measure()
        if self.in_flight < self.places and not self._line:
            self.in_flight += 1
            return
        if len(self._line) >= self._longest_line:
            raise Overloaded()
        waiter = _Waiter(place=asyncio.get_running_loop().create_future(), since=self._clock())
        self._line.append(waiter)
        if self._timer is None:
            self._wake(self._wait_seconds)
        try:
            await waiter.place
        except asyncio.CancelledError:
            if waiter in self._line:
                self._line.remove(waiter)
            elif not waiter.place.cancelled() and waiter.place.exception() is None:
                self._leave()
            raise

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        """Give the place to the next in the line."""
        self._leave()

    def answered(self, seconds: float) -> None:
        """An operation has been answered whole, in ``seconds`` since it took its place. Failures say nothing here: a
        source that is down fails many, and slowly.
        """
        self._quickest = min(self._quickest, seconds)
        self._sampled += 1
        if self._sampled == SAMPLE:
            self._sources_behind = self._quickest > QUICK_SECONDS
            self._sampled, self._quickest = 0, math.inf
            if self._sources_behind:
                self._fall(self._fewest_waiting)

    def _fall(self, fewest: int) -> None:
        self.places = max(fewest, min(self.places, self.in_flight + 1) * 9 // 10)

    def _leave(self) -> None:
        self.in_flight -= 1
        now = self._clock()
        if now - self._ended_at >= self._wait_seconds > 0:
            self._ended = round(self._ending * self._wait_seconds / (now - self._ended_at))
            self._ending, self._ended_at = 0, now
        self._ending += 1
        self._seat()

    def _seat(self) -> None:
        while self._line and self.in_flight < self.places:
            place = self._line.popleft().place
            if not place.done():
                self.in_flight += 1
                place.set_result(None)

    def _wake(self, seconds: float) -> None:
        self._timer = asyncio.get_running_loop().call_later(seconds, self._refuse_late)

    def _refuse_late(self) -> None:
        """Refuse those who have waited too long, and look again when the next one will have."""
        self._timer = None
        oldest = self._clock() - self._wait_seconds
        while self._line and self._line[0].since <= oldest:
            place = self._line.popleft().place
            if not place.done():
                place.set_exception(Overloaded())
        if self._line:
            self._wake(self._line[0].since - oldest)

    def _measure(self) -> None:
        """Time one turn of the event loop; one measurement at a time."""
        if not self._measuring:
            self._measuring = True
            asyncio.get_running_loop().call_soon(self._measured, time.thread_time())

    def _measured(self, began: float) -> None:
        self._measuring = False
        if time.thread_time() - began > TURN_SECONDS:
            self._fall(self._fewest)
        elif not self._sources_behind and self.in_flight >= self.places and self.places < self._most:
            self.places += 1
            self._seat()
