"""S3, the establishment office's register: its rows in canonical form. It writes words, not codes."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from datetime import date

from demo.oracle.codes import ETHNICITY_WORDS
from demo.oracle.divisions import COUNTY_NAMES, division_code, town_names
from demo.oracle.identity import id_number, identity_of
from demo.oracle.raw import RawCity, RawRow
from demo.oracle.reading import code, dotted_month, text, token
from demo.oracle.rows import Builder, Row, row

_UNIT_TYPES = {
    "党委机关": "131", "人大机关": "131", "政协机关": "131", "行政机关": "131", "群团机关": "122",
    "参公事业单位": "121", "公益一类事业单位": "121", "公益二类事业单位": "121",
}  # fmt: skip
_RANKS = {"正处级": "7", "副处级": "8", "正科级": "9", "副科级": "10", "股级": "11"}
_POST_TYPES = {"行政": "1", "事业参公": "2", "事业": "3", "工勤": "4", "政法专项": "5"}
_STATES = {"在职": "1", "借调": "2", "退休": "3", "调出": "4"}
_POLITICAL = {
    "中共党员": "01", "中共预备党员": "02", "共青团员": "03", "民革党员": "04", "民盟盟员": "05", "民建会员": "06",
    "民进会员": "07", "农工党党员": "08", "致公党党员": "09", "九三学社社员": "10", "台盟盟员": "11",
    "无党派人士": "12", "群众": "13",
}  # fmt: skip
_EDUCATION = {"研究生": "10", "大学": "20", "大专": "30", "中专": "40", "高中": "60", "初中": "70"}
_DUTY_LEVELS = {
    "厅局级正职": "5", "厅局级副职": "6", "县处级正职": "7", "县处级副职": "8", "乡科级正职": "9", "乡科级副职": "10",
    "科员": "17", "办事员": "18",
}  # fmt: skip
_ASSESSMENTS = {"优秀": "1", "称职": "2", "基本称职": "3", "不称职": "4"}
_SUCCESSIONS = {"合并": "1", "更名": "2", "分立": "3", "撤销": "4"}


def builders(raw: RawCity, today: date) -> dict[str, Builder]:
    """How the rows of each entity are made."""
    tables = raw.s3

    def units() -> list[Row]:
        names = COUNTY_NAMES | town_names(raw.divisions)
        unofficial = raw.unofficial.get("unit_names", frozenset())
        return [unit_row(one, names, unofficial) for one in tables.get("单位", [])]

    def cadres() -> list[Row]:
        staff = {one["人员编码"]: one for one in tables.get("人员", [])}
        return [cadre_row(one, staff.get(one["人员编码"]), today) for one in tables.get("干部", [])]

    return {
        "PublicUnit": units,
        "StaffPost": lambda: [post_row(one, today) for one in tables.get("人员", [])],
        "Cadre": cadres,
        "UnitSuccession": lambda: [succession_row(one) for one in tables.get("单位沿革", [])],
        "Person": lambda: [person_row(one, today) for one in tables.get("人员", [])],
    }


def unit_row(raw: RawRow, names: Mapping[str, str], unofficial: AbstractSet[str]) -> Row:
    """A row of 单位; ``names`` are the names of divisions, ``unofficial`` those of units that are not official."""
    name, flaw = text(raw["单位名称"])
    return row(
        "PublicUnit",
        "s3",
        raw["单位编码"],
        {
            "uscc": token(raw["统一社会信用代码"]),
            "unitNo": token(raw["单位编码"]),
            "name": (name, "UNIT_NAME_ALIAS" if name in unofficial else flaw),
            "unitType": code(raw["单位类别"], _UNIT_TYPES),
            "rankLevel": code(raw["层级"], _RANKS),
            "superiorNo": token(raw["主管单位编码"]),
            "divCode": division_code(raw["行政区划"], names),
            "authorisedPosts": (raw["核定编制"], None),
            "actualStaff": (raw["实有人数"], None),
            "status": code(raw["状态"], {"正常": "1", "撤并": "2"}),
        },
    )


def post_row(raw: RawRow, today: date) -> Row:
    """A row of 人员 as a post."""
    return row(
        "StaffPost",
        "s3",
        raw["人员编码"],
        {
            "staffNo": token(raw["人员编码"]),
            "identity": (identity_of(raw["身份证号"], "s3", raw["人员编码"], today), None),
            "unitNo": token(raw["单位编码"]),
            "postType": code(raw["编制类型"], _POST_TYPES),
            "postName": text(raw["岗位名称"]),
            "enteredOn": dotted_month(raw["进入单位时间"]),
            "workSince": dotted_month(raw["参加工作时间"]),
            "state": code(raw["状态"], _STATES),
        },
    )


def person_row(raw: RawRow, today: date) -> Row:
    """A row of 人员 as what S3 knows of the person."""
    return row(
        "Person",
        "s3",
        raw["人员编码"],
        {
            "identity": (identity_of(raw["身份证号"], "s3", raw["人员编码"], today), None),
            "idNumber": id_number(raw["身份证号"], today),
            "name": text(raw["姓名"]),
            "sex": code(raw["性别"], {"男": "1", "女": "2"}),
            "birthDate": dotted_month(raw["出生年月"], as_date=True),
            "ethnicity": code(raw["民族"], ETHNICITY_WORDS),
            "politicalStatus": code(raw["政治面貌"], _POLITICAL),
            "education": code(raw["学历"], _EDUCATION),
        },
    )


def cadre_row(raw: RawRow, staff: RawRow | None, today: date) -> Row:
    """A row of 干部, with the person and the unit of its row in 人员."""
    number = staff["身份证号"] if staff else None
    return row(
        "Cadre",
        "s3",
        raw["人员编码"],
        {
            "staffNo": token(raw["人员编码"]),
            "identity": (identity_of(number, "s3", raw["人员编码"], today), None),
            "unitNo": token(staff["单位编码"]) if staff else (None, None),
            "duty": text(raw["职务"]),
            "dutyLevel": code(raw["职务层次"], _DUTY_LEVELS),
            "appointedOn": dotted_month(raw["任职时间"], as_date=True),
            "documentNo": text(raw["任免文号"]),
            "responsibility": text(raw["分管工作"]),
            "assessment": code(raw["考核结果"], _ASSESSMENTS),
            "remark": text(raw["备注"]),
        },
    )


def succession_row(raw: RawRow) -> Row:
    """A row of 单位沿革, which has no key but its number in the file."""
    return row(
        "UnitSuccession",
        "s3",
        raw["rowid"],
        {
            "successionId": (raw["rowid"], None),
            "kind": code(raw["类型"], _SUCCESSIONS),
            "changedOn": dotted_month(raw["变更日期"], as_date=True),
            "oldUnitNo": token(raw["旧单位编码"]),
            "newUnitNo": token(raw["新单位编码"]),
        },
    )
