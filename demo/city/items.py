"""S4's items of service (事项): what each unit offers, at which level, within how many workdays.

An implementation code has 31 characters: the unit's credit code (18), the level it is exercised at (1) and the base
code (12) of region 43, type (2), department (2, the bureau's number), item (3) and sub-item (3).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from demo.city.apportion import apportion
from demo.city.bureaus import BUREAUS, GOVERNMENT_OFFICE
from demo.city.codes_services import LEGACY_ITEM_TYPE
from demo.city.defects import Ledger, spread
from demo.city.divisions import CITY_CODE, COUNTIES
from demo.city.edition import scaled, stream
from demo.city.units import Unit, units

FULL_ITEMS = 6_800
_LEAST_ITEMS = 700
_TOWN_SHARE = 0.5
Row = tuple[object, ...]

_DELIVERED = (
    "09 05 最低生活保障对象认定 20|09 05 特困人员救助供养申请 20|09 05 临时救助申请 5|09 05 高龄津贴申领 10|"
    "09 05 残疾人两项补贴申请 10|09 05 孤儿基本生活费申请 15|09 07 老年人优待证办理 0|09 20 殡葬惠民补助申领 5|"
    "10 20 城乡居民养老保险参保登记 0|10 20 城乡居民养老保险待遇申领 10|10 20 养老保险待遇资格认证 0|"
    "10 20 就业失业登记 0|10 05 灵活就业社保补贴申请 15|10 20 社会保障卡申领 5|10 20 创业担保贷款申请 20|"
    "04 07 生育服务登记 0|04 05 农村部分计划生育家庭奖励扶助 20|04 05 独生子女父母奖励 10|04 20 流动人口婚育证明 0|"
    "04 20 城乡居民医疗保险参保登记 0|04 20 异地就医备案 1|04 20 预防接种证办理 0|"
    "11 05 耕地地力保护补贴申报 20|11 20 农机购置补贴申请 20|11 01 农村宅基地使用审核 20|11 20 土地承包经营权登记 15|"
    "13 01 农村饮水用户报装 5|14 20 农村危房改造申请 20|14 01 乡村建设规划许可 20|16 01 林木采伐许可 10|"
    "26 05 扶贫小额信贷申请 15|26 20 雨露计划补助申请 15|46 20 残疾人证办理 15|46 05 残疾人辅助器具申请 10|"
    "20 20 居住证申领 10|21 20 法律援助申请 5|17 20 不动产登记信息查询 0|30 01 临时占道经营审批 3"
)
"""The 38 items delivered to towns and villages: number of the bureau, type, name, promised workdays (0: at once)."""

_KINDS = (
    ("01", "{}审批", 20),
    ("20", "{}业务咨询", 0),
    ("07", "{}资格确认", 15),
    ("06", "{}监督检查", 30),
    ("02", "{}违法行为处罚", 60),
    ("10", "{}备案", 5),
    ("08", "{}先进单位和个人奖励", 30),
    ("04", "{}规费征收", 1),
    ("09", "{}争议裁决", 60),
    ("03", "{}违法物品查封扣押", 7),
    ("05", "{}专项补助发放", 30),
)
_SUBJECTS = ("项目建设", "从业人员", "经营场所", "公共设施", "档案资料", "专业机构", "重大活动", "专项资金")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An item as one unit carries it out. ``county``: index in ``COUNTIES``, ``None`` for the city's units."""

    code: str
    base: str
    name: str
    type: str
    workdays: int
    level: str
    unit: Unit
    county: int | None
    delivered: bool
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Base:
    code: str
    name: str
    type: str
    workdays: int
    bureau: int


