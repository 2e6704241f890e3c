"""Catalogue -> GraphQL schema: entity types, connections, inputs and roots through Strawberry's dynamic API (D29).

Neighbours: :mod:`schema.names` says what is called how and what is exposed; :mod:`schema.inputs` makes inputs;
:mod:`schema.visible` makes filtered copies; resolvers hand in the one function that answers every root field. Nothing
below a root is resolved: roots return :class:`schema.completed.Completed` values.
"""

from collections.abc import Callable
from copy import copy
from typing import Any, Optional

import strawberry
from graphql import (
    DirectiveLocation,
    GraphQLArgument,
    GraphQLDirective,
    GraphQLEnumType,
    GraphQLError,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInt,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
    is_required_argument,
)
from strawberry.schema.config import StrawberryConfig
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.execution import ExecutionContext
from strawberry.types.field import StrawberryField

from schema import descriptions as text
from schema.catalog import Catalog, Entity, Field, Relation
from schema.completed import CompletingExecutionContext
from schema.inputs import OrderDirection, define_filters, define_order, define_where
from schema.names import (
    ENTITY_EXTENSION,
    ID,
    LISTING_EXTENSION,
    MAX_STALENESS,
    MAX_STALENESS_SECONDS,
    MEMBER_EXTENSION,
    META,
    NODE,
    QUERY,
    check_names,
    connection_type,
    edge_type,
    exposed_fields,
    exposed_relations,
    filter_fields,
    key_fields,
    order_fields,
    order_type,
    root_plural,
    root_singular,
    unions,
    where_type,
)
from schema.scalars import PYTHON_TYPES, SCALARS, DateTime
from schema.strawberry_types import TypeBook, argument, list_of, output_field, union_of
from schema.values import ScalarType
from schema.viewer import ENUM_TEXTS, ordinary_roots

RootResolver = Callable[[GraphQLResolveInfo[Any]], Any]
"""Answers any entity's root field, plainly or as an awaitable, with a ``Completed``."""


@strawberry.interface(name=NODE, description=text.NODE_INTERFACE)
class Node:
    """What every entity is (D14)."""

    id: strawberry.ID = strawberry.field(description=text.NODE_ID)


@strawberry.type(description=text.PAGE_INFO)
class PageInfo:
    """Relay's page information."""

    has_next_page: bool = strawberry.field(description=text.PAGE_INFO_NEXT)
    has_previous_page: bool = strawberry.field(description=text.PAGE_INFO_PREVIOUS)
    start_cursor: str | None = strawberry.field(description=text.PAGE_INFO_START)
    end_cursor: str | None = strawberry.field(description=text.PAGE_INFO_END)


@strawberry.type(description=text.SOURCE_META)
class SourceMeta:
    """One source of a row."""

    connector: str = strawberry.field(description=text.SOURCE_META_CONNECTOR)
    as_of: DateTime | None = strawberry.field(description=text.SOURCE_META_AS_OF)


@strawberry.type(description=text.ROW_META)
class RowMeta:
    """What a row tells about itself."""

    sources: list[SourceMeta] = strawberry.field(description=text.ROW_META_SOURCES)
    quality: list[str] = strawberry.field(description=text.ROW_META_QUALITY)
    masked: list[str] = strawberry.field(description=text.ROW_META_MASKED)


