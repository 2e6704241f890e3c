"""How a row of the mall (S5) or of the delivered files (S6) shows that it carries a defect."""

from collections.abc import Callable, Mapping
from functools import cache

from demo.city.edition import SEED
from demo.city.identifiers import uscc_check
from demo.city.mall_areas import area_codes
from demo.city.parcels import station_codes
from tests.demo.small_city import SMALL, Record, SmallCity

Carries = Callable[[SmallCity, Record], bool]

_AREAS, _STATIONS = area_codes(SEED), station_codes(SEED, SMALL)


@cache
def _lines(city: SmallCity, column: str) -> Mapping[int, list[Record]]:
    """Lines by ``order_sn`` or ``goods_id``."""
    found: dict[int, list[Record]] = {}
    for line in city.records("order_goods"):
        found.setdefault(line[column], []).append(line)
    return found


def _sum_of_lines(city: SmallCity, order: Record) -> int:
    return sum(line["qty"] * line["price_fen"] for line in _lines(city, "order_sn")[order["order_sn"]])


def _sold_at_another_price(city: SmallCity, goods: Record) -> bool:
    sold = _lines(city, "goods_id").get(goods["goods_id"], [])
    return any(line["price_fen"] != goods["price_fen"] for line in sold)


def _deleted(city: SmallCity, table: str, key: object) -> bool:
    return bool(city.keyed(table)[str(key)]["is_del"] == 1)


def _is_unit(city: SmallCity, firm: Record) -> bool:
    named = city.column("DZZ_JBXX", "DWDM")
    return firm["UNISCID"] in city.column("单位", "统一社会信用代码") and firm["UNISCID"] in named


CARRIES: dict[str, Carries] = {
    "AREA_UNMATCHED": lambda city, a: str(a["area_id"]) not in _AREAS,
    "POINT_NO_STATION": lambda city, p: not p["station_bm"],
    "POINT_ORG_DELETED": lambda city, p: p["is_del"] == 0 and _deleted(city, "gx_org", p["org_id"]),
    "SHOP_NO_CODE": lambda city, s: s["credit_code"] is None,
    "GOODS_PRICE_CHANGED": _sold_at_another_price,
    "ORDER_TEST": lambda city, o: o["is_test"] == 1,
    "ORDER_BUYER_UNKNOWN": lambda city, o: o["buyer_uid"] is None and bool(o["buyer_mobile"]),
    "ORDER_AMOUNT": lambda city, o: o["amount_fen"] != _sum_of_lines(city, o),
    "ORDER_TIME_ORDER": lambda city, o: 0 < o["finish_ts"] < o["create_ts"],
    "ORDER_FINISH_ZERO": lambda city, o: o["status"] == 40 and o["finish_ts"] == 0,
    "ORDER_POINT_DELETED": lambda city, o: _deleted(city, "gx_point", o["point_id"]),
    "LINE_GOODS_DELETED": lambda city, line: _deleted(city, "goods", line["goods_id"]),
    "ENT_NO_USCC": lambda city, e: e["UNISCID"] is None and len(e["REGNO"]) == 15,
    "ENT_USCC_CHECKSUM": lambda city, e: bool(e["UNISCID"]) and uscc_check(e["UNISCID"][:17]) != e["UNISCID"][17],
    "ENT_IS_UNIT": _is_unit,
    "WAYBILL_STATION_UNKNOWN": lambda city, w: w["to_station_name"] not in _STATIONS,
    "WAYBILL_TIME_ORDER": lambda city, w: bool(w["delivered_at"]) and w["delivered_at"] < w["created_at"],
}
DECIDED_BY_THE_ROW = set(CARRIES)
"""No row has any of these by chance."""

SCARCE = {"POINT_NO_STATION": 12, "POINT_ORG_DELETED": 8, "SHOP_NO_CODE": 13, "ENT_IS_UNIT": 2}
"""Codes of small tables, and how many rows the small city has at least."""
