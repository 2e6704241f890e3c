"""What the drafts of one plan share, and which of its branches cannot be given.

Stage: *prepare*. Neighbours: :mod:`resolvers.draft` gathers, :mod:`resolvers.compilation` compiles.
"""

import logging
from dataclasses import dataclass, field

from connectors.contract import Binding
from connectors.errors import UnsupportedFetch
from resolvers.authorized import AuthorizedConnection, AuthorizedEntity, AuthorizedPlan
from resolvers.conditions import ALWAYS, NEVER, Condition
from resolvers.errors import BadInput, FieldDenied, OperationError
from resolvers.fetch_plan import Path
from resolvers.operation_run import operation_error
from resolvers.scoping import ScopePredicates
from schema.coordinates import Coordinate
from schema.messages import operations, reasons
from schema.predicates import fields_of

_log = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class Drafting:
    """What one plan's drafts share. ``aging``: connectors whose age is judged where quality is asked for."""

    authorized: AuthorizedPlan
    scopes: ScopePredicates
    denials: list[tuple[Path, OperationError]] = field(default_factory=list)
    as_of: set[str] = field(default_factory=set)
    aging: frozenset[str] = frozenset()

    def readable(self, binding: Binding) -> Condition:
        """Where a binding's rows may be used at all, by what it discloses (D11)."""
        if binding.discloses is None:
            return ALWAYS
        return self.authorized.disclosures.get(Coordinate(binding.discloses), NEVER)

    def give_up(self, path: Path, error: UnsupportedFetch) -> None:
        """Nobody is answered the branch at ``path``, for a binding does not hold what its manifest promises."""
        _log.warning("%s: %s cannot be asked: %s", ".".join(path), error.connector, error)
        self.denials.append((path, operation_error(error)))


def unanswerable(drafting: Drafting, branch: AuthorizedEntity | AuthorizedConnection) -> OperationError | None:
    """Why rows cannot be given: all their sources disclose what is denied (D11), or a list is filtered or sorted by a
    field that no source of its rows holds.
    """
    bindings = drafting.scopes.bindings[branch.entity.name]
    if all(drafting.readable(binding) == NEVER for binding in bindings):
        coordinate, reason = branch.entity.name, reasons.ROWS_OUT_OF_REACH()
        told = operations.FIELD_DENIED(coordinate=coordinate, reason=reason)
        return FieldDenied(told, coordinate=coordinate, reason=reason, reasonCode=reason.key)
    if isinstance(branch, AuthorizedEntity):
        return None
    for name in (*fields_of(branch.node.where), *(term.field for term in branch.node.order)):
        if not any(name in binding.fields for binding in bindings):
            return BadInput(operations.FIELD_WITHOUT_SOURCE(coordinate=f"{branch.entity.name}.{name}"))
    return None
