"""Codes of S4 and the 12345 hotline, with what they stand for."""

ITEM_TYPE = {
    "01": "行政许可", "02": "行政处罚", "03": "行政强制", "04": "行政征收", "05": "行政给付", "06": "行政检查",
    "07": "行政确认", "08": "行政奖励", "09": "行政裁决", "10": "其他行政权力", "20": "公共服务",
}  # fmt: skip
LEGACY_ITEM_TYPE = dict(
    zip(
        ("01", "02", "03", "04", "05", "06", "07", "08", "09", "10"),
        ("XK", "CF", "QZ", "ZS", "JF", "JC", "QR", "JL", "CJ", "QT"),
        strict=True,
    )
)
"""The letters of the older system for a type, still found in some rows."""

HANDLING = {"1": "即办件", "2": "承诺件"}
EXERCISE_LEVEL = {"2": "市级", "3": "县级", "4": "乡级", "5": "村级"}
ITEM_STATUS = {"1": "在用", "2": "暂停", "3": "取消"}
STATION_LEVEL = {"1": "市", "2": "县", "3": "乡", "4": "村"}
STATION_STATUS = {"1": "开放", "2": "暂停", "3": "撤销"}
APPLICANT_TYPE = {"1": "自然人", "2": "法人"}
CASE_STATE = {
    "01": "收件", "02": "补正", "03": "受理", "04": "不予受理", "05": "审查", "06": "决定", "07": "办结", "08": "退件",
    "09": "撤回",
}  # fmt: skip
CLOSED_CASE = frozenset(("04", "07", "08", "09"))
"""States in which a case has its finishing time."""

CASE_RESULT = {"04": "不予受理", "07": "准予办理", "08": "材料不符，退件", "09": "申请人撤回"}
STEPS = ("收件", "补正", "受理", "审查", "决定", "办结")
"""Names of a case's steps (huanjie), in order."""

EARLY_ENDS = {"04": "不予受理", "08": "退件", "09": "撤回"}
"""The second and last step of a case that ends in such a state."""

TICKET_TYPE = {"01": "咨询", "02": "求助", "03": "投诉", "04": "举报", "05": "建议", "06": "表扬", "99": "其他"}
TICKET_STATE = {"1": "待派", "2": "办理中", "3": "已办结", "4": "已归档"}

TRANSFER_KIND = {"1": "市内", "2": "省内跨市", "3": "跨省", "4": "其他"}
TRANSFER_STATE = {
    "10": "发起", "20": "转出审批", "30": "转接中", "40": "接收审批", "50": "已接收", "60": "退回", "70": "撤销",
    "80": "逾期",
}  # fmt: skip
DISCIPLINE_KIND = {"01": "警告", "02": "严重警告", "03": "撤销党内职务", "04": "留党察看", "05": "开除党籍"}
VOLUNTEER_SERVICE = {
    "1": "政策宣讲", "2": "帮扶慰问", "3": "环境整治", "4": "文体服务", "5": "应急救援", "9": "其他",
}  # fmt: skip
