"""The SDL of a schema, in a stable and readable order; ``python -m schema.sdl`` rewrites the committed snapshot.

Order: the query type, then every entity with its connection, edge and inputs as in the catalogue, then what entities
share: interface, objects, inputs, enums, scalars.
"""

from pathlib import Path

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    is_introspection_type,
    is_specified_scalar_type,
    print_type,
)

from schema.build import CatalogSchema
from schema.names import ENTITY_EXTENSION

SNAPSHOT = Path(__file__).with_name("schema.graphql")
_SHARED = (GraphQLInterfaceType, GraphQLObjectType, GraphQLInputObjectType, GraphQLEnumType)


def print_sdl(schema: CatalogSchema) -> str:
    """SDL of ``schema`` with descriptions, ending in a newline. Equal schemas give equal text."""
    graphql = schema.graphql
    types = [t for t in graphql.type_map.values() if not (is_introspection_type(t) or is_specified_scalar_type(t))]
    entities = list(dict.fromkeys(t.extensions[ENTITY_EXTENSION] for t in types if ENTITY_EXTENSION in t.extensions))

    def place(named: GraphQLNamedType) -> tuple[int, int, str]:
        if named is graphql.query_type:
            return 0, 0, ""
        if (entity := named.extensions.get(ENTITY_EXTENSION)) is not None:
            return 1, entities.index(entity), ""
        kind = next((i for i, kind in enumerate(_SHARED) if isinstance(named, kind)), len(_SHARED))
        return 2, kind, named.name

    return "\n\n".join(print_type(named) for named in sorted(types, key=place)) + "\n"
