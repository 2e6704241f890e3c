"""How many coordinates a plan uses, by level of their label and by decision: for metrics, worked out once per plan."""

from collections import Counter
from collections.abc import Iterable

from authz.decisions import Access, AccessMap
from schema.catalog import Catalog
from schema.coordinates import Coordinate, entity_of, member_of

DecisionTally = tuple[tuple[tuple[int, str], int], ...]
"""((level, ``allowed``, ``masked`` or ``denied``), number of coordinates)."""


def decision_tally(access: AccessMap, coordinates: Iterable[Coordinate], catalog: Catalog) -> DecisionTally:
    """The tally of ``coordinates``. Allowed: clear in some rows; masked: in some rows, and clear in none."""
    counted = Counter((_level(coordinate, catalog), _decision(access[coordinate])) for coordinate in coordinates)
    return tuple(sorted(counted.items()))


def _level(coordinate: Coordinate, catalog: Catalog) -> int:
    entity, member = catalog.entities[entity_of(coordinate)], member_of(coordinate)
    if member is None:
        return entity.row_label.level
    described = entity.fields.get(member) or entity.relations[member]
    return described.label.level


def _decision(access: Access) -> str:
    if access.clear:
        return "allowed"
    return "masked" if access.masked else "denied"
