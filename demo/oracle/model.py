"""The nine entities as the domain reference describes them: labels, code tables, masks and relations, by hand."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from demo.oracle.canonical import City, division_prefix, org_prefix
from demo.oracle.rows import Row


@dataclass(frozen=True, slots=True)
class Label:
    """``C2Gp``: sharing U, C or N; level; class of personal information ('' none, G, I, S); tags p (party), t."""

    sharing: str
    level: int
    personal: str
    party: bool


def label(text: str) -> Label:
    """A label from its short form."""
    rest = text[2:]
    return Label(text[0], int(text[1]), next((c for c in rest if c in "GIS"), ""), "p" in rest)


ROW = ""
"""The name of the row itself among an entity's members."""

_LABELS = {
    "Person": {
        "C2G": "@ name sex age education staffPost", "C2": "personKey", "C4I": "idNumber",
        "C3G": "birthDate ethnicity", "C3Gp": "politicalStatus", "C3I": "mobile homeAddress",
        "N4S": "isMinorUnder14", "C2Gp": "partyMember",
    },
    "AdministrativeDivision": {
        "U1": "@ divCode name level parentCode urbanRural isFunctionalZone povertyVillage population parent children "
        "partyOrgs",
    },
    "PublicUnit": {
        "U1": "@ uscc unitNo name unitType rankLevel divCode status superior subordinates division",
        "C2": "authorisedPosts actualStaff partyOrgs", "C2G": "staff",
    },
    "StaffPost": {
        "C2G": "@ postName state person", "C2": "staffNo postType", "C3G": "enteredOn workSince", "U1": "unit",
    },
    "PartyOrganisation": {
        "U1": "@ orgCode name shortName type parentCode level divCode foundedOn parent children descendants division",
        "C2G": "secretaryName", "C2": "contactPhone unitSituation hostUnit", "C2p": "termEndsOn memberCount activities",
        "C2Gp": "members membersInTree",
    },
    "PartyMember": {
        "C2Gp": "@ attendances", "C2p": "memberNo category partyAge partyDuty org",
        "C3p": "joinedOn fullMemberOn membershipState floating appraisal", "C2G": "post person staffPost",
        "N4p": "lostContact lostSince lostReason", "C3Gp": "outflowTo dues", "N4S": "inDifficulty", "C3I": "landline",
    },
    "OrgLifeActivity": {
        "C2p": "@ activityId type title startedAt endedAt place expected present onLeave attendanceRate org",
        "C2G": "speaker", "N4p": "minutes", "C2Gp": "attendances",
    },
    "ActivityAttendance": {
        "C2Gp": "@ attendanceId status member", "C3Gp": "checkedInAt absenceReason", "C2p": "activity",
    },
    "DuesRecord": {
        "C3Gp": "@ month due paid paidAt", "C2p": "duesId channel reversalOf", "N4S": "baseAmount payAccount",
        "C3p": "rateBp", "C2Gp": "member",
    },
}  # fmt: skip
LABELS: Mapping[str, Mapping[str, Label]] = {
    entity: {ROW if name == "@" else name: label(short) for short, names in groups.items() for name in names.split()}
    for entity, groups in _LABELS.items()
}
"""Entity -> member -> label; ``@`` above is the row itself."""
MINOR = label("N4S")
"""The label of a person's row when the person is under 14, or may be."""

