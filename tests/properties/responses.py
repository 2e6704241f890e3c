"""Walks an answer beside its document: every key that was asked for and no other, each value in its type's form.

Independent of the hub's planner and shaper: it reads the document with graphql-core's syntax nodes and the caller's
schema.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import (
    BooleanValueNode,
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLEnumType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLUnionType,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    parse,
)

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One leaf of an answer: the type and field it belongs to, where it stands, its value."""

    parent: str
    field: str
    path: Path
    value: Any


class Malformed(AssertionError):
    """The answer does not fit its document or the schema."""


def _text(pattern: str) -> Callable[[Any], bool]:
    matches = re.compile(pattern, re.DOTALL).fullmatch
    return lambda value: isinstance(value, str) and matches(value) is not None


def _integer(bits: int) -> Callable[[Any], bool]:
    return lambda value: type(value) is int and abs(value) < 2**bits


FORMS: Mapping[str, Callable[[Any], bool]] = {
    "ID": _text(r".+"),
    "String": _text(r".*"),
    "Int": _integer(31),
    "Float": lambda value: type(value) in (int, float) and abs(value) < float("inf"),
    "Boolean": lambda value: type(value) is bool,
    "Date": _text(r"\d{4}-\d\d-\d\d"),
    "Month": _text(r"\d{4}-\d\d"),
    "DateTime": _text(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?\+08:00"),
    "Fen": _integer(53),
    "Code": _text(r"\S(.*\S)?"),
    "DivCode": _text(r"\d{6}(\d{3}){0,2}"),
    "Uscc": _text(r"[0-9A-Z]{18}"),
    "PersonKey": _text(r"[A-Z2-7]{26}"),
}
"""What a value of each scalar looks like in JSON."""


def visits(schema: GraphQLSchema, document: str, variables: Mapping[str, Any], data: Any) -> Iterator[Visit]:
    """Every leaf of ``data`` in order. Raises `Malformed` where it does not fit."""
    parsed = parse(document)
    (operation,) = (node for node in parsed.definitions if isinstance(node, OperationDefinitionNode))
    assert schema.query_type is not None
    yield from _Walk(schema, parsed, variables).object(schema.query_type, [operation.selection_set], (), data)


class _Walk:
    def __init__(self, schema: GraphQLSchema, document: DocumentNode, variables: Mapping[str, Any]) -> None:
        self._schema = schema
        self._variables = variables
        self._fragments = {n.name.value: n for n in document.definitions if isinstance(n, FragmentDefinitionNode)}

    def object(
        self, parent: GraphQLObjectType, selections: Sequence[SelectionSetNode], path: Path, data: Any
    ) -> Iterator[Visit]:
        expected: dict[str, list[FieldNode]] = {}
        for selection in selections:
            for node in self._fields(parent, selection):
                expected.setdefault(node.alias.value if node.alias else node.name.value, []).append(node)
        if not isinstance(data, dict) or list(data) != list(expected):
            raise Malformed(f"at {path} of {parent.name}: keys {list(expected)} were asked for, the answer is {data!r}")
        for key, nodes in expected.items():
            name = nodes[0].name.value
            inner = [node.selection_set for node in nodes if node.selection_set is not None]
            if name == "__typename":
                if data[key] != parent.name:
                    raise Malformed(f"at {(*path, key)}: {data[key]!r} is not {parent.name}")
                continue
            field = parent.fields[name]
            yield from self._value(field.type, inner, (*path, key), data[key], (parent.name, name))

    def _value(
        self,
        type_: GraphQLOutputType,
        inner: Sequence[SelectionSetNode],
        path: Path,
        value: Any,
        owner: tuple[str, str],
    ) -> Iterator[Visit]:
        if isinstance(type_, GraphQLNonNull):
            if value is None:
                raise Malformed(f"at {path}: {type_} is null")
            type_ = type_.of_type
        if value is None:
            yield Visit(parent=owner[0], field=owner[1], path=path, value=None)
            return
        match type_:
            case GraphQLList():
                if not isinstance(value, list):
                    raise Malformed(f"at {path}: {type_} is {value!r}")
                for index, item in enumerate(value):
                    yield from self._value(type_.of_type, inner, (*path, index), item, owner)
            case GraphQLObjectType():
                yield from self.object(type_, inner, path, value)
            case GraphQLInterfaceType() | GraphQLUnionType():
                yield from self.object(self._concrete(inner, value, path), inner, path, value)
            case GraphQLScalarType() | GraphQLEnumType():
                if not FORMS[type_.name](value):
                    raise Malformed(f"at {path}: {value!r} is no {type_.name}")
                yield Visit(parent=owner[0], field=owner[1], path=path, value=value)
            case _:
                raise Malformed(f"at {path}: {type_} is not expected in this schema")

    def _concrete(self, inner: Sequence[SelectionSetNode], value: Any, path: Path) -> GraphQLObjectType:
        """The type of a node or of a row of several types, by the ``__typename`` that every operation asks for as its
        first field.
        """
        name = next(iter(value.values()), None) if isinstance(value, dict) else None
        found = self._schema.get_type(name) if isinstance(name, str) else None
        if not isinstance(found, GraphQLObjectType):
            raise Malformed(f"at {path}: no type of the schema in {value!r}")
        return found

    def _fields(self, parent: GraphQLObjectType, selection: SelectionSetNode) -> Iterator[FieldNode]:
        for node in selection.selections:
            if not all(self._holds(directive) for directive in node.directives or ()):
                continue
            match node:
                case FieldNode():
                    yield node
                case FragmentSpreadNode():
                    fragment = self._fragments[node.name.value]
                    if self._applies(fragment.type_condition.name.value, parent):
                        yield from self._fields(parent, fragment.selection_set)
                case InlineFragmentNode():
                    if node.type_condition is None or self._applies(node.type_condition.name.value, parent):
                        yield from self._fields(parent, node.selection_set)

    @staticmethod
    def _applies(condition: str, parent: GraphQLObjectType) -> bool:
        return condition == parent.name or any(condition == interface.name for interface in parent.interfaces)

    def _holds(self, directive: DirectiveNode) -> bool:
        (argument,) = directive.arguments or ()
        match argument.value:
            case VariableNode() as variable:
                condition = self._variables[variable.name.value]
            case BooleanValueNode(value=value):
                condition = value
            case other:
                raise TypeError(f"{other} is no condition")
        return bool(condition) is (directive.name.value == "include")
