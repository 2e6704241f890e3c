"""Values for the variables of an operation that is judged before it is ever sent: the worst that clients may send.

A variable with a default has its default. Else a page size is the largest page; of arguments that exclude one another
(``first`` and ``last``; the keys of a by-key root) the first is given; cursors are not; every other scalar has some
value. An input object that is a variable as a whole is empty, for nobody knows what a client puts into it:
`Assumed.unjudged` names it. ``@skip`` and ``@include`` with variables count as included. Neighbours:
:mod:`hutong.operations_check`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    DirectiveNode,
    DocumentNode,
    FieldNode,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    OperationDefinitionNode,
    VariableDefinitionNode,
    VariableNode,
    Visitor,
    get_named_type,
    visit,
)
from graphql.language import REMOVE, SKIP
from graphql.pyutils import Undefined
from graphql.utilities import coerce_input_literal, type_from_ast

PAGE_SIZES = ("first", "last")
_CURSORS = ("after", "before")
_NOT_EXCLUSIVE = ("where", "orderBy", *_CURSORS)
_SOME_TEXT = "0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumed:
    """``values``: coerced variables; ``unjudged``: the variables whose contents nobody knows (``$where``)."""

    values: Mapping[str, Any]
    unjudged: tuple[str, ...]


def assume_variables(
    schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode, largest_page: int
) -> Assumed:
    """Worst-case values for a valid operation."""
    uses = _Uses()
    visit(document, uses)
    values: dict[str, Any] = {}
    unjudged = []
    for definition in operation.variable_definitions or ():
        name = definition.variable.name.value
        kind: Any = type_from_ast(schema, definition.type)
        if (default := _default(definition, kind)) is not Undefined:
            values[name] = default
        elif name in uses.pages:
            if name not in uses.excluded or isinstance(kind, GraphQLNonNull):
                values[name] = largest_page
        elif isinstance(get_named_type(kind), GraphQLInputObjectType) and not _is_filter(get_named_type(kind)):
            unjudged.append(f"${name}")
            if isinstance(kind, GraphQLNonNull):
                values[name] = [] if isinstance(kind.of_type, GraphQLList) else {}
        elif isinstance(kind, GraphQLNonNull) or name not in uses.excluded:
            values[name] = _some(kind)
    return Assumed(values=values, unjudged=tuple(unjudged))


def include_everything(document: DocumentNode) -> DocumentNode:
    """``document`` without the ``@skip`` and ``@include`` that depend on a variable."""
    found: DocumentNode = visit(document, _Including())
    return found


def _default(definition: VariableDefinitionNode, kind: Any) -> Any:
    if definition.default_value is None:
        return Undefined
    return coerce_input_literal(definition.default_value, kind)


def _is_filter(kind: object) -> bool:
    """The filter of one scalar: whatever stands in it, it filters by the one field."""
    return isinstance(kind, GraphQLInputObjectType) and "isNull" in kind.fields


def _some(kind: Any) -> Any:
    """Any value of a type; plans look at its structure only."""
    if isinstance(kind, GraphQLNonNull):
        return _some(kind.of_type)
    if isinstance(kind, GraphQLList):
        return [_some(kind.of_type)]
    if isinstance(kind, GraphQLInputObjectType):
        return {"isNull": True}
    if isinstance(kind, GraphQLEnumType):
        return next(iter(kind.values.values())).value
    return {"Int": 1, "Float": 1.0, "Boolean": True}.get(kind.name, _SOME_TEXT)


class _Uses(Visitor):
    """``pages``: variables that are page sizes; ``excluded``: those that another argument of their field excludes, and
    cursors."""

    def __init__(self) -> None:
        super().__init__()
        self.pages: set[str] = set()
        self.excluded: set[str] = set()

    def enter_field(self, node: FieldNode, *_: object) -> None:
        """Its arguments in order: the first exclusive one is given, whether a literal or a variable."""
        taken = False
        for name, variable in _arguments(node):
            if name in _CURSORS and variable is not None:
                self.excluded.add(variable)
            if name in PAGE_SIZES and variable is not None:
                self.pages.add(variable)
            if name not in _NOT_EXCLUSIVE:
                if taken and variable is not None:
                    self.excluded.add(variable)
                taken = True


def _arguments(node: FieldNode) -> Iterator[tuple[str, str | None]]:
    """Name of each argument, and of the variable it is, if it is one."""
    for argument in node.arguments or ():
        value = argument.value
        yield argument.name.value, value.name.value if isinstance(value, VariableNode) else None


class _Including(Visitor):
    def enter_directive(self, node: DirectiveNode, *_: object) -> Any:
        """Remove the directive, unless its condition is a literal."""
        conditional = node.name.value in ("skip", "include")
        return REMOVE if conditional and any(isinstance(a.value, VariableNode) for a in node.arguments or ()) else SKIP
