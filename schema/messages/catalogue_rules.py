"""Messages about the catalogue as a whole: keys, relations, scopes, sources, row classes and checks."""

from schema.message import Message

# --- relations as written --------------------------------------------------------------------------------------------

TARGETS = Message(
    "TARGETS",
    zh='关系 "{name}" 须写 "to"（一行）、"toMany"（多行）和 "toOneOf"（几种实体之一的一行）中的一个',
    en='relation "{name}" needs one of "to" (one row), "toMany" (rows) and "toOneOf" (a row of one of several)',
)
UNION_WITHOUT_TARGETS = Message(
    "UNION_WITHOUT_TARGETS",
    zh='"union" 与 "toOneOf" 同用，请删去',
    en='"union" goes with "toOneOf"; remove it',
)
UNION_OF_ONE = Message(
    "UNION_OF_ONE",
    zh='"toOneOf" 至少要有两个实体，且不重复',
    en='"toOneOf" needs at least two entities, each once',
)
UNION_MISSING = Message(
    "UNION_MISSING",
    zh='缺少 "union"，请写上这些实体的联合类型名称',
    en='"union" is missing; write the name of the union of the entities',
)
JOIN_FORM = Message(
    "JOIN_FORM",
    zh='"join" 应写成 "field" 或 "field here = field there"，而不是 "{written}"',
    en='"join" takes "field" or "field here = field there", not "{written}"',
)

# --- relations in the whole ------------------------------------------------------------------------------------------

TREE_ONE_JOIN = Message(
    "TREE_ONE_JOIN", zh="树只有一个连接条件，没有备选", en="a tree has one join, without alternatives"
)
TREE_TO_MANY = Message("TREE_TO_MANY", zh="树指向多行，请写 toMany", en="a tree leads to many rows; write toMany")
RELATION_BELOW_TARGET = Message(
    "RELATION_BELOW_TARGET",
    zh="标签 {label} 低于 {name} 的行标签 {other}，而关系会透露该行的存在；请提高到 {expected}（D11）",
    en="label {label} is below the row label {other} of {name}, which it discloses; raise it to {expected} (D11)",
)
UNION_WITHOUT_INVERSE = Message(
    "UNION_WITHOUT_INVERSE", zh="联合类型没有反向关系，请删去", en="a union has no inverse; remove it"
)
JOIN_TYPES = Message(
    "JOIN_TYPES",
    zh="{name} 是 {type}，而 {coordinate} 是 {other}；请连接类型相同的字段",
    en="{name} is {type} and {coordinate} {other}; join fields of one type",
)
TREE_TYPES = Message(
    "TREE_TYPES",
    zh="{name} 类的树连接 {expected} 字段，而不是 {type}",
    en="a tree of kind {name} joins {expected} fields, not {type}",
)
NOT_JOINABLE = Message(
    "NOT_JOINABLE",
    zh="{name} = {other} 不能连接；请连接单个的精确值",
    en="{name} = {other} cannot be joined; join single exact values",
)
JOIN_OF_DERIVED = Message(
    "JOIN_OF_DERIVED",
    zh="{coordinate} 是派生字段，来源无法按它查找；请连接已绑定的字段",
    en="{coordinate} is derived, so no source can look it up; join a bound field",
)
MARK_ON_MANY = Message(
    "MARK_ON_MANY",
    zh='"{key}" 针对指向一行的键，而此关系指向多行',
    en='"{key}" tells of a key that names one row; the relation leads to many',
)
RETIRED_FIELD = Message(
    "RETIRED_FIELD",
    zh='"retired" 应指明一个内部的 Boolean 字段，{name} 不是',
    en='"retired" names an internal Boolean field; {name} is not one',
)
INVERSE_ONE_SIDED = Message(
    "INVERSE_ONE_SIDED",
    zh="{coordinate} 没有把 {other} 写为其反向关系；两边都写，或都不写",
    en="{coordinate} does not name {other} as its inverse; write it on both sides or on neither",
)
TREE_WITHOUT_INVERSE = Message(
    "TREE_WITHOUT_INVERSE",
    zh="{coordinate} 与 {other}：树没有反向关系，请删去",
    en="{coordinate} and {other}: a tree has no inverse; remove it",
)
INVERSE_BOTH_MANY = Message(
    "INVERSE_BOTH_MANY",
    zh="{coordinate} 与 {other} 都指向多行；互为反向的关系须有一边指向一行",
    en="{coordinate} and {other} both lead to many rows; an inverse pair needs a to-one side",
)
INVERSE_JOINS = Message(
    "INVERSE_JOINS",
    zh="{coordinate} 与 {other} 连接的字段不同；一边的连接条件须是另一边的反写",
    en="{coordinate} and {other} join different fields; one side's joins must all be the other's, turned round",
)

