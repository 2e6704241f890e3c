"""The 12345 hotline's tickets in canonical form. The unit in charge is written in words, and found by an alias."""

from collections.abc import Mapping

from demo.oracle.codes import same
from demo.oracle.raw import RawRow, Tables
from demo.oracle.reading import alias, code, moment, text, token, whole
from demo.oracle.rows import Builder, Row, row

_OPEN = {"1": True, "2": True, "3": False, "4": False}


def builders(tables: Tables, aliases: Mapping[str, Mapping[str, str]]) -> dict[str, Builder]:
    """How the rows of each entity are made."""

    def tickets() -> list[Row]:
        return [ticket_row(one, aliases["unit_names"]) for one in tables.get("gongdan", [])]

    return {"HotlineTicket": tickets}


def ticket_row(raw: RawRow, units: Mapping[str, str]) -> Row:
    """A ticket as the service gives it; ``units`` are names of units and their numbers."""
    return row(
        "HotlineTicket",
        "hotline",
        raw["gongdanBianhao"],
        {
            "ticketNo": token(raw["gongdanBianhao"]),
            "type": code(raw["suqiuLeixing"], same("ticketType")),
            "receivedAt": moment(raw["laidianShijian"]),
            "callerName": text(raw["xingming"]),
            "callerPhone": text(raw["laidianHaoma"]),
            "content": text(raw["suqiuNeirong"]),
            "divCode": token(raw["quhuaCode"]),
            "unitRaw": text(raw["chengbanDanwei"]),
            "unitNo": alias(raw["chengbanDanwei"], units, "UNIT_UNKNOWN"),
            "satisfaction": whole(raw["manyidu"]),
            "state": code(raw["zhuangtai"], same("ticketState")),
            "isOpen": code(raw["zhuangtai"], _OPEN),
        },
        moment(raw["updateTime"])[0],
    )
