"""Decisions on rows and members for one caller: clear, masked or denied; which rows exist; which names exist."""

from dataclasses import dataclass
from typing import Literal

from demo.oracle.canonical import City, Person
from demo.oracle.model import MASKS, MINOR, ROW
from demo.oracle.policy import Caller, Grant, Member, Scope, Scopes, grants, member_of
from demo.oracle.rows import Row


@dataclass(frozen=True, slots=True)
class Clear:
    """Seen as it is."""


@dataclass(frozen=True, slots=True)
class Masked:
    """Seen through the mask ``kind``, in its strict form if ``strict``."""

    kind: str
    strict: bool = True


@dataclass(frozen=True, slots=True)
class Denied:
    """Not seen."""


Decision = Clear | Masked | Denied


@dataclass(frozen=True, slots=True)
class Denial:
    """Why a whole branch is null: an error code and the coordinate it speaks of."""

    code: Literal["FIELD_DENIED", "FILTER_DENIED"]
    coordinate: str


class Access:
    """What ``caller`` may see of ``city``. ``single`` in the methods: the operation reaches one record at most."""

    def __init__(self, city: City, caller: Caller) -> None:
        self._city, self._caller = city, caller
        self._scopes = Scopes(city, caller)
        self._grants: dict[Member, list[Grant]] = {}
        self._sources = frozenset({"s1", "s3"} if self.readable("Person", "partyMember", single=False) else {"s3"})

    def grants(self, member: Member) -> list[Grant]:
        """Everything given on ``member``."""
        if member not in self._grants:
            self._grants[member] = grants(self._caller, member)
        return self._grants[member]

    def readable(self, entity: str, name: str, *, single: bool) -> list[Scope]:
        """Scopes in which the member can be read in clear."""
        given = self.grants(member_of(entity, name))
        return [one.scope for one in given if one.action == "read" and (single or not one.single)]

    def is_named(self, entity: str, name: str) -> bool:
        """Whether the name exists for the caller: what is never shared and never granted does not."""
        member = member_of(entity, name)
        return member.label.sharing != "N" or bool(self.grants(member))

    def filter_denial(self, entity: str, fields: list[str]) -> Denial | None:
        """The first field that may not be filtered or sorted by: it must be readable in every row that exists."""
        for name in fields:
            clear = self.readable(entity, name, single=False)
            for rows in self.readable(entity, ROW, single=False):
                if not any(scope <= rows for scope in clear):
                    return Denial("FILTER_DENIED", f"{entity}.{name}")
        return None

    def exists(self, row: Row, *, single: bool, parent: Row | None = None, within: list[Scope] | None = None) -> bool:
        """Whether the row exists for the caller. ``within``: and lies in one of these scopes (keys and look-ups)."""

        def inside(scopes: list[Scope]) -> bool:
            return any(self._scopes.inside(scope, row, parent) for scope in scopes)

        if not inside(self.readable(row.entity, ROW, single=single)) or (within is not None and not inside(within)):
            return False
        if row.entity == "Person" and row["isMinorUnder14"]:
            minor = Member(entity="Person", name=ROW, label=MINOR)
            given = grants(self._caller, minor)
            return inside([one.scope for one in given if one.action == "read" and (single or not one.single)])
        return True

    def decide(self, row: Row, name: str, *, single: bool, parent: Row | None = None) -> Decision:
        """The decision on a field or relation of an existing row."""
        given = self.grants(member_of(row.entity, name))
        if any(self._scopes.inside(scope, row, parent) for scope in self.readable(row.entity, name, single=single)):
            return Clear()
        kind = MASKS.get(f"{row.entity}.{name}")
        masks = [one.scope for one in given if one.action == "mask"]
        if kind is not None and any(self._scopes.inside(scope, row, parent) for scope in masks):
            return Masked(kind)
        return Denied()

    def person(self, identity: object) -> Person | None:
        """The person, without what S1 knows where the caller may not know of memberships (D11)."""
        return self._city.person(identity, self._sources) if identity is not None else None

    def lookup_scopes(self, entity: str, name: str) -> list[Scope]:
        """Scopes in which the member can be looked up by its full value."""
        return [one.scope for one in self.grants(member_of(entity, name)) if one.action == "lookup"]
