"""Bindings of a manifest: YAML nodes -> :class:`connectors.contract.Binding`, every mistake reported by its line.

The grammar of one binding, under the name of its entity::

    PartyMember:
      table: DY_JBXX
      rowKey: DYBH                                     # a field spec like those below
      joins:                                           # left joins within the source, in order
        org: {table: DZZ_JBXX, on: {DZZDM: DZZDM}}     # column here: column there
      conditions:                                      # which rows of the table count
        - {column: SCBZ, isNot: "1"}                   # is / isNot (a value or a list), isNull (true or false)
      latest: {column: GXSJ, codec: datetime}          # the greatest wins among rows of one key
      discloses: Person.partyMember
      repeats: true                                    # several rows of one key are no defect here
      fields:
        orgCode: DZZDM                                 # a column, with the default codec of the field's type
        orgName: {column: org.DZZMC, codec: text}      # a column of a join; parameters of the codec beside it
        identity: {columns: [SFZH, DYBH], codec: identity, connector: s1}
        sex: {column: XB, map: {男: "1", 女: "2"}}     # a coded field: spellings of the source -> catalogue codes
        present: {count: {table: DY_QD, on: {DYBH: DYBH}, conditions: [{column: ZT, is: "1"}]}}
        paid: {sum: {table: DF, column: JE, on: {DYBH: DYBH}}}
        amount: {sum: {table: MX, columns: [SL, DJ], on: {DDH: DDH}}}  # of the product
        secretaryIdentity:                             # of the one row of that name; the codec reads its columns
          unique: {table: DY_JBXX, columns: [SFZH, DYBH], on: {DZZDM: DZZDM, DZZSJ: XM}}
          codec: identity
          connector: s1

Columns of joins are written ``join.column`` where they are read; the conditions of a join or sub-select speak of that
table's own columns. Neighbours: :mod:`connectors.manifest` calls it, :mod:`connectors.manifest_catalog` checks it.
"""

from collections.abc import Mapping
from pathlib import Path

from connectors.codecs import Codec
from connectors.codecs.only import Only
from connectors.contract import Aggregation, Binding, BoundField
from connectors.manifest_codecs import CodecTarget, read_codec, target_of
from connectors.manifest_sources import FieldSource, Scope, read_conditions, read_joins, read_source
from schema.catalog import Catalog, Entity, Field
from schema.message import Told
from schema.messages import manifest_bindings, yaml_files
from schema.predicates import ROW_KEY
from schema.yaml_nodes import MappingNode, Node, ScalarNode, did_you_mean

LATEST = "_latest"
"""Name of the bound field that holds a row's time of change, where the manifest gives it by column."""


def read_binding(
    connector: str, entity: Entity, catalog: Catalog, node: MappingNode, files_root: Path | None
) -> Binding | None:
    """The binding of ``entity`` under ``node``; ``None``: it has mistakes, all reported.

    ``files_root``: the folder below which tables of names lie.
    """
    table = node.take_str("table")
    scope = Scope(joins=read_joins(node), files_root=files_root)
    fields_node = node.take_mapping("fields")
    fields = {} if fields_node is None else _read_fields(entity, catalog, fields_node, scope)
    row_key_node = node.take("rowKey")
    row_key = None if row_key_node is None else _read_row_key(row_key_node, scope, fields)
    conditions = read_conditions(node, scope)
    latest = _read_latest(node, scope, fields)
    discloses, repeats = node.find_str("discloses"), node.find_flag("repeats")
    node.unknown_keys()
    if table is None or row_key is None:
        return None
    return Binding(
        connector=connector,
        entity=entity.name,
        table=table,
        row_key=row_key,
        fields={**fields, LATEST: latest} if latest is not None and latest.name == LATEST else fields,
        place=node.place,
        joins=scope.joins,
        conditions=conditions,
        latest=None if latest is None else latest.name,
        discloses=discloses,
        repeats=repeats,
    )


