"""The 12345 hotline's tickets in canonical form. The unit in charge is written in words, and found by an alias."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet

from demo.oracle.codes import same
from demo.oracle.raw import RawCity, RawRow
from demo.oracle.reading import Read, alias, code, moment, text, token, whole
from demo.oracle.rows import Builder, Row, row

_OPEN = {"1": True, "2": True, "3": False, "4": False}


def builders(raw: RawCity) -> dict[str, Builder]:
    """How the rows of each entity are made."""

    def tickets() -> list[Row]:
        units, unofficial = raw.aliases["unit_names"], raw.unofficial.get("unit_names", frozenset())
        return [ticket_row(one, units, unofficial) for one in raw.hotline.get("gongdan", [])]

    return {"HotlineTicket": tickets}


def _unit(written: object, units: Mapping[str, str], unofficial: AbstractSet[str]) -> Read:
    number, flaw = alias(written, units, "UNIT_UNKNOWN")
    return number, "UNIT_NAME_ALIAS" if number is not None and written in unofficial else flaw


def ticket_row(raw: RawRow, units: Mapping[str, str], unofficial: AbstractSet[str]) -> Row:
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
            "unitNo": _unit(raw["chengbanDanwei"], units, unofficial),
            "satisfaction": whole(raw["manyidu"]),
            "state": code(raw["zhuangtai"], same("ticketState")),
            "isOpen": code(raw["zhuangtai"], _OPEN),
        },
        moment(raw["updateTime"])[0],
    )
