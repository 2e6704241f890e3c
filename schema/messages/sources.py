"""Messages of connectors: what a source could not do, never in a driver's words."""

from schema.message import Message

# --- unavailable -----------------------------------------------------------------------------------------------------

SOURCE_CLOSED = Message("SOURCE_CLOSED", zh="连接器 {connector} 已关闭", en="the connector {connector} is closed")
SOURCE_SILENT = Message("SOURCE_SILENT", zh="来源 {connector} 没有响应", en="the source {connector} does not answer")
SOURCE_SILENT_STILL = Message(
    "SOURCE_SILENT_STILL",
    zh="来源 {connector} 没有响应，稍后会再次尝试",
    en="the source {connector} does not answer; it is tried again soon",
)
SOURCE_BROKE_OFF = Message(
    "SOURCE_BROKE_OFF",
    zh="来源 {connector} 中断或拒绝了连接",
    en="the source {connector} broke off or refused the connection",
)
SOURCE_UNDER_MAINTENANCE = Message(
    "SOURCE_UNDER_MAINTENANCE",
    zh="来源 {connector} 每晚恢复数据，{time} 重新可用",
    en="the source {connector} is restored every night; it is back at {time}",
)
SOURCE_READ_ONLY = Message("SOURCE_READ_ONLY", zh="来源 {connector} 只供读取", en="the source {connector} is only read")
FILE_OUTSIDE = Message(
    "FILE_OUTSIDE",
    zh="来源 {connector} 的文件在平台允许的文件夹之外",
    en="the file of the source {connector} lies outside the hub's folder",
)
FILE_UNREADABLE = Message(
    "FILE_UNREADABLE", zh="来源 {connector} 的文件无法读取", en="the file of the source {connector} cannot be read"
)
FILES_UNREADABLE = Message(
    "FILES_UNREADABLE",
    zh="来源 {connector} 的文件缺失或无法读取",
    en="the files of the source {connector} are missing or cannot be read",
)
FOLDER_MISSING = Message(
    "FOLDER_MISSING", zh="来源 {connector} 的文件夹不存在", en="the folder of the source {connector} is not there"
)
NO_DROP_YET = Message(
    "NO_DROP_YET",
    zh="来源 {connector} 的 {table} 还没有完整的一批文件",
    en="no complete drop of {table} of the source {connector} is there yet",
)
MEMORY_USED_UP = Message(
    "MEMORY_USED_UP",
    zh='来源 {connector} 需要的内存超过其设置 "memory"',
    en='the source {connector} needs more memory than its setting "memory" allows',
)
FILES_FAILED = Message(
    "FILES_FAILED", zh="来源 {connector} 的文件无法查询", en="the files of the source {connector} cannot be asked"
)

# --- too slow --------------------------------------------------------------------------------------------------------

SOURCE_BUSY = Message(
    "SOURCE_BUSY", zh="来源 {connector} 繁忙，请稍后重试", en="the source {connector} is busy; try again later"
)
SOURCE_TOO_SLOW = Message(
    "SOURCE_TOO_SLOW",
    zh="来源 {connector} 未及时响应，请减少查询内容或稍后重试",
    en="the source {connector} did not answer in time; ask for less, or later",
)
STATEMENT_STOPPED = Message(
    "STATEMENT_STOPPED",
    zh="来源 {connector} 上的语句耗时过长，已停止",
    en="the statement on the source {connector} was stopped: it took too long",
)

# --- changed, or refusing the hub ------------------------------------------------------------------------------------

