"""Messages about an audit trail: whether it is as it was written, and can be written on."""

from schema.message import Message

TRAIL_NOT_CONTINUED = Message(
    "TRAIL_NOT_CONTINUED",
    zh="审计文件无法续写，请先校验",
    en="the audit file cannot be continued; verify it",
)
TRAIL_CUT = Message(
    "TRAIL_CUT",
    zh="审计文件比其头记录所述的短，或头记录缺失，请先校验",
    en="the audit file is shorter than its head says, or its head is missing; verify it",
)
RECORD_CHANGED = Message(
    "RECORD_CHANGED",
    zh="第 {count} 条记录被改动、移动或遗漏",
    en="record {count} was changed, moved or left out",
)
HEAD_FORGED = Message("HEAD_FORGED", zh="头记录缺失或系伪造", en="the head is missing or forged")
RECORDS_CUT_OFF = Message(
    "RECORDS_CUT_OFF",
    zh="末尾缺失：{count} 条记录被截去",
    en="the end is missing: {count} records were cut off",
)
HEAD_OF_ANOTHER = Message("HEAD_OF_ANOTHER", zh="头记录属于另一文件", en="the head belongs to another file")
