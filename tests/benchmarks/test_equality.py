from typing import Any

import pytest

from benchmarks.equality import differences

ROW = {"memberNo": 100001, "name": "张明", "mobile": None}


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        pytest.param([ROW], [dict(reversed(ROW.items()))], id="key order does not count"),
        pytest.param([ROW], {"nodes": [ROW]}, id="a connection counts as its list"),
        pytest.param([{"members": [ROW]}], {"nodes": [{"members": {"nodes": [ROW]}}]}, id="nested connection"),
        pytest.param(None, None, id="nothing found"),
        pytest.param([], {"nodes": []}, id="empty page"),
    ],
)
def test_equal_answers_have_no_differences(expected: Any, actual: Any) -> None:
    assert differences(expected, actual) == ()


@pytest.mark.parametrize(
    ("expected", "actual", "found"),
    [
        pytest.param({"a": 1}, {"a": 2}, "result.a: expected 1, got 2", id="value"),
        pytest.param({"a": 1}, {"a": 1.0}, "result.a: expected int, got float", id="int is not float"),
        pytest.param({"a": 1}, {"a": True}, "result.a: expected int, got bool", id="int is not bool"),
        pytest.param({"a": None}, {"a": ""}, "result.a: expected NoneType, got str", id="null is not empty"),
        pytest.param({"a": 1}, {}, "result.a: missing", id="missing key"),
        pytest.param({}, {"a": None}, "result.a: unexpected", id="extra key, even null"),
        pytest.param([1, 2], [2, 1], "result[0]: expected 1, got 2", id="list order counts"),
        pytest.param([1], [1, 2], "result: expected 1 items, got 2", id="longer list"),
        pytest.param([ROW], None, "result: expected list, got NoneType", id="null instead of a page"),
        pytest.param(
            [{"members": [ROW]}],
            {"nodes": [{"members": {"nodes": []}}]},
            "result[0].members: expected 1 items, got 0",
            id="nested page",
        ),
    ],
)
def test_a_difference_is_told_with_its_path(expected: Any, actual: Any, found: str) -> None:
    assert differences(expected, actual)[0] == found


def test_an_object_that_has_more_than_nodes_is_no_list() -> None:
    assert differences([ROW], {"nodes": [ROW], "totalCount": 1}) == ("result: expected list, got dict",)


def test_only_the_first_differences_are_told() -> None:
    assert len(differences(list(range(100)), list(range(1, 101)), most=2)) == 2
