"""GraphQL names of an entity, and which of its members reach GraphQL at all.

The one place for both rules: :mod:`schema.build` makes types by them, :mod:`schema.visible` filters types by them,
:mod:`resolvers.planner` reads operations by them. Catalogue names are GraphQL names; nothing is converted.
"""

import re
from collections import Counter

from schema.catalog import Catalog, Entity, Field, Relation
from schema.errors import CatalogInvalid, Problem, by_line
from schema.messages import catalogue_files
from schema.predicates import Operator
from schema.values import ScalarType

QUERY = "Query"
NODE = "Node"
ID = "id"
META = "_meta"
MAX_STALENESS, MAX_STALENESS_SECONDS = "maxStaleness", "seconds"
"""The directive of a query that says how old answers from copies may be, and its argument."""
WHERE_CONNECTIVES = ("and", "or", "not")
VIEWER, CODE_TABLE, CODE_TABLES = "viewer", "codeTable", "codeTables"
"""Root fields that are no entity's."""

ENTITY_EXTENSION = "hutong.entity"
"""Key in ``extensions`` of the GraphQL types and root fields that belong to an entity: the entity's name."""
MEMBER_EXTENSION = "hutong.member"
"""Key in ``extensions`` of GraphQL fields, input fields and arguments that stand for a catalogue member: its name."""

LISTING_EXTENSION = "hutong.listing"
"""Key in ``extensions`` of GraphQL fields that list what the hub knows itself: how many of such lists one counts as."""

_TYPE_NAME = re.compile(r"[A-Z][A-Za-z0-9]*\Z")
_OWN_TYPES = (
    *("PageInfo", "RowMeta", "SourceMeta", "OrderDirection", "ID"),
    *("Viewer", "ViewerScope", "CoordinateAccess", "ScopedAccess", "CodeTable", "CodeTableEntry"),
    *("ReadAccess", "DenialCode", "MaskKind", "ScopeKind"),
)
"""Types that are no entity's, besides `Query`, `Node`, the scalars and their filters."""
_EQUALITY = (Operator.EQ, Operator.NE, Operator.IN, Operator.NOT_IN)
_RANGE = (Operator.LT, Operator.LTE, Operator.GT, Operator.GTE)

OPERATORS: dict[ScalarType, tuple[Operator, ...]] = {
    ScalarType.STRING: (*_EQUALITY, Operator.STARTS_WITH, Operator.CONTAINS),
    ScalarType.INT: (*_EQUALITY, *_RANGE),
    ScalarType.FLOAT: _RANGE,
    ScalarType.BOOLEAN: (Operator.EQ,),
    ScalarType.DATE: (*_EQUALITY, *_RANGE),
    ScalarType.MONTH: (*_EQUALITY, *_RANGE),
    ScalarType.DATE_TIME: (*_EQUALITY, *_RANGE),
    ScalarType.FEN: (*_EQUALITY, *_RANGE),
    ScalarType.CODE: (*_EQUALITY, Operator.STARTS_WITH),
    ScalarType.DIV_CODE: (*_EQUALITY, Operator.STARTS_WITH),
    ScalarType.USCC: _EQUALITY,
}
"""Operators of each scalar's filter, besides ``isNull``. A pseudonym is looked up, never filtered by."""


def where_type(entity: Entity) -> str:
    """``PartyMember`` -> ``PartyMemberWhere``."""
    return f"{entity.name}Where"


def order_type(entity: Entity) -> str:
    """``PartyMember`` -> ``PartyMemberOrder``."""
    return f"{entity.name}Order"


def connection_type(entity: Entity) -> str:
    """``PartyMember`` -> ``PartyMemberConnection``."""
    return f"{entity.name}Connection"


def edge_type(entity: Entity) -> str:
    """``PartyMember`` -> ``PartyMemberEdge``."""
    return f"{entity.name}Edge"


def filter_type(scalar: ScalarType) -> str:
    """``Date`` -> ``DateFilter``."""
    return f"{scalar.value}Filter"


def root_singular(entity: Entity) -> str:
    """Root field that finds one row by key: ``partyMember``."""
    return entity.singular_root


def root_plural(entity: Entity) -> str:
    """Root field that lists rows: ``partyMembers``."""
    return entity.plural


