"""S6, the economic departments' file drops: their rows in canonical form. Sums are in 万元 or yuan, times in UTC."""

from collections.abc import Mapping
from datetime import date

from demo.oracle.codes import same
from demo.oracle.identity import id_number
from demo.oracle.raw import RawRow, Tables
from demo.oracle.reading import alias, as_text, code, credit_code, day, money, text, token, utc_moment, whole
from demo.oracle.rows import Builder, Row, late, row

_YUAN, _TEN_THOUSAND = 100, 1_000_000
_GRADES = {"国家级": "1", "省级": "2", "市级": "3", "县级": "4"}


def builders(tables: Tables, aliases: Mapping[str, Mapping[str, str]], today: date) -> dict[str, Builder]:
    """How the rows of each entity are made."""

    def parcels() -> list[Row]:
        return [shipment_row(one, aliases["station_names"]) for one in tables.get("waybill", [])]

    return {
        "Enterprise": lambda: [enterprise_row(one, today) for one in tables.get("fr_enterprise", [])],
        "CoopRegistration": lambda: [registration_row(one) for one in tables.get("nzhs", [])],
        "Shipment": parcels,
    }


def enterprise_row(raw: RawRow, today: date) -> Row:
    """A row of fr_enterprise. Some have their former registration number only, so that one is the row key."""
    return row(
        "Enterprise",
        "s6",
        raw["REGNO"],
        {
            "uscc": credit_code(raw["UNISCID"]),
            "regNo": token(raw["REGNO"]),
            "name": text(raw["ENTNAME"]),
            "entType": text(raw["ENTTYPE"]),
            "legalRep": text(raw["LEREP"]),
            "legalRepIdNumber": id_number(raw["LEREP_CERNO"], today),
            "regCapital": money(raw["REGCAP"], _TEN_THOUSAND),
            "establishedOn": day(raw["ESTDATE"]),
            "regState": code(raw["REGSTATE"], same("regState")),
            "industry": code(raw["INDUSTRYPHY"], same("industry")),
            "address": text(raw["DOM"]),
            "divCode": token(raw["DOMDISTRICT"]),
            "phone": text(raw["TEL"]),
            "employees": whole(raw["EMPNUM"]),
            "annualSales": money(raw["ANNSALES"], _TEN_THOUSAND),
        },
    )


def registration_row(raw: RawRow) -> Row:
    """A row of the list of farmers' cooperatives."""
    return row(
        "CoopRegistration",
        "s6",
        raw["统一社会信用代码"],
        {
            "uscc": credit_code(raw["统一社会信用代码"]),
            "name": text(raw["合作社名称"]),
            "leader": text(raw["理事长"]),
            "memberCount": whole(raw["成员数"]),
            "mainProduct": text(raw["主营产品"]),
            "annualRevenue": money(raw["年经营收入(元)"], _YUAN),
            "modelGrade": code(raw["示范社等级"], _GRADES),
        },
    )


def shipment_row(raw: RawRow, stations: Mapping[str, str]) -> Row:
    """A row of waybill; ``stations`` are names of stations as parcels are addressed, and their codes."""
    read = {
        "waybillNo": token(raw["waybill_no"]),
        "orderNo": as_text(raw["order_sn"]),
        "carrier": code(raw["carrier_code"], same("carrier")),
        "pointId": (raw["from_point"], None),
        "stationCode": alias(raw["to_station_name"], stations, "STATION_UNKNOWN"),
        "toStationName": text(raw["to_station_name"]),
        "receiverName": text(raw["recv_name"]),
        "receiverPhone": text(raw["recv_tel"]),
        "weightG": whole(raw["weight_g"]),
        "fee": (raw["fee_fen"], None),
        "status": code(raw["status"], same("shipmentStatus")),
        "createdAt": utc_moment(raw["created_at"]),
        "arrivedAt": utc_moment(raw["arrived_at"]),
        "deliveredAt": utc_moment(raw["delivered_at"]),
    }
    return row("Shipment", "s6", raw["waybill_no"], read, failed=late(read, "createdAt", "deliveredAt"))
