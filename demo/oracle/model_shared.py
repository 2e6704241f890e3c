"""Persons, and the city's divisions."""

from demo.oracle.canonical import division_prefix
from demo.oracle.entities import RowClass, entity, label, many, one

DISCLOSED = {"s1": "partyMember", "s3": "staffPost", "s4": "cases", "s5": "shops"}
"""Sources whose mere mention gives away that a person has such rows (D11)."""

SHARED = {
    "Person": entity(
        plural=None,
        keys="personKey idNumber",
        labels={
            "C2G": "@ name sex age education staffPost cadre shops",
            "C2": "personKey realNameVerified",
            "C4I": "idNumber",
            "C3G": "birthDate ethnicity cases",
            "C3Gp": "politicalStatus",
            "C3I": "mobile homeAddress",
            "N4S": "isMinorUnder14",
            "C2Gp": "partyMember",
        },
        types={
            "PersonKey": "personKey",
            "Int": "age",
            "Date": "birthDate",
            "Boolean": "isMinorUnder14 realNameVerified",
        },
        codes={
            "sex": "sex",
            "ethnicity": "ethnicity",
            "politicalStatus": "politicalStatus",
            "education": "education",
        },
        masks={
            "name": "name",
            "idNumber": "idNumber",
            "birthDate": "date",
            "mobile": "mobile",
            "homeAddress": "address",
        },
        companions={"birthDateText": "birthDate"},
        relations={
            "partyMember": one("PartyMember", "identity", back="person"),
            "staffPost": one("StaffPost", "identity", back="person"),
            "cadre": one("Cadre", "identity", back="person"),
            "cases": many("ServiceCase", "identity=applicantIdentity", back="applicantPerson"),
            "shops": many("Shop", "identity=ownerIdentity", back="owner"),
        },
        scopes={
            "OWN": "identity",
            "ORGTREE": "partyMember.orgCode",
            "DIVTREE": "partyMember.org.divCode",
            "UNITTREE": "staffPost.unitNo",
        },
        classes=(RowClass(holds=lambda row: bool(row["isMinorUnder14"]), label=label("N4S")),),
    ),
    "AdministrativeDivision": entity(
        plural="administrativeDivisions",
        keys="divCode",
        labels={
            "U1": "@ divCode name level parentCode urbanRural isFunctionalZone povertyVillage population aliases "
            "validFrom validTo parent children partyOrgs stations",
        },
        types={
            "DivCode": "divCode parentCode",
            "Boolean": "isFunctionalZone povertyVillage",
            "Int": "population",
            "Date": "validFrom validTo",
        },
        codes={"level": "divisionLevel", "urbanRural": "urbanRural"},
        lists="aliases",
        relations={
            "parent": one("AdministrativeDivision", "parentCode=divCode", back="children"),
            "children": many("AdministrativeDivision", "divCode=parentCode", back="parent"),
            "partyOrgs": many("PartyOrganisation", "divCode", tree=division_prefix),
            "stations": many("ServiceStation", "divCode", tree=division_prefix),
        },
        scopes={"DIVTREE": "divCode"},
    ),
}
"""By name."""
