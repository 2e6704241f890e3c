"""A plan as text, for people. Holds no value: neither the caller's nor a row's.

Neighbours: :mod:`resolvers.plan_tree` says what there is to tell, ``hutong plan`` prints this.
"""

from collections.abc import Iterator

from resolvers.fetch_plan import ExecutablePlan
from resolvers.plan_tree import PlanItem, plan_tree
from schema.language import Language

_STEP = "  "


def render_plan(plan: ExecutablePlan, language: Language) -> str:
    """The plan as an indented tree, ending in a newline; why something is denied is told in ``language``."""
    return "".join(f"{line}\n" for item in plan_tree(plan, language) for line in _lines(item))


def _lines(item: PlanItem) -> Iterator[str]:
    yield item.text
    if item.fetch is not None:
        yield from (f"{_STEP}{line}" for line in item.fetch.prepared.statement.splitlines())
    for below in item.below:
        yield from (f"{_STEP}{line}" for line in _lines(below))
