"""Defects of S6's enterprises and parcels, and what an answer must show instead."""

from typing import Any

from demo.oracle.facts import Facts
from demo.oracle.probes import ENTERPRISES, ORGANISATIONS, PARCELS, Case, probe
from demo.oracle.raw import RawRow
from demo.oracle.reading import text, utc_moment


def _by_number_alone(case: Case) -> bool:
    return case.node is not None and (case.node["uscc"], case.node["name"]) == (None, case.raw["ENTNAME"])


def _code_as_it_stands(case: Case) -> bool:
    return case.node is not None and case.node["uscc"] == case.raw["UNISCID"] and case.tells("USCC_CHECKSUM")


def _hosted_organisations(facts: Facts, enterprise: RawRow, key: str) -> list[Any]:
    hosted = facts.having("DZZ_JBXX", "DWDM", enterprise["UNISCID"])
    return [row["DZZDM"] for row in hosted if row["SCBZ"] != "1"]


def _unit_before_enterprise(case: Case) -> bool:
    wanted = {"__typename": "PublicUnit", "uscc": case.raw["UNISCID"]}
    return case.node is not None and case.node["hostUnit"] == wanted and case.tells("CONFLICT(hostUnit)")


def _no_station(case: Case) -> bool:
    if case.node is None:
        return False
    shown = (case.node["toStation"], case.node["toStationName"])
    return shown == (None, text(case.raw["to_station_name"])[0]) and case.tells("STATION_UNKNOWN")


def _times_as_stored(case: Case) -> bool:
    wanted = (utc_moment(case.raw["created_at"])[0], utc_moment(case.raw["delivered_at"])[0])
    given = (case.node["createdAt"], case.node["deliveredAt"]) if case.node is not None else None
    return given == wanted and case.tells("TIME_ORDER")


PROBES = (
    probe("ENT_NO_USCC", ENTERPRISES, _by_number_alone, "listed by its registration number, without a code"),
    probe("ENT_USCC_CHECKSUM", ENTERPRISES, _code_as_it_stands, "the code as it stands", told="USCC_CHECKSUM"),
    probe(
        "ENT_IS_UNIT",
        ORGANISATIONS,
        _unit_before_enterprise,
        "the unit is the host",
        _hosted_organisations,
        told="CONFLICT(hostUnit)",
    ),
    probe("WAYBILL_STATION_UNKNOWN", PARCELS, _no_station, "no station, but the name", told="STATION_UNKNOWN"),
    probe("WAYBILL_TIME_ORDER", PARCELS, _times_as_stored, "both times, in Beijing time", told="TIME_ORDER"),
)
