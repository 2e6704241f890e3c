"""Only public codes leave the hub; what else happened is in the log under the id the caller was given."""

import json

import pytest
from structlog.testing import capture_logs

from hutong.error_mapping import PUBLIC_CODES, failed_result, public_result
from resolvers.errors import BadInput, LimitExceeded, OperationError, SourceFailed
from resolvers.operation import OperationResult
from schema.language import Language
from schema.messages import operations, sources

SECRET = "13800001111"


def raised() -> ValueError:
    """An exception as a driver raises it: with data in its text, from another one."""
    try:
        try:
            raise RuntimeError(f"postgresql://hub:{SECRET}@10.0.0.7/s2")
        except RuntimeError as error:
            raise ValueError(f"[parameters: ('{SECRET}',)]") from error
    except ValueError as error:
        return error


def test_an_unexpected_exception_says_nothing_but_an_id() -> None:
    with capture_logs() as logs:
        result = failed_result(raised(), Language.EN)
    (error,) = result.errors
    assert not result.executed
    assert error["extensions"]["code"] == "INTERNAL"
    assert logs[0]["id"] == error["extensions"]["id"]
    assert SECRET not in json.dumps(result.response())


def test_the_log_of_it_has_classes_and_places_and_no_text() -> None:
    with capture_logs() as logs:
        failed_result(raised(), Language.EN)
    (event,) = logs
    assert event["exceptions"] == ["builtins.ValueError", "builtins.RuntimeError"]
    assert "test_error_mapping.py" in event["frames"][0]
    assert event["frames"][0].endswith(" raised")
    assert SECRET not in json.dumps(event)


def test_two_failures_have_two_ids() -> None:
    assert failed_result(raised(), Language.EN).errors != failed_result(raised(), Language.EN).errors


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (BadInput(operations.ONLY_QUERIES()), "BAD_INPUT"),
        (LimitExceeded(operations.ONE_LOOKUP(), limit="rows", maximum=1), "LIMIT_EXCEEDED"),
        (SourceFailed("SOURCE_TIMEOUT", sources.SOURCE_TOO_SLOW(connector="s1"), path=("a", 0)), "SOURCE_TIMEOUT"),
    ],
    ids=["input", "limit", "source"],
)
def test_an_operations_own_error_keeps_its_code(error: OperationError, code: str) -> None:
    with capture_logs() as logs:
        result = failed_result(error, Language.EN)
    assert result.errors == (error.formatted(Language.EN),)
    assert result.errors[0]["extensions"]["code"] == code
    assert logs == []


def test_an_error_without_a_public_code_is_masked_where_it_stands() -> None:
    known = {"message": "kept", "extensions": {"code": "FIELD_DENIED"}}
    odd = {"message": f"driver: {SECRET}", "path": ["a", 0], "extensions": {"code": "ORA-00942"}}
    bare = {"message": SECRET}
    with capture_logs() as logs:
        result = public_result(OperationResult(data={"a": [None]}, errors=(known, odd, bare)), Language.EN)
    assert result.errors[0] == known
    assert [error["extensions"]["code"] for error in result.errors] == ["FIELD_DENIED", "INTERNAL", "INTERNAL"]
    assert result.errors[1]["path"] == ["a", 0]
    assert result.data == {"a": [None]}
    assert SECRET not in json.dumps(result.response()) + json.dumps(logs)


def test_a_result_of_public_errors_is_passed_on_as_it_is() -> None:
    result = OperationResult(data={}, errors=tuple({"message": "", "extensions": {"code": c}} for c in PUBLIC_CODES))
    assert public_result(result, Language.EN) is result


@pytest.mark.parametrize("leaf", OperationError.__subclasses__(), ids=lambda leaf: leaf.__name__)
def test_every_code_of_the_error_tree_is_public(leaf: type[OperationError]) -> None:
    assert leaf.code in PUBLIC_CODES