SOURCE_DRIFTED = Message(
    "SOURCE_DRIFTED",
    zh="来源 {connector} 不再具有清单所绑定的内容，请检查清单",
    en="the source {connector} no longer has what the manifest binds; check the manifest",
)
COLUMN_TYPE_DRIFTED = Message(
    "COLUMN_TYPE_DRIFTED",
    zh="来源 {connector} 有一列的类型与清单所绑定的不同",
    en="a column of the source {connector} has another type than the manifest binds",
)
FILE_COLUMNS_DRIFTED = Message(
    "FILE_COLUMNS_DRIFTED",
    zh="来源 {connector} 的文件不再有列 {columns}，请检查清单",
    en="the files of the source {connector} no longer have {columns}; check the manifest",
)
TABLE_MISSING = Message(
    "TABLE_MISSING", zh="来源 {connector} 没有表 {table}", en="the source {connector} has no table {table}"
)
COLUMN_MISSING = Message(
    "COLUMN_MISSING",
    zh="来源 {connector} 的表 {table} 没有列 {columns}",
    en="the table {table} of the source {connector} has no column {columns}",
)
FILE_NOT_CSV = Message(
    "FILE_NOT_CSV",
    zh="来源 {connector} 有一个文件不是 UTF-8 的 CSV",
    en="a file of the source {connector} is no CSV in UTF-8",
)
HUB_USER_REFUSED = Message(
    "HUB_USER_REFUSED",
    zh="来源 {connector} 拒绝了平台的用户，请检查其权限",
    en="the source {connector} refuses the hub's user; check its rights",
)
FETCH_UNSUPPORTED = Message(
    "FETCH_UNSUPPORTED",
    zh="来源 {connector} 不能像其清单所承诺的那样回答",
    en="the source {connector} cannot answer this as its manifest promises",
)

# --- values that a source cannot take --------------------------------------------------------------------------------

NUMBER_TOO_GREAT_FOR_SOURCE = Message(
    "NUMBER_TOO_GREAT_FOR_SOURCE",
    zh="来源 {connector} 容不下这么大的数",
    en="the source {connector} cannot hold a number that great",
)
TEXT_NOT_COMPARABLE = Message(
    "TEXT_NOT_COMPARABLE",
    zh="来源 {connector} 无法将其文本与此文本比较",
    en="the source {connector} cannot compare its texts with this one",
)
TEXT_WITH_NUL = Message("TEXT_WITH_NUL", zh="文本不能含有 NUL 字符", en="a text must not contain the character NUL")
TEXT_WITH_SURROGATE = Message(
    "TEXT_WITH_SURROGATE", zh="文本不能含有半个代理对", en="a text must not contain half of a surrogate pair"
)
INTEGER_TOO_GREAT = Message("INTEGER_TOO_GREAT", zh="整数不能超过 64 位", en="a whole number must fit in 64 bits")
NOT_A_NUMBER = Message("NOT_A_NUMBER", zh="此字段只能与数字比较", en="this field is compared with numbers")
NUMBER_TOO_GREAT = Message("NUMBER_TOO_GREAT", zh="数字过大", en="the number is too great")
NOT_A_DATE = Message("NOT_A_DATE", zh="日期写作 YYYY-MM-DD", en="a date is written YYYY-MM-DD")
NOT_A_TIME = Message(
    "NOT_A_TIME", zh="时间按 RFC 3339 书写，并带时区", en="a time is written in RFC 3339, with its zone"
)
NOT_A_BOOLEAN = Message(
    "NOT_A_BOOLEAN", zh="此字段只能与 true 或 false 比较", en="this field is compared with true or false"
)

# --- services and their mirrors --------------------------------------------------------------------------------------

