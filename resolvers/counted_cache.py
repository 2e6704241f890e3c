"""A bounded cache that knows how often it was of use."""

from typing import Protocol, TypeVar

from cachetools import LRUCache

K = TypeVar("K")
V = TypeVar("V")


class Counted(Protocol):
    """What is told of a cache: look-ups that found something or nothing since the start, entries now and at most."""

    hits: int
    misses: int

    @property
    def currsize(self) -> float:
        """Entries."""

    @property
    def maxsize(self) -> float:
        """The most entries."""


class CountedCache(LRUCache[K, V]):
    """Forgets the least recently used entry beyond ``maxsize``. ``find`` is a look-up that counts; ``get`` is none."""

    def __init__(self, maxsize: int) -> None:
        super().__init__(maxsize)
        self.hits = 0
        self.misses = 0

    def find(self, key: K) -> V | None:
        """The value, or ``None``."""
        found: V | None = self.get(key)
        if found is None:
            self.misses += 1
        else:
            self.hits += 1
        return found
