"""An answer of the hub against the one it must give: where they differ, and what leaked."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from demo.oracle.evaluate import Answer

SHORTEST_SECRET = 6
"""Texts below this length turn up by chance, and are not searched for."""
_ABSENT = "<absent>"


def differences(answer: Answer, body: Mapping[str, Any]) -> Iterator[str]:
    """One line per place where ``body`` (a GraphQL response) is not ``answer``; none when they agree."""
    yield from _differences(answer.data, body.get("data"), "data")
    given = error_pairs(body)
    for code, coordinate in sorted(answer.errors - given, key=str):
        yield f"errors: {code} for {coordinate} is missing"
    for code, coordinate in sorted(given - answer.errors, key=str):
        yield f"errors: {code} for {coordinate} is not expected"


def error_pairs(body: Mapping[str, Any]) -> set[tuple[str, str | None]]:
    """(code, coordinate) of every error of a response."""
    extensions = (error["extensions"] for error in body.get("errors", ()))
    return {(each["code"], each.get("coordinate")) for each in extensions}


def leaks(answer: Answer, text: str) -> list[str]:
    """How many characters of what the caller must not see stand in the response's text, as a line per value.

    What stands in the right answer anyway, as a part of a longer text that may be seen, says nothing.
    """
    right = json.dumps(answer.data, ensure_ascii=False, default=lambda _opaque: "")
    secrets = (value for value in answer.hidden_values if len(value) >= SHORTEST_SECRET and value not in right)
    found = sorted(value for value in secrets if value in text)
    return [f"leaked: a value of {len(value)} characters" for value in found]


def _differences(expected: Any, given: Any, path: str) -> Iterator[str]:
    if isinstance(expected, dict) and isinstance(given, dict):
        for key in {**expected, **given}:
            yield from _differences(expected.get(key, _ABSENT), given.get(key, _ABSENT), f"{path}.{key}")
    elif isinstance(expected, list) and isinstance(given, list) and len(expected) == len(given):
        for index, (one, other) in enumerate(zip(expected, given, strict=True)):
            yield from _differences(one, other, f"{path}[{index}]")
    elif isinstance(expected, list) and isinstance(given, list):
        yield f"{path}: {len(expected)} items expected, {len(given)} given"
    elif type(expected) is not type(given) and not isinstance(expected, str | int | float | bool | None):
        if expected != given:
            yield f"{path}: {expected!r} expected, {given!r} given"
    elif expected != given or isinstance(expected, bool) is not isinstance(given, bool):
        yield f"{path}: {expected!r} expected, {given!r} given"
