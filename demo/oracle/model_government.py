"""Government entities: units, posts and cadres; service items, cases, stations and hotline tickets."""

from demo.oracle.entities import RowClass, entity, label, many, one
from demo.oracle.rows import Row


def _is_report(ticket: Row) -> bool | None:
    """Whether a ticket reports a wrong (举报); unknown where its type is."""
    return None if ticket["type"] is None else ticket["type"] == "04"


GOVERNMENT = {
    "PublicUnit": entity(
        plural="publicUnits",
        keys="uscc unitNo",
        labels={
            "U1": "@ uscc unitNo name unitType rankLevel divCode status superior subordinates division predecessors "
            "successors serviceItems",
            "C2": "authorisedPosts actualStaff partyOrgs",
            "C2G": "staff",
        },
        types={"Uscc": "uscc", "DivCode": "divCode", "Int": "authorisedPosts actualStaff"},
        codes={"unitType": "unitType", "rankLevel": "unitRank", "status": "unitStatus"},
        relations={
            "superior": one("PublicUnit", "superiorNo=unitNo", back="subordinates"),
            "subordinates": many("PublicUnit", "unitNo=superiorNo", back="superior"),
            "staff": many("StaffPost", "unitNo", back="unit"),
            "partyOrgs": many("PartyOrganisation", "uscc=hostUscc"),
            "division": one("AdministrativeDivision", "divCode"),
            "predecessors": many("UnitSuccession", "unitNo=newUnitNo", back="newUnit"),
            "successors": many("UnitSuccession", "unitNo=oldUnitNo", back="oldUnit"),
            "serviceItems": many("ServiceItem", "uscc=ownerUscc", back="ownerUnit"),
        },
        scopes={"UNITTREE": "unitNo", "DIVTREE": "divCode"},
    ),
    "StaffPost": entity(
        plural="staffPosts",
        keys="staffNo",
        labels={
            "C2G": "@ postName state person cadre",
            "C2": "staffNo postType",
            "C3G": "enteredOn workSince",
            "U1": "unit",
        },
        types={"Month": "enteredOn workSince"},
        codes={"postType": "postType", "state": "staffState"},
        relations={
            "person": one("Person", "identity", back="staffPost"),
            "partyMember": one("PartyMember", "identity", back="staffPost"),
            "unit": one("PublicUnit", "unitNo", back="staff", orphan="ORPHAN_UNIT"),
            "cadre": one("Cadre", "staffNo", back="staffPost"),
        },
        scopes={
            "OWN": "identity",
            "ORGTREE": "partyMember.orgCode",
            "UNITTREE": "unitNo",
            "DIVTREE": "unit.divCode",
        },
    ),
    "Cadre": entity(
        plural="cadres",
        keys="staffNo",
        labels={
            "C2G": "@ duty dutyLevel person staffPost",
            "C2": "staffNo responsibility",
            "C3G": "appointedOn",
            "C3": "documentNo",
            "N4S": "assessment",
            "N4": "remark",
            "U1": "unit",
            "C2Gp": "partyMember",
        },
        types={"Date": "appointedOn"},
        codes={"dutyLevel": "dutyLevel", "assessment": "cadreAssessment"},
        masks={"remark": "freeText"},
        relations={
            "person": one("Person", "identity", back="cadre"),
            "staffPost": one("StaffPost", "staffNo", back="cadre"),
            "unit": one("PublicUnit", "unitNo", orphan="ORPHAN_UNIT"),
            "partyMember": one("PartyMember", "identity", back="cadre"),
        },
        scopes={
            "OWN": "identity",
            "ORGTREE": "partyMember.orgCode",
            "UNITTREE": "unitNo",
            "DIVTREE": "unit.divCode",
        },
    ),
    "UnitSuccession": entity(
        plural="unitSuccessions",
        keys="successionId",
        labels={"U1": "@ successionId kind changedOn oldUnit newUnit"},
        types={"Int": "successionId", "Date": "changedOn"},
        codes={"kind": "successionKind"},
        relations={
            "oldUnit": one("PublicUnit", "oldUnitNo=unitNo", back="successors"),
            "newUnit": one("PublicUnit", "newUnitNo=unitNo", back="predecessors"),
        },
    ),
    "ServiceItem": entity(
        plural="serviceItems",
        keys="implCode",
        labels={
            "U1": "@ implCode baseCode name itemType handling exerciseLevel ownerUnit promisedWorkdays deliveredDown "
            "status",
            "C2": "cases",
        },
        types={"Int": "promisedWorkdays", "Boolean": "deliveredDown"},
        codes={
            "itemType": "itemType",
            "handling": "itemHandling",
            "exerciseLevel": "exerciseLevel",
            "status": "itemStatus",
        },
        relations={
            "ownerUnit": one("PublicUnit", "ownerUscc=uscc", back="serviceItems"),
            "cases": many("ServiceCase", "implCode=itemCode", back="item"),
        },
    ),
    "ServiceCase": entity(
        plural="serviceCases",
        keys="caseNo",
        labels={
            "C2": "@ caseNo applicantType acceptedAt dueOn finishedAt state overdue rating steps",
            "C3G": "applicantPerson",
            "C2G": "applicantName",
            "C3I": "contactMobile address",
            "C3": "result",
            "U1": "item station",
        },
        types={"DateTime": "acceptedAt finishedAt", "Date": "dueOn", "Boolean": "overdue", "Int": "rating"},
        codes={"applicantType": "applicantType", "state": "caseState"},
        masks={"applicantName": "name", "contactMobile": "mobile", "address": "address"},
        relations={
            "applicantPerson": one("Person", "applicantIdentity=identity", back="cases"),
            "item": one("ServiceItem", "itemCode=implCode", back="cases", orphan="ORPHAN_ITEM"),
            "station": one("ServiceStation", "stationCode", back="cases"),
            "steps": many("CaseStep", "caseNo", back="case"),
        },
        scopes={"OWN": "applicantIdentity", "STN": "stationCode", "DIVTREE": "station.divCode"},
    ),
    "CaseStep": entity(
        plural=None,
        keys="stepId",
        labels={"C2": "@ stepId name startedAt endedAt case", "C2G": "handler"},
        types={"Int": "stepId", "DateTime": "startedAt endedAt"},
        masks={"handler": "name"},
        relations={"case": one("ServiceCase", "caseNo", back="steps")},
        scopes={"OWN": "case.applicantIdentity", "STN": "case.stationCode", "DIVTREE": "case.station.divCode"},
    ),
    "ServiceStation": entity(
        plural="serviceStations",
        keys="stationCode",
        labels={
            "U1": "@ stationCode name level divCode lng lat phone openHours openedOn status division supplyPoints "
            "partyOrgs",
            "C2": "cases shipments",
            "C2G": "manager volunteerRecords",
        },
        types={"DivCode": "divCode", "Float": "lng lat", "Date": "openedOn"},
        codes={"level": "stationLevel", "status": "stationStatus"},
        masks={"manager": "name"},
        relations={
            "division": one("AdministrativeDivision", "divCode"),
            "supplyPoints": many("SupplyPoint", "stationCode", back="station"),
            "partyOrgs": many("PartyOrganisation", "divCode"),
            "cases": many("ServiceCase", "stationCode", back="station"),
            "shipments": many("Shipment", "stationCode", back="toStation"),
            "volunteerRecords": many("VolunteerRecord", "stationCode", back="station"),
        },
        scopes={"STN": "stationCode", "DIVTREE": "divCode"},
    ),
    "HotlineTicket": entity(
        plural="hotlineTickets",
        keys="ticketNo",
        labels={
            "C2": "@ ticketNo type receivedAt satisfaction state",
            "C3G": "callerName content",
            "C3I": "callerPhone",
            "U1": "divCode unitRaw unit division",
        },
        types={"DateTime": "receivedAt", "Int": "satisfaction", "DivCode": "divCode"},
        codes={"type": "ticketType", "state": "ticketState"},
        masks={"callerName": "name", "content": "freeText", "callerPhone": "mobile"},
        relations={
            "unit": one("PublicUnit", "unitNo"),
            "division": one("AdministrativeDivision", "divCode"),
        },
        scopes={"DIVTREE": "divCode", "OPEN": "isOpen"},
        classes=(RowClass(holds=_is_report, label=label("N4S")),),
    ),
}
"""By name."""
