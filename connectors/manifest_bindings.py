"""Bindings of a manifest: YAML nodes -> :class:`connectors.contract.Binding`, every mistake reported by its line.

The grammar of one binding, under the name of its entity::

    PartyMember:
      table: DY_JBXX
      rowKey: DYBH                                     # a field spec like those below
      joins:                                           # left joins within the source, in order
        org: {table: DZZ_JBXX, on: {DZZDM: DZZDM}}     # column here: column there
      conditions:                                      # which rows of the table count
        - {column: SCBZ, isNot: "1"}                   # is / isNot (a value or a list), isNull (true or false)
      latest: changedAt                                # bound field: the greatest wins among rows of one key
      discloses: Person.partyMember
      fields:
        orgCode: DZZDM                                 # a column, with the default codec of the field's type
        orgName: {column: org.DZZMC, codec: text}      # a column of a join; parameters of the codec beside it
        identity: {columns: [SFZH, DYBH], codec: identity}
        present: {count: {table: DY_QD, on: {DYBH: DYBH}, conditions: [{column: ZT, is: "1"}]}}
        paid: {sum: {table: DF, column: JE, on: {DYBH: DYBH}}}

Columns of joins are written ``join.column`` where they are read; the conditions of a join or sub-select speak of that
table's own columns. Neighbours: :mod:`connectors.manifest` calls it, :mod:`connectors.manifest_catalog` checks it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connectors.codecs import Codec, build_codec
from connectors.contract import Aggregation, Binding, BoundField, ColumnRef, Join, SourceCondition, SubSelect
from schema.catalog import Entity
from schema.predicates import ROW_KEY
from schema.trees import Tree
from schema.values import ScalarType
from schema.yaml_nodes import ListNode, MappingNode, Node, ScalarNode, did_you_mean

DEFAULT_CODECS: Mapping[ScalarType, str] = {
    ScalarType.STRING: "text",
    ScalarType.INT: "integer",
    ScalarType.FLOAT: "float",
    ScalarType.BOOLEAN: "boolean",
    ScalarType.DATE: "date",
    ScalarType.MONTH: "month_date",
    ScalarType.DATE_TIME: "datetime",
    ScalarType.FEN: "fen",
    ScalarType.CODE: "token",
    ScalarType.DIV_CODE: "token",
    ScalarType.USCC: "uscc",
    ScalarType.PERSON_KEY: "token",
}
"""The codec of a field whose spec names none."""

_TEXTS = frozenset({ScalarType.STRING, ScalarType.CODE, ScalarType.DIV_CODE, ScalarType.USCC, ScalarType.PERSON_KEY})
CODEC_TYPES: Mapping[str, frozenset[ScalarType]] = {
    **dict.fromkeys(("verbatim", "token", "text", "code", "alias"), _TEXTS),
    **dict.fromkeys(("identity", "id_number", "uuid"), frozenset({ScalarType.STRING})),
    "uscc": frozenset({ScalarType.USCC, ScalarType.STRING}),
    "div": frozenset({ScalarType.DIV_CODE}),
    "integer": frozenset({ScalarType.INT, ScalarType.FEN}),
    "float": frozenset({ScalarType.FLOAT}),
    "boolean": frozenset({ScalarType.BOOLEAN}),
    **dict.fromkeys(("date", "date_digits"), frozenset({ScalarType.DATE})),
    **dict.fromkeys(("month_dotted", "month_digits", "month_date"), frozenset({ScalarType.MONTH, ScalarType.DATE})),
    **dict.fromkeys(("datetime", "epoch"), frozenset({ScalarType.DATE_TIME})),
    **dict.fromkeys(("fen", "yuan", "wanyuan"), frozenset({ScalarType.FEN})),
}
"""Per codec kind, the scalars its canonical values belong to."""

_SOURCE_KEYS = ("column", "columns", "count", "sum", "codec")


@dataclass(frozen=True, slots=True)
class _Scope:
    """What column names may refer to: the base table and the joins declared so far."""

    joins: Mapping[str, Join]

    def column(self, node: Node, what: str) -> ColumnRef | None:
        """``column`` of the base table or ``join.column``; ``None``: reported."""
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


def read_binding(connector: str, entity: Entity, node: MappingNode) -> Binding | None:
    """The binding of ``entity`` under ``node``; ``None``: it has mistakes, all reported."""
    table = node.take_str("table")
    joins = _read_joins(node)
    scope = _Scope(joins)
    row_key_node = node.take("rowKey")
    row_key = None if row_key_node is None else _read_field(ROW_KEY, ScalarType.STRING, row_key_node, scope)
    fields_node = node.take_mapping("fields")
    fields = {} if fields_node is None else _read_fields(entity, fields_node, scope)
    conditions = _read_conditions(node, scope)
    latest, discloses = node.find_str("latest"), node.find_str("discloses")
    if latest is not None and latest not in fields:
        hint = did_you_mean(latest, fields)
        node.problems.report(node.place_of("latest"), f'"latest" must name a bound field, not "{latest}"{hint}')
    node.unknown_keys()
    if table is None or row_key is None:
        return None
    return Binding(
        connector=connector,
        entity=entity.name,
        table=table,
        row_key=row_key,
        fields=fields,
        place=node.place,
        joins=joins,
        conditions=conditions,
        latest=latest,
        discloses=discloses,
    )


def _read_fields(entity: Entity, node: MappingNode, scope: _Scope) -> dict[str, BoundField]:
    bound: dict[str, BoundField] = {}
    for name, spec in node.entries():
        field, place = entity.fields.get(name), node.place_of(name)
        if field is None:
            own = " is a relation; bind the fields it joins by" if name in entity.relations else ""
            hint = own or f"{did_you_mean(name, entity.fields) or ' is no field of the catalogue'}"
            node.problems.report(place, f"{entity.name}.{name}{hint}")
        elif (filled := field.label_of or field.companion_of) is not None:
            node.problems.report(place, f"{entity.name}.{name} is filled by the hub; bind {filled}")
        elif field.derived is not None:
            inputs = ", ".join(field.derived.inputs)
            node.problems.report(place, f"{entity.name}.{name} is derived; bind what it is computed from: {inputs}")
        elif (found := _read_field(name, field.type, spec, scope)) is not None:
            bound[name] = found
    return bound


def _read_field(name: str, scalar: ScalarType, node: Node, scope: _Scope) -> BoundField | None:
    """A field spec: a column alone, or a mapping of column(s) or sub-select, codec and its parameters."""
    sub_select: SubSelect | None = None
    kind, parameters = DEFAULT_CODECS[scalar], dict[str, Any]()
    if isinstance(node, ScalarNode):
        columns, ok = _columns(name, (node,), scope)
    else:
        spec = node.as_mapping(f'"{name}"')
        if spec is None:
            return None
        columns, sub_select, ok = _read_source(name, spec, scope)
        kind = spec.find_str("codec") or ("integer" if sub_select else kind)
        parameters = {key: _plain(value, key) for key, value in spec.entries() if key not in _SOURCE_KEYS}
    codec = _read_codec(name, kind, scalar, parameters, node)
    if codec is None or not ok:
        return None
    wanted, given = codec.arity, 1 if sub_select else len(columns)
    if wanted != given:
        node.problems.report(node.place, f'"{name}": codec {kind} reads {wanted} columns, not {given}')
        return None
    return BoundField(name=name, columns=columns, codec=codec, place=node.place, sub_select=sub_select)


def _read_source(name: str, spec: MappingNode, scope: _Scope) -> tuple[tuple[ColumnRef, ...], SubSelect | None, bool]:
    """Columns or sub-select of a field spec, and whether they are usable."""
    given = [key for key in ("column", "columns", "count", "sum") if spec.find(key) is not None]
    if len(given) != 1:
        what = f"not both {' and '.join(given)}" if given else "none is there"
        spec.problems.report(spec.place, f'"{name}" needs one of column, columns, count, sum; {what}')
        return (), None, False
    match given[0]:
        case "column" | "columns" as key:
            node = spec.take(key)
            items = () if node is None else (node,) if key == "column" else node.as_list('"columns"') or ()
            columns, ok = _columns(name, items, scope)
            return columns, None, ok
        case aggregation:
            body = spec.take_mapping(aggregation)
            sub = None if body is None else _read_sub_select(Aggregation(aggregation), body, scope)
            return (), sub, sub is not None


def _columns(name: str, nodes: Sequence[Node], scope: _Scope) -> tuple[tuple[ColumnRef, ...], bool]:
    """The columns that could be read, and whether that is all of them and at least one."""
    read = (scope.column(node, f'a column of "{name}"') for node in nodes)
    columns = tuple(column for column in read if column is not None)
    return columns, len(columns) == len(nodes) > 0


def _read_sub_select(aggregation: Aggregation, node: MappingNode, scope: _Scope) -> SubSelect | None:
    table, on = node.take_str("table"), _read_on(node, scope)
    column = node.take_str("column") if aggregation is Aggregation.SUM else None
    tree = node.find_enum("tree", Tree)
    conditions = _read_conditions(node, _Scope({}))
    node.unknown_keys()
    if tree is not None and len(on) > 1:
        node.problems.report(node.place_of("on"), 'with "tree", "on" pairs one column with one column')
        return None
    if table is None or not on or (aggregation is Aggregation.SUM and column is None):
        return None
    return SubSelect(aggregation=aggregation, table=table, on=on, conditions=conditions, column=column, tree=tree)


def _read_joins(node: MappingNode) -> dict[str, Join]:
    """Joins in the order written; ``on`` of a later one may read columns of an earlier one."""
    joins: dict[str, Join] = {}
    declared = node.find_mapping("joins")
    for name, spec in () if declared is None else declared.entries():
        body = spec.as_mapping(f'join "{name}"')
        if body is None:
            continue
        if not name.isidentifier():
            body.problems.report(body.place, f'"{name}" must be a plain word: columns are written {name}.column')
        table, on = body.take_str("table"), _read_on(body, _Scope(dict(joins)))
        conditions = _read_conditions(body, _Scope({}))
        body.unknown_keys()
        joins[name] = Join(name=name, table=table or "", on=on, conditions=conditions)
    return joins


def _read_on(node: MappingNode, scope: _Scope) -> tuple[tuple[ColumnRef, str], ...]:
    """``{column here: column there}``."""
    pairs: list[tuple[ColumnRef, str]] = []
    on = node.take_mapping("on")
    for here, there in () if on is None else on.entries():
        written = ScalarNode(
            place=on.place_of(here) if on else there.place, problems=there.problems, text=here, quoted=True
        )
        left, right = scope.column(written, 'a column of "on"'), there.as_str(f'the column that "{here}" equals')
        if left is not None and right is not None:
            pairs.append((left, right))
    return tuple(pairs)


def _read_conditions(node: MappingNode, scope: _Scope) -> tuple[SourceCondition, ...]:
    conditions = []
    for item in node.find_list("conditions"):
        body = item.as_mapping("a condition")
        if body is None:
            continue
        column_node = body.take("column")
        column = None if column_node is None else scope.column(column_node, '"column"')
        given = [key for key in ("is", "isNot", "isNull") if body.find(key) is not None]
        if len(given) != 1:
            body.problems.report(body.place, "a condition needs one of is, isNot, isNull")
        elif given[0] == "isNull":
            negated = not body.find_flag("isNull")
            if column is not None:
                conditions.append(SourceCondition(column=column, values=(), negated=negated))
        else:
            values = _condition_values(body, given[0])
            if column is not None and values:
                conditions.append(SourceCondition(column=column, values=values, negated=given[0] == "isNot"))
        body.unknown_keys()
    return tuple(conditions)


def _condition_values(node: MappingNode, key: str) -> tuple[str | int, ...]:
    value = node.take(key)
    items = value.items if isinstance(value, ListNode) else () if value is None else (value,)
    found = [item.as_literal(f'a value of "{key}"') for item in items]
    if not items:
        node.problems.report(node.place_of(key), f'"{key}" needs a value or a list of values')
    return tuple(item for item in found if item is not None)


def _read_codec(name: str, kind: str, scalar: ScalarType, parameters: dict[str, Any], node: Node) -> Codec | None:
    place = node.place_of("codec") if isinstance(node, MappingNode) else node.place
    if kind not in CODEC_TYPES:
        hint = did_you_mean(kind, CODEC_TYPES) or f"; the codecs are {', '.join(CODEC_TYPES)}"
        node.problems.report(place, f'"{name}": there is no codec "{kind}"{hint}')
        return None
    if name != ROW_KEY and scalar not in CODEC_TYPES[kind]:
        gives = ", ".join(sorted(scalar.value for scalar in CODEC_TYPES[kind]))
        node.problems.report(place, f'"{name}" is {scalar.value} in the catalogue, but codec {kind} gives {gives}')
        return None
    try:
        return build_codec(kind, parameters)
    except ValueError as refused:
        node.problems.report(place, f'"{name}": codec {kind}: {refused}')
        return None


def _plain(node: Node, key: str) -> Any:
    """A codec parameter as plain data; values of a mapping are text as written."""
    if isinstance(node, MappingNode):
        return {name: value.as_str(f'"{name}" of "{key}"') for name, value in node.entries()}
    if isinstance(node, ListNode):
        return [_plain(item, key) for item in node.items]
    return node.as_literal(f'"{key}"')
