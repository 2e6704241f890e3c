"""The source's side of a manifest: columns, joins, conditions and sub-selects, read from YAML nodes.

Neighbours: :mod:`connectors.manifest_bindings` states the grammar and calls these. Mistakes are reported by their line.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from connectors.contract import Aggregation, ColumnRef, Join, SourceCondition, SubSelect
from schema.trees import Tree
from schema.yaml_nodes import ListNode, MappingNode, Node, ScalarNode, did_you_mean

SOURCE_KEYS = ("column", "columns", "count", "sum", "unique")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What column names may refer to: one table, and the joins declared so far; and where tables of names lie."""

    joins: Mapping[str, Join] = field(default_factory=dict)
    files_root: Path | None = None

    def column(self, node: Node, what: str) -> ColumnRef | None:
        """``column`` of the table itself or ``join.column``; ``None``: reported."""
        text = node.as_str(what)
        if text is None:
            return None
        join, dot, column = text.partition(".")
        if not dot:
            return ColumnRef(column=text)
        if join in self.joins and column:
            return ColumnRef(column=column, table=join)
        hint = did_you_mean(join, self.joins) or f"; declared are {', '.join(self.joins) or 'none'}"
        node.problems.report(node.place, f'{what}: there is no join "{join}"{hint}')
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldSource:
    """Where a field's raw values come from: columns, or one sub-select."""

    columns: tuple[ColumnRef, ...] = ()
    sub_select: SubSelect | None = None

    @property
    def width(self) -> int:
        """How many raw values it gives a codec."""
        if self.sub_select is None:
            return len(self.columns)
        return len(self.sub_select.columns) if self.sub_select.aggregation is Aggregation.UNIQUE else 1


def read_source(name: str, node: Node, scope: Scope) -> FieldSource | None:
    """The source of the field ``name``: a column's name, or a mapping with one of `SOURCE_KEYS`; ``None``: reported."""
    if isinstance(node, ScalarNode):
        return _read_columns(name, (node,), scope)
    spec = node.as_mapping(f'"{name}"')
    if spec is None:
        return None
    given = [key for key in SOURCE_KEYS if spec.find(key) is not None]
    if len(given) != 1:
        what = f"not {' and '.join(given)} together" if given else "none is there"
        spec.problems.report(spec.place, f'"{name}" needs one of {", ".join(SOURCE_KEYS)}; {what}')
        return None
    if given[0] == "column":
        column = spec.take("column")
        return None if column is None else _read_columns(name, (column,), scope)
    if given[0] == "columns":
        return _read_columns(name, spec.take_list("columns") or (), scope)
    body = spec.take_mapping(given[0])
    sub_select = None if body is None else _read_sub_select(Aggregation(given[0]), body, scope)
    return None if sub_select is None else FieldSource(sub_select=sub_select)


def read_joins(node: MappingNode) -> dict[str, Join]:
    """Joins in the order written; ``on`` of a later one may read columns of an earlier one."""
    joins: dict[str, Join] = {}
    declared = node.find_mapping("joins")
    for name, spec in () if declared is None else declared.entries():
        body = spec.as_mapping(f'join "{name}"')
        if body is None:
            continue
        if not name.isidentifier():
            body.problems.report(body.place, f'"{name}" must be a plain word: columns are written {name}.column')
        table, on = body.take_str("table"), _read_on(body, Scope(joins=dict(joins)))
        conditions = read_conditions(body, Scope())
        body.unknown_keys()
        joins[name] = Join(name=name, table=table or "", on=on, conditions=conditions)
    return joins


def read_conditions(node: MappingNode, scope: Scope) -> tuple[SourceCondition, ...]:
    """``[{column, is | isNot | isNull}]`` under ``conditions``; wrong ones are reported and left out."""
    read = (_read_condition(item, scope) for item in node.find_list("conditions"))
    return tuple(condition for condition in read if condition is not None)


def _read_condition(node: Node, scope: Scope) -> SourceCondition | None:
    body = node.as_mapping("a condition")
    if body is None:
        return None
    column_node = body.take("column")
    column = None if column_node is None else scope.column(column_node, '"column"')
    given = [key for key in ("is", "isNot", "isNull") if body.find(key) is not None]
    values: tuple[str | int, ...] = ()
    if len(given) != 1:
        body.problems.report(body.place, "a condition needs one of is, isNot, isNull")
    elif given[0] != "isNull":
        values = _condition_values(body, given[0])
    negated = body.find("isNot") is not None or not body.find_flag("isNull", default=True)
    body.unknown_keys()
    if column is None or len(given) != 1 or (given[0] != "isNull" and not values):
        return None
    return SourceCondition(column=column, values=values, negated=negated)


def _condition_values(node: MappingNode, key: str) -> tuple[str | int, ...]:
    value = node.take(key)
    items = value.items if isinstance(value, ListNode) else () if value is None else (value,)
    if not items:
        node.problems.report(node.place_of(key), f'"{key}" needs a value or a list of values')
    found = (item.as_literal(f'a value of "{key}"') for item in items)
    return tuple(item for item in found if item is not None)


def _read_columns(name: str, nodes: Sequence[Node], scope: Scope) -> FieldSource | None:
    read = [scope.column(node, f'a column of "{name}"') for node in nodes]
    columns = tuple(column for column in read if column is not None)
    return FieldSource(columns=columns) if len(columns) == len(read) > 0 else None


def _read_sub_select(aggregation: Aggregation, node: MappingNode, scope: Scope) -> SubSelect | None:
    table, on = node.take_str("table"), _read_on(node, scope)
    columns = () if aggregation is Aggregation.COUNT else _read_their_columns(node)
    tree = node.find_enum("tree", Tree)
    conditions = read_conditions(node, Scope())
    node.unknown_keys()
    if tree is not None and len(on) > 1:
        node.problems.report(node.place_of("on"), 'with "tree", "on" pairs one column with one column')
        return None
    if tree is not None and aggregation is Aggregation.UNIQUE:
        node.problems.report(node.place_of("tree"), '"unique" finds a row by equal columns; remove "tree"')
    if table is None or not on or (aggregation is not Aggregation.COUNT and not columns):
        return None
    return SubSelect(aggregation=aggregation, table=table, on=on, conditions=conditions, columns=columns, tree=tree)


def _read_their_columns(node: MappingNode) -> tuple[str, ...]:
    """``column: JE`` or ``columns: [SL, DJ]``, of the other table; empty: reported."""
    if node.find("columns") is None:
        column = node.take_str("column")
        return () if column is None else (column,)
    if node.find("column") is not None:
        node.problems.report(node.place_of("column"), '"column" and "columns" do not go together; keep one')
    columns = tuple(item.as_str('an item of "columns"') for item in node.take_list("columns") or ())
    return tuple(column for column in columns if column is not None)


def _read_on(node: MappingNode, scope: Scope) -> tuple[tuple[ColumnRef, str], ...]:
    """``{column here: column there}``; empty: reported."""
    on = node.take_mapping("on")
    if on is None:
        return ()
    pairs: list[tuple[ColumnRef, str]] = []
    for here, there in on.entries():
        key = ScalarNode(place=on.place_of(here), problems=on.problems, text=here, quoted=True)
        left, right = scope.column(key, 'a column of "on"'), there.as_str(f'the column that "{here}" equals')
        if left is not None and right is not None:
            pairs.append((left, right))
    if not on.values:
        on.problems.report(on.place, '"on" needs a pair: column here: column there')
    return tuple(pairs)