CODE_TABLES = {
    "Person.sex": "sex", "Person.ethnicity": "ethnicity", "Person.politicalStatus": "politicalStatus",
    "Person.education": "education", "AdministrativeDivision.level": "divisionLevel",
    "AdministrativeDivision.urbanRural": "urbanRural", "PartyOrganisation.type": "orgType",
    "PartyOrganisation.unitSituation": "unitSituation", "PartyMember.category": "memberCategory",
    "PartyMember.post": "occupation", "PartyMember.membershipState": "membershipState",
    "PartyMember.lostReason": "lostReason", "PartyMember.appraisal": "appraisal",
    "OrgLifeActivity.type": "activityType",
    "ActivityAttendance.status": "attendanceStatus", "DuesRecord.channel": "duesChannel",
    "PublicUnit.unitType": "unitType", "PublicUnit.rankLevel": "unitRank", "PublicUnit.status": "unitStatus",
    "StaffPost.postType": "postType", "StaffPost.state": "staffState",
}  # fmt: skip
COMPANIONS = {
    "Person.birthDateText": "birthDate", "PartyMember.joinedYear": "joinedOn",
    "PartyMember.fullMemberYear": "fullMemberOn", "DuesRecord.baseAmountBand": "baseAmount",
}  # fmt: skip
"""Text fields that carry the mask of a field that is no text."""
MASKS = {
    "Person.name": "name", "Person.idNumber": "idNumber", "Person.birthDate": "date", "Person.mobile": "mobile",
    "Person.homeAddress": "address", "PartyOrganisation.secretaryName": "name",
    "PartyOrganisation.contactPhone": "landline", "PartyMember.joinedOn": "year", "PartyMember.fullMemberOn": "year",
    "PartyMember.landline": "landline", "OrgLifeActivity.speaker": "name", "OrgLifeActivity.minutes": "freeText",
    "ActivityAttendance.absenceReason": "freeText", "DuesRecord.baseAmount": "amountBand",
    "DuesRecord.payAccount": "account",
}  # fmt: skip
ROOT_LISTS = {
    "administrativeDivisions": "AdministrativeDivision", "publicUnits": "PublicUnit", "staffPosts": "StaffPost",
    "partyOrganisations": "PartyOrganisation", "partyMembers": "PartyMember", "orgLifeActivities": "OrgLifeActivity",
    "activityAttendances": "ActivityAttendance", "duesRecords": "DuesRecord",
}  # fmt: skip
ROOT_KEYS = {
    "administrativeDivision": "AdministrativeDivision", "publicUnit": "PublicUnit", "staffPost": "StaffPost",
    "partyOrganisation": "PartyOrganisation", "partyMember": "PartyMember", "orgLifeActivity": "OrgLifeActivity",
    "activityAttendance": "ActivityAttendance", "duesRecord": "DuesRecord", "person": "Person",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Relation:
    """``find(city, row)`` gives every row on the other side, the winner first where it is ``many`` False.

    For persons it gives the identity instead.
    """

    to: str
    many: bool
    find: Callable[[City, Row], Any]


def _one(to: str, local: str, remote: str) -> Relation:
    return Relation(to, False, lambda city, row: city.having(to, remote, row[local]))


def _many(to: str, local: str, remote: str) -> Relation:
    return Relation(to, True, lambda city, row: city.having(to, remote, row[local]))


def _org_tree(to: str) -> Relation:
    return Relation(to, True, lambda city, row: city.below(to, "orgCode", org_prefix(row["orgCode"])))


def _of_member(to: str) -> Relation:
    """Rows of S2: by member number, else (where S2 has none) by the digest of the ID number."""

    def find(city: City, member: Row) -> list[Row]:
        by_digest = city.having(to, "idDigest", member["idDigest"])
        return [
            *city.having(to, "memberNo", member["memberNo"]),
            *(row for row in by_digest if row["memberNo"] is None),
        ]

    return Relation(to, True, find)


_PERSON = Relation("Person", False, lambda city, row: row["identity"])

RELATIONS: Mapping[str, Mapping[str, Relation]] = {
    "Person": {
        "partyMember": _one("PartyMember", "identity", "identity"),
        "staffPost": _one("StaffPost", "identity", "identity"),
    },
    "AdministrativeDivision": {
        "parent": _one("AdministrativeDivision", "parentCode", "divCode"),
        "children": _many("AdministrativeDivision", "divCode", "parentCode"),
        "partyOrgs": Relation(
            "PartyOrganisation",
            True,
            lambda city, row: city.below("PartyOrganisation", "divCode", division_prefix(row["divCode"])),
        ),
    },
    "PublicUnit": {
        "superior": _one("PublicUnit", "superiorNo", "unitNo"),
        "subordinates": _many("PublicUnit", "unitNo", "superiorNo"),
        "staff": _many("StaffPost", "unitNo", "unitNo"),
        "partyOrgs": _many("PartyOrganisation", "uscc", "hostUscc"),
        "division": _one("AdministrativeDivision", "divCode", "divCode"),
    },
    "StaffPost": {"person": _PERSON, "unit": _one("PublicUnit", "unitNo", "unitNo")},
    "PartyOrganisation": {
        "parent": _one("PartyOrganisation", "parentCode", "orgCode"),
        "children": _many("PartyOrganisation", "orgCode", "parentCode"),
        "descendants": _org_tree("PartyOrganisation"),
        "members": _many("PartyMember", "orgCode", "orgCode"),
        "membersInTree": _org_tree("PartyMember"),
        "activities": _many("OrgLifeActivity", "orgCode", "orgCode"),
        "hostUnit": _one("PublicUnit", "hostUscc", "uscc"),
        "division": _one("AdministrativeDivision", "divCode", "divCode"),
    },
    "PartyMember": {
        "person": _PERSON,
        "org": _one("PartyOrganisation", "orgCode", "orgCode"),
        "attendances": _of_member("ActivityAttendance"),
        "dues": _of_member("DuesRecord"),
        "staffPost": _one("StaffPost", "identity", "identity"),
    },
    "OrgLifeActivity": {
        "org": _one("PartyOrganisation", "orgCode", "orgCode"),
        "attendances": _many("ActivityAttendance", "activityId", "activityId"),
    },
    "ActivityAttendance": {
        "activity": _one("OrgLifeActivity", "activityId", "activityId"),
        "member": _one("PartyMember", "memberNo", "memberNo"),
    },
    "DuesRecord": {"member": _one("PartyMember", "memberNo", "memberNo")},
}
"""Entity -> relation."""


def base_field(entity: str, name: str) -> str:
    """The field that a label (``sexLabel``) or companion (``birthDateText``) speaks of; else ``name``."""
    if name in LABELS[entity]:
        return name
    return COMPANIONS.get(f"{entity}.{name}") or name.removesuffix("Label")
