"""The defects of the sources, in one table, and the ledger of the rows that carry them.

Rates follow the domain reference where it states one; the others are small ones of our own. A defect touches
``max(rate * rows, min(30, rows / 10))`` of the rows that can carry it, so that the small city still shows each of them
in 30 rows wherever its tables are that large.
"""

import math
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

FLOOR = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Defect:
    """``rate`` is the share of ``among`` (rows of ``table`` unless it says otherwise) that carry the defect."""

    code: str
    source: str
    table: str
    column: str
    rate: float
    description: str
    among: str = "rows"

    def count(self, rows: int) -> int:
        """How many of ``rows`` carry it."""
        return min(rows, max(round(self.rate * rows), min(FLOOR, math.ceil(rows / 10))))


def _s1_org(code: str, column: str, rate: float, description: str, among: str = "live organisations") -> Defect:
    return Defect(
        code=code, source="s1", table="DZZ_JBXX", column=column, rate=rate, description=description, among=among
    )


def _s1_member(code: str, column: str, rate: float, description: str) -> Defect:
    return Defect(
        code=code,
        source="s1",
        table="DY_JBXX",
        column=column,
        rate=rate,
        description=description,
        among="live members",
    )


def _s2(code: str, table: str, column: str, rate: float, description: str, among: str = "rows") -> Defect:
    return Defect(code=code, source="s2", table=table, column=column, rate=rate, description=description, among=among)


def _s1(code: str, table: str, column: str, rate: float, description: str, among: str = "rows") -> Defect:
    return Defect(code=code, source="s1", table=table, column=column, rate=rate, description=description, among=among)


def _s3(code: str, table: str, column: str, rate: float, description: str, among: str = "rows") -> Defect:
    return Defect(code=code, source="s3", table=table, column=column, rate=rate, description=description, among=among)


def _s5(code: str, table: str, column: str, rate: float, description: str, among: str = "rows") -> Defect:
    return Defect(code=code, source="s5", table=table, column=column, rate=rate, description=description, among=among)


def _s6(code: str, table: str, column: str, rate: float, description: str, among: str = "rows") -> Defect:
    return Defect(code=code, source="s6", table=table, column=column, rate=rate, description=description, among=among)


def _s4_case(code: str, column: str, rate: float, description: str, among: str = "cases") -> Defect:
    return Defect(
        code=code, source="s4", table="banjian", column=column, rate=rate, description=description, among=among
    )


def _ticket(code: str, column: str, rate: float, description: str, among: str = "tickets") -> Defect:
    return Defect(
        code=code, source="hotline", table="gongdan", column=column, rate=rate, description=description, among=among
    )


