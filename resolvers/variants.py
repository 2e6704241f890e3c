"""The schema as callers see it (D6): a copy without the names that are hidden from them, made once and shared.

Stage: before *parse*. Neighbours: :mod:`resolvers.visibility` says what is hidden, :mod:`schema.visible` copies,
:mod:`resolvers.documents` validates against it.
"""

from cachetools import LRUCache

from authz.decisions import AccessMap
from resolvers.documents import Variant
from resolvers.visibility import hidden_coordinates
from schema.build import CatalogSchema
from schema.catalog import Catalog
from schema.coordinates import Coordinate
from schema.visible import visible_schema


class Variants:
    """Variants of one schema; callers with the same hidden names share one."""

    def __init__(self, schema: CatalogSchema, catalog: Catalog) -> None:
        self._schema = schema
        self._catalog = catalog
        self._by_hidden: LRUCache[frozenset[Coordinate], Variant] = LRUCache(64)
        self._by_decisions: LRUCache[str, Variant] = LRUCache(1_000)

    def of(self, access: AccessMap) -> Variant:
        """The variant for these decisions."""
        found = self._by_decisions.get(access.digest)
        if found is None:
            hidden = hidden_coordinates(self._catalog, access)
            found = self._by_hidden.get(hidden)
            if found is None:
                schema = visible_schema(self._schema, self._catalog, hidden) if hidden else self._schema
                found = self._by_hidden[hidden] = Variant(hidden=hidden, schema=schema)
            self._by_decisions[access.digest] = found
        return found
