"""S5, the supply cooperative's mall: its rows in canonical form. Deleted rows and test orders are no rows.

Amounts are in fen, times in seconds since 1970 with 0 for "not yet", places in areas of its own numbering.
"""

from collections.abc import Mapping
from datetime import date

from demo.oracle.codes import same
from demo.oracle.identity import held_birth, held_sex, id_number, identity_of, of_number
from demo.oracle.raw import RawRow, Tables
from demo.oracle.reading import (
    Read,
    alias,
    as_text,
    code,
    credit_code,
    decimal,
    epoch,
    flag,
    text,
    token,
    whole,
    within_30_days,
)
from demo.oracle.rows import Builder, Failed, Row, late, row

Areas = Mapping[str, str]
"""Number of an area -> division code."""
_SERVICE_BITS = {1: "AGRI_SUPPLY", 2: "GROCERIES", 4: "PURCHASING", 8: "EXPRESS", 16: "FINANCE"}
_SOLD = frozenset({"20", "30", "40"})
"""States of orders that were paid and not given back."""


def builders(tables: Tables, aliases: Mapping[str, Areas], today: date) -> dict[str, Builder]:
    """How the rows of each entity are made."""

    def live(table: str) -> list[RawRow]:
        return [one for one in tables.get(table, []) if str(one["is_del"]) != "1"]

    def real_orders() -> list[RawRow]:
        return [one for one in tables.get("orders", []) if str(one["is_test"]) != "1"]

    def areas() -> Areas:
        return aliases.get("s5_areas", {})

    def shops() -> list[Row]:
        sold: dict[object, int] = {}
        for one in real_orders():
            if str(one["status"]) in _SOLD:
                sold[one["shop_id"]] = sold.get(one["shop_id"], 0) + one["pay_fen"]
        return [shop_row(one, sold.get(one["shop_id"], 0), today) for one in live("shop")]

    def orders() -> list[Row]:
        lines: dict[object, int] = {}
        for one in tables.get("order_goods", []):
            lines[one["order_sn"]] = lines.get(one["order_sn"], 0) + one["qty"] * one["price_fen"]
        return [order_row(one, lines.get(one["order_sn"], 0), areas(), today) for one in real_orders()]

    return {
        "CoopOrganisation": lambda: [coop_row(one, areas()) for one in live("gx_org")],
        "SupplyPoint": lambda: [point_row(one, areas()) for one in live("gx_point")],
        "Shop": shops,
        "Product": lambda: [product_row(one, areas()) for one in live("goods")],
        "Order": orders,
        "OrderLine": lambda: [line_row(one) for one in tables.get("order_goods", [])],
        "PaymentTransaction": lambda: [payment_row(one) for one in tables.get("pay_log", [])],
        "Person": lambda: [person_row(one, today) for one in live("shop")],
    }


def _division(raw: object, areas: Areas) -> Read:
    return alias(raw, areas, "DIV_UNKNOWN")


def coop_row(raw: RawRow, areas: Areas) -> Row:
    """A row of gx_org."""
    return row(
        "CoopOrganisation",
        "s5",
        raw["org_id"],
        {
            "coopId": (raw["org_id"], None),
            "uscc": credit_code(raw["credit_code"]),
            "name": text(raw["org_name"]),
            "type": code(raw["org_type"], same("coopType")),
            "parentId": (raw["parent_id"], None),
            "divCode": _division(raw["area_id"], areas),
            "leader": text(raw["leader"]),
            "phone": text(raw["tel"]),
            "memberCount": whole(raw["member_num"]),
        },
    )


def point_row(raw: RawRow, areas: Areas) -> Row:
    """A row of gx_point; each bit of its flags is a service."""
    flags = raw["biz_flags"]
    services = None if flags is None else [service for bit, service in _SERVICE_BITS.items() if flags & bit]
    return row(
        "SupplyPoint",
        "s5",
        raw["point_id"],
        {
            "pointId": (raw["point_id"], None),
            "name": text(raw["point_name"]),
            "coopId": (raw["org_id"], None),
            "stationCode": token(raw["station_bm"]),
            "divCode": _division(raw["area_id"], areas),
            "address": text(raw["addr"]),
            "lng": decimal(raw["lng"]),
            "lat": decimal(raw["lat"]),
            "services": (services, None),
            "status": code(raw["status"], same("pointStatus")),
        },
    )


