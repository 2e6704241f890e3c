"""Descriptions in the GraphQL schema: the Chinese title first, then English, a label's short spelling at the end.

Used by :mod:`schema.build`, and by :mod:`schema.visible` where a filtered copy needs another text than the full schema.
"""

from schema.catalog import Catalog, Entity, Field, Relation, Title

_CODES_SHOWN = 10
"""Code tables of up to this many codes are spelt out in their fields' descriptions."""

NODE_INTERFACE = "实体 · Anything with an id."
NODE_ID = "标识 · Opaque identifier, stable over pages and restarts; it holds no readable value."
NODE_ROOT = "按标识查询 · Any row by its `id`. Null when the caller may not see such a row."
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
ORDER_DIRECTION = "排序方向 · Order of one term. Nulls come last in both directions."

ARGUMENTS = {
    "where": "Only rows that satisfy the condition.",
    "orderBy": "Order terms, the most important first. Ties are broken by source and row, so the order is total.",
    "first": "Rows from the start of the list, or after `after`. Not together with `last`.",
    "after": "Only rows after this cursor, taken from the same list.",
    "last": "Rows from the end of the list, or before `before`. Not together with `first`.",
    "before": "Only rows before this cursor, taken from the same list.",
}
"""Arguments of a connection at the root; below an entity they mean the same and carry no text."""


def titled(title: Title) -> str:
    """``党员 · Party member.``"""
    return f"{title.zh} · {title.en.rstrip('.')}."


def describe_field(field: Field, catalog: Catalog) -> str:
    """Title, free text, codes, label: ``性别 · Sex. Codes of GB/T 2261.1: 1 男, 2 女. [C2G]``."""
    return _sentences(titled(field.title), field.description, _codes(field, catalog), f"[{field.label}]")


def describe_relation(relation: Relation) -> str:
    """Title, free text, label."""
    return _sentences(titled(relation.title), relation.description, f"[{relation.label}]")


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
        f"{entity.title.zh}查询 · One {entity.name} by key.", rule, "Null when the caller may not see such a row."
    )


def describe_root_list(entity: Entity) -> str:
    """What the list root of an entity answers."""
    return f"{entity.title.zh}列表 · The rows of {entity.name} that the caller may see."


def describe_filter(scalar: str) -> str:
    """What the filter input of a scalar is."""
    return f"Condition on one {scalar}. All given operators must hold."


def _codes(field: Field, catalog: Catalog) -> str:
    if field.code_table is None or (table := catalog.code_tables.get(field.code_table)) is None:
        return ""
    name = table.standard or table.title.zh
    if len(table.codes) > _CODES_SHOWN:
        return f"Codes of {name}."
    return f"Codes of {name}: {', '.join(f'{code} {title.zh}' for code, title in table.codes.items())}."


def _sentences(*parts: str) -> str:
    return " ".join(part.strip() for part in parts if part.strip())
