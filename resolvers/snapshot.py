"""One frozen state of the world: catalogue, bindings, connectors, GraphQL schema and policy.

A change builds a new snapshot and swaps one reference; running operations keep theirs.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from authz.policy import PolicyVersion
from connectors.contract import Binding, Connector, Manifest
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

    def bindings_by_entity(self) -> dict[str, tuple[Binding, ...]]:
        """Every entity's bindings, row sources first and in their order."""
        found: dict[str, tuple[Binding, ...]] = {}
        for entity in self.catalog.entities.values():
            rank = {connector: position for position, connector in enumerate(entity.row_sources)}
            bindings = [m.bindings[entity.name] for m in self.manifests.values() if entity.name in m.bindings]
            found[entity.name] = tuple(sorted(bindings, key=lambda b: rank.get(b.connector, len(rank))))
        return found
