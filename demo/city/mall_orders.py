"""The mall's orders, their lines and payments: ``orders``, ``order_goods``, ``pay_log``.

An order's fate is drawn as a whole; what of it lies after the data's last moment has not happened yet. The parcels of
:mod:`demo.city.parcels` follow the same times.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate

from demo.city.apportion import apportion
from demo.city.defects import Ledger, spread
from demo.city.edition import TODAY, flow_rows, flow_start, stream
from demo.city.identifiers import account
from demo.city.mall_areas import area_ids
from demo.city.mall_buyers import Buyer, Buyers
from demo.city.mall_network import Network, Point
from demo.city.mall_shops import BEIJING, Goods, Shop
from demo.city.personas import MEMBER, RESIDENT

FULL_ORDERS = 2_400_000
NOW = int(datetime(TODAY.year, TODAY.month, TODAY.day, 18, tzinfo=BEIJING).timestamp())
"""The last moment of the mall's data, in epoch seconds."""

HOUR, DAY = 3_600, 86_400
_FREIGHT_FREE_FROM = 6_900
_FIRST_SERIAL = 101
_OLD_ENOUGH = 0.6
_KEPT_FLAWS = ("ORDER_TEST", "ORDER_AMOUNT", "ORDER_TIME_ORDER", "ORDER_FINISH_ZERO", "ORDER_POINT_DELETED")
_PERSONA_ORDERS = (
    (RESIDENT, "2018-07-03 09:12:00", "done", (2, 1)),
    (RESIDENT, "2018-07-21 20:40:00", "done", (1,)),
    (RESIDENT, "2018-09-08 12:05:00", "done", (1, 3)),
    (RESIDENT, "2018-09-26 08:31:00", "waiting", (2,)),
    (RESIDENT, "2018-09-30 10:15:00", "paid", (1,)),
    (MEMBER, "2018-07-11 19:02:00", "done", (1, 1)),
    (MEMBER, "2018-09-12 21:30:00", "done", (1,)),
    (MEMBER, "2018-09-30 07:45:00", "unpaid", (1,)),
)
Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of an order and when, in epoch seconds; 0 for never, whether or not it lies after ``NOW``."""

    paid: int = 0
    shipped: int = 0
    arrived: int = 0
    delivered: int = 0
    closed: int = 0
    refunded: bool = False

    def status(self) -> int:
        """``status`` as it stands at ``NOW``: 10, 20, 30, 40, 50 or 60."""
        if 0 < self.closed <= NOW:
            return 60 if self.refunded else 40 if self.shipped else 50
        if 0 < self.shipped <= NOW:
            return 30
        return 20 if 0 < self.paid <= NOW else 10


@dataclass(frozen=True, slots=True)
class Order:
    """What lines, payments and parcels need of an order."""

    order_sn: int
    buyer: Buyer
    shop: Shop
    point: Point
    created: int
    fate: Fate
    lines: tuple[tuple[Goods, int], ...]
    pay_fen: int
    test: bool


class Orders:
    """Orders of a city; ``order_rows`` must be read before the other streams."""

    def __init__(
        self, seed: int, scale: float, network: Network, shops: list[Shop], buyers: Buyers, ledger: Ledger
    ) -> None:
        self.orders: list[Order] = []
        self._seed, self._scale = seed, scale
        self._network, self._buyers, self._ledger = network, buyers, ledger
        self._rng = stream(seed, "orders")
        self._areas = area_ids(seed)
        self._shops = [shop for shop in shops if not shop.deleted]
        self._town_shop = shops[0]
        weights = [self._rng.lognormvariate(0.0, 0.9) for _ in self._shops]
        weights[0] = 3.0
        self._weights = tuple(accumulate(weights))
        self._closed_points = [point for point in network.points if point.deleted]

    def order_rows(self) -> Iterator[Row]:
        """Rows of ``orders``: the personas', then day by day the others'."""
        for serial, (persona, at, stage, counts) in enumerate(_PERSONA_ORDERS, 1):
            created = int(datetime.fromisoformat(at).replace(tzinfo=BEIJING).timestamp())
            goods = [one for one in self._town_shop.goods if not one.withdrawn]
            lines = tuple((goods[n % len(goods)], count) for n, count in enumerate(counts))
            buyer = self._buyers.persona(persona)
            point = self._network.point_of(buyer.place)
            yield self._row(serial, buyer, self._town_shop, point, created, _staged(created, stage), lines, None)
        rng = self._rng
        total = flow_rows(FULL_ORDERS, self._scale) - len(_PERSONA_ORDERS)
        flaws = spread(rng, _KEPT_FLAWS, range(round(total * _OLD_ENOUGH)), base=total)
        guests = spread(rng, ("ORDER_BUYER_UNKNOWN",), range(total))
        gone = spread(rng, ("LINE_GOODS_DELETED",), range(total))
        start = datetime.combine(flow_start(self._scale), datetime.min.time(), BEIJING)
        days = (TODAY - start.date()).days + 1
        index = 0
        for day, count in enumerate(apportion(total, [rng.uniform(0.8, 1.2) for _ in range(days)])):
            midnight = int(start.timestamp()) + day * DAY
            hours = 10.0 if day == days - 1 else 15.0
            for second in sorted(int((7 + rng.random() * hours) * HOUR) for _ in range(count)):
                flaw = flaws.get(index)
                shop = self._shops[0] if index % 400 == 0 else rng.choices(self._shops, cum_weights=self._weights)[0]
                buyer = self._buyers.any()
                point = self._network.point_of(buyer.place)
                if flaw == "ORDER_POINT_DELETED":
                    point = self._closed_points[int(rng.random() * len(self._closed_points))]
                created = midnight + second
                fate = self._fate(created, complete=flaw is not None)
                lines = self._lines(shop, withdrawn=index in gone)
                yield self._row(
                    _FIRST_SERIAL + index, buyer, shop, point, created, fate, lines, flaw, guest=index in guests
                )
                index += 1

    def _fate(self, created: int, *, complete: bool) -> Fate:
        rng = self._rng
        draw = rng.random()
        if not complete and draw < 0.06:
            return Fate(closed=created + DAY)
        paid = created + 20 + int(rng.random() * 1_800)
        if not complete and draw < 0.09:
            return Fate(paid=paid, closed=paid + DAY + int(rng.random() * 4 * DAY), refunded=True)
        shipped = paid + 4 * HOUR + int(rng.random() * 36 * HOUR)
        arrived = shipped + DAY + int(rng.random() * 3 * DAY)
        delivered = arrived + 4 * HOUR + int(rng.random() * (2 if complete else 4) * DAY)
        return Fate(paid, shipped, arrived, delivered, delivered + int(rng.random() * 2 * DAY))

    def _lines(self, shop: Shop, *, withdrawn: bool) -> tuple[tuple[Goods, int], ...]:
        rng = self._rng
        count = 1 + sum(rng.random() < more for more in (0.67, 0.37, 0.17, 0.06))
        live = len(shop.goods) - 1
        picked = dict.fromkeys(int(rng.random() * live) for _ in range(count))
        if withdrawn:
            picked = {live: None, **picked}
        return tuple((shop.goods[n], 1 + int(rng.random() ** 3 * 4)) for n in picked)

    def _row(
        self,
        serial: int,
        buyer: Buyer,
        shop: Shop,
        point: Point,
        created: int,
        fate: Fate,
        lines: tuple[tuple[Goods, int], ...],
        flaw: str | None,
        *,
        guest: bool = False,
    ) -> Row:
        day = datetime.fromtimestamp(created, BEIJING)
        number = int(f"{day:%y%m%d}{serial:08d}")
        amount = sum(goods.sold_at * count for goods, count in lines)
        if flaw == "ORDER_AMOUNT":
            amount += 100 * (1 + int(self._rng.random() * 20))
        freight = 0 if amount >= _FREIGHT_FREE_FROM else 600
        status = fate.status()
        finished = fate.closed if status in (40, 50, 60) else 0
        if flaw == "ORDER_TIME_ORDER":
            finished = created - HOUR - int(self._rng.random() * DAY)
        elif flaw == "ORDER_FINISH_ZERO":
            finished = 0
        test = flaw == "ORDER_TEST"
        order = Order(number, buyer, shop, point, created, fate, lines, amount + freight, test)
        self.orders.append(order)
        if flaw:
            self._ledger.add(flaw, number)
        if guest:
            self._ledger.add("ORDER_BUYER_UNKNOWN", number)
        return (
            number,
            None if guest else buyer.account,
            buyer.mobile,
            "测试" if test else buyer.receiver,
            buyer.address,
            self._areas[buyer.place.div_code],
            shop.shop_id,
            point.point_id,
            amount,
            freight,
            amount + freight,
            status,
            created,
            fate.paid if fate.paid <= NOW else 0,
            finished,
            int(test),
        )

    def line_rows(self) -> Iterator[Row]:
        """Rows of ``order_goods``; the ledger learns which goods have another price by now."""
        number = 0
        repriced: set[int] = set()
        for order in self.orders:
            for goods, count in order.lines:
                number += 1
                if goods.withdrawn:
                    self._ledger.add("LINE_GOODS_DELETED", number)
                if goods.repriced and goods.goods_id not in repriced:
                    repriced.add(goods.goods_id)
                    self._ledger.add("GOODS_PRICE_CHANGED", goods.goods_id)
                yield number, order.order_sn, goods.goods_id, count, goods.sold_at

    def payment_rows(self) -> Iterator[Row]:
        """Rows of ``pay_log``: what was paid, and what was paid back."""
        rng = stream(self._seed, "payments")
        number = 0
        for order in self.orders:
            if not 0 < order.fate.paid <= NOW:
                continue
            channel = rng.choices((1, 2, 3, 4), (62, 24, 10, 4))[0]
            payer = None if channel == 4 else account(rng)
            for refund in (False, True)[: 1 + (order.fate.status() == 60)]:
                number += 1
                at = order.fate.closed if refund else order.fate.paid
                trade = f"{channel}{datetime.fromtimestamp(at, BEIJING):%Y%m%d}{number:012d}"
                amounts = (0, order.pay_fen) if refund else (order.pay_fen, 0)
                yield number, order.order_sn, channel, trade, *amounts, payer, at


def _staged(created: int, stage: str) -> Fate:
    """A persona's order: ``done`` within six days, ``waiting`` at the station, ``paid`` or ``unpaid``."""
    if stage == "unpaid":
        return Fate(closed=NOW + DAY)
    paid = created + 300
    if stage == "paid":
        return Fate(paid=paid, shipped=NOW + DAY)
    shipped = paid + 10 * HOUR
    if stage == "waiting":
        return Fate(paid, shipped, shipped + 2 * DAY, NOW + DAY, NOW + 2 * DAY)
    return Fate(paid, shipped, shipped + 2 * DAY, shipped + 3 * DAY, shipped + 5 * DAY)
