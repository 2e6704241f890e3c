"""A GraphQL document as plain selections: fragments inlined, conditions applied, arguments as plain values."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql.language import (
    BooleanValueNode,
    EnumValueNode,
    FieldNode,
    FloatValueNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    NullValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    StringValueNode,
    ValueNode,
    VariableNode,
    parse,
)

from demo.oracle.model import ENTITIES

ABSENT = object()
"""An argument whose variable was not given."""


@dataclass(frozen=True, slots=True)
class Selected:
    """One response key. ``arguments`` that were not given are absent; ``inner`` is empty for leaves.

    ``inner`` has the fields of every fragment, which is right wherever all of them apply; `on` has those that apply to
    rows of one of several entities.
    """

    key: str
    name: str
    arguments: Mapping[str, Any]
    inner: tuple["Selected", ...]
    read: Callable[[str], tuple["Selected", ...]] = field(compare=False, repr=False)

    def on(self, entity: str) -> tuple["Selected", ...]:
        """What is selected on a row of ``entity``."""
        return self.read(entity)


def read_operation(document: str, variables: Mapping[str, Any]) -> tuple[Selected, ...]:
    """The root selections of the document's only operation."""
    parsed = parse(document)
    fragments = {node.name.value: node for node in parsed.definitions if isinstance(node, FragmentDefinitionNode)}
    (operation,) = (node for node in parsed.definitions if isinstance(node, OperationDefinitionNode))
    given = dict(variables)
    for definition in operation.variable_definitions or ():
        if definition.default_value is not None:
            given.setdefault(definition.variable.name.value, _value(definition.default_value, {}))
    return _Reader(fragments, given).selections([operation.selection_set], None)


@dataclass(frozen=True, slots=True)
class _Reader:
    fragments: Mapping[str, FragmentDefinitionNode]
    variables: Mapping[str, Any]

    def selections(self, sets: list[SelectionSetNode], on: str | None) -> tuple[Selected, ...]:
        """Selections by response key, in order of first appearance; the same key twice is one, with both insides.

        ``on``: the entity whose fragments count; all do if it is ``None``.
        """
        nodes: dict[str, list[FieldNode]] = {}
        for each in sets:
            for node in self._fields(each, on):
                nodes.setdefault(node.alias.value if node.alias else node.name.value, []).append(node)
        return tuple(self._selected(key, group) for key, group in nodes.items())

    def _selected(self, key: str, group: list[FieldNode]) -> Selected:
        arguments = {a.name.value: _value(a.value, self.variables) for a in group[0].arguments or ()}
        inside = [node.selection_set for node in group if node.selection_set is not None]
        return Selected(
            key=key,
            name=group[0].name.value,
            arguments={name: value for name, value in arguments.items() if value is not ABSENT},
            inner=self.selections(inside, None),
            read=lambda on: self.selections(inside, on),
        )

    def _fields(self, selection_set: SelectionSetNode, on: str | None) -> Iterator[FieldNode]:
        for node in selection_set.selections:
            if not self._included(node):
                continue
            if isinstance(node, FieldNode):
                yield node
            elif isinstance(node, FragmentSpreadNode):
                fragment = self.fragments[node.name.value]
                if _applies(fragment.type_condition.name.value, on):
                    yield from self._fields(fragment.selection_set, on)
            elif isinstance(node, InlineFragmentNode) and (
                node.type_condition is None or _applies(node.type_condition.name.value, on)
            ):
                yield from self._fields(node.selection_set, on)

    def _included(self, node: Any) -> bool:
        for directive in node.directives or ():
            condition = _value(directive.arguments[0].value, self.variables)
            if condition is (directive.name.value == "skip"):
                return False
        return True


def _applies(condition: str, on: str | None) -> bool:
    """Whether a fragment's fields belong to rows of ``on``: those of another entity do not."""
    return on is None or condition == on or condition not in ENTITIES


def _value(node: ValueNode, variables: Mapping[str, Any]) -> Any:
    match node:
        case VariableNode():
            return variables.get(node.name.value, ABSENT)
        case NullValueNode():
            return None
        case IntValueNode():
            return int(node.value)
        case FloatValueNode():
            return float(node.value)
        case StringValueNode() | BooleanValueNode() | EnumValueNode():
            return node.value
        case ListValueNode():
            return [value for item in node.values if (value := _value(item, variables)) is not ABSENT]
        case ObjectValueNode():
            inner = {field.name.value: _value(field.value, variables) for field in node.fields}
            return {name: value for name, value in inner.items() if value is not ABSENT}
        case _:
            raise TypeError(f"a {type(node).__name__} is no value")


def row_selections(selected: Selected) -> list[Selected]:
    """Where a connection's selection shows rows."""
    edges = [inner for one in selected.inner if one.name == "edges" for inner in one.inner if inner.name == "node"]
    return [one for one in selected.inner if one.name == "nodes"] + edges


def order_of(selected: Selected) -> list[Mapping[str, str]]:
    """The terms of ``orderBy``; one alone may stand without a list."""
    given = selected.arguments.get("orderBy") or []
    return [given] if isinstance(given, Mapping) else given
