"""Messages about policy files, and about the documents that ``hutong policy test`` checks them with."""

from schema.message import Message

# --- roles and purposes ----------------------------------------------------------------------------------------------

POLICY_EMPTY = Message(
    "POLICY_EMPTY",
    zh="没有任何规则，不接受空的策略",
    en="there is no rule at all; an empty policy is refused",
)
ROLE_UNDECLARED = Message("ROLE_UNDECLARED", zh='角色 "{name}" 未声明{hint}', en='role "{name}" is not declared{hint}')
PURPOSE_UNDECLARED = Message(
    "PURPOSE_UNDECLARED", zh='用途 "{name}" 未声明{hint}', en='purpose "{name}" is not declared{hint}'
)
ROLE_NAME = Message(
    "ROLE_NAME",
    zh="角色名以字母开头，后接字母、数字和 _",
    en="a role's name is a letter followed by letters, digits and _",
)
ROLE_TWICE = Message(
    "ROLE_TWICE", zh='角色 "{name}" 已声明，请只保留一处', en='role "{name}" is already declared; keep one'
)
INHERITANCE_CIRCLE = Message(
    "INHERITANCE_CIRCLE", zh="角色循环继承：{written}", en="roles inherit in a circle: {written}"
)
INHERITANCE_TOO_DEEP = Message(
    "INHERITANCE_TOO_DEEP",
    zh="角色继承经过的其他角色超过 {maximum} 个：{written}",
    en="roles inherit through more than {maximum} others: {written}",
)
PURPOSES_UNREGISTERED = Message(
    "PURPOSES_UNREGISTERED",
    zh="{place}: 用途 {names} 未登记",
    en="{place}: purpose {names} is not registered",
)
ROLE_QUOTED = Message("ROLE_QUOTED", zh='角色 "{name}"', en='role "{name}"')
PURPOSE_QUOTED = Message("PURPOSE_QUOTED", zh='用途 "{name}"', en='purpose "{name}"')
A_RULE = Message("A_RULE", zh="规则", en="a rule")

# --- rules -----------------------------------------------------------------------------------------------------------

RULE_TWICE = Message("RULE_TWICE", zh='规则 "{name}" 已写在第 {line} 行', en='rule "{name}" is already on line {line}')
WILDCARD_WITHOUT_LEVEL = Message(
    "WILDCARD_WITHOUT_LEVEL",
    zh='用通配符允许时须有 "level"，请写上所开放的最高级别',
    en='an allow by wildcard needs a "level"; write the highest level it opens',
)
MASK_WITHOUT_ACTION = Message(
    "MASK_WITHOUT_ACTION",
    zh='"mask" 须与动作 mask 同用，请写 allow: mask',
    en='"mask" needs the action mask; write allow: mask',
)
ALLOW_OR_DENY = Message(
    "ALLOW_OR_DENY",
    zh='请写 "allow" 或 "deny" 之一，并给出动作',
    en='write either "allow" or "deny", with an action',
)
SCOPE_FORM = Message(
    "SCOPE_FORM",
    zh='"scope" 应为 ALL，或用 & 连接的范围种类，而不是 "{written}"',
    en='"scope" is ALL or kinds of scope joined by &, not "{written}"',
)
EXPIRES_FORM = Message(
    "EXPIRES_FORM",
    zh='"expires" 应为日期 YYYY-MM-DD，而不是 "{written}"',
    en='"expires" is a day, YYYY-MM-DD, not "{written}"',
)
WORD_UNKNOWN = Message(
    "WORD_UNKNOWN", zh='"{key}" 中不能写 "{written}"{hint}', en='"{key}" does not know "{written}"{hint}'
)
WORDS_HERE = Message("WORDS_HERE", zh="；请写 {names} 之一", en="; write one of {names}")
MEMBER_UNKNOWN = Message(
    "MEMBER_UNKNOWN",
    zh='{name} 没有字段或关系 "{other}"{hint}',
    en='{name} has no field or relation "{other}"{hint}',
)

# --- what a line breaks ----------------------------------------------------------------------------------------------

VIOLATIONS = Message("VIOLATIONS", zh="{violations}", en="{violations}")
LINE_ROLE = Message(
    "LINE_ROLE",
    zh="角色以字母开头，后接字母、数字和 _",
    en="a role is a letter followed by letters, digits and _",
)
LINE_SELECTOR = Message(
    "LINE_SELECTOR",
    zh="coordinates 应为 Entity.field、Entity、Entity.* 或 *",
    en="coordinates are Entity.field, Entity, Entity.* or *",
)
LINE_LEVEL = Message("LINE_LEVEL", zh="级别为 1 到 4", en="the level is 1 to 4")
LINE_SHARING = Message("LINE_SHARING", zh="请至少写一种共享类型", en="name at least one kind of sharing")
LINE_PERSONAL = Message(
    "LINE_PERSONAL", zh="请至少写一个个人信息类别", en="name at least one class of personal information"
)
LINE_TAGS = Message("LINE_TAGS", zh="同一标记不能既要求又排除", en="a tag cannot be both required and forbidden")
LINE_ACTION = Message("LINE_ACTION", zh="allow 须写明动作", en="an allow names its action")
LINE_MASK_DENIED = Message(
    "LINE_MASK_DENIED",
    zh="不能单独禁止 mask，请改为禁止所有动作",
    en="a mask cannot be denied by itself: deny every action instead",
)
LINE_SINGLE_READ = Message(
    "LINE_SINGLE_READ",
    zh="只有 read 可以限制为每次一条记录",
    en="only reading can be limited to one record at a time",
)
LINE_SINGLE_DENY = Message(
    "LINE_SINGLE_DENY",
    zh="deny 不能限制为每次一条记录",
    en="a deny is never limited to one record at a time",
)
LINE_OPEN_ALONE = Message(
    "LINE_OPEN_ALONE",
    zh="OPEN 只能收窄另一个范围，例如写 DIVTREE&OPEN",
    en="OPEN only narrows another scope: write for example DIVTREE&OPEN",
)

# --- documents with cases --------------------------------------------------------------------------------------------

CASE_ROLE_MISSING = Message(
    "CASE_ROLE_MISSING", zh='缺少 "role"，请写上，或写 "roles"', en='"role" is missing; write it, or "roles"'
)
NO_CASE = Message("NO_CASE", zh="没有用例，请写一个", en="there is no case; write one")
CASE_NAME_UNKNOWN = Message(
    "CASE_NAME_UNKNOWN", zh='{key} "{name}" 不存在{hint}', en='there is no {key} "{name}"{hint}'
)
A_CASE = Message("A_CASE", zh="用例", en="a case")
CASE_DECIDED = Message(
    "CASE_DECIDED",
    zh="{place}: {names}：{written}：{coordinate} 在 {scope} 内为 {found}，期望 {wanted}",
    en="{place}: {names} {written}: {coordinate} in {scope} is {found}, expected {wanted}",
)
DECIDED_BY = Message("DECIDED_BY", zh="{name}（依据 {other}）", en="{name} by {other}")
