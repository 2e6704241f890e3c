"""Row scopes as predicates: how "rows in the caller's ORGTREE" becomes part of a fetch (D19).

Neighbours: :mod:`resolvers.prepare` pushes these predicates into list fetches and builds checks out of them. A path in
the same source becomes ``Exists``; a path into another source becomes a key set that is fetched first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import assert_never

from authz.decisions import ALL
from authz.subjects import Subject
from connectors.contract import Binding, Connector, Fetch, Output, RelatedBinding
from connectors.errors import UnsupportedFetch
from resolvers.conditions import Condition
from resolvers.fetch_plan import KeySet, SourceFetch
from resolvers.filters import Slots
from resolvers.query_plan import Constant, FromKeySet, FromScope
from resolvers.reader import FieldReader, Namespace
from schema.catalog import Catalog, Entity, JoinKey, Relation, RowClass, ScopeKind
from schema.predicates import (
    NEVER,
    Comparison,
    Exists,
    IsNull,
    Operator,
    Predicate,
    conjunction,
    disjunction,
    moved,
)
from schema.trees import Tree, subtree_prefix

UNIT_TREE = ("PublicUnit", "unitNo", "superiorNo")
"""UNITTREE: entity, its number, and the number of the unit above it."""
MAX_SCOPE_KEYS = 50_000
"""The most keys a scope in another source may have."""

_OPERATORS: Mapping[ScopeKind, Operator] = {
    ScopeKind.OWN: Operator.EQ,
    ScopeKind.STN: Operator.EQ,
    ScopeKind.SHOP: Operator.EQ,
    ScopeKind.ACCOUNT: Operator.EQ,
    ScopeKind.OPEN: Operator.EQ,
    ScopeKind.ORGTREE: Operator.STARTS_WITH,
    ScopeKind.DIVTREE: Operator.STARTS_WITH,
    ScopeKind.UNITTREE: Operator.IN,
}


def operator_of(kind: ScopeKind) -> Operator:
    """How a row's value is compared with the subject's scope value."""
    return _OPERATORS[kind]


def scope_value(kind: ScopeKind, subject: Subject) -> str | bool | None:
    """The subject's value of a scope: what a row's value must equal or start with; ``None``: no row is in the scope.

    For ``UNITTREE`` this is the top unit's number; the executor widens it to the list of units below. ``OPEN`` asks the
    row alone.
    """
    attributes = subject.attributes
    match kind:
        case ScopeKind.OWN | ScopeKind.SHOP:
            return attributes.get("identity")
        case ScopeKind.ACCOUNT:
            return attributes.get("mallAccount")
        case ScopeKind.OPEN:
            return True
        case ScopeKind.STN:
            return attributes.get("stationCode")
        case ScopeKind.UNITTREE:
            return attributes.get("unitNo")
        case ScopeKind.ORGTREE:
            return _prefix(Tree.ORG, attributes.get("orgCode"))
        case ScopeKind.DIVTREE:
            return _prefix(Tree.DIV, attributes.get("divCode"))
        case _:
            assert_never(kind)


def _prefix(tree: Tree, code: str | None) -> str | None:
    try:
        return subtree_prefix(tree, code) if code is not None else None
    except ValueError:
        return None


@dataclass(slots=True)
class ScopePredicates:
    """Makes scope predicates for one plan; gathers the key sets they need.

    ``bindings``: every entity's bindings; ``connectors`` by name. ``related`` of each built predicate must be given to
    the fetch that uses it.
    """

    catalog: Catalog
    bindings: Mapping[str, tuple[Binding, ...]]
    connectors: Mapping[str, Connector]
    slots: Slots
    names: Namespace
    key_sets: list[KeySet] = field(default_factory=list)

    def predicate(
        self, condition: Condition, entity: Entity, binding: Binding, related: dict[str, RelatedBinding]
    ) -> Predicate:
        """The predicate of ``condition`` over rows of ``binding``; what its ``Exists`` nodes follow is added to
        ``related``. A kind of scope the entity has no path for holds for no row."""
        if ALL in condition:
            return conjunction()
        return disjunction(
            *(
                conjunction(*(self.of_kind(kind, entity, binding, related) for kind in sorted(scope)))
                for scope in condition
            )
        )

    def row_class(self, row_class: RowClass) -> Predicate:
        """The predicate of a row class, its constants in slots of this plan."""
        return moved(row_class.when, [self.slots.slot(Constant(value)) for value in row_class.constants])

    def of_kind(
        self, kind: ScopeKind, entity: Entity, binding: Binding, related: dict[str, RelatedBinding]
    ) -> Predicate:
        """The predicate of one kind of scope over rows of ``binding``."""
        path = entity.scopes.get(kind)
        if path is None:
            return NEVER
        return self.along(kind, entity, binding, path.relations, path.field, related)

    def along(
        self,
        kind: ScopeKind,
        entity: Entity,
        binding: Binding,
        relations: tuple[str, ...],
        name: str,
        related: dict[str, RelatedBinding],
    ) -> Predicate:
        """The predicate "over ``relations``, the field ``name`` lies in the subject's scope of ``kind``"."""
        if not relations:
            if entity.fields[name].derived is not None:  # no source can decide it: the rows count as outside
                return NEVER
            return Comparison(name, _OPERATORS[kind], self.slots.slot(FromScope(kind)))
        relation = entity.relations[relations[0]]
        target = self.catalog.entities[relation.target]
        inner = next((b for b in self.bindings[target.name] if b.connector == binding.connector), None)
        if inner is not None and (join := _shared_join(relation, binding, inner)) is not None:
            below: dict[str, RelatedBinding] = {}
            rest = self.along(kind, target, inner, relations[1:], name, below)
            hop = RelatedBinding(binding=inner, local=join[0], remote=join[1], tree=relation.tree)
            if self._can_exist(binding, relation.name, rest, {**below, relation.name: hop}):
                related.update(below)
                related[relation.name] = hop
                return Exists(relation.name, rest)
        return self._key_set(kind, relation, target, relations[1:], name, binding)

    def _can_exist(self, binding: Binding, name: str, rest: Predicate, related: dict[str, RelatedBinding]) -> bool:
        fetch = Fetch(
            binding=binding, projection=(), predicate=Exists(name, rest), related=related, output=Output.COUNT
        )
        try:
            return self.connectors[binding.connector].prepare(fetch).residual is None
        except UnsupportedFetch:
            return False

    def _key_set(
        self, kind: ScopeKind, relation: Relation, target: Entity, rest: tuple[str, ...], name: str, binding: Binding
    ) -> Predicate:
        joins = [join for join in links(relation, target) if join.local in binding.fields]
        if relation.tree is not None or not joins:
            return NEVER
        found: list[Predicate] = []
        for column, (join, slot) in enumerate(zip(joins, self.key_slots(kind, target, rest, name, joins), strict=True)):
            earlier = [IsNull(previous.local) for previous in joins[:column]]
            found.append(conjunction(*earlier, Comparison(join.local, Operator.IN, slot)))
        return disjunction(*found)

    def key_slots(
        self, kind: ScopeKind, target: Entity, rest: tuple[str, ...], name: str, joins: Sequence[JoinKey]
    ) -> tuple[int, ...]:
        """Slots of a new key set, one per join: the remote values of the rows of ``target`` in scope."""
        index = self._fetch_keys(kind, target, rest, name, tuple(join.remote for join in joins))
        return tuple(self.slots.slot(FromKeySet(index, column)) for column in range(len(joins)))

    def _fetch_keys(
        self, kind: ScopeKind, target: Entity, rest: tuple[str, ...], name: str, fields: tuple[str, ...]
    ) -> int:
        binding = self.bindings[target.name][0]
        related: dict[str, RelatedBinding] = {}
        predicate = self.along(kind, target, binding, rest, name, related)
        reader = FieldReader(target, (binding,), merged=False)
        for wanted in fields:
            reader.require(wanted)
        fetch = Fetch(
            binding=binding,
            projection=reader.projection(binding),
            predicate=predicate,
            output=Output.DISTINCT,
            limited=True,
            related=related,
        )
        prepared = self.connectors[binding.connector].prepare(fetch)
        reader.place((prepared,))
        step = f"{target.name} keys of {kind}"
        source = SourceFetch(connector=binding.connector, prepared=prepared, gate=(ALL,), step=step)
        read = reader.list_function(fields, self.names)
        self.key_sets.append(KeySet(fetch=source, values_of=read, kind=kind))
        return len(self.key_sets) - 1


def links(relation: Relation, target: Entity) -> tuple[JoinKey, ...]:
    """The alternatives by which rows belong together over ``relation``: its own, or its inverse's, if those are more.

    A row belongs to the same rows whichever way it is asked, so a scope reached over either side is the same scope.
    """
    inverse = target.relations[relation.inverse].join if relation.inverse is not None else ()
    mirrored = tuple(JoinKey(local=join.remote, remote=join.local) for join in inverse)
    return mirrored if len(mirrored) > len(relation.join) else relation.join


def _shared_join(relation: Relation, binding: Binding, inner: Binding) -> tuple[str, str] | None:
    """The one join that both bindings hold; ``None`` when several alternatives would be needed."""
    if len(relation.join) != 1:
        return None
    (join,) = relation.join
    return (join.local, join.remote) if join.local in binding.fields and join.remote in inner.fields else None
