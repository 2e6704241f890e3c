"""Messages of ``hutong manifest check`` about the live source: what is wrong with it, and what would make it better."""

from schema.message import Message

SOURCE_UNCHECKED = Message(
    "SOURCE_UNCHECKED",
    zh="无法检查来源：{reason}（{code}）",
    en="the source could not be checked: {reason} ({code})",
)
LIVE_TABLE_MISSING = Message(
    "LIVE_TABLE_MISSING", zh='来源没有表 "{name}"{hint}', en='the source has no table "{name}"{hint}'
)
LIVE_COLUMN_MISSING = Message(
    "LIVE_COLUMN_MISSING",
    zh='表 "{name}" 没有列 "{other}"{hint}',
    en='table "{name}" has no column "{other}"{hint}',
)
INDEX_MISSING = Message(
    "INDEX_MISSING",
    zh='按 "{name}"."{other}" 查找，但它不是任何索引的首列，请申请建立索引',
    en='"{name}"."{other}" is looked up by but leads no index; ask for one',
)
ROW_KEY_NULL = Message(
    "ROW_KEY_NULL",
    zh="{total} 行中有 {count} 行的行键为空或无法读取，请另选行键",
    en="the row key is null or unreadable in {count} of {total} rows; choose another",
)
ROW_KEY_REPEATED = Message(
    "ROW_KEY_REPEATED",
    zh="行键不唯一：{total} 行中有 {count} 行重复，请另选行键",
    en="the row key is not unique: {count} of {total} rows repeat one; choose another",
)
ROW_KEY_NOT_PRIMARY = Message(
    "ROW_KEY_NOT_PRIMARY",
    zh="行键不是主键（{names}），建议改用主键",
    en="the row key is not the primary key ({names}); prefer that",
)
DEFECTS_FOUND = Message(
    "DEFECTS_FOUND",
    zh='"{name}"：{total} 个值中有 {count} 个 {code}（{share}）',
    en='"{name}": {code} in {count} of {total} values ({share})',
)
SPELLINGS_UNMAPPED = Message(
    "SPELLINGS_UNMAPPED",
    zh='"{name}"：下列写法没有对应代码：{names}{hint}，请加入其 map',
    en='"{name}": spellings without a code: {names}{hint}; add them to its map',
)
AND_MORE = Message("AND_MORE", zh="，另有 {count} 个", en=" and {count} more")