# --- keys ------------------------------------------------------------------------------------------------------------

KEY_NOT_ASKABLE = Message(
    "KEY_NOT_ASKABLE",
    zh="{name} 不能按值查询；键应为单个的文本或数字，且不是内部字段",
    en="{name} cannot be asked for by value; a key is a single text or number, not internal",
)
LOOKUP_OF_DERIVED = Message(
    "LOOKUP_OF_DERIVED",
    zh="{name} 是派生字段，来源无法按它查找；请写已绑定的字段",
    en="{name} is derived, so no source can look it up; name a bound field",
)
ROW_LABEL_BELOW_KEY = Message(
    "ROW_LABEL_BELOW_KEY",
    zh="行标签 {label} 低于键 {name} 的标签（{other}），而键透露该行的存在；请提高到 {expected}（D1）",
    en="the row label {label} is below that of the key {name} ({other}), which tells that a row exists; "
    "raise it to {expected} (D1)",
)

# --- scopes and sources ----------------------------------------------------------------------------------------------

SCOPE_TO_MANY = Message(
    "SCOPE_TO_MANY",
    zh="范围 {scope}：{coordinate} 指向多行；范围路径只经过指向一行的关系",
    en="scope {scope}: {coordinate} leads to many rows; a scope path goes over to-one relations",
)
SCOPE_TO_UNION = Message(
    "SCOPE_TO_UNION",
    zh="范围 {scope}：{coordinate} 指向联合类型；范围路径从实体到实体",
    en="scope {scope}: {coordinate} leads to a union; a scope path goes from entity to entity",
)
SCOPE_END_BOOLEAN = Message(
    "SCOPE_END_BOOLEAN",
    zh="范围 {scope} 的终点应为已绑定或派生的 Boolean 字段，{coordinate} 不是",
    en="scope {scope} must end in a bound or derived Boolean field; {coordinate} is not",
)
SCOPE_END = Message(
    "SCOPE_END",
    zh="范围 {scope} 的终点应为已绑定的 {expected} 字段，{coordinate} 不是",
    en="scope {scope} must end in a bound {expected} field; {coordinate} is not",
)
ROW_SOURCES = Message(
    "ROW_SOURCES",
    zh='"rowSources" 至少要写一个连接器，且不重复',
    en='"rowSources" must name at least one connector, each once',
)
AUTHORITY_ORDER = Message(
    "AUTHORITY_ORDER",
    zh='有多个行来源时须定先后：请在 "authority" 下写 "*"',
    en='several row sources need an order: write "*" under "authority"',
)
AUTHORITY_CONNECTORS = Message(
    "AUTHORITY_CONNECTORS",
    zh='"{name}" 的 authority 至少要写一个连接器，且不重复',
    en='the authority of "{name}" must name at least one connector, each once',
)
AUTHORITY_INCOMPLETE = Message(
    "AUTHORITY_INCOMPLETE",
    zh='"*" 的 authority 缺少 {names}，请写全所有行来源',
    en='the authority of "*" leaves out {names}; name every row source',
)
AUTHORITY_OF_DERIVED = Message(
    "AUTHORITY_OF_DERIVED",
    zh="{name} 是派生字段，其 authority 就是各输入的 authority",
    en="{name} is derived; the authority is that of its inputs",
)
LIST_OF_SOURCES = Message(
    "LIST_OF_SOURCES",
    zh="{name} 有列表，而列表只能来自一个来源；请在 rowSources 和 authority 中只留 {alternatives}，"
    "或写 rootList: false 且不让 toMany 关系指向它",
    en="{name} is listed, and a list comes from one source; leave {alternatives} in rowSources and authority, "
    "or write rootList: false and lead no relation toMany to it",
)

