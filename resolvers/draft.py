"""First pass of *prepare*: what one node needs (fields, scope flags, hops), before anything is compiled."""

from dataclasses import dataclass, field, replace

from connectors.contract import RelatedBinding
from connectors.errors import UnsupportedFetch
from resolvers.authorized import (
    AuthorizedConnection,
    AuthorizedEntity,
    AuthorizedField,
    AuthorizedRelation,
    AuthorizedUnion,
    ClassRule,
    DeniedBranch,
)
from resolvers.conditions import ALWAYS, NEVER, Condition, certain, given, implied, intersection, kinds_of
from resolvers.drafting import Drafting, unanswerable
from resolvers.fetch_plan import Path
from resolvers.query_plan import FieldKind
from resolvers.reader import FieldReader
from resolvers.scoping import links
from resolvers.shape import LeafAccess, mask_function, merge_key
from schema.catalog import Entity, Relation, ScopeKind, ScopePath
from schema.coordinates import field_coordinate
from schema.predicates import ALWAYS as EVERY_ROW
from schema.predicates import ROW_KEY, Not, Predicate, conjunction, disjunction, fields_of


@dataclass(slots=True, kw_only=True)
class HopDraft:
    """A relation to follow from a draft's rows."""

    access: AuthorizedRelation
    relation: Relation
    gate: Condition
    targets: "tuple[Draft, ...]"


@dataclass(slots=True, kw_only=True)
class ShapeDraft:
    """One selection on a draft's rows: response key -> leaf, hop, or ``None`` for a branch that is denied
    everywhere. ``quality``: whether quality codes are asked for.
    """

    path: Path
    quality: bool
    entries: list[tuple[str, LeafAccess | HopDraft | None]] = field(default_factory=list)


