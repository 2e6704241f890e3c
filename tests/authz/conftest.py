"""A small catalogue that has one coordinate of each kind the decisions depend on."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from authz.policy import Action, Effect, PolicyLine, PolicyVersion
from schema.catalog import (
    Catalog,
    Entity,
    Field,
    JoinKey,
    MaskKind,
    Place,
    Relation,
    RowClass,
    ScopeKind,
    ScopePath,
    Title,
)
from schema.labels import parse_label
from schema.predicates import IsNull
from schema.values import ScalarType

PLACE = Place(file="catalog.yaml", line=1)
TITLE = Title(zh="题", en="title")


def make_field(name: str, label: str, **rest: Any) -> Field:
    return Field(
        name=name, type=rest.pop("type", ScalarType.STRING), title=TITLE, label=parse_label(label), place=PLACE, **rest
    )


def make_entity(
    name: str, row_label: str, fields: Iterable[Field], relations: Iterable[Relation] = (), **rest: Any
) -> Entity:
    members = tuple(fields)
    return Entity(
        name=name,
        plural=f"{name}s",
        domain="party",
        owner="ORG",
        title=TITLE,
        key=members[0].name,
        fields={field.name: field for field in members},
        relations={relation.name: relation for relation in relations},
        row_label=parse_label(row_label),
        row_sources=("s1",),
        place=PLACE,
        **{"scopes": {kind: ScopePath(relations=(), field=members[0].name) for kind in ScopeKind}, **rest},
    )


def make_relation(name: str, target: str, label: str) -> Relation:
    return Relation(
        name=name,
        target=target,
        many=False,
        join=(JoinKey(local="identity", remote="identity"),),
        title=TITLE,
        label=parse_label(label),
        place=PLACE,
    )


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    person = make_entity(
        "Person",
        "C2G",
        (
            make_field("personKey", "C2"),
            make_field("name", "C2G", mask=MaskKind.NAME),
            make_field("sex", "C2G", code_table="sex"),
            make_field("sexLabel", "C2G", label_of="sex"),
            make_field("idNumber", "C4I", mask=MaskKind.ID_NUMBER),
            make_field("birthDate", "C3G", type=ScalarType.DATE, mask=MaskKind.DATE, text_companion="birthDateText"),
            make_field("birthDateText", "C3G", companion_of="birthDate"),
            make_field("mobile", "C3I", mask=MaskKind.MOBILE),
        ),
        (make_relation("partyMember", "PartyMember", "C2Gp"),),
        row_classes=(RowClass(when=IsNull("birthDate"), constants=(), label=parse_label("N4S")),),
    )
    member = make_entity(
        "PartyMember",
        "C2Gp",
        (
            make_field("memberNo", "C2p", type=ScalarType.INT),
            make_field("joinedOn", "C3p", type=ScalarType.DATE, mask=MaskKind.YEAR),
            make_field("lostContact", "N4p", type=ScalarType.BOOLEAN),
            make_field("inDifficulty", "N4S", type=ScalarType.BOOLEAN),
        ),
        (make_relation("person", "Person", "C2G"),),
    )
    organisation = make_entity("PartyOrganisation", "U1", (make_field("orgCode", "U1"), make_field("name", "U1")))
    return Catalog(
        entities={entity.name: entity for entity in (person, member, organisation)}, code_tables={}, digest="d"
    )


@pytest.fixture(scope="session")
def line() -> Callable[..., PolicyLine]:
    """Makes a policy line; allows reading everything in every scope unless told otherwise."""

    def make(role: str = "clerk", **columns: Any) -> PolicyLine:
        columns.setdefault("effect", Effect.ALLOW)
        columns.setdefault("action", Action.READ)
        columns.setdefault("rule", "roles.yaml:1")
        return PolicyLine(role=role, name=f"{role}/rule", **columns)

    return make


@pytest.fixture(scope="session")
def version(line: Callable[..., PolicyLine]) -> Callable[..., PolicyVersion]:
    """Makes a policy version out of lines."""

    def make(*lines: PolicyLine, **rest: Any) -> PolicyVersion:
        return PolicyVersion(version=1, lines=lines, **rest)

    return make
