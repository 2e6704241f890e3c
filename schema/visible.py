"""Filtered copies of the full schema: what one set of callers sees of the catalogue's names (D6).

A copy answers exactly like a schema whose catalogue never had the hidden names. It is made by relinking graphql-core
types (a millisecond or so), never by decorating anew. Neighbours: :mod:`schema.build` makes the full schema; whoever
asks for copies keeps a bounded cache of them by hidden set.
"""

from collections.abc import Callable, Set
from copy import copy
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar, cast

from graphql import (
    GraphQLArgument,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    get_nullable_type,
)

from schema.build import CatalogSchema
from schema.catalog import Catalog, Entity, Relation
from schema.coordinates import Coordinate, field_coordinate, row_coordinate
from schema.descriptions import describe_root_one
from schema.names import (
    ENTITY_EXTENSION,
    MEMBER_EXTENSION,
    QUERY,
    exposed_fields,
    exposed_relations,
    filter_fields,
    key_fields,
    order_fields,
    root_plural,
    where_type,
)

Element = TypeVar("Element", GraphQLField, GraphQLInputField, GraphQLArgument)


def visible_schema(full: CatalogSchema, catalog: Catalog, hidden: frozenset[Coordinate]) -> CatalogSchema:
    """The copy of ``full`` (built from ``catalog``) in which the ``hidden`` coordinates never existed.

    A hidden field takes its label and text companions with it. An entity is absent when its row coordinate is hidden
    and none of its members is left; relations to an absent entity are absent, and unions lose it as a member. Unknown
    coordinates mean nothing.
    """
    remaining = without(catalog, hidden)
    return full.over(_Relinking(full.graphql, remaining).schema())


def without(catalog: Catalog, hidden: frozenset[Coordinate]) -> Catalog:
    """``catalog`` less the ``hidden`` names. Only fit for naming: derivations, joins, scopes may mention lost ones."""
    entities = {entity.name: _members_left(entity, hidden) for entity in catalog.entities.values()}
    while absent := {
        name
        for name, entity in entities.items()
        if row_coordinate(name) in hidden and not exposed_fields(entity) and not exposed_relations(entity)
    }:
        entities = {
            name: replace(
                entity,
                relations={
                    name: left for name, r in entity.relations.items() if (left := _targets_left(r, absent)) is not None
                },
            )
            for name, entity in entities.items()
            if name not in absent
        }
    return replace(catalog, entities=entities)


def _members_left(entity: Entity, hidden: frozenset[Coordinate]) -> Entity:
    def left(*names: str | None) -> bool:
        return not any(name and field_coordinate(entity.name, name) in hidden for name in names)

    return replace(
        entity,
        fields={f.name: f for f in entity.fields.values() if left(f.name, f.label_of, f.companion_of)},
        relations={r.name: r for r in entity.relations.values() if left(r.name)},
    )


def _targets_left(relation: Relation, absent: Set[str]) -> Relation | None:
    """``relation`` to the targets that are not ``absent``; ``None``: there is none. A union of one stays a union."""
    left = tuple(target for target in relation.targets if target not in absent)
    return replace(relation, target=left[0], others=left[1:]) if left else None


