"""From settings to a snapshot: catalogue, policy and manifests are read, connectors and schema built of them.

No source is touched. Neighbours: :mod:`hutong.composition` builds the rest of the hub around it, ``hutong manifest
check`` reads connections and clock the same way.
"""

import hashlib
import os
import time
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from dotenv import dotenv_values

from authz.policy_files import load_policy
from connectors.contract import Manifest
from connectors.manifest import load_manifest
from connectors.registry import build_connector
from hutong.lifecycle import StartRefused
from hutong.settings import Settings
from resolvers.ages import Clock, real_time
from resolvers.ordinary import resolve_root
from resolvers.snapshot import Snapshot
from schema.build import build_schema
from schema.catalog import Catalog
from schema.catalog_loader import load_catalog
from schema.identity import SHANGHAI
from schema.messages import starting


def load_snapshot(settings: Settings, clock: Clock = real_time) -> Snapshot:
    """Read catalogue, policy and manifests; build connectors and schema. Touches no source.

    Raises `StartRefused`, ``CatalogInvalid``, ``PolicyInvalid`` or ``ManifestInvalid``.
    """
    catalog = load_catalog(settings.catalog_dir)
    policy_files = tuple(sorted(settings.policies_dir.glob("*.yaml")))
    if not policy_files:
        raise StartRefused(starting.NO_POLICY_FILES(folder=str(settings.policies_dir)))
    manifest_files = tuple(sorted(settings.manifests_dir.glob("*.yaml")))
    if not manifest_files:
        raise StartRefused(starting.NO_MANIFESTS(folder=str(settings.manifests_dir)))
    policy = load_policy(policy_files, settings.policy_version, catalog)
    manifests = _load_manifests(manifest_files, catalog, settings)
    return Snapshot(
        catalog=catalog,
        manifests=manifests,
        connectors={
            name: build_connector(manifest, sqlite_root=settings.sources_dir, clock=clock)
            for name, manifest in manifests.items()
        },
        schema=build_schema(catalog, resolve_root),
        policy=policy,
        digest=_digest(catalog, (*policy_files, *manifest_files), settings.policy_version),
    )


def _load_manifests(files: Iterable[Path], catalog: Catalog, settings: Settings) -> dict[str, Manifest]:
    """Manifests by connector; every source that the catalogue relies on must be there, once."""
    environment = connection_variables(settings, os.environ)
    found: dict[str, Manifest] = {}
    for file in files:
        manifest = load_manifest(
            file,
            catalog,
            environment=environment,
            secrets_root=settings.secrets_dir,
            files_root=settings.sources_dir,
        )
        if manifest.connector in found:
            raise StartRefused(starting.MANIFEST_TWICE(file=str(file), name=manifest.connector))
        found[manifest.connector] = manifest
    missing = tuple(
        starting.ROWS_NEEDED(name=entity.name, other=connector)
        for entity in catalog.entities.values()
        for connector in entity.row_sources
        if connector not in found or entity.name not in found[connector].bindings
    )
    if missing:
        raise StartRefused(starting.ROWS_UNBOUND(folder=str(settings.manifests_dir), reasons=missing))
    return found


def connection_variables(settings: Settings, environment: Mapping[str, str]) -> Mapping[str, str]:
    """What manifests' ``env:`` references see: the process's environment, and below it the connections file.

    Raises `StartRefused` when the settings name a file that is not there.
    """
    if settings.connections_file is None:
        return environment
    if not settings.connections_file.is_file():
        raise StartRefused(starting.CONNECTIONS_MISSING(file=str(settings.connections_file)))
    given = dotenv_values(settings.connections_file, interpolate=False)
    return {**{name: value for name, value in given.items() if value is not None}, **environment}


def _digest(catalog: Catalog, files: Iterable[Path], policy_version: int) -> str:
    """Identifies the state of the world in cache keys."""
    digest = hashlib.sha256(f"{catalog.digest}/{policy_version}".encode())
    for file in files:
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def hub_clock(starts_at: datetime | None) -> Clock:
    """A clock that shows ``starts_at`` now and goes on from there; without it, the real time."""
    if starts_at is None:
        return real_time
    first, since = starts_at.astimezone(SHANGHAI), time.monotonic()
    return lambda: first + timedelta(seconds=time.monotonic() - since)
