"""A city of a few rows: the real catalogue, manifests and policy over memory connectors.

Small enough to know every answer by heart. Organisations: city 001 > county 001010 > branches 001010001 and 001010002,
and the other county 001020 with its branch 001020001. Everybody's ID number is synthetic.
"""

import asyncio
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from authz.access_cache import AccessCache
from authz.audit import AuditEvent
from authz.consumer_keys import Keyring
from authz.decisions import AccessMap
from authz.policy import PolicyVersion
from authz.policy_files import load_policy
from authz.quotas import HourlyQuotas, QuotaKind
from authz.subjects import Profile, Subject
from connectors.contract import Connector, Manifest
from connectors.manifest import load_manifest
from connectors.memory import MemoryConnector
from resolvers.limits import Limits
from resolvers.operation import OperationRequest, OperationResult
from resolvers.ordinary import resolve_root
from resolvers.pipeline import Engine
from resolvers.snapshot import Snapshot
from resolvers.variants import Variants
from schema.build import CatalogSchema, build_schema
from schema.catalog import Catalog
from schema.catalog_loader import load_catalog
from schema.derivations import sm3_of
from schema.identity import SHANGHAI, check_character
from tests.resolvers.mini_services import TOWN_STATION, drops, mall, services, tickets

ROOT = Path(__file__).parents[2]
ENVIRONMENT = {
    "HUTONG_S1_PASSWORD": "unused",
    "HUTONG_S2_PASSWORD": "unused",
    "HUTONG_S4_PASSWORD": "unused",
    "HUTONG_S5_PASSWORD": "unused",
    "HUTONG_HOTLINE_TOKEN": "unused",
    "HUTONG_HOTLINE_MIRROR_KEY": "00" * 32,
}
FILES = Path(__file__).parent / "files"
MASTER_KEY = bytes(range(32))


def id_number(division: str, born: str, sequence: str) -> str:
    """A valid ID number."""
    first17 = division + born + sequence
    return first17 + check_character(first17)


ANN = id_number("430798", "19800101", "001")
BEN = id_number("430798", "19900202", "003")
CAI = id_number("430798", "19700303", "005")
DAN = id_number("430798", "19600404", "007")


def code(prefix: str) -> str:
    """An organisation code of 15 digits."""
    return prefix.ljust(15, "0")


def _org(prefix: str, name: str, parent: str, kind: str, division: str) -> dict[str, Any]:
    return {
        "DZZDM": code(prefix), "DZZMC": name, "DZZJC": name[:4], "SJDZZDM": code(parent) if parent else None,
        "DZZLB": kind, "DZZSJ": "张小明", "LXDH": "0736-7220001", "SZDWQK": "2", "DWMC": "",
        "DWDM": "11430700XX00000199", "CLRQ": "19990101",
        "JMRQ": "00000000", "XZQH": division, "SCBZ": "0", "GXSJ": "2018-09-01 02:00:00",
    }  # fmt: skip


def _member(number: int, name: str, id_: str, org: str, **other: Any) -> dict[str, Any]:
    row = {
        "DYBH": number, "XM": name, "XB": "1", "MZ": "01", "CSRQ": id_[6:14] if len(id_) == 18 else "19500505",
        "SFZH": id_,
        "XL": "21", "ZZMM": "01", "RYLB": "1", "DZZDM": code(org), "RDRQ": "20000701", "ZZRQ": "20010701", "GZGW": "12",
        "DNZW": "", "SJHM": f"1640000{number:04}", "GDDH": "", "JTZZ": "湖南省常德市石门县太峰镇小河村1组", "DJZT": "1",
        "SFSL": "0", "SLRQ": "", "SLYY": "", "SFLD": "0", "WCLX": "", "SFKN": "0", "PYDC": "1", "SCBZ": "0",
        "GXSJ": "2018-09-01 02:00:00",
    }  # fmt: skip
    return {**row, **other}


def _transfer(number: str, member: int, origin: str, target: str | None) -> dict[str, Any]:
    return {
        "ZJBH": number, "DYBH": member, "YDZZDM": code(origin), "XDZZDM": code(target) if target else None,
        "XDZZMC": "" if target else "长沙市某支部", "ZJLX": "1" if target else "2", "ZJZT": "30", "JSXH": "2018-001",
        "KCRQ": "20180601", "YXRQ": "20180901", "JSRQ": "", "DFJZ": "201806",
    }  # fmt: skip


def _staff(number: str, name: str, id_: str, unit: str) -> dict[str, Any]:
    return {
        "人员编码": number, "姓名": name, "身份证号": id_, "性别": "男", "民族": "汉族", "出生年月": "1980.01",
        "政治面貌": "中共党员", "学历": "大学", "参加工作时间": "2003.07", "单位编码": unit, "编制类型": "行政",
        "岗位名称": "科员", "进入单位时间": "2005.09", "状态": "在职",
    }  # fmt: skip


