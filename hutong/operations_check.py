"""What a client's operations will give to callers in some roles, from catalogue and policy alone: no sources, no keys.

An operation is validated against the caller's own schema, measured, planned and authorized by the very stages that a
running hub uses; only the values of its variables are assumed (:mod:`hutong.assumed_variables`). Neighbours:
:mod:`hutong.client_documents` reads the files, ``hutong operations check`` prints.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from graphql import (
    DocumentNode,
    GraphQLSyntaxError,
    InlineFragmentNode,
    NamedTypeNode,
    NoDeprecatedCustomRule,
    OperationDefinitionNode,
    OperationType,
    Visitor,
    print_ast,
    validate,
    visit,
)
from graphql.language import FragmentDefinitionNode

from authz.compilation import compile_access
from authz.decisions import AccessMap
from authz.policy import PolicyVersion
from authz.subjects import Profile
from hutong.assumed_variables import assume_variables, include_everything
from hutong.client_documents import ClientOperation, Mistake, mistakes_of
from resolvers.authorize import authorize_plan
from resolvers.documents import MAX_DOCUMENT
from resolvers.errors import BadInput, LimitExceeded, OperationError
from resolvers.limits import Limits
from resolvers.measure import Cost, measure
from resolvers.planner import RootFields, plan_query
from resolvers.readings import Finding, plan_findings
from resolvers.visibility import hidden_coordinates
from schema.build import CatalogSchema
from schema.catalog import Catalog
from schema.language import Language
from schema.message import Told
from schema.messages import operations
from schema.validation import RULES, parse_document
from schema.viewer import ReadAccess
from schema.visible import visible_schema

MAX_ERRORS = 20
_UNBOUNDED = 10**9


class Outcome(StrEnum):
    """What an operation gives a caller, the worst first."""

    INVALID = "invalid"
    """Not executed at all: it does not fit the caller's schema."""
    NULL = "null"
    """Something it asks for is null in every row, with an error."""
    DEPENDS = "depends"
    """Something is shown in some of the rows that the caller can see, and null or masked in others."""
    MASKED = "masked"
    """Everything is there, something masked."""
    WHOLE = "whole"
    """Everything, clear."""


