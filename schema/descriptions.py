"""Descriptions in the GraphQL schema: the Chinese title first, then English, a label's short spelling at the end.

Used by :mod:`schema.build`, and by :mod:`schema.visible` where a filtered copy needs another text than the full schema.
"""

from schema.catalog import Catalog, Entity, Field, Relation, Title
from schema.predicates import Operator

_CODES_SHOWN = 10
"""Code tables of up to this many codes are spelt out in their fields' descriptions."""

QUERY_TYPE = (
    "查询 · Everything that can be asked. Entity fields are nullable throughout: null says that there is no value, or "
    "an error at its path says why it is not given. The mark that ends a description is the label of the data: sharing "
    "(U without conditions, C on conditions, N not at all), level 1 to 4, personal information (G general, I "
    "identifying, S sensitive), p Party data, t trade data."
)
NODE_INTERFACE = "实体 · Anything with an id."
NODE_ID = "标识 · Opaque identifier, stable over pages and restarts; it holds no readable value."
NODE_ROOT = "按标识查询 · Any row by its `id`. Null when there is none for the caller."
NODE_ROOT_ID = "An `id` that this endpoint has given out."
ROW_META_FIELD = "行信息 · Where this row comes from, its defects and what is masked in it."
ROW_META = "行信息 · What is known about one row besides its values."
ROW_META_SOURCES = "来源 · Sources that contributed to the row."
ROW_META_QUALITY = "质量代码 · Defect codes of the row, for example DATE_INVALID; empty when none is known."
ROW_META_MASKED = "已脱敏字段 · Names of the fields that are masked in this row."
SOURCE_META = "来源 · A source's contribution to a row."
SOURCE_META_CONNECTOR = "连接器 · Name of the source."
SOURCE_META_AS_OF = "数据时间 · When the source's data was last changed; null when the source does not tell."
PAGE_INFO = "分页信息 · Where a page lies in its connection (Relay cursor connections)."
PAGE_INFO_NEXT = "后有更多 · Rows follow this page; paging backwards: it was asked from a cursor on."
PAGE_INFO_PREVIOUS = "前有更多 · Paging backwards: rows precede this page; else: it was asked from a cursor on."
PAGE_INFO_START = "首行游标 · Cursor of the page's first row; null for an empty page."
PAGE_INFO_END = "末行游标 · Cursor of the page's last row; null for an empty page."
CONNECTION_NODES = "行 · The rows of the page."
CONNECTION_EDGES = "列表项 · The rows of the page, each with its cursor."
CONNECTION_PAGE_INFO = "分页信息 · Where the page lies in the list."
CONNECTION_TOTAL = "总数 · Number of all rows of the list that the caller may see; counted only when asked."
EDGE_NODE = "行 · The row."
EDGE_CURSOR = "游标 · The row's place in this list, for `after` and `before`."
ORDER_DIRECTION = "排序方向 · Order of one term. Nulls come last in both directions."
ORDER_DIRECTIONS = {"ASC": "升序 · Smallest first.", "DESC": "降序 · Greatest first."}

MAX_STALENESS = (
    "最长滞后 · How old the answers may be that come from a copy of a source, in seconds: an older copy is first "
    "brought up to date, and where that fails its fields are errors. Sources that are asked live are not concerned."
)
MAX_STALENESS_SECONDS = "Greatest age in seconds; 0 asks for the state of now."

ARGUMENTS = {
    "where": "Only rows that satisfy the condition.",
    "orderBy": "Order terms, the most important first. Ties are broken by source and row, so the order is total.",
    "first": "Rows from the start of the list, or after `after`. Not together with `last`. "
    "With neither, the page has the size that the hub has set.",
    "after": "Only rows after this cursor, taken from the same list.",
    "last": "Rows from the end of the list, or before `before`. Not together with `first`.",
    "before": "Only rows before this cursor, taken from the same list.",
}
"""Arguments of a connection at the root; below an entity they mean the same and carry no text."""

