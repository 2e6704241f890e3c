"""Messages about the bindings of manifests: columns, joins, codecs, and what the catalogue expects of them."""

from schema.message import Message

# --- fields and their codecs -----------------------------------------------------------------------------------------

FIELD_UNKNOWN = Message(
    "FIELD_UNKNOWN",
    zh="数据目录没有字段 {coordinate}{hint}",
    en="the catalogue has no field {coordinate}{hint}",
)
BIND_THE_JOIN = Message(
    "BIND_THE_JOIN",
    zh="；它是关系，请绑定它所连接的字段",
    en="; it is a relation: bind the fields it joins by",
)
FILLED_BY_THE_HUB = Message(
    "FILLED_BY_THE_HUB",
    zh="{coordinate} 由平台填写，请绑定 {name}",
    en="{coordinate} is filled by the hub; bind {name}",
)
BIND_THE_INPUTS = Message(
    "BIND_THE_INPUTS",
    zh="{coordinate} 是派生字段，请绑定其输入：{names}",
    en="{coordinate} is derived; bind what it is computed from: {names}",
)
ROW_KEY_NO_COLUMN = Message("ROW_KEY_NO_COLUMN", zh='"rowKey" 应为列', en='"rowKey" must be a column')
LATEST_UNBOUND = Message(
    "LATEST_UNBOUND",
    zh='"latest" 应为已绑定的字段，而不是 "{name}"{hint}',
    en='"latest" must name a bound field, not "{name}"{hint}',
)
CODEC_WIDTH = Message(
    "CODEC_WIDTH",
    zh='"{name}"：编解码器 {other} 读取 {total} 列，而不是 {count} 列',
    en='"{name}": codec {other} reads {total} columns, not {count}',
)
CODEC_UNKNOWN = Message(
    "CODEC_UNKNOWN",
    zh='"{name}"：没有编解码器 "{other}"{hint}',
    en='"{name}": there is no codec "{other}"{hint}',
)
CODECS_HERE = Message("CODECS_HERE", zh="；编解码器有 {names}", en="; the codecs are {names}")
CODEC_TYPE = Message(
    "CODEC_TYPE",
    zh='"{name}" 是 {type}，但编解码器 {other} 的结果是 {names}',
    en='"{name}" is {type}, but codec {other} gives {names}',
)
CODEC_OF_LIST = Message(
    "CODEC_OF_LIST",
    zh='"{name}" 是列表，请写 codec: {alternatives}，而不是 {other}',
    en='"{name}" is a list; write codec: {alternatives}, not {other}',
)
CODEC_OF_SINGLE = Message(
    "CODEC_OF_SINGLE", zh='"{name}" 是单个值，不能用 {other}', en='"{name}" is a single value, not {other}'
)
CODEC_REFUSED = Message("CODEC_REFUSED", zh='"{name}"：{reason}', en='"{name}": {reason}')
CODE_UNKNOWN = Message(
    "CODE_UNKNOWN",
    zh='"{name}"：代码表 {other} 没有代码 "{code}"{hint}',
    en='"{name}": code table {other} has no code "{code}"{hint}',
)

# --- parameters of codecs --------------------------------------------------------------------------------------------

PARAMETER_FLAG = Message(
    "PARAMETER_FLAG",
    zh='编解码器 {name}："{key}" 应为 true 或 false',
    en='codec {name}: "{key}" must be true or false',
)
PARAMETER_INTEGER = Message(
    "PARAMETER_INTEGER",
    zh='编解码器 {name}："{key}" 应为 64 位整数',
    en='codec {name}: "{key}" must be a whole number of 64 bits',
)
PARAMETER_CHOICE = Message(
    "PARAMETER_CHOICE",
    zh='编解码器 {name}："{key}" 应为 {alternatives}',
    en='codec {name}: "{key}" must be {alternatives}',
)
PARAMETER_WORD = Message(
    "PARAMETER_WORD",
    zh='编解码器 {name}：须给出文本 "{key}"',
    en='codec {name}: "{key}" must be given, as a text',
)
PARAMETER_SPELLINGS = Message(
    "PARAMETER_SPELLINGS",
    zh='编解码器 {name}："{key}" 应为写法的列表',
    en='codec {name}: "{key}" must be a list of spellings',
)
PARAMETER_MAPPING = Message(
    "PARAMETER_MAPPING",
    zh='编解码器 {name}："{key}" 应把来源的写法对应到代码',
    en='codec {name}: "{key}" must map source spellings to codes',
)
PARAMETER_CODES = Message(
    "PARAMETER_CODES",
    zh='编解码器 {name}："{key}" 应把文本或整数对应到写成文本的代码',
    en='codec {name}: "{key}" must map texts or whole numbers to codes written as text',
)
PARAMETERS_UNKNOWN = Message(
    "PARAMETERS_UNKNOWN", zh="编解码器 {name} 没有参数 {names}", en="codec {name} has no parameter {names}"
)
CODES_WITHOUT_PASS = Message(
    "CODES_WITHOUT_PASS",
    zh='编解码器 code："codes" 列出 "pass: true" 放行的代码，两者都写，或都不写',
    en='codec code: "codes" lists what "pass: true" lets through; write both or neither',
)
TRUE_AND_FALSE = Message(
    "TRUE_AND_FALSE",
    zh='编解码器 boolean："{written}" 同时列为 true 和 false',
    en='codec boolean: "{written}" is listed as true and as false',
)
OTHERS_UNLISTED = Message(
    "OTHERS_UNLISTED",
    zh='编解码器 alias："others" 中的 "{written}" 不在 "table" 中',
    en='codec alias: "others" names "{written}", which is not in "table"',
)
BITS_NOT_SINGLE = Message(
    "BITS_NOT_SINGLE",
    zh='编解码器 bits："map" 应把单个位（1、2、4、8……）对应到代码',
    en='codec bits: "map" must map single bits (1, 2, 4, 8, ...) to codes',
)
BOUNDS_CROSSED = Message(
    "BOUNDS_CROSSED",
    zh='编解码器 integer："min" 大于 "max"',
    en='codec integer: "min" is greater than "max"',
)
KIND_UNKNOWN = Message(
    "KIND_UNKNOWN",
    zh='没有编解码器 "{name}"；现有 {names}',
    en='there is no codec "{name}"; there are {names}',
)