class CatalogSchema(strawberry.Schema):
    """A Strawberry schema made from a catalogue, whole or as a filtered copy of a whole one."""

    @property
    def graphql(self) -> GraphQLSchema:
        """The graphql-core schema that documents are validated against and executed on."""
        return self._schema

    def over(self, graphql: GraphQLSchema) -> "CatalogSchema":
        """This schema with another graphql-core schema; resolvers, configuration and execution stay the same."""
        other = copy(self)
        other._schema = graphql
        graphql._strawberry_schema = other  # type: ignore[attr-defined]
        return other

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Leave errors to whoever executes: Strawberry would log each one with its traceback, data values included."""


def build_schema(catalog: Catalog, resolve_root: RootResolver) -> CatalogSchema:
    """The full schema of ``catalog``, in catalogue order, whose root fields are all answered by ``resolve_root``.

    Raises :class:`schema.errors.CatalogInvalid` for names that clash or that GraphQL does not allow.
    """
    check_names(catalog)
    book = TypeBook()
    define_filters(book)
    entities = tuple(catalog.entities.values())
    types = tuple(book.mention(entity.name, Node) for entity in entities)
    for entity in entities:
        define_where(book, entity)
        define_order(book, entity)
        _define_entity(book, entity, catalog)
    roots = tuple(root for entity in entities for root in _roots(book, entity))
    query = book.output(QUERY, (*roots, _node_root(), *ordinary_roots()), description=text.QUERY_TYPE)
    schema = CatalogSchema(
        query=query,
        types=types,
        execution_context_class=CompletingExecutionContext,
        config=StrawberryConfig(scalar_map=SCALARS),
    )
    plain = schema.graphql
    graphql = GraphQLSchema(
        query=plain.query_type,
        types=[plain.type_map[entity.name] for entity in entities],
        directives=(*plain.directives, _max_staleness()),
        extensions=plain.extensions,
    )
    _finish(graphql, entities, resolve_root)
    return schema.over(graphql)


def _define_entity(book: TypeBook, entity: Entity, catalog: Catalog) -> None:
    row = book.mention(entity.name)
    fields = (
        *(_field(field, catalog) for field in exposed_fields(entity)),
        *(_relation(book, relation, catalog) for relation in exposed_relations(entity)),
        output_field(META, RowMeta, description=text.ROW_META_FIELD),
    )
    book.output(entity.name, fields, description=text.describe_entity(entity))
    edge = book.output(
        edge_type(entity),
        (
            output_field("node", row, description=text.EDGE_NODE),
            output_field("cursor", str, description=text.EDGE_CURSOR),
        ),
        description=text.describe_edge(entity),
    )
    book.output(
        connection_type(entity),
        (
            output_field("nodes", list_of(row), description=text.CONNECTION_NODES),
            output_field("edges", list_of(edge), description=text.CONNECTION_EDGES),
            output_field("pageInfo", PageInfo, description=text.CONNECTION_PAGE_INFO),
            output_field("totalCount", int | None, description=text.CONNECTION_TOTAL),
        ),
        description=text.describe_connection(entity),
    )


def _field(field: Field, catalog: Catalog) -> StrawberryField:
    scalar = PYTHON_TYPES[field.type]
    return output_field(
        field.name,
        (list_of(scalar) if field.is_list else scalar) | None,
        description=text.describe_field(field, catalog),
        extensions={MEMBER_EXTENSION: field.name},
    )


def _relation(book: TypeBook, relation: Relation, catalog: Catalog) -> StrawberryField:
    target = catalog.entities[relation.target]
    kind = book.mention(connection_type(target) if relation.many else target.name)
    if relation.union is not None:
        members = tuple(book.mention(name) for name in relation.targets)
        kind = union_of(relation.union, members, description=text.describe_union(unions(catalog)[relation.union]))
    return output_field(
        relation.name,
        Optional[kind],  # noqa: UP045
        description=text.describe_relation(relation),
        arguments=_connection_arguments(book, target, described=False) if relation.many else (),
        extensions={MEMBER_EXTENSION: relation.name},
    )


def _roots(book: TypeBook, entity: Entity) -> list[StrawberryField]:
    roots = []
    marks = {ENTITY_EXTENSION: entity.name}
    if keys := key_fields(entity):
        roots.append(
            output_field(
                root_singular(entity),
                book.mention(entity.name) | None,
                description=text.describe_root_one(entity, len(keys)),
                arguments=tuple(
                    _key_argument(field, alone=len(keys) == 1, lookup=field.name in entity.lookups) for field in keys
                ),
                extensions=marks,
            )
        )
    if entity.root_list:
        roots.append(
            output_field(
                root_plural(entity),
                book.mention(connection_type(entity)) | None,
                description=text.describe_root_list(entity),
                arguments=_connection_arguments(book, entity, described=True),
                extensions=marks,
            )
        )
    return roots


def _node_root() -> StrawberryField:
    return output_field(
        "node",
        Node | None,
        description=text.NODE_ROOT,
        arguments=(argument(ID, strawberry.ID, description=text.NODE_ROOT_ID),),
    )


def _key_argument(field: Field, *, alone: bool, lookup: bool) -> StrawberryArgument:
    kind: Any = int if field.type is ScalarType.INT else strawberry.ID
    return argument(
        field.name,
        kind if alone else kind | None,
        description=text.describe_key(field, lookup=lookup),
        extensions={MEMBER_EXTENSION: field.name},
    )


def _connection_arguments(book: TypeBook, entity: Entity, *, described: bool) -> tuple[StrawberryArgument, ...]:
    kinds: dict[str, Any] = {}
    if filter_fields(entity):
        kinds["where"] = book.mention(where_type(entity))
    if order_fields(entity):
        kinds["orderBy"] = list_of(book.mention(order_type(entity)))
    kinds |= {"first": int, "after": str, "last": int, "before": str}
    return tuple(
        argument(name, kind | None, description=text.ARGUMENTS[name] if described else None)
        for name, kind in kinds.items()
    )


def _finish(schema: GraphQLSchema, entities: tuple[Entity, ...], resolve_root: RootResolver) -> None:
    """Put what Strawberry has no word for onto the graphql-core types: extensions, @oneOf, values' texts, resolvers."""

    def resolve(_source: Any, info: GraphQLResolveInfo[Any], **_arguments: Any) -> Any:
        return resolve_root(info)

    for entity in entities:
        for name in (entity.name, connection_type(entity), edge_type(entity), where_type(entity), order_type(entity)):
            if (named := schema.type_map.get(name)) is not None:
                named.extensions[ENTITY_EXTENSION] = entity.name
    by_name = {entity.name: entity for entity in entities}
    texts = {OrderDirection.__name__: text.ORDER_DIRECTIONS, **ENUM_TEXTS}
    for named in schema.type_map.values():
        if isinstance(named, GraphQLInputObjectType):
            named.is_one_of = named.extensions["strawberry-definition"].is_one_of
        if isinstance(named, GraphQLEnumType):
            for name, description in texts.get(named.name, {}).items():
                named.values[name].description = description
        if isinstance(named, GraphQLObjectType | GraphQLInputObjectType):
            for field in named.fields.values():
                for element in (field, *getattr(field, "args", {}).values()):
                    if (definition := element.extensions.get("strawberry-definition")) is not None:
                        element.extensions.update(definition.metadata)
                    owner = {**named.extensions, **field.extensions}.get(ENTITY_EXTENSION)
                    element.deprecation_reason = (
                        _deprecation(element, by_name.get(str(owner))) or element.deprecation_reason
                    )
    assert schema.query_type is not None
    for root in schema.query_type.fields.values():
        if LISTING_EXTENSION not in root.extensions:
            root.resolve = resolve


def _deprecation(element: GraphQLField | GraphQLInputField | GraphQLArgument, entity: Entity | None) -> str | None:
    """Why the catalogue member of ``entity`` that ``element`` stands for is deprecated. What is required cannot be."""
    name = element.extensions.get(MEMBER_EXTENSION)
    if entity is None or name is None or (isinstance(element, GraphQLArgument) and is_required_argument(element)):
        return None
    member = entity.fields.get(name) or entity.relations[name]
    return str(member.deprecated) if member.deprecated else None


def _max_staleness() -> GraphQLDirective:
    seconds = GraphQLArgument(GraphQLNonNull(GraphQLInt), description=text.MAX_STALENESS_SECONDS)
    return GraphQLDirective(
        MAX_STALENESS,
        locations=[DirectiveLocation.QUERY],
        args={MAX_STALENESS_SECONDS: seconds},
        description=text.MAX_STALENESS,
    )
