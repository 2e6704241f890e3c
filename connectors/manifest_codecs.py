"""The codec of a bound field: named in the manifest or implied by the catalogue, and fitting the field's type.

What is implied keeps manifests short: keys and join fields of text are tokens, coded fields let the catalogue's codes
pass (with a ``map`` beside them for the source's own spellings), every other type has one natural codec.

Neighbours: :mod:`connectors.codecs` builds them, :mod:`connectors.manifest_bindings` calls ``read_codec``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from connectors.codecs import CODEC_KINDS, Codec, build_codec
from connectors.manifest_sources import SOURCE_KEYS
from connectors.manifest_tables import Names, names_file, read_names
from schema.catalog import CodeTable, Field
from schema.message import Unusable
from schema.messages import manifest_bindings, yaml_files
from schema.values import ScalarType
from schema.yaml_nodes import ListNode, MappingNode, Node, did_you_mean

DEFAULT_KINDS: Mapping[ScalarType, str] = {
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
"""The codec of a field whose spec names none; see `_implied` for keys and coded fields."""

_STRING, _DATES = frozenset({ScalarType.STRING}), frozenset({ScalarType.DATE})
_MONTHS = frozenset({ScalarType.MONTH})
_TEXTS = _STRING | {ScalarType.CODE, ScalarType.DIV_CODE, ScalarType.USCC, ScalarType.PERSON_KEY}
_SCALARS: Mapping[str, frozenset[ScalarType]] = {
    **dict.fromkeys(("verbatim", "token", "text", "code", "alias"), _TEXTS),
    **dict.fromkeys(("identity", "id_number", "uuid"), _STRING),
    **dict.fromkeys(("date", "date_digits", "id_birth"), _DATES),
    "id_sex": frozenset({ScalarType.CODE}),
    **dict.fromkeys(("month_dotted", "month_digits", "month_date"), _MONTHS),
    **dict.fromkeys(("datetime", "epoch"), frozenset({ScalarType.DATE_TIME})),
    **dict.fromkeys(("fen", "yuan", "wanyuan"), frozenset({ScalarType.FEN})),
    "uscc": _STRING | {ScalarType.USCC},
    "div": _STRING | {ScalarType.DIV_CODE},
    "integer": frozenset({ScalarType.INT, ScalarType.FEN}),
    "float": frozenset({ScalarType.FLOAT}),
    "boolean": frozenset({ScalarType.BOOLEAN}),
    "figures": frozenset({ScalarType.INT}),
    "digits": _STRING,
    "bits": frozenset({ScalarType.CODE, ScalarType.STRING}),
    "split": _STRING,
}
LIST_KINDS = ("bits", "split")
"""Codecs that give lists."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodecTarget:
    """What a codec is for: a catalogue field, or (``scalar`` None) a row key or change time, which may be anything.

    ``joined``: rows are looked up by the field; ``codes``: its code table; ``default``: the kind when none is named.
    """

    name: str
    scalar: ScalarType | None
    default: str
    codes: CodeTable | None = None
    is_list: bool = False


def target_of(field: Field, *, joined: bool, codes: CodeTable | None) -> CodecTarget:
    """The target for a field of the catalogue; ``joined``: it is a key, or a relation joins by it."""
    default = DEFAULT_KINDS[field.type]
    if codes is not None:
        default = "code"
    elif joined and field.type is ScalarType.STRING:
        default = "token"
    return CodecTarget(name=field.name, scalar=field.type, default=default, codes=codes, is_list=field.is_list)


def scalars_of(kind: str, parameters: Mapping[str, Any]) -> frozenset[ScalarType]:
    """The catalogue types that values of this codec belong to."""
    if kind in ("month_dotted", "month_digits") and parameters.get("as") == "date":
        return _DATES
    return _SCALARS[kind]


def read_codec(target: CodecTarget, node: Node, files_root: Path | None) -> Codec | None:
    """The codec in a field spec: ``codec`` and, beside it, its parameters; ``None``: reported.

    ``files_root``: where tables of names lie.
    """
    kind, parameters, place = target.default, dict[str, Any](), node.place
    if isinstance(node, MappingNode):
        kind, place = node.find_str("codec") or kind, node.place_of("codec")
        for key, value in node.entries():
            if (file := names_file(key, value)) is not None:
                names = read_names(file, files_root)
                if names is None:
                    return None
                parameters |= _of_names(kind, key, names) | parameters
            elif key not in (*SOURCE_KEYS, "codec"):
                parameters[key] = _plain(value, key)
    if kind not in CODEC_KINDS:
        hint = did_you_mean(kind, CODEC_KINDS) or (manifest_bindings.CODECS_HERE(names=CODEC_KINDS),)
        node.problems.report(place, manifest_bindings.CODEC_UNKNOWN(name=target.name, other=kind, hint=hint))
        return None
    scalars = scalars_of(kind, parameters)
    if target.scalar is not None and target.scalar not in scalars:
        gives = tuple(sorted(scalar.value for scalar in scalars))
        told = manifest_bindings.CODEC_TYPE(name=target.name, type=target.scalar.value, other=kind, names=gives)
        node.problems.report(place, told)
        return None
    if target.scalar is not None and target.is_list is not (kind in LIST_KINDS):
        node.problems.report(
            place,
            manifest_bindings.CODEC_OF_LIST(name=target.name, alternatives=LIST_KINDS, other=kind)
            if target.is_list
            else manifest_bindings.CODEC_OF_SINGLE(name=target.name, other=kind),
        )
        return None
    if target.codes is not None and kind in ("code", "bits"):
        _fill_codes(target, target.codes, parameters, node)
    try:
        return build_codec(kind, parameters)
    except Unusable as refused:
        node.problems.report(place, manifest_bindings.CODEC_REFUSED(name=target.name, reason=refused.told))
        return None


def _fill_codes(target: CodecTarget, table: CodeTable, parameters: dict[str, Any], node: Node) -> None:
    """Let the catalogue's codes pass where the manifest says no more, and refuse codes the catalogue does not have."""
    if "map" not in parameters and not target.is_list:
        parameters["map"] = {code: code for code in table.codes}
    elif parameters.get("pass") is True and "codes" not in parameters:
        parameters["codes"] = list(table.codes)
    spellings = parameters.get("map")
    for code in dict.fromkeys(spellings.values() if isinstance(spellings, Mapping) else ()):
        if code is not None and code not in table.codes:
            hint = did_you_mean(code, table.codes)
            place = node.place_of("map") if isinstance(node, MappingNode) else node.place
            told = manifest_bindings.CODE_UNKNOWN(name=target.name, other=table.name, code=code, hint=hint)
            node.problems.report(place, told)


def _of_names(kind: str, key: str, names: Names) -> dict[str, Any]:
    """A table of names as parameters: a text stays as it is, and is told when it is not the official one."""
    if kind == "text":
        return {"others": names.others}
    others = tuple(name for name in names.others if name in names.codes)
    return {key: names.codes, **({"others": others} if others else {})}


def _plain(node: Node, key: str) -> Any:
    """A codec parameter as plain data; the values of a mapping are text as written."""
    if isinstance(node, MappingNode):
        return {name: value.as_str(yaml_files.KEY_OF(name=name, key=key)) for name, value in node.entries()}
    if isinstance(node, ListNode):
        return [_plain(item, key) for item in node.items]
    return node.as_literal(yaml_files.KEY(key=key))
