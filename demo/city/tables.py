"""How the three departments store the city: tables, columns and types in each source's own spelling.

S1 is the organisation department's member library (MariaDB, GBK, pinyin initials), S2 the organisation life platform
(PostgreSQL, English), S3 the establishment office's register (SQLite, Chinese column names). Rows that the generators
make are tuples in the order of ``columns``.
"""

from demo.city.table import Table as Table
from demo.city.table import declare as _table

DZZ_JBXX = _table(
    "s1",
    "DZZ_JBXX",
    "DZZDM char(15), DZZMC varchar(120), DZZJC varchar(60), SJDZZDM char(15), DZZLB char(3), DZZSJ varchar(30), "
    "LXDH varchar(30), SZDWQK char(1), DWMC varchar(120), DWDM varchar(18), CLRQ char(8), JMRQ char(8), "
    "XZQH varchar(12), SCBZ char(1), GXSJ datetime",
    "SJDZZDM DWDM GXSJ",
)
"""党组织基本信息: one Party organisation a row."""

DY_JBXX = _table(
    "s1",
    "DY_JBXX",
    "DYBH int, XM varchar(30), XB char(1), MZ char(2), CSRQ char(8), SFZH varchar(18), XL char(2), ZZMM char(2), "
    "RYLB char(1), DZZDM char(15), RDRQ char(8), ZZRQ char(8), GZGW varchar(4), DNZW varchar(20), SJHM varchar(20), "
    "GDDH varchar(20), JTZZ varchar(200), DJZT char(2), SFSL char(1), SLRQ char(8), SLYY char(1), SFLD char(1), "
    "WCLX varchar(60), SFKN char(1), PYDC char(1), SCBZ char(1), GXSJ datetime",
    "SFZH DZZDM GXSJ",
)
"""党员基本信息: one member a row, some of them twice."""

CODE_TABLES = tuple(
    _table("s1", name, "DM varchar(4), MC varchar(40)")
    for name in ("DM_XB", "DM_MZ", "DM_XL", "DM_ZZMM", "DM_DZZLB", "DM_GZGW")
)
"""代码表: code and words, with private values added over the years."""

BRANCH = _table(
    "s2",
    "branch",
    "id uuid, dzz_code varchar(15), name text, parent_id uuid, county_code char(6), deleted_at timestamptz",
    "dzz_code parent_id",
)
APP_USER = _table(
    "s2",
    "app_user",
    "id uuid, member_no int, id_no_sm3 char(64), real_name text, mobile text, bound_at timestamptz, "
    "deleted_at timestamptz",
    "member_no id_no_sm3",
)
ORG_LIFE_ACTIVITY = _table(
    "s2",
    "org_life_activity",
    "id bigint, branch_id uuid, type_code smallint, title text, place text, speaker text, content text, "
    "should_attend int, started_at timestamptz, ended_at timestamptz, updated_at timestamptz, deleted_at timestamptz",
    "branch_id+started_at started_at updated_at",
)
ACTIVITY_ATTENDANCE = _table(
    "s2",
    "activity_attendance",
    "id bigint, activity_id bigint, user_id uuid, status smallint, checkin_at timestamptz, checkin_lng float8, "
    "checkin_lat float8, absence_reason text",
    "activity_id user_id",
)
DUES_PAYMENT = _table(
    "s2",
    "dues_payment",
    "id bigint, user_id uuid, month date, base_fen bigint, rate_bp int, due_fen bigint, paid_fen bigint, "
    "channel smallint, pay_account text, paid_at timestamptz, reversed_of bigint",
    "user_id+month month",
)

UNIT = _table(
    "s3",
    "单位",
    "单位编码 TEXT, 单位名称 TEXT, 统一社会信用代码 TEXT, 单位类别 TEXT, 层级 TEXT, 主管单位编码 TEXT, 行政区划 TEXT, "
    "核定编制 INTEGER, 实有人数 INTEGER, 状态 TEXT, 更新年月 TEXT",
    "统一社会信用代码 主管单位编码",
)
STAFF = _table(
    "s3",
    "人员",
    "人员编码 TEXT, 姓名 TEXT, 身份证号 TEXT, 性别 TEXT, 民族 TEXT, 出生年月 TEXT, 政治面貌 TEXT, 学历 TEXT, "
    "参加工作时间 TEXT, 单位编码 TEXT, 编制类型 TEXT, 岗位名称 TEXT, 进入单位时间 TEXT, 状态 TEXT",
    "身份证号 单位编码",
)
CADRE = _table(
    "s3",
    "干部",
    "人员编码 TEXT, 职务 TEXT, 职务层次 TEXT, 任职时间 TEXT, 任免文号 TEXT, 分管工作 TEXT, 考核结果 TEXT, 备注 TEXT",
)
UNIT_LINEAGE = _table(
    "s3",
    "单位沿革",
    "旧单位编码 TEXT, 新单位编码 TEXT, 变更日期 TEXT, 类型 TEXT",
    "旧单位编码 新单位编码",
    keyed=False,
)

S1_TABLES = (*CODE_TABLES, DY_JBXX, DZZ_JBXX)
S2_TABLES = (BRANCH, APP_USER, ORG_LIFE_ACTIVITY, ACTIVITY_ATTENDANCE, DUES_PAYMENT)
S3_TABLES = (STAFF, CADRE, UNIT, UNIT_LINEAGE)
TABLES = S1_TABLES + S3_TABLES + S2_TABLES
"""Every table, in the order in which the generator streams them."""
