"""Stage *plan*: an operation's selection in catalogue terms -> `QueryPlan`. No I/O, no decisions, no values."""

from collections.abc import Callable, Mapping
from typing import Any

from graphql import DocumentNode, GraphQLObjectType, GraphQLSchema, OperationDefinitionNode

from resolvers.errors import BadInput
from resolvers.filters import Slots, order_terms, where_predicate
from resolvers.query_plan import (
    ConnectionKind,
    ConnectionMember,
    ConnectionNode,
    EntityNode,
    FieldKind,
    FieldNode,
    IdRoot,
    KeyRoot,
    ListRoot,
    MetaSelection,
    OtherRoot,
    Page,
    QueryPlan,
    RelationNode,
    Root,
    UnionNode,
)
from resolvers.selection import Leaf, SelectedField, Selector
from schema.catalog import Catalog, Entity, Relation
from schema.messages import operations
from schema.names import connection_type, edge_type, root_plural, root_singular


class RootFields:
    """Which root field of the schema is which entity's; built once per catalogue."""

    def __init__(self, catalog: Catalog) -> None:
        self.by_key: Mapping[str, Entity] = {root_singular(e): e for e in catalog.entities.values()}
        self.lists: Mapping[str, Entity] = {root_plural(e): e for e in catalog.entities.values() if e.root_list}


def plan_query(
    *,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: Mapping[str, Any],
    schema: GraphQLSchema,
    catalog: Catalog,
    roots: RootFields,
    entity_of_id: Callable[[Any], str | None],
) -> QueryPlan:
    """Plan ``operation``. ``variables`` are coerced; ``entity_of_id`` opens a node id to its entity's name (``None``
    for an id that is not ours). Raises `BadInput`.
    """
    return _Planner(document, variables, schema, catalog, entity_of_id).plan(operation, roots)


