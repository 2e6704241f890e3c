"""Plans in the cache, and the key of one (D24): what of the variables a plan depends on, without their values."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from resolvers.documents import Document
from resolvers.fetch_plan import ExecutablePlan
from resolvers.plan_weight import plan_weight

Shape = Any
MAX_COSTS: Final = 64
"""Costs that are kept of one plan."""


@dataclass(frozen=True, slots=True)
class CachedPlan:
    """A plan and what its operation costs, by page sizes."""

    plan: ExecutablePlan
    costs: dict[tuple[Any, ...], int]

    def note_cost(self, pages: tuple[Any, ...], cost: int) -> None:
        """Keep a cost; many sizes of page drive the others out."""
        if len(self.costs) >= MAX_COSTS:
            self.costs.clear()
        self.costs[pages] = cost

    @property
    def weight(self) -> int:
        """Estimated bytes."""
        return plan_weight(self.plan)


def shape_of(value: Any) -> Shape:
    """Structure without scalars: null or present, input fields given, list items of input objects. Booleans and enum
    values stay (``isNull: true``, ``DESC``), for they change the plan."""
    if isinstance(value, Mapping):
        return tuple((name, shape_of(inner)) for name, inner in sorted(value.items()))
    if isinstance(value, list):
        return tuple(shape_of(item) for item in value) if any(isinstance(item, Mapping) for item in value) else "list"
    if value is None or isinstance(value, bool | Enum):
        return value
    return "value"


def variables_key(document: Document, variables: Mapping[str, Any], entity_of_id: Callable[[Any], str | None]) -> Shape:
    """What the plan of ``document`` depends on in its coerced ``variables``."""
    return tuple(
        (name, entity_of_id(value) if name in document.ids else shape_of(value))
        for name, value in sorted(variables.items())
    )


def page_sizes(document: Document, variables: Mapping[str, Any]) -> tuple[Any, ...]:
    """What, besides `variables_key`, the cost of an operation depends on."""
    return tuple(variables.get(name) for name in sorted(document.pages))
