"""Messages about the form of YAML files that people write: the catalogue, manifests, policies and their tests."""

from schema.message import Message

# --- the file --------------------------------------------------------------------------------------------------------

YAML_UNREADABLE = Message("YAML_UNREADABLE", zh="文件无法读取（{fault}）", en="the file cannot be read ({fault})")
YAML_NOT_UTF8 = Message(
    "YAML_NOT_UTF8", zh="文件不是 UTF-8 编码，请另存为 UTF-8", en="the file is not UTF-8; save it as UTF-8"
)
NOT_A_CHARACTER = Message("NOT_A_CHARACTER", zh="不是有效字符，请删去", en="not a character; remove it")
YAML_TOO_LARGE = Message(
    "YAML_TOO_LARGE",
    zh="文件大于 {maximum} 字节，请拆分",
    en="the file is larger than {maximum} bytes; split it",
)
NOT_YAML = Message("NOT_YAML", zh="不是有效的 YAML：{fault}", en="this is not YAML: {fault}")
CONTROL_CHARACTER = Message(
    "CONTROL_CHARACTER",
    zh="不是有效的 YAML：含有控制字符，请删去",
    en="this is not YAML: a control character; remove it",
)
YAML_EMPTY = Message(
    "YAML_EMPTY", zh="文件为空，请写成映射（键: 值）", en="the file is empty; write a mapping (key: value)"
)
SECOND_DOCUMENT = Message(
    "SECOND_DOCUMENT",
    zh="此处开始了第二个文档，每个文件只写一个文档",
    en="a second document starts here; write one document per file",
)
YAML_ANCHORS = Message(
    "YAML_ANCHORS",
    zh="不支持锚点（&）和别名（*），请写出取值，或加引号",
    en="anchors (&) and aliases (*) are not supported; write the value out, or quote it",
)
YAML_TAGS = Message(
    "YAML_TAGS",
    zh="不支持 YAML 标签（!），请直接写取值，或加引号",
    en="tags (!) are not supported; write the plain value, or quote it",
)
YAML_TOO_DEEP = Message(
    "YAML_TOO_DEEP",
    zh="嵌套超过 {maximum} 层，请写得扁平些",
    en="nested deeper than {maximum} levels; write it flatter",
)

# --- keys ------------------------------------------------------------------------------------------------------------

KEY_NOT_SINGLE = Message(
    "KEY_NOT_SINGLE", zh="键应为单个值，而不是{found}", en="a key must be a single value, not {found}"
)
KEY_TWICE = Message(
    "KEY_TWICE",
    zh='"{key}" 已写在第 {line} 行，请只保留一处',
    en='"{key}" is already written on line {line}; keep one',
)
KEY_MISSING = Message("KEY_MISSING", zh='缺少 "{key}"，请写上', en='"{key}" is missing; write it')
KEY_UNKNOWN = Message("KEY_UNKNOWN", zh='未知的键 "{key}"{hint}', en='unknown key "{key}"{hint}')

# --- values ----------------------------------------------------------------------------------------------------------

NO_VALUE = Message("NO_VALUE", zh="{what} 没有取值，请填写或删去", en="{what} has no value; write one or remove it")
MUST_BE = Message("MUST_BE", zh="{what} 应为{wanted}，而不是{found}", en="{what} must be {wanted}, not {found}")
MUST_BE_ONE_OF = Message(
    "MUST_BE_ONE_OF",
    zh="{what} 应为 {names} 之一，而不是{found}{hint}",
    en="{what} must be one of {names}, not {found}{hint}",
)
LEADING_ZEROS = Message(
    "LEADING_ZEROS",
    zh="{what}：{written} 如果是文本请加引号，否则请去掉前导零",
    en="{what}: put {written} in quotes if it is text, else drop its zeros",
)
A_TEXT = Message("A_TEXT", zh="文本", en="text")
A_WHOLE_NUMBER = Message("A_WHOLE_NUMBER", zh="整数", en="a whole number")
TRUE_OR_FALSE = Message("TRUE_OR_FALSE", zh=" true 或 false", en="true or false")
A_SINGLE_VALUE = Message("A_SINGLE_VALUE", zh="单个值", en="a single value")
A_LIST = Message("A_LIST", zh="列表", en="a list")
A_MAPPING = Message("A_MAPPING", zh="映射", en="a mapping")
A_WRITTEN_MAPPING = Message("A_WRITTEN_MAPPING", zh="映射（键: 值）", en="a mapping (key: value)")
ONE_OF = Message("ONE_OF", zh=" {names} 之一", en="one of {names}")
WRITTEN = Message("WRITTEN", zh=' "{written}"', en='"{written}"')

# --- what a value is called ------------------------------------------------------------------------------------------

KEY = Message("KEY", zh='"{key}"', en='"{key}"')
KEY_OF = Message("KEY_OF", zh='"{key}" 的 "{name}"', en='"{name}" of "{key}"')
ITEM_OF = Message("ITEM_OF", zh="{what} 的一项", en="an item of {what}")
THE_DOCUMENT = Message("THE_DOCUMENT", zh="文档", en="the document")

# --- hints -----------------------------------------------------------------------------------------------------------

DID_YOU_MEAN = Message("DID_YOU_MEAN", zh='，是否应为 "{name}"？', en=': did you mean "{name}"?')
KEYS_HERE = Message("KEYS_HERE", zh="；此处的键有 {names}", en="; the keys here are {names}")
