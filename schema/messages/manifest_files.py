"""Messages about manifests: the source's settings, its tables, and what is pulled from a service."""

from schema.message import Message

# --- the manifest ----------------------------------------------------------------------------------------------------

CONNECTOR_NAME = Message(
    "CONNECTOR_NAME",
    zh='"connector" 应由小写字母、数字和 _ 组成，例如 "s1"',
    en='"connector" must be lower-case letters, digits and _, such as "s1"',
)
DURATION_FORM = Message(
    "DURATION_FORM",
    zh='"{key}" 应为数字加单位 s、min、h 或 d，例如 26h',
    en='"{key}" must be a number with s, min, h or d, such as 26h',
)
ENTITY_UNKNOWN = Message(
    "ENTITY_UNKNOWN",
    zh='数据目录没有实体 "{name}"{hint}',
    en='the catalogue has no entity "{name}"{hint}',
)
ENTITIES_HERE = Message("ENTITIES_HERE", zh="；现有实体 {names}", en="; it has {names}")
BINDING_OF = Message("BINDING_OF", zh='"{name}" 的绑定', en='the binding of "{name}"')

# --- settings --------------------------------------------------------------------------------------------------------

ENGINE_UNKNOWN = Message("ENGINE_UNKNOWN", zh='"engine" 应为 {names} 之一', en='"engine" must be one of {names}')
NEVER_A_URL = Message(
    "NEVER_A_URL",
    zh="连接用各项设置（{names}）说明，不用 URL，请写这些设置",
    en="a connection is told by fields ({names}), never by a URL; write those",
)
SETTING_MISSING = Message(
    "SETTING_MISSING",
    zh='缺少 "{key}"，请写上，或写 {{env: NAME}}',
    en='"{key}" is missing; write it, or {{env: NAME}}',
)
SETTING_NOT_ONE_OF = Message(
    "SETTING_NOT_ONE_OF", zh='"{key}" 应为 {names} 之一{hint}', en='"{key}" must be one of {names}{hint}'
)
SETTING_NOT_WITHIN = Message(
    "SETTING_NOT_WITHIN",
    zh='"{key}" 应为 {minimum} 到 {maximum} 的整数',
    en='"{key}" must be a whole number from {minimum} to {maximum}',
)
SETTING_NOT_PLAIN = Message(
    "SETTING_NOT_PLAIN",
    zh='"{key}" 应为普通的名称或路径，不能是 URL',
    en='"{key}" must be a plain name or path, not a URL',
)
SETTING_NO_SECRET = Message(
    "SETTING_NO_SECRET",
    zh='"{key}" 不是机密，请直接写出，或写 {{env: NAME}}',
    en='"{key}" is no secret; write it in place, or {{env: NAME}}',
)
SETTING_VARIABLE_UNSET = Message(
    "SETTING_VARIABLE_UNSET",
    zh='"{key}"：环境变量 {variable} 未设置',
    en='"{key}": the environment variable {variable} is not set',
)
SECRET_IN_PLACE = Message(
    "SECRET_IN_PLACE",
    zh='"{key}" 不得写在清单里；请写 {{secret: "env:NAME"}} 或 {{secret: "file:relative/path"}}',
    en='"{key}" must not stand in a manifest; write {{secret: "env:NAME"}} or {{secret: "file:relative/path"}}',
)
SETTING_REFUSED = Message("SETTING_REFUSED", zh='"{key}"：{reason}', en='"{key}": {reason}')
SECRET_FORM = Message(
    "SECRET_FORM",
    zh='机密的引用应写成 "env:NAME" 或 "file:relative/path"',
    en='a secret reference is "env:NAME" or "file:relative/path"',
)
SECRET_VARIABLE_UNSET = Message(
    "SECRET_VARIABLE_UNSET",
    zh="环境变量 {variable} 未设置",
    en="the environment variable {variable} is not set",
)
SECRET_OUTSIDE = Message(
    "SECRET_OUTSIDE",
    zh="机密文件 {file} 在机密文件夹之外",
    en="the secret file {file} lies outside the secrets folder",
)
SECRET_UNREADABLE = Message(
    "SECRET_UNREADABLE",
    zh="机密文件 {file} 无法按 UTF-8 文本读取",
    en="the secret file {file} cannot be read as UTF-8 text",
)
SECRET_EMPTY = Message("SECRET_EMPTY", zh="机密文件 {file} 为空", en="the secret file {file} is empty")

# --- tables of files -------------------------------------------------------------------------------------------------

