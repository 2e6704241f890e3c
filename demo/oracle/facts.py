"""Raw rows by key, and the few questions about them that the expectations of defects ask."""

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Any

from demo.oracle.identity import normal_id, sm3
from demo.oracle.raw import RawCity, RawRow, Table

_KEYS = {
    "DZZ_JBXX": "DZZDM", "DY_JBXX": "DYBH", "DY_ZZGX": "ZJBH", "单位": "单位编码", "人员": "人员编码", "branch": "id",
    "app_user": "id", "org_life_activity": "id", "activity_attendance": "id", "dues_payment": "id",
    "shixiang": "shishibianma", "banjian": "banjian_bh", "gongdan": "gongdanBianhao", "gx_area": "area_id",
    "gx_org": "org_id", "gx_point": "point_id", "shop": "shop_id", "goods": "goods_id", "orders": "order_sn",
    "order_goods": "id", "fr_enterprise": "REGNO", "waybill": "waybill_no",
}  # fmt: skip


class Facts:
    """What the sources hold, as raw as they hold it. ``today`` decides whether an ID number can exist yet."""

    def __init__(self, raw: RawCity, today: date) -> None:
        self._raw = raw
        self._today = today
        self._indexes: dict[tuple[str, str], dict[str, list[RawRow]]] = {}

    def row(self, table: str, key: object) -> RawRow:
        """The row of ``table`` with that primary key. Raises ``LookupError`` when there is none."""
        (found,) = self.having(table, _KEYS[table], key)
        return found

    def rows(self, table: str) -> Table:
        """Every row of ``table``; none where the city has no such table."""
        return next((tables[table] for tables in self._raw.sources if table in tables), [])

    def names(self, aliases: str) -> Mapping[str, str]:
        """What a source's words or numbers stand for."""
        return self._raw.aliases[aliases]

    def having(self, table: str, column: str, value: object) -> list[RawRow]:
        """Rows of ``table`` with ``value`` in ``column``, compared as text."""
        if (table, column) not in self._indexes:
            index: dict[str, list[RawRow]] = {}
            for row in self.rows(table):
                index.setdefault(str(row[column]), []).append(row)
            self._indexes[table, column] = index
        return self._indexes[table, column].get(str(value), [])

    def valid_id(self, number: object) -> str | None:
        """The normal form of a valid ID number."""
        return normal_id(number, self._today)

    @cached_property
    def _members(self) -> Mapping[str, list[RawRow]]:
        return self._by_person("DY_JBXX", "SFZH")

    @cached_property
    def _staff(self) -> Mapping[str, list[RawRow]]:
        return self._by_person("人员", "身份证号")

    @cached_property
    def _digests(self) -> Mapping[str, str]:
        return {sm3(number): number for number in self._members}

    def _by_person(self, table: str, column: str) -> Mapping[str, list[RawRow]]:
        found: dict[str, list[RawRow]] = {}
        for row in self.rows(table):
            if _counts(row) and (number := self.valid_id(row[column])) is not None:
                found.setdefault(number, []).append(row)
        return found

    def members(self, number: object) -> list[RawRow]:
        """Live rows of DY_JBXX with that person's valid ID number."""
        return self._members.get(self.valid_id(number) or "", [])

    def staff(self, number: object) -> list[RawRow]:
        """Rows of 人员 with that person's valid ID number."""
        return self._staff.get(self.valid_id(number) or "", [])

    def members_by_digest(self, digest: str) -> list[RawRow]:
        """Live rows of DY_JBXX whose valid ID number has that SM3 digest."""
        return self._members.get(self._digests.get(digest, ""), [])


def _counts(row: RawRow) -> bool:
    """Whether a row is not deleted."""
    return row.get("SCBZ") != "1"


Node = Mapping[str, Any]
