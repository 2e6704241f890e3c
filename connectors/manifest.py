"""Manifests: one YAML file in which a department describes its source, read into a typed, checked ``Manifest``.

Stage: file -> nodes (:mod:`schema.yaml_source`) -> settings (:mod:`connectors.manifest_settings`) and bindings
(:mod:`connectors.manifest_bindings`) -> checks against the catalogue (:mod:`connectors.manifest_catalog`). All mistakes
of a file are collected; the live source is not touched (that is :mod:`connectors.manifest_checks`)::

    connector: s1
    title: {zh: 组织部党员库, en: Party member register}
    department: ORG
    engine: mysql                                      # postgresql, mysql, sqlite, memory, rest, files, or {env: NAME}
    settings:
      host: db.example
      port: {env: S1_PORT, default: "3306"}            # not secret: in place or from the environment
      database: zzb_dyk
      user: hub
      password: {secret: "env:S1_PASSWORD"}            # secret: only by reference, env: or file:
    freshness: {kind: snapshot, maxAge: 26h, changedAt: {table: DY_JBXX, column: GXSJ}}
    maintenance: {from: "02:00", to: "02:40", zone: Asia/Shanghai}     # optional: closed every day
    tables: {...}                                      # engine files: see connectors.files.tables
    pull: {...}                                        # engine rest: see connectors.manifest_pulls
    bindings: {...}                                    # by entity
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

from connectors.contract import Binding, Freshness, Manifest
from connectors.files.tables import check_tables, read_tables
from connectors.manifest_bindings import read_binding
from connectors.manifest_catalog import Written, check_bindings
from connectors.manifest_durations import read_seconds
from connectors.manifest_pulls import read_maintenance, read_pulls
from connectors.manifest_settings import Engine, Surroundings, read_engine, read_settings
from schema.catalog import Catalog, Place, Title
from schema.errors import FilesInvalid
from schema.messages import manifest_files
from schema.yaml_nodes import MappingNode, Problems, did_you_mean
from schema.yaml_source import read_yaml

_NAME = re.compile(r"[a-z][a-z0-9_]{0,31}\Z")


class ManifestInvalid(FilesInvalid):
    """The manifest cannot be used. No problem holds a secret, or the value of a setting out of the environment."""

    code = "MANIFEST_INVALID"


class _Kind(StrEnum):
    LIVE = "live"
    SNAPSHOT = "snapshot"


def load_manifest(
    path: Path,
    catalog: Catalog,
    *,
    environment: Mapping[str, str],
    secrets_root: Path | None = None,
    files_root: Path | None = None,
) -> Manifest:
    """Read and check one manifest.

    ``environment`` answers ``{env: NAME}`` and ``env:NAME``; ``file:`` secrets lie below ``secrets_root`` (default: the
    manifest's folder), tables of names (``{file: ...}``) below ``files_root``. Raises
    `ManifestInvalid` with every mistake.
    """
    problems = Problems()
    root = read_yaml(path, problems)
    around = Surroundings(environment=environment, secrets_root=secrets_root or path.parent, files_root=files_root)
    manifest = None if root is None else _read_manifest(root, catalog, around, problems)
    if problems or manifest is None:
        raise ManifestInvalid(problems.sorted())
    return manifest


def _read_manifest(root: MappingNode, catalog: Catalog, around: Surroundings, problems: Problems) -> Manifest | None:
    connector = root.take_str("connector")
    if connector is not None and not _NAME.match(connector):
        problems.report(root.place_of("connector"), manifest_files.CONNECTOR_NAME())
    title, department = _read_title(root), root.take_str("department")
    engine = read_engine(root, around)
    settings = read_settings(root, engine, around)
    freshness = _read_freshness(root)
    bindings, written = _read_bindings(root, connector or "", catalog, around.files_root)
    if engine is Engine.FILES:
        settings = {**settings, "tables": read_tables(root)}
        check_tables(settings["tables"], bindings, freshness, root)
    pulls, maintenance = read_pulls(root, engine, settings, bindings, catalog), read_maintenance(root)
    root.unknown_keys()
    if connector is None or title is None or department is None or engine is None or freshness is None:
        return None
    check_bindings(connector, bindings, written, catalog, root.place_of("bindings"), problems)
    return Manifest(
        connector=connector,
        title=title,
        department=department,
        engine=engine.value,
        settings=settings,
        freshness=freshness,
        bindings=bindings,
        place=Place(file=root.place.file, line=1),
        pulls=pulls,
        maintenance=maintenance,
    )


def _read_title(root: MappingNode) -> Title | None:
    node = root.take_mapping("title")
    if node is None:
        return None
    zh, en = node.take_str("zh"), node.take_str("en")
    node.unknown_keys()
    return None if zh is None or en is None else Title(zh=zh, en=en)


def _read_freshness(root: MappingNode) -> Freshness | None:
    """``{kind: live | snapshot, maxAge: 60s, changedAt: {table, column}}``; ``None``: reported."""
    node = root.take_mapping("freshness")
    if node is None:
        return None
    kind, seconds = node.take_enum("kind", _Kind), read_seconds(node, "maxAge")
    column_node = node.find_mapping("changedAt")
    column: tuple[str, str] | None = None
    if column_node is not None:
        table, name = column_node.take_str("table"), column_node.take_str("column")
        column_node.unknown_keys()
        column = None if table is None or name is None else (table, name)
    node.unknown_keys()
    if kind is None or seconds is None:
        return None
    return Freshness(live=kind is _Kind.LIVE, max_age_seconds=seconds, column=column)


def _read_bindings(
    root: MappingNode, connector: str, catalog: Catalog, files_root: Path | None
) -> tuple[dict[str, Binding], Written]:
    """The bindings that could be read, and the field names of all that are there."""
    bindings: dict[str, Binding] = {}
    written: dict[str, frozenset[str]] = {}
    node = root.take_mapping("bindings")
    for name, spec in () if node is None else node.entries():
        body = spec.as_mapping(manifest_files.BINDING_OF(name=name))
        if body is None:
            continue
        entity = catalog.entities.get(name)
        if entity is None:
            known = tuple(catalog.entities)
            hint = did_you_mean(name, known) or (manifest_files.ENTITIES_HERE(names=known),)
            body.problems.report(body.place, manifest_files.ENTITY_UNKNOWN(name=name, hint=hint))
            continue
        fields = body.values.get("fields")
        written[name] = frozenset(fields.values) if isinstance(fields, MappingNode) else frozenset()
        if (binding := read_binding(connector, entity, catalog, body, files_root)) is not None:
            bindings[name] = binding
    return bindings, written
