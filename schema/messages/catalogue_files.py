"""Messages about the catalogue's files: entities, fields, labels, relations and code tables."""

from schema.message import Message

# --- files and what stands in them -----------------------------------------------------------------------------------

NO_CATALOGUE = Message(
    "NO_CATALOGUE",
    zh="此处没有数据目录，请至少写一个 *.yaml 文件",
    en="there is no catalogue here; write at least one *.yaml file",
)
DOMAIN_MISSING = Message(
    "DOMAIN_MISSING",
    zh='缺少 "domain"，请写明此文件中各实体所属的领域',
    en='"domain" is missing; write the domain of the entities of this file',
)
OWNER_MISSING = Message(
    "OWNER_MISSING",
    zh='缺少 "owner"，请写在此处或文件开头',
    en='"owner" is missing; write it here or at the head of the file',
)
WRITTEN_ELSEWHERE = Message(
    "WRITTEN_ELSEWHERE",
    zh="{what} 已写在 {place}，请只保留一处",
    en="{what} is already written at {place}; keep one",
)
ENTITY_NAME = Message(
    "ENTITY_NAME",
    zh='实体名 "{name}" 应由字母和数字组成，以大写字母开头',
    en='entity name "{name}" must be letters and digits, beginning with a capital',
)
FIELD_NAME = Message(
    "FIELD_NAME",
    zh='字段名 "{name}" 应由字母和数字组成，以小写字母开头',
    en='field name "{name}" must be letters and digits, beginning with a small letter',
)
RELATION_NAME = Message(
    "RELATION_NAME",
    zh='关系名 "{name}" 应由字母和数字组成，以小写字母开头',
    en='relation name "{name}" must be letters and digits, beginning with a small letter',
)
CODE_REPLACEMENT = Message(
    "CODE_REPLACEMENT",
    zh='代码 "{code}" 已弃用，改用 "{other}"，但后者不是此代码表中有效的代码',
    en='code "{code}" is deprecated for "{other}", which is not a code in force of this table',
)
ENTITY = Message("ENTITY", zh="实体 {name}", en="entity {name}")
CODES = Message("CODES", zh="代码表 {name}", en="code table {name}")
ENTITY_QUOTED = Message("ENTITY_QUOTED", zh='实体 "{name}"', en='entity "{name}"')
CODES_QUOTED = Message("CODES_QUOTED", zh='代码表 "{name}"', en='code table "{name}"')
CODE_QUOTED = Message("CODE_QUOTED", zh='代码 "{code}"', en='code "{code}"')
FIELD_QUOTED = Message("FIELD_QUOTED", zh='字段 "{name}"', en='field "{name}"')
RELATION_QUOTED = Message("RELATION_QUOTED", zh='关系 "{name}"', en='relation "{name}"')
A_ROW_CLASS = Message("A_ROW_CLASS", zh="行类别", en="a row class")
A_CHECK = Message("A_CHECK", zh="质量检查", en="a check")

# --- names that do not exist -----------------------------------------------------------------------------------------

NO_SUCH = Message("NO_SUCH", zh='{what} "{name}" 不存在{hint}', en='{what} "{name}" does not exist{hint}')
THE_CODE_TABLE = Message("THE_CODE_TABLE", zh="代码表", en="the code table")
THE_ENTITY = Message("THE_ENTITY", zh="实体", en="the entity")
FIELD_OF = Message("FIELD_OF", zh="{name} 的字段", en="the field of {name}")
FIELD_IN = Message("FIELD_IN", zh='"{key}" 中的字段', en='the field in "{key}"')
INPUT_OF = Message("INPUT_OF", zh="{coordinate} 的输入", en="the input of {coordinate}")
INVERSE_OF = Message("INVERSE_OF", zh="{coordinate} 的反向关系", en="the inverse of {coordinate}")
USED_INSTEAD_OF = Message("USED_INSTEAD_OF", zh="代替 {coordinate} 的", en="what to use instead of {coordinate}")
SCOPE_FIELD_OF = Message("SCOPE_FIELD_OF", zh="范围 {scope}：{name} 的字段", en="scope {scope}: the field of {name}")
SCOPE_RELATION_OF = Message(
    "SCOPE_RELATION_OF", zh="范围 {scope}：{name} 的关系", en="scope {scope}: the relation of {name}"
)

