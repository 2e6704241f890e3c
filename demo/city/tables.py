"""How the departments store the city: tables, columns and types in each source's own spelling.

S1 is the organisation department's member library (MariaDB, GBK, pinyin initials), S2 the organisation life platform
(PostgreSQL, English), S3 the establishment office's register (SQLite, Chinese column names), S4 the government services
(PostgreSQL, full pinyin) with the tickets of the 12345 hotline. Rows that the generators make are tuples in the order
of ``columns``.
"""

from demo.city.mall_tables import S5_TABLES as S5_TABLES
from demo.city.mall_tables import S6_TABLES as S6_TABLES
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

DY_ZZGX = _table(
    "s1",
    "DY_ZZGX",
    "ZJBH varchar(20), DYBH int, YDZZDM char(15), XDZZDM char(15), XDZZMC varchar(120), ZJLX char(1), ZJZT char(2), "
    "JSXH varchar(30), KCRQ char(8), YXRQ char(8), JSRQ char(8), DFJZ char(6)",
    "DYBH YDZZDM XDZZDM",
)
"""党员组织关系: one transfer of membership a row."""

DY_CF = _table("s1", "DY_CF", "CFBH int, DYBH int, CFLB char(2), CFRQ char(8), CFYY varchar(500)", "DYBH")
"""党员处分: one disciplinary decision a row."""

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

VOLUNTEER_RECORD = _table(
    "s2",
    "volunteer_record",
    "id bigint, user_id uuid, station_code varchar(16), service_type smallint, minutes int, happened_on date, "
    "verified_by uuid",
    "user_id station_code",
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

SHIXIANG = _table(
    "s4",
    "shixiang",
    "shishibianma varchar(31), jibenbianma varchar(12), mingcheng text, leixing char(2), banjianleixing char(1), "
    "cengji char(1), zhuguan_xydm varchar(18), chengnuo_gzr int, xiachen boolean, zhuangtai char(1)",
    "zhuguan_xydm jibenbianma",
)
"""事项: one item of service as one unit carries it out."""

WANGDIAN = _table(
    "s4",
    "wangdian",
    "wangdian_bm varchar(16), mingcheng text, cengji char(1), quhua varchar(12), jingdu numeric, weidu numeric, "
    "fuzeren text, lianxidianhua text, kaifang_sj text, kaiban_riqi date, zhuangtai char(1)",
    "quhua",
)
"""网点: one service station a row."""

BANJIAN = _table(
    "s4",
    "banjian",
    "banjian_bh varchar(32), shishibianma varchar(31), wangdian_bm varchar(16), sqr_leixing char(1), "
    "sqr_mingcheng text, zhengjian_hm varchar(18), lianxi_shouji text, dizhi text, shouli_sj timestamp, "
    "chengnuo_rq date, banjie_sj timestamp, zhuangtai char(2), jieguo text, shiming char(1), haoping smallint, "
    "genxin_sj timestamp",
    "zhengjian_hm wangdian_bm+shouli_sj shishibianma shouli_sj genxin_sj",
)
"""办件: one case a row; its times are Beijing's."""

BANJIAN_GUOCHENG = _table(
    "s4",
    "banjian_guocheng",
    "id bigint, banjian_bh varchar(32), huanjie text, chuliren text, kaishi timestamp, jieshu timestamp",
    "banjian_bh",
)
"""办件过程: one step of a case a row."""

GONGDAN = _table(
    "hotline",
    "gongdan",
    "gongdanBianhao TEXT, laidianShijian TEXT, laidianHaoma TEXT, xingming TEXT, suqiuLeixing TEXT, "
    "suqiuNeirong TEXT, quhuaCode TEXT, chengbanDanwei TEXT, manyidu TEXT, zhuangtai TEXT, updateTime TEXT",
    "updateTime",
)
"""工单: one call to 12345 a row; the hotline's service gives out nulls as empty strings."""

S1_TABLES = (*CODE_TABLES, DY_JBXX, DZZ_JBXX, DY_ZZGX, DY_CF)
S2_TABLES = (BRANCH, APP_USER, ORG_LIFE_ACTIVITY, ACTIVITY_ATTENDANCE, DUES_PAYMENT, VOLUNTEER_RECORD)
S3_TABLES = (STAFF, CADRE, UNIT, UNIT_LINEAGE)
S4_TABLES = (SHIXIANG, WANGDIAN, BANJIAN, BANJIAN_GUOCHENG)
HOTLINE_TABLES = (GONGDAN,)
TABLES = S1_TABLES + S3_TABLES + S2_TABLES + S4_TABLES + HOTLINE_TABLES + S5_TABLES + S6_TABLES
"""Every table, in the order in which the generator streams them."""
