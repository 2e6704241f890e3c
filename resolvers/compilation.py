"""Second pass of *prepare*: a draft becomes a `Node` or a `Connection` with compiled fetches and generated
functions.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from connectors.contract import Binding, Fetch, KeyMatch, Output, Prepared, RelatedBinding
from connectors.errors import UnsupportedFetch
from resolvers.authorized import ClassRule
from resolvers.conditions import Condition, certain
from resolvers.draft import Draft, HopDraft, ShapeDraft
from resolvers.fetch_plan import (
    Checked,
    ClassTest,
    Connection,
    Flag,
    Hop,
    Inherited,
    InKeySet,
    Leaf,
    Node,
    OfField,
    OneOf,
    Outside,
    Pager,
    Shape,
    SourceFetch,
)
from resolvers.keyset import after_position, complete_order
from resolvers.query_plan import ConnectionKind, ConnectionNode, FieldKind, FromScope
from resolvers.row_quality import LinkQuality
from resolvers.scoping import links as links_of
from resolvers.shape import LeafAccess, ShapeWriter
from schema.catalog import Relation, ScopeKind
from schema.coordinates import field_coordinate
from schema.predicates import ROW_KEY, Predicate, conjunction, fields_of, moved, slots_of


def compile_node(draft: Draft, keys: KeyMatch, alternatives: tuple[int, ...]) -> Node:
    """A node whose rows are found by key."""
    prepared = draft.reader.prepared
    if prepared is None:
        prepared = tuple(_prepare(draft, binding, keys) for binding in draft.reader.bindings)
        draft.reader.place(prepared)
    sources = tuple(
        SourceFetch(
            connector=binding.connector,
            prepared=compiled,
            step=f"{draft.place} by key",
            gate=gate,
            alternatives=alternatives,
            rank_of=draft.reader.ranking(position),
            repeats=binding.repeats,
        )
        for position, (binding, compiled, gate) in enumerate(
            zip(draft.reader.bindings, prepared, draft.gates, strict=True)
        )
    )
    return _node(draft, sources)


def compile_connection(draft: Draft, keys: KeyMatch | None) -> Connection:
    """A paged list; ``keys`` is ``None`` for a list at the root."""
    assert draft.connection is not None
    node, scopes = draft.connection.node, draft.drafting.scopes
    (binding,) = draft.reader.bindings
    order = complete_order(node.order, backward=node.page.backward)
    for term in order:
        draft.reader.require(term.field)
    predicate = conjunction(draft.predicate, node.where)
    slots = tuple(scopes.slots.fresh() for _ in order)
    projection = draft.reader.projection(binding)
    connector = scopes.connectors[binding.connector]

    def fetch(extra: Predicate) -> Prepared:
        return connector.prepare(
            Fetch(
                binding=binding,
                projection=projection,
                predicate=conjunction(predicate, extra),
                keys=keys,
                order=order,
                limited=True,
                related=draft.related,
            )
        )

    first = fetch(conjunction())
    draft.reader.place((first,))
    (gate,) = draft.gates

    @lru_cache(maxsize=8)
    def keyset(nulls: tuple[bool, ...]) -> SourceFetch:
        prepared = fetch(after_position(order, nulls, slots)) if nulls else first
        if any(prepared.columns[name] != first.columns[name] for name in projection):
            raise UnsupportedFetch(binding.connector, "a page after a cursor has other columns than the first page")
        return SourceFetch(connector=binding.connector, prepared=prepared, gate=gate, step=f"{draft.place} list")

    count = None
    if node.wants(ConnectionKind.TOTAL_COUNT):
        counting = Fetch(
            binding=binding, projection=(), predicate=predicate, keys=keys, output=Output.COUNT, related=draft.related
        )
        counted = connector.prepare(counting)
        if counted.residual is not None:  # the source would count a superset: count rechecked rows instead
            counted = connector.prepare(replace(counting, output=Output.ROWS, limited=True))
        step = f"{draft.place} count"
        count = SourceFetch(connector=binding.connector, prepared=counted, gate=gate, step=step)
    pager = Pager(
        entity=draft.entity.name,
        order=order,
        page=node.page,
        count=count,
        keyset=keyset,
        cursor_slots=slots,
        values_of=draft.reader.list_function([term.field for term in order], scopes.names),
        digest=_list_digest(node),
        filter_slots=tuple(slots_of(node.where)),
    )
    return Connection(node=_node(draft, (keyset(()),)), pager=pager, members=node.members, wants_rows=node.wants_rows)


def _list_digest(node: ConnectionNode) -> str:
    """What a cursor is bound to besides values: order and filter, the same in every document that asks for them."""
    slots = 1 + max(slots_of(node.where), default=-1)
    return hashlib.sha256(repr((node.order, moved(node.where, [0] * slots))).encode()).hexdigest()[:16]


def _prepare(draft: Draft, binding: Binding, keys: KeyMatch) -> Prepared:
    connector = draft.drafting.scopes.connectors[binding.connector]
    return connector.prepare(Fetch(binding=binding, projection=draft.reader.keyed_projection(binding), keys=keys))


def _node(draft: Draft, sources: tuple[SourceFetch, ...]) -> Node:
    return Node(
        entity=draft.entity.name,
        path=draft.path,
        sources=sources,
        flags=tuple(_flag(draft, kind) for kind in draft.flags),
        rows=draft.rows,
        classes=tuple(_class_test(draft, rule) for rule in draft.classes),
        shapes=tuple(_shape(draft, shape) for shape in draft.shapes),
        merged=draft.reader.merged,
        proved=tuple(sorted(draft.proved)),
        duplicate_code="DUP_" + "".join(f"_{c}" if c.isupper() else c for c in draft.entity.name).strip("_").upper(),
    )


def _class_test(draft: Draft, rule: ClassRule) -> ClassTest:
    fields = tuple(dict.fromkeys(fields_of(rule.row_class.when)))
    values_of = draft.reader.list_function(fields, draft.drafting.scopes.names)
    return ClassTest(row_class=rule.row_class, rows=rule.rows, fields=fields, values_of=values_of)


def _flag(draft: Draft, kind: ScopeKind) -> Flag:
    scope = draft.entity.scopes.get(kind)
    if scope is None:
        return Outside(kind=kind)
    if draft.inherits(kind):
        return Inherited(kind=kind)
    scopes = draft.drafting.scopes
    if not scope.relations:
        slot = scopes.slots.slot(FromScope(kind))
        return OfField(kind=kind, slot=slot, values=draft.reader.list_function((scope.field,), scopes.names))
    relation = draft.entity.relations[scope.relations[0]]
    target = scopes.catalog.entities[relation.target]
    binding = scopes.bindings[target.name][0]
    joins = links_of(relation, target)
    if not all(join.remote in binding.fields for join in joins):  # the source cannot be asked by every alternative
        slots = scopes.key_slots(kind, target, scope.relations[1:], scope.field, joins)
        return InKeySet(
            kind=kind, slots=slots, values=draft.reader.list_function([join.local for join in joins], scopes.names)
        )
    alternatives = _alternatives(relation, (binding,))
    related: dict[str, RelatedBinding] = {}
    fetch = Fetch(
        binding=binding,
        projection=(ROW_KEY,),
        predicate=scopes.along(kind, target, binding, scope.relations[1:], scope.field, related),
        keys=KeyMatch(fields=tuple(relation.join[i].remote for i in alternatives), tree=relation.tree),
        related=related,
    )
    prepared = scopes.connectors[binding.connector].prepare(fetch)
    return Checked(
        kind=kind,
        keys_of=draft.reader.list_function([join.local for join in relation.join], scopes.names),
        fetch=SourceFetch(
            connector=binding.connector,
            prepared=prepared,
            alternatives=alternatives,
            step=f"{draft.place} rows in {kind}",
        ),
    )


def _alternatives(relation: Relation, bindings: Sequence[Binding]) -> tuple[int, ...]:
    """Positions of the relation's joins that every binding can be asked by."""
    found = tuple(i for i, join in enumerate(relation.join) if all(join.remote in b.fields for b in bindings))
    if not found:
        raise UnsupportedFetch(
            bindings[0].connector if bindings else relation.target,
            f"no binding of {relation.target} holds a join field of the relation {relation.name}",
        )
    return found