OPERATORS = {
    Operator.EQ: "等于 · Equal.",
    Operator.NE: "不等于 · Not equal.",
    Operator.IN: "属于 · Equal to one of these.",
    Operator.NOT_IN: "不属于 · Equal to none of these.",
    Operator.LT: "小于 · Less, or earlier.",
    Operator.LTE: "不大于 · Less or equal.",
    Operator.GT: "大于 · Greater, or later.",
    Operator.GTE: "不小于 · Greater or equal.",
    Operator.STARTS_WITH: "开头为 · Begins with this text.",
    Operator.CONTAINS: "包含 · Contains this text.",
}
"""Members of the scalars' filters."""
IS_NULL = "为空 · True: there is no value. False: there is one."
CONNECTIVES = {
    "and": "并且 · All of these conditions hold.",
    "or": "或者 · At least one of these conditions holds.",
    "not": "非 · This condition does not hold.",
}
"""Members of every where input."""


def titled(title: Title) -> str:
    """``党员 · Party member.``"""
    return f"{title.zh} · {title.en.rstrip('.')}."


def describe_field(field: Field, catalog: Catalog) -> str:
    """Title, free text, codes or companion, label: ``性别 · Sex. Codes of GB/T 2261.1: 1 男, 2 女. [C2G]``."""
    return _sentences(
        titled(field.title), field.description, _codes(field, catalog), _companion(field), f"[{field.label}]"
    )


def describe_key(field: Field, *, lookup: bool) -> str:
    """What an argument of a by-key root is; a look-up (D7) has rules of its own."""
    rule = "The full value, exactly: one look-up per operation, by POST, within a quota." if lookup else ""
    return _sentences(titled(field.title), rule)


def describe_relation(relation: Relation) -> str:
    """Title, free text, label."""
    return _sentences(titled(relation.title), relation.description, f"[{relation.label}]")


def describe_union(relation: Relation) -> str:
    """What the union that ``relation`` leads to is."""
    return f"{relation.title.zh} · {relation.title.en.rstrip('.')}, a row of one of these entities."


def describe_entity(entity: Entity) -> str:
    """Title, free text, owner, label of its rows."""
    return _sentences(
        titled(entity.title), entity.description, f"Owner: {entity.owner}.", f"Label of rows: [{entity.row_label}]"
    )


def describe_connection(entity: Entity) -> str:
    """What the connection type of an entity is."""
    return f"{entity.title.zh}列表 · A page of rows of {entity.name}."


def describe_edge(entity: Entity) -> str:
    """What the edge type of an entity is."""
    return f"{entity.title.zh}列表项 · A row of {entity.name} with its cursor."


def describe_where(entity: Entity) -> str:
    """What the where input of an entity is."""
    return (
        f"{entity.title.zh}筛选条件 · Condition on {entity.name}. All given members must hold; "
        "a comparison with null is unknown, and unknown selects nothing."
    )


def describe_order(entity: Entity) -> str:
    """What the order input of an entity is."""
    return f"{entity.title.zh}排序 · One order term of {entity.name}."


def describe_root_one(entity: Entity, arguments: int) -> str:
    """What the by-key root of an entity with that many arguments answers."""
    rule = "" if arguments == 1 else "Give exactly one argument."
    return _sentences(
        f"{entity.title.zh}查询 · One {entity.name} by key.", rule, "Null when there is none for the caller."
    )


def describe_root_list(entity: Entity) -> str:
    """What the list root of an entity answers."""
    return f"{entity.title.zh}列表 · The rows of {entity.name} that the caller may see."


def describe_filter(scalar: str) -> str:
    """What the filter input of a scalar is."""
    return f"Condition on one {scalar}. All given operators must hold."


def _companion(field: Field) -> str:
    if field.label_of:
        return f"The title of the code in `{field.label_of}`."
    if field.companion_of:
        return f"`{field.companion_of}` as text: in full, or in its masked form where `{field.companion_of}` is masked."
    return ""


def _codes(field: Field, catalog: Catalog) -> str:
    if field.code_table is None or (table := catalog.code_tables.get(field.code_table)) is None:
        return ""
    name = table.standard or table.title.zh
    if len(table.codes) > _CODES_SHOWN:
        return f"Codes of {name}."
    return f"Codes of {name}: {', '.join(f'{code} {title.zh}' for code, title in table.codes.items())}."


def _sentences(*parts: str) -> str:
    return " ".join(part.strip() for part in parts if part.strip())