def shop_row(raw: RawRow, sold: int, today: date) -> Row:
    """A row of shop; ``sold``: fen paid for its orders."""
    return row(
        "Shop",
        "s5",
        raw["shop_id"],
        {
            "shopId": (raw["shop_id"], None),
            "name": text(raw["shop_name"]),
            "coopId": (raw["org_id"], None),
            "uscc": credit_code(raw["credit_code"]),
            "ownerIdentity": (identity_of(raw["owner_id_no"], "s5", raw["shop_id"], today), None),
            "ownerIdNumber": id_number(raw["owner_id_no"], today),
            "ownerMobile": text(raw["owner_mobile"]),
            "bankAccount": text(raw["bank_acct"]),
            "openedAt": epoch(raw["open_ts"]),
            "status": code(raw["status"], same("shopStatus")),
            "gmv": (sold, None),
        },
    )


def person_row(raw: RawRow, today: date) -> Row:
    """A row of shop as what S5 knows of its owner."""
    return row(
        "Person",
        "s5",
        raw["shop_id"],
        {
            "identity": (identity_of(raw["owner_id_no"], "s5", raw["shop_id"], today), None),
            "idNumber": id_number(raw["owner_id_no"], today),
            "name": text(raw["owner_name"]),
            "sex": of_number(raw["owner_id_no"], held_sex, today),
            "birthDate": of_number(raw["owner_id_no"], held_birth, today),
            "mobile": text(raw["owner_mobile"]),
        },
    )


def product_row(raw: RawRow, areas: Areas) -> Row:
    """A row of goods."""
    return row(
        "Product",
        "s5",
        raw["goods_id"],
        {
            "productId": (raw["goods_id"], None),
            "shopId": (raw["shop_id"], None),
            "title": text(raw["title"]),
            "category": code(raw["cat_id"], same("productCategory")),
            "spec": text(raw["spec"]),
            "unit": text(raw["unit"]),
            "price": (raw["price_fen"], None),
            "stock": (raw["stock"], None),
            "barcode": text(raw["barcode"]),
            "originDiv": _division(raw["origin_area_id"], areas),
            "isAgri": flag(raw["is_agri"]),
        },
    )


def order_row(raw: RawRow, lines: int, areas: Areas, today: date) -> Row:
    """A row of orders; ``lines``: fen of its goods."""
    finished = epoch(raw["finish_ts"])
    read = {
        "orderNo": as_text(raw["order_sn"]),
        "shopId": (raw["shop_id"], None),
        "pointId": (raw["point_id"], None),
        "buyerAccount": as_text(raw["buyer_uid"]),
        "buyerMobile": text(raw["buyer_mobile"]),
        "receiver": text(raw["receiver"]),
        "receiverAddress": text(raw["recv_addr"]),
        "receiverDiv": _division(raw["recv_area_id"], areas),
        "amount": (raw["amount_fen"], None),
        "freight": (raw["freight_fen"], None),
        "linesAmount": (lines, None),
        "status": code(raw["status"], same("orderStatus")),
        "createdAt": epoch(raw["create_ts"]),
        "paidAt": epoch(raw["pay_ts"]),
        "finishedAt": finished,
        "isRecent": within_30_days(finished, today),
    }
    differs = raw["amount_fen"] is not None and raw["amount_fen"] != lines
    conflict = (Failed("CONFLICT(amount)", ("amount",)),) if differs else ()
    return row("Order", "s5", raw["order_sn"], read, failed=conflict + late(read, "createdAt", "finishedAt"))


def line_row(raw: RawRow) -> Row:
    """A row of order_goods, which keeps the price of the day."""
    return row(
        "OrderLine",
        "s5",
        raw["id"],
        {
            "lineId": as_text(raw["id"]),
            "orderNo": as_text(raw["order_sn"]),
            "productId": (raw["goods_id"], None),
            "quantity": (raw["qty"], None),
            "price": (raw["price_fen"], None),
        },
    )


def payment_row(raw: RawRow) -> Row:
    """A row of pay_log."""
    return row(
        "PaymentTransaction",
        "s5",
        raw["trade_no"],
        {
            "tradeNo": token(raw["trade_no"]),
            "orderNo": as_text(raw["order_sn"]),
            "channel": code(raw["channel"], same("payChannel")),
            "at": epoch(raw["ts"]),
            "paid": (raw["pay_fen"], None),
            "refunded": (raw["refund_fen"], None),
            "payerAccount": text(raw["payer_acct"]),
        },
    )