def _shape(draft: Draft, shape: ShapeDraft) -> Shape:
    scopes = draft.drafting.scopes
    writer = ShapeWriter(draft.reader, scopes.catalog, scopes.names)
    hops: list[Hop] = []
    links: list[LinkQuality] = []
    entries: list[tuple[str, LeafAccess | int | None]] = []
    for key, entry in shape.entries:
        if isinstance(entry, HopDraft):
            try:
                hop = _hop(draft, key, entry, quality=shape.quality)
            except UnsupportedFetch as error:
                draft.drafting.give_up((*shape.path, key), error)
                entries.append((key, None))
                continue
            if shape.quality and not entry.relation.many:
                noted = hop.orphan is not None or hop.conflict is not None
                links.append(LinkQuality(relation=entry.relation, gate=entry.gate, position=len(hops), noted=noted))
            entries.append((key, len(hops)))
            hops.append(hop)
        else:
            entries.append((key, entry))
    build = writer.write(entries, links)
    leaves = tuple(
        _described(draft, key, entry)
        for key, entry in entries
        if isinstance(entry, LeafAccess) and entry.field.node.kind is FieldKind.VALUE
    )
    return Shape(
        build=build,
        source=writer.source,
        conditions=tuple(writer.conditions),
        hops=tuple(hops),
        leaves=leaves,
        path=shape.path,
    )


