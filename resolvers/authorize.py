"""Stage *authorize*: `QueryPlan` + `AccessMap` -> `AuthorizedPlan`.

Every coordinate that the plan uses is decided here: selected, filtered, sorted, related, looked up. What is denied
leaves the plan before any fetch exists; what depends on the row keeps the condition under which it is clear or masked.
Nothing else makes an `AuthorizedPlan`, and nothing else can be executed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from authz.decisions import Access, AccessMap, Masked
from connectors.contract import OrderTerm
from resolvers.authorized import (
    AuthorizedConnection,
    AuthorizedEntity,
    AuthorizedField,
    AuthorizedMember,
    AuthorizedPlan,
    AuthorizedRelation,
    AuthorizedRoot,
    AuthorizedUnion,
    ClassRule,
    DeniedBranch,
    MaskRule,
)
from resolvers.conditions import NEVER, Condition, implied, intersection, minimal
from resolvers.decision_tally import decision_tally
from resolvers.errors import FieldDenied, FilterDenied, OperationError, PurposeRequired
from resolvers.one_record import START, Place, below, needs_turn, record_root, single_place
from resolvers.query_plan import (
    ConnectionNode,
    EntityNode,
    FieldKind,
    FieldNode,
    IdRoot,
    KeyRoot,
    ListRoot,
    OtherRoot,
    QueryPlan,
    RelationNode,
    Root,
    UnionNode,
)
from schema.catalog import Catalog, Entity
from schema.coordinates import Coordinate, field_coordinate, row_coordinate
from schema.labels import PersonalInformation
from schema.messages import operations, reasons
from schema.predicates import Exists, Predicate, fields_of


def authorize_plan(
    plan: QueryPlan, access: AccessMap, catalog: Catalog, disclosing: frozenset[Coordinate] = frozenset()
) -> AuthorizedPlan:
    """Decide every coordinate of ``plan``. Never raises for a denial: denied parts become null with one error each.

    ``disclosing``: coordinates that contributions of some bindings reveal (D11); ``AuthorizedPlan.disclosures`` says in
    which rows the caller may know of them.
    """
    disclosures = {c: minimal(a.scope for a in access[c].clear if not a.single) for c in disclosing}
    return _Authorizer(plan, access, catalog).run(disclosures)


def comparable(rows: Condition, access: Access) -> bool:
    """Whether rows that exist where ``rows`` holds may be filtered and sorted by a field: it is read in all of them."""
    return implied(rows, minimal(a.scope for a in access.clear if not a.single))


def found_in(access: Access, *, lookup: bool) -> Condition:
    """Where rows may be found by a key with this decision, or looked up by it (D7)."""
    allowed = access.lookup if lookup else tuple(a for a in access.clear if not a.single)
    return minimal(a.scope for a in allowed)


class _Authorizer:
    def __init__(self, plan: QueryPlan, access: AccessMap, catalog: Catalog) -> None:
        self._plan = plan
        self._access = access
        self._catalog = catalog
        self._used: set[Coordinate] = set()
        self._start = START if record_root(plan) is not None else None
        self._single = single_place(plan, access, catalog)
        self._single_used = False
        self._highest = 0

    def run(self, disclosures: Mapping[Coordinate, Condition]) -> AuthorizedPlan:
        roots = tuple(self._root(root) for root in self._plan.roots)
        return AuthorizedPlan(
            plan=self._plan,
            roots=roots,
            single_record=self._single_used,
            lookups=sum(isinstance(r, KeyRoot) and r.lookup for r in self._plan.roots),
            highest_level=self._highest,
            coordinates=frozenset(self._used),
            disclosures=disclosures,
            tally=decision_tally(self._access, self._used, self._catalog),
        )

    def _root(self, root: Root) -> AuthorizedRoot:
        match root:
            case OtherRoot():
                return AuthorizedRoot(root=root, branch=None)
            case ListRoot():
                return AuthorizedRoot(root=root, branch=self._connection(root.connection))
            case IdRoot():
                return AuthorizedRoot(root=root, branch=self._entity(root.node, place=self._start))
            case KeyRoot():
                return AuthorizedRoot(root=root, branch=self._key_root(root))

    def _key_root(self, root: KeyRoot) -> AuthorizedEntity | DeniedBranch:
        branch = self._entity(root.node, place=self._start)
        if isinstance(branch, DeniedBranch) or root.field == branch.entity.key:
            return branch
        access = self._decide(field_coordinate(branch.entity.name, root.field))
        self._highest = max(self._highest, branch.entity.fields[root.field].label.level)
        found = found_in(access, lookup=root.lookup)
        rows = intersection(branch.rows, found)
        if rows == NEVER:
            return DeniedBranch(error=_filter_denied(access) if not root.lookup else _denied(access))
        classes = tuple(replace(rule, rows=intersection(rule.rows, found)) for rule in branch.classes)
        return replace(branch, rows=rows, classes=classes)

    def _decide(self, coordinate: Coordinate) -> Access:
        self._used.add(coordinate)
        return self._access[coordinate]

    def _clear(self, access: Access, level: int, *, sensitive: bool, place: Place | None) -> Condition:
        scopes = []
        for allowed in access.clear:
            if allowed.single or needs_turn(allowed, sensitive=sensitive):
                if place is None or (needs_turn(allowed, sensitive=sensitive) and place != self._single):
                    continue
                self._single_used = True
            scopes.append(allowed.scope)
        if scopes:
            self._highest = max(self._highest, level)
        return minimal(scopes)

    def _row_condition(self, entity: Entity, *, place: Place | None) -> tuple[Condition, Access]:
        access = self._decide(row_coordinate(entity.name))
        sensitive = entity.row_label.personal is PersonalInformation.SENSITIVE
        return self._clear(access, entity.row_label.level, sensitive=sensitive, place=place), access

    def _classes(self, entity: Entity, rows: Condition, *, place: Place | None) -> tuple[ClassRule, ...]:
        decided = self._access.row_classes.get(row_coordinate(entity.name), ())
        rules = []
        for row_class, access in zip(entity.row_classes, decided, strict=True):
            sensitive = row_class.label.personal is PersonalInformation.SENSITIVE
            allowed = self._clear(access, row_class.label.level, sensitive=sensitive, place=place)
            rules.append(ClassRule(row_class=row_class, rows=intersection(allowed, rows)))
        return tuple(rules)

    def _entity(self, node: EntityNode, *, place: Place | None) -> AuthorizedEntity | DeniedBranch:
        entity = self._catalog.entities[node.entity]
        rows, access = self._row_condition(entity, place=place)
        if rows == NEVER:
            return DeniedBranch(error=_denied(access))
        members = tuple(self._member(member, entity, rows, place=place) for member in node.members)
        classes = self._classes(entity, rows, place=place)
        return AuthorizedEntity(entity=entity, rows=rows, classes=classes, members=members)

    def _member(
        self, member: FieldNode | RelationNode, entity: Entity, rows: Condition, *, place: Place | None
    ) -> AuthorizedField | AuthorizedRelation:
        if isinstance(member, RelationNode):
            return self._relation(member, entity, place=place)
        if member.kind is not FieldKind.VALUE:
            return AuthorizedField(node=member, clear=rows)
        field = entity.fields[member.member]
        base = field.label_of or field.companion_of or field.name
        access = self._decide(field_coordinate(entity.name, base))
        sensitive = field.label.personal is PersonalInformation.SENSITIVE
        clear = self._clear(access, field.label.level, sensitive=sensitive, place=place)
        masks = tuple(
            MaskRule(condition=(masked.scope,), mask=masked.mask, strict=masked.strict)
            for masked in sorted(access.masked, key=_strength)
        )
        if masks:
            self._highest = max(self._highest, field.label.level)
        return AuthorizedField(node=member, clear=clear, masks=masks, denial=_denied(access))

    def _relation(self, node: RelationNode, entity: Entity, *, place: Place | None) -> AuthorizedRelation:
        access = self._decide(field_coordinate(entity.name, node.relation))
        label = entity.relations[node.relation].label
        clear = self._clear(access, label.level, sensitive=False, place=place)
        branch: AuthorizedEntity | AuthorizedUnion | AuthorizedConnection | DeniedBranch
        if clear == NEVER:
            branch = DeniedBranch(error=_denied(access))
        elif isinstance(node.branch, EntityNode):
            branch = self._entity(node.branch, place=below(place, node, node.branch))
        elif isinstance(node.branch, UnionNode):
            branch = self._union(node, node.branch, place=place)
        else:
            branch = self._connection(node.branch)
        return AuthorizedRelation(node=node, clear=clear, branch=branch, denial=_denied(access))

    def _union(self, relation: RelationNode, node: UnionNode, *, place: Place | None) -> AuthorizedUnion | DeniedBranch:
        branches = [self._entity(branch, place=below(place, relation, branch)) for branch in node.branches]
        allowed = tuple(branch for branch in branches if isinstance(branch, AuthorizedEntity))
        denied = tuple(branch for branch in branches if isinstance(branch, DeniedBranch))
        return AuthorizedUnion(branches=allowed, denied=denied) if allowed else denied[0]

    def _connection(self, node: ConnectionNode) -> AuthorizedConnection | DeniedBranch:
        entity = self._catalog.entities[node.entity]
        rows, access = self._row_condition(entity, place=None)
        if rows == NEVER:
            return DeniedBranch(error=_denied(access))
        for field in _filtered_fields(node.where, node.order):
            filtered = self._decide(field_coordinate(entity.name, entity.fields[field].label_of or field))
            self._highest = max(self._highest, entity.fields[field].label.level)
            if not comparable(rows, filtered):
                return DeniedBranch(error=_filter_denied(filtered))
        members = []
        for member in node.members:
            nodes = []
            for key, selection in member.nodes:
                inner = self._entity(selection, place=None)
                if isinstance(inner, DeniedBranch):
                    return inner
                nodes.append((key, inner))
            members.append(AuthorizedMember(member=member, nodes=tuple(nodes)))
        classes = self._classes(entity, rows, place=None)
        return AuthorizedConnection(entity=entity, rows=rows, classes=classes, node=node, members=tuple(members))


def _filtered_fields(where: Predicate, order: Sequence[OrderTerm]) -> Iterator[str]:
    assert not isinstance(where, Exists)
    yield from dict.fromkeys((*fields_of(where), *(term.field for term in order)))


def _strength(masked: Masked) -> tuple[bool, int]:
    return masked.strict, len(masked.scope)


def _denied(access: Access) -> OperationError:
    coordinate = str(access.coordinate)
    if access.denied and access.purposes:
        purposes = sorted(access.purposes)
        told = operations.PURPOSE_REQUIRED(coordinate=coordinate, purposes=", ".join(purposes))
        return PurposeRequired(told, coordinate=coordinate, purposes=purposes)
    reason = access.reason or reasons.ROWS_OUT_OF_REACH()
    told = operations.FIELD_DENIED(coordinate=coordinate, reason=reason)
    return FieldDenied(told, coordinate=coordinate, reason=reason, reasonCode=reason.key)


def _filter_denied(access: Access) -> FilterDenied:
    coordinate = str(access.coordinate)
    reason = reasons.FILTER_NEEDS_READ()
    told = operations.FILTER_DENIED(coordinate=coordinate, reason=reason)
    return FilterDenied(told, coordinate=coordinate, reason=reason, reasonCode=reason.key)
