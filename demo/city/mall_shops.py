"""The mall's shops and their goods: ``shop`` and ``goods``."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

from demo.city.apportion import apportion
from demo.city.defects import Ledger, spread
from demo.city.divisions import COUNTIES
from demo.city.edition import scaled, stream
from demo.city.identifiers import account, mobile
from demo.city.mall_areas import area_ids
from demo.city.mall_network import COMPANY_OF_UNION, FARMERS, UNION, CoopOrg, Network
from demo.city.membership import Enrolled
from demo.city.organisations import Organisation
from demo.city.people import STAFF_AGE_SHARES, People
from demo.city.personas import PERSONAS, SHOP_OWNER, TOWN_DIVISION, TOWN_SHOP_ID
from demo.city.registry import COMPANY, TRADER, Registry

FULL_SHOPS, FULL_GOODS = 2_900, 46_000
BEIJING = timezone(timedelta(hours=8))
_MEMBERS_AMONG_OWNERS = 0.12
_DELETED_SHARE = 0.02
_FEWEST_GOODS = 5
Row = tuple[object, ...]

_GOODS = (
    (101, "优质稻米", "5kg/袋", "袋", 3_980),
    (101, "菜籽油", "5L/桶", "桶", 8_800),
    (102, "蜜橘", "2.5kg/箱", "箱", 2_990),
    (102, "高山蔬菜", "3kg/箱", "箱", 3_600),
    (103, "土鸡蛋", "30枚/盒", "盒", 4_500),
    (103, "腊肉", "500g/袋", "袋", 5_200),
    (104, "甲鱼", "1kg/只", "只", 12_800),
    (104, "小龙虾", "1.5kg/盒", "盒", 9_900),
    (105, "银峰绿茶", "250g/盒", "盒", 16_800),
    (105, "红茶", "200g/罐", "罐", 9_600),
    (106, "酱板鸭", "400g/袋", "袋", 3_900),
    (106, "擂茶", "500g/袋", "袋", 2_500),
    (106, "剁辣椒", "1kg/瓶", "瓶", 1_890),
    (201, "复合肥", "40kg/袋", "袋", 13_500),
    (201, "稻种", "1kg/袋", "袋", 6_800),
    (301, "洗衣液", "3kg/瓶", "瓶", 2_990),
    (301, "卷纸", "12卷/提", "提", 2_490),
)
"""Category, what it is, specification, unit and usual price in fen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """A row of ``goods``. ``sold_at``: the price of every line; ``repriced``: another one stands in the row now."""

    goods_id: int
    sold_at: int
    repriced: bool
    withdrawn: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """A row of ``shop``; ``goods`` is filled as its goods are streamed."""

    shop_id: int
    org: CoopOrg
    deleted: bool
    goods: list[Goods] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Owner:
    name: str
    id_number: str
    mobile: str


