"""Administrative divisions: the reference rows, and the names departments write instead of codes."""

from collections.abc import Iterable, Mapping

from demo.oracle.codes import same
from demo.oracle.raw import RawRow
from demo.oracle.reading import Read, code, day, flag
from demo.oracle.rows import Row, row

_NAMES = {
    "430700": "常德市 常德 湖南省常德市",
    "430702": "武陵区 武陵 常德市武陵区",
    "430703": "鼎城区 鼎城 常德市鼎城区",
    "430721": "安乡县 安乡 常德市安乡县",
    "430722": "汉寿县 汉寿 常德市汉寿县",
    "430723": "澧县 澧 常德市澧县",
    "430724": "临澧县 临澧 常德市临澧县",
    "430725": "桃源县 桃源 常德市桃源县",
    "430726": "石门县 石门 常德市石门县",
    "430781": "津市市 津市 常德市津市市",
    "430771": "西洞庭管理区 西洞庭 西洞庭区 常德市西洞庭管理区",
    "430772": "西湖管理区 西湖区 西湖 常德市西湖管理区",
    "430773": "柳叶湖旅游度假区 柳叶湖 柳叶湖区 常德市柳叶湖旅游度假区",
    "430774": "桃花源旅游管理区 桃花源 桃花源区 常德市桃花源旅游管理区",
    "430775": "常德经济技术开发区 常德经开区 经开区",
}
COUNTY_NAMES = {name: number for number, names in _NAMES.items() for name in names.split()}
"""Names of the city, its counties and zones."""


def town_names(divisions: Iterable[RawRow]) -> dict[str, str]:
    """Names of towns behind a name of their county: ``石门县太峰镇``."""
    return {
        county + str(raw["name"]): str(raw["divCode"])
        for raw in divisions
        if str(raw["level"]) == "4"
        for county, number in COUNTY_NAMES.items()
        if number == str(raw["parentCode"])
    }


def division_code(raw: object, names: Mapping[str, str]) -> Read:
    """A division by code or by a known name; anything else is DIV_UNKNOWN."""
    if raw is None or raw == "":
        return None, None
    written = str(raw)
    if written in names:
        return names[written], None
    if len(written) in (6, 9, 12) and written.isascii() and written.isdigit():
        return written, None
    return None, "DIV_UNKNOWN"


def division_row(raw: RawRow) -> Row:
    """A row of the reference file."""
    population = raw["population"]
    return row(
        "AdministrativeDivision",
        "hub",
        raw["divCode"],
        {
            "divCode": (raw["divCode"], None),
            "name": (raw["name"] or None, None),
            "level": code(raw["level"], same("divisionLevel")),
            "parentCode": (raw["parentCode"] or None, None),
            "urbanRural": code(raw["urbanRural"], same("urbanRural")),
            "isFunctionalZone": flag(raw["isFunctionalZone"]),
            "povertyVillage": flag(raw["povertyVillage"]),
            "population": (int(population) if population not in (None, "") else None, None),
            "aliases": ([name for name in (raw.get("aliases") or "").split("|") if name], None),
            "validFrom": day(raw.get("validFrom")),
            "validTo": day(raw.get("validTo")),
        },
    )
