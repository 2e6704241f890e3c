"""Stage *parse and validate*, cached: a document's text under one schema variant -> parsed, validated, analysed."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLError,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    OperationType,
    VariableNode,
    Visitor,
    visit,
)
from graphql.execution.values import VariableValues, get_variable_values
from graphql.validation.validate import ValidationAbortedError

from resolvers.counted_cache import WeighedCache
from resolvers.errors import BadInput, InvalidPart, LimitExceeded, OperationError
from resolvers.limits import Limits
from schema.build import CatalogSchema
from schema.coordinates import Coordinate
from schema.language import Language
from schema.messages import operations
from schema.validation import MERGE_BUDGET, parse_document, validate_document

MAX_DOCUMENT = 16 * 1024
"""Characters of a document."""
DOCUMENT_BYTES: Final = 128 * 2**20
"""Of all parsed documents together: 3,500 of 50 tokens (35 KB), or 128 as large as they may be."""
_BASE: Final = 16 * 2**10
_PER_TOKEN: Final = 512
"""Bytes of a syntax tree for each token, its places in the text included; 340 to 490 measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A valid document. Variable names by what their values decide: ``ids`` (which entity ``node`` finds), ``pages``
    (the operation's cost)."""

    digest: str
    node: DocumentNode
    operations: Mapping[str | None, OperationDefinitionNode]
    ids: frozenset[str]
    pages: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """The schema as callers see it from whom the ``hidden`` coordinates are kept (D6)."""

    hidden: frozenset[Coordinate]
    schema: CatalogSchema


class Documents:
    """Parsed documents by schema variant and text, as many as ``budget`` bytes hold."""

    def __init__(self, limits: Limits, *, budget: int = DOCUMENT_BYTES) -> None:
        self._limits = limits
        self.known: WeighedCache[tuple[frozenset[Coordinate], str], Document] = WeighedCache(budget, _weight)

    def get(self, variant: Variant, text: str) -> Document:
        """The document. Raises `InvalidDocument` with at most three errors."""
        key = (variant.hidden, text)
        found = self.known.find(key)
        if found is None:
            found = self._read(variant.schema, text)
            self.known.offer(key, found)
        return found

    def _read(self, schema: CatalogSchema, text: str) -> Document:
        if len(text) > MAX_DOCUMENT:
            limit = LimitExceeded(
                operations.DOCUMENT_TOO_LONG(maximum=MAX_DOCUMENT), limit="document", maximum=MAX_DOCUMENT
            )
            raise InvalidDocument((limit,))
        try:
            node = parse_document(text, self._limits.tokens)
        except GraphQLSyntaxError as error:
            raise InvalidDocument((_invalid(error),)) from None
        if errors := validate_document(schema, node):
            raise InvalidDocument(tuple(_invalid(error) for error in errors))
        analysis = _Analysis()
        visit(node, analysis)
        return Document(
            digest=hashlib.sha256(text.encode()).hexdigest(),
            node=node,
            operations={
                definition.name.value if definition.name else None: definition
                for definition in node.definitions
                if isinstance(definition, OperationDefinitionNode)
            },
            ids=frozenset(analysis.ids),
            pages=frozenset(analysis.pages),
        )


class InvalidDocument(Exception):
    """The document does not parse or validate, or its variables do not fit; ``errors``: what is wrong, never empty."""

    def __init__(self, errors: tuple[OperationError, ...]) -> None:
        super().__init__(*(error.told for error in errors))
        self.errors = errors

    def formatted(self, language: Language) -> tuple[dict[str, Any], ...]:
        """The errors in response format."""
        return tuple(error.formatted(language) for error in self.errors)


def choose_operation(document: Document, name: str | None) -> OperationDefinitionNode:
    """The operation to run: the named one, or the only one. Raises `BadInput` when that is not exactly one query."""
    if name is None and len(document.operations) == 1:
        (operation,) = document.operations.values()
    elif name is None or name not in document.operations:
        raise BadInput(operations.OPERATION_NOT_CHOSEN())
    else:
        operation = document.operations[name]
    if operation.operation is not OperationType.QUERY:
        raise BadInput(operations.ONLY_QUERIES())
    return operation


def coerce_variables(
    schema: CatalogSchema, operation: OperationDefinitionNode, values: Mapping[str, Any]
) -> Mapping[str, Any]:
    """The variables as the schema's input types want them. Raises `InvalidDocument`."""
    definitions = operation.variable_definitions or ()
    if not definitions:
        return {}
    coerced = get_variable_values(schema.graphql, definitions, dict(values), max_errors=3, hide_suggestions=True)
    if isinstance(coerced, VariableValues):
        return coerced.coerced
    raise InvalidDocument(
        tuple(
            InvalidPart(operations.VARIABLES_INVALID(detail=error.message), locations=_locations(error))
            for error in coerced[:3]
        )
    )


def _weight(document: Document) -> int:
    """Estimated bytes of a document, rather too many than too few; its text is at most four bytes a character."""
    assert document.node.loc is not None
    return _BASE + _PER_TOKEN * document.node.token_count + 4 * len(document.node.loc.source.body)


def _invalid(error: GraphQLError) -> OperationError:
    """graphql-core's own words, in English, under the table's headline."""
    if isinstance(error, ValidationAbortedError):
        return LimitExceeded(operations.DOCUMENT_TOO_REPETITIVE(), limit="merge", maximum=MERGE_BUDGET)
    if error.extensions:  # a bound of the parser
        told = operations.DOCUMENT_INVALID(detail=error.message)
        return LimitExceeded(told, limit=error.extensions["limit"], maximum=error.extensions["maximum"])
    return InvalidPart(operations.DOCUMENT_INVALID(detail=error.message), locations=_locations(error))


def _locations(error: GraphQLError) -> list[dict[str, int]]:
    """Where in the document, in response format."""
    return [{"line": place.line, "column": place.column} for place in error.locations or ()]


class _Analysis(Visitor):
    """Collects the variables that decide more than a value."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.pages: set[str] = set()

    def enter_field(self, node: FieldNode, *_: object) -> None:
        """``node(id: $v)``, ``first: $v``."""
        for argument in node.arguments or ():
            if isinstance(argument.value, VariableNode):
                if node.name.value == "node" and argument.name.value == "id":
                    self.ids.add(argument.value.name.value)
                elif argument.name.value in ("first", "last"):
                    self.pages.add(argument.value.name.value)
