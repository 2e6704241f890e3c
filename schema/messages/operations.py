"""Messages about an operation: its document, its limits, and what the caller may see."""

from schema.message import Message

# --- the document and its variables ----------------------------------------------------------------------------------

DOCUMENT_INVALID = Message("DOCUMENT_INVALID", zh="查询无效：{detail}", en="the query is not valid: {detail}")
VARIABLES_INVALID = Message("VARIABLES_INVALID", zh="变量无效：{detail}", en="the variables are not valid: {detail}")
DOCUMENT_TOO_LONG = Message(
    "DOCUMENT_TOO_LONG", zh="查询文档超过 {maximum:,} 个字符", en="the document is longer than {maximum:,} characters"
)
DOCUMENT_TOO_REPETITIVE = Message(
    "DOCUMENT_TOO_REPETITIVE",
    zh="查询文档中的字段和片段重复或嵌套过多，无法检查；每个字段请只选择一次",
    en="the document repeats or nests fields and fragments too often to be checked; select every field once",
)
OPERATION_NOT_CHOSEN = Message(
    "OPERATION_NOT_CHOSEN",
    zh="请用 operationName 指明文档中的一个操作",
    en="name exactly one operation of the document with operationName",
)
ONLY_QUERIES = Message(
    "ONLY_QUERIES", zh="平台只读：此处只提供查询", en="the hub is read-only: only queries are served here"
)
FRAGMENT_IN_ITSELF = Message(
    "FRAGMENT_IN_ITSELF", zh="片段 `{fragment}` 引用了自身", en="fragment `{fragment}` spreads itself"
)
FRAGMENT_UNKNOWN = Message("FRAGMENT_UNKNOWN", zh="没有片段 `{fragment}`", en="there is no fragment `{fragment}`")
OPERATOR_WITHOUT_VALUE = Message(
    "OPERATOR_WITHOUT_VALUE",
    zh="'{field}' 上的运算符 '{operator}' 需要取值；查询空值请用 isNull",
    en="the operator '{operator}' on '{field}' needs a value; ask for null with isNull",
)
FIELD_WITHOUT_SOURCE = Message(
    "FIELD_WITHOUT_SOURCE",
    zh="目前没有来源提供 {coordinate}，因此不能按它筛选或排序",
    en="no source gives {coordinate} yet, so it cannot be filtered or sorted by",
)
NOT_BY_GET = Message(
    "NOT_BY_GET",
    zh="请以 POST 发送此操作：GET 不提供精确查找和 3 级及以上的数据",
    en="send this operation by POST: look-ups and data of level 3 and above are not served by GET",
)

PURPOSE_UNKNOWN = Message(
    "PURPOSE_UNKNOWN", zh="所说明的用途未在策略中登记", en="the purpose that is stated is not one the policy registers"
)

# --- pages, cursors and keys -----------------------------------------------------------------------------------------

FIRST_AND_LAST = Message(
    "FIRST_AND_LAST",
    zh="`{field}` 同时给出了 `first` 和 `last`，请只给一个",
    en="`{field}` has both `first` and `last`; give one of them",
)
PAGE_NEGATIVE = Message(
    "PAGE_NEGATIVE", zh="`{field}` 的 `{argument}` 为负数", en="`{argument}` of `{field}` is negative"
)
PAGE_NOT_AN_INTEGER = Message(
    "PAGE_NOT_AN_INTEGER", zh="`{field}` 的 `{argument}` 不是整数", en="`{argument}` of `{field}` is not an integer"
)
PAGE_BELOW_ZERO = Message("PAGE_BELOW_ZERO", zh="first 和 last 不能为负数", en="first and last count rows from 0")
PAGE_TOO_LARGE = Message("PAGE_TOO_LARGE", zh="每页最多 {maximum:,} 行", en="a page holds at most {maximum:,} rows")
CURSOR_NEEDS_ONE_PARENT = Message(
    "CURSOR_NEEDS_ONE_PARENT",
    zh="嵌套列表的 after 和 before 只适用于一个上级行；请只查询一个上级，或在根上翻页",
    en="after and before on a nested list need exactly one parent row; ask for one parent, or page at the root",
)
CURSOR_AGAINST_PAGE = Message(
    "CURSOR_AGAINST_PAGE",
    zh="after 与 first 同用，before 与 last 同用",
    en="after goes with first, before goes with last",
)
CURSOR_NOT_OF_THIS_LIST = Message(
    "CURSOR_NOT_OF_THIS_LIST",
    zh="此游标不属于这个列表：排序、筛选条件和调用者须与取得游标时相同",
    en="this cursor does not belong to this list: same order, same filter and same caller are needed",
)
PERSON_KEY_NOT_OURS = Message(
    "PERSON_KEY_NOT_OURS",
    zh="此 personKey 不是平台发给您的应用的",
    en="this personKey was not given out by the hub for your application",
)
ID_NOT_OURS = Message(
    "ID_NOT_OURS",
    zh="此 id 不是平台发给您的应用的",
    en="this id was not given out by the hub for your application",
)
ID_OF_NOTHING = Message(
    "ID_OF_NOTHING",
    zh="此 id 不是平台发出的，或已不再指向任何对象",
    en="this id was not given out by the hub, or no longer names anything",
)
NOT_EXACTLY_ONE_KEY = Message(
    "NOT_EXACTLY_ONE_KEY",
    zh="'{field}' 的下列参数须且只能给出一个：{arguments}",
    en="'{field}' needs exactly one of its arguments: {arguments}",
)
ID_NUMBER_INVALID = Message(
    "ID_NUMBER_INVALID",
    zh="这不是有效的身份证号码：请检查长度、日期和校验码",
    en="this is not a valid ID number: check its length, date and check character",
)

