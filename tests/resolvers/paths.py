"""Every way to a row of every entity: roots, relations, node ids, fragments and aliases, as documents with a hole."""

from collections.abc import Iterator, Mapping
from typing import Any

from schema.catalog import Catalog, Entity, Relation
from schema.names import exposed_relations, root_plural, root_singular
from tests.resolvers.mini_city import ANN, MiniCity, code

KEYS: Mapping[str, str] = {
    "AdministrativeDivision": 'divCode: "430726"',
    "PartyOrganisation": f'orgCode: "{code("001010001")}"',
    "PartyMember": "memberNo: 1",
    "OrgLifeActivity": "activityId: 1",
    "ActivityAttendance": "attendanceId: 1",
    "DuesRecord": "duesId: 1",
    "PublicUnit": 'unitNo: "1001"',
    "StaffPost": 'staffNo: "P1"',
}
"""A row of each entity by its root. Person has a key of each consumer's own; see `person_key`."""

_ROWS: Mapping[str, tuple[str, Any]] = {
    "AdministrativeDivision": ("hub", "430726"),
    "PartyOrganisation": ("s1", code("001010001")),
    "PartyMember": ("s1", 1),
    "Person": ("*", ANN),
    "OrgLifeActivity": ("s2", 1),
    "ActivityAttendance": ("s2", 1),
    "DuesRecord": ("s2", 1),
    "PublicUnit": ("s3", "1001"),
    "StaffPost": ("s3", "P1"),
}


def person_key(city: MiniCity) -> str:
    """The key of Ann for the tests' own application."""
    return city.keyring.of("tests").persons.seal(ANN)


def node_id(city: MiniCity, entity: str) -> str:
    """The node id of the row that `KEYS` names."""
    return city.keyring.of("tests").sealer.seal_id(entity, *_ROWS[entity])


def one(city: MiniCity, entity: Entity) -> str:
    """The root field that finds a row of ``entity``, with its argument."""
    key = KEYS.get(entity.name) or f'personKey: "{person_key(city)}"'
    return f"{root_singular(entity)}({key})"


def paths_to(city: MiniCity, catalog: Catalog, entity: Entity) -> Iterator[tuple[str, str]]:
    """(name of the way, document with ``SELECTION`` where the row's selection goes)."""
    yield "by key", f"{{ x: {one(city, entity)} {{ SELECTION }} }}"
    yield "by node id", f'{{ x: node(id: "{node_id(city, entity.name)}") {{ ... on {entity.name} {{ SELECTION }} }} }}'
    yield (
        "by a fragment",
        f'{{ x: node(id: "{node_id(city, entity.name)}") {{ ...f }} }} fragment f on {entity.name} {{ SELECTION }}',
    )
    if entity.root_list:
        for way, rows in _LISTS:
            yield f"{way} of the list", f"{{ x: {root_plural(entity)} {{ {rows} }} }}"
    for other in catalog.entities.values():
        for relation in exposed_relations(other):
            if relation.target == entity.name:
                yield from _over(one(city, other), other, relation)


_LISTS = (("nodes", "r: nodes { SELECTION }"), ("edges", "e: edges { n: node { SELECTION } m: node { SELECTION } }"))


def _over(root: str, other: Entity, relation: Relation) -> Iterator[tuple[str, str]]:
    way = f"over {other.name}.{relation.name}"
    if not relation.many:
        yield way, f"{{ x: {root} {{ y: {relation.name} {{ SELECTION }} }} }}"
        return
    for part, rows in _LISTS:
        yield f"{part} {way}", f"{{ x: {root} {{ y: {relation.name} {{ {rows} }} }} }}"


def values_at(data: Any, key: str) -> Iterator[Any]:
    """Every value under a response key, anywhere in the data."""
    if isinstance(data, list):
        for item in data:
            yield from values_at(item, key)
    elif isinstance(data, dict):
        for name, value in data.items():
            if name == key:
                yield value
            else:
                yield from values_at(value, key)
