"""Messages of the command line: what the checks found, and why a command does not do its work."""

from schema.message import Message

# --- checks ----------------------------------------------------------------------------------------------------------

CATALOGUE_CORRECT = Message(
    "CATALOGUE_CORRECT",
    zh="数据目录正确：{total} 个实体，{count} 个字段和关系",
    en="The catalogue is correct: {total} entities with {count} fields and relations.",
)
MANIFEST_CORRECT = Message(
    "MANIFEST_CORRECT",
    zh="{file}：正确，{count} 个绑定（未询问来源）",
    en="{file}: correct, {count} bindings (the source was not asked)",
)
MANIFEST_AGREES = Message(
    "MANIFEST_AGREES",
    zh="{file}：正确，{count} 个绑定与来源一致",
    en="{file}: correct, {count} bindings agree with the source",
)
PROBLEM = Message("PROBLEM", zh="问题：{place}: {reason}", en="problem: {place}: {reason}")
ADVICE = Message("ADVICE", zh="建议：{place}: {reason}", en="advice: {place}: {reason}")
ONE_PROBLEM = Message("ONE_PROBLEM", zh="{file}：1 个问题", en="{file}: 1 problem")
PROBLEMS = Message("PROBLEMS", zh="{file}：{count} 个问题", en="{file}: {count} problems")
CASE_FAILED = Message("CASE_FAILED", zh="未通过：{reason}", en="failed: {reason}")
CASES_HOLD = Message("CASES_HOLD", zh="{total} 个用例中 {count} 个成立", en="{count} of {total} cases hold.")

# --- refusals --------------------------------------------------------------------------------------------------------

NO_FILE = Message("NO_FILE", zh="没有文件 {file}", en="There is no file {file}.")
NO_FILE_FOR = Message("NO_FILE_FOR", zh="没有与 {names} 对应的文件", en="There is no file for {names}.")
COMMAND_NEEDS_CALLER = Message(
    "COMMAND_NEEDS_CALLER",
    zh="--purpose 和 --policies 用于说明某个调用者能看到什么，请用 --as 指明调用者",
    en="--purpose and --policies say what a caller may see: name the caller with --as.",
)
NO_COORDINATE = Message(
    "NO_COORDINATE",
    zh="数据目录没有坐标 {name}，请写 Entity 或 Entity.field",
    en="The catalogue has no coordinate {name}: write Entity or Entity.field.",
)
NO_ROLE = Message("NO_ROLE", zh="策略没有角色 {name}{hint}", en="The policy has no role {name}{hint}.")
NO_PURPOSE = Message("NO_PURPOSE", zh="策略没有用途 {name}{hint}", en="The policy has no purpose {name}{hint}.")
NO_POLICIES = Message(
    "NO_POLICIES",
    zh="{folder} 中没有策略文件（*.yaml），请用 --policies 指明其文件夹",
    en="There are no policy files (*.yaml) in {folder}; name their folder with --policies.",
)
NO_TRAIL = Message("NO_TRAIL", zh="没有审计日志 {file}", en="There is no audit trail {file}.")
TRAIL_WRONG = Message(
    "TRAIL_WRONG",
    zh="{file}：{reason}；此前的 {count} 条记录与写入时一致",
    en="{file}: {reason}; {count} records before it are as they were written.",
)
TRAIL_WHOLE = Message(
    "TRAIL_WHOLE",
    zh="{file}：{count} 条记录，均与写入时一致",
    en="{file}: {count} records, all as they were written.",
)
TEXT_UNREADABLE = Message(
    "TEXT_UNREADABLE",
    zh="文档 {file} 无法按 UTF-8 文本读取",
    en="The document {file} cannot be read as UTF-8 text.",
)
NOT_SDL = Message("NOT_SDL", zh="{file} 不是模式的 SDL：{fault}", en="{file} is not the SDL of a schema: {fault}")
SDL_WITHOUT_QUERY = Message(
    "SDL_WITHOUT_QUERY",
    zh="{file} 不是模式的 SDL：没有类型 Query",
    en="{file} is not the SDL of a schema: it has no type Query",
)
AS_OR_TOKEN = Message("AS_OR_TOKEN", zh="--as 与 --token 只能给出一个", en="Give --as or --token, not both.")
CALLER_UNKNOWN = Message(
    "CALLER_UNKNOWN", zh="调用者未通过认证（UNAUTHENTICATED）：{reason}", en="UNAUTHENTICATED: {reason}"
)
DEMO_KEYS_ONLY = Message(
    "DEMO_KEYS_ONLY",
    zh="以某人身份提问只能使用演示自己的密钥，而这些设置不是演示的。请用 `make demo` 启动演示，"
    "或用 --token 给出身份提供方的令牌",
    en="Asking as somebody works with the demo's own keys only, and these settings are not a demo's. "
    "Start the demo with `make demo`, or ask with --token and a token of your identity provider.",
)
NOBODY_IN_DEMO = Message(
    "NOBODY_IN_DEMO",
    zh="演示中没有 '{name}'；有 {names}",
    en="there is no '{name}' in the demo; it has {names}",
)
VARIABLES_UNREADABLE = Message(
    "VARIABLES_UNREADABLE",
    zh="--variables 不是 JSON 对象，也不是含 JSON 对象的 @FILE",
    en="--variables is not a JSON object, nor @FILE with one.",
)
VARIABLES_NO_OBJECT = Message(
    "VARIABLES_NO_OBJECT", zh="--variables 不是 JSON 对象", en="--variables is not a JSON object."
)
DEMO_NOT_PACKAGED = Message(
    "DEMO_NOT_PACKAGED",
    zh="安装包不含演示。请取得代码仓库，并在其中运行 `make demo`",
    en="The demo is not part of the installed package. Get the repository and run `make demo` in it.",
)
DEMO_SOURCES = Message(
    "DEMO_SOURCES", zh="演示的数据库无法启动：{fault}", en="The demo's databases cannot start: {fault}"
)
DEMO_STOPPED = Message(
    "DEMO_STOPPED",
    zh="数据尚未生成完毕即已停止，下次启动时重新生成",
    en="Stopped before the data was complete; the next start makes it anew.",
)
