"""An answer of the hub against the one it must give: where they differ, and what leaked."""

import base64
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from demo.oracle.evaluate import Answer

SURE = 8
"""A text of this length does not stand in a ciphertext by chance."""
_RULE_PLACE = re.compile(r"[\w./-]+\.yaml:\d+")
"""Where a rule stands: the number is a line, not a value."""
_SEALED = re.compile(r'"([A-Za-z0-9_-]{43,})"')
"""Node ids and cursors."""
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


def leaks(answer: Answer, body: Mapping[str, Any], statements: Iterable[str] = ()) -> list[str]:
    """What the caller must not see and stands in a response outside its data, or in ``statements``.

    Outside the data: in the errors, in the extensions, in the bytes of ids and cursors. Inside the data `differences`
    is exact: what must not be there is not, though the same text may stand elsewhere as somebody's visible value.
    """
    errors = [_without_positions(error) for error in body.get("errors", ())]
    text = _RULE_PLACE.sub("", json.dumps([errors, body.get("extensions")], ensure_ascii=False))
    texts = [text, *statements]
    sealed = b" ".join(map(_unsealed, _SEALED.findall(json.dumps(body.get("data")))))
    return [
        value
        for value in sorted(answer.hidden_values)
        if any(_stands_in(value, text) for text in texts) or (len(value) >= SURE and value.encode() in sealed)
    ]


def _unsealed(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _without_positions(error: Mapping[str, Any]) -> dict[str, Any]:
    """The error; of its path only the response keys, for positions in lists are numbers of the answer itself."""
    return {**error, "path": [key for key in error.get("path", ()) if isinstance(key, str)]}


def _stands_in(value: str, text: str) -> bool:
    """Whether ``value`` is a word of ``text``, or any part of it where it is no ASCII word."""
    if value not in text:
        return False
    if not re.fullmatch(r"[0-9A-Za-z]+", value):
        return True
    return re.search(rf"(?<![0-9A-Za-z]){value}(?![0-9A-Za-z])", text) is not None


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