SERVICE_TOO_SLOW = Message(
    "SERVICE_TOO_SLOW", zh="服务 {connector} 未及时响应", en="the service {connector} did not answer in time"
)
SERVICE_SILENT = Message("SERVICE_SILENT", zh="服务 {connector} 没有响应", en="the service {connector} does not answer")
SERVICE_FAILED = Message(
    "SERVICE_FAILED",
    zh="服务 {connector} 繁忙或出错，稍后会再次询问",
    en="the service {connector} is busy or failed; it is asked again later",
)
SERVICE_TOKEN_REFUSED = Message(
    "SERVICE_TOKEN_REFUSED",
    zh="服务 {connector} 拒绝了平台的令牌，请检查",
    en="the service {connector} refused the hub's token; check it",
)
ANSWER_TOO_LONG = Message(
    "ANSWER_TOO_LONG", zh="服务 {connector} 的一个应答过长", en="an answer of the service {connector} is too long"
)
PAGES_MOVE = Message(
    "PAGES_MOVE",
    zh="服务 {connector} 的分页不断变化，稍后会再次尝试",
    en="the pages of the service {connector} do not hold still; it is tried again later",
)
PAGES_WITHOUT_END = Message(
    "PAGES_WITHOUT_END", zh="服务 {connector} 的分页没有尽头", en="the pages of the service {connector} do not end"
)
SERVICE_DRIFTED = Message(
    "SERVICE_DRIFTED",
    zh="服务 {connector} 的应答与其清单不符：{what}",
    en="the service {connector} does not answer as its manifest says: {what}",
)
ANSWER_NOT_JSON = Message("ANSWER_NOT_JSON", zh="应答不是 JSON", en="an answer is no JSON")
ANSWER_WITHOUT_ROWS = Message(
    "ANSWER_WITHOUT_ROWS", zh="应答在 {columns} 处没有行的列表", en="an answer has no list of rows at {columns}"
)
ANSWER_WITHOUT_TOTAL = Message(
    "ANSWER_WITHOUT_TOTAL",
    zh="应答没有以整数给出行数",
    en="an answer does not tell the number of rows as a whole number",
)
QUESTION_UNKNOWN = Message("QUESTION_UNKNOWN", zh="它不认识所问的内容", en="it does not know what is asked")
ROW_WITHOUT_KEY = Message("ROW_WITHOUT_KEY", zh="有一行没有 {columns}", en="a row has no {columns}")
ROWS_WITHOUT_COLUMNS = Message("ROWS_WITHOUT_COLUMNS", zh="其各行没有 {columns}", en="its rows have no {columns}")
MIRROR_UNWRITABLE = Message(
    "MIRROR_UNWRITABLE",
    zh="来源 {connector} 的镜像无法写入",
    en="the mirror of the source {connector} cannot be written",
)
MIRROR_NOT_READY = Message(
    "MIRROR_NOT_READY", zh="来源 {connector} 的镜像尚未就绪", en="the mirror of the source {connector} is not ready"
)
MIRROR_OF_ANOTHER = Message(
    "MIRROR_OF_ANOTHER",
    zh="来源 {connector} 的镜像由另一进程按另一份清单维护",
    en="the mirror of the source {connector} is kept by another process, for another manifest",
)
MIRROR_FILE_FOREIGN = Message(
    "MIRROR_FILE_FOREIGN",
    zh="来源 {connector} 的镜像文件已存在，但不是镜像，平台不予改动；请换一个文件名，或将其移走",
    en="the file for the mirror of the source {connector} is no mirror, and is left as it is; name another, or move it",
)
MIRROR_CLOSED = Message(
    "MIRROR_CLOSED", zh="来源 {connector} 的镜像已关闭", en="the mirror of the source {connector} is closed"
)
MIRROR_OUTSIDE = Message(
    "MIRROR_OUTSIDE",
    zh="来源 {connector} 的镜像在平台允许的文件夹之外",
    en="the mirror of the source {connector} lies outside the hub's folder",
)
FIRST_COPY = Message(
    "FIRST_COPY",
    zh="来源 {connector} 正在首次复制，请稍后重试",
    en="the source {connector} is being copied for the first time; try again later",
)
MIRROR_OLDER = Message(
    "MIRROR_OLDER",
    zh="来源 {connector} 的镜像由另一进程维护，且比所要求的旧",
    en="another process keeps the mirror of {connector}, and it is older than wanted",
)
MIRROR_NOT_FRESH = Message(
    "MIRROR_NOT_FRESH",
    zh="来源 {connector} 的镜像未能及时更新",
    en="the mirror of the source {connector} could not be made fresh enough in time",
)
