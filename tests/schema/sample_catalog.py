"""A catalogue in miniature that has every shape the GraphQL schema must cope with."""

from collections.abc import Mapping
from typing import Any

from schema.catalog import (
    Catalog,
    CodeTable,
    Derivation,
    DerivedFunction,
    Entity,
    Field,
    JoinKey,
    Place,
    Relation,
    Title,
)
from schema.labels import parse_label
from schema.values import ScalarType as T

PLACE = Place(file="sample.yaml", line=1)


def title(en: str, zh: str = "名") -> Title:
    return Title(zh=zh, en=en)


def a_field(name: str, kind: T = T.STRING, label: str = "U1", **rest: Any) -> Field:
    rest.setdefault("title", title(name))
    return Field(name=name, type=kind, label=parse_label(label), place=PLACE, **rest)


def a_relation(name: str, target: str, label: str = "U1", *, many: bool = False, **rest: Any) -> Relation:
    return Relation(
        name=name,
        target=target,
        many=many,
        join=(JoinKey(local="code", remote="code"),),
        title=title(name),
        label=parse_label(label),
        place=PLACE,
        **rest,
    )


def an_entity(name: str, plural: str, key: str, members: list[Field | Relation], **rest: Any) -> Entity:
    return Entity(
        name=name,
        plural=plural,
        domain="party",
        owner="ORG",
        title=rest.pop("title", title(name)),
        key=key,
        fields={m.name: m for m in members if isinstance(m, Field)},
        relations={m.name: m for m in members if isinstance(m, Relation)},
        row_label=parse_label(rest.pop("row_label", "C2p")),
        row_sources=("s1",),
        place=PLACE,
        **rest,
    )


def a_catalog(*entities: Entity, code_tables: Mapping[str, CodeTable] | None = None) -> Catalog:
    return Catalog(entities={e.name: e for e in entities}, code_tables=code_tables or {}, digest="0" * 64)


def _derived(function: DerivedFunction, *inputs: str) -> Derivation:
    return Derivation(function=function, inputs=inputs)


SEX = CodeTable(
    name="sex",
    title=title("Sex", "性别"),
    codes={"1": title("Male", "男"), "2": title("Female", "女")},
    standard="GB/T 2261.1",
)

PERSON = an_entity(
    "Person",
    "people",
    "personKey",
    [
        a_field("identity", internal=True, label="C4I"),
        a_field(
            "personKey",
            T.PERSON_KEY,
            "C2",
            derived=Derivation(function=DerivedFunction.PERSON_KEY, inputs=("identity",)),
        ),
        a_field("name", label="C2G"),
        a_field("idNumber", label="C4I", title=title("Citizen ID number", "公民身份号码"), sortable=False),
        a_field("sex", T.CODE, "C2G", code_table="sex", title=title("Sex", "性别")),
        a_field("sexLabel", label="C2G", label_of="sex"),
        a_field("birthDate", T.DATE, "C3G", text_companion="birthDateText"),
        a_field("birthDateText", label="C3G", companion_of="birthDate"),
        a_field("age", T.INT, "C2G", derived=_derived(DerivedFunction.YEARS_SINCE, "birthDate")),
        a_relation("partyMember", "PartyMember", "C3p"),
        a_relation("shadow", "PartyMember", "C3p", internal=True),
    ],
    lookups=("idNumber",),
    root_list=False,
)

PARTY_MEMBER = an_entity(
    "PartyMember",
    "partyMembers",
    "memberNo",
    [
        a_field("memberNo", T.INT, "C2p", title=title("Member number", "党员编号")),
        a_field("joinedOn", T.DATE, "C3p"),
        a_field("duesBase", T.FEN, "N4S", text_companion="duesBaseBand"),
        a_field("duesBaseBand", label="N4S", companion_of="duesBase"),
        a_field("lostContact", T.BOOLEAN, "N4p"),
        a_field("rate", T.FLOAT, "C2"),
        a_field("lastMonth", T.MONTH, "C2"),
        a_field("seenAt", T.DATE_TIME, "C2"),
        a_relation("person", "Person", "C2G"),
        a_relation("org", "PartyOrganisation", "C2p"),
    ],
    title=title("Party member", "党员"),
    description="A full or probationary member.",
)

PARTY_ORGANISATION = an_entity(
    "PartyOrganisation",
    "partyOrganisations",
    "orgCode",
    [
        a_field("orgCode", T.CODE),
        a_field("registerNo", T.INT),
        a_field("name"),
        a_field("aliases", is_list=True),
        a_field("divCode", T.DIV_CODE),
        a_field("uscc", T.USCC),
        a_relation("members", "PartyMember", "C2p", many=True),
        a_relation("children", "PartyOrganisation", many=True),
        a_relation("secretary", "Person", "C2G"),
        a_relation("contact", "PartyMember", "C2Gp", others=("Person",), union="Contact"),
    ],
    alternate_keys=("registerNo",),
    row_label="U1",
)

SAMPLE = a_catalog(PERSON, PARTY_MEMBER, PARTY_ORGANISATION, code_tables={"sex": SEX})
