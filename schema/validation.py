"""Documents: parsing and validation under fixed bounds of work, without a hint of names the caller cannot see.

Neighbours: the schema given here is the caller's own (:mod:`schema.visible`), so an unknown name and a hidden one fail
by the same rule with the same words. Literals of the document may stand in messages: they are the caller's own.
"""

from graphql import DocumentNode, GraphQLError, GraphQLSyntaxError, ValidationContext, parse, specified_rules, validate
from graphql.language.parser import MAX_NESTING_DEPTH
from graphql.validation import OverlappingFieldsCanBeMergedRule

from schema.build import CatalogSchema

MAX_TOKENS = 2_000
"""Lexical tokens of a document; the parser stops there."""
MAX_ERRORS = 3
"""Validation errors that are told (D27)."""
MERGE_BUDGET = 20_000
"""Units of work for comparing fields of one response key: 2 KiB of nested duplicates cost half a second without it."""


class BudgetedFieldMergeRule(OverlappingFieldsCanBeMergedRule):
    """GraphQL's field merge rule with our budget instead of graphql-core's, which one process-wide constant sets."""

    def __init__(self, context: ValidationContext) -> None:
        super().__init__(context)
        self.rule_context.remaining_complexity_budget = MERGE_BUDGET


RULES = tuple(BudgetedFieldMergeRule if rule is OverlappingFieldsCanBeMergedRule else rule for rule in specified_rules)
"""The rules of the specification, the introspection depth rule among them."""


def parse_document(text: str, max_tokens: int = MAX_TOKENS) -> DocumentNode:
    """The document. Raises ``GraphQLSyntaxError``; for more than ``max_tokens`` tokens (comments count) or too deep a
    nesting, its extensions say which ``limit`` and its ``maximum``.
    """
    try:
        return parse(text, max_tokens=max_tokens)
    except GraphQLSyntaxError as error:
        if error.message.endswith("Parsing aborted."):
            limit, maximum = ("nesting", MAX_NESTING_DEPTH) if "nested" in error.message else ("tokens", max_tokens)
            error.extensions = {"limit": limit, "maximum": maximum}
        raise


def validate_document(schema: CatalogSchema, document: DocumentNode) -> list[GraphQLError]:
    """The first `MAX_ERRORS` errors found; empty when valid.

    A document whose comparison exceeds a bound is not valid: its error is a ``ValidationAbortedError``.
    """
    return validate(schema.graphql, document, RULES, max_errors=MAX_ERRORS, hide_suggestions=True)[:MAX_ERRORS]