def exposed_fields(entity: Entity) -> tuple[Field, ...]:
    """Fields that GraphQL shows, label and text companions included, in catalogue order."""
    return tuple(field for field in entity.fields.values() if not field.internal)


def exposed_relations(entity: Entity) -> tuple[Relation, ...]:
    """Relations that GraphQL shows, in catalogue order."""
    return tuple(relation for relation in entity.relations.values() if not relation.internal)


def unions(catalog: Catalog) -> dict[str, Relation]:
    """The first exposed relation that leads to each union, by the union's name."""
    found: dict[str, Relation] = {}
    for entity in catalog.entities.values():
        for relation in exposed_relations(entity):
            if relation.union is not None:
                found.setdefault(relation.union, relation)
    return found


def key_fields(entity: Entity) -> tuple[Field, ...]:
    """Fields that find one row at the root: the key, alternate keys, then look-up fields (D7). Empty: no such root."""
    names = dict.fromkeys((entity.key, *entity.alternate_keys, *entity.lookups))
    return tuple(field for name in names if (field := entity.fields.get(name)) and not field.internal)


def filter_fields(entity: Entity) -> tuple[Field, ...]:
    """Fields a ``where`` may compare. Empty: the entity has no where input."""
    return tuple(field for field in _stored(entity) if field.filterable and field.type in OPERATORS)


def order_fields(entity: Entity) -> tuple[Field, ...]:
    """Fields an ``orderBy`` may name. Empty: the entity has no order input."""
    return tuple(field for field in _stored(entity) if field.sortable)


def _stored(entity: Entity) -> tuple[Field, ...]:
    """Exposed single-valued fields that come from a source as they are: neither computed nor a companion."""
    return tuple(
        field
        for field in exposed_fields(entity)
        if not (field.derived or field.is_list or field.companion_of or field.label_of)
    )


def check_names(catalog: Catalog) -> None:
    """Raise `CatalogInvalid` where two things would get one GraphQL name, or a member takes a name GraphQL needs."""
    entities = tuple(catalog.entities.values())
    types = Counter(
        name for e in entities for name in (e.name, where_type(e), order_type(e), connection_type(e), edge_type(e))
    )
    types.update([QUERY, NODE, *_OWN_TYPES])
    types.update([scalar.value for scalar in ScalarType])
    types.update([filter_type(scalar) for scalar in OPERATORS])
    shared = unions(catalog)
    types.update(list(shared))
    roots = Counter(name for e in entities for name in (root_singular(e), root_plural(e)))
    roots.update(["node", VIEWER, CODE_TABLE, CODE_TABLES])
    problems = [
        Problem(place=entity.place, told=catalogue_files.NAME_TAKEN_TWICE(name=name))
        for entity in entities
        for name, taken in ((entity.name, types), (root_singular(entity), roots), (root_plural(entity), roots))
        if taken[name] > 1
    ]
    for entity in entities:
        fields, relations = exposed_fields(entity), exposed_relations(entity)
        reserved = {ID, META, *(field.name for field in fields)}
        for field in fields:
            if field.name in (ID, META, *WHERE_CONNECTIVES) or field.name.startswith("__"):
                problems.append(Problem(place=field.place, told=catalogue_files.FIELD_NAME_RESERVED(name=field.name)))
        for relation in relations:
            if relation.name in reserved or relation.name.startswith("__"):
                taken = catalogue_files.RELATION_NAME_TAKEN(coordinate=f"{entity.name}.{relation.name}")
                problems.append(Problem(place=relation.place, told=taken))
            for target in relation.targets:
                if target not in catalog.entities:
                    problems.append(Problem(place=relation.place, told=catalogue_files.TARGET_UNKNOWN(name=target)))
            if relation.union is not None:
                if types[relation.union] > 1 or not _TYPE_NAME.match(relation.union):
                    problems.append(Problem(place=relation.place, told=catalogue_files.UNION_NAME(name=relation.union)))
                if relation.targets != shared[relation.union].targets:
                    problems.append(
                        Problem(place=relation.place, told=catalogue_files.UNION_MEMBERS(name=relation.union))
                    )
    if problems:
        raise CatalogInvalid(by_line(problems))