def joined_by(entity: Entity, catalog: Catalog) -> Mapping[str, Told]:
    """Fields by which rows of ``entity`` are looked up or related, each with the reason."""
    reasons = dict.fromkeys(entity.alternate_keys, manifest_bindings.ALTERNATE_KEY())
    for other in catalog.entities.values():
        for relation in other.relations.values():
            reason = manifest_bindings.JOINED_BY(coordinate=f"{other.name}.{relation.name}")
            for key in relation.join:
                if entity.name in relation.targets:
                    reasons[key.remote] = reason
                if other is entity:
                    reasons[key.local] = reason
    return {**reasons, entity.key: manifest_bindings.THE_KEY()}


def _read_fields(entity: Entity, catalog: Catalog, node: MappingNode, scope: Scope) -> dict[str, BoundField]:
    joined = joined_by(entity, catalog)
    bound: dict[str, BoundField] = {}
    for name, spec in node.entries():
        field, place = entity.fields.get(name), node.place_of(name)
        if field is None:
            hint = did_you_mean(name, entity.fields)
            if name in entity.relations:
                hint = (manifest_bindings.BIND_THE_JOIN(),)
            coordinate = f"{entity.name}.{name}"
            node.problems.report(place, manifest_bindings.FIELD_UNKNOWN(coordinate=coordinate, hint=hint))
        elif (refusal := _not_bindable(entity, field)) is not None:
            node.problems.report(place, refusal)
        else:
            codes = catalog.code_tables.get(field.code_table or "")
            target = target_of(field, joined=name in joined, codes=codes)
            if (found := _read_field(target, spec, scope)) is not None:
                bound[name] = found
    return bound


def _not_bindable(entity: Entity, field: Field) -> Told | None:
    coordinate = f"{entity.name}.{field.name}"
    if (base := field.label_of or field.companion_of) is not None:
        return manifest_bindings.FILLED_BY_THE_HUB(coordinate=coordinate, name=base)
    if field.derived is not None:
        return manifest_bindings.BIND_THE_INPUTS(coordinate=coordinate, names=field.derived.inputs)
    return None


def _read_field(target: CodecTarget, node: Node, scope: Scope) -> BoundField | None:
    """A field spec: a column alone, or a mapping of column(s) or sub-select, codec and its parameters."""
    source, codec = read_source(target.name, node, scope), read_codec(target, node, scope.files_root)
    if source is None or codec is None:
        return None
    if codec.arity != source.width:
        told = manifest_bindings.CODEC_WIDTH(name=target.name, other=codec.name, total=codec.arity, count=source.width)
        node.problems.report(node.place, told)
        return None
    return _bound(target.name, source, codec, node)


def _bound(name: str, source: FieldSource, codec: Codec, node: Node) -> BoundField:
    if source.sub_select is not None and source.sub_select.aggregation is Aggregation.UNIQUE:
        codec = Only(inner=codec)
    return BoundField(name=name, columns=source.columns, codec=codec, place=node.place, sub_select=source.sub_select)


def _read_row_key(node: Node, scope: Scope, fields: Mapping[str, BoundField]) -> BoundField | None:
    """A field spec; a column alone takes the codec of the field that reads the same column, else it is a token."""
    if isinstance(node, ScalarNode) and (source := read_source(ROW_KEY, node, scope)) is not None:
        for field in fields.values():
            if field.columns == source.columns:
                return _bound(ROW_KEY, source, field.codec, node)
    key = _read_field(CodecTarget(name=ROW_KEY, scalar=None, default="token"), node, scope)
    if key is not None and key.sub_select is not None:
        node.problems.report(node.place, manifest_bindings.ROW_KEY_NO_COLUMN())
        return None
    return key


def _read_latest(node: MappingNode, scope: Scope, fields: Mapping[str, BoundField]) -> BoundField | None:
    """``latest``: the name of a bound field, or a field spec of its own; absent or reported: ``None``."""
    spec = node.find("latest")
    if isinstance(spec, MappingNode):
        return _read_field(CodecTarget(name=LATEST, scalar=None, default="datetime"), spec, scope)
    name = None if spec is None else spec.as_str(yaml_files.KEY(key="latest"))
    if name is not None and name not in fields:
        hint = did_you_mean(name, fields)
        node.problems.report(node.place_of("latest"), manifest_bindings.LATEST_UNBOUND(name=name, hint=hint))
    return None if name is None else fields.get(name)
