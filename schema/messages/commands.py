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
