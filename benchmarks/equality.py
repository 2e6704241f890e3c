"""Compares two answers as Python values and says where they differ.

Shapes: an answer is what JSON gives (dict, list, str, int, float, bool, None). A connection ``{"nodes": [...]}`` counts
as its list, so servers with and without connections are comparable.
"""

from collections.abc import Iterator
from itertools import islice
from typing import Any


def differences(expected: Any, actual: Any, *, most: int = 3) -> tuple[str, ...]:
    """Where ``actual`` departs from ``expected``, as ``path: reason``; at most ``most``, empty when they are equal.

    Types count: ``1``, ``1.0`` and ``True`` differ. The order of a list counts, that of an object's keys does not.
    """
    return tuple(islice(_walk("result", _plain(expected), _plain(actual)), most))


def _plain(value: Any) -> Any:
    return value["nodes"] if isinstance(value, dict) and list(value) == ["nodes"] else value


def _walk(path: str, expected: Any, actual: Any) -> Iterator[str]:
    if type(expected) is not type(actual):
        yield f"{path}: expected {type(expected).__name__}, got {type(actual).__name__}"
    elif isinstance(expected, dict):
        for key in expected.keys() | actual.keys():
            if key not in actual:
                yield f"{path}.{key}: missing"
            elif key not in expected:
                yield f"{path}.{key}: unexpected"
            else:
                yield from _walk(f"{path}.{key}", _plain(expected[key]), _plain(actual[key]))
    elif isinstance(expected, list):
        if len(expected) != len(actual):
            yield f"{path}: expected {len(expected)} items, got {len(actual)}"
        for index, (left, right) in enumerate(zip(expected, actual, strict=False)):
            yield from _walk(f"{path}[{index}]", _plain(left), _plain(right))
    elif expected != actual:
        yield f"{path}: expected {expected!r}, got {actual!r}"