_OUTCOMES = {
    ReadAccess.DENIED: Outcome.NULL,
    ReadAccess.DEPENDS_ON_ROW: Outcome.DEPENDS,
    ReadAccess.MASKED: Outcome.MASKED,
    ReadAccess.CLEAR: Outcome.WHOLE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """One operation for one caller. ``findings``: everything that is not shown clear in every row. ``cost``: in the
    units of `Limits`, with the largest pages; ``None`` for what cannot be measured. ``over``: limits it exceeds.
    ``warnings``: deprecated names it uses. ``unjudged``: variables whose filters or orders nobody knows.
    """

    outcome: Outcome
    errors: tuple[Mistake, ...] = ()
    over: tuple[Mistake, ...] = ()
    warnings: tuple[Mistake, ...] = ()
    findings: tuple[Finding, ...] = ()
    cost: Cost | None = None
    unjudged: tuple[str, ...] = ()


class OperationsCheck:
    """Judges operations for callers.

    ``full``: the schema of the whole catalogue; ``language``: of the hub's own messages (graphql-core's are English).
    """

    def __init__(
        self,
        full: CatalogSchema,
        catalog: Catalog,
        policy: PolicyVersion,
        limits: Limits,
        language: Language = Language.ZH,
    ) -> None:
        self._full = full
        self._language = language
        self._catalog = catalog
        self._policy = policy
        self._limits = limits
        self._roots = RootFields(catalog)
        self._callers: dict[Profile, tuple[AccessMap, CatalogSchema]] = {}

    def judge(self, operation: ClientOperation, profile: Profile) -> Judgement:
        """What ``operation`` gives to a caller with ``profile``."""
        access, schema = self._caller(profile)
        if operation.operation.operation is not OperationType.QUERY:
            mistake = self._mistake(operation.place, operations.ONLY_QUERIES())
            return Judgement(outcome=Outcome.INVALID, errors=(mistake,))
        if errors := validate(schema.graphql, operation.document, RULES, max_errors=MAX_ERRORS):
            return Judgement(outcome=Outcome.INVALID, errors=mistakes_of(errors[:MAX_ERRORS]))
        warnings = mistakes_of(validate(schema.graphql, operation.document, [NoDeprecatedCustomRule]))
        assumed = assume_variables(schema.graphql, operation.document, operation.operation, self._limits.page)
        over = list(self._document_over(operation))
        cost = None
        try:
            cost = self._measured(operation, schema, assumed.values, _unbounded(self._limits))
            self._measured(operation, schema, assumed.values, self._limits)
        except LimitExceeded as error:
            over.append(self._placed(error, operation))
        except BadInput as error:
            return Judgement(outcome=Outcome.INVALID, errors=(self._placed(error, operation),), warnings=warnings)
        try:
            findings = self._findings(operation, schema, access, assumed.values)
        except OperationError as error:
            return Judgement(
                outcome=Outcome.INVALID, errors=(self._placed(error, operation),), warnings=warnings, cost=cost
            )
        worst = min((_OUTCOMES[f.reading.read] for f in findings), key=list(Outcome).index, default=Outcome.WHOLE)
        return Judgement(
            outcome=worst,
            over=tuple(over),
            warnings=warnings,
            findings=tuple(finding for finding in findings if finding.reading.read is not ReadAccess.CLEAR),
            cost=cost,
            unjudged=assumed.unjudged,
        )

    def _caller(self, profile: Profile) -> tuple[AccessMap, CatalogSchema]:
        if profile not in self._callers:
            access = compile_access(self._policy, self._catalog, profile)
            schema = visible_schema(self._full, self._catalog, hidden_coordinates(self._catalog, access))
            self._callers[profile] = access, schema
        return self._callers[profile]

    def _document_over(self, operation: ClientOperation) -> Iterator[Mistake]:
        """The limits of the document itself, as client tools print it: with its fragments."""
        text = print_ast(operation.document)
        if len(text) > MAX_DOCUMENT:
            yield self._mistake(operation.place, operations.DOCUMENT_TOO_LONG(maximum=MAX_DOCUMENT))
        try:
            parse_document(text, self._limits.tokens)
        except GraphQLSyntaxError:
            told = operations.TOO_MUCH(maximum=self._limits.tokens, unit=operations.TOKENS())
            yield self._mistake(operation.place, told)

    def _mistake(self, place: Mistake, told: Told) -> Mistake:
        return replace(place, message=told.said(self._language))

    def _placed(self, error: OperationError, operation: ClientOperation) -> Mistake:
        """The error at its own place if it has one, else at the operation's."""
        at = error.extensions
        if "line" not in at:
            return self._mistake(operation.place, error.told)
        place = Mistake(message="", file=at.get("file", operation.place.file), line=at["line"], column=at["column"])
        return self._mistake(place, error.told)

    def _measured(
        self, operation: ClientOperation, schema: CatalogSchema, values: Mapping[str, object], limits: Limits
    ) -> Cost:
        return measure(operation.document, operation.operation, schema.graphql, values, limits)

    def _findings(
        self, operation: ClientOperation, schema: CatalogSchema, access: AccessMap, values: Mapping[str, object]
    ) -> list[Finding]:
        """What the operation selects; a ``node`` is judged once for every type that its document knows."""
        document = include_everything(operation.document)
        (definition,) = (d for d in document.definitions if isinstance(d, OperationDefinitionNode))
        found: dict[tuple[object, ...], Finding] = {}
        for entity in _entities_named(document, self._catalog) or tuple(self._catalog.entities)[:1]:
            plan = plan_query(
                document=document,
                operation=definition,
                variables=values,
                schema=schema.graphql,
                catalog=self._catalog,
                roots=self._roots,
                entity_of_id=lambda _value, entity=entity: entity,  # type: ignore[misc]
            )
            for finding in plan_findings(authorize_plan(plan, access, self._catalog)):
                found.setdefault((finding.path, finding.coordinate, finding.reading.read), finding)
        return list(found.values())


def _unbounded(limits: Limits) -> Limits:
    """Limits that nothing exceeds, with the same default page."""
    return replace(
        limits,
        **dict.fromkeys(
            ("depth", "fields", "aliases", "root_fields", "page", "rows", "listings", "conditions"), _UNBOUNDED
        ),
    )


def _entities_named(document: DocumentNode, catalog: Catalog) -> tuple[str, ...]:
    """The entities in type conditions of a document, each once."""
    collector = _TypeConditions()
    visit(document, collector)
    return tuple(name for name in dict.fromkeys(collector.names) if name in catalog.entities)


class _TypeConditions(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def enter_inline_fragment(self, node: InlineFragmentNode, *_: object) -> None:
        """``... on Name``."""
        self._add(node.type_condition)

    def enter_fragment_definition(self, node: FragmentDefinitionNode, *_: object) -> None:
        """``fragment F on Name``."""
        self._add(node.type_condition)

    def _add(self, condition: NamedTypeNode | None) -> None:
        if condition is not None:
            self.names.append(condition.name.value)
