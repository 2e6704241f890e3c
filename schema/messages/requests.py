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
MEMBER_NOT_TEXT = Message("MEMBER_NOT_TEXT", zh="`{member}` 不是字符串", en="`{member}` is not a string")
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
PURPOSE_EXTENSION_NOT_A_CODE = Message(
    "PURPOSE_EXTENSION_NOT_A_CODE",
    zh="`extensions.purpose` 不是用途代码",
    en="`extensions.purpose` is not a purpose code",
)
PURPOSES_DIFFER = Message(
    "PURPOSES_DIFFER",
    zh="请求头 {header} 与 `extensions.purpose` 说明的用途不同",
    en="header {header} and `extensions.purpose` state different purposes",
)
QUERY_OR_DOCUMENT_ID = Message(
    "QUERY_OR_DOCUMENT_ID",
    zh="请发送 `query` 或 `documentId`，不要同时发送",
    en="send `query` or `documentId`, not both",
)
PERSISTED_QUERY_MALFORMED = Message(
    "PERSISTED_QUERY_MALFORMED",
    zh="`extensions.persistedQuery` 应为版本 1 和 64 位小写十六进制的 sha256Hash",
    en="`extensions.persistedQuery` is not version 1 with a sha256Hash of 64 hexadecimal digits in lower case",
)
DOCUMENT_ID_MALFORMED = Message(
    "DOCUMENT_ID_MALFORMED",
    zh="`documentId` 不是文档标识：应为 `sha256:` 加 64 位小写十六进制，或构建时写下的标识",
    en="`documentId` is no document identifier: `sha256:` and 64 hexadecimal digits in lower case, or a build's own",
)
DOCUMENT_IDS_DIFFER = Message(
    "DOCUMENT_IDS_DIFFER",
    zh="`documentId` 与 `extensions.persistedQuery` 指的不是同一文档",
    en="`documentId` and `extensions.persistedQuery` name different documents",
)
DOCUMENT_ID_OF_ANOTHER = Message(
    "DOCUMENT_ID_OF_ANOTHER",
    zh="`extensions.persistedQuery` 不是 `query` 的 SHA-256",
    en="`extensions.persistedQuery` is not the SHA-256 of `query`",
)
ONLY_TRUSTED_DOCUMENTS = Message(
    "ONLY_TRUSTED_DOCUMENTS",
    zh="此处只提供受信任的文档，请发送其 `documentId`",
    en="only trusted documents are served here; send the `documentId` of one",
)
NO_TRUSTED_DOCUMENTS = Message(
    "NO_TRUSTED_DOCUMENTS",
    zh="此处不保存文档，请以 `query` 发送文档本身",
    en="no documents are kept here; send the document itself as `query`",
)
DOCUMENT_UNKNOWN = Message(
    "DOCUMENT_UNKNOWN", zh="没有受信任的文档使用此标识", en="no trusted document has this identifier"
)
BUDGET_USED_UP = Message(
    "BUDGET_USED_UP",
    zh="每分钟 {maximum:,} 的额度已用完，请等待 {seconds} 秒",
    en="your budget of {maximum:,} a minute is used up; wait {seconds} s",
)
PATH_UNKNOWN = Message("PATH_UNKNOWN", zh="此路径没有内容", en="there is nothing at this path")
PATH_WITHOUT_METHOD = Message("PATH_WITHOUT_METHOD", zh="此路径不支持该方法", en="this path does not have this method")
NOT_HTTP = Message("NOT_HTTP", zh="不是有效的 HTTP/1.1 请求", en="not a valid HTTP/1.1 request")
HEAD_TOO_LARGE = Message(
    "HEAD_TOO_LARGE",
    zh="请求的 {member} 超过上限 {maximum:,}",
    en="the {member} of the request is beyond the limit of {maximum:,}",
)
HEAD_TOO_SLOW = Message(
    "HEAD_TOO_SLOW", zh="请求头未在 {seconds} 秒内送达", en="the head of the request did not arrive within {seconds} s"
)