# --- GraphQL names ---------------------------------------------------------------------------------------------------

NAME_TAKEN_TWICE = Message(
    "NAME_TAKEN_TWICE",
    zh="名称 {name} 在 GraphQL 模式中重复，请给实体改名",
    en="the name {name} is taken twice in the GraphQL schema; rename the entity",
)
FIELD_NAME_RESERVED = Message(
    "FIELD_NAME_RESERVED",
    zh="字段不能叫 {name}，GraphQL 要用这个名称",
    en="a field cannot be called {name}; GraphQL needs the name",
)
RELATION_NAME_TAKEN = Message(
    "RELATION_NAME_TAKEN", zh="{coordinate} 已被占用，请改名", en="{coordinate} is taken; rename it"
)
TARGET_UNKNOWN = Message(
    "TARGET_UNKNOWN", zh="目标 {name} 不在数据目录中", en="the target {name} is not in the catalogue"
)
UNION_NAME = Message(
    "UNION_NAME",
    zh="联合类型不能叫 {name}：名称已被占用，或不是类型名",
    en="a union cannot be called {name}; the name is taken, or no name of a type",
)
UNION_MEMBERS = Message(
    "UNION_MEMBERS",
    zh="联合类型 {name} 在别处的成员不同，请另取名称",
    en="the union {name} has other members elsewhere; use another name",
)

# --- labels ----------------------------------------------------------------------------------------------------------

LABEL_FORM = Message(
    "LABEL_FORM",
    zh="标签 '{written}' 的格式应为 U|C|N、1-4，然后是 G|I|S 和 p、t（例如 C3Gp）",
    en="label '{written}' is not of the form U|C|N, 1-4, then G|I|S and p, t (for example C3Gp)",
)
LABEL_BROKEN = Message("LABEL_BROKEN", zh="标签 '{written}'：{violations}", en="label '{written}': {violations}")
UNCONDITIONAL_TOO_GRAVE = Message(
    "UNCONDITIONAL_TOO_GRAVE",
    zh="无条件共享（U）须为 1-2 级且不含个人信息",
    en="unconditional sharing (U) needs level 1-2 and no personal information",
)
CONDITIONAL_TOO_LOW = Message(
    "CONDITIONAL_TOO_LOW",
    zh="有条件共享（C）须为 2 级以上",
    en="conditional sharing (C) needs level 2 or higher",
)
UNSHARED_TOO_LOW = Message("UNSHARED_TOO_LOW", zh="不予共享（N）须为 4 级", en="no sharing (N) needs level 4")
PERSONAL_TOO_LOW = Message(
    "PERSONAL_TOO_LOW",
    zh="个人信息类别 {name} 须为 {level} 级以上",
    en="personal information class {name} needs level {level} or higher",
)

# --- one field -------------------------------------------------------------------------------------------------------

