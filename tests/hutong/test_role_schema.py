"""The schema of each role of the demo's policy: the hub's own, and silent about what the role may not know of."""

import re
from functools import cache
from pathlib import Path

import pytest
from graphql import GraphQLObjectType

from authz.audit import AuditEvent
from authz.consumer_keys import Keyring
from authz.policy import PolicyVersion, profile_of
from authz.policy_files import load_policy
from authz.quotas import HourlyQuotas
from authz.subjects import Subject
from hutong.role_schema import role_schema
from resolvers.limits import Limits
from resolvers.pipeline import Engine
from resolvers.snapshot import Snapshot
from schema.build import CatalogSchema, build_schema
from schema.catalog import Catalog
from schema.catalog_loader import load_catalog
from schema.names import exposed_fields
from schema.sdl import print_sdl

POLICIES = Path(__file__).parents[2] / "demo" / "policies"


@cache
def world() -> tuple[Catalog, PolicyVersion, CatalogSchema]:
    catalog = load_catalog()
    policy = load_policy(sorted(POLICIES.glob("*.yaml")), 1, catalog)
    return catalog, policy, build_schema(catalog, lambda info: None)


ROLES = sorted(world()[1].roles)


def schema_of(role: str, purpose: str | None = None) -> CatalogSchema:
    catalog, policy, full = world()
    subject = Subject(id="somebody", roles=frozenset({role}), purpose=purpose)
    return role_schema(full, catalog, policy, profile_of(subject, policy))


def fields_of(schema: CatalogSchema, entity: str) -> set[str]:
    named = schema.graphql.type_map.get(entity)
    assert named is None or isinstance(named, GraphQLObjectType)
    return set(named.fields) if named else set()


class NoAudit:
    """Nothing is asked here, so nothing is recorded."""

    async def append(self, event: AuditEvent, *, durable: bool) -> None:
        raise AssertionError(event)


@pytest.fixture(scope="module")
def engine() -> Engine:
    catalog, policy, full = world()
    return Engine(
        snapshot=Snapshot(catalog=catalog, manifests={}, connectors={}, schema=full, policy=policy, digest="demo"),
        keyring=Keyring(bytes(32), ()),
        quotas=HourlyQuotas({}, lambda: 0.0),
        audit=NoAudit(),
        limits=Limits(),
    )


@pytest.mark.parametrize("role", ROLES)
def test_a_running_hub_shows_the_same(engine: Engine, role: str) -> None:
    shown = engine.visible(Subject(id="somebody", roles=frozenset({role})))
    assert print_sdl(shown) == print_sdl(schema_of(role))


@pytest.mark.parametrize(
    ("role", "purpose", "sees"),
    [
        ("resident_public", None, set()),
        ("branch_secretary", None, set()),
        ("county_org_clerk", None, {"lostContact"}),
        ("city_org_admin", None, set()),
        ("city_org_admin", "member_care", {"lostContact"}),
        ("member_self", None, {"lostContact", "inDifficulty"}),
        ("auditor", None, set()),
    ],
    ids=["public", "secretary", "county", "city", "city with a purpose", "member", "auditor"],
)
def test_names_that_are_not_shared_exist_for_few(role: str, purpose: str | None, sees: set[str]) -> None:
    seen = fields_of(schema_of(role, purpose), "PartyMember")
    assert seen & {"lostContact", "inDifficulty"} == sees
    assert "joinedOn" in seen, "names that are shared on conditions exist for everybody"


@pytest.mark.parametrize(
    ("role", "purpose", "exists"),
    [
        ("branch_secretary", None, False),
        ("city_org_admin", None, False),
        ("city_org_admin", "party_discipline", True),
        ("member_self", None, True),
    ],
    ids=["secretary", "city", "city with a purpose", "member"],
)
def test_a_type_exists_for_those_who_may_know_any_of_it(role: str, purpose: str | None, exists: bool) -> None:
    assert ("PartyDiscipline" in schema_of(role, purpose).graphql.type_map) is exists


@pytest.mark.parametrize("role", ROLES)
def test_nothing_that_a_role_reads_tells_of_what_is_hidden_from_it(role: str) -> None:
    """By GraphQL name, Chinese title or English title; unless something that the role does see is called the same."""
    schema = schema_of(role)
    sdl = print_sdl(schema)
    hidden, shown = set(), set()
    for entity in world()[0].entities.values():
        names = fields_of(schema, entity.name)
        for field in exposed_fields(entity):
            (shown if field.name in names else hidden).update((field.name, field.title.zh, field.title.en))
    assert hidden - shown or role == "member_self", "only a member may ask for every name there is"
    assert [text for text in sorted(hidden - shown) if _tells(sdl, text)] == []


def _tells(sdl: str, text: str) -> bool:
    return bool(re.search(rf"\b{re.escape(text)}\b" if text.isascii() else re.escape(text), sdl, re.IGNORECASE))
