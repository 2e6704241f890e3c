"""The schema that callers of some roles see, from catalogue and policy alone: no sources, no keys.

Neighbours: ``hutong schema print --as`` prints it; a running hub gives its callers the same (`Engine.visible`).
"""

from authz.compilation import compile_access
from authz.policy import PolicyVersion
from authz.subjects import Profile
from resolvers.visibility import hidden_coordinates
from schema.build import CatalogSchema
from schema.catalog import Catalog
from schema.visible import visible_schema


def role_schema(full: CatalogSchema, catalog: Catalog, policy: PolicyVersion, *profiles: Profile) -> CatalogSchema:
    """What callers with this profile see today of ``full``, the schema of ``catalog`` (D6); of several profiles: every
    name that one of them sees.
    """
    hidden = [hidden_coordinates(catalog, compile_access(policy, catalog, profile)) for profile in profiles]
    return visible_schema(full, catalog, frozenset.intersection(*hidden))
