"""Every way to a row of every entity: roots, relations, node ids, fragments and aliases, as documents with a hole."""

from collections.abc import Iterator, Mapping
from typing import Any

from schema.catalog import Catalog, Entity, Relation
from schema.names import exposed_relations, root_plural, root_singular
from tests.resolvers.mini_city import ANN, MiniCity, code
from tests.resolvers.mini_services import COOP, FIRM, TOWN_STATION

KEYS: Mapping[str, str] = {
    "AdministrativeDivision": 'divCode: "430726"',
    "PartyOrganisation": f'orgCode: "{code("001010001")}"',
    "PartyMember": "memberNo: 1",
    "OrgLifeActivity": "activityId: 1",
    "ActivityAttendance": "attendanceId: 1",
    "DuesRecord": "duesId: 1",
    "PublicUnit": 'unitNo: "1001"',
    "StaffPost": 'staffNo: "P1"',
    "MembershipTransfer": 'transferNo: "Z1"',
    "PartyDiscipline": "disciplineNo: 1",
    "VolunteerRecord": "recordId: 1",
    "Cadre": 'staffNo: "P1"',
    "UnitSuccession": "successionId: 1",
    "ServiceItem": 'implCode: "I1"',
    "ServiceCase": 'caseNo: "C1"',
    "CaseStep": "stepId: 1",
    "ServiceStation": f'stationCode: "{TOWN_STATION}"',
    "HotlineTicket": 'ticketNo: "T1"',
    "Enterprise": f'uscc: "{FIRM}"',
    "CoopOrganisation": "coopId: 1",
    "CoopRegistration": f'uscc: "{COOP}"',
    "SupplyPoint": "pointId: 1",
    "Shop": "shopId: 1",
    "Product": "productId: 1",
    "Order": 'orderNo: "1001"',
    "OrderLine": 'lineId: "1"',
    "PaymentTransaction": 'tradeNo: "P1"',
    "Shipment": 'waybillNo: "W1"',
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
    "MembershipTransfer": ("s1", "Z1"),
    "PartyDiscipline": ("s1", 1),
    "VolunteerRecord": ("s2", 1),
    "Cadre": ("s3", "P1"),
    "UnitSuccession": ("s3", 1),
    "ServiceItem": ("s4", "I1"),
    "ServiceCase": ("s4", "C1"),
    "CaseStep": ("s4", 1),
    "ServiceStation": ("s4", TOWN_STATION),
    "HotlineTicket": ("hotline", "T1"),
    "Enterprise": ("s6", "430700000000001"),
    "CoopOrganisation": ("s5", 1),
    "CoopRegistration": ("s6", COOP),
    "SupplyPoint": ("s5", 1),
    "Shop": ("s5", 1),
    "Product": ("s5", 1),
    "Order": ("s5", 1001),
    "OrderLine": ("s5", 1),
    "PaymentTransaction": ("s5", "P1"),
    "Shipment": ("s6", "W1"),
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
            if entity.name in relation.targets:
                yield from _over(one(city, other), entity, other, relation)


_LISTS = (("nodes", "r: nodes { SELECTION }"), ("edges", "e: edges { n: node { SELECTION } m: node { SELECTION } }"))


def _over(root: str, entity: Entity, other: Entity, relation: Relation) -> Iterator[tuple[str, str]]:
    way = f"over {other.name}.{relation.name}"
    if relation.union is not None:
        yield way, f"{{ x: {root} {{ y: {relation.name} {{ ... on {entity.name} {{ SELECTION }} }} }} }}"
        return
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
