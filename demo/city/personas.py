"""The people whose keys the demo prints: the same in every city, whatever the seed and scale."""

from dataclasses import dataclass
from datetime import date

from demo.city.identifiers import id_number

CITY_COMMITTEE = "001000000000000"
SHIMEN_COMMITTEE = "001008000000000"
TOWN_COMMITTEE = "001008002000000"
TOWN_OFFICE_BRANCH = "001008002001000"
VILLAGE_BRANCHES = ("001008002002000", "001008002003000")
SHIMEN_ORG_DEPARTMENT_BRANCH = "001008001005000"
CITY_ORG_DEPARTMENT_BRANCH = "001015005000000"
ECONOMY_COMMISSION_BRANCH = "001015002001000"
TOWN_DIVISION = "430726100"
ECONOMY_COMMISSION = "430700020000"


@dataclass(frozen=True, slots=True, kw_only=True)
class Persona:
    """Someone to ask as.

    ``org_codes``, ``div_code`` and ``unit_no`` are what a token's scope needs; ``member_no`` and ``branch`` tell the
    row in S1, ``staff_no`` and ``home_unit`` the row in S3 (``None``: not there). ``secretary_of`` are the branches
    that name the persona as secretary.
    """

    key: str
    title: str
    name: str
    male: bool
    born: date
    id_number: str
    member_no: int | None = None
    branch: str | None = None
    secretary_of: tuple[str, ...] = ()
    staff_no: str | None = None
    home_unit: str | None = None
    org_codes: tuple[str, ...] = ()
    div_code: str | None = None
    unit_no: str | None = None


MEMBER = Persona(
    key="member",
    title="普通党员，市经信委公务员",
    name="周明远",
    male=True,
    born=date(1981, 3, 12),
    id_number=id_number("430790", date(1981, 3, 12), 17),
    member_no=1,
    branch=ECONOMY_COMMISSION_BRANCH,
    staff_no="R00000001",
    home_unit=ECONOMY_COMMISSION,
    org_codes=(ECONOMY_COMMISSION_BRANCH,),
)
BRANCH_SECRETARY = Persona(
    key="branch_secretary",
    title="镇机关党支部书记",
    name="覃桂兰",
    male=False,
    born=date(1974, 11, 5),
    id_number=id_number("430797", date(1974, 11, 5), 24),
    member_no=2,
    branch=TOWN_OFFICE_BRANCH,
    secretary_of=(TOWN_OFFICE_BRANCH,),
    org_codes=(TOWN_OFFICE_BRANCH,),
)
TWO_BRANCH_SECRETARY = Persona(
    key="two_branch_secretary",
    title="两个村党支部的书记",
    name="向长青",
    male=True,
    born=date(1969, 6, 21),
    id_number=id_number("430797", date(1969, 6, 21), 31),
    member_no=3,
    branch=VILLAGE_BRANCHES[0],
    secretary_of=VILLAGE_BRANCHES,
    org_codes=VILLAGE_BRANCHES,
)
TOWN_LIAISON = Persona(
    key="town_liaison",
    title="石门县某镇党建联络员",
    name="田小雨",
    male=False,
    born=date(1991, 4, 18),
    id_number=id_number("430797", date(1991, 4, 18), 46),
    member_no=4,
    branch=TOWN_OFFICE_BRANCH,
    org_codes=(TOWN_COMMITTEE,),
    div_code=TOWN_DIVISION,
)
COUNTY_CLERK = Persona(
    key="county_clerk",
    title="石门县委组织部干事",
    name="龚立新",
    male=True,
    born=date(1986, 9, 2),
    id_number=id_number("430797", date(1986, 9, 2), 53),
    member_no=5,
    branch=SHIMEN_ORG_DEPARTMENT_BRANCH,
    staff_no="R00000002",
    home_unit="430726050000",
    org_codes=(SHIMEN_COMMITTEE,),
)
CITY_ADMIN = Persona(
    key="city_admin",
    title="市委组织部党员管理科",
    name="欧阳敏",
    male=False,
    born=date(1979, 1, 27),
    id_number=id_number("430790", date(1979, 1, 27), 68),
    member_no=6,
    branch=CITY_ORG_DEPARTMENT_BRANCH,
    staff_no="R00000003",
    home_unit="430700050000",
    org_codes=(CITY_COMMITTEE,),
)
BIANBAN_OFFICER = Persona(
    key="bianban_officer",
    title="市编办，分管市经信委及所属单位",
    name="万启明",
    male=True,
    born=date(1983, 12, 9),
    id_number=id_number("430790", date(1983, 12, 9), 75),
    staff_no="R00000004",
    home_unit="430700060000",
    unit_no=ECONOMY_COMMISSION,
)
PERSONAS = (
    MEMBER,
    BRANCH_SECRETARY,
    TWO_BRANCH_SECRETARY,
    TOWN_LIAISON,
    COUNTY_CLERK,
    CITY_ADMIN,
    BIANBAN_OFFICER,
)
