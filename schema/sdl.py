"""The SDL of a schema, in a stable and readable order. Run as a module it rewrites the snapshot (``make schema``).

Order: the query type, then every entity with its connection, edge and inputs as in the catalogue, then what entities
share: interface, unions, objects, inputs, enums, scalars, and the hub's directive.
"""

from pathlib import Path

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLUnionType,
    is_introspection_type,
    is_specified_scalar_type,
    print_directive,
    print_type,
)

from schema.build import CatalogSchema, build_schema
from schema.catalog_loader import load_catalog
from schema.names import ENTITY_EXTENSION, MAX_STALENESS

SNAPSHOT = Path(__file__).with_name("schema.graphql")
_SHARED = (GraphQLInterfaceType, GraphQLUnionType, GraphQLObjectType, GraphQLInputObjectType, GraphQLEnumType)


def print_sdl(schema: CatalogSchema) -> str:
    """SDL of ``schema`` with descriptions, ending in a newline. Equal schemas give equal text."""
    graphql = schema.graphql
    types = [t for t in graphql.type_map.values() if not (is_introspection_type(t) or is_specified_scalar_type(t))]
    entities = [named.name for named in types if named.extensions.get(ENTITY_EXTENSION) == named.name]

    def place(named: GraphQLNamedType) -> tuple[int, int, int, str]:
        if named is graphql.query_type:
            return 0, 0, 0, ""
        if (entity := named.extensions.get(ENTITY_EXTENSION)) is not None:
            inputs_last = 2 if isinstance(named, GraphQLInputObjectType) else 1
            return 1, entities.index(entity), 0 if named.name == entity else inputs_last, ""
        kind = next((rank for rank, kind in enumerate(_SHARED) if isinstance(named, kind)), len(_SHARED))
        return 2, kind, 0, named.name

    directives = [directive for directive in graphql.directives if directive.name == MAX_STALENESS]
    printed = [print_type(named) for named in sorted(types, key=place)]
    return "\n\n".join((*printed, *(print_directive(directive) for directive in directives))) + "\n"


def full_sdl() -> str:
    """The SDL of the catalogue that comes with the hub."""
    return print_sdl(build_schema(load_catalog(), lambda info: None))


if __name__ == "__main__":
    SNAPSHOT.write_text(full_sdl(), encoding="utf-8")
