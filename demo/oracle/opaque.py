"""What stands in an answer for texts that the hub alone can make."""

from collections.abc import Iterable
from typing import Any


class Opaque:
    """Equal to any text that is not empty. What the text must mean to the hub: it is the ``kind`` (id, cursor or
    personKey) of the row of ``entity`` with ``key``.
    """

    __slots__ = ("entity", "key", "kind")

    def __init__(self, kind: str, entity: str, key: Any) -> None:
        self.kind, self.entity, self.key = kind, entity, key

    def __eq__(self, other: object) -> bool:
        return isinstance(other, str) and other != ""

    __hash__ = object.__hash__

    @property
    def meaning(self) -> tuple[str, str, Any]:
        """What tells it from others."""
        return self.kind, self.entity, self.key

    def __repr__(self) -> str:
        return f"<{self.kind} of {self.entity}>"


class Codes:
    """Quality codes: equal to a list of the same codes in any order, each once. That a source is STALE is for the hub
    alone to know, as its age is; of other sources than ``sources`` it may say nothing.
    """

    __slots__ = ("codes", "stale")

    def __init__(self, codes: Iterable[str], sources: Iterable[str]) -> None:
        self.codes = frozenset(codes)
        self.stale = frozenset(f"STALE({source})" for source in sources)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, list) and len(set(other)) == len(other) and frozenset(other) - self.stale == self.codes

    __hash__ = object.__hash__

    def __repr__(self) -> str:
        return f"{sorted(self.codes)} in any order"


class _AnyTime:
    """Equal to any text that is not empty, and to null."""

    def __eq__(self, other: object) -> bool:
        return other is None or (isinstance(other, str) and other != "")

    __hash__ = object.__hash__


ANY_TIME = _AnyTime()
