"""What an authorized selection will show, before any row is read: clear, masked, null, or according to the row.

Reads what :mod:`resolvers.authorize` decided and decides nothing itself. Neighbours: :mod:`resolvers.caller` tells a
caller what he may do, ``hutong operations check`` tells a frontend team what its operations give to whom.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from authz.decisions import Scope
from resolvers.authorized import (
    AuthorizedConnection,
    AuthorizedEntity,
    AuthorizedField,
    AuthorizedPlan,
    AuthorizedRelation,
    AuthorizedUnion,
    DeniedBranch,
    MaskRule,
)
from resolvers.conditions import NEVER, Condition, implied, intersection, minimal
from resolvers.errors import OperationError
from resolvers.query_plan import FieldKind
from schema.catalog import Entity, MaskKind
from schema.coordinates import Coordinate, field_coordinate
from schema.viewer import ReadAccess

Branch = AuthorizedEntity | AuthorizedConnection | AuthorizedUnion | DeniedBranch


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopedReading:
    """Rows that lie in ``scope`` show the value: masked by ``mask``, or clear."""

    scope: Scope
    mask: MaskKind | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the rows that exist for a caller show of one coordinate.

    ``scopes``: where what is shown, clear ones first. ``denial``: why it is null, or null in some rows.
    """

    read: ReadAccess
    scopes: tuple[ScopedReading, ...] = ()
    denial: OperationError | None = None

    @property
    def mask(self) -> MaskKind | None:
        """The mask of the rows that are masked."""
        return next((scoped.mask for scoped in self.scopes if scoped.mask is not None), None)


def denied(error: OperationError) -> Reading:
    """Null wherever it is asked."""
    return Reading(read=ReadAccess.DENIED, denial=error)


def reading(
    rows: Condition, clear: Condition, masks: tuple[MaskRule, ...] = (), denial: OperationError | None = None
) -> Reading:
    """What rows of ``rows`` show: clear where ``clear`` holds, else the first of ``masks`` that does, else null with
    ``denial``.
    """
    shown = [ScopedReading(scope=scope) for scope in intersection(rows, clear)]
    for rule in masks:
        for scope in intersection(rows, rule.condition):
            if not any(known.scope <= scope for known in shown):
                shown.append(ScopedReading(scope=scope, mask=rule.mask))
    masked = tuple(rule.condition for rule in masks)
    everywhere = implied(rows, minimal((*clear, *(scope for condition in masked for scope in condition))))
    if not shown:
        read = ReadAccess.DENIED
    elif implied(rows, clear):
        read = ReadAccess.CLEAR
    elif everywhere and intersection(rows, clear) == NEVER:
        read = ReadAccess.MASKED
    else:
        read = ReadAccess.DEPENDS_ON_ROW
    return Reading(read=read, scopes=tuple(shown), denial=None if everywhere else denial)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The reading of one selected member, or the denial of what stands at ``path`` (response keys from the root)."""

    path: tuple[str, ...]
    coordinate: Coordinate | None
    reading: Reading


def plan_findings(plan: AuthorizedPlan) -> Iterator[Finding]:
    """Everything an operation selects of entities, in its order, with what it will show."""
    for root in plan.roots:
        if root.branch is not None:
            yield from branch_findings(root.branch, (root.root.response_key,))


def branch_findings(branch: Branch, path: tuple[str, ...]) -> Iterator[Finding]:
    """What one branch selects."""
    match branch:
        case DeniedBranch(error=error):
            coordinate = error.extensions.get("coordinate")
            yield Finding(path=path, coordinate=coordinate and Coordinate(coordinate), reading=denied(error))
        case AuthorizedUnion(branches=branches, denied=refused):
            for allowed in branches:
                yield from branch_findings(allowed, path)
            for denied_branch in refused:
                yield from branch_findings(denied_branch, path)
        case AuthorizedConnection(members=members):
            for member in members:
                for key, node in member.nodes:
                    yield from branch_findings(node, (*path, member.member.response_key, *([key] if key else [])))
        case AuthorizedEntity(entity=entity, rows=rows, members=members):
            for selected in members:
                yield from _member_findings(entity, rows, selected, path)


def _member_findings(
    entity: Entity, rows: Condition, member: AuthorizedField | AuthorizedRelation, path: tuple[str, ...]
) -> Iterator[Finding]:
    inner = (*path, member.node.response_key)
    if isinstance(member, AuthorizedRelation):
        if not isinstance(member.branch, DeniedBranch):
            coordinate = field_coordinate(entity.name, member.node.relation)
            yield Finding(path=inner, coordinate=coordinate, reading=relation_reading(rows, member))
        yield from branch_findings(member.branch, inner)
    elif member.node.kind is FieldKind.VALUE:
        coordinate = field_coordinate(entity.name, member.node.member)
        found = reading(rows, member.clear, member.masks, member.denial)
        yield Finding(path=inner, coordinate=coordinate, reading=found)


def relation_reading(rows: Condition, relation: AuthorizedRelation) -> Reading:
    """Where a relation can be followed from rows of ``rows``."""
    if isinstance(relation.branch, DeniedBranch):
        return denied(relation.branch.error)
    return reading(rows, relation.clear, denial=relation.denial)
