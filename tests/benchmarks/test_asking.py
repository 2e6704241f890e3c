"""Requests are whole HTTP messages, and an answer is judged by the reference."""

import json

import pytest

from benchmarks.asking import Case, floor_contestant, graphql_contestant
from benchmarks.city_questions import OPERATIONS, city_questions
from benchmarks.questions import QUESTIONS, Dialect

Q1, Q4 = QUESTIONS[0], QUESTIONS[3]
CASES = [
    Case(question=Q1, variables={"start": 7}, answers={False: [{"name": "a"}], True: []}, timed=True),
    Case(question=Q1, variables={"start": 1}, answers={False: [], True: []}, timed=False),
    Case(question=Q4, variables={"start": 7}, answers={False: [], True: []}, timed=True),
]


def test_what_is_not_timed_is_checked() -> None:
    contestant = floor_contestant("floor", CASES)

    assert len(contestant.checks) == 3
    assert {question: len(asked) for question, asked in contestant.timed.items()} == {"Q1": 1, "Q4": 1}


def test_a_question_without_words_is_not_asked() -> None:
    contestant = graphql_contestant("postgraphile", "postgraphile", Dialect.POSTGRAPHILE, CASES)

    assert list(contestant.timed) == ["Q1"]


def test_a_request_is_a_whole_http_message() -> None:
    contestant = graphql_contestant("hutong", "hutong", Dialect.HUB, CASES, token="t.o.k")
    head, _, body = contestant.checks[0].request.partition(b"\r\n\r\n")

    assert head.startswith(b"POST /graphql HTTP/1.1\r\n")
    assert b"Authorization: Bearer t.o.k" in head
    assert b"Content-Length: %d" % len(body) in head
    assert json.loads(body)["variables"] == {"start": 7}


@pytest.mark.parametrize(
    ("scoped", "body", "right"),
    [
        pytest.param(False, {"data": {"result": {"nodes": [{"name": "a"}]}}}, True, id="right"),
        pytest.param(False, {"data": {"result": {"nodes": [{"name": "b"}]}}}, False, id="wrong value"),
        pytest.param(False, {"data": {"result": {"nodes": []}}, "errors": [{"message": "no"}]}, False, id="errors"),
        pytest.param(False, {"data": None}, False, id="nothing"),
        pytest.param(True, {"data": {"result": {"nodes": []}}}, True, id="the scoped caller gets less"),
        pytest.param(
            True, {"data": {"result": {"nodes": [{"name": "a"}]}}}, False, id="the scoped caller gets too much"
        ),
    ],
)
def test_an_answer_is_judged_by_the_reference(scoped: bool, body: object, right: bool) -> None:
    contestant = graphql_contestant("hutong", "hutong", Dialect.HUB, CASES, scoped=scoped)

    assert (not contestant.checks[0].faults(json.dumps(body).encode())) is right


def test_what_is_no_json_is_wrong() -> None:
    assert floor_contestant("floor", CASES).checks[0].faults(b"<html>")


def test_two_hundred_operations_are_two_hundred_different_documents() -> None:
    rotating = city_questions()[-1]
    bodies = {document.partition("{")[2] for document in rotating.documents}

    assert len(rotating.documents) == OPERATIONS
    assert len(bodies) > 0.95 * OPERATIONS