ABOUT = Message("ABOUT", zh="{coordinate}：{reason}", en="{coordinate}: {reason}")
REPLACEMENT_DEPRECATED = Message(
    "REPLACEMENT_DEPRECATED",
    zh="用来代替的 {name} 本身是内部的或已弃用",
    en="{name}, to be used instead, is itself internal or deprecated",
)
REPLACEMENT_UNSHARED = Message(
    "REPLACEMENT_UNSHARED",
    zh="用来代替的 {name} 不予共享，不能在此说出其名称",
    en="{name}, to be used instead, is not to be shared, so its name cannot be told here",
)
CODES_AND_TYPE = Message(
    "CODES_AND_TYPE",
    zh='"codes" 与类型 Code 须同时使用；请指明代码表，或更改类型',
    en='"codes" and type Code go together; name the code table, or change the type',
)
COMPANION_TYPE = Message(
    "COMPANION_TYPE",
    zh="它是 {name} 的文本伴随字段，类型应为 String，而不是 {type}",
    en="it is the text companion of {name}, so its type must be String, not {type}",
)
COMPANION_LABEL = Message(
    "COMPANION_LABEL",
    zh="它是 {name} 的伴随字段，标签应为 {expected}，而不是 {label}",
    en="it is a companion of {name}, so its label must be {expected}, not {label}",
)
LIST_UNMASKED = Message(
    "LIST_UNMASKED",
    zh="列表只能整体显示或不显示，请删去 mask 和 companion",
    en="a list is shown or withheld as a whole; remove mask and companion",
)
MASK_TYPE = Message(
    "MASK_TYPE",
    zh="脱敏方式 {name} 适用于 {alternatives}，不适用于 {type}",
    en="mask {name} is for {alternatives}, not for {type}",
)
MASK_WITHOUT_COMPANION = Message(
    "MASK_WITHOUT_COMPANION",
    zh="{type} 脱敏后为空（D9），请以 companion 指明承载脱敏结果的文本字段",
    en="a masked {type} is null (D9); name the text that carries its mask as companion",
)
TEXT_WITH_COMPANION = Message(
    "TEXT_WITH_COMPANION",
    zh="文本自身承载脱敏结果，请删去 companion",
    en="text carries its mask itself; remove companion",
)
COMPANION_WITHOUT_MASK = Message(
    "COMPANION_WITHOUT_MASK",
    zh="伴随字段须有脱敏结果可承载，请写上 mask，或删去 companion",
    en="a companion needs a mask to carry; write mask, or remove companion",
)
COMPANION_OF_ANOTHER = Message(
    "COMPANION_OF_ANOTHER",
    zh="其伴随字段 {name} 承载的是 {other} 的脱敏结果，请改名",
    en="its companion {name} carries the mask of {other}; rename it",
)

# --- derived fields --------------------------------------------------------------------------------------------------

ONLY_DERIVED_DECLASSIFIED = Message(
    "ONLY_DERIVED_DECLASSIFIED",
    zh="只有派生字段可以降级，请删去 declassified",
    en="only a derived field can be declassified; remove declassified",
)
FUNCTION_UNKNOWN = Message("FUNCTION_UNKNOWN", zh='没有函数 "{name}"{hint}', en='there is no function "{name}"{hint}')
FUNCTIONS_HERE = Message("FUNCTIONS_HERE", zh="；函数有 {names}", en="; the functions are {names}")
DERIVATION_FORM = Message(
    "DERIVATION_FORM",
    zh='"derived" 应写成 function(field, ...)，在花括号内须加引号，而不是 "{written}"',
    en='"derived" must be function(field, ...), in quotes within braces, not "{written}"',
)
FUNCTION_TYPE = Message(
    "FUNCTION_TYPE",
    zh="{name} 的结果是 {expected}，不是 {type}，请更改类型",
    en="{name} gives {expected}, not {type}; change the type",
)
FUNCTION_LIST = Message(
    "FUNCTION_LIST",
    zh="{name} 的结果是列表，请写上 list: true",
    en="{name} gives a list; write list: true",
)
FUNCTION_SINGLE = Message(
    "FUNCTION_SINGLE", zh="{name} 的结果是单个值，请删去 list", en="{name} gives a single value; remove list"
)
FUNCTION_INPUTS = Message(
    "FUNCTION_INPUTS",
    zh="{name} 需要 {total} 个字段，而不是 {count} 个",
    en="{name} takes not {count} fields but {total}",
)
INPUT_NOT_PLAIN = Message(
    "INPUT_NOT_PLAIN",
    zh="其输入 {name} 应为来自来源的单个值，不能是派生字段、伴随字段或列表",
    en="its input {name} must be a single value from a source, not derived, a companion or a list",
)
INPUT_TYPE = Message(
    "INPUT_TYPE",
    zh="{name} 需要 {alternatives}，但 {other} 是 {type}",
    en="{name} needs {alternatives}, but {other} is {type}",
)
NOT_BELOW_INPUTS = Message(
    "NOT_BELOW_INPUTS",
    zh="其标签 {label} 不低于各输入的标签，请删去 declassified",
    en="its label {label} is not below that of its inputs; remove declassified",
)
BELOW_INPUTS = Message(
    "BELOW_INPUTS",
    zh='标签 {label} 低于各输入的标签（{other}），请提高到 {expected}，或在 "declassified" 下写明理由（D21）',
    en="label {label} is below that of its inputs ({other}); raise it to {expected}, "
    'or give the reason under "declassified" (D21)',
)
