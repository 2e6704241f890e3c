"""How each server is asked the five questions, and how its answers are read.

Neighbours: :mod:`benchmarks.questions` has the documents, :mod:`benchmarks.reference` the right answers,
:mod:`benchmarks.rounds` measures.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import orjson

from benchmarks.contestants import Contestant, Exchange, http_request
from benchmarks.equality import differences
from benchmarks.questions import Dialect, Question, Variables
from benchmarks.reference import Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One question with concrete variables and the right answers, by whether the caller is row-scoped."""

    question: Question
    variables: Variables
    answers: Mapping[bool, Answer]
    timed: bool


def floor_contestant(name: str, cases: Sequence[Case]) -> Contestant:
    """Asks the hand-written endpoints of the server ``name``."""

    def request(case: Case) -> bytes:
        size = case.question.size
        path = {"Q3": "/organisations", "Q4": "/posts", "Q5": "/member"}.get(case.question.name, f"/members/{size}")
        return http_request("GET", f"{path}?{urlencode(case.variables)}", {})

    return _contestant(name, name, cases, request, orjson.loads, scoped=False)


def graphql_contestant(
    name: str, server: str, dialect: Dialect, cases: Sequence[Case], *, token: str = "", scoped: bool = False
) -> Contestant:
    """Asks a GraphQL endpoint in its schema's words, what it can answer. ``scoped``: the row-scoped caller's answers
    are the right ones.
    """
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})

    def request(case: Case) -> bytes:
        document = case.question.documents[dialect]
        operation = {"query": document, "variables": case.variables, "operationName": case.question.name}
        return http_request("POST", "/graphql", headers, orjson.dumps(operation))

    asked = [case for case in cases if dialect in case.question.documents]
    return _contestant(name, server, asked, request, _graphql_result, scoped=scoped)


def _graphql_result(body: bytes) -> Any:
    """Raises ``ValueError`` when it is no JSON or holds errors."""
    answer = orjson.loads(body)
    if answer.get("errors"):
        raise ValueError(f"errors: {answer['errors'][:2]}")
    return answer["data"]["result"]


def _contestant(
    name: str,
    server: str,
    cases: Sequence[Case],
    request: Callable[[Case], bytes],
    result: Callable[[bytes], Any],
    *,
    scoped: bool,
) -> Contestant:
    checks, timed = [], dict[str, list[Exchange]]()
    for case in cases:
        exchange = _exchange(case, request(case), result, case.answers[scoped])
        checks.append(exchange)
        if case.timed:
            timed.setdefault(case.question.name, []).append(exchange)
    return Contestant(name=name, server=server, checks=checks, timed=timed)


def _exchange(case: Case, request: bytes, result: Callable[[bytes], Any], expected: Answer) -> Exchange:
    def faults(body: bytes) -> Sequence[str]:
        try:
            found = result(body)
        except (ValueError, KeyError, TypeError) as error:
            return (str(error),)
        return differences(expected, found)

    return Exchange(name=f"{case.question.name} {dict(case.variables)}", request=request, faults=faults)