def _cadre(number: str, duty: str) -> dict[str, Any]:
    return {
        "人员编码": number, "职务": duty, "职务层次": "县处级正职", "任职时间": "2015.06",
        "任免文号": "常组〔2015〕1号", "分管工作": "全面工作", "考核结果": "优秀", "备注": "备注",
    }  # fmt: skip


def _unit(number: str, name: str, above: str | None, posts: int) -> dict[str, Any]:
    return {
        "单位编码": number, "单位名称": name, "统一社会信用代码": f"11430700XX0000{number}", "单位类别": "行政机关",
        "层级": "正处级", "主管单位编码": above, "行政区划": "石门县", "核定编制": posts, "实有人数": posts + 1,
        "状态": "正常",
        "更新年月": "2018.09",
    }  # fmt: skip


def _division(number: str, name: str, above: str | None) -> dict[str, Any]:
    return {
        "divCode": number, "name": name, "level": "3" if above else "2", "parentCode": above, "urbanRural": None,
        "isFunctionalZone": None, "povertyVillage": None, "population": 600_000, "aliases": "石门|常德市石门县",
        "validFrom": "1988-05-01", "validTo": None,
    }  # fmt: skip


def _activity(number: int, branch: str, kind: int) -> dict[str, Any]:
    started = datetime(2018, 9, number, 9, tzinfo=SHANGHAI)
    return {
        "id": number, "branch_id": branch, "type_code": kind, "title": f"活动{number}", "started_at": started,
        "ended_at": None, "place": "会议室", "speaker": "张小明", "content": "记录", "should_attend": 4,
        "deleted_at": None,
    }  # fmt: skip


def _attendance(number: int, activity: int, user: str, status: int) -> dict[str, Any]:
    return {
        "id": number, "activity_id": activity, "user_id": user, "status": status, "checkin_at": None,
        "absence_reason": None,
    }  # fmt: skip


def tables() -> dict[str, dict[str, list[dict[str, Any]]]]:
    """Raw rows by connector and table, fresh ones each time."""
    users = [
        {"id": "u1", "member_no": 1, "id_no_sm3": sm3_of(ANN), "real_name": "", "mobile": "", "deleted_at": None},
        {"id": "u2", "member_no": None, "id_no_sm3": sm3_of(BEN), "real_name": "", "mobile": "", "deleted_at": None},
        {"id": "u4", "member_no": 4, "id_no_sm3": sm3_of(DAN), "real_name": "", "mobile": "", "deleted_at": None},
    ]
    dues = [
        {
            "id": number,
            "user_id": user,
            "month": f"2018-0{month}-01",
            "base_fen": 400_000,
            "rate_bp": 100,
            "due_fen": 4000,
            "paid_fen": paid,
            "channel": 1,
            "pay_account": "6200000012345678903",
            "paid_at": None,
            "reversed_of": None,
        }
        for number, user, month, paid in ((1, "u1", 8, 4000), (2, "u1", 9, 0), (3, "u2", 9, 4000), (4, "u4", 9, 4000))
    ]
    return {
        "s1": {
            "DZZ_JBXX": [
                _org("001", "中共常德市委员会", "", "611", "常德市"),
                _org("001010", "中共石门县委员会", "001", "611", "石门县"),
                _org("001010001", "第一支部", "001010", "631", "石门县"),
                _org("001010002", "第二支部", "001010", "631", ""),
                _org("001020", "中共桃源县委员会", "001", "611", "桃源县"),
                _org("001020001", "桃源支部", "001020", "631", "桃源县"),
            ],
            "DY_JBXX": [
                _member(1, "安一", ANN, "001010001"),
                _member(2, "贝二\u3000", BEN.lower(), "001010001", RYLB="2", ZZRQ="19850230"),
                _member(3, "蔡三", CAI, "001010002"),
                _member(4, "丁四", DAN, "001020001"),
                _member(5, "无证", "43079819500505", "001010001"),
                _member(6, "蔡三", CAI, "001010001", GXSJ="2018-09-20 02:00:00"),
            ],
            "DY_ZZGX": [_transfer("Z1", 1, "001010001", "001020001"), _transfer("Z2", 4, "001020001", None)],
            "DY_CF": [{"CFBH": 1, "DYBH": 3, "CFLB": "01", "CFRQ": "20170105", "CFYY": "原因"}],
        },
        "s2": {
            "branch": [
                {"id": "b1", "dzz_code": code("001010001"), "name": "", "deleted_at": None},
                {"id": "b2", "dzz_code": code("001020001"), "name": "", "deleted_at": None},
            ],
            "app_user": users,
            "dues_payment": dues,
            "org_life_activity": [_activity(1, "b1", 5), _activity(2, "b2", 1)],
            "volunteer_record": [
                {
                    "id": 1,
                    "user_id": "u1",
                    "station_code": TOWN_STATION,
                    "service_type": 1,
                    "minutes": 90,
                    "happened_on": date(2018, 9, 30),
                    "verified_by": "u4",
                },
            ],
            "activity_attendance": [
                _attendance(1, 1, "u1", 1),
                _attendance(2, 1, "u2", 3),
                _attendance(3, 1, "u4", 1),
                _attendance(4, 2, "u4", 4),
            ],
        },
        "s3": {
            "单位": [
                _unit("1001", "市财政局", None, 10),
                _unit("1002", "市财政局国库科", "1001", 5),
                _unit("1003", "市教育局", None, 7),
            ],
            "人员": [
                _staff("P1", "安一", ANN, "1001"),
                _staff("P2", "外人", id_number("430790", "19850505", "009"), "1002"),
                _staff("P3", "丁四", DAN, "1003"),
            ],
            "干部": [_cadre("P1", "局长"), _cadre("P3", "科长")],
            "单位沿革": [
                {"rowid": 1, "旧单位编码": "1009", "新单位编码": "1001", "变更日期": "2016.03", "类型": "合并"}
            ],
        },
        "hub": {
            "divisions": [
                _division("430700", "常德市", None),
                _division("430726", "石门县", "430700"),
                _division("430725", "桃源县", "430700"),
            ]
        },
        "s4": services(),
        "s5": mall(),
        "s6": drops(),
        "hotline": tickets(),
    }


