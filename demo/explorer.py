"""What the demo's explorer page offers: everybody of :mod:`demo.callers`, every question of ``demo/queries``.

Neighbour: :mod:`hutong.explorer` shows it.
"""

from collections.abc import Mapping
from typing import Final

from demo.callers import CALLERS, Caller
from demo.questions import Question as DemoQuestion
from demo.questions import questions
from hutong.explorer.content import Ask, ExplorerContent, Person, Question
from schema.catalog import Title

FIRST: Final = "masked_for_the_liaison"
PAIR: Final = ("branch_secretary", "party_liaison")
"""What the page opens with: a secretary and a liaison look at the same members."""

_NO_BUSINESS: Final = Title(zh="看不到任何业务数据", en="no business data at all")
_DUTIES: Final[Mapping[str, tuple[Title, Title]]] = {
    "resident_public": (
        Title(zh="公众", en="The public"),
        Title(
            zh="公开信息：组织、单位、服务站、事项、网店；看不到任何个人",
            en="what is open: organisations, units, stations, items, shops; no person",
        ),
    ),
    "resident_self": (
        Title(zh="某镇居民", en="Resident of a town"),
        Title(zh="本人的信息、办件、订单和快递", en="the own person, cases, orders and parcels"),
    ),
    "member_self": (
        Title(zh="普通党员，市经信委公务员", en="Party member, civil servant"),
        Title(
            zh="本人的信息，以及党费、志愿服务时长和组织关系转接",
            en="the own person, with dues, volunteer hours and transfers",
        ),
    ),
    "branch_secretary": (
        Title(zh="镇机关党支部书记", en="Secretary of a Party branch"),
        Title(
            zh="本支部党员：手机号为原值，身份证号脱敏",
            en="the members of the own branch: mobiles in clear, ID numbers masked",
        ),
    ),
    "party_liaison": (
        Title(zh="镇党建联络员", en="Party-building liaison of a town"),
        Title(
            zh="本镇党员：手机号和身份证号均脱敏",
            en="the members of the town: mobiles and ID numbers masked",
        ),
    ),
    "county_org_clerk": (
        Title(zh="县委组织部干事", en="Clerk of a county's organisation department"),
        Title(
            zh="全县党员名册，凭完整身份证号核对；党员的网店",
            en="the county's member register, look-up by full ID number; members' shops",
        ),
    ),
    "city_org_admin": (
        Title(zh="市委组织部党员管理科", en="Member administration of the city"),
        Title(zh="全市党员名册", en="the member register of the whole city"),
    ),
    "bianban_officer": (
        Title(zh="市编办工作人员", en="Officer of the establishment office"),
        Title(zh="分管单位的编制与人员，不含党务信息", en="units and posts in charge, nothing of the Party"),
    ),
    "cadre_officer": (
        Title(zh="市委组织部干部科", en="Officer of the cadre section"),
        Title(
            zh="干部信息；考核结果须声明用途、逐人查看",
            en="cadres; an assessment only for a stated purpose, one at a time",
        ),
    ),
    "window_clerk": (
        Title(zh="服务站窗口人员", en="Clerk at a service station's window"),
        Title(
            zh="本站的办件和快递；凭完整身份证号查询来人",
            en="cases and parcels of the own station; who stands there, by full ID number",
        ),
    ),
    "service_admin": (
        Title(zh="县政务服务中心管理员", en="Administrator of a county's service centre"),
        Title(zh="全县办件和工单，个人信息脱敏", en="cases and tickets of the county, persons masked"),
    ),
    "hotline_agent": (
        Title(zh="12345热线坐席", en="Agent of the 12345 hotline"),
        Title(zh="工单；来电人仅在办理期间可见", en="tickets; callers only while a ticket is open"),
    ),
    "coop_analyst": (
        Title(zh="县供销社分析员", en="Analyst of the county's supply cooperative"),
        Title(zh="全县交易，不含个人，销售额按区间", en="the county's trade without persons, sales as bands"),
    ),
    "shop_owner": (
        Title(zh="网店店主", en="Owner of a shop"),
        Title(zh="自己的网店；收货人仅在订单办理期间可见", en="the own shop; receivers while an order is open"),
    ),
    "sys_admin": (Title(zh="系统管理员", en="System administrator"), _NO_BUSINESS),
    "security_officer": (Title(zh="安全保密管理员", en="Security officer"), _NO_BUSINESS),
    "auditor": (Title(zh="安全审计员", en="Auditor"), _NO_BUSINESS),
    "dept_data_admin": (Title(zh="部门数据管理员", en="Data administrator of a department"), _NO_BUSINESS),
}


def explorer_content() -> ExplorerContent:
    """The demo's people and questions. Raises ``KeyError`` for a caller without a duty."""
    return ExplorerContent(
        persons=tuple(map(_person, CALLERS)),
        questions=tuple(map(_question, questions())),
        first=FIRST,
        pair=PAIR,
    )


def _person(caller: Caller) -> Person:
    duty, sees = _DUTIES[caller.key]
    return Person(key=caller.key, name=caller.name, duty=duty, sees=sees, subject=caller.subject)


def _question(question: DemoQuestion) -> Question:
    return Question(
        name=question.name,
        title=Title(zh=question.title_zh, en=question.title_en),
        document=question.document,
        asks=tuple(
            Ask(person=ask.caller.key, variables=ask.variables, purpose=ask.purpose, expect=ask.expect)
            for ask in question.asks
        ),
    )
