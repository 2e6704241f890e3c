"""The page ``docs/data-quality.md``: every defect of the demo's sources, and what the graph answers in its place.

Lines come from the generator's table of defects and from the oracle's probes, so none can be forgotten.
``python -m demo.data_quality docs/data-quality.md`` writes the page.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from demo.city.defects import DEFECTS, Defect
from demo.oracle.defects import PROBES
from schema.messages.quality import TITLES

SOURCES = {
    "s1": "S1 组织部党员库, the organisation department's member library",
    "s2": "S2 党建云组织生活库, the organisation life platform",
    "s3": "S3 编办实名制库, the establishment office's register",
    "s4": "S4 政务服务库, the government service centre",
    "hotline": "12345 热线, the hotline's service",
    "s5": "S5 供销电商库, the supply cooperatives' mall",
    "s6": "S6 企业与物流文件, the economic departments' drops",
}
"""Source -> heading."""

FAMILIES = {"DUP": "DUP_<ENTITY>", "CONFLICT": "CONFLICT(<field>)", "STALE": "STALE(<source>)"}
"""Family of quality codes -> how they are spelt."""

COLUMNS = {
    "DZZ_JBXX": "党组织基本信息 XZQH=行政区划 DZZLB=组织类别 CLRQ=建立日期 JMRQ=届满日期 DWMC=所在单位名称 "
    "DWDM=所在单位代码",
    "DY_JBXX": "党员基本信息 SFZH=公民身份号码 CSRQ=出生日期 XB=性别 DZZDM=所在党支部 RDRQ=入党日期 ZZRQ=转正日期 "
    "ZZMM=政治面貌 XL=学历 XM=姓名 SJHM=手机号码",
    "DY_ZZGX": "组织关系转接 JSRQ=接收日期",
    "branch": "党支部 dzz_code=党组织代码",
    "app_user": "用户 member_no=党员编号 deleted_at=删除时间",
    "org_life_activity": "组织生活活动 updated_at=更新时间 ended_at=结束时间 deleted_at=删除时间",
    "activity_attendance": "参会签到 user_id=用户",
    "dues_payment": "党费 reversed_of=冲正",
    "单位": "单位 单位名称=单位名称 统一社会信用代码=统一社会信用代码 实有人数=实有人数 状态=状态",
    "人员": "人员 单位编码=单位编码 出生年月=出生年月 政治面貌=政治面貌",
    "shixiang": "事项 leixing=事项类型",
    "banjian": "办件 shishibianma=实施编码 banjie_sj=办结时间 zhengjian_hm=证件号码",
    "gongdan": "工单 chengbanDanwei=承办单位 suqiuNeirong=诉求内容",
    "gx_area": "地区 area_name=地区名称",
    "gx_point": "供应网点 station_bm=服务站编码 org_id=所属供销社",
    "shop": "店铺 credit_code=统一社会信用代码",
    "goods": "商品 price_fen=价格",
    "orders": "订单 is_test=测试单 buyer_uid=买家账号 amount_fen=订单金额 finish_ts=完成时间 point_id=提货网点",
    "order_goods": "订单明细 goods_id=商品",
    "fr_enterprise": "企业登记 UNISCID=统一社会信用代码",
    "waybill": "运单 to_station_name=到达站名称 delivered_at=签收时间",
}
"""Table -> what it is called in Chinese, then its columns that have defects."""

_HEAD = """# Data quality

The demo's sources are as departments' databases are: each has its own spelling and its own defects. Every defect is
put there on purpose, at a known rate (in a small city more often, so that it has some 30 rows of each), and a ledger
tells which rows carry it; `make demo-check` asks the hub for up to 30 rows of each and compares. Nothing is repaired in
the sources. What the graph answers instead, and which code `_meta { quality }` tells of the row, is stated here. A code
is told to whoever is shown the field it speaks of.
"""
_HABITS = """## Habits that are no defects

- Rows that a source has soft-deleted (`SCBZ` '1', `deleted_at`, `is_del` 1) and test orders (`is_test` 1) are no rows.
- `00000000`, `99999999` and the epoch second 0 stand for no date; S5's other seconds become Beijing time.
- A member is registered in a branch, never in a committee, so who leads a committee or a general branch is a member of
  a branch below it. A name is no key, and a secretary is found by organisation, duty and name alone: those 11 % of all
  organisations (over 20 % in a small city, which has as many levels over fewer branches) tell `NAME_UNRESOLVED` with
  `secretary`, and have `secretaryName`. Of branches two in a hundred do, for a defect of the member's own row.
- S6 writes times in UTC and sums in 万元 or yuan; the graph has Beijing time and fen. Where a source knows fractions of
  a second, so does the graph: six digits, or none where the second is whole, and a filter takes them back.
- S1 is GBK, the list of 农民专业合作社 GB18030, the price list has a byte order mark; the graph has Unicode, NFKC.
- Of S6's daily drops only the newest with a `_SUCCESS` mark is read, of its parcels all months that have one; a column
  that appears without notice is left alone.
- The hotline's pages shift while they are read; its mirror asks for overlapping windows of time and takes the latest
  row of each ticket.
- A service may cut a character in half, or send bytes that are no UTF-8: its mirror holds U+FFFD there, fields read by
  the codec `text` tell `BAD_TEXT`, and the log has `answer_mended`.
"""


def page() -> str:
    """The whole page."""
    parts = [_HEAD]
    for source, title in SOURCES.items():
        rows = "\n".join(_line(defect) for defect in DEFECTS.values() if defect.source == source)
        head = "| defect | table.column | what is wrong | rate | what the graph answers | code told |"
        parts.append(f"## {title}\n\n{head}\n|---|---|---|---|---|---|\n{rows}\n")
    codes = "\n".join(f"| `{FAMILIES.get(code, code)}` | {title.en} | {title.zh} |" for code, title in TITLES.items())
    parts.append(f"## Quality codes\n\n| code | what it says | 含义 |\n|---|---|---|\n{codes}\n")
    return "\n".join([*parts, _HABITS])


def _line(defect: Defect) -> str:
    probes = [probe for probe in PROBES if probe.code == defect.code]
    answers = "; ".join(dict.fromkeys(probe.expects for probe in probes))
    codes = " ".join(dict.fromkeys(f"`{probe.told}`" for probe in probes if probe.told))
    among = "" if defect.among == "rows" else f" of {defect.among}"
    cells = (
        f"`{defect.code}`",
        "<br>".join(_column(defect)),
        defect.description,
        f"{_percent(defect.rate)}{among}",
        answers,
        codes or "–",
    )
    return f"| {' | '.join(cells)} |"


def _column(defect: Defect) -> Iterator[str]:
    """``DY_JBXX.SFZH`` and the Chinese terms of both."""
    table, *columns = COLUMNS[defect.table].split()
    titles = dict(column.split("=") for column in columns)
    for column in defect.column.split():
        yield f"`{defect.table}.{column}` {table}·{titles[column]}"


def _percent(rate: float) -> str:
    return f"{round(100 * rate, 2):g} %" if rate else "single rows"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), encoding="utf-8")
