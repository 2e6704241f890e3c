"""Titles of the quality codes that ``_meta { quality }`` tells of a row; each message's key is the code.

``DUP``, ``CONFLICT`` and ``STALE`` are families: ``DUP_PERSON``, ``CONFLICT(amount)``, ``STALE(s4)``.
:func:`schema.quality.title_of` finds the title of a code.
"""

from collections.abc import Mapping
from typing import Final

from schema.message import Message

ID_FORMAT = Message(
    "ID_FORMAT",
    zh="公民身份号码不是 15 位或 18 位",
    en="an ID number of another shape than 15 or 18 characters",
)
ID_CHECKSUM = Message(
    "ID_CHECKSUM",
    zh="公民身份号码校验码错误，或其中的日期不存在",
    en="an ID number with a wrong check character, or of a day that is none",
)
LOCAL_KEY_UNFIT = Message(
    "LOCAL_KEY_UNFIT",
    zh="没有有效的公民身份号码，来源的行键又超过 13 个字符或含非 ASCII 字符，因此没有 personKey",
    en="no valid ID number, and a key of the row that is longer than 13 characters or not ASCII: it has no personKey",
)
ID_BIRTH_MISMATCH = Message(
    "ID_BIRTH_MISMATCH",
    zh="公民身份号码中的出生日期与来源另行登记的不同",
    en="the ID number holds another birth date than the source states beside it",
)
ID_SEX_MISMATCH = Message(
    "ID_SEX_MISMATCH",
    zh="公民身份号码中的性别与来源另行登记的不同",
    en="the ID number holds another sex than the source states beside it",
)
DUP = Message(
    "DUP",
    zh="来源中另有一行具有相同的键，显示的是最新一行",
    en="another row of the source has the same key; the latest one is shown",
)
ORPHAN_ORG = Message("ORPHAN_ORG", zh="没有此代码的党组织", en="the code of a Party organisation that is in no row")
ORPHAN_UNIT = Message("ORPHAN_UNIT", zh="没有此代码的单位", en="the code of a unit that is in no row")
ORPHAN_ITEM = Message("ORPHAN_ITEM", zh="没有此代码的事项", en="the code of a service item that is in no row")
SOFT_DELETED_REF = Message(
    "SOFT_DELETED_REF", zh="所指的行已被其来源删除", en="the code of a row that its source has deleted"
)
USCC_CHECKSUM = Message(
    "USCC_CHECKSUM",
    zh="统一社会信用代码校验码错误",
    en="a unified social credit code with a wrong check character",
)
DIV_UNKNOWN = Message(
    "DIV_UNKNOWN",
    zh="地名或编号不是行政区划",
    en="a name or number of a place that is no administrative division",
)
STATION_UNKNOWN = Message("STATION_UNKNOWN", zh="没有此名称的服务站", en="a name that no service station goes by")
UNIT_UNKNOWN = Message(
    "UNIT_UNKNOWN", zh="没有此名称的单位，或不止一个", en="a name that no unit goes by, or several do"
)
UNIT_NAME_ALIAS = Message(
    "UNIT_NAME_ALIAS", zh="不是单位的正式名称", en="a name of the unit that is not its official one"
)
NAME_UNRESOLVED = Message(
    "NAME_UNRESOLVED",
    zh="无法按姓名确定书记：组织内无此姓名，或不止一人",
    en="the secretary cannot be told by name: nobody in the organisation bears it, or several do",
)
NAME_LOSSY = Message(
    "NAME_LOSSY",
    zh="来源容不下某个字，存成了问号",
    en="the source could not hold a character and stored a question mark",
)
BAD_TEXT = Message(
    "BAD_TEXT",
    zh="文本中有无法解码的字节，以替换字符显示",
    en="text with bytes that could not be decoded, shown as replacement characters",
)
DATE_INVALID = Message("DATE_INVALID", zh="不是日期，显示为空", en="no date; the answer is null")
DATE_PRECISION_MONTH = Message(
    "DATE_PRECISION_MONTH",
    zh="来源只知道月份，日期取当月第一天",
    en="the source knows the month alone; the day is the first",
)
CODE_UNMAPPED = Message(
    "CODE_UNMAPPED",
    zh="代码或用词不在代码表中，显示为空",
    en="a code or word that is in no code table; the answer is null",
)
VALUE_INVALID = Message(
    "VALUE_INVALID",
    zh="应为数字而不是数字，显示为空",
    en="no number, where there should be one; the answer is null",
)
TIME_ORDER = Message("TIME_ORDER", zh="结束早于开始", en="the end lies before the beginning")
CONFLICT = Message(
    "CONFLICT",
    zh="两个来源，或同一行的两处记载，对该字段说法不一",
    en="two sources, or two statements of one row, disagree about the field",
)
STALE = Message("STALE", zh="来源的数据比其清单允许的旧", en="the source is older than its manifest allows")

TITLES: Final[Mapping[str, Message]] = {
    name: message for name, message in tuple(globals().items()) if isinstance(message, Message)
}
"""Code, or family of codes -> title."""
