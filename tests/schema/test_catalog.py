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
  U1    aliases, divCode, isFunctionalZone, level, name, parentCode, population, povertyVillage, urbanRural
  U1    validFrom, validTo
  U1    -> children, parent, partyOrgs, stations

Person C2G
  C2    realNameVerified, ~!personKey
  C2G   education, name, sex, ~!age
  C3G   birthDate, ethnicity
  C3Gp  politicalStatus
  C3I   homeAddress, mobile
  C4I   *identity, idNumber
  N4S   ~isMinorUnder14
  C2G   -> cadre, shops, staffPost
  C2Gp  -> partyMember
  C3G   -> cases

PartyOrganisation U1
  U1    divCode, foundedOn, name, orgCode, parentCode, shortName, type, ~level, ~path
  C2    *hostUscc, contactPhone, unitSituation
  C2G   secretaryName
  C2p   memberCount, termEndsOn
  C4I   *secretaryIdentity
  U1    -> children, descendants, division, parent, stations
  C2    -> hostUnit
  C2G   -> secretary
  C2Gp  -> members, membersInTree
  C2p   -> activities

PartyMember C2Gp
  C2G   post
  C2p   *orgCode, *orgRetired, category, memberNo, partyDuty, ~!partyAge
  C3Gp  outflowTo
  C3I   landline
  C3p   appraisal, floating, fullMemberOn, joinedOn, membershipState
  C4I   *identity, *~idDigest
  N4S   inDifficulty
  N4p   lostContact, lostReason, lostSince
  C2G   -> cadre, person, staffPost
  C2Gp  -> attendances, volunteerRecords
  C2p   -> org, transfers
  C3Gp  -> dues
  N4Sp  -> discipline

OrgLifeActivity C2p
  C2G   speaker
  C2p   *orgCode, activityId, endedAt, expected, onLeave, place, present, startedAt, title, type, ~attendanceRate
  N4p   minutes
  C2Gp  -> attendances
  C2p   -> org

ActivityAttendance C2Gp
  C2Gp  attendanceId, status
  C2p   *activityId, *memberNo
  C3Gp  absenceReason, checkedInAt
  C4I   *idDigest
  C2Gp  -> member
  C2p   -> activity

DuesRecord C3Gp
  C2p   *memberNo, channel, duesId, reversalOf
  C3Gp  due, month, paid, paidAt
  C3p   rateBp
  C4I   *idDigest
  N4S   baseAmount, payAccount
  C2Gp  -> member

PublicUnit U1
  U1    *superiorNo, divCode, name, rankLevel, status, unitNo, unitType, uscc
  C2    actualStaff, authorisedPosts
  U1    -> division, predecessors, serviceItems, subordinates, successors, superior
  C2    -> partyOrgs
  C2G   -> staff

StaffPost C2G
  U1    *unitNo
  C2    postType, staffNo
  C2G   postName, state
  C3G   enteredOn, workSince
  C4I   *identity
  U1    -> unit
  C2G   -> cadre, person
  C2Gp  -> *partyMember

Enterprise U1
  U1    address, divCode, entType, establishedOn, industry, legalRep, name, regCapital, regNo, regState, uscc
  C2    phone
  C3t   employees
  C4I   legalRepIdNumber
  N4t   annualSales
  U1    -> coopMembership, division, shops
  C2    -> partyOrgs

CoopOrganisation U1
  U1    *parentId, coopId, divCode, name, type, uscc
  C2    memberCount, phone
  C2G   leader
  U1    -> children, division, parent, registration, shops, supplyPoints

CoopRegistration U1
  U1    mainProduct, modelGrade, name, uscc
  C2    memberCount
  C2G   leader
  C3t   annualRevenue
  U1    -> coop

SupplyPoint U1
  U1    *coopId, *stationCode, address, divCode, lat, lng, name, pointId, services, status
  U1    -> coop, division, station
  C2    -> shipments

Shop U1
  U1    *coopId, name, openedAt, shopId, status, uscc
  C3I   ownerMobile
  C3t   gmv
  C4I   *ownerIdentity, ownerIdNumber
  N4S   bankAccount
  U1    -> coop, enterprise, products
  C2    -> orders
  C2G   -> owner

Product U1
  U1    *shopId, barcode, category, isAgri, originDiv, price, productId, spec, title, unit
  C2t   stock
  U1    -> originDivision, shop

Order C2
  U1    *shopId
  C2    *pointId, *~isRecent, createdAt, finishedAt, orderNo, paidAt, receiverDiv, status
  C2t   *linesAmount, amount, freight
  C3G   *buyerAccount, receiver
  C3I   buyerMobile, receiverAddress
  U1    -> shop
  C2    -> payments, point, shipments
  C2t   -> lines

OrderLine C2t
  U1    *productId
  C2    *orderNo
  C2t   lineId, price, quantity
  C2t   -> order, product

PaymentTransaction C2
  C2    *orderNo, at, channel, tradeNo
  C3t   paid, refunded
  N4S   payerAccount
  C2    -> order

Shipment C2
  U1    *pointId, *stationCode, carrier, toStationName
  C2    *orderNo, arrivedAt, createdAt, deliveredAt, status, waybillNo, weightG
  C2t   fee
  C3G   receiverName
  C3I   receiverPhone
  U1    -> fromPoint, toStation
  C2    -> order

UnitSuccession U1
  U1    *newUnitNo, *oldUnitNo, changedOn, kind, successionId
  U1    -> newUnit, oldUnit