@lru_cache(maxsize=4)
def items(seed: int, scale: float) -> tuple[Item, ...]:
    """All items: the counties' 38 delivered ones, then those of every bureau and town; a few suspended or cancelled."""
    rng = stream(seed, "items")
    all_units = units(seed, scale)
    holders = [unit for unit in all_units.values() if unit.tier in ("bureau", "town")]
    delivered = _delivered()
    made = [
        _item(base, _owner(all_units, plan.code, base.bureau), county, delivered=True)
        for county, plan in enumerate(COUNTIES)
        for base in delivered
    ]
    wanted = max(scaled(FULL_ITEMS, scale), _LEAST_ITEMS, len(made) + 2 * len(holders)) - len(made)
    weights = [_TOWN_SHARE if unit.tier == "town" else 1.0 for unit in holders]
    own = {n: _own_items(unit) for n, unit in enumerate(holders)}
    for n, count in enumerate(apportion(wanted, weights, least=1)):
        unit = holders[n]
        bases = delivered if unit.tier == "town" else own[n]
        county = next((c for c, plan in enumerate(COUNTIES) if plan.code == unit.county_code), None)
        made.extend(_item(base, unit, county, delivered=unit.tier == "town") for base in bases[:count])
    gone = set(rng.sample(range(38 * len(COUNTIES), len(made)), max(len(made) // 30, 12)))
    paused = set(rng.sample(range(38 * len(COUNTIES), len(made)), max(len(made) // 150, 4))) - gone
    return tuple(_with_status(item, "3" if n in gone else "2" if n in paused else "1") for n, item in enumerate(made))


def item_rows(seed: int, scale: float, ledger: Ledger) -> Iterator[Row]:
    """Rows of ``shixiang``."""
    found = items(seed, scale)
    older = [n for n, item in enumerate(found) if item.type in LEGACY_ITEM_TYPE]
    legacy = spread(stream(seed, "item flaws"), ("ITEM_TYPE_LEGACY",), older, base=len(found))
    for n, item in enumerate(found):
        if n in legacy:
            ledger.add("ITEM_TYPE_LEGACY", item.code)
        yield (
            item.code,
            item.base,
            item.name,
            LEGACY_ITEM_TYPE[item.type] if n in legacy else item.type,
            "1" if item.workdays == 0 else "2",
            item.level,
            item.unit.uscc,
            item.workdays,
            item.delivered,
            item.status,
        )


def _delivered() -> tuple[_Base, ...]:
    found = []
    for n, text in enumerate(_DELIVERED.split("|"), 1):
        bureau, kind, name, workdays = text.split()
        code = f"43{kind}{bureau}{n:03d}000"
        found.append(_Base(code=code, name=name, type=kind, workdays=int(workdays), bureau=int(bureau)))
    return tuple(found)


def _own_items(unit: Unit) -> list[_Base]:
    """A bureau's own items: each kind of power over each of its subjects, the commonest kinds first."""
    field = BUREAUS[unit.bureau - 1][1] if unit.tier == "bureau" else ""
    stem = field.removesuffix("局").removesuffix("委").removesuffix("办")
    made = []
    for n, subject in enumerate(_SUBJECTS):
        for k, (kind, words, workdays) in enumerate(_KINDS):
            code = f"43{kind}{unit.bureau:02d}{100 + k:03d}{n + 1:03d}"
            name = words.format(stem + subject)
            made.append(_Base(code=code, name=name, type=kind, workdays=workdays, bureau=unit.bureau))
    return made


def _owner(all_units: Mapping[str, Unit], county: str, bureau: int) -> Unit:
    """The county's bureau, or its government office where the city is too small for the bureau."""
    return all_units.get(f"{county}{bureau:02d}0000") or all_units[f"{county}{GOVERNMENT_OFFICE:02d}0000"]


def _item(base: _Base, unit: Unit, county: int | None, *, delivered: bool) -> Item:
    level = "2" if unit.county_code == CITY_CODE else "4" if unit.tier == "town" else "3"
    return Item(
        code=unit.uscc + level + base.code,
        base=base.code,
        name=base.name,
        type=base.type,
        workdays=base.workdays,
        level=level,
        unit=unit,
        county=county,
        delivered=delivered,
        status="1",
    )


def _with_status(item: Item, status: str) -> Item:
    return item if status == item.status else replace(item, status=status)
