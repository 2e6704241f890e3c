"""How large ``where`` and ``orderBy`` are, before a plan is made of them. Neighbour: :mod:`resolvers.measure` asks.

Literals and coerced variables are measured alike, by their structure: only input objects are larger than a value.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from graphql.language import ListValueNode, Node, ObjectValueNode, VariableNode


@dataclass(frozen=True, slots=True)
class ArgumentSize:
    """``conditions``: comparisons, order terms, and operands of ``and``, ``or`` that hold none; ``levels``: of input
    objects, one in the other."""

    conditions: int
    levels: int


class ArgumentSizes:
    """Sizes of the arguments of one operation; a variable is measured once however often it is used."""

    def __init__(self, variables: Mapping[str, Any]) -> None:
        self._variables = variables
        self._of_variable: dict[str, ArgumentSize | None] = {}

    def of(self, node: Node) -> ArgumentSize | None:
        """The size of an argument's value; ``None`` for scalars and lists of them."""
        if isinstance(node, ObjectValueNode):
            return _of_object(self.of(field.value) for field in node.fields)
        if isinstance(node, ListValueNode):
            return _of_list(self.of(item) for item in node.values)
        if isinstance(node, VariableNode):
            name = node.name.value
            if name not in self._of_variable:
                self._of_variable[name] = _of_value(self._variables.get(name))
            return self._of_variable[name]
        return None


def _of_value(value: Any) -> ArgumentSize | None:
    if isinstance(value, Mapping):
        return _of_object(map(_of_value, value.values()))
    if isinstance(value, list):
        return _of_list(map(_of_value, value))
    return None


def _of_object(members: Iterable[ArgumentSize | None]) -> ArgumentSize:
    conditions, levels = 0, 0
    for member in members:
        conditions += member.conditions or 1 if member is not None else 1
        if member is not None and member.levels > levels:
            levels = member.levels
    return ArgumentSize(conditions, levels + 1)


def _of_list(items: Iterable[ArgumentSize | None]) -> ArgumentSize | None:
    sizes = [item for item in items if item is not None]
    if not sizes:
        return None
    return ArgumentSize(sum(size.conditions or 1 for size in sizes), max(size.levels for size in sizes))
