"""Bounded caches that know how often they were of use."""

from collections.abc import Callable, Sized
from typing import Final, Protocol, TypeVar

from cachetools import LRUCache

FULL: Final = 0.9
"""The share of its budget from which on a cache is choosy."""
REMEMBERED: Final = 10_000
"""Offers that a full cache remembers: about a megabyte."""

K = TypeVar("K")
V = TypeVar("V")


class Counted(Sized, Protocol):
    """What is told of a cache: look-ups that found something or nothing since the start, its size now and at most. Its
    length is the number of entries."""

    hits: int
    misses: int

    @property
    def currsize(self) -> float:
        """What the entries weigh together, in the cache's own unit."""

    @property
    def maxsize(self) -> float:
        """The most they may weigh."""


class WeighedCache(LRUCache[K, V]):
    """Holds entries of ``budget`` in all, each weighed once when it is put; forgets the least recently used one.

    ``find`` is a look-up that counts; ``get`` is none. A cache that is nearly full takes what it is offered at the
    second time only: a flood of entries that are used once does not drive out those that are used.
    """

    def __init__(self, budget: int, weigh: Callable[[V], int]) -> None:
        super().__init__(budget, getsizeof=weigh)
        self.hits = 0
        self.misses = 0
        self._offered: LRUCache[int, None] = LRUCache(REMEMBERED)

    def find(self, key: K) -> V | None:
        """The value, or ``None``."""
        found: V | None = self.get(key)
        if found is None:
            self.misses += 1
        else:
            self.hits += 1
        return found

    def offer(self, key: K, value: V) -> None:
        """Keep the value if there is room, or if it was offered before."""
        if self.currsize >= FULL * self.maxsize:
            digest = hash(key)
            if digest not in self._offered:
                self._offered[digest] = None
                return
            del self._offered[digest]
        self[key] = value