class Draft:
    """One node in the making. Rows are restricted either by `push` (lists) or by `filter_rows` (rows found by key)."""

    def __init__(
        self,
        drafting: Drafting,
        entity: Entity,
        path: Path,
        *,
        rows: Condition,
        classes: tuple[ClassRule, ...] = (),
        parent: "Draft | None" = None,
        relation: Relation | None = None,
        passed: frozenset[ScopeKind] = frozenset(),
        reader: FieldReader | None = None,
    ) -> None:
        self.drafting = drafting
        self.entity = entity
        self.path = path
        self.parent = parent
        self.relation = relation
        self.known = frozenset(kind for kind in passed if self.proves(kind))
        self.proved = self.known & kinds_of(rows)
        all_bindings = drafting.scopes.bindings[entity.name]
        usable = [(b, drafting.readable(b)) for b in all_bindings]
        self.gates = [gate for _, gate in usable if gate != NEVER]
        bindings = [b for b, gate in usable if gate != NEVER]
        self.reader = reader or FieldReader(entity, bindings, merged=len(all_bindings) > 1)
        self.rows = given(rows, self.known)
        self.classes = tuple(replace(rule, rows=given(rule.rows, self.known)) for rule in classes)
        self.predicate: Predicate = EVERY_ROW
        self.related: dict[str, RelatedBinding] = {}
        self.flags: list[ScopeKind] = []
        self.shapes: list[ShapeDraft] = []
        self.connection: AuthorizedConnection | None = None
        self._holding = self.rows

    @property
    def place(self) -> str:
        """Where the plan stands, as a coordinate: the relation that leads here, or the entity of a root."""
        if self.parent is None or self.relation is None:
            return self.entity.name
        return field_coordinate(self.parent.entity.name, self.relation.name)

    # --- row scopes ---------------------------------------------------------------------------------------------------

    def push(self) -> None:
        """Restrict rows in the fetch itself; to what the binding may be used for at all, too."""
        (gate,) = self.gates
        self.rows, self.gates = intersection(self.rows, given(gate, self.known)), [ALWAYS]
        (binding,) = self.reader.bindings
        scopes = self.drafting.scopes
        predicate = scopes.predicate(self.rows, self.entity, binding, self.related)
        for rule in reversed(self.classes):
            member = scopes.row_class(rule.row_class)
            allowed = conjunction(member, scopes.predicate(rule.rows, self.entity, binding, self.related))
            predicate = disjunction(allowed, conjunction(Not(member), predicate))
        self.predicate, self.classes = predicate, ()
        self._settle()
        self.rows = ALWAYS

    def filter_rows(self) -> None:
        """Restrict rows after the fetch, by their flags."""
        self._need(self.rows)
        for rule in self.classes:
            for name in fields_of(rule.row_class.when):
                self.reader.require(name)
            self._need(rule.rows)
        self._settle()
        self._gate_sources()

    def _settle(self) -> None:
        if len(self.rows) == 1:
            self.known |= self.rows[0]
            self._holding = ALWAYS

    def _gate_sources(self) -> None:
        self.gates = [self.simplify(gate) for gate in self.gates]
        for gate in self.gates:
            self._need(gate)

    def simplify(self, condition: Condition) -> Condition:
        """``condition`` for the rows that remain: what is known is left out."""
        if implied(self._holding, condition):
            return ALWAYS
        return given(condition, self.known)

    def _need(self, condition: Condition) -> None:
        if not certain(condition):
            for kind in sorted(kinds_of(condition)):
                self.flag(kind)

    def flag(self, kind: ScopeKind) -> None:
        """Make the truth of ``kind`` available for every row."""
        if kind in self.flags:
            return
        scope = self.entity.scopes.get(kind)
        if scope is not None and self.inherits(kind):
            assert self.parent is not None
            self.parent.flag(kind)
        elif scope is not None and not scope.relations:
            self.reader.require(scope.field)
        elif scope is not None:
            relation = self.entity.relations[scope.relations[0]]
            for join in links(relation, self.drafting.scopes.catalog.entities[relation.target]):
                self.reader.require(join.local)
        self.flags.append(kind)

    def inherits(self, kind: ScopeKind) -> bool:
        """Whether the flag comes from the parent row."""
        return self.parent is not None and self.proves(kind)

    def proves(self, kind: ScopeKind) -> bool:
        """Whether the parent row's lying in the scope proves that this row does (D19): this row's path leads back to
        the parent and goes on as the parent's path, or both paths are the two sides of the join.
        """
        if self.parent is None or self.relation is None:
            return False
        mine, theirs = self.entity.scopes.get(kind), self.parent.entity.scopes.get(kind)
        if mine is None or theirs is None:
            return False
        if self.relation.inverse is not None:
            back = ScopePath(relations=(self.relation.inverse, *theirs.relations), field=theirs.field)
            if mine == back:
                return True
        joined = len(self.relation.join) == 1 and self.relation.tree is None
        return (
            joined
            and not mine.relations
            and not theirs.relations
            and (theirs.field, mine.field) == (self.relation.join[0].local, self.relation.join[0].remote)
        )

    # --- selections ---------------------------------------------------------------------------------------------------

    def add_shape(self, authorized: AuthorizedEntity, path: Path) -> None:
        """Gather what a selection on this node's rows needs."""
        metas = [m.node.meta for m in authorized.members if isinstance(m, AuthorizedField) and m.node.meta is not None]
        shape = ShapeDraft(path=path, quality=any(meta.wants_quality for meta in metas))
        self.shapes.append(shape)
        if shape.quality:
            self._judge(authorized)
        for member in authorized.members:
            if isinstance(member, AuthorizedField):
                shape.entries.append((member.node.response_key, self._leaf(member)))
            else:
                shape.entries.append((member.node.response_key, self._hop(member, path)))

    def _judge(self, authorized: AuthorizedEntity) -> None:
        """Ask for what quality codes are computed from besides what is selected."""
        self.drafting.as_of.update(self.drafting.aging & {b.connector for b in self.reader.bindings})
        for member in authorized.members:
            relation = self.entity.relations[member.node.relation] if isinstance(member, AuthorizedRelation) else None
            if relation is not None and relation.retired is not None:
                self.reader.require(relation.retired)
        for check in self.entity.checks:
            for name in check.fields:
                if self.entity.fields[name].internal:
                    self.reader.require(name)

    def _leaf(self, access: AuthorizedField) -> LeafAccess:
        kind = access.node.kind
        if kind is not FieldKind.VALUE:
            if kind is FieldKind.ID:
                key = merge_key(self.entity.fields, self.entity.key) if self.reader.merged else ROW_KEY
                self.reader.require(key)
            elif kind is FieldKind.META and access.node.meta and access.node.meta.wants_age:
                self.drafting.as_of.update(b.connector for b in self.reader.bindings)
            return LeafAccess(field=access, clear=ALWAYS, masks=())
        described = self.entity.fields[access.node.member]
        clear = self.simplify(access.clear)
        rules = [] if certain(clear) else access.masks
        masks = tuple(
            (self.simplify(rule.condition), mask_function(described, rule.mask, strict=rule.strict)) for rule in rules
        )
        leaf = LeafAccess(field=access, clear=clear, masks=masks)
        if leaf.visible:
            self.reader.require(access.node.member)
        for condition in (clear, *(condition for condition, _ in masks)):
            self._need(condition)
        return leaf

    def _hop(self, access: AuthorizedRelation, path: Path) -> HopDraft | None:
        relation = self.entity.relations[access.node.relation]
        here = (*path, access.node.response_key)
        if isinstance(access.branch, DeniedBranch):
            self.drafting.denials.append((here, access.branch.error))
            return None
        gate = self.simplify(access.clear)
        self._need(gate)
        for join in relation.join:
            self.reader.require(join.local)
        branches = access.branch.branches if isinstance(access.branch, AuthorizedUnion) else (access.branch,)
        if isinstance(access.branch, AuthorizedUnion):
            self.drafting.denials.extend((here, denied.error) for denied in access.branch.denied)
        for branch in branches:
            if (error := unanswerable(self.drafting, branch)) is not None:
                self.drafting.denials.append((here, error))
                return None
        passed = self.known | (gate[0] if len(gate) == 1 else frozenset())
        try:
            targets = tuple(self._target(branch, relation, here, passed) for branch in branches)
        except UnsupportedFetch as error:
            self.drafting.give_up(here, error)
            return None
        return HopDraft(access=access, relation=relation, gate=gate, targets=targets)

    def _target(
        self,
        branch: AuthorizedEntity | AuthorizedConnection,
        relation: Relation,
        path: Path,
        passed: frozenset[ScopeKind],
    ) -> "Draft":
        target = Draft(
            self.drafting,
            branch.entity,
            path,
            rows=branch.rows,
            classes=branch.classes,
            parent=self,
            relation=relation,
            passed=passed,
        )
        fill(target, branch, path)
        return target


def fill(draft: Draft, branch: AuthorizedEntity | AuthorizedConnection, path: Path) -> None:
    """Restrict a new draft's rows and gather the selections on them."""
    if isinstance(branch, AuthorizedEntity):
        draft.filter_rows()
        draft.add_shape(branch, path)
        return
    draft.connection = branch
    draft.push()
    for member in branch.members:
        for key, node in member.nodes:
            here = (*path, member.member.response_key)
            draft.add_shape(node, (*here, key) if key else here)
