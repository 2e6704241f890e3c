"""Whoever keeps services, trade or posts learns nothing of who is a member of the Party or a cadre (D11).

First by what the policy opens: no way over relations, no field. Then by answers: they are the same in a city where
nobody is a member.
"""

import random
from collections.abc import Iterator
from itertools import chain

import pytest

from authz.compilation import compile_access
from authz.decisions import Access, AccessMap
from authz.policy_files import load_policy
from authz.subjects import Profile, Subject
from schema.catalog import Catalog, Relation
from schema.coordinates import Coordinate, field_coordinate, row_coordinate
from schema.labels import PARTY, PersonalInformation
from tests.properties.conftest import World
from tests.properties.generated_city import (
    CALLERS,
    OTHERS,
    ROOT,
    Hub,
    catalog,
    memory_connectors,
    raw_tables,
)
from tests.properties.operations import Learnt, RandomOperations, tour
from tests.properties.responses import visits

OUTSIDERS = ("coop_analyst", "window_clerk", "service_admin", "shop_owner", "bianban_officer", "resident_self")
STARTS = ("Person", "Shop", "ServiceCase", "StaffPost", "Order", "VolunteerRecord")
MEMBERSHIP = frozenset(
    {
        "PartyMember",
        "MembershipTransfer",
        "PartyDiscipline",
        "DuesRecord",
        "ActivityAttendance",
        "Cadre",
    }
)
"""Entities whose rows are of members, or of cadres."""
MEMBER_TABLES = ("DY_JBXX", "DY_ZZGX", "DY_CF")
"""S1's tables of members."""
OPERATIONS = 30
SUBJECTS = {role: CALLERS[role] for role in OUTSIDERS} | {
    f"{role}, another": OTHERS[role] for role in OUTSIDERS if role in OTHERS
}


def _access(role: str) -> AccessMap:
    policy = load_policy(sorted((ROOT / "demo/policies").glob("*.yaml")), version=1)
    closure = frozenset({role, *policy.inheritance[role]})
    return compile_access(policy, catalog(), Profile(roles=closure, purpose=None, policy_version=1))


def _shows(access: Access) -> bool:
    return bool(access.clear or access.masked or access.lookup)


def _reachable(access: AccessMap, start: str) -> Iterator[tuple[str, Relation]]:
    """Relations that can be followed from ``start`` on, each with the entity it leads from."""
    entities, pending, seen = catalog().entities, [start], {start}
    while pending:
        name = pending.pop()
        for relation in entities[name].relations.values():
            if relation.internal or not _shows(access[field_coordinate(name, relation.name)]):
                continue
            for target in relation.targets:
                if not _shows(access[row_coordinate(target)]):
                    continue
                yield name, relation
                if target not in seen:
                    seen.add(target)
                    pending.append(target)


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("role", OUTSIDERS)
def test_no_relation_leads_to_members(role: str, start: str) -> None:
    ways = [
        f"{name}.{relation.name}"
        for name, relation in _reachable(_access(role), start)
        if MEMBERSHIP & set(relation.targets)
    ]
    assert ways == []


@pytest.mark.parametrize("role", OUTSIDERS)
def test_nothing_of_persons_in_the_party_is_open(role: str) -> None:
    access, described = _access(role), catalog()
    opened = [str(coordinate) for coordinate in _party_coordinates(described) if _shows(access[coordinate])]
    assert opened == []


def _party_coordinates(described: Catalog) -> Iterator[Coordinate]:
    """Rows, fields and relations that speak of persons as members: read, filtered, sorted by or looked up."""
    for name, entity in described.entities.items():
        labels = {row_coordinate(name): entity.row_label}
        labels |= {field_coordinate(name, field.name): field.label for field in entity.fields.values()}
        labels |= {field_coordinate(name, relation.name): relation.label for relation in entity.relations.values()}
        for coordinate, label in labels.items():
            if name in MEMBERSHIP - {"Cadre"} or (
                PARTY in label.tags and label.personal is not PersonalInformation.NONE
            ):
                yield coordinate


@pytest.fixture(scope="session")
def without_members() -> Hub:
    """A hub over the same city, in which nobody is a member of the Party."""
    tables = raw_tables()
    nobody = {**tables["s1"], **{name: [] for name in MEMBER_TABLES}}
    return Hub(memory_connectors({**tables, "s1": nobody}))


@pytest.mark.parametrize("subject", SUBJECTS.values(), ids=SUBJECTS)
async def test_answers_do_not_depend_on_who_is_a_member(world: World, without_members: Hub, subject: Subject) -> None:
    rng = random.Random(subject.id)
    schema = world.hub.engine.visible(subject).graphql
    learnt = Learnt()
    draw = RandomOperations(schema=schema, pool=world.pool, learnt=learnt).draw
    asked = 0
    for operation in chain(tour(schema, rng), (draw(rng) for _ in range(OPERATIONS))):
        with_members = await world.hub.ask(subject, operation.document, operation.variables)
        alone = await without_members.ask(subject, operation.document, operation.variables)
        assert with_members.response() == alone.response(), operation.document
        asked += with_members.data is not None
        if with_members.data is not None:
            for visit in visits(schema, operation.document, operation.variables, with_members.data):
                learnt.keep(visit)
    assert asked > OPERATIONS
