"""The example queries fit the schema and the limits that a hub has by default, and every role asks one."""

import pytest
from graphql import get_operation_ast, parse, validate

from demo.callers import CALLERS
from demo.questions import Question, questions
from resolvers.limits import Limits
from resolvers.measure import measure
from tests.properties.generated_city import full_schema

ADMINISTRATORS = {"sys_admin", "security_officer", "auditor", "dept_data_admin"}
QUESTIONS = questions()


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_a_question_is_a_valid_document_within_the_limits(question: Question) -> None:
    document = parse(question.document)
    schema = full_schema().graphql
    assert validate(schema, document) == []
    operation = get_operation_ast(document)
    assert operation is not None
    for ask in question.asks:
        assert measure(document, operation, schema, ask.variables, Limits()).rows <= Limits().rows


def test_every_role_with_business_data_asks_something() -> None:
    asking = {ask.caller.key for question in QUESTIONS for ask in question.asks}
    assert asking == {known.key for known in CALLERS} - ADMINISTRATORS


def test_a_purpose_is_stated_with_the_question() -> None:
    (question,) = (question for question in QUESTIONS if question.name == "q12_cadre_assessment")
    assert [ask.subject.purpose for ask in question.asks] == ["cadre_management", None, "cadre_management"]