class Shops:
    """Shops and goods of a city; the two row streams must be read in the order of the methods."""

    def __init__(
        self,
        seed: int,
        scale: float,
        network: Network,
        enrolled: Sequence[Enrolled],
        tree: Sequence[Organisation],
        people: People,
        registry: Registry,
        ledger: Ledger,
    ) -> None:
        self._rng = stream(seed, "shops")
        self._network, self._people, self._registry, self._ledger = network, people, registry, ledger
        self._areas = area_ids(seed)
        self._goods_count = scaled(FULL_GOODS, scale)
        self._members = self._members_by_county(enrolled, tree)
        count = scaled(FULL_SHOPS, scale, 24)
        town = next(org for org in network.orgs if org.division.div_code == TOWN_DIVISION and org.kind != UNION)
        places = [town, *network.poor_villages]
        open_orgs = [org for org in network.orgs if org.kind != UNION and not org.deleted]
        places.extend(open_orgs[int(self._rng.random() * len(open_orgs))] for _ in range(count - len(places)))
        self._fixed = 1 + len(network.poor_villages)
        gone = set(self._rng.sample(range(self._fixed, count), max(2, round(_DELETED_SHARE * count))))
        self.shops = [Shop(shop_id=TOWN_SHOP_ID + n, org=org, deleted=n in gone) for n, org in enumerate(places)]

    def _members_by_county(
        self, enrolled: Sequence[Enrolled], tree: Sequence[Organisation]
    ) -> dict[int | None, list[Enrolled]]:
        """Members of each county whom another source can find by ID number, nobody the demo speaks as."""
        lost = {*self._ledger.keys("MEMBER_ID_CHECKSUM"), *self._ledger.keys("MEMBER_ID_EMPTY")}
        own = {persona.id_number for persona in PERSONAS}
        found: dict[int | None, list[Enrolled]] = {}
        for member in enrolled:
            if str(member.member_no) not in lost and member.id_number not in own and 22 < member.age < 65:
                found.setdefault(tree[member.branch].county, []).append(member)
        return found

    def shop_rows(self) -> Iterator[Row]:
        """Rows of ``shop``: the persona's, the poor villages', the others'."""
        rng = self._rng
        flaws = spread(rng, ("SHOP_NO_CODE",), range(1, len(self.shops)))
        for n, shop in enumerate(self.shops):
            owner = self._owner(n, shop)
            if n in flaws:
                self._ledger.add("SHOP_NO_CODE", shop.shop_id)
            opened = datetime(2015, 1, 5, 9, tzinfo=BEIJING) + timedelta(days=int(rng.random() * 1_270))
            status = 1 if n < self._fixed or rng.random() < 0.92 else rng.choice((2, 3))
            yield (
                shop.shop_id,
                f"{shop.org.name.removesuffix('农民专业合作社').removesuffix('有限公司')}{_SIGNS[n % len(_SIGNS)]}",
                shop.org.org_id,
                self._code(shop, owner, coded=n not in flaws),
                owner.name,
                owner.id_number,
                owner.mobile,
                account(rng),
                int(opened.timestamp()),
                status,
                int(shop.deleted),
            )

    def _owner(self, n: int, shop: Shop) -> _Owner:
        rng = self._rng
        if not n:
            return _Owner(SHOP_OWNER.name, SHOP_OWNER.id_number, str(SHOP_OWNER.mobile))
        county = next((n for n, plan in enumerate(COUNTIES) if shop.org.division.div_code.startswith(plan.code)), None)
        members = self._members.get(county, [])
        if members and (n < self._fixed or rng.random() < _MEMBERS_AMONG_OWNERS):
            member = members.pop(int(rng.random() * len(members)))
            return _Owner(member.name, member.id_number, member.mobile or mobile(rng))
        person = self._people.draw(county, women=0.45, age_shares=STAFF_AGE_SHARES, older_than=20.0)
        return _Owner(person.name, person.id_number, mobile(rng))

    def _code(self, shop: Shop, owner: _Owner, *, coded: bool) -> str | None:
        """The credit code it trades under: a cooperative's or company's own, or its owner's as a trader."""
        if not coded:
            return None
        org = shop.org
        if org.firm is not None and org.kind in (COMPANY_OF_UNION, FARMERS):
            return org.firm.uscc
        kind = COMPANY if self._rng.random() < 0.25 else TRADER
        name = f"{org.name}{owner.name}{'电子商务有限公司' if kind == COMPANY else '农产品经营部'}"
        return self._registry.found(kind, name, owner.name, owner.id_number, org.division).uscc

    def goods_rows(self) -> Iterator[Row]:
        """Rows of ``goods``: each shop's in turn, its last one withdrawn; a deleted shop's are all withdrawn."""
        rng = self._rng
        shares = apportion(
            self._goods_count,
            [rng.lognormvariate(0.0, 0.6) for _ in self.shops],
            least=min(_FEWEST_GOODS, self._goods_count // len(self.shops)),
        )
        changed = spread(rng, ("GOODS_PRICE_CHANGED",), range(self._goods_count))
        number = 0
        for shop, share in zip(self.shops, shares, strict=True):
            place = shop.org.division
            for turn in range(share):
                cat, what, spec, unit, usual = _GOODS[int(rng.random() * len(_GOODS))]
                price = max(100, round(usual * rng.lognormvariate(0.0, 0.25) / 10) * 10)
                sold_at = price + 10 * (1 + int(rng.random() * 40)) if number in changed else price
                withdrawn = shop.deleted or turn == share - 1
                number += 1
                shop.goods.append(
                    Goods(goods_id=number, sold_at=sold_at, repriced=sold_at != price, withdrawn=withdrawn)
                )
                barcode = f"2{number:011d}"
                yield (
                    number,
                    shop.shop_id,
                    f"{place.name}{what}",
                    cat,
                    spec,
                    unit,
                    price,
                    int(rng.random() ** 2 * 2_000),
                    barcode + _ean_digit(barcode) if rng.random() < 0.8 else None,
                    self._areas[place.div_code],
                    int(cat <= 105),
                    int(withdrawn),
                )


_SIGNS = ("旗舰店", "特产店", "农家店", "供销小铺", "电商服务店")


def _ean_digit(body: str) -> str:
    """Check digit of an EAN-13 barcode."""
    return str(-sum(int(c) * (3 if n % 2 else 1) for n, c in enumerate(body)) % 10)
