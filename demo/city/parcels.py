"""Parcels of the rural delivery network: ``waybill``, and the names under which its carriers know the stations.

A parcel of an order follows the order's times. Times are UTC to the millisecond. The carriers write the station as free
text: mostly the county and one of the station's names, else something that nobody can resolve.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from demo.city.defects import Ledger, spread
from demo.city.divisions import COUNTIES, CountyPlan
from demo.city.edition import flow_rows, flow_start, stream
from demo.city.mall_buyers import Buyer, Buyers
from demo.city.mall_network import Network
from demo.city.mall_orders import DAY, HOUR, NOW, Order
from demo.city.personas import TOWN_STATION
from demo.city.stations import Station, stations

FULL_WAYBILLS = 3_100_000
CARRIERS = ("SF", "YTO", "ZTO", "STO", "YD", "POST", "COOP")
COLLECTED, UNDER_WAY, ARRIVED, SIGNED, TROUBLE = range(1, 6)
_WAITING_IN_TOWN = 6
_OTHER_ENDINGS = {2: ("政务中心",), 3: ("服务站", "综合服务中心"), 4: ("服务站", "服务点")}
_UNKNOWN = ("{place}代收点", "{place}小卖部", "{place}村口自提", "菜鸟驿站{place}", "{place}驿站（新）")
Row = tuple[object, ...]


def spellings(station: Station) -> tuple[str, ...]:
    """What the carriers call a station, its county always in front; the first one is the fullest."""
    own = station.division.name
    if station.level == 1:
        return (station.name, "常德政务服务中心")
    county = _county(station)
    fronts = dict.fromkeys((county.name, county.organs, county.short_names[0]))
    endings = (station.name.removeprefix(own), *_OTHER_ENDINGS[station.level])
    place = "" if station.level == 2 else own
    return tuple(f"{front}{place}{ending}" for ending in endings for front in fronts)


def station_codes(seed: int, scale: float) -> dict[str, str]:
    """Spelling -> station code, for every spelling that one station alone goes by."""
    known = [(name, station.code) for station in stations(seed, scale) for name in spellings(station)]
    shared = Counter(name for name, _ in known)
    return {name: code for name, code in known if shared[name] == 1}


def _county(station: Station) -> CountyPlan:
    return next(county for county in COUNTIES if station.division.div_code.startswith(county.code))


@dataclass(frozen=True, slots=True)
class _Course:
    """Times of a parcel in epoch seconds; 0 for never."""

    created: int
    arrived: int
    delivered: int

    def status(self) -> int:
        """``status`` at ``NOW``."""
        if 0 < self.delivered <= NOW:
            return SIGNED
        if 0 < self.arrived <= NOW:
            return ARRIVED
        return UNDER_WAY if NOW - self.created > 6 * HOUR else COLLECTED


class Parcels:
    """Waybills of a city."""

    def __init__(
        self, seed: int, scale: float, network: Network, buyers: Buyers, orders: list[Order], ledger: Ledger
    ) -> None:
        self._scale = scale
        self._rng = stream(seed, "parcels")
        self._network, self._buyers, self._ledger = network, buyers, ledger
        self._orders = [order for order in orders if 0 < order.fate.shipped <= NOW and not order.test]
        self._stations = {station.division.div_code: station for station in stations(seed, scale)}
        codes = station_codes(seed, scale)
        self._names = {
            station.code: tuple(name for name in spellings(station) if name in codes)
            for station in self._stations.values()
        }
        self._town = next(station for station in self._stations.values() if station.code == TOWN_STATION)

    def rows(self) -> Iterator[Row]:
        """Rows of ``waybill``: those of orders in their order, parcels that wait in the personas' town, others."""
        rng = self._rng
        total = max(flow_rows(FULL_WAYBILLS, self._scale), len(self._orders) + _WAITING_IN_TOWN)
        first = next((n for n, order in enumerate(self._orders) if order.buyer not in self._buyers.own.values()), 0)
        flaws = spread(rng, ("WAYBILL_STATION_UNKNOWN",), range(first, total), base=total)
        signed = [n for n, order in enumerate(self._orders) if n >= first and order.fate.delivered <= NOW]
        reversed_times = spread(rng, ("WAYBILL_TIME_ORDER",), signed, base=total)
        for n, order in enumerate(self._orders):
            fate = order.fate
            course = _Course(fate.shipped, fate.arrived, fate.delivered)
            if n in reversed_times:
                course = _Course(fate.shipped, fate.arrived, fate.shipped - 2 * HOUR - int(rng.random() * DAY))
            source: int | None = self._network.point_of(order.shop.org.division).point_id
            yield self._row(
                n, order.buyer, course, order.order_sn, source, unknown=n in flaws, early=n in reversed_times
            )
        start = int(datetime.combine(flow_start(self._scale), datetime.min.time(), UTC).timestamp())
        for n in range(len(self._orders), total):
            buyer = self._buyers.any()
            if n < len(self._orders) + _WAITING_IN_TOWN:
                created = NOW - 4 * DAY - int(rng.random() * DAY)
                course = _Course(created, NOW - int((1 + rng.random() * 30) * HOUR), NOW + DAY)
                yield self._row(n, buyer, course, None, None, unknown=False, station=self._town)
                continue
            created = start + int(rng.random() * (NOW - start))
            arrived = created + DAY + int(rng.random() * 3 * DAY)
            course = _Course(created, arrived, arrived + 2 * HOUR + int(rng.random() * 4 * DAY))
            points = self._network.points
            source = points[int(rng.random() * len(points))].point_id if rng.random() < 0.3 else None
            yield self._row(n, buyer, course, None, source, unknown=n in flaws)

    def _row(
        self,
        index: int,
        buyer: Buyer,
        course: _Course,
        order_sn: int | None,
        source: int | None,
        *,
        unknown: bool,
        early: bool = False,
        station: Station | None = None,
    ) -> Row:
        rng = self._rng
        carrier = CARRIERS[int(rng.random() * len(CARRIERS))]
        number = f"{carrier}{index + 1:012d}"
        station = station or self._station_of(buyer.place.div_code)
        names = self._names[station.code]
        if unknown:
            self._ledger.add("WAYBILL_STATION_UNKNOWN", number)
            name = _UNKNOWN[int(rng.random() * len(_UNKNOWN))].format(place=buyer.place.name)
        else:
            name = names[0] if rng.random() < 0.6 else names[int(rng.random() * len(names))]
        status = course.status()
        if status == UNDER_WAY and rng.random() < 0.02:
            status = TROUBLE
        if early:
            self._ledger.add("WAYBILL_TIME_ORDER", number)
        return (
            number,
            order_sn,
            carrier,
            source,
            name,
            buyer.receiver,
            buyer.mobile,
            100 + int(rng.lognormvariate(6.8, 0.9)),
            status,
            _utc(course.created, rng.random()),
            _utc(course.arrived, rng.random()) if status in (ARRIVED, SIGNED) else None,
            _utc(course.delivered, rng.random()) if status == SIGNED else None,
            300 + 50 * int(rng.random() * 30),
        )

    def _station_of(self, div_code: str) -> Station:
        """The station of a village, of its town, or of its county."""
        return next(self._stations[code] for code in (div_code, div_code[:9], div_code[:6]) if code in self._stations)


def _utc(second: int, fraction: float) -> str:
    return f"{datetime.fromtimestamp(second, UTC):%Y-%m-%d %H:%M:%S}.{int(fraction * 1000):03d}"
