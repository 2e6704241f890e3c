"""S1, the organisation department's member library: its rows in canonical form. Soft-deleted rows are no rows."""

from collections import Counter
from datetime import date

from demo.oracle import uscc
from demo.oracle.codes import TITLES
from demo.oracle.divisions import COUNTY_NAMES, division_code
from demo.oracle.identity import normal_id, sm3
from demo.oracle.raw import RawRow
from demo.oracle.reading import NOTHING, Read, code, eight_digits, flag, moment, text, token
from demo.oracle.rows import Row, row

_ORG_TYPES = {known: known for known in TITLES["orgType"]} | {
    "0": "611", "1": "621", "2": "631", "641": "GROUP", "699": "GROUP",
}  # fmt: skip
_STATES = {"1": "NORMAL", "10": "RETAINED", "11": "RESTORED", "12": "SUSPENDED", "13": "EXPELLED"}
_POSTS = {known: known for known in TITLES["occupation"]} | {"12A": "11"}
_EDUCATION = {known: known for known in TITLES["education"]} | {"2A": "20", "51": "60"}
_POLITICAL = {known: known for known in TITLES["politicalStatus"]} | {"1": "01", "2": "02", "99": "13"}


def is_live(raw: RawRow) -> bool:
    """Whether the row is not soft-deleted."""
    return bool(raw["SCBZ"] != "1")


def organisation_row(raw: RawRow, members: Counter[str]) -> Row:
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
            "secretaryName": text(raw["DZZSJ"], lossy=True),
            "contactPhone": text(raw["LXDH"]),
            "unitSituation": code(raw["SZDWQK"], {known: known for known in TITLES["unitSituation"]}),
            "hostUscc": _credit_code(raw["DWDM"]),
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


def _credit_code(raw: object) -> Read:
    if raw is None or str(raw).strip() == "":
        return NOTHING
    value = str(raw).strip().upper()
    return value, None if uscc.is_valid(value) else "USCC_CHECKSUM"


def identity_of(number: object, source: str, key: object, today: date) -> str:
    """The valid number, else a local identity that joins to nothing else."""
    return normal_id(number, today) or f"~{source}:{key}"


def id_number(raw: object, today: date) -> Read:
    """The number in its normal form, else as it stands with the defect it has."""
    if raw is None or raw == "":
        return NOTHING
    valid = normal_id(raw, today)
    if valid is not None:
        return valid, None
    written = str(raw)
    shaped = len(written) in (15, 18) and written[:15].isdigit()
    return written, "ID_CHECKSUM" if shaped else "ID_FORMAT"


def member_row(raw: RawRow, today: date) -> Row:
    """A row of DY_JBXX as a membership."""
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
            "category": code(raw["RYLB"], {"1": "1", "2": "2"}),
            "joinedOn": eight_digits(raw["RDRQ"]),
            "fullMemberOn": eight_digits(raw["ZZRQ"]),
            "partyAge": years(eight_digits(raw["ZZRQ"]), today),
            "post": code(raw["GZGW"], _POSTS),
            "partyDuty": text(raw["DNZW"], lossy=True),
            "membershipState": code(raw["DJZT"], _STATES),
            "lostContact": flag(raw["SFSL"]),
            "lostSince": eight_digits(raw["SLRQ"]),
            "lostReason": code(raw["SLYY"], {known: known for known in TITLES["lostReason"]}),
            "floating": flag(raw["SFLD"]),
            "outflowTo": text(raw["WCLX"], lossy=True),
            "inDifficulty": flag(raw["SFKN"]),
            "landline": text(raw["GDDH"]),
            "appraisal": code(raw["PYDC"], {known: known for known in TITLES["appraisal"]}),
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
            "sex": code(raw["XB"], {known: known for known in TITLES["sex"]}),
            "birthDate": eight_digits(raw["CSRQ"]),
            "ethnicity": code(raw["MZ"], {known: known for known in TITLES["ethnicity"]}),
            "politicalStatus": code(raw["ZZMM"], _POLITICAL),
            "education": code(raw["XL"], _EDUCATION),
            "mobile": text(raw["SJHM"]),
            "homeAddress": text(raw["JTZZ"], lossy=True),
        },
        moment(raw["GXSJ"])[0],
    )


def years(day: Read, today: date) -> Read:
    """Whole years since a day, with the day's defect; null for a day to come."""
    value, flaw = day
    if value is None or value > today.isoformat():
        return None, flaw
    return today.year - int(value[:4]) - (today.isoformat()[5:] < value[5:]), flaw