class Recorded:
    """An audit log that only keeps events in memory."""

    def __init__(self) -> None:
        self.events: list[tuple[AuditEvent, bool]] = []

    async def append(self, event: AuditEvent, *, durable: bool = False) -> None:
        """Keep it."""
        self.events.append((event, durable))

    async def close(self) -> None:
        """Nothing to close."""


@cache
def world() -> tuple[Catalog, Mapping[str, Manifest], CatalogSchema, PolicyVersion]:
    """What every mini city shares, frozen."""
    catalog = load_catalog()
    manifests = {
        file.stem: load_manifest(file, catalog, environment=ENVIRONMENT, files_root=FILES)
        for file in sorted((ROOT / "demo/manifests").glob("*.yaml"))
    }
    policy = load_policy(sorted((ROOT / "demo/policies").glob("*.yaml")), version=1)
    return catalog, manifests, build_schema(catalog, resolve_root), policy


@cache
def variants() -> Variants:
    """The schemas that callers see, which every mini city shares too."""
    catalog, _, schema, _ = world()
    return Variants(schema, catalog)


class ReadyDecisions(AccessCache):
    """Decisions made once for all tests, by whichever event loop asks first."""

    async def ready(
        self, policy: PolicyVersion, catalog: Catalog, profile: Profile, deadline: float | None = None
    ) -> AccessMap:
        return self.access(policy, catalog, profile)


DECISIONS = ReadyDecisions()


class MiniCity:
    """The engine over the mini city. ``change`` alters its rows, ``manifests`` and ``replaced`` are other manifests and
    connectors by name."""

    def __init__(
        self,
        *,
        change: Callable[[dict[str, Any]], None] | None = None,
        quota: int = 50,
        policy: PolicyVersion | None = None,
        manifests: Mapping[str, Manifest] = MappingProxyType({}),
        **replaced: Connector,
    ) -> None:
        catalog, usual_manifests, schema, usual = world()
        manifests = {**usual_manifests, **manifests}
        rows = tables()
        if change is not None:
            change(rows)
        self.connectors: Mapping[str, Connector] = {
            name: replaced.get(name) or MemoryConnector(manifest, rows[name]) for name, manifest in manifests.items()
        }
        self.keyring = Keyring(MASTER_KEY, self.connectors)
        self.audit = Recorded()
        self.engine = Engine(
            snapshot=Snapshot(
                catalog=catalog,
                manifests=manifests,
                connectors=self.connectors,
                schema=schema,
                policy=policy or usual,
                digest="mini",
            ),
            keyring=self.keyring,
            quotas=HourlyQuotas({QuotaKind.LOOKUP: quota, QuotaKind.SINGLE_RECORD: quota}, lambda: 0.0),
            audit=self.audit,
            limits=Limits(),
        )
        if policy is None:
            self.engine._decisions.cache = DECISIONS
            self.engine._variants = variants()

    async def execute(self, subject: Subject, document: str, **variables: Any) -> OperationResult:
        """Ask as ``subject``."""
        deadline = asyncio.get_running_loop().time() + 10
        request = OperationRequest(document=document, deadline=deadline, variables=variables)
        return await self.engine.execute(subject, request)


def subject(role: str, **attributes: str) -> Subject:
    """A caller with one role."""
    return Subject(id=f"test:{role}", roles=frozenset({role}), consumer="tests", attributes=attributes)


CLERK = subject("county_org_clerk", orgCode=code("001010"), divCode="430726")
SECRETARY = subject("branch_secretary", orgCode=code("001010001"))
MEMBER = subject("member_self", identity=ANN, orgCode=code("001010001"))
OFFICER = subject("bianban_officer", unitNo="1001")
PUBLIC = subject("resident_public")
CITY = subject("city_org_admin")
