"""Which record of an operation may be shown under rights that hold for one record at a time (D8).

An operation with one root, by key, may follow to-one steps to many records. Such rights serve one of them: that at the
first place, in the order of the response, where they open a row, a field or a relation; where there is none, the first
where they open rows of a class. One's own record (``OWN``) takes nobody's turn. Neighbour: :mod:`resolvers.authorize`.
"""

from collections.abc import Iterator
from itertools import chain

from authz.decisions import Access, AccessMap, Allowed
from resolvers.query_plan import (
    EntityNode,
    FieldKind,
    IdRoot,
    KeyRoot,
    OtherRoot,
    QueryPlan,
    RelationNode,
    UnionNode,
)
from schema.catalog import Catalog, ScopeKind
from schema.coordinates import field_coordinate, row_coordinate
from schema.labels import Label, PersonalInformation

Place = tuple[tuple[str, str], ...]
"""A record of the operation, by the way to it: relations and the entities they lead to. Aliases are no other place."""
START: Place = ()


def below(place: Place | None, relation: RelationNode, node: EntityNode) -> Place | None:
    """The place that a to-one relation leads to; below a list (``None``) there is none."""
    return None if place is None else (*place, (relation.relation, node.entity))


def needs_turn(allowed: Allowed, *, sensitive: bool) -> bool:
    """Whether a right holds for one record at a time and not for the caller's own."""
    return (allowed.single or sensitive) and ScopeKind.OWN not in allowed.scope


def record_root(plan: QueryPlan) -> EntityNode | None:
    """The selection on the one record that the operation starts from; ``None`` for lists and for several roots."""
    roots = [root for root in plan.roots if not isinstance(root, OtherRoot)]
    if len(roots) == 1 and isinstance(roots[0], KeyRoot | IdRoot):
        return roots[0].node
    return None


def single_place(plan: QueryPlan, access: AccessMap, catalog: Catalog) -> Place | None:
    """The place whose record may be shown under such rights; ``None`` where none is needed."""
    root = record_root(plan)
    if root is None:
        return None
    turns = _Turns(access, catalog)
    return next(chain(turns.members(root, START), turns.classes(root, START)), None)


class _Turns:
    """Places that such rights open, in the order of the response."""

    def __init__(self, access: AccessMap, catalog: Catalog) -> None:
        self._access = access
        self._catalog = catalog

    def members(self, node: EntityNode, place: Place) -> Iterator[Place]:
        """Places where they open the row, a field or a relation."""
        entity = self._catalog.entities[node.entity]
        rows = self._access[row_coordinate(entity.name)]
        if not rows.clear:
            return
        if _takes_turn(rows, entity.row_label):
            yield place
        for member in node.members:
            if isinstance(member, RelationNode):
                access = self._access[field_coordinate(entity.name, member.relation)]
                if _takes_turn(access, None):
                    yield place
                if access.clear:
                    for further in _records(member):
                        yield from self.members(further, (*place, (member.relation, further.entity)))
            elif member.kind is FieldKind.VALUE:
                field = entity.fields[member.member]
                if _takes_turn(
                    self._access[field_coordinate(entity.name, field.label_of or field.companion_of or field.name)],
                    field.label,
                ):
                    yield place

    def classes(self, node: EntityNode, place: Place) -> Iterator[Place]:
        """Places where they open rows of a class."""
        entity = self._catalog.entities[node.entity]
        decided = self._access.row_classes.get(row_coordinate(entity.name), ())
        if not self._access[row_coordinate(entity.name)].clear:
            return
        if any(_takes_turn(access, one.label) for one, access in zip(entity.row_classes, decided, strict=True)):
            yield place
        for member in node.members:
            if isinstance(member, RelationNode) and self._access[field_coordinate(entity.name, member.relation)].clear:
                for further in _records(member):
                    yield from self.classes(further, (*place, (member.relation, further.entity)))


def _takes_turn(access: Access, label: Label | None) -> bool:
    sensitive = label is not None and label.personal is PersonalInformation.SENSITIVE
    return any(needs_turn(allowed, sensitive=sensitive) for allowed in access.clear)


def _records(relation: RelationNode) -> tuple[EntityNode, ...]:
    """The selections on the row that a relation leads to, on each kind of row it may be; none of a list."""
    match relation.branch:
        case EntityNode() as node:
            return (node,)
        case UnionNode(branches=branches):
            return branches
        case _:
            return ()