# --- row classes and checks ------------------------------------------------------------------------------------------

ROW_CLASS_BELOW = Message(
    "ROW_CLASS_BELOW",
    zh="标签 {label} 低于行标签 {other}；行类别只能提高它，至少到 {expected}",
    en="the label {label} is below the row label {other}; a row class only raises it, to {expected} at least",
)
ROW_CLASS_LIST = Message(
    "ROW_CLASS_LIST",
    zh="{name} 是列表，不能比较大小或是否相等；请检查单个值",
    en="{name} is a list, which has no order and no equal; test a single value",
)
ROW_CLASS_DERIVED = Message(
    "ROW_CLASS_DERIVED",
    zh="{name} 是派生字段，列表的来源无法检查它；请检查它的输入，或写 rootList: false 且不让 toMany 关系指向 {other}",
    en="{name} is derived, and no source of a list can test it; test what it is made of, "
    "or write rootList: false and lead no relation toMany to {other}",
)
ROW_CLASS_CONSTANT = Message(
    "ROW_CLASS_CONSTANT",
    zh="{name} 是 {type}，请写该类型的常量",
    en="{name} is {type}; write a constant of that type",
)
CONDITION_MISSING = Message(
    "CONDITION_MISSING",
    zh="谓词至少要有一个条件：{{field: {{operator: value}}}}",
    en="a predicate needs at least one condition: {{field: {{operator: value}}}}",
)
OPERATOR_UNKNOWN = Message(
    "OPERATOR_UNKNOWN",
    zh='行类别中没有运算符 "{name}"{hint}',
    en='there is no operator "{name}" in a row class{hint}',
)
OPERATORS_HERE = Message("OPERATORS_HERE", zh="；此处的运算符有 {names}", en="; the operators here are {names}")
CHECK_CODE = Message(
    "CHECK_CODE",
    zh='"code" 应由大写字母和 _ 组成，例如 TIME_ORDER 或 CONFLICT(amount)，而不是 "{written}"',
    en='"code" must be capitals and _, such as TIME_ORDER or CONFLICT(amount), not "{written}"',
)
CHECK_FIELDS = Message(
    "CHECK_FIELDS",
    zh='质量检查的 "fields" 应为两个字段，而不是 {count} 个',
    en='"fields" of a check must be two fields, not {count}',
)
UNCHECKABLE = Message(
    "UNCHECKABLE",
    zh="{code}：{reason}；{name} 是{found}，{other} 是{wanted}",
    en="{code}: {reason}; {name} is {found} and {other} {wanted}",
)
CHECK_NOT_AFTER = Message(
    "CHECK_NOT_AFTER",
    zh="notAfter 比较两个 Date 字段，或两个 DateTime 字段",
    en="notAfter compares two fields of type Date, or two of type DateTime",
)
CHECK_EQUAL = Message(
    "CHECK_EQUAL", zh="equal 比较两个类型相同的单个值", en="equal compares two single values of one type"
)
CHECK_ID_NUMBER = Message(
    "CHECK_ID_NUMBER",
    zh="{name} 将身份证号码（String）与 {type} 比较",
    en="{name} compares an ID number (String) with a {type}",
)
TYPE = Message("TYPE", zh=" {type}", en="{type}")
LIST_OF_TYPE = Message("LIST_OF_TYPE", zh=" {type} 的列表", en="a list of {type}")