class _Planner:
    def __init__(
        self,
        document: DocumentNode,
        variables: Mapping[str, Any],
        schema: GraphQLSchema,
        catalog: Catalog,
        entity_of_id: Callable[[Any], str | None],
    ) -> None:
        self._selector = Selector(document, variables, schema)
        self._schema = schema
        self._catalog = catalog
        self._entity_of_id = entity_of_id
        self._slots = Slots()

    def plan(self, operation: OperationDefinitionNode, names: RootFields) -> QueryPlan:
        query = self._schema.query_type
        assert query is not None
        selected = self._selector.operation_fields(operation, query)
        roots = tuple(self._root(field, names) for field in selected)
        return QueryPlan(roots=roots, parameters=self._slots.sources())

    def _root(self, field: SelectedField, names: RootFields) -> Root:
        if (entity := names.lists.get(field.name)) is not None:
            return ListRoot(response_key=field.response_key, connection=self._connection(field, entity))
        if (entity := names.by_key.get(field.name)) is not None:
            return self._key_root(field, entity)
        if field.name == "node":
            leaf = field.arguments["id"]
            name = self._entity_of_id(leaf.value)
            if name is None or name not in self._catalog.entities or self._schema.get_type(name) is None:
                raise BadInput(operations.ID_OF_NOTHING(), path=[field.response_key])
            node = self._entity(field, self._catalog.entities[name])
            return IdRoot(response_key=field.response_key, slot=self._slots.slot(leaf.source), node=node)
        return OtherRoot(response_key=field.response_key)

    def _key_root(self, field: SelectedField, entity: Entity) -> KeyRoot:
        given = {name: leaf for name, leaf in field.arguments.items() if leaf is not None}
        if len(given) != 1:
            choices = ", ".join((entity.key, *entity.alternate_keys, *entity.lookups))
            told = operations.NOT_EXACTLY_ONE_KEY(field=field.name, arguments=choices)
            raise BadInput(told, path=[field.response_key])
        ((name, leaf),) = given.items()
        return KeyRoot(
            response_key=field.response_key,
            field=name,
            slot=self._slots.slot(leaf.source),
            lookup=name in entity.lookups,
            node=self._entity(field, entity),
        )

    def _type(self, name: str) -> GraphQLObjectType:
        found = self._schema.get_type(name)
        assert isinstance(found, GraphQLObjectType)
        return found

    def _entity(self, selected: SelectedField, entity: Entity) -> EntityNode:
        fields = self._selector.fields(selected, self._type(entity.name))
        return EntityNode(entity=entity.name, members=tuple(self._member(field, entity) for field in fields))

    def _member(self, field: SelectedField, entity: Entity) -> FieldNode | RelationNode:
        key = field.response_key
        if (relation := entity.relations.get(field.name)) is not None:
            return RelationNode(response_key=key, relation=relation.name, branch=self._branch(field, relation))
        if field.name == "__typename":
            return FieldNode(response_key=key, kind=FieldKind.TYPENAME)
        if field.name == "id":
            return FieldNode(response_key=key, kind=FieldKind.ID)
        if field.name == "_meta":
            return FieldNode(response_key=key, kind=FieldKind.META, meta=self._meta(field))
        return FieldNode(response_key=key, kind=FieldKind.VALUE, member=field.name)

    def _branch(self, field: SelectedField, relation: Relation) -> EntityNode | UnionNode | ConnectionNode:
        target = self._catalog.entities[relation.target]
        if relation.union is None:
            return self._connection(field, target) if relation.many else self._entity(field, target)
        visible = (self._catalog.entities[name] for name in relation.targets if self._schema.get_type(name) is not None)
        return UnionNode(branches=tuple(self._entity(field, entity) for entity in visible))

    def _meta(self, field: SelectedField) -> MetaSelection:
        inner = self._selector.fields(field, self._type("RowMeta"))
        sources: dict[str, tuple[tuple[str, str], ...]] = {}
        for member in inner:
            if member.name == "sources":
                chosen = self._selector.fields(member, self._type("SourceMeta"))
                sources[member.response_key] = tuple((s.response_key, s.name) for s in chosen)
        return MetaSelection(members=tuple((m.response_key, m.name) for m in inner), sources=sources)

    def _connection(self, selected: SelectedField, entity: Entity) -> ConnectionNode:
        arguments = selected.arguments
        page = Page(**{name: _source(arguments.get(name)) for name in ("first", "after", "last", "before")})
        if page.first is not None and page.last is not None:
            raise BadInput(operations.FIRST_AND_LAST(field=selected.name), path=[selected.response_key])
        if (page.after is not None and page.backward) or (page.before is not None and not page.backward):
            raise BadInput(operations.CURSOR_AGAINST_PAGE(), path=[selected.response_key])
        members = self._selector.fields(selected, self._type(connection_type(entity)))
        return ConnectionNode(
            entity=entity.name,
            where=where_predicate(arguments.get("where"), entity, self._slots),
            order=order_terms(arguments.get("orderBy")),
            page=page,
            members=tuple(self._connection_member(member, entity) for member in members),
        )

    def _connection_member(self, field: SelectedField, entity: Entity) -> ConnectionMember:
        kind = ConnectionKind(field.name)
        nodes: tuple[tuple[str, EntityNode], ...] = ()
        inner: tuple[tuple[str, str], ...] = ()
        match kind:
            case ConnectionKind.NODES:
                nodes = (("", self._entity(field, entity)),)
            case ConnectionKind.EDGES:
                chosen = self._selector.fields(field, self._type(edge_type(entity)))
                inner = tuple((f.response_key, f.name) for f in chosen)
                nodes = tuple((f.response_key, self._entity(f, entity)) for f in chosen if f.name == "node")
            case ConnectionKind.PAGE_INFO:
                chosen = self._selector.fields(field, self._type("PageInfo"))
                inner = tuple((f.response_key, f.name) for f in chosen)
            case ConnectionKind.TOTAL_COUNT | ConnectionKind.TYPENAME:
                pass
        return ConnectionMember(response_key=field.response_key, kind=kind, nodes=nodes, inner=inner)


def _source(leaf: Leaf | None) -> Any:
    return None if leaf is None else leaf.source
