"""Written fields -> catalogue fields, with the companions that come by themselves; titles, labels and names as written.

Neighbours: :mod:`schema.catalog_reader` reads entities with it; :mod:`schema.field_checks` judges fields.
"""

import re
from collections.abc import Mapping
from dataclasses import replace

from schema.catalog import Deprecation, Derivation, DerivedFunction, Field, MaskKind, Title
from schema.labels import Label, parse_label
from schema.message import Unusable
from schema.messages import catalogue_files
from schema.values import ScalarType
from schema.yaml_source import MappingNode, did_you_mean

_MEMBER_NAME = re.compile(r"[a-z][A-Za-z0-9]*\Z")
_CALL = re.compile(r"([A-Za-z0-9]+)\(([^()]*)\)\Z")


def read_title(node: MappingNode) -> Title | None:
    """The required ``title: {zh, en}``."""
    body = node.take_mapping("title")
    return None if body is None else title_of(body)


def title_of(body: MappingNode) -> Title | None:
    """``{zh, en}``, both required."""
    zh, en = body.take_str("zh"), body.take_str("en")
    body.unknown_keys()
    return None if zh is None or en is None else Title(zh=zh, en=en)


def read_deprecation(node: MappingNode) -> Deprecation | None:
    """The optional ``deprecated: {since, reason, use}``; ``use`` may be left out."""
    body = node.find_mapping("deprecated")
    if body is None:
        return None
    since, reason, use = body.take_str("since"), body.take_str("reason"), body.find_str("use")
    body.unknown_keys()
    return None if since is None or reason is None else Deprecation(since=since, reason=reason, use=use)


def read_label(node: MappingNode, key: str = "label") -> Label | None:
    """The required label under ``key``, in its short spelling."""
    text = node.take_str(key)
    if text is None:
        return None
    try:
        return parse_label(text)
    except Unusable as error:
        node.problems.report(node.place_of(key), error.told)
        return None


def is_member_name(name: str) -> bool:
    """Whether this can be the name of a field or relation."""
    return _MEMBER_NAME.match(name) is not None


def read_fields(node: MappingNode) -> Mapping[str, Field]:
    """The required ``fields`` of an entity, companions included; wrong ones are reported and left out."""
    declared: dict[str, Field] = {}
    written = node.take_mapping("fields")
    for name, spec in () if written is None else written.entries():
        body = spec.as_mapping(catalogue_files.FIELD_QUOTED(name=name))
        if body is not None and (field := _read_field(name, body)) is not None:
            declared[name] = field
    return with_companions(declared)


def _read_field(name: str, node: MappingNode) -> Field | None:
    if not is_member_name(name):
        node.problems.report(node.place, catalogue_files.FIELD_NAME(name=name))
    scalar, label, title = node.take_enum("type", ScalarType), read_label(node), read_title(node)
    derived = _read_derivation(node)
    mask = node.find_enum("mask", MaskKind) or MaskKind.FULL
    code_table, companion = node.find_str("codes"), node.find_str("companion")
    description, declassified = node.find_str("description") or "", node.find_str("declassified")
    is_list, internal = node.find_flag("list"), node.find_flag("internal")
    deprecated = read_deprecation(node)
    filterable, sortable = node.find_flag("filterable", default=True), node.find_flag("sortable", default=True)
    node.unknown_keys()
    if scalar is None or label is None or title is None:
        return None
    return Field(
        name=name,
        type=scalar,
        title=title,
        label=label,
        place=node.place,
        description=description,
        is_list=is_list,
        internal=internal,
        code_table=code_table,
        derived=derived,
        declassified=declassified,
        mask=mask,
        text_companion=companion,
        filterable=filterable,
        sortable=sortable,
        deprecated=deprecated,
    )


def _read_derivation(node: MappingNode) -> Derivation | None:
    """``derived: ratio(present, expected)``."""
    text = node.find_str("derived")
    if text is None:
        return None
    functions = {function.value: function for function in DerivedFunction}
    call = _CALL.match(text)
    if call is None:
        node.problems.report(node.place_of("derived"), catalogue_files.DERIVATION_FORM(written=text))
        return None
    if call[1] not in functions:
        hint = did_you_mean(call[1], functions) or (catalogue_files.FUNCTIONS_HERE(names=tuple(functions)),)
        node.problems.report(node.place_of("derived"), catalogue_files.FUNCTION_UNKNOWN(name=call[1], hint=hint))
        return None
    inputs = tuple(part.strip() for part in call[2].split(","))
    return Derivation(function=functions[call[1]], inputs=inputs)


def with_companions(declared: Mapping[str, Field]) -> Mapping[str, Field]:
    """``declared`` with the fields that come by themselves, each after its base: ``xLabel`` of a code, text companions.

    A companion that is written out keeps its own title and description.
    """
    fields: dict[str, Field] = {}
    for base in declared.values():
        fields.setdefault(base.name, base)
        if base.code_table is not None and not base.internal:
            name = f"{base.name}Label"
            title = Title(zh=f"{base.title.zh}名称", en=f"{base.title.en} in words")
            companion = declared.get(name) or _companion(name, base, title)
            fields[name] = replace(companion, label_of=base.name, deprecated=companion.deprecated or base.deprecated)
        if base.text_companion is not None:
            name = base.text_companion
            title = Title(zh=f"{base.title.zh}（文本）", en=f"{base.title.en} (text)")
            companion = declared.get(name) or _companion(name, base, title)
            fields[name] = replace(
                companion, companion_of=base.name, deprecated=companion.deprecated or base.deprecated
            )
    return fields


def _companion(name: str, base: Field, title: Title) -> Field:
    return Field(
        name=name,
        type=ScalarType.STRING,
        title=title,
        label=base.label,
        place=base.place,
        is_list=base.is_list,
        internal=base.internal,
        filterable=False,
        sortable=False,
    )
