"""One frozen state of the world: catalogue, bindings, connectors, GraphQL schema and policy.

A change builds a new snapshot and swaps one reference; running operations keep theirs.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from authz.policy import PolicyVersion
from connectors.contract import Connector, Manifest
from schema.build import CatalogSchema
from schema.catalog import Catalog


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """Everything one operation runs against. ``digest`` identifies it in cache keys."""

    catalog: Catalog
    manifests: Mapping[str, Manifest]
    connectors: Mapping[str, Connector]
    schema: CatalogSchema
    policy: PolicyVersion
    digest: str
