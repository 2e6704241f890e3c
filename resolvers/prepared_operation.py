"""An operation between its preparation and its run. Neighbour: :mod:`resolvers.pipeline` makes it and runs it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import OperationDefinitionNode

from authz.decisions import AccessMap
from authz.subjects import Profile
from resolvers.documents import Document
from resolvers.fetch_plan import ExecutablePlan
from schema.build import CatalogSchema


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedOperation:
    """What is known of an operation before any value is looked at."""

    schema: CatalogSchema
    document: Document
    operation: OperationDefinitionNode
    variables: Mapping[str, Any]
    plan: ExecutablePlan
    profile: Profile
    access: AccessMap
    cost: int
