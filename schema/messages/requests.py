"""Messages about a request before it is an operation, and about the hub as a whole."""

from schema.message import Message

METHOD_NOT_ALLOWED = Message(
    "METHOD_NOT_ALLOWED", zh="请使用 POST，查询也可使用 GET", en="use POST, or GET for queries"
)
HEADER_REPEATED = Message("HEADER_REPEATED", zh="请求头 {header} 重复出现", en="header {header} is repeated")
PURPOSE_NOT_A_CODE = Message(
    "PURPOSE_NOT_A_CODE", zh="请求头 {header} 不是用途代码", en="header {header} is not a purpose code"
)
TOKEN_INVALID = Message("TOKEN_INVALID", zh="令牌无效", en="the token is not valid")
BODY_COMPRESSED = Message(
    "BODY_COMPRESSED",
    zh="不接受压缩的请求体，请直接发送 JSON",
    en="compressed bodies are not accepted; send the JSON as it is",
)
NOT_JSON_TYPE = Message(
    "NOT_JSON_TYPE",
    zh="请以 `Content-Type: application/json` 发送请求",
    en="send the request as `Content-Type: application/json`",
)
NOT_UTF_8 = Message(
    "NOT_UTF_8",
    zh="application/json 只接受参数 charset=utf-8",
    en="the only parameter of application/json is charset=utf-8",
)
BODY_TOO_SLOW = Message(
    "BODY_TOO_SLOW", zh="请求体未在 {seconds} 秒内送达", en="the body did not arrive within {seconds} s"
)
BODY_TOO_LARGE = Message(
    "BODY_TOO_LARGE", zh="请求体超过 {kibibytes} KiB", en="the body is larger than {kibibytes} KiB"
)
BODY = Message("BODY", zh="请求体", en="the body")
PARAMETER = Message("PARAMETER", zh="`{member}`", en="`{member}`")
NOT_JSON = Message("NOT_JSON", zh="{part}不是有效的 UTF-8 JSON", en="{part} is not valid JSON in UTF-8")
NUMBER_BEYOND_64_BITS = Message(
    "NUMBER_BEYOND_64_BITS",
    zh="{part}含有超过 64 位的数字，请以字符串发送",
    en="{part} holds a number beyond 64 bits; send it as a string",
)
JSON_TOO_DEEP = Message(
    "JSON_TOO_DEEP", zh="{part}的嵌套超过 {maximum} 层", en="{part} is nested deeper than {maximum} levels"
)
QUERY_STRING_UNREADABLE = Message(
    "QUERY_STRING_UNREADABLE",
    zh="查询字符串不是有效的 UTF-8 百分号编码，或参数超过 {maximum} 个",
    en="the query string is not valid percent-encoded UTF-8 of at most {maximum} parameters",
)
QUERY_STRING_REPEATED = Message(
    "QUERY_STRING_REPEATED", zh="查询字符串中有重复的参数", en="a parameter of the query string is repeated"
)
BODY_NOT_AN_OBJECT = Message(
    "BODY_NOT_AN_OBJECT",
    zh="请求体不是 JSON 对象；不接受批量请求",
    en="the body is not a JSON object; batches are not accepted",
)
QUERY_MISSING = Message(
    "QUERY_MISSING",
    zh="缺少 `query`：请以字符串发送 GraphQL 文档",
    en="`query` is missing: send the GraphQL document as a string",
)
OPERATION_NAME_NOT_TEXT = Message(
    "OPERATION_NAME_NOT_TEXT", zh="`operationName` 不是字符串", en="`operationName` is not a string"
)
MEMBER_NOT_AN_OBJECT = Message("MEMBER_NOT_AN_OBJECT", zh="`{member}` 不是对象", en="`{member}` is not an object")
RESPONSE_TOO_LARGE = Message(
    "RESPONSE_TOO_LARGE",
    zh="响应超过 {mebibytes} MiB，请减少行数",
    en="the response is larger than {mebibytes} MiB; ask for fewer rows",
)
OVERLOADED = Message(
    "OVERLOADED",
    zh="平台目前没有余力处理此操作，请稍后重试",
    en="the hub has no room for this operation now; try again later",
)
HUB_FAILED = Message(
    "HUB_FAILED",
    zh="平台处理此操作时出错，请将编号告知运维人员",
    en="the hub failed on this operation; tell its operators the id",
)
AUDIT_UNAVAILABLE = Message(
    "AUDIT_UNAVAILABLE",
    zh="审计日志无法写入，目前只提供公开数据，请稍后重试",
    en="the audit log cannot be written, so only public data is served now; try again later",
)
