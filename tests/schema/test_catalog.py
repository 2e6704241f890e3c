"""The catalogue that comes with the hub: it loads, and every label is the one that was decided.

The table is the whole of it, in one place to read for a security officer: a line per entity with its row label, then
its fields and relations by label; ``*`` marks internal names, ``~`` what is computed, ``!`` a declassified one.
"""

from collections.abc import Iterator

import pytest

from schema.catalog import Catalog, Entity, Field, Relation, ScopeKind
from schema.catalog_loader import check_catalog, load_catalog
from schema.labels import PARTY, at_least
from schema.names import exposed_fields

LABELS = """
AdministrativeDivision U1
  U1    divCode, isFunctionalZone, level, name, parentCode, population, povertyVillage, urbanRural
  U1    -> children, parent, partyOrgs

Person C2G
  C2    ~!personKey
  C2G   ~!age, education, name, sex
  C3G   birthDate, ethnicity
  C3I   homeAddress, mobile
  C3Gp  politicalStatus
  C4I   *identity, idNumber
  N4S   ~isMinorUnder14
  C2G   -> staffPost
  C2Gp  -> partyMember

PartyOrganisation U1
  U1    divCode, foundedOn, ~level, name, orgCode, parentCode, shortName, type
  C2    *hostUscc, contactPhone, unitSituation
  C2G   secretaryName
  C2p   memberCount, termEndsOn
  U1    -> children, descendants, division, parent
  C2    -> hostUnit
  C2p   -> activities
  C2Gp  -> members, membersInTree

PartyMember C2Gp
  C2p   *orgCode, category, memberNo, ~!partyAge, partyDuty
  C2G   post
  C3p   appraisal, floating, fullMemberOn, joinedOn, membershipState
  C3I   landline
  C3Gp  outflowTo
  C4I   *identity, *~idDigest
  N4p   lostContact, lostReason, lostSince
  N4S   inDifficulty
  C2G   -> person, staffPost
  C2p   -> org
  C2Gp  -> attendances
  C3Gp  -> dues

OrgLifeActivity C2p
  C2p   *orgCode, activityId, ~attendanceRate, endedAt, expected, onLeave, place, present, startedAt, title, type
  C2G   speaker
  N4p   minutes
  C2p   -> org
  C2Gp  -> attendances

ActivityAttendance C2Gp
  C2p   *activityId, *memberNo
  C2Gp  attendanceId, status
  C3Gp  absenceReason, checkedInAt
  C4I   *idDigest
  C2p   -> activity
  C2Gp  -> member

DuesRecord C3Gp
  C2p   *memberNo, channel, duesId, reversalOf
  C3p   rateBp
  C3Gp  due, month, paid, paidAt
  C4I   *idDigest
  N4S   baseAmount, payAccount
  C2Gp  -> member

PublicUnit U1
  U1    *superiorNo, divCode, name, rankLevel, status, unitNo, unitType, uscc
  C2    actualStaff, authorisedPosts
  U1    -> division, subordinates, superior
  C2    -> partyOrgs
  C2G   -> staff

StaffPost C2G
  U1    *unitNo
  C2    postType, staffNo
  C2G   postName, state
  C3G   enteredOn, workSince
  C4I   *identity
  U1    -> unit
  C2G   -> person
  C2Gp  -> *partyMember
"""
SCOPES = """
ActivityAttendance  DIVTREE=member.org.divCode ORGTREE=member.orgCode OWN=member.identity
AdministrativeDivision  DIVTREE=divCode
DuesRecord  DIVTREE=member.org.divCode ORGTREE=member.orgCode OWN=member.identity
OrgLifeActivity  DIVTREE=org.divCode ORGTREE=orgCode
PartyMember  DIVTREE=org.divCode ORGTREE=orgCode OWN=identity
PartyOrganisation  DIVTREE=divCode ORGTREE=orgCode
Person  DIVTREE=partyMember.org.divCode ORGTREE=partyMember.orgCode OWN=identity UNITTREE=staffPost.unitNo
PublicUnit  DIVTREE=divCode UNITTREE=unitNo
StaffPost  DIVTREE=unit.divCode ORGTREE=partyMember.orgCode OWN=identity UNITTREE=unitNo
"""


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def written_labels() -> dict[str, str]:
    """``LABELS`` as coordinate (a row coordinate, or ``Entity.member``) -> label."""
    found: dict[str, str] = {}
    entity = ""
    for line in LABELS.strip().splitlines():
        label, _, names = line.strip().partition(" ")
        if line and not line.startswith(" "):
            entity = label
            found[entity] = names
        elif line:
            found |= {f"{entity}.{name}": label for name in names.strip().removeprefix("-> ").split(", ")}
    return found


