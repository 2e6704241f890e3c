"""Why a coordinate is denied: each message's key is the ``reasonCode`` of the error."""

from schema.message import Message

NO_RULE = Message("NO_RULE", zh="没有规则对这些角色开放它", en="no rule allows it for these roles")
RULE_DENIES = Message("RULE_DENIES", zh="有规则禁止这些角色查看它", en="a rule denies it to these roles")
OUTSIDE_EVERY_SCOPE = Message(
    "OUTSIDE_EVERY_SCOPE", zh="它在这些角色的所有数据范围之外", en="it lies outside every scope of these roles"
)
NOT_NAMED = Message("NOT_NAMED", zh="没有规则提到它", en="no rule names this coordinate")
ROWS_OUT_OF_REACH = Message("ROWS_OUT_OF_REACH", zh="您的权限不涵盖这些行", en="your rights do not reach these rows")
FILTER_NEEDS_READ = Message(
    "FILTER_NEEDS_READ",
    zh="筛选和排序需要在您能看到的每一行中都有读取权",
    en="filtering and sorting need the right to read it in every row you can see",
)
