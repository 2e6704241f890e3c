"""The source's side of a manifest: columns, joins, conditions and sub-selects, read from YAML nodes.

Neighbours: :mod:`connectors.manifest_bindings` states the grammar and calls these. Mistakes are reported by their line.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from connectors.contract import Aggregation, ColumnRef, Join, SourceCondition, SubSelect
from schema.message import Told
from schema.messages import manifest_bindings, yaml_files
from schema.trees import Tree
from schema.yaml_nodes import ListNode, MappingNode, Node, ScalarNode, did_you_mean

SOURCE_KEYS = ("column", "columns", "count", "sum", "unique")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What column names may refer to: one table, and the joins declared so far; and where tables of names lie."""

    joins: Mapping[str, Join] = field(default_factory=dict)
    files_root: Path | None = None

    def column(self, node: Node, what: Told) -> ColumnRef | None:
        """``column`` of the table itself or ``join.column``; ``None``: reported."""
        text = node.as_str(what)
        if text is None:
            return None
        join, dot, column = text.partition(".")
        if not dot:
            return ColumnRef(column=text)
        if join in self.joins and column:
            return ColumnRef(column=column, table=join)
        hint = did_you_mean(join, self.joins) or (self._declared(),)
        node.problems.report(node.place, manifest_bindings.JOIN_UNKNOWN(what=what, name=join, hint=hint))
        return None

    def _declared(self) -> Told:
        if self.joins:
            return manifest_bindings.JOINS_HERE(names=tuple(self.joins))
        return manifest_bindings.NO_JOINS_HERE()


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
    spec = node.as_mapping(yaml_files.KEY(key=name))
    if spec is None:
        return None
    given = [key for key in SOURCE_KEYS if spec.find(key) is not None]
    if len(given) != 1:
        together = manifest_bindings.SOURCE_TOGETHER(together=tuple(given))
        hint = (together if given else manifest_bindings.SOURCE_NONE(),)
        spec.problems.report(spec.place, manifest_bindings.SOURCE_OF_FIELD(name=name, names=SOURCE_KEYS, hint=hint))
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
        body = spec.as_mapping(manifest_bindings.JOIN_QUOTED(name=name))
        if body is None:
            continue
        if not name.isidentifier():
            body.problems.report(body.place, manifest_bindings.JOIN_NAME(name=name))
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
    body = node.as_mapping(manifest_bindings.A_CONDITION())
    if body is None:
        return None
    column_node = body.take("column")
    column = None if column_node is None else scope.column(column_node, yaml_files.KEY(key="column"))
    given = [key for key in ("is", "isNot", "isNull") if body.find(key) is not None]
    values: tuple[str | int, ...] = ()
    if len(given) != 1:
        body.problems.report(body.place, manifest_bindings.CONDITION_FORM())
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
        node.problems.report(node.place_of(key), manifest_bindings.CONDITION_VALUES(key=key))
    found = (item.as_literal(manifest_bindings.VALUE_OF(key=key)) for item in items)
    return tuple(item for item in found if item is not None)


def _read_columns(name: str, nodes: Sequence[Node], scope: Scope) -> FieldSource | None:
    read = [scope.column(node, manifest_bindings.COLUMN_OF(name=name)) for node in nodes]
    columns = tuple(column for column in read if column is not None)
    return FieldSource(columns=columns) if len(columns) == len(read) > 0 else None


def _read_sub_select(aggregation: Aggregation, node: MappingNode, scope: Scope) -> SubSelect | None:
    table, on = node.take_str("table"), _read_on(node, scope)
    columns = () if aggregation is Aggregation.COUNT else _read_their_columns(node)
    tree = node.find_enum("tree", Tree)
    conditions = read_conditions(node, Scope())
    node.unknown_keys()
    if tree is not None and len(on) > 1:
        node.problems.report(node.place_of("on"), manifest_bindings.TREE_ON_ONE_PAIR())
        return None
    if tree is not None and aggregation is Aggregation.UNIQUE:
        node.problems.report(node.place_of("tree"), manifest_bindings.TREE_IN_UNIQUE())
    if table is None or not on or (aggregation is not Aggregation.COUNT and not columns):
        return None
    return SubSelect(aggregation=aggregation, table=table, on=on, conditions=conditions, columns=columns, tree=tree)


def _read_their_columns(node: MappingNode) -> tuple[str, ...]:
    """``column: JE`` or ``columns: [SL, DJ]``, of the other table; empty: reported."""
    if node.find("columns") is None:
        column = node.take_str("column")
        return () if column is None else (column,)
    if node.find("column") is not None:
        node.problems.report(node.place_of("column"), manifest_bindings.COLUMN_AND_COLUMNS())
    what = yaml_files.ITEM_OF(what=yaml_files.KEY(key="columns"))
    columns = tuple(item.as_str(what) for item in node.take_list("columns") or ())
    return tuple(column for column in columns if column is not None)


def _read_on(node: MappingNode, scope: Scope) -> tuple[tuple[ColumnRef, str], ...]:
    """``{column here: column there}``; empty: reported."""
    on = node.take_mapping("on")
    if on is None:
        return ()
    pairs: list[tuple[ColumnRef, str]] = []
    for here, there in on.entries():
        key = ScalarNode(place=on.place_of(here), problems=on.problems, text=here, quoted=True)
        left = scope.column(key, manifest_bindings.COLUMN_OF(name="on"))
        right = there.as_str(manifest_bindings.COLUMN_EQUAL_TO(name=here))
        if left is not None and right is not None:
            pairs.append((left, right))
    if not on.values:
        on.problems.report(on.place, manifest_bindings.ON_EMPTY())
    return tuple(pairs)