def shown(member: Field | Relation) -> str:
    derived = isinstance(member, Field) and member.derived is not None
    declassified = isinstance(member, Field) and member.declassified is not None
    return "*" * member.internal + "~" * derived + "!" * declassified + member.name


def actual_labels(catalog: Catalog) -> dict[str, str]:
    found: dict[str, str] = {}
    for entity in catalog.entities.values():
        found[entity.name] = str(entity.row_label)
        members: Iterator[Field | Relation] = iter((*entity.fields.values(), *entity.relations.values()))
        for member in members:
            if not isinstance(member, Field) or not (member.label_of or member.companion_of):
                found[f"{entity.name}.{shown(member)}"] = str(member.label)
    return found


def test_it_has_no_problems() -> None:
    assert check_catalog() == ()


def test_every_label_is_the_decided_one(catalog: Catalog) -> None:
    assert actual_labels(catalog) == written_labels()


def test_every_scope_path_is_the_decided_one(catalog: Catalog) -> None:
    actual = {
        entity.name: sorted(f"{kind}={'.'.join((*path.relations, path.field))}" for kind, path in entity.scopes.items())
        for entity in catalog.entities.values()
    }
    assert actual == {line.split()[0]: line.split()[1:] for line in SCOPES.strip().splitlines()}


def test_no_identity_is_shown_but_the_id_number(catalog: Catalog) -> None:
    shown_digits = {
        f"{entity.name}.{field.name}"
        for entity in catalog.entities.values()
        for field in exposed_fields(entity)
        if field.label.level == 4 and field.label.personal.value == "I"
    }
    assert shown_digits == {"Person.idNumber"}


def test_every_path_to_membership_carries_its_label(catalog: Catalog) -> None:
    """D11; only from rows that are of the Party themselves may a path go on to less."""
    membership = catalog.entities["PartyMember"].row_label
    paths = [
        relation
        for entity in catalog.entities.values()
        for relation in entity.relations.values()
        if relation.target == "PartyMember"
    ]
    assert paths
    assert all(at_least(relation.label, membership) for relation in paths)
    assert PARTY in catalog.entities["Person"].fields["politicalStatus"].label.tags


@pytest.mark.parametrize(
    ("entity", "relation", "kinds"),
    [
        ("PartyMember", "person", {ScopeKind.ORGTREE, ScopeKind.DIVTREE}),
        ("PartyMember", "dues", {ScopeKind.OWN, ScopeKind.ORGTREE, ScopeKind.DIVTREE}),
        ("PartyMember", "attendances", {ScopeKind.OWN, ScopeKind.ORGTREE, ScopeKind.DIVTREE}),
        ("PartyOrganisation", "members", {ScopeKind.DIVTREE}),
        ("PartyOrganisation", "activities", {ScopeKind.DIVTREE}),
        ("PublicUnit", "staff", {ScopeKind.DIVTREE}),
        ("StaffPost", "person", {ScopeKind.UNITTREE}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_parent_proves_the_scope_of_its_rows(
    catalog: Catalog, entity: str, relation: str, kinds: set[ScopeKind]
) -> None:
    """D19: the row's path is its way back to the parent, then the parent's path."""
    parent = catalog.entities[entity]
    step = parent.relations[relation]
    child = catalog.entities[step.target]
    proved = {
        kind
        for kind, path in child.scopes.items()
        if kind in parent.scopes
        and (path.relations, path.field) == ((step.inverse, *parent.scopes[kind].relations), parent.scopes[kind].field)
    }
    assert proved == kinds


def test_persons_are_never_listed(catalog: Catalog) -> None:
    assert [entity.name for entity in catalog.entities.values() if not entity.root_list] == ["Person"]


def test_every_title_is_in_both_languages(catalog: Catalog) -> None:
    def titles(entity: Entity) -> Iterator[tuple[str, str]]:
        for thing in (entity, *entity.fields.values(), *entity.relations.values()):
            yield thing.title.zh, thing.title.en

    for zh, en in (pair for entity in catalog.entities.values() for pair in titles(entity)):
        assert any("\u4e00" <= character <= "\u9fff" for character in zh), zh
        assert en.isascii(), en
        assert en[0].isupper(), en


def test_every_code_table_is_used(catalog: Catalog) -> None:
    used = {field.code_table for entity in catalog.entities.values() for field in entity.fields.values()}
    assert used - {None} == set(catalog.code_tables)


def test_the_city_has_56_ethnic_groups_and_two_other_codes(catalog: Catalog) -> None:
    assert len(catalog.code_tables["ethnicity"].codes) == 58
