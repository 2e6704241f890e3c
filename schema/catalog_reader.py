"""Written entities and code tables -> catalogue types. Only the form is judged here: kinds, spellings, unknown keys.

Neighbours: :mod:`schema.catalog_loader` reads the files and calls this; :mod:`schema.catalog_checks` judges the whole.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from schema.catalog import (
    CodeTable,
    Derivation,
    DerivedFunction,
    Entity,
    Field,
    JoinKey,
    MaskKind,
    Place,
    Relation,
    RowClass,
    ScopeKind,
    ScopePath,
    Title,
)
from schema.labels import UNLABELLED, Label, highest, parse_label
from schema.row_class_reader import read_predicate
from schema.trees import Tree
from schema.values import ScalarType
from schema.yaml_source import MappingNode, Node, did_you_mean

_TYPE_NAME = re.compile(r"[A-Z][A-Za-z0-9]*\Z")
_MEMBER_NAME = re.compile(r"[a-z][A-Za-z0-9]*\Z")
_CALL = re.compile(r"([A-Za-z0-9]+)\(([^()]*)\)\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenEntity:
    """An entity and the places of what has none of its own in :class:`Entity`.

    Places are named by path: ``rowLabel``, ``key``, ``lookups``, ``authority.mobile``, ``scopes.OWN``,
    ``rowClasses.0``.
    """

    entity: Entity
    places: Mapping[str, Place]

    def place_of(self, path: str) -> Place:
        """Where ``path`` is written, else where the entity is."""
        return self.places.get(path, self.entity.place)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileDefaults:
    """What the entities of one file share: their domain, and the owner of those that name none."""

    domain: str
    owner: str | None


def read_entity(name: str, node: MappingNode, *, defaults: FileDefaults) -> WrittenEntity | None:
    """One entity of a file; ``None``: it cannot be built, reported."""
    places: dict[str, Place] = {key: node.place_of(key) for key in ("key", "plural", "rowLabel", "rowSources")}
    if not _TYPE_NAME.match(name):
        node.problems.report(node.place, f'entity name "{name}" must be letters and digits, beginning with a capital')
    owner = node.find_str("owner") or defaults.owner
    if owner is None:
        node.problems.report(node.place, '"owner" is missing; write it here or at the head of the file')
    title, key, plural = read_title(node), node.take_str("key"), node.take_str("plural")
    row_sources = node.take_strs("rowSources")
    fields = _read_fields(node)
    relations = _read_relations(node)
    row_label = _read_label(node, "rowLabel") if node.find("rowLabel") else None
    authority, scopes = _read_authority(node, places), _read_scopes(node, places)
    row_classes = _read_row_classes(node, places)
    alternate_keys, lookups = node.find_strs("alternateKeys"), node.find_strs("lookups")
    places |= {path: node.place_of(path) for path in ("alternateKeys", "lookups", "authority")}
    description, root_list = node.find_str("description") or "", node.find_flag("rootList", default=True)
    node.unknown_keys()
    if title is None or key is None or plural is None or row_sources is None or owner is None:
        return None
    entity = Entity(
        name=name,
        plural=plural,
        domain=defaults.domain,
        owner=owner,
        title=title,
        key=key,
        fields=fields,
        relations=relations,
        row_label=row_label or _computed_row_label(key, fields, relations),
        row_sources=row_sources,
        place=node.place,
        description=description,
        alternate_keys=alternate_keys,
        lookups=lookups,
        root_list=root_list,
        authority=authority,
        scopes=scopes,
        row_classes=row_classes,
    )
    return WrittenEntity(entity=entity, places=places)


def read_code_table(name: str, node: MappingNode) -> CodeTable | None:
    """One code table: its title, standard and ``codes`` in order."""
    title, standard, codes = read_title(node), node.find_str("standard") or "", node.take_mapping("codes")
    titles: dict[str, Title] = {}
    for code, written in () if codes is None else codes.entries():
        body = written.as_mapping(f'code "{code}"')
        if body is not None and (code_title := _title_of(body)) is not None:
            titles[code] = code_title
    node.unknown_keys()
    return None if title is None else CodeTable(name=name, title=title, codes=titles, standard=standard)


def read_title(node: MappingNode) -> Title | None:
    """The required ``title: {zh, en}``."""
    body = node.take_mapping("title")
    return None if body is None else _title_of(body)


def _title_of(body: MappingNode) -> Title | None:
    zh, en = body.take_str("zh"), body.take_str("en")
    body.unknown_keys()
    return None if zh is None or en is None else Title(zh=zh, en=en)


def _read_label(node: MappingNode, key: str = "label") -> Label | None:
    text = node.take_str(key)
    if text is None:
        return None
    try:
        return parse_label(text)
    except ValueError as error:
        node.problems.report(node.place_of(key), str(error))
        return None


def _computed_row_label(key: str, fields: Mapping[str, Field], relations: Mapping[str, Relation]) -> Label:
    """D1: the highest label among the key and the relations to a person."""
    to_person = (relation.label for relation in relations.values() if relation.target == "Person")
    return highest((fields[key].label if key in fields else UNLABELLED, *to_person))


# --- fields ----------------------------------------------------------------------------------------------------------


def _read_fields(node: MappingNode) -> Mapping[str, Field]:
    declared: dict[str, Field] = {}
    written = node.take_mapping("fields")
    for name, spec in () if written is None else written.entries():
        body = spec.as_mapping(f'field "{name}"')
        if body is not None and (field := _read_field(name, body)) is not None:
            declared[name] = field
    return with_companions(declared)


def _read_field(name: str, node: MappingNode) -> Field | None:
    _check_member_name("field", name, node)
    scalar, label, title = node.take_enum("type", ScalarType), _read_label(node), read_title(node)
    derived = _read_derivation(node)
    mask = node.find_enum("mask", MaskKind) or MaskKind.FULL
    code_table, companion = node.find_str("codes"), node.find_str("companion")
    description, declassified = node.find_str("description") or "", node.find_str("declassified")
    is_list, internal = node.find_flag("list"), node.find_flag("internal")
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
    )


def _read_derivation(node: MappingNode) -> Derivation | None:
    """``derived: ratio(present, expected)``."""
    text = node.find_str("derived")
    if text is None:
        return None
    functions = {function.value: function for function in DerivedFunction}
    call = _CALL.match(text)
    if call is None:
        node.problems.report(node.place_of("derived"), f'"derived" must be function(field, ...), not "{text}"')
        return None
    if call[1] not in functions:
        hint = did_you_mean(call[1], functions) or f"; the functions are {', '.join(functions)}"
        node.problems.report(node.place_of("derived"), f'there is no function "{call[1]}"{hint}')
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
            title = Title(zh=f"{base.title.zh}名称", en=f"{base.title.en} (label)")
            fields[name] = replace(declared.get(name) or _companion(name, base, title), label_of=base.name)
        if base.text_companion is not None:
            name = base.text_companion
            title = Title(zh=f"{base.title.zh}（文本）", en=f"{base.title.en} (text)")
            fields[name] = replace(declared.get(name) or _companion(name, base, title), companion_of=base.name)
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


# --- relations, scopes, sources, row classes -------------------------------------------------------------------------


def _read_relations(node: MappingNode) -> Mapping[str, Relation]:
    relations: dict[str, Relation] = {}
    written = node.find_mapping("relations")
    for name, spec in () if written is None else written.entries():
        body = spec.as_mapping(f'relation "{name}"')
        if body is not None and (relation := _read_relation(name, body)) is not None:
            relations[name] = relation
    return relations


def _read_relation(name: str, node: MappingNode) -> Relation | None:
    _check_member_name("relation", name, node)
    to_one, to_many = node.find_str("to"), node.find_str("toMany")
    if (to_one is None) == (to_many is None):
        node.problems.report(node.place, f'relation "{name}" needs one of "to" (one row) and "toMany" (rows)')
    label, title, join = _read_label(node), read_title(node), _read_join(node)
    tree, inverse = node.find_enum("tree", Tree), node.find_str("inverse")
    description, internal = node.find_str("description") or "", node.find_flag("internal")
    node.unknown_keys()
    target = to_one or to_many
    if target is None or label is None or title is None or not join:
        return None
    return Relation(
        name=name,
        target=target,
        many=to_many is not None,
        join=join,
        title=title,
        label=label,
        place=node.place,
        description=description,
        tree=tree,
        inverse=inverse,
        internal=internal,
    )


def _read_join(node: MappingNode) -> tuple[JoinKey, ...]:
    """``join: [memberNo, parentCode = orgCode]``: field here = field there, or one name for both."""
    keys = []
    for text in node.take_strs("join") or ():
        local, equals, remote = (part.strip() for part in text.partition("="))
        if not local or (equals and not remote):
            node.problems.report(
                node.place_of("join"), f'"join" takes "field" or "field here = field there", not "{text}"'
            )
        else:
            keys.append(JoinKey(local=local, remote=remote or local))
    return tuple(keys)


def _read_authority(node: MappingNode, places: dict[str, Place]) -> Mapping[str, tuple[str, ...]]:
    authority: dict[str, tuple[str, ...]] = {}
    written = node.find_mapping("authority")
    for name, connectors in () if written is None else written.entries():
        places[f"authority.{name}"] = connectors.place
        authority[name] = connectors.as_strs(f'"{name}"') or ()
    return authority


def _read_scopes(node: MappingNode, places: dict[str, Place]) -> Mapping[ScopeKind, ScopePath]:
    """``scopes: {ORGTREE: member.org.orgCode}``."""
    scopes: dict[ScopeKind, ScopePath] = {}
    written = node.find_mapping("scopes")
    for kind in ScopeKind:
        text = None if written is None else written.find_str(kind.value)
        if written is not None and text is not None:
            *relations, field = text.split(".")
            scopes[kind] = ScopePath(relations=tuple(relations), field=field)
            places[f"scopes.{kind.value}"] = written.place_of(kind.value)
    if written is not None:
        written.unknown_keys()
    return scopes


def _read_row_classes(node: MappingNode, places: dict[str, Place]) -> tuple[RowClass, ...]:
    classes: list[RowClass] = []
    for item in node.find_list("rowClasses"):
        body = item.as_mapping("a row class")
        if body is None:
            continue
        when, label = body.take_mapping("when"), _read_label(body)
        body.unknown_keys()
        if when is not None and label is not None:
            places[f"rowClasses.{len(classes)}"] = body.place
            predicate, constants = read_predicate(when)
            classes.append(RowClass(when=predicate, constants=constants, label=label))
    return tuple(classes)


def _check_member_name(kind: str, name: str, node: Node) -> None:
    if not _MEMBER_NAME.match(name):
        message = f'{kind} name "{name}" must be letters and digits, beginning with a small letter'
        node.problems.report(node.place, message)