# --- columns, joins and conditions -----------------------------------------------------------------------------------

JOIN_UNKNOWN = Message(
    "JOIN_UNKNOWN", zh='{what}：没有连接 "{name}"{hint}', en='{what}: there is no join "{name}"{hint}'
)
JOINS_HERE = Message("JOINS_HERE", zh="；已声明的有 {names}", en="; declared are {names}")
NO_JOINS_HERE = Message("NO_JOINS_HERE", zh="；一个也没有声明", en="; declared are none")
SOURCE_OF_FIELD = Message(
    "SOURCE_OF_FIELD", zh='"{name}" 须写 {names} 中的一个{hint}', en='"{name}" needs one of {names}{hint}'
)
SOURCE_TOGETHER = Message("SOURCE_TOGETHER", zh="，{together} 不能同时写", en="; not {together} together")
SOURCE_NONE = Message("SOURCE_NONE", zh="，目前一个也没有", en="; none is there")
JOIN_NAME = Message(
    "JOIN_NAME",
    zh='"{name}" 应为普通的词：列写作 {name}.column',
    en='"{name}" must be a plain word: columns are written {name}.column',
)
CONDITION_FORM = Message(
    "CONDITION_FORM",
    zh="条件须写 is、isNot、isNull 中的一个",
    en="a condition needs one of is, isNot, isNull",
)
CONDITION_VALUES = Message(
    "CONDITION_VALUES", zh='"{key}" 须有一个值或一列值', en='"{key}" needs a value or a list of values'
)
TREE_ON_ONE_PAIR = Message(
    "TREE_ON_ONE_PAIR",
    zh='有 "tree" 时，"on" 只将一列与一列配对',
    en='with "tree", "on" pairs one column with one column',
)
TREE_IN_UNIQUE = Message(
    "TREE_IN_UNIQUE",
    zh='"unique" 按相等的列找一行，请删去 "tree"',
    en='"unique" finds a row by equal columns; remove "tree"',
)
COLUMN_AND_COLUMNS = Message(
    "COLUMN_AND_COLUMNS",
    zh='"column" 与 "columns" 不能同用，请只保留一个',
    en='"column" and "columns" do not go together; keep one',
)
ON_EMPTY = Message(
    "ON_EMPTY",
    zh='"on" 须有一对列——本表的列: 另一表的列',
    en='"on" needs a pair: column here: column there',
)
JOIN_QUOTED = Message("JOIN_QUOTED", zh='连接 "{name}"', en='join "{name}"')
A_CONDITION = Message("A_CONDITION", zh="条件", en="a condition")
VALUE_OF = Message("VALUE_OF", zh='"{key}" 的值', en='a value of "{key}"')
COLUMN_OF = Message("COLUMN_OF", zh='"{name}" 的列', en='a column of "{name}"')
COLUMN_EQUAL_TO = Message("COLUMN_EQUAL_TO", zh='与 "{name}" 相等的列', en='the column that "{name}" equals')

# --- against the catalogue -------------------------------------------------------------------------------------------

ENTITY_UNBOUND = Message(
    "ENTITY_UNBOUND",
    zh="数据目录从 {other} 取 {name} 的行，请在此绑定",
    en="the catalogue takes the rows of {name} from {other}; bind it here",
)
ENTITY_NOT_TAKEN = Message(
    "ENTITY_NOT_TAKEN",
    zh="数据目录不从 {other} 取 {name} 的行或字段；请删去此绑定，或在数据目录中把它写为行来源或 authority",
    en="the catalogue takes neither rows nor fields of {name} from {other}; remove the binding, "
    "or name the connector there as a row source or authority",
)
FIELD_UNBOUND = Message(
    "FIELD_UNBOUND", zh="{coordinate} 必须绑定：{reason}", en="{coordinate} must be bound: {reason}"
)
ALTERNATE_KEY = Message("ALTERNATE_KEY", zh="它是备用键", en="it is an alternate key")
JOINED_BY = Message("JOINED_BY", zh="{coordinate} 按它连接", en="{coordinate} joins by it")
THE_KEY = Message("THE_KEY", zh="它是键", en="it is the key")
READ_BY_SCOPE = Message("READ_BY_SCOPE", zh="范围 {scope} 要读取它", en="the scope {scope} reads it")
READ_BY_ROW_CLASS = Message("READ_BY_ROW_CLASS", zh="有行类别要读取它", en="a row class reads it")
TELLS_DELETED = Message(
    "TELLS_DELETED", zh="{coordinate} 据此判断已删除的行", en="{coordinate} tells by it of deleted rows"
)
DISCLOSES_UNKNOWN = Message(
    "DISCLOSES_UNKNOWN",
    zh='"discloses" 应为数据目录中的关系，而不是 "{name}"{hint}',
    en='"discloses" must name a relation of the catalogue, not "{name}"{hint}',
)
LABELS_DIFFER = Message(
    "LABELS_DIFFER",
    zh="列 {name} 由标签不同的字段显示：{names}；请统一标签",
    en="column {name} is shown by fields of different labels: {names}; align them",
)
