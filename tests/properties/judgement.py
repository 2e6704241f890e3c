"""Holds one answer of the hub against the oracle's, and looks for values that must not be anywhere in it.

Neighbours: :mod:`demo.oracle` says what must come back; :mod:`tests.properties.test_confidentiality` asks.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from authz.subjects import Subject
from demo.oracle import comparison
from demo.oracle.canonical import City
from demo.oracle.evaluate import Answer, evaluate
from demo.oracle.opaque import Opaque
from demo.oracle.policy import Caller
from resolvers.operation import OperationResult
from tests.properties.operations import Operation

_SLOT = re.compile(r"\$\d+")
"""A parameter of a statement: the number is a position, not a value."""


class Oracle:
    """Answers over the raw city, for one caller. Learns what opaque texts stand for from answers that were held against
    its own: one row has one id and one pseudonym, and no other row has them.
    """

    def __init__(self, city: City, subject: Subject) -> None:
        (role,) = subject.roles
        self._city = city
        self._caller = Caller(role=role, attributes=subject.attributes, purpose=subject.purpose)
        self._opened: dict[str, Opaque] = {}
        self._text_of: dict[tuple[str, str, Any], str] = {}

    def answer(self, document: str, variables: Mapping[str, Any]) -> Answer:
        """What must come back."""
        return evaluate(self._city, self._caller, document, variables, self._opened)

    def learn(self, expected: Any, actual: Any) -> list[str]:
        """Pair opaque texts of an answer with what they stand for; says which of them mean two things."""
        found: list[str] = []
        match expected:
            case dict():
                for key, value in expected.items():
                    found += self.learn(value, actual[key])
            case list():
                for one, other in zip(expected, actual, strict=True):
                    found += self.learn(one, other)
            case Opaque():
                known = self._opened.setdefault(actual, expected)
                if known.meaning != expected.meaning:
                    found.append(f"{known} and {expected} of other rows are the same text {actual}")
                if expected.kind != "cursor" and self._text_of.setdefault(expected.meaning, actual) != actual:
                    found.append(f"{expected} changed its text between answers")
        return found


def differences(result: OperationResult, expected: Answer) -> list[str]:
    """How the hub's answer differs from the oracle's; empty when it does not."""
    found = [*_diff(expected.data, result.data, "data")]
    errors = {(e["extensions"]["code"], e["extensions"].get("coordinate")) for e in result.errors}
    found += [f"missing error {error}" for error in sorted(map(str, expected.errors - errors))]
    found += [f"unexpected error {error}" for error in sorted(map(str, errors - expected.errors))]
    masked = result.extensions.get("masked", [])
    if masked != sorted(expected.masked):
        found.append(f"extensions.masked is {masked}, expected {sorted(expected.masked)}")
    return found


def _diff(expected: Any, actual: Any, path: str) -> Iterator[str]:
    if isinstance(expected, dict) and isinstance(actual, dict) and list(expected) == list(actual):
        for key in expected:
            yield from _diff(expected[key], actual[key], f"{path}.{key}")
    elif isinstance(expected, list) and isinstance(actual, list) and len(expected) == len(actual):
        for index, (one, other) in enumerate(zip(expected, actual, strict=True)):
            yield from _diff(one, other, f"{path}.{index}")
    elif type(expected) is bool or type(actual) is bool:
        if expected is not actual:
            yield f"{path}: expected {expected!r}, got {actual!r}"
    elif expected != actual:
        yield f"{path}: expected {expected!r}, got {actual!r}"


def leaks(result: OperationResult, statements: Iterable[str], expected: Answer) -> list[str]:
    """Hidden values in the response outside its data, or in the statements that were sent for it."""
    body = {"data": result.data, "errors": result.errors, "extensions": dict(result.extensions)}
    found = comparison.leaks(expected, body, (_SLOT.sub("", statement) for statement in statements))
    return [f"{value!r} leaks" for value in found]


def told(differing: Sequence[str], operation: Operation, caller: Subject, result: OperationResult) -> str:
    """A failure, with what is needed to see it again."""
    shown = [*differing[:6], *(f"error: {error['message']}" for error in result.errors[:3])]
    asked = (operation.document, f"variables: {json.dumps(operation.variables)}", f"caller: {caller!r}")
    return "\n  ".join(("", *shown, *asked))