ServiceItem U1
  U1    *ownerUscc, baseCode, deliveredDown, exerciseLevel, handling, implCode, itemType, name, promisedWorkdays
  U1    status
  U1    -> ownerUnit
  C2    -> cases

ServiceCase C2
  U1    *itemCode, *stationCode
  C2    acceptedAt, applicantType, caseNo, dueOn, finishedAt, rating, state, ~overdue
  C2G   applicantName
  C3    result
  C3I   address, contactMobile
  C4I   *applicantIdentity
  U1    -> item, station
  C2    -> steps
  C3G   -> applicantPerson

CaseStep C2
  C2    *caseNo, endedAt, name, startedAt, stepId
  C2G   handler
  C2    -> case

ServiceStation U1
  U1    divCode, lat, level, lng, name, openHours, openedOn, phone, stationCode, status
  C2G   manager
  U1    -> division, partyOrgs, supplyPoints
  C2    -> cases, shipments
  C2G   -> volunteerRecords

HotlineTicket C2
  U1    *unitNo, divCode, unitRaw
  C2    *isOpen, receivedAt, satisfaction, state, ticketNo, type
  C3G   callerName, content
  C3I   callerPhone
  U1    -> division, unit

MembershipTransfer C2p
  C2p   *fromOrgCode, *memberNo, *toOrgCode, acceptedOn, issuedOn, kind, state, toOrgNameRaw, transferNo, validUntil
  C3p   duesPaidUntil, letterNo
  C2Gp  -> member
  C2p   -> fromOrg, toOrg

PartyDiscipline N4Sp
  C2p   *memberNo
  N4Sp  decidedOn, disciplineNo, grounds, kind
  N4Sp  -> member

VolunteerRecord C2G
  U1    *stationCode
  C2    serviceType
  C2G   happenedOn, minutes, recordId
  C2p   *memberNo, *verifierNo
  C4I   *idDigest
  U1    -> station
  C2Gp  -> member, verifier

Cadre C2G
  U1    *unitNo
  C2    responsibility, staffNo
  C2G   duty, dutyLevel
  C3    documentNo
  C3G   appointedOn
  C4I   *identity
  N4    remark
  N4S   assessment
  U1    -> unit
  C2G   -> person, staffPost
  C2Gp  -> partyMember
"""
SCOPES = """
ActivityAttendance  DIVTREE=member.org.divCode ORGTREE=member.orgCode OWN=member.identity
AdministrativeDivision  DIVTREE=divCode
Cadre  DIVTREE=unit.divCode ORGTREE=partyMember.orgCode OWN=identity UNITTREE=unitNo
CaseStep  DIVTREE=case.station.divCode OWN=case.applicantIdentity STN=case.stationCode
CoopOrganisation  DIVTREE=divCode
CoopRegistration  DIVTREE=coop.divCode
DuesRecord  DIVTREE=member.org.divCode ORGTREE=member.orgCode OWN=member.identity
Enterprise  DIVTREE=divCode
HotlineTicket  DIVTREE=divCode OPEN=isOpen
MembershipTransfer  DIVTREE=member.org.divCode ORGTREE=member.orgCode OWN=member.identity
Order  ACCOUNT=buyerAccount DIVTREE=shop.coop.divCode OPEN=isRecent SHOP=shop.ownerIdentity
OrderLine  ACCOUNT=order.buyerAccount DIVTREE=order.shop.coop.divCode SHOP=order.shop.ownerIdentity
OrgLifeActivity  DIVTREE=org.divCode ORGTREE=orgCode
PartyDiscipline  DIVTREE=member.org.divCode ORGTREE=member.orgCode OWN=member.identity
PartyMember  DIVTREE=org.divCode ORGTREE=orgCode OWN=identity
PartyOrganisation  DIVTREE=divCode ORGTREE=orgCode
PaymentTransaction  ACCOUNT=order.buyerAccount DIVTREE=order.shop.coop.divCode SHOP=order.shop.ownerIdentity
Person  DIVTREE=partyMember.org.divCode ORGTREE=partyMember.orgCode OWN=identity UNITTREE=staffPost.unitNo
Product  DIVTREE=shop.coop.divCode SHOP=shop.ownerIdentity
PublicUnit  DIVTREE=divCode UNITTREE=unitNo
ServiceCase  DIVTREE=station.divCode OWN=applicantIdentity STN=stationCode
ServiceItem
ServiceStation  DIVTREE=divCode STN=stationCode
Shipment  ACCOUNT=order.buyerAccount DIVTREE=toStation.divCode SHOP=order.shop.ownerIdentity STN=stationCode
Shop  DIVTREE=coop.divCode OWN=ownerIdentity SHOP=ownerIdentity
StaffPost  DIVTREE=unit.divCode ORGTREE=partyMember.orgCode OWN=identity UNITTREE=unitNo
SupplyPoint  DIVTREE=divCode STN=stationCode
UnitSuccession
VolunteerRecord  DIVTREE=member.org.divCode ORGTREE=member.orgCode OWN=member.identity STN=stationCode
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
    assert shown_digits == {"Person.idNumber", "Enterprise.legalRepIdNumber", "Shop.ownerIdNumber"}


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


def test_persons_discipline_and_parts_are_never_listed_by_themselves(catalog: Catalog) -> None:
    unlisted = {entity.name for entity in catalog.entities.values() if not entity.root_list}
    assert unlisted == {"Person", "PartyDiscipline", "CaseStep", "OrderLine"}


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
