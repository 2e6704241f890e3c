"""Defects of S5's areas, points, shops and orders, and what an answer must show instead."""

from typing import Any

from demo.oracle.facts import Facts
from demo.oracle.probes import ORDERS, POINTS, SALES, SHOPS, Case, probe
from demo.oracle.raw import RawRow
from demo.oracle.reading import epoch


def _live(facts: Facts, points: RawRow, key: str) -> list[Any]:
    return [key] if str(points["is_del"]) == "0" else []


def _real(facts: Facts, order: RawRow) -> bool:
    return str(order["is_test"]) == "0"


def _placed(facts: Facts, order: RawRow) -> bool:
    """Whether the order's shop is known to lie in the city: its organisation is live, in an area that is known."""
    shop = facts.row("shop", order["shop_id"])
    org = facts.row("gx_org", shop["org_id"])
    known = str(org["area_id"]) in facts.names("s5_areas")
    return known and _real(facts, order) and str(shop["is_del"]) == "0" and str(org["is_del"]) == "0"


def _if_real(facts: Facts, order: RawRow, key: str) -> list[Any]:
    return [key] if _real(facts, order) else []


def _if_placed(facts: Facts, order: RawRow, key: str) -> list[Any]:
    return [key] if _placed(facts, order) else []


def _order_of_line(facts: Facts, line: RawRow, key: str) -> list[Any]:
    order = facts.row("orders", line["order_sn"])
    return [order["order_sn"]] if _placed(facts, order) else []


def _order_of_goods(facts: Facts, goods: RawRow, key: str) -> list[Any]:
    """One order that has the goods."""
    orders = (facts.row("orders", line["order_sn"]) for line in facts.having("order_goods", "goods_id", key))
    return [order["order_sn"] for order in orders if _placed(facts, order)][:1]


def _orders_to_area(facts: Facts, area: RawRow, key: str) -> list[Any]:
    return [row["order_sn"] for row in facts.having("orders", "recv_area_id", key) if _real(facts, row)]


def _no_division(case: Case) -> bool:
    return case.node is not None and case.node["receiverDiv"] is None and case.tells("DIV_UNKNOWN")


def _no_station(case: Case) -> bool:
    return case.node is not None and case.node["station"] is None and not case.node["_meta"]["quality"]


def _no_organisation(case: Case) -> bool:
    return case.node is not None and case.node["coop"] is None


def _no_enterprise(case: Case) -> bool:
    return case.node is not None and (case.node["uscc"], case.node["enterprise"]) == (None, None)


def _line(case: Case, column: str, value: object) -> dict[str, Any]:
    """The line of the answer that stands for a raw line of the order with ``value`` in ``column``."""
    found = case.facts.having("order_goods", "order_sn", case.key)
    number = next(str(row["id"]) for row in found if row[column] == value)
    assert case.node is not None
    return next(line for line in case.node["lines"]["nodes"] if line["lineId"] == number)


def _price_of_the_day(case: Case) -> bool:
    line = _line(case, "goods_id", case.raw["goods_id"])
    now = {"productId": case.raw["goods_id"], "price": case.raw["price_fen"]}
    return line["price"] != now["price"] and line["product"] in (now, None)


def _goods_gone(case: Case) -> bool:
    line = _line(case, "id", case.raw["id"])
    return (line["price"], line["product"]) == (case.raw["price_fen"], None)


def _not_listed(case: Case) -> bool:
    return case.node is None


def _of_no_account(case: Case) -> bool:
    return case.node is not None and case.raw["buyer_uid"] is None


def _differs_from_lines(case: Case) -> bool:
    if case.node is None:
        return False
    lines = sum(line["price"] * line["quantity"] for line in case.node["lines"]["nodes"])
    return case.node["amount"] == case.raw["amount_fen"] != lines and case.tells("CONFLICT(amount)")


def _times_as_stored(case: Case) -> bool:
    wanted = (epoch(case.raw["create_ts"])[0], epoch(case.raw["finish_ts"])[0])
    given = (case.node["createdAt"], case.node["finishedAt"]) if case.node is not None else None
    return given == wanted and case.tells("TIME_ORDER")


def _not_finished(case: Case) -> bool:
    return case.node is not None and (case.node["status"], case.node["finishedAt"]) == (str(case.raw["status"]), None)


def _no_point(case: Case) -> bool:
    return case.node is not None and case.node["point"] is None


PROBES = (
    probe("AREA_UNMATCHED", ORDERS, _no_division, "no division", _orders_to_area, told="DIV_UNKNOWN"),
    probe("POINT_NO_STATION", POINTS, _no_station, "no station, and no defect", _live),
    probe("POINT_ORG_DELETED", POINTS, _no_organisation, "no organisation", _live),
    probe("SHOP_NO_CODE", SHOPS, _no_enterprise, "neither code nor enterprise", _live),
    probe("GOODS_PRICE_CHANGED", SALES, _price_of_the_day, "in an order the price of the day", _order_of_goods),
    probe("ORDER_TEST", ORDERS, _not_listed, "not listed"),
    probe("ORDER_BUYER_UNKNOWN", ORDERS, _of_no_account, "an order in nobody's account", _if_real),
    probe("ORDER_AMOUNT", SALES, _differs_from_lines, "the amount as stored", _if_placed, told="CONFLICT(amount)"),
    probe("ORDER_TIME_ORDER", ORDERS, _times_as_stored, "both times as stored", _if_real, told="TIME_ORDER"),
    probe("ORDER_FINISH_ZERO", ORDERS, _not_finished, "no time, and no defect", _if_real),
    probe("ORDER_POINT_DELETED", ORDERS, _no_point, "no point", _if_real),
    probe("LINE_GOODS_DELETED", SALES, _goods_gone, "a line at its price, without a product", _order_of_line),
)
