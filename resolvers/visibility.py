"""Which names exist for a caller (D6). Neighbours: :mod:`schema.visible` makes the schema without the hidden ones."""

from authz.decisions import Access, AccessMap
from schema.catalog import Catalog
from schema.coordinates import Coordinate, field_coordinate, row_coordinate
from schema.labels import Sharing


def hidden_coordinates(catalog: Catalog, access: AccessMap) -> frozenset[Coordinate]:
    """Names that do not exist for a caller: labelled N (or not labelled) and not open to him in any way (D6)."""
    named = [
        (coordinate, label)
        for entity in catalog.entities.values()
        for coordinate, label in (
            (row_coordinate(entity.name), entity.row_label),
            *((field_coordinate(entity.name, field.name), field.label) for field in entity.fields.values()),
            *((field_coordinate(entity.name, r.name), r.label) for r in entity.relations.values()),
        )
    ]
    return frozenset(
        coordinate for coordinate, label in named if label.sharing is Sharing.NONE and not _opens(access[coordinate])
    )


def _opens(access: Access) -> bool:
    return bool(access.clear or access.masked or access.lookup)