def _described(draft: Draft, key: str, leaf: LeafAccess) -> Leaf:
    member = leaf.field.node.member
    described = draft.entity.fields[member]
    coordinate = field_coordinate(draft.entity.name, described.label_of or described.companion_of or member)
    masks: Condition = tuple(scope for condition, _ in leaf.masks for scope in condition)
    return Leaf(
        response_key=key,
        coordinate=coordinate,
        sources=draft.reader.sources_of(member) if leaf.visible else (),
        denial=None if certain(leaf.clear) else leaf.field.denial,
        clear=leaf.clear,
        masks=masks,
        rules=tuple(
            replace(rule, condition=condition)
            for rule, (condition, _) in zip(leaf.field.masks, leaf.masks, strict=False)
        ),
    )


def _hop(draft: Draft, key: str, hop: HopDraft, *, quality: bool) -> Hop:
    relation = hop.relation
    alternatives: tuple[int, ...] = ()
    nodes: list[Node] = []
    connection: Connection | None = None
    for target in hop.targets:
        alternatives = _alternatives(relation, target.reader.bindings) if target.reader.bindings else ()
        match = KeyMatch(fields=tuple(relation.join[i].remote for i in alternatives), tree=relation.tree)
        if target.connection is not None:
            connection = compile_connection(target, match)
        else:
            nodes.append(compile_node(target, match, alternatives))
    locals_ = [join.local for join in relation.join]
    inherits = dict.fromkeys(kind for target in hop.targets for kind in target.flags if target.inherits(kind))
    every_row = len(nodes) == 1 and certain(nodes[0].rows) and not nodes[0].classes
    return Hop(
        response_key=key,
        keys_of=draft.reader.list_function(locals_, draft.drafting.scopes.names),
        alternatives=alternatives,
        gate=hop.gate,
        inherits=tuple(inherits),
        target=connection or (nodes[0] if len(nodes) == 1 else OneOf(nodes=tuple(nodes))),
        denial=hop.access.denial,
        sources=tuple(dict.fromkeys(i for name in locals_ for i in draft.reader.sources_of(name))),
        coordinate=field_coordinate(draft.entity.name, relation.name),
        orphan=relation.orphan if quality and every_row else None,
        conflict=f"CONFLICT({relation.name})" if quality and len(nodes) > 1 else None,
    )
