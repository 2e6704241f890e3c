"""Messages of a hub that does not start: something it needs is missing, or cannot be used."""

from schema.message import Message

# --- files of the hub ------------------------------------------------------------------------------------------------

NO_MANIFESTS = Message(
    "NO_MANIFESTS",
    zh="{folder} 中没有清单（*.yaml），其文件夹由 HUTONG_MANIFESTS_DIR 指定",
    en="there are no manifests (*.yaml) in {folder}; HUTONG_MANIFESTS_DIR names their folder",
)
NO_POLICY_FILES = Message(
    "NO_POLICY_FILES",
    zh="{folder} 中没有策略文件（*.yaml），其文件夹由 HUTONG_POLICIES_DIR 指定",
    en="there are no policy files (*.yaml) in {folder}; HUTONG_POLICIES_DIR names their folder",
)
MANIFEST_TWICE = Message(
    "MANIFEST_TWICE",
    zh="{file}：连接器 {name} 已有清单",
    en="{file}: the connector {name} has a manifest already",
)
ROWS_UNBOUND = Message(
    "ROWS_UNBOUND",
    zh="{folder} 中没有清单作以下绑定：{reasons}",
    en="no manifest in {folder} binds: {reasons}",
)
ROWS_NEEDED = Message("ROWS_NEEDED", zh="{name} 需要 {other}", en="{name} needs {other}")
CONNECTIONS_MISSING = Message(
    "CONNECTIONS_MISSING", zh="连接文件 {file} 不存在", en="the connections file {file} does not exist"
)
MASTER_KEY_UNREADABLE = Message(
    "MASTER_KEY_UNREADABLE",
    zh="主密钥文件 {file} 无法读取；请生成：umask 077; openssl rand -hex 32 > FILE",
    en="the master key file {file} cannot be read; make one with: umask 077; openssl rand -hex 32 > FILE",
)
MASTER_KEY_OPEN = Message(
    "MASTER_KEY_OPEN",
    zh="主密钥文件 {file} 可被他人读取；请执行：chmod 600 {file}",
    en="the master key file {file} can be read by others; say: chmod 600 {file}",
)
MASTER_KEY_FORM = Message(
    "MASTER_KEY_FORM",
    zh="主密钥文件 {file} 的内容不是 64 位十六进制数字；请生成：umask 077; openssl rand -hex 32 > FILE",
    en="the master key file {file} does not hold 64 hexadecimal digits; "
    "make one with: umask 077; openssl rand -hex 32 > FILE",
)

# --- the audit trail -------------------------------------------------------------------------------------------------

TRAIL_UNWRITABLE = Message(
    "TRAIL_UNWRITABLE",
    zh="审计日志 {file} 无法写入：{fault}",
    en="the audit trail {file} cannot be written: {fault}",
)
TRAIL_SHARED = Message(
    "TRAIL_SHARED",
    zh="另一进程正在写 {file}，请为每个进程设置各自的 HUTONG_STATE_DIR",
    en="another process writes {file}; give each its own HUTONG_STATE_DIR",
)
TRAIL_UNUSABLE = Message("TRAIL_UNUSABLE", zh="{file}：{reason}", en="{file}: {reason}")

# --- callers' public keys --------------------------------------------------------------------------------------------

NO_KEY_SOURCE = Message(
    "NO_KEY_SOURCE",
    zh="请说明调用者的公钥在哪里：HUTONG_JWKS_FILE 或 HUTONG_JWKS_URL",
    en="say where callers' public keys are: HUTONG_JWKS_FILE or HUTONG_JWKS_URL",
)
KEYS_UNUSABLE = Message("KEYS_UNUSABLE", zh="{file}：{reason}", en="{file}: {reason}")
DEMO_KEY_IN_PRODUCTION = Message(
    "DEMO_KEY_IN_PRODUCTION",
    zh="{file} 含有演示用的密钥；生产环境须使用身份提供方的密钥",
    en="{file} holds the demo's key; production takes an identity provider's keys",
)
JWKS_FORM = Message(
    "JWKS_FORM",
    zh='JWKS 应为含 "keys" 的对象，每个密钥有 "kid"',
    en='a JWKS is an object with "keys", each with a "kid"',
)
JWKS_KEY_IDS = Message(
    "JWKS_KEY_IDS",
    zh="JWKS 中每个密钥须有各自的标识",
    en="each key of a JWKS needs an id of its own",
)
JWKS_PRIVATE = Message(
    "JWKS_PRIVATE",
    zh="JWKS 含有私钥或共享密钥，请只发布公钥",
    en="the JWKS holds a private or shared key; publish public keys only",
)
JWKS_NO_KEY = Message(
    "JWKS_NO_KEY",
    zh="JWKS 中没有用于签名的 Ed25519 或 RSA 密钥",
    en="the JWKS holds no Ed25519 key and no RSA key for signatures",
)
JWKS_RSA_SHORT = Message(
    "JWKS_RSA_SHORT",
    zh="JWKS 中有 RSA 密钥不足 {minimum} 位",
    en="an RSA key of the JWKS has fewer than {minimum} bits",
)
JWKS_KEY_MALFORMED = Message("JWKS_KEY_MALFORMED", zh="JWKS 中有密钥格式错误", en="a key of the JWKS is malformed")
JWKS_UNREADABLE = Message("JWKS_UNREADABLE", zh="JWKS 文件无法读取", en="the JWKS file cannot be read")
JWKS_UNFETCHED = Message("JWKS_UNFETCHED", zh="无法取得 JWKS", en="the JWKS cannot be fetched")
JWKS_STATUS = Message("JWKS_STATUS", zh="请求 JWKS 得到状态 {count}", en="the JWKS was answered with status {count}")
JWKS_TOO_LARGE = Message("JWKS_TOO_LARGE", zh="JWKS 过大", en="the JWKS is too large")