THE_TABLE = Message("THE_TABLE", zh='表 "{name}"', en='the table "{name}"')
TABLE_NAME = Message(
    "TABLE_NAME",
    zh='"{name}" 不能作表名，请用 ASCII 字母、数字和 _',
    en='"{name}" is no name for a table; use ASCII letters, digits and _',
)
FILES_PATTERN = Message(
    "FILES_PATTERN",
    zh='"files" 应为 path 之下的模式，不含 ".."、"**"、"["',
    en='"files" must be a pattern below the path, without "..", "**", "["',
)
COMPLETE_FORM = Message(
    "COMPLETE_FORM",
    zh='"complete" 应为文件名，不含文件夹',
    en='"complete" must be the name of a file, without a folder',
)
ENCODING_OF_CSV = Message(
    "ENCODING_OF_CSV",
    zh='"encoding" 只用于 "format: csv"；Parquet 的文本是 UTF-8',
    en='"encoding" is for "format: csv"; Parquet texts are UTF-8',
)
TABLE_UNLISTED = Message("TABLE_UNLISTED", zh='"tables" 中没有 "{name}"{hint}', en='"tables" has no "{name}"{hint}')
TABLES_HERE = Message("TABLES_HERE", zh="；现有 {names}", en="; it has {names}")
NO_TABLES_HERE = Message("NO_TABLES_HERE", zh="；一个表也没有", en="; it has none")

# --- tables of names -------------------------------------------------------------------------------------------------

NAMES_OUTSIDE = Message(
    "NAMES_OUTSIDE",
    zh='"{file}" 应为来源文件所在文件夹（HUTONG_SOURCES_DIR）之下的路径',
    en='"{file}" must be a path below the folder that holds every file of a source (HUTONG_SOURCES_DIR)',
)
NAMES_MISSING = Message("NAMES_MISSING", zh='没有文件 "{file}"', en='there is no file "{file}"')
NAMES_NOT_CSV = Message(
    "NAMES_NOT_CSV", zh='"{file}" 无法按 UTF-8 的 CSV 读取', en='"{file}" cannot be read as CSV in UTF-8'
)
NAMES_HEADER = Message(
    "NAMES_HEADER",
    zh='表头应为 "name,code" 或 "name,code,official"',
    en='the header must be "name,code" or "name,code,official"',
)
NAMES_CELLS = Message(
    "NAMES_CELLS",
    zh="每行应有 {count} 个单元格，含名称和代码",
    en="a line must have {count} cells, with a name and a code",
)
NAMES_LINE_BREAK = Message("NAMES_LINE_BREAK", zh="名称或代码应写在一行内", en="a name or code must stand on one line")
NAMES_TWICE = Message("NAMES_TWICE", zh='"{name}" 重复，请只保留一处', en='"{name}" is there twice; keep one')
NAMES_OFFICIAL = Message("NAMES_OFFICIAL", zh='"official" 应为 1 或 0', en='"official" must be 1 or 0')
NAMES_EMPTY = Message("NAMES_EMPTY", zh="表是空的", en="the table is empty")

# --- pulls and maintenance -------------------------------------------------------------------------------------------

PULLED_TWICE = Message("PULLED_TWICE", zh='有两个 pull 写入表 "{name}"', en='two pulls fill the table "{name}"')
PULLED_NEVER = Message(
    "PULLED_NEVER", zh='没有 pull 写入表 "{name}"{hint}', en='no pull fills the table "{name}"{hint}'
)
SAME_HOUR = Message("SAME_HOUR", zh='"to" 不得与 "from" 相同', en='"to" must not be the time of "from"')
ZONE_UNKNOWN = Message(
    "ZONE_UNKNOWN",
    zh='"zone" 应为时区名，例如 Asia/Shanghai',
    en='"zone" must name a time zone, such as Asia/Shanghai',
)
HOUR_FORM = Message(
    "HOUR_FORM",
    zh='"{key}" 应为加引号的时刻，例如 "02:40"',
    en='"{key}" must be a time of day in quotes, such as "02:40"',
)
PULL_PATH = Message(
    "PULL_PATH",
    zh='"path" 应为路径，例如 /gongdan，不含查询参数',
    en='"path" must be a path such as /gongdan, without a query',
)
PULL_TABLE = Message("PULL_TABLE", zh='"table" 应为普通的词', en='"table" must be a plain word')
PULL_START = Message(
    "PULL_START",
    zh='"start" 应为按 "format" 书写的时间，精确到秒',
    en='"start" must be a time as "format" writes it, to the second',
)
NOT_WITHIN = Message("NOT_WITHIN", zh='"{key}" 应在 1 到 {maximum} 之间', en='"{key}" must be from 1 to {maximum}')
PULL_KEY_PROTECTED = Message(
    "PULL_KEY_PROTECTED",
    zh='"{name}" 由 3 级或 4 级字段读取，请另选键',
    en='"{name}" is read by a field of level 3 or 4; choose another key',
)
COLUMN_PROTECTED = Message(
    "COLUMN_PROTECTED",
    zh="列 {name} 已加密（由 3 级或 4 级字段读取），不能在此比较",
    en="column {name} is encrypted (a field of level 3 or 4 reads it) and cannot be compared here",
)
MIRROR_KEY_FORM = Message(
    "MIRROR_KEY_FORM",
    zh='"mirrorKey" 应为 64 位十六进制数字（32 字节）',
    en='"mirrorKey" must be 64 hexadecimal digits (32 bytes)',
)
MIRROR_KEY_MISSING = Message(
    "MIRROR_KEY_MISSING",
    zh='缺少 "mirrorKey"：3 级和 4 级字段在镜像中加密',
    en='"mirrorKey" is missing: fields of level 3 or 4 are encrypted in the mirror',
)
