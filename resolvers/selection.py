"""Stage *select*: selection sets flattened to fields, arguments to value trees.

Fragments are inlined, ``@skip``/``@include`` applied, fields of one response key merged (GraphQL spec 6.3.2).
Leaves of arguments keep where their value comes from, so that plans hold no values (D24).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    ListValueNode,
    NullValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    VariableNode,
    is_abstract_type,
)
from graphql import FieldNode as FieldSyntax
from graphql.language import (
    BooleanValueNode,
    DirectiveNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    SelectionSetNode,
    ValueNode,
)
from graphql.utilities import coerce_input_literal

from resolvers.query_plan import Constant, FromVariable, ListOf, ValueSource


@dataclass(frozen=True, slots=True)
class Leaf:
    """A scalar, enum or list-of-scalars argument value; ``value`` is this request's, for structural use only."""

    source: ValueSource
    value: Any


ArgumentTree = "Leaf | dict[str, ArgumentTree] | list[ArgumentTree] | None"


class Absent:
    """Marks an argument or input field that was not given."""


ABSENT = Absent()


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectedField:
    """One response key of a selection: the field's name, its given arguments, and the syntax nodes merged into it."""

    response_key: str
    name: str
    arguments: Mapping[str, Any]
    nodes: tuple[FieldSyntax, ...]


class Selector:
    """Reads selections of one operation. Holds the document's fragments and the coerced variables."""

    __slots__ = ("_fragments", "_schema", "_variables")

    def __init__(self, document: DocumentNode, variables: Mapping[str, Any], schema: GraphQLSchema) -> None:
        self._schema = schema
        self._fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
        self._variables = variables

    def operation_fields(self, operation: OperationDefinitionNode, root: GraphQLObjectType) -> list[SelectedField]:
        """Root fields in response order."""
        return self._collect([operation.selection_set], root)

    def fields(self, selected: SelectedField, parent: GraphQLObjectType) -> list[SelectedField]:
        """Fields selected below ``selected``, whose runtime type is ``parent``."""
        return self._collect([node.selection_set for node in selected.nodes if node.selection_set], parent)

    def _collect(self, sets: Sequence[SelectionSetNode], parent: GraphQLObjectType) -> list[SelectedField]:
        grouped: dict[str, list[FieldSyntax]] = {}
        seen: set[str] = set()
        for selection_set in sets:
            self._gather(selection_set, parent, grouped, seen)
        return [self._merged(key, nodes, parent) for key, nodes in grouped.items()]

    def _gather(
        self, sets: SelectionSetNode, parent: GraphQLObjectType, grouped: dict[str, list[FieldSyntax]], seen: set[str]
    ) -> None:
        for selection in sets.selections:
            if not self._included(selection.directives):
                continue
            if isinstance(selection, FieldSyntax):
                key = selection.alias.value if selection.alias else selection.name.value
                grouped.setdefault(key, []).append(selection)
            elif isinstance(selection, InlineFragmentNode):
                if self._applies(selection.type_condition, parent):
                    self._gather(selection.selection_set, parent, grouped, seen)
            elif isinstance(selection, FragmentSpreadNode) and selection.name.value not in seen:
                seen.add(selection.name.value)
                fragment = self._fragments[selection.name.value]
                if self._applies(fragment.type_condition, parent):
                    self._gather(fragment.selection_set, parent, grouped, seen)

    def _applies(self, condition: Any, parent: GraphQLObjectType) -> bool:
        if condition is None or condition.name.value == parent.name:
            return True
        named = self._schema.get_type(condition.name.value)
        return is_abstract_type(named) and self._schema.is_sub_type(named, parent)

    def _included(self, directives: Sequence[DirectiveNode] | None) -> bool:
        for directive in directives or ():
            name = directive.name.value
            if name in ("skip", "include"):
                (condition,) = directive.arguments or ()
                if self._truth(condition.value) is (name == "skip"):
                    return False
        return True

    def _truth(self, value: ValueNode) -> bool:
        if isinstance(value, VariableNode):
            return bool(self._variables.get(value.name.value))
        return isinstance(value, BooleanValueNode) and value.value

    def _merged(self, key: str, nodes: list[FieldSyntax], parent: GraphQLObjectType) -> SelectedField:
        first = nodes[0]
        definition = parent.fields.get(first.name.value)
        arguments: dict[str, Any] = {}
        if definition is not None:
            for argument in first.arguments or ():
                kind = definition.args[argument.name.value].type
                tree = read_argument(argument.value, kind, self._variables)
                if tree is not ABSENT:
                    arguments[argument.name.value] = tree
        return SelectedField(response_key=key, name=first.name.value, arguments=arguments, nodes=tuple(nodes))


def read_argument(node: ValueNode, kind: Any, variables: Mapping[str, Any]) -> Any:
    """The argument tree of a value literal of input type ``kind``: dicts for input objects, `Leaf` for scalars and
    lists of scalars, lists for lists of input objects, ``None`` for null, ``ABSENT`` for a variable that was not given.
    """
    if isinstance(kind, GraphQLNonNull):
        kind = kind.of_type
    if isinstance(node, VariableNode):
        name = node.name.value
        return from_value(variables[name], kind, (name,)) if name in variables else ABSENT
    if isinstance(node, NullValueNode):
        return None
    if isinstance(kind, GraphQLList):
        items = node.values if isinstance(node, ListValueNode) else (node,)
        trees = [tree for item in items if (tree := read_argument(item, kind.of_type, variables)) is not ABSENT]
        if _is_object(kind.of_type):
            return trees
        return Leaf(
            ListOf(tuple(tree.source if isinstance(tree, Leaf) else Constant(None) for tree in trees)),
            [tree.value if isinstance(tree, Leaf) else None for tree in trees],
        )
    if isinstance(kind, GraphQLInputObjectType) and isinstance(node, ObjectValueNode):
        read = {f.name.value: read_argument(f.value, kind.fields[f.name.value].type, variables) for f in node.fields}
        return {name: tree for name, tree in read.items() if tree is not ABSENT}
    value = coerce_input_literal(node, kind)
    return Leaf(Constant(value), value)


def from_value(value: Any, kind: Any, path: tuple[str | int, ...]) -> Any:
    """The argument tree of a coerced variable value at ``path``; shapes as `read_argument`."""
    if isinstance(kind, GraphQLNonNull):
        kind = kind.of_type
    if value is None:
        return None
    if isinstance(kind, GraphQLList) and _is_object(kind.of_type):
        return [from_value(item, kind.of_type, (*path, index)) for index, item in enumerate(value)]
    if isinstance(kind, GraphQLInputObjectType):
        keyed = {name: field.out_name or name for name, field in kind.fields.items()}
        return {
            name: from_value(value[out], kind.fields[name].type, (*path, out))
            for name, out in keyed.items()
            if out in value
        }
    return Leaf(FromVariable(path), value)


def _is_object(kind: Any) -> bool:
    while isinstance(kind, GraphQLNonNull | GraphQLList):
        kind = kind.of_type
    return isinstance(kind, GraphQLInputObjectType)