# --- trusted documents -----------------------------------------------------------------------------------------------

TRUSTED_ONLY_WITHOUT_ANY = Message(
    "TRUSTED_ONLY_WITHOUT_ANY",
    zh="已设置 HUTONG_TRUSTED_DOCUMENTS_ONLY，但 HUTONG_TRUSTED_DOCUMENTS 没有指定任何文档",
    en="HUTONG_TRUSTED_DOCUMENTS_ONLY is set, but HUTONG_TRUSTED_DOCUMENTS names none",
)
TRUSTED_UNREADABLE = Message(
    "TRUSTED_UNREADABLE", zh="受信任的文档 {file} 无法读取", en="the trusted documents {file} cannot be read"
)
TRUSTED_NONE = Message(
    "TRUSTED_NONE",
    zh="{file} 中没有受信任的文档，其位置由 HUTONG_TRUSTED_DOCUMENTS 指定",
    en="there are no trusted documents in {file}; HUTONG_TRUSTED_DOCUMENTS names them",
)
TRUSTED_REFUSED = Message(
    "TRUSTED_REFUSED", zh="受信任的文档 {file}：{reason}", en="the trusted documents {file}: {reason}"
)
TRUSTED_NOT_JSON = Message("TRUSTED_NOT_JSON", zh="不是 JSON", en="is not JSON")
TRUSTED_NOT_OBJECT = Message(
    "TRUSTED_NOT_OBJECT", zh="不是标识与文档的对象", en="is not an object of identifier and document"
)
TRUSTED_VERSION = Message("TRUSTED_VERSION", zh="不是 {name} 第 1 版", en="is not version 1 of {name}")
TRUSTED_WITHOUT_ID = Message("TRUSTED_WITHOUT_ID", zh="有一个操作没有 id", en="has an operation without an id")
TRUSTED_NOT_TEXT = Message("TRUSTED_NOT_TEXT", zh="'{name}' 不是文本", en="'{name}' is not a text")
TRUSTED_NO_IDENTIFIER = Message(
    "TRUSTED_NO_IDENTIFIER", zh="'{name}' 不能作标识", en="'{name}' cannot be an identifier"
)
TRUSTED_NOT_SHA256 = Message("TRUSTED_NOT_SHA256", zh="'{name}' 不是 SHA-256", en="'{name}' is not a SHA-256")
TRUSTED_CHANGED = Message(
    "TRUSTED_CHANGED",
    zh="文档 {name} 的摘要不符：写成之后被改动过",
    en="the document {name} has another digest: it was changed after it was written",
)
TRUSTED_TOO_LONG = Message(
    "TRUSTED_TOO_LONG",
    zh="文档 {name} 超过 {maximum:,} 个字符",
    en="the document {name} is longer than {maximum:,} characters",
)
TRUSTED_UNPARSED = Message(
    "TRUSTED_UNPARSED",
    zh="文档 {name} 无法解析：{fault}",
    en="the document {name} does not parse: {fault}",
)

# --- addresses, metrics and the explorer -----------------------------------------------------------------------------

PORT_TAKEN = Message(
    "PORT_TAKEN",
    zh="无法在 {name} 的端口 {count} 上监听：{fault}；请用 --port 另选端口",
    en="cannot listen on {name} port {count}: {fault}; choose another with --port",
)
METRICS_PORT_TAKEN = Message(
    "METRICS_PORT_TAKEN", zh="指标地址 metrics_listen：{reason}", en="metrics_listen: {reason}"
)
METRICS_TOKEN_UNREADABLE = Message(
    "METRICS_TOKEN_UNREADABLE",
    zh="指标令牌文件 {file} 无法读取",
    en="the metrics token file {file} cannot be read",
)
METRICS_TOKEN_OPEN = Message(
    "METRICS_TOKEN_OPEN",
    zh="指标令牌文件 {file} 可被他人读取；请执行：chmod 600 {file}",
    en="the metrics token file {file} can be read by others; say: chmod 600 {file}",
)
METRICS_TOKEN_SHORT = Message(
    "METRICS_TOKEN_SHORT",
    zh="指标令牌文件 {file} 中没有不少于 {minimum} 个 ASCII 字符的令牌",
    en="the metrics token file {file} holds no token of {minimum} or more ASCII characters",
)
EXPLORER_OF_DEMO = Message(
    "EXPLORER_OF_DEMO",
    zh="探索页属于演示：它发放用演示密钥签发的令牌",
    en="the explorer page belongs to the demo: it hands out tokens made with the demo's own key",
)
EXPLORER_WITHOUT_KEY = Message(
    "EXPLORER_WITHOUT_KEY",
    zh="探索页需要演示自己的密钥，{folder} 中没有",
    en="the explorer page needs the demo's own key, which is not in {folder}",
)
