"""What each defect of transfers, services and the hotline looks like in its row."""

import re
from collections.abc import Callable

from demo.city.codes_services import LEGACY_ITEM_TYPE
from demo.city.edition import SEED
from demo.city.identifiers import id_check
from demo.city.unit_names import unit_names
from demo.city.units import units
from tests.demo.small_city import SMALL, Record, SmallCity

Carries = Callable[[SmallCity, Record], bool]
UNIT_NAMES = {unit.name for unit in units(SEED, SMALL).values()}
ALIASES = unit_names(SEED, SMALL)


def _number(case: Record) -> str:
    return case["zhengjian_hm"] or ""


def _agents(city: SmallCity, case: Record) -> bool:
    return city.column("banjian", "zhengjian_hm").count(_number(case)) > 5 and case["shiming"] == "0"


def _wrong_check(city: SmallCity, case: Record) -> bool:
    number = _number(case)
    return len(number) == 18 and number[-1] not in (id_check(number[:17]), id_check(number[:17]).lower())


CARRIES: dict[str, Carries] = {
    "TRANSFER_TIME_ORDER": lambda city, t: "" < t["JSRQ"] < t["KCRQ"],
    "ITEM_TYPE_LEGACY": lambda city, i: i["leixing"] in LEGACY_ITEM_TYPE.values(),
    "CASE_ITEM_CANCELLED": lambda city, c: city.keyed("shixiang").get(c["shishibianma"], {}).get("zhuangtai") == "3",
    "CASE_ITEM_UNKNOWN": lambda city, c: c["shishibianma"] not in city.keyed("shixiang"),
    "CASE_TIME_ORDER": lambda city, c: c["banjie_sj"] is not None and c["banjie_sj"] < c["shouli_sj"],
    "CASE_AGENT_ID": _agents,
    "CASE_ORG_NO_ID": lambda city, c: (c["sqr_leixing"], c["zhengjian_hm"]) == ("2", None),
    "CASE_ID_15": lambda city, c: len(_number(c)) == 15,
    "CASE_ID_LOWER_X": lambda city, c: _number(c).endswith("x"),
    "CASE_ID_CHECKSUM": _wrong_check,
    "TICKET_UNIT_ALIAS": lambda city, t: t["chengbanDanwei"] not in UNIT_NAMES and t["chengbanDanwei"] in ALIASES,
    "TICKET_UNIT_OLD": lambda city, t: t["chengbanDanwei"] not in UNIT_NAMES,
    "TICKET_UNIT_UNKNOWN": lambda city, t: t["chengbanDanwei"] not in ALIASES,
    "TICKET_PERSONAL": lambda city, t: re.search(r"164\d{8}|43079\d{12}[\dX]", t["suqiuNeirong"]) is not None,
}
DECIDED_BY_THE_ROW = set(CARRIES) - {"CASE_AGENT_ID", "TICKET_UNIT_ALIAS", "TICKET_UNIT_OLD"}
"""Defects that no row may have by chance."""
