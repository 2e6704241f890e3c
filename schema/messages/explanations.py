"""Messages of ``hutong policy explain``: what a caller may do with a coordinate, and why a line does not count."""

from schema.message import Message

# --- why a line of the policy does not count -------------------------------------------------------------------------

ROLE_NOT_HELD = Message("ROLE_NOT_HELD", zh="不具有角色 {role}", en="the role {role} is not held")
LINE_EXPIRED = Message("LINE_EXPIRED", zh="已于 {time} 之后失效", en="expired after {time}")
NEEDS_PURPOSE = Message("NEEDS_PURPOSE", zh="需要用途 {purposes}", en="needs the purpose {purposes}")
ONLY_FIELDS_ARE_MASKED = Message("ONLY_FIELDS_ARE_MASKED", zh="只有字段可以脱敏", en="only fields are masked")
SPEAKS_OF = Message("SPEAKS_OF", zh="针对的是 {selector}", en="speaks of {selector}")
LABEL_UNMET = Message("LABEL_UNMET", zh="标签 {label}：{reasons}", en="label {label}: {reasons}")
LEVEL_ABOVE = Message("LEVEL_ABOVE", zh="级别高于 {level}", en="the level is above {level}")
SHARING_NOT_OPENED = Message("SHARING_NOT_OPENED", zh="未开放共享类型 {label}", en="sharing {label} is not opened")
CLASS_NOT_OPENED = Message("CLASS_NOT_OPENED", zh="未开放个人信息类别 {label}", en="class {label} is not opened")
TAGS_MISSING = Message("TAGS_MISSING", zh="缺少标记 {tags}", en="the tag {tags} is missing")
TAGS_EXCLUDED = Message("TAGS_EXCLUDED", zh="排除了标记 {tags}", en="the tag {tags} is excluded")

# --- what is decided -------------------------------------------------------------------------------------------------

DECISION_OF = Message(
    "DECISION_OF", zh="{coordinate} [{label}]，角色：{roles}", en="{coordinate} [{label}] for {roles}"
)
DECISION_OF_NOBODY = Message(
    "DECISION_OF_NOBODY", zh="{coordinate} [{label}]，无角色", en="{coordinate} [{label}] for no role"
)
CLEAR_IN = Message("CLEAR_IN", zh="在 {scope} 内可见，依据 {rule}", en="clear in {scope} by {rule}")
CLEAR_SINGLY_IN = Message(
    "CLEAR_SINGLY_IN",
    zh="在 {scope} 内可见，每次一条记录，依据 {rule}",
    en="clear in {scope}, one record at a time by {rule}",
)
MASKED_IN = Message(
    "MASKED_IN", zh="在 {scope} 内脱敏（{mask}），依据 {rule}", en="masked ({mask}) in {scope} by {rule}"
)
MASKED_STRICTLY_IN = Message(
    "MASKED_STRICTLY_IN",
    zh="在 {scope} 内严格脱敏（{mask}），依据 {rule}",
    en="strictly masked ({mask}) in {scope} by {rule}",
)
LOOKUP_IN = Message("LOOKUP_IN", zh="在 {scope} 内可精确查找，依据 {rule}", en="lookup in {scope} by {rule}")
DENIED_FOR = Message("DENIED_FOR", zh="不可见：{reason}", en="denied: {reason}")
WOULD_OPEN_FOR = Message("WOULD_OPEN_FOR", zh="声明用途 {purposes} 后开放", en="would open for the purpose {purposes}")
LINES_OF_OTHERS = Message(
    "LINES_OF_OTHERS", zh="另有 {count} 行属于不具有的角色", en="{count} lines of roles that are not held"
)
