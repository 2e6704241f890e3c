"""Messages about the hub's settings. None shows a value; the English about types is in the settings library's words."""

from schema.message import Message

SETTINGS_FILE_MISSING = Message(
    "SETTINGS_FILE_MISSING", zh="设置文件 {file} 不存在", en="the settings file {file} does not exist"
)
SETTINGS_UNREADABLE = Message(
    "SETTINGS_UNREADABLE", zh="设置无法读取：{fault}", en="the settings cannot be read: {fault}"
)
SETTINGS_UNUSABLE = Message(
    "SETTINGS_UNUSABLE", zh="设置无法使用：\n  {lines}", en="the settings cannot be used:\n  {lines}"
)
SETTING_WRONG = Message("SETTING_WRONG", zh="{variable}：{reason}", en="{variable}: {reason}")

# --- types -----------------------------------------------------------------------------------------------------------

NOT_AN_INTEGER = Message("NOT_AN_INTEGER", zh="应为整数", en="Input should be a valid integer")
NOT_READ_AS_INTEGER = Message(
    "NOT_READ_AS_INTEGER",
    zh="应为整数，此文本不是",
    en="Input should be a valid integer, unable to parse string as an integer",
)
NOT_WHOLE = Message(
    "NOT_WHOLE",
    zh="应为整数，不能有小数",
    en="Input should be a valid integer, got a number with a fractional part",
)
NOT_READ_AS_NUMBER = Message(
    "NOT_READ_AS_NUMBER",
    zh="应为数字",
    en="Input should be a valid number, unable to parse string as a number",
)
NOT_READ_AS_FLAG = Message(
    "NOT_READ_AS_FLAG",
    zh="应为 true 或 false",
    en="Input should be a valid boolean, unable to interpret input",
)
NOT_A_TEXT = Message("NOT_A_TEXT", zh="应为文本", en="Input should be a valid string")
NOT_A_LIST = Message("NOT_A_LIST", zh="应为列表", en="Input should be a valid tuple")
NOT_A_PATH = Message("NOT_A_PATH", zh="应为路径", en="Input is not a valid path for <class 'pathlib.Path'>")
NOT_A_TABLE = Message(
    "NOT_A_TABLE", zh="应为 {name} 的设置表", en="Input should be a dictionary or an instance of {name}"
)
NOT_AMONG = Message("NOT_AMONG", zh="应为 {alternatives}", en="Input should be {alternatives}")
TOO_LITTLE = Message("TOO_LITTLE", zh="应不小于 {minimum}", en="Input should be greater than or equal to {minimum}")
TOO_GREAT = Message("TOO_GREAT", zh="应不大于 {maximum}", en="Input should be less than or equal to {maximum}")
NOT_A_MOMENT = Message(
    "NOT_A_MOMENT",
    zh="应为日期时间（{fault}）",
    en="Input should be a valid datetime or date, {fault}",
)
WITHOUT_ZONE = Message("WITHOUT_ZONE", zh="应带时区", en="Input should have timezone info")
NOT_A_URL = Message("NOT_A_URL", zh="应为 URL（{fault}）", en="Input should be a valid URL, {fault}")
URL_SCHEME = Message("URL_SCHEME", zh="URL 的协议应为 {alternatives}", en="URL scheme should be {alternatives}")
SETTING_UNKNOWN = Message("SETTING_UNKNOWN", zh="没有这个设置", en="Extra inputs are not permitted")
MEMBER_OF_TABLE_UNKNOWN = Message("MEMBER_OF_TABLE_UNKNOWN", zh="此表中没有这个设置", en="Unexpected keyword argument")
SETTING_FAULT = Message("SETTING_FAULT", zh="取值不可用（{fault}）", en="{fault}")
CONTRADICTION = Message("CONTRADICTION", zh="{reason}", en="Value error, {reason}")

# --- what settings contradict ----------------------------------------------------------------------------------------

ORIGIN_FORM = Message(
    "ORIGIN_FORM",
    zh="来源应写作 https://host[:port]，用小写，不带路径（http 仅限 localhost）",
    en="an origin is https://host[:port] in lower case (http only on localhost), without a path",
)
PROXY_FORM = Message("PROXY_FORM", zh="代理应为 IP 地址或网段", en="a proxy is an IP address or a network")
TWO_KEY_SOURCES = Message(
    "TWO_KEY_SOURCES",
    zh="jwks_file 与 jwks_url 只能给出一个",
    en="give jwks_file or jwks_url, only one of them",
)
KEYS_NOT_HTTPS = Message("KEYS_NOT_HTTPS", zh="jwks_url 须为 https", en="jwks_url must be https")
ADMISSION_BOUNDS = Message(
    "ADMISSION_BOUNDS",
    zh="in_flight 不小于 1，waiting 和 wait_milliseconds 不能为负数",
    en="in_flight is at least 1, waiting and wait_milliseconds are not negative",
)
BUDGET_NEGATIVE = Message("BUDGET_NEGATIVE", zh="额度不能为负数", en="a budget must not be negative")
TRACE_RATIO = Message("TRACE_RATIO", zh="trace_ratio 应在 0 到 1 之间", en="trace_ratio lies between 0 and 1")
OBSERVABILITY_NEGATIVE = Message(
    "OBSERVABILITY_NEGATIVE",
    zh="slow_seconds 和 named_documents 不能为负数",
    en="slow_seconds and named_documents are not negative",
)
METRICS_WITHOUT_TOKEN = Message(
    "METRICS_WITHOUT_TOKEN",
    zh="metrics_listen 是他人可访问的地址，还须给出 metrics_token_file",
    en="metrics_listen is an address others reach: give metrics_token_file too",
)
METRICS_ADDRESS = Message(
    "METRICS_ADDRESS",
    zh="metrics_listen 应写作 ADDRESS:PORT，例如 127.0.0.1:{count}",
    en="metrics_listen is ADDRESS:PORT, such as 127.0.0.1:{count}",
)
LIMIT_OF_NOTHING = Message("LIMIT_OF_NOTHING", zh="限额 {name} 应不小于 1", en="the limit {name} must be at least 1")
DEFAULT_PAGE_TOO_LARGE = Message(
    "DEFAULT_PAGE_TOO_LARGE",
    zh="默认页的行数不能大于每页最大行数",
    en="the default page must not be larger than the largest page",
)