DEFECTS = {
    defect.code: defect
    for defect in (
        _s1_org("ORG_DIV_EMPTY", "XZQH", 0.25, "no division"),
        _s1_org("ORG_DIV_NAME", "XZQH", 0.06, "a county's name or short name instead of its code"),
        _s1_org("ORG_TYPE_LEGACY", "DZZLB", 0.01, "legacy type 0, 1 or 2 instead of 611, 621, 631"),
        _s1_org("ORG_FOUNDED_ZERO", "CLRQ", 0.005, "founded on 00000000"),
        _s1_org("ORG_TERM_OPEN", "JMRQ", 0.01, "term ends on 99999999"),
        _s1_org("ORG_HOST_ALIAS", "DWMC", 0.15, "short name of the host unit", "organisations hosted by an S3 unit"),
        _s1_org("ORG_HOST_NO_CODE", "DWDM", 0.30, "host unit by name alone", "organisations hosted by an S3 unit"),
        _s1_org("ORG_USCC_CHECKSUM", "DWDM", 0.003, "wrong check character", "organisations with a host's code"),
        _s1_org("ORG_USCC_LOWER", "DWDM", 0.01, "lower-case code", "organisations with a host's code"),
        _s1_member("MEMBER_DUPLICATE", "SFZH", 800 / 323_000, "same person in two branches after half a transfer"),
        _s1_member("MEMBER_ID_15", "SFZH", 0.004, "15-digit ID number"),
        _s1_member("MEMBER_ID_LOWER_X", "SFZH", 0.03, "check character in lower case"),
        _s1_member("MEMBER_ID_CHECKSUM", "SFZH", 0.0015, "wrong check character"),
        _s1_member("MEMBER_ID_EMPTY", "SFZH", 0.001, "no ID number"),
        _s1_member("MEMBER_BIRTH_MISMATCH", "CSRQ", 0.002, "birth date differs from the ID number's"),
        _s1_member("MEMBER_SEX_MISMATCH", "XB", 0.001, "sex differs from the ID number's"),
        _s1_member("MEMBER_ORG_ORPHAN", "DZZDM", 0.006, "organisation code that is in no row"),
        _s1_member("MEMBER_ORG_DELETED", "DZZDM", 0.003, "live member of a soft-deleted organisation"),
        _s1_member("MEMBER_DATE_ZERO", "RDRQ ZZRQ CSRQ", 0.004, "00000000 as a date"),
        _s1_member("MEMBER_DATE_IMPOSSIBLE", "RDRQ ZZRQ CSRQ", 0.001, "30 February"),
        _s1_member("MEMBER_DATE_SIX", "RDRQ ZZRQ CSRQ", 0.003, "year and month only"),
        _s1_member("MEMBER_STATUS_CONFLICT", "ZZMM", 0.005, "political status 13 while a full member"),
        _s1_member("MEMBER_STATUS_LEGACY", "ZZMM", 0.01, "one-digit political status of the former table"),
        _s1_member("MEMBER_EDUCATION_PRIVATE", "XL", 0.02, "education 2A or 51, private values of the code table"),
        _s1_member("MEMBER_EDUCATION_UNMAPPED", "XL", 0.001, "education that is in no code table"),
        _s1_member("MEMBER_NAME_LOSSY", "XM", 0.0005, "a character that GBK cannot hold became a question mark"),
        _s1_member("MEMBER_NAME_PADDED", "XM", 0.01, "ideographic spaces after the name"),
        _s1_member("MEMBER_MOBILE_SPELLING", "SJHM", 0.01, "mobile with spaces or +86"),
        _s2("BRANCH_CODE_NULL", "branch", "dzz_code", 0.006, "no organisation code"),
        _s2("BRANCH_CODE_STALE", "branch", "dzz_code", 0.006, "code of an organisation that is gone"),
        _s2("BRANCH_CODE_SHARED", "branch", "dzz_code", 0.004, "second branch for one organisation code"),
        _s2("USER_NO_MEMBER_NO", "app_user", "member_no", 0.04, "no member number, only the digest of the ID"),
        _s2("USER_DELETED", "app_user", "deleted_at", 0.01, "soft-deleted user"),
        _s2("ACTIVITY_LATE", "org_life_activity", "updated_at", 0.05, "entered more than two weeks after it happened"),
        _s2("ACTIVITY_TIME_ORDER", "org_life_activity", "ended_at", 0.003, "ended before it started"),
        _s2("ACTIVITY_DELETED", "org_life_activity", "deleted_at", 0.01, "soft-deleted activity"),
        _s2("ATTENDANCE_TRANSFERRED", "activity_attendance", "user_id", 0.015, "attended with a former branch"),
        _s2("ATTENDANCE_REPEATED", "activity_attendance", "user_id", 0.01, "second check-in, counted twice"),
        _s2("DUES_REVERSAL", "dues_payment", "reversed_of", 0.005, "payment reversed by a negative row"),
        _s3("UNIT_NAME_ALIAS", "单位", "单位名称", 0.04, "short name of a bureau", "bureaus"),
        _s3("UNIT_USCC_SHARED", "单位", "统一社会信用代码", 0.005, "credit code of another unit"),
        _s3("UNIT_HEADCOUNT", "单位", "实有人数", 0.10, "actual staff differs from the register"),
        _s3("UNIT_MERGED", "单位", "状态", 0.02, "merged away, but the row and its code are still there", "sub-units"),
        _s3("STAFF_OLD_UNIT", "人员", "单位编码", 0.01, "code of a unit that only the lineage knows"),
        _s3("STAFF_UNIT_ORPHAN", "人员", "单位编码", 0.002, "unit code that is nowhere"),
        _s3("STAFF_MONTH_SPELLING", "人员", "出生年月", 0.01, "birth month as 1985.3 or 1985-03"),
        _s3("STAFF_STATUS_CONFLICT", "人员", "政治面貌", 0.07, "another political status than in S1", "staff in S1"),
        _s3("STAFF_PARTY_NOT_IN_S1", "人员", "政治面貌", 0.003, "a member by its own words, but not in S1", "others"),
        _s1("TRANSFER_TIME_ORDER", "DY_ZZGX", "JSRQ", 0.004, "accepted before the letter was issued"),
        Defect(
            code="ITEM_TYPE_LEGACY",
            source="s4",
            table="shixiang",
            column="leixing",
            rate=0.03,
            description="type in the older system's letters",
        ),
        _s4_case("CASE_ITEM_CANCELLED", "shishibianma", 0.01, "code of an item that was cancelled"),
        _s4_case("CASE_ITEM_UNKNOWN", "shishibianma", 0.01, "code of an item that is in no row"),
        _s4_case("CASE_TIME_ORDER", "banjie_sj", 0.003, "finished before it was accepted"),
        _s4_case("CASE_AGENT_ID", "zhengjian_hm", 0.01, "an agent's ID number under the applicant's name"),
        _s4_case("CASE_ORG_NO_ID", "zhengjian_hm", 1.0, "no number of the applicant", "cases of legal persons"),
        _s4_case("CASE_ID_15", "zhengjian_hm", 0.003, "15-digit ID number"),
        _s4_case("CASE_ID_LOWER_X", "zhengjian_hm", 0.003, "check character in lower case"),
        _s4_case("CASE_ID_CHECKSUM", "zhengjian_hm", 0.002, "wrong check character"),
        _ticket("TICKET_UNIT_ALIAS", "chengbanDanwei", 0.40, "short name of the unit"),
        _ticket("TICKET_UNIT_OLD", "chengbanDanwei", 0.03, "name that the unit no longer has"),
        _ticket("TICKET_UNIT_UNKNOWN", "chengbanDanwei", 0.02, "misspelt name, or one that several units have"),
        _ticket("TICKET_PERSONAL", "suqiuNeirong", 0.05, "a mobile or an ID number in the text"),
        _s5("AREA_UNMATCHED", "gx_area", "area_name", 0.01, "a path of names that is no division's"),
        _s5("POINT_NO_STATION", "gx_point", "station_bm", 0.14, "no station code"),
        _s5("POINT_ORG_DELETED", "gx_point", "org_id", 0.01, "live point of a soft-deleted organisation"),
        _s5("SHOP_NO_CODE", "shop", "credit_code", 0.22, "no unified social credit code"),
        _s5("GOODS_PRICE_CHANGED", "goods", "price_fen", 0.10, "sold at another price than stands here now"),
        _s5("ORDER_TEST", "orders", "is_test", 0.005, "test order"),
        _s5("ORDER_BUYER_UNKNOWN", "orders", "buyer_uid", 0.25, "buyer known by mobile only"),
        _s5("ORDER_AMOUNT", "orders", "amount_fen", 0.003, "amount differs from the sum of the lines"),
        _s5("ORDER_TIME_ORDER", "orders", "finish_ts", 0.001, "finished before it was created"),
        _s5("ORDER_FINISH_ZERO", "orders", "finish_ts", 0.002, "complete, but without a time"),
        _s5("ORDER_POINT_DELETED", "orders", "point_id", 0.003, "soft-deleted point"),
        _s5("LINE_GOODS_DELETED", "order_goods", "goods_id", 0.002, "soft-deleted goods"),
        _s6("ENT_NO_USCC", "fr_enterprise", "UNISCID", 0.08, "only the former registration number"),
        _s6("ENT_USCC_CHECKSUM", "fr_enterprise", "UNISCID", 0.003, "wrong check character"),
        _s6("ENT_IS_UNIT", "fr_enterprise", "UNISCID", 0.0, "credit code of a public unit that S1 names as a host"),
        _s6("WAYBILL_STATION_UNKNOWN", "waybill", "to_station_name", 0.08, "a name that no station goes by"),
        _s6("WAYBILL_TIME_ORDER", "waybill", "delivered_at", 0.001, "delivered before it was created"),
    )
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One row that carries a defect; ``key`` is its primary key as text."""

    code: str
    source: str
    table: str
    key: str
    column: str


class Ledger:
    """Which rows carry which defect, in the order in which they were made."""

    def __init__(self) -> None:
        self._findings: list[Finding] = []

    def add(self, code: str, key: object, column: str | None = None) -> None:
        """Record that the row ``key`` of the defect's table carries it."""
        defect = DEFECTS[code]
        self._findings.append(Finding(code, defect.source, defect.table, str(key), column or defect.column))

    def __iter__(self) -> Iterator[Finding]:
        return iter(self._findings)

    def keys(self, code: str) -> list[str]:
        """Keys of the rows that carry ``code``."""
        return [finding.key for finding in self._findings if finding.code == code]


def spread(
    rng: random.Random, codes: Iterable[str], rows: Sequence[int] | range, *, base: int | None = None
) -> dict[int, str]:
    """Deal defects that exclude each other over ``rows``: row -> code. ``base`` is the number the rates are of."""
    wanted = [(code, DEFECTS[code].count(len(rows) if base is None else base)) for code in codes]
    chosen = rng.sample(rows, min(len(rows), sum(count for _, count in wanted)))
    deal = iter(chosen)
    return {row: code for code, count in wanted for _, row in zip(range(count), deal, strict=False)}