# --- limits ----------------------------------------------------------------------------------------------------------

TOO_MUCH = Message(
    "TOO_MUCH", zh="查询的{unit}超过 {maximum:,}", en="the operation asks for more than {maximum:,} {unit}"
)
TOO_MUCH_AT = Message(
    "TOO_MUCH_AT",
    zh="查询的{unit}超过 {maximum:,}（第 {line} 行，第 {column} 列）",
    en="the operation asks for more than {maximum:,} {unit} (line {line}, column {column})",
)
ROOT_FIELDS = Message("ROOT_FIELDS", zh="根字段数", en="root fields")
FIELDS = Message("FIELDS", zh="字段数", en="fields")
ALIASED_FIELDS = Message("ALIASED_FIELDS", zh="别名字段数", en="aliased fields")
LEVELS = Message("LEVELS", zh="字段嵌套层数", en="levels of nested fields")
ROWS = Message("ROWS", zh="行数（各层分页之积）", en="rows, as the product of its nested pages")
TOKENS = Message("TOKENS", zh="词法单元数", en="lexical tokens")
LEVELS_OF_A_FILTER = Message("LEVELS_OF_A_FILTER", zh="筛选条件嵌套层数", en="levels of nested conditions")
CONDITIONS = Message("CONDITIONS", zh="筛选条件和排序项数", en="conditions and order terms")
LISTINGS = Message("LISTINGS", zh="权限和代码表清单数", en="lists of access and codes")
ROWS_OF_A_PAGE = Message("ROWS_OF_A_PAGE", zh=" `{field}` 每页行数", en="rows in one page of `{field}`")
ONE_LOOKUP = Message("ONE_LOOKUP", zh="每个操作只能精确查找一次", en="one look-up per operation")
QUOTA_USED_UP = Message(
    "QUOTA_USED_UP",
    zh="您每小时 {maximum:,} 次的配额已用完",
    en="your hourly quota of {maximum:,} is used up",
)
FILTER_UNDECIDED = Message(
    "FILTER_UNDECIDED",
    zh="来源无法判定此筛选条件，需要逐行检查的行数过多；请缩小范围",
    en="this filter cannot be decided by the source, and too many rows had to be looked at; narrow it",
)
TOO_MANY_TO_SORT = Message(
    "TOO_MANY_TO_SORT",
    zh="来源无法准确地对这些行排序或计数，而行数过多，平台也不能代为处理；请缩小范围",
    en="the source cannot sort or count these rows exactly, and they are too many to do it here; narrow it",
)
SCOPE_TOO_WIDE = Message(
    "SCOPE_TOO_WIDE",
    zh="对于这个查询，您的数据范围涉及另一部门来源的行数过多",
    en="your scope spans too many rows of another department's source for this question",
)

# --- rights ----------------------------------------------------------------------------------------------------------

FIELD_DENIED = Message(
    "FIELD_DENIED", zh="您无权查看 {coordinate}：{reason}", en="you may not see {coordinate}: {reason}"
)
FILTER_DENIED = Message(
    "FILTER_DENIED",
    zh="您无权按 {coordinate} 筛选或排序：{reason}",
    en="you may not filter or sort by {coordinate}: {reason}",
)
PURPOSE_REQUIRED = Message(
    "PURPOSE_REQUIRED",
    zh="{coordinate} 只对声明了下列用途之一的操作开放：{purposes}",
    en="{coordinate} is open to operations that state one of these purposes: {purposes}",
)