class _Relinking:
    """One copy in the making: query and entity types are new and refer to one another; all other types are shared."""

    def __init__(self, full: GraphQLSchema, catalog: Catalog) -> None:
        self._full = full
        self._catalog = catalog
        self._types: dict[str, GraphQLNamedType] = {}

    def schema(self) -> GraphQLSchema:
        """The copy; types that nothing reaches any more are absent from it."""
        for named in self._full.type_map.values():
            if (relinked := self._relinked(named)) is not None:
                self._types[named.name] = relinked
        return GraphQLSchema(
            query=cast(GraphQLObjectType, self._types[QUERY]),
            types=[self._types[name] for name in self._catalog.entities],
            directives=self._full.directives,
            extensions=self._full.extensions,
            assume_valid=True,
        )

    def _relinked(self, named: GraphQLNamedType) -> GraphQLNamedType | None:
        """The copy's type for a type of the full schema; ``None`` where the copy has none."""
        if named.name == QUERY:
            return _object_like(cast(GraphQLObjectType, named), self._roots)
        if isinstance(named, GraphQLUnionType):
            members = [member.name for member in named.types if member.name in self._catalog.entities]
            return _union_like(named, lambda: [cast(GraphQLObjectType, self._types[name]) for name in members])
        if (name := named.extensions.get(ENTITY_EXTENSION)) is None:
            return named
        if (entity := self._catalog.entities.get(name)) is None:
            return None
        if isinstance(named, GraphQLObjectType):
            return _object_like(named, partial(self._fields, named, entity.fields.keys() | entity.relations.keys()))
        assert isinstance(named, GraphQLInputObjectType)
        comparable = filter_fields(entity) if named.name == where_type(entity) else order_fields(entity)
        if not comparable:
            return None
        return _input_like(named, partial(self._input_fields, named, {field.name for field in comparable}))

    def _roots(self) -> dict[str, GraphQLField]:
        query = self._full.query_type
        assert query is not None
        roots = {}
        for name, root in query.fields.items():
            owner = root.extensions.get(ENTITY_EXTENSION)
            if owner is None:
                roots[name] = root
            elif (entity := self._catalog.entities.get(owner)) is None:
                continue
            elif name == root_plural(entity):
                roots[name] = self._field(root)
            elif keys := key_fields(entity):
                roots[name] = self._key_root(root, entity, [field.name for field in keys])
        return roots

    def _key_root(self, root: GraphQLField, entity: Entity, keys: list[str]) -> GraphQLField:
        field = self._field(root)
        field.args = {name: copy(root.args[name]) for name in keys}
        field.description = describe_root_one(entity, len(keys))
        if len(keys) == 1:
            (only,) = field.args.values()
            only.deprecation_reason = None  # what is required cannot be deprecated
            only.type = GraphQLNonNull(cast(Any, get_nullable_type(only.type)))
        return field

    def _fields(self, named: GraphQLObjectType, members: Set[str]) -> dict[str, GraphQLField]:
        return {name: self._field(field) for name, field in named.fields.items() if _stays(field, members)}

    def _input_fields(self, named: GraphQLInputObjectType, members: Set[str]) -> dict[str, GraphQLInputField]:
        return {name: self._retyped(field) for name, field in named.fields.items() if _stays(field, members)}

    def _field(self, field: GraphQLField) -> GraphQLField:
        relinked = self._retyped(field)
        relinked.args = {
            name: self._retyped(argument)
            for name, argument in field.args.items()
            if get_named_type(argument.type).name in self._types
        }
        return relinked

    def _retyped(self, element: Element) -> Element:
        """A copy of ``element`` whose type is the copy's."""
        retyped = copy(element)
        retyped.type = self._reference(element.type)
        return retyped

    def _reference(self, kind: Any) -> Any:
        if isinstance(kind, GraphQLNonNull):
            return GraphQLNonNull(self._reference(kind.of_type))
        if isinstance(kind, GraphQLList):
            return GraphQLList(self._reference(kind.of_type))
        return self._types[kind.name]


def _stays(element: GraphQLField | GraphQLInputField, members: Set[str]) -> bool:
    """Structure stays; what stands for a catalogue member stays with it."""
    return MEMBER_EXTENSION not in element.extensions or element.extensions[MEMBER_EXTENSION] in members


def _object_like(named: GraphQLObjectType, fields: Callable[[], dict[str, GraphQLField]]) -> GraphQLObjectType:
    definition: dict[str, Any] = {**named.to_kwargs(), "fields": fields}
    return GraphQLObjectType(**definition)


def _union_like(named: GraphQLUnionType, types: Callable[[], list[GraphQLObjectType]]) -> GraphQLUnionType:
    definition: dict[str, Any] = {**named.to_kwargs(), "types": types}
    return GraphQLUnionType(**definition)


def _input_like(
    named: GraphQLInputObjectType, fields: Callable[[], dict[str, GraphQLInputField]]
) -> GraphQLInputObjectType:
    definition: dict[str, Any] = {**named.to_kwargs(), "fields": fields}
    return GraphQLInputObjectType(**definition)
