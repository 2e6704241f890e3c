"""Written entities and code tables -> catalogue types. Only the form is judged here: kinds, spellings, unknown keys.

Neighbours: :mod:`schema.catalog_loader` reads the files and calls this, :mod:`schema.field_reader` reads
fields, :mod:`schema.catalog_checks` judges the whole.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from schema.catalog import (
    CheckTest,
    CodeTable,
    Deprecation,
    Entity,
    Field,
    Place,
    QualityCheck,
    Relation,
    RowClass,
    ScopeKind,
    ScopePath,
    Title,
)
from schema.field_reader import read_deprecation, read_fields, read_label, read_title, title_of
from schema.labels import UNLABELLED, Label, highest
from schema.messages import catalogue_files, catalogue_rules, yaml_files
from schema.relation_reader import read_relations
from schema.row_class_reader import read_predicate
from schema.yaml_source import MappingNode

_TYPE_NAME = re.compile(r"[A-Z][A-Za-z0-9]*\Z")
_QUALITY_CODE = re.compile(r"[A-Z][A-Z0-9_]*(\([A-Za-z0-9]+\))?\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenEntity:
    """An entity and the places of what has none of its own in :class:`Entity`.

    Places are named by path: ``rowLabel``, ``key``, ``lookups``, ``authority.mobile``, ``scopes.OWN``,
    ``rowClasses.0``, ``checks.0``.
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
        node.problems.report(node.place, catalogue_files.ENTITY_NAME(name=name))
    owner = node.find_str("owner") or defaults.owner
    if owner is None:
        node.problems.report(node.place, catalogue_files.OWNER_MISSING())
    title, key, plural = read_title(node), node.take_str("key"), node.take_str("plural")
    row_sources = node.take_strs("rowSources")
    fields = read_fields(node)
    relations = read_relations(node)
    row_label = read_label(node, "rowLabel") if node.find("rowLabel") else None
    authority, scopes = _read_authority(node, places), _read_scopes(node, places)
    row_classes, checks = _read_row_classes(node, places), _read_checks(node, places)
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
        checks=checks,
    )
    return WrittenEntity(entity=entity, places=places)


def read_code_table(name: str, node: MappingNode) -> CodeTable | None:
    """One code table: its title, standard and ``codes`` in order."""
    title, standard, codes = read_title(node), node.find_str("standard") or "", node.take_mapping("codes")
    titles: dict[str, Title] = {}
    deprecated: dict[str, Deprecation] = {}
    for code, written in () if codes is None else codes.entries():
        body = written.as_mapping(catalogue_files.CODE_QUOTED(code=code))
        if body is None:
            continue
        if (deprecation := read_deprecation(body)) is not None:
            deprecated[code] = deprecation
        if (code_title := title_of(body)) is not None:
            titles[code] = code_title
    for code, deprecation in deprecated.items():
        if deprecation.use is not None and (deprecation.use not in titles or deprecation.use in deprecated):
            told = catalogue_files.CODE_REPLACEMENT(code=code, other=deprecation.use)
            node.problems.report(node.place_of("codes"), told)
    node.unknown_keys()
    return (
        None
        if title is None
        else CodeTable(name=name, title=title, codes=titles, standard=standard, deprecated=deprecated)
    )


def _computed_row_label(key: str, fields: Mapping[str, Field], relations: Mapping[str, Relation]) -> Label:
    """D1: the highest label among the key and the relations to a person."""
    to_person = (relation.label for relation in relations.values() if "Person" in relation.targets)
    return highest((fields[key].label if key in fields else UNLABELLED, *to_person))


# --- scopes, sources, row classes, checks -----------------------------------------------------------------------------


def _read_authority(node: MappingNode, places: dict[str, Place]) -> Mapping[str, tuple[str, ...]]:
    authority: dict[str, tuple[str, ...]] = {}
    written = node.find_mapping("authority")
    for name, connectors in () if written is None else written.entries():
        places[f"authority.{name}"] = connectors.place
        authority[name] = connectors.as_strs(yaml_files.KEY(key=name)) or ()
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
        body = item.as_mapping(catalogue_files.A_ROW_CLASS())
        if body is None:
            continue
        when, label = body.take_mapping("when"), read_label(body)
        body.unknown_keys()
        if when is not None and label is not None:
            places[f"rowClasses.{len(classes)}"] = body.place
            predicate, constants = read_predicate(when)
            classes.append(RowClass(when=predicate, constants=constants, label=label))
    return tuple(classes)


def _read_checks(node: MappingNode, places: dict[str, Place]) -> tuple[QualityCheck, ...]:
    """``checks: [{code: TIME_ORDER, test: notAfter, fields: [acceptedAt, finishedAt]}]``."""
    checks: list[QualityCheck] = []
    for item in node.find_list("checks"):
        body = item.as_mapping(catalogue_files.A_CHECK())
        if body is None:
            continue
        code, test, fields = body.take_str("code"), body.take_enum("test", CheckTest), body.take_strs("fields")
        body.unknown_keys()
        if code is not None and not _QUALITY_CODE.match(code):
            body.problems.report(body.place_of("code"), catalogue_rules.CHECK_CODE(written=code))
        if fields is not None and len(fields) != 2:
            body.problems.report(body.place_of("fields"), catalogue_rules.CHECK_FIELDS(count=len(fields)))
        elif code is not None and test is not None and fields is not None:
            places[f"checks.{len(checks)}"] = body.place
            checks.append(QualityCheck(code=code, test=test, fields=(fields[0], fields[1])))
    return tuple(checks)
