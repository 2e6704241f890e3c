"""Plans as trees: what each leaf's decision is, and which statement each source's item holds."""

from collections.abc import Iterator

import pytest

from resolvers.operation import OperationRequest
from resolvers.plan_tree import ItemKind, PlanItem, Seen, plan_tree
from schema.language import Language
from tests.resolvers.mini_city import MiniCity
from tests.resolvers.test_render import CASES, case

BEGINNINGS = {Seen.CLEAR: "clear", Seen.MASKED: "masked in every row", Seen.DENIED: "null, "}


def everything(items: tuple[PlanItem, ...]) -> Iterator[PlanItem]:
    for item in items:
        yield item
        yield from everything(item.below)


@pytest.fixture(scope="module")
def items() -> list[PlanItem]:
    """Every item of the plan cases."""
    city = MiniCity()
    found: list[PlanItem] = []
    for folder in CASES:
        document, who, variables = case(folder)
        request = OperationRequest(document=document, deadline=0.0, variables=variables)
        found += everything(plan_tree(city.engine.plan(who, request), Language.EN))
    return found


@pytest.mark.parametrize("seen", BEGINNINGS)
def test_a_decision_is_the_one_that_its_text_tells(items: list[PlanItem], seen: Seen) -> None:
    decided = [item.text.partition(": ")[2] for item in items if item.decided is seen]
    assert decided
    assert [text for text in decided if not text.startswith(BEGINNINGS[seen])] == []


def test_what_depends_on_the_row_says_in_which(items: list[PlanItem]) -> None:
    decided = [item.text for item in items if item.decided is Seen.BY_ROW]
    assert decided
    assert [text for text in decided if " in " not in text] == []


def test_decisions_have_a_place_and_a_coordinate(items: list[PlanItem]) -> None:
    decisions = [item for item in items if item.kind is ItemKind.DECISION]
    assert [item.text for item in decisions if not item.path or item.text.partition(":")[0] != item.path[-1]] == []
    assert [item.text for item in decisions if item.coordinate is None] == []


def test_statements_and_only_they_hold_a_fetch(items: list[PlanItem]) -> None:
    assert {item.kind for item in items if item.fetch is not None} == {ItemKind.STATEMENT}
    assert all(item.fetch is not None for item in items if item.kind is ItemKind.STATEMENT)
    assert [item.text for item in items if item.fetch and item.text != f"{item.fetch.connector}:"] == []
