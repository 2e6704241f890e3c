"""Where errors stand: response positions of a plan's paths, found in the finished data.

A plan's path holds response keys only; lists are entered on the way. Shaping writes nulls, this module says why.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from resolvers.fetch_plan import Path

Position = tuple[str | int, ...]


def null_positions(data: Any, path: Path) -> Iterator[Position]:
    """Every position of ``path`` in ``data`` whose value is null, in response order."""
    yield from _walk(data, path, ())


def response_order(data: Any, position: Sequence[str | int]) -> tuple[int, ...]:
    """Sorts positions in ``data`` as they stand in the response."""
    order: list[int] = []
    for step in position:
        if isinstance(step, str):
            order.append(list(data).index(step))
        else:
            order.append(step)
        data = data[step]
    return tuple(order)


def _walk(value: Any, path: Path, here: Position) -> Iterator[Position]:
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _walk(item, path, (*here, index))
    elif value is None:
        if not path:
            yield here
    elif path and isinstance(value, dict) and path[0] in value:
        yield from _walk(value[path[0]], path[1:], (*here, path[0]))
