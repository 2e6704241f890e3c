"""What a right is: an action on a member, in a scope."""

from dataclasses import dataclass
from typing import Literal

from demo.oracle.entities import Label

Scope = frozenset[str]
"""Kinds of scope that a row must all lie in; the empty set is everywhere."""
Action = Literal["read", "mask", "lookup"]


@dataclass(frozen=True, slots=True)
class Grant:
    """``single``: only where the operation can reach no more than one record."""

    action: Action
    scope: Scope
    single: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """What is asked about: ``entity.name``, with its label. The row itself has the name ``''``."""

    entity: str
    name: str
    label: Label

    @property
    def coordinate(self) -> str:
        """``Entity.member`` or ``Entity``."""
        return f"{self.entity}.{self.name}" if self.name else self.entity

    def shared(self, level: int) -> bool:
        """Shareable (not N), at most of ``level``."""
        return self.label.sharing != "N" and self.label.level <= level

    @property
    def is_impersonal(self) -> bool:
        """Whether it says nothing of a person."""
        return self.label.personal == ""

    def among(self, *entities: str) -> bool:
        """Whether it is a row of one of these, or one of their members."""
        return self.entity in entities

    def within(self, *entities: str) -> bool:
        """Whether it is a member of one of these; their rows are not."""
        return self.entity in entities and self.name != ""

    def named(self, *coordinates: str) -> bool:
        """Whether it is one of these."""
        return self.coordinate in coordinates
