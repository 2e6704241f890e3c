"""Decisions on rows and members for one caller: clear, masked or denied; which rows exist; which names exist."""

from dataclasses import dataclass
from typing import Literal

from demo.oracle.canonical import City, Person
from demo.oracle.model import DISCLOSED, ENTITIES, ROW
from demo.oracle.policy import PURPOSES, Caller, grants, member_of, row_class
from demo.oracle.rights import Grant, Member, Scope
from demo.oracle.rows import Row
from demo.oracle.rows_persons import SOURCES
from demo.oracle.scopes import Scopes, Way
from demo.oracle.turns import LISTED, Reach


@dataclass(frozen=True, slots=True)
class Clear:
    """Seen as it is."""


@dataclass(frozen=True, slots=True)
class Masked:
    """Seen through the mask ``kind``."""

    kind: str


@dataclass(frozen=True, slots=True)
class Denied:
    """Not seen."""


Decision = Clear | Masked | Denied


@dataclass(frozen=True, slots=True)
class Denial:
    """Why a whole branch is null: an error code and the coordinate it speaks of."""

    code: Literal["FIELD_DENIED", "FILTER_DENIED", "PURPOSE_REQUIRED"]
    coordinate: str


class Access:
    """What ``caller`` may see of ``city``. ``reach`` in the methods: by single steps or through a list, and whether
    it is the record's turn; ``way``: by which rows.
    """

    def __init__(self, city: City, caller: Caller) -> None:
        self._city, self._caller = city, caller
        self._scopes = Scopes(city, caller.attributes)
        self._grants: dict[Member, list[Grant]] = {}
        self._clear: dict[tuple[Member, Reach], list[Scope]] = {}

    def grants(self, member: Member) -> list[Grant]:
        """Everything given on ``member``."""
        if member not in self._grants:
            self._grants[member] = grants(self._caller.role, self._caller.purpose, member)
        return self._grants[member]

    def readable(self, entity: str, name: str, *, reach: Reach) -> list[Scope]:
        """Scopes in which the member can be read in clear."""
        return self._readable(member_of(entity, name), reach=reach)

    def _readable(self, member: Member, *, reach: Reach) -> list[Scope]:
        if (member, reach) not in self._clear:
            given = (one for one in self.grants(member) if reach.serves(one))
            self._clear[member, reach] = [one.scope for one in given if one.action == "read"]
        return self._clear[member, reach]

    def is_named(self, entity: str, name: str) -> bool:
        """Whether the name exists for the caller: what is never shared and never granted does not."""
        member = member_of(entity, name)
        return member.label.sharing != "N" or bool(self.grants(member))

    def denial(self, entity: str, name: str = ROW) -> Denial:
        """Why the member, or the row, is denied: for good, or for want of a purpose."""
        member = member_of(entity, name)
        purposes = (self._caller.purpose, *PURPOSES)
        here, *elsewhere = (_shows(grants(self._caller.role, purpose, member)) for purpose in purposes)
        return Denial("PURPOSE_REQUIRED" if any(elsewhere) and not here else "FIELD_DENIED", member.coordinate)

    def filter_denial(self, entity: str, fields: list[str]) -> Denial | None:
        """The first field that may not be filtered or sorted by: it must be readable in every row that exists."""
        for name in fields:
            clear = self.readable(entity, name, reach=LISTED)
            for rows in self.readable(entity, ROW, reach=LISTED):
                if not any(scope <= rows for scope in clear):
                    return Denial("FILTER_DENIED", f"{entity}.{name}")
        return None

    def exists(self, row: Row, *, reach: Reach, way: Way | None = None, within: list[Scope] | None = None) -> bool:
        """Whether the row exists for the caller. ``within``: and lies in one of these scopes (keys and look-ups)."""
        if within is not None and not self._inside(within, row, way):
            return False
        if not self._inside(self.readable(row.entity, ROW, reach=reach), row, way):
            return False
        for one in ENTITIES[row.entity].classes:
            belongs = one.holds(row)
            if belongs is None:
                return False
            if belongs:
                allowed = self._readable(row_class(row.entity, one.label), reach=reach)
                return self._inside(allowed, row, way)
        return True

    def exist_all(self, entity: str, *, reach: Reach) -> bool:
        """Whether every row of ``entity`` exists for the caller."""
        return not ENTITIES[entity].classes and any(not scope for scope in self.readable(entity, ROW, reach=reach))

    def _inside(self, scopes: list[Scope], row: Row, way: Way | None) -> bool:
        return any(self._scopes.inside(scope, row, way) for scope in scopes)

    def decide(self, row: Row, name: str, *, reach: Reach, way: Way | None = None) -> Decision:
        """The decision on a field or relation of an existing row; what has no mask of its own is masked wholly."""
        if self._inside(self.readable(row.entity, name, reach=reach), row, way):
            return Clear()
        masks = [one.scope for one in self.grants(member_of(row.entity, name)) if one.action == "mask"]
        described = ENTITIES[row.entity]
        if name in described.relations or not self._inside(masks, row, way):
            return Denied()
        return Masked(described.masks.get(name, "full"))

    def person(self, identity: object, way: Way | None = None) -> Person | None:
        """The person, without what those sources know whose mere mention would tell what the caller may not know
        (D11).
        """
        if identity is None:
            return None
        bare = Row(entity="Person", source="*", key=identity, values={"identity": identity})
        known = frozenset(
            source
            for source in SOURCES
            if source not in DISCLOSED
            or self._inside(self.readable("Person", DISCLOSED[source], reach=LISTED), bare, way)
        )
        return self._city.person(identity, known)

    def lookup_scopes(self, entity: str, name: str) -> list[Scope]:
        """Scopes in which the member can be looked up by its full value."""
        return [one.scope for one in self.grants(member_of(entity, name)) if one.action == "lookup"]


def _shows(given: list[Grant]) -> bool:
    return any(one.action != "lookup" for one in given)
