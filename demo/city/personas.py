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
SHIMEN = "430726"
TOWN_STATION = f"{TOWN_DIVISION}000" + "3" + "001"
"""The service station of the town: division of twelve digits, level 3, serial 001."""

TOWN_SHOP_ID = 1
"""The mall's shop in the town."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Persona:
    """Someone to ask as.

    ``org_codes``, ``div_code``, ``unit_no``, ``station_code`` and ``mall_account`` (the mall's buyer number as text)
    are what a token's scope needs; ``member_no`` and ``branch`` tell the row in S1, ``staff_no`` and ``home_unit`` the
    row in S3 (``None``: not there). ``secretary_of`` are the branches that name the persona as secretary, ``shop_ids``
    the mall's shops that are the persona's own. ``mobile`` and ``home`` (a village or town) are known of those who use
    the services.
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
    station_code: str | None = None
    mall_account: str | None = None
    shop_ids: tuple[int, ...] = ()
    mobile: str | None = None
    home: str | None = None


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
    mall_account="10001",
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
RESIDENT = Persona(
    key="resident",
    title="石门县某镇居民",
    name="唐秋菊",
    male=False,
    born=date(1977, 10, 3),
    id_number=id_number("430797", date(1977, 10, 3), 82),
    mall_account="10002",
    mobile="16430726101",
    home=TOWN_DIVISION,
)
WINDOW_CLERK = Persona(
    key="window_clerk",
    title="石门县某镇服务站窗口人员",
    name="朱丽娟",
    male=False,
    born=date(1993, 2, 14),
    id_number=id_number("430797", date(1993, 2, 14), 96),
    station_code=TOWN_STATION,
)
SERVICE_ADMIN = Persona(
    key="service_admin",
    title="石门县政务服务中心管理员",
    name="廖志刚",
    male=True,
    born=date(1980, 7, 8),
    id_number=id_number("430797", date(1980, 7, 8), 105),
    div_code=SHIMEN,
)
HOTLINE_AGENT = Persona(
    key="hotline_agent",
    title="12345热线石门县坐席",
    name="伍思琪",
    male=False,
    born=date(1995, 5, 30),
    id_number=id_number("430797", date(1995, 5, 30), 118),
    div_code=SHIMEN,
)
COOP_ANALYST = Persona(
    key="coop_analyst",
    title="石门县供销社分析员",
    name="贺文斌",
    male=True,
    born=date(1988, 11, 21),
    id_number=id_number("430797", date(1988, 11, 21), 127),
    div_code=SHIMEN,
)
SHOP_OWNER = Persona(
    key="shop_owner",
    title="石门县某镇网店店主",
    name="丁春梅",
    male=False,
    born=date(1984, 3, 19),
    id_number=id_number("430797", date(1984, 3, 19), 134),
    shop_ids=(TOWN_SHOP_ID,),
    mobile="16430726102",
    home=TOWN_DIVISION,
)
CADRE_OFFICER = Persona(
    key="cadre_officer",
    title="市委组织部干部科",
    name="谭国平",
    male=True,
    born=date(1976, 8, 15),
    id_number=id_number("430790", date(1976, 8, 15), 149),
)
PERSONAS = (
    MEMBER,
    BRANCH_SECRETARY,
    TWO_BRANCH_SECRETARY,
    TOWN_LIAISON,
    COUNTY_CLERK,
    CITY_ADMIN,
    BIANBAN_OFFICER,
    RESIDENT,
    WINDOW_CLERK,
    SERVICE_ADMIN,
    HOTLINE_AGENT,
    COOP_ANALYST,
    SHOP_OWNER,
    CADRE_OFFICER,
)
