"""What the economy departments deliver of firms: ``fr_enterprise`` and ``nzhs``.

The register holds the firms that S1's branches and the mall name, under the same credit codes, then everybody else's.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from demo.city.codes import UNIT_CATEGORY
from demo.city.defects import Ledger, spread
from demo.city.divisions import CITY_NAME, COUNTIES, Division, divisions
from demo.city.edition import TODAY, scaled, stream
from demo.city.identifiers import landline, wrong_uscc
from demo.city.mall_network import CoopOrg
from demo.city.names import PLACE_STEMS
from demo.city.organisations import Organisation
from demo.city.people import STAFF_AGE_SHARES, People
from demo.city.registry import COMPANY, COOPERATIVE, TRADER, Firm, Registry
from demo.city.units import Unit, towns_of

FULL_ENTERPRISES, FULL_COOPERATIVES = 251_600, 9_600
UNITS_AMONG_THEM = 2
"""Firms that were made of public units and kept their credit codes."""

_COMPANIES = 0.3
_PRODUCTS = ("茶叶", "柑橘", "油茶", "生猪", "水产", "蔬菜", "优质稻", "土鸡", "蜂蜜", "中药材", "葡萄", "莲藕")
_LINES = {"C": "机械制造", "F": "商贸", "E": "建筑工程", "H": "餐饮", "I": "信息技术", "G": "物流", "L": "商务服务"}
_TRADES = {"F": "百货店", "H": "餐馆", "O": "理发店", "C": "加工坊", "G": "运输服务部", "R": "棋牌室"}
_INDUSTRY_CODES = {
    "A": "0190", "C": "3599", "E": "4790", "F": "5211", "G": "5430", "H": "6210", "I": "6510", "L": "7299",
    "O": "8040", "Q": "8411", "P": "8310", "R": "8990", "M": "7590",
}  # fmt: skip
_GRADES = ("国家级", "省级", "市级", "县级", "")
_ENT_TYPES = {TRADER: "个体工商户", COOPERATIVE: "农民专业合作社"}
_EARLIEST, _LATEST = datetime(2012, 1, 4).date().toordinal(), TODAY.toordinal() - 1
Row = tuple[object, ...]


class Enterprises:
    """The register of a city; ``cooperative_rows`` follows ``enterprise_rows``."""

    def __init__(
        self,
        seed: int,
        scale: float,
        tree: Sequence[Organisation],
        units: Mapping[str, Unit],
        orgs: Sequence[CoopOrg],
        people: People,
        registry: Registry,
        ledger: Ledger,
    ) -> None:
        self._rng = stream(seed, "enterprises")
        self._people, self._registry, self._ledger = people, registry, ledger
        self._by_code = {row.div_code: row for row in divisions(seed)}
        self._towns = [town for county in COUNTIES for town in towns_of(county, scale, seed)]
        self._total = scaled(FULL_ENTERPRISES, scale)
        self._cooperatives = scaled(FULL_COOPERATIVES, scale)
        self._hosts = [o for o in tree if o.host is None and o.host_uscc and not o.deleted]
        self._units = self._turned_units(tree, units)
        self._farmers = [org.firm for org in orgs if org.firm is not None and org.firm.kind == COOPERATIVE]

    def _turned_units(self, tree: Sequence[Organisation], units: Mapping[str, Unit]) -> list[Unit]:
        """Sub-units whose code S1 names as it stands in S3, and S3 for this unit alone."""
        spoilt = {
            key
            for code in ("ORG_HOST_NO_CODE", "ORG_USCC_CHECKSUM", "ORG_USCC_LOWER", "ORG_HOST_ALIAS")
            for key in self._ledger.keys(code)
        }
        shared = set(self._ledger.keys("UNIT_USCC_SHARED"))
        shared |= {str(units[number].parent_no) for number in shared if number in units}
        hosts = [o.host for o in tree if o.host and o.host.tier == "sub" and not o.deleted and o.code not in spoilt]
        clean = [unit for unit in hosts if unit.unit_no not in shared and not unit.merged and "公益" in unit.category]
        return list(dict.fromkeys(clean))[-UNITS_AMONG_THEM:]

    def enterprise_rows(self) -> Iterator[Row]:
        """Rows of ``fr_enterprise`` as the last drop holds them."""
        number = 0
        for firm in self._named():
            number += 1
            if firm.kind == UNIT_CATEGORY["公益一类事业单位"]:
                self._ledger.add("ENT_IS_UNIT", _register_number(firm, number))
            yield self._row(number, firm, firm.uscc)
        others = self._total - number
        flaws = spread(self._rng, ("ENT_NO_USCC", "ENT_USCC_CHECKSUM"), range(others), base=self._total)
        wanted = max(self._cooperatives - len(self._farmers), 0)
        for index in range(others):
            number += 1
            firm = self._other(COOPERATIVE if index < wanted else None)
            if firm.kind == COOPERATIVE:
                self._farmers.append(firm)
            flaw = flaws.get(index)
            code: str | None = firm.uscc
            if flaw is not None:
                code = None if flaw == "ENT_NO_USCC" else wrong_uscc(firm.uscc)
                self._ledger.add(flaw, _register_number(firm, number))
            yield self._row(number, firm, code)

    def _named(self) -> Iterator[Firm]:
        """Firms that another source names."""
        known = tuple(self._registry.firms)
        for host in self._hosts:
            chief = self._chief(host.div_code)
            yield Firm(
                kind=COMPANY,
                uscc=host.host_uscc,
                name=host.host_name,
                chief=chief[0],
                chief_id=chief[1],
                div_code=host.div_code,
            )
        for unit in self._units:
            chief = self._chief(unit.div_code)
            name = f"{unit.name}有限公司"
            kind = unit.uscc[:2]
            yield Firm(kind=kind, uscc=unit.uscc, name=name, chief=chief[0], chief_id=chief[1], div_code=unit.div_code)
        yield from known

    def _chief(self, div_code: str) -> tuple[str, str]:
        county = next((n for n, plan in enumerate(COUNTIES) if div_code.startswith(plan.code)), None)
        person = self._people.draw(county, women=0.32, age_shares=STAFF_AGE_SHARES, older_than=20.0)
        return person.name, person.id_number

    def _other(self, kind: str | None) -> Firm:
        rng = self._rng
        town = self._towns[int(rng.random() * len(self._towns))]
        chief = self._chief(town.div_code)
        kind = kind or (COMPANY if rng.random() < _COMPANIES else TRADER)
        stem = PLACE_STEMS[int(rng.random() * len(PLACE_STEMS))]
        if kind == COOPERATIVE:
            name = f"{self._organs(town)}{stem}{_PRODUCTS[int(rng.random() * len(_PRODUCTS))]}农民专业合作社"
        elif kind == COMPANY:
            name = f"湖南{stem}{_pick(rng.random(), _LINES)}有限公司"
        else:
            name = f"{self._organs(town)}{town.name}{stem}{_pick(rng.random(), _TRADES)}"
        return self._registry.found(kind, name, *chief, town)

    def _organs(self, town: Division) -> str:
        return next(county.organs for county in COUNTIES if town.div_code.startswith(county.code))

    def _row(self, number: int, firm: Firm, code: str | None) -> Row:
        rng = self._rng
        kind = firm.kind
        section = self._section(firm)
        scale = {TRADER: 0.6, COOPERATIVE: 1.9}.get(kind, 2.4)
        employees = 1 + int(rng.lognormvariate(scale, 1.0))
        founded = _EARLIEST + int(rng.random() ** 0.8 * (_LATEST - _EARLIEST))
        changed = datetime.fromordinal(max(founded, TODAY.toordinal() - int(rng.expovariate(1 / 60))))
        state = "1" if (draw := rng.random()) < 0.86 else "3" if draw < 0.94 else "2" if draw < 0.98 else "4"
        county = self._by_code[firm.div_code[:6]]
        place = "" if len(firm.div_code) == 6 else self._by_code[firm.div_code[:9]].name
        where = "" if county.name == CITY_NAME else county.name
        return (
            code,
            _register_number(firm, number),
            firm.name,
            _ENT_TYPES.get(kind, "有限责任公司" if rng.random() < 0.94 else "股份有限公司"),
            firm.chief,
            firm.chief_id,
            round(rng.lognormvariate(scale + 0.8, 1.1), 2 if rng.random() < 0.2 else 0),
            datetime.fromordinal(founded).strftime("%Y-%m-%d"),
            state,
            section,
            _INDUSTRY_CODES[section],
            f"湖南省常德市{where}{place}{1 + int(rng.random() * 300)}号",
            firm.div_code[:6],
            landline(rng) if rng.random() < 0.8 else None,
            employees,
            round(employees * rng.lognormvariate(2.6, 0.8), 4),
            str(changed + timedelta(seconds=3_600 + int(rng.random() * 3_000))),
            "Z" if "430771" <= firm.div_code[:6] <= "430775" else None,
        )

    def _section(self, firm: Firm) -> str:
        """Section of GB/T 4754, as the name tells."""
        if firm.kind == COOPERATIVE:
            return "A"
        names = _TRADES if firm.kind == TRADER else _LINES
        return next((letter for letter, word in names.items() if word in firm.name), "F")

    def cooperative_rows(self) -> Iterator[Row]:
        """Rows of ``nzhs`` as the last drop holds them: the mall's cooperatives first."""
        rng = self._rng
        for firm in self._farmers[: self._cooperatives]:
            product = next((word for word in _PRODUCTS if word in firm.name), "粮食")
            yield (
                firm.name,
                firm.uscc,
                firm.chief,
                5 + int(rng.lognormvariate(3.2, 0.9)),
                product,
                int(rng.lognormvariate(13.2, 1.0)),
                rng.choices(_GRADES, (1, 4, 9, 16, 70))[0],
            )


def _register_number(firm: Firm, number: int) -> str:
    """The former registration number, 15 digits: county, block 600, serial."""
    return f"{firm.div_code[:6]}600{number:06d}"


def _pick(draw: float, words: Mapping[str, str]) -> str:
    return tuple(words.values())[int(draw * len(words))]
