"""The key of a cached plan (D24): what of the variables a plan depends on, without their values."""

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any

from resolvers.documents import Document

Shape = Any


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


def cost_key(document: Document, variables: Mapping[str, Any]) -> Shape:
    """What, besides `variables_key`, the cost of an operation depends on: page sizes."""
    return tuple(variables.get(name) for name in sorted(document.pages))
