"""The entities as the domain reference describes them, by hand: labels, code tables, masks, relations, scope paths."""

from collections.abc import Mapping

from demo.oracle.entities import ROW, Entity
from demo.oracle.model_commerce import COMMERCE
from demo.oracle.model_government import GOVERNMENT
from demo.oracle.model_party import PARTY
from demo.oracle.model_shared import DISCLOSED, SHARED

__all__ = ["DISCLOSED", "ENTITIES", "ROOT_KEYS", "ROOT_LISTS", "ROW"]

ENTITIES: Mapping[str, Entity] = SHARED | PARTY | GOVERNMENT | COMMERCE
"""By name."""
ROOT_LISTS = {entity.plural: name for name, entity in ENTITIES.items() if entity.plural is not None}
"""Root fields that list rows."""
ROOT_KEYS = {name[0].lower() + name[1:]: name for name in ENTITIES}
"""Root fields that find one row."""
