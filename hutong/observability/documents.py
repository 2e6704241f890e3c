"""Names of documents in metrics, few enough to be kept: the hash of those that come again and again, else ``other``.

A document gets a name of its own when it has come `USES` times and a place is free, or the one that has not come for
longest has not come for `IDLE_SECONDS`. Thousands of documents that come once, whoever sends them, so never push out
the ones that an application sends all day, and never make a series.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from cachetools import LRUCache

OTHER: Final = "other"
INVALID: Final = "invalid"
"""Documents that do not parse or validate."""
USES: Final = 5
IDLE_SECONDS: Final = 900.0
_CANDIDATES: Final = 2_000
_LETTERS: Final = 16


def short_hash(document: str) -> str:
    """The beginning of a document's digest, as logs, metrics and traces show it."""
    return document[:_LETTERS]


class DocumentNames:
    """At most ``places`` names; ``forget(name)`` is told of each one that is given up."""

    def __init__(
        self, places: int, forget: Callable[[str], None], *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._places = places
        self._forget = forget
        self._clock = clock
        self._used: OrderedDict[str, float] = OrderedDict()
        self._uses: LRUCache[str, int] = LRUCache(_CANDIDATES)

    def name_of(self, document: str | None) -> str:
        """The name under which an operation is counted; ``None``: its document is invalid."""
        if document is None:
            return INVALID
        name = short_hash(document)
        if name in self._used:
            self._used[name] = self._clock()
            self._used.move_to_end(name)
            return name
        uses = self._uses[name] = self._uses.get(name, 0) + 1
        if uses < USES or not self._has_place():
            return OTHER
        del self._uses[name]
        self._used[name] = self._clock()
        return name

    def _has_place(self) -> bool:
        if len(self._used) < self._places:
            return True
        oldest = next(iter(self._used), None)
        if oldest is None or self._clock() - self._used[oldest] < IDLE_SECONDS:
            return False
        del self._used[oldest]
        self._forget(oldest)
        return True
