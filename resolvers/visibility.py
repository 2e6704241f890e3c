"""Which names exist for a caller (D6). Neighbours: :mod:`schema.visible` makes the schema without the hidden ones."""

from authz.decisions import Access, AccessMap
from schema.catalog import Catalog
from schema.coordinates import Coordinate, field_coordinate
from schema.labels import Sharing


def hidden_coordinates(catalog: Catalog, access: AccessMap) -> frozenset[Coordinate]:
    """Names that do not exist for a caller: labelled N (or not labelled) and not open to him in any way (D6)."""
    named = [
        (field_coordinate(entity.name, name), label)
        for entity in catalog.entities.values()
        for name, label in (
            *((field.name, field.label) for field in entity.fields.values()),
            *((relation.name, relation.label) for relation in entity.relations.values()),
        )
    ]
    return frozenset(
        coordinate for coordinate, label in named if label.sharing is Sharing.NONE and not _opens(access[coordinate])
    )


def _opens(access: Access) -> bool:
    return bool(access.clear or access.masked or access.lookup)
