"""Schema coordinates: the names policy, plans and errors speak of.

A field coordinate is ``Entity.field`` (also for a relation); a row coordinate is ``Entity`` alone (D1).
The spelling follows the GraphQL specification's schema coordinates.
"""

from typing import NewType

Coordinate = NewType("Coordinate", str)


def field_coordinate(entity: str, member: str) -> Coordinate:
    """``("Person", "name")`` -> ``Person.name``."""
    return Coordinate(f"{entity}.{member}")


def row_coordinate(entity: str) -> Coordinate:
    """The coordinate that decides which rows of ``entity`` exist for a caller."""
    return Coordinate(entity)


def entity_of(coordinate: Coordinate) -> str:
    """The entity a coordinate belongs to."""
    return coordinate.partition(".")[0]


def member_of(coordinate: Coordinate) -> str | None:
    """The field or relation a coordinate names; ``None`` for a row coordinate."""
    return coordinate.partition(".")[2] or None
