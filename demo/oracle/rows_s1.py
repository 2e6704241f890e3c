"""S1, the organisation department's member library: its rows in canonical form. Soft-deleted rows are no rows."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date

from demo.oracle.codes import same
from demo.oracle.divisions import COUNTY_NAMES, division_code
from demo.oracle.identity import id_number, identity_of, sm3
from demo.oracle.raw import RawRow, Tables
from demo.oracle.reading import (
    NOTHING,
    Read,
    code,
    credit_code,
    eight_digits,
    flag,
    moment,
    six_digits,
    text,
    token,
    years,
)
from demo.oracle.rows import Builder, Row, late, row

_ORG_TYPES = same("orgType") | {
    "0": "611", "1": "621", "2": "631", "641": "GROUP", "699": "GROUP",
}  # fmt: skip
_STATES = {"1": "NORMAL", "10": "RETAINED", "11": "RESTORED", "12": "SUSPENDED", "13": "EXPELLED"}
_POSTS = same("occupation") | {"12A": "11"}
_EDUCATION = same("education") | {"2A": "20", "51": "60"}
_POLITICAL = same("politicalStatus") | {"1": "01", "2": "02", "99": "13"}


Secretaries = Mapping[tuple[str, str], list[RawRow]]
"""Live rows of DY_JBXX with the duty of a secretary, by organisation and name."""


def builders(tables: Tables, today: date) -> dict[str, Builder]:
    """How the rows of each entity are made."""

    def members() -> list[RawRow]:
        return [one for one in tables.get("DY_JBXX", []) if is_live(one)]

    def organisations() -> list[Row]:
        counts = _by_prefix(str(one["DZZDM"]) for one in members() if one["DZZDM"])
        secretaries = _secretaries(members())
        live = (one for one in tables.get("DZZ_JBXX", []) if is_live(one))
        return [organisation_row(one, counts, secretaries, today) for one in live]

    def memberships() -> list[Row]:
        marks = {one["DZZDM"]: one["SCBZ"] for one in tables.get("DZZ_JBXX", [])}
        return [member_row(one, marks, today) for one in members()]

    return {
        "PartyOrganisation": organisations,
        "PartyMember": memberships,
        "MembershipTransfer": lambda: [transfer_row(one) for one in tables.get("DY_ZZGX", [])],
        "PartyDiscipline": lambda: [discipline_row(one) for one in tables.get("DY_CF", [])],
        "Person": lambda: [person_row(one, today) for one in members()],
    }


def _by_prefix(codes: Iterable[str]) -> Counter[str]:
    return Counter(code[:length] for code in codes for length in range(3, len(code) + 1, 3))


def _secretaries(members: Iterable[RawRow]) -> Secretaries:
    found: dict[tuple[str, str], list[RawRow]] = {}
    for one in members:
        if one["DNZW"] == "书记":
            found.setdefault((one["DZZDM"], one["XM"]), []).append(one)
    return found


def is_live(raw: RawRow) -> bool:
    """Whether the row is not soft-deleted."""
    return bool(raw["SCBZ"] != "1")


def organisation_row(raw: RawRow, members: Counter[str], secretaries: Secretaries, today: date) -> Row:
    """A row of DZZ_JBXX; ``members`` counts live member rows by every prefix of whole groups of their code."""
    number = raw["DZZDM"]
    prefix = org_prefix(number)
    return row(
        "PartyOrganisation",
        "s1",
        number,
        {
            "orgCode": token(number),
            "name": text(raw["DZZMC"], lossy=True),
            "shortName": text(raw["DZZJC"], lossy=True),
            "type": code(raw["DZZLB"], _ORG_TYPES),
            "parentCode": token(raw["SJDZZDM"]),
            "level": (len(prefix) // 3 if prefix else None, None),
            "path": ([prefix[:end].ljust(15, "0") for end in range(3, len(prefix) + 1, 3)] if prefix else None, None),
            "secretaryIdentity": _secretary(raw, secretaries, today),
            "secretaryName": text(raw["DZZSJ"], lossy=True),
            "contactPhone": text(raw["LXDH"]),
            "unitSituation": code(raw["SZDWQK"], same("unitSituation")),
            "hostUscc": credit_code(raw["DWDM"]),
            "divCode": division_code(raw["XZQH"], COUNTY_NAMES),
            "foundedOn": eight_digits(raw["CLRQ"]),
            "termEndsOn": eight_digits(raw["JMRQ"]),
            "memberCount": (members[prefix] if prefix else 0, None),
        },
    )


def org_prefix(number: object) -> str | None:
    """What all codes below an organisation begin with: zeros are cut in whole groups of three. ``None``: no code."""
    if not isinstance(number, str) or len(number) != 15 or not number.isdigit():
        return None
    groups = [number[i : i + 3] for i in range(0, 15, 3)]
    while len(groups) > 1 and groups[-1] == "000":
        groups.pop()
    return "".join(groups)


def _secretary(raw: RawRow, secretaries: Secretaries, today: date) -> Read:
    """A name is no key: the secretary is the one live member of that name and duty in the organisation, or nobody."""
    if not raw["DZZSJ"]:
        return NOTHING
    found = secretaries.get((raw["DZZDM"], raw["DZZSJ"]), [])
    if len(found) != 1:
        return None, "NAME_UNRESOLVED"
    return identity_of(found[0]["SFZH"], "s1", found[0]["DYBH"], today), None


def member_row(raw: RawRow, marks: Mapping[str, str | None], today: date) -> Row:
    """A row of DY_JBXX as a membership; ``marks`` tell of every organisation whether it is soft-deleted."""
    identity = identity_of(raw["SFZH"], "s1", raw["DYBH"], today)
    return row(
        "PartyMember",
        "s1",
        raw["DYBH"],
        {
            "memberNo": (raw["DYBH"], None),
            "identity": (identity, None),
            "idDigest": (None if identity.startswith("~") else sm3(identity), None),
            "orgCode": token(raw["DZZDM"]),
            "orgRetired": flag(marks.get(raw["DZZDM"])),
            "category": code(raw["RYLB"], {"1": "1", "2": "2"}),
            "joinedOn": eight_digits(raw["RDRQ"]),
            "fullMemberOn": eight_digits(raw["ZZRQ"]),
            "partyAge": years(eight_digits(raw["ZZRQ"]), today),
            "post": code(raw["GZGW"], _POSTS),
            "partyDuty": text(raw["DNZW"], lossy=True),
            "membershipState": code(raw["DJZT"], _STATES),
            "lostContact": flag(raw["SFSL"]),
            "lostSince": eight_digits(raw["SLRQ"]),
            "lostReason": code(raw["SLYY"], same("lostReason")),
            "floating": flag(raw["SFLD"]),
            "outflowTo": text(raw["WCLX"], lossy=True),
            "inDifficulty": flag(raw["SFKN"]),
            "landline": text(raw["GDDH"]),
            "appraisal": code(raw["PYDC"], same("appraisal")),
        },
        moment(raw["GXSJ"])[0],
    )


def person_row(raw: RawRow, today: date) -> Row:
    """A row of DY_JBXX as what S1 knows of the person."""
    return row(
        "Person",
        "s1",
        raw["DYBH"],
        {
            "identity": (identity_of(raw["SFZH"], "s1", raw["DYBH"], today), None),
            "idNumber": id_number(raw["SFZH"], today),
            "name": text(raw["XM"], lossy=True),
            "sex": code(raw["XB"], same("sex")),
            "birthDate": eight_digits(raw["CSRQ"]),
            "ethnicity": code(raw["MZ"], same("ethnicity")),
            "politicalStatus": code(raw["ZZMM"], _POLITICAL),
            "education": code(raw["XL"], _EDUCATION),
            "mobile": text(raw["SJHM"]),
            "homeAddress": text(raw["JTZZ"], lossy=True),
        },
        moment(raw["GXSJ"])[0],
    )


def transfer_row(raw: RawRow) -> Row:
    """A row of DY_ZZGX."""
    read = {
        "transferNo": token(raw["ZJBH"]),
        "memberNo": (raw["DYBH"], None),
        "fromOrgCode": token(raw["YDZZDM"]),
        "toOrgCode": token(raw["XDZZDM"]),
        "toOrgNameRaw": text(raw["XDZZMC"], lossy=True),
        "kind": code(raw["ZJLX"], same("transferKind")),
        "state": code(raw["ZJZT"], same("transferState")),
        "letterNo": text(raw["JSXH"]),
        "issuedOn": eight_digits(raw["KCRQ"]),
        "validUntil": eight_digits(raw["YXRQ"]),
        "acceptedOn": eight_digits(raw["JSRQ"]),
        "duesPaidUntil": six_digits(raw["DFJZ"]),
    }
    return row("MembershipTransfer", "s1", raw["ZJBH"], read, failed=late(read, "issuedOn", "acceptedOn"))


def discipline_row(raw: RawRow) -> Row:
    """A row of DY_CF."""
    return row(
        "PartyDiscipline",
        "s1",
        raw["CFBH"],
        {
            "disciplineNo": (raw["CFBH"], None),
            "memberNo": (raw["DYBH"], None),
            "kind": code(raw["CFLB"], same("disciplineKind")),
            "decidedOn": eight_digits(raw["CFRQ"]),
            "grounds": text(raw["CFYY"], lossy=True),
        },
    )
