"""Who may see what, by hand from what each role is for (domain reference 3.5), not from the policy's lines.

A grant holds in a *scope*: a set of kinds that a row must all lie in; the empty set is everywhere.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from demo.oracle.canonical import City, division_prefix, org_prefix
from demo.oracle.model import LABELS, ROW, Label
from demo.oracle.rows import Row

Scope = frozenset[str]
Action = Literal["read", "mask", "lookup"]
ALL: Scope = frozenset()
OWN = frozenset({"OWN"})
ORGTREE = frozenset({"ORGTREE"})
UNITTREE = frozenset({"UNITTREE"})
TOWN = frozenset({"ORGTREE", "DIVTREE"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who asks. ``attributes``: identity, orgCode, divCode, unitNo as far as the role has them."""

    role: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    purpose: str | None = None


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


def member_of(entity: str, name: str = ROW) -> Member:
    """The member by its name."""
    return Member(entity=entity, name=name, label=LABELS[entity][name])


def grants(caller: Caller, member: Member) -> list[Grant]:
    """Everything the caller's role is given on ``member``. Sensitive data of others come one record at a time."""
    rules = _RULES.get(caller.role)
    if rules is None:
        return []
    given = list(rules(caller, member))
    if member.label.personal == "S":
        given = [Grant(one.action, one.scope, one.single or "OWN" not in one.scope) for one in given]
    return given


def _public(caller: Caller, member: Member) -> Iterator[Grant]:
    if member.label.sharing == "U" and member.label.level == 1:
        yield Grant("read", ALL)


def _member_self(caller: Caller, member: Member) -> Iterator[Grant]:
    """A data subject sees everything about himself, the ID number in clear on his own page only."""
    yield from _public(caller, member)
    if member.coordinate == "Person.idNumber":
        yield Grant("read", OWN, single=True)
        yield Grant("mask", OWN)
    elif member.shared(3) or member.label.personal != "I":
        yield Grant("read", OWN)
    if member.entity == "OrgLifeActivity" and member.shared(2):
        yield Grant("read", ORGTREE)


def _branch_secretary(caller: Caller, member: Member) -> Iterator[Grant]:
    """Own branch: everyday data, party data to level 3, mobiles to call; ID numbers masked."""
    yield from _public(caller, member)
    if member.shared(2) or (member.label.party and member.shared(3)) or member.coordinate == "Person.mobile":
        yield Grant("read", ORGTREE)
    if member.coordinate == "Person.idNumber":
        yield Grant("mask", ORGTREE)


def _party_liaison(caller: Caller, member: Member) -> Iterator[Grant]:
    """As the secretary, but only where the town and its committee meet, and with mobiles masked."""
    yield from _public(caller, member)
    if member.shared(2) or (member.label.party and member.shared(3)):
        yield Grant("read", TOWN)
    if member.coordinate in ("Person.mobile", "Person.idNumber"):
        yield Grant("mask", TOWN)


def _county_org_clerk(caller: Caller, member: Member) -> Iterator[Grant]:
    """The county's member register to level 3, lost contact, and ID numbers one at a time or by look-up."""
    yield from _public(caller, member)
    register = member.entity in ("Person", "PartyMember")
    lost = member.coordinate in ("PartyMember.lostContact", "PartyMember.lostSince", "PartyMember.lostReason")
    if member.shared(2) or ((member.label.party or register) and member.shared(3)) or lost:
        yield Grant("read", ORGTREE)
    if member.coordinate == "Person.idNumber":
        yield Grant("read", ORGTREE, single=True)
        yield Grant("mask", ORGTREE)
        yield Grant("lookup", ORGTREE)


def _city_org_admin(caller: Caller, member: Member) -> Iterator[Grant]:
    """The whole city's members to level 3, level 4 of the Party for a purpose; of other persons only the posts."""
    yield from _public(caller, member)
    nobody = member.label.personal == "" and member.shared(2)
    register = member.shared(3) and (
        member.entity in ("Person", "PartyMember")
        or (member.entity in ("PartyOrganisation", "OrgLifeActivity") and member.name != ROW)
    )
    posts = (member.entity == "StaffPost" or member.coordinate == "PublicUnit.staff") and member.shared(2)
    if nobody or register or posts or (member.label.party and member.shared(3)):
        yield Grant("read", ALL)
    if member.coordinate == "Person.idNumber":
        yield Grant("mask", ALL)
    if member.label.party and caller.purpose in ("party_discipline", "member_care"):
        yield Grant("read", ALL)


def _bianban_officer(caller: Caller, member: Member) -> Iterator[Grant]:
    """Units and posts of the own unit tree, staff by name; nothing of the Party, whatever it is."""
    if member.label.party or member.coordinate == "Person.mobile":
        return
    yield from _public(caller, member)
    named = member.coordinate in ("Person", "Person.name", "Person.personKey")
    if (member.entity == "PublicUnit" and member.shared(2)) or (member.entity == "StaffPost" and member.shared(3)):
        yield Grant("read", UNITTREE)
    if named and member.shared(2):
        yield Grant("read", UNITTREE)


_RULES = {
    "resident_public": _public,
    "member_self": _member_self,
    "branch_secretary": _branch_secretary,
    "party_liaison": _party_liaison,
    "county_org_clerk": _county_org_clerk,
    "city_org_admin": _city_org_admin,
    "bianban_officer": _bianban_officer,
}
"""Roles with any data at all; administrators have none."""


class Scopes:
    """Whether rows lie in the caller's scopes."""

    def __init__(self, city: City, caller: Caller) -> None:
        self._city = city
        given = caller.attributes
        self._identity = given.get("identity")
        self._org = org_prefix(given.get("orgCode"))
        self._division = division_prefix(given.get("divCode"))
        self._units = self._unit_tree(given.get("unitNo"))

    def _unit_tree(self, top: str | None) -> frozenset[str]:
        found: set[str] = set()
        pending = [top] if top is not None else []
        while pending:
            unit = pending.pop()
            if unit not in found:
                found.add(unit)
                pending += [below["unitNo"] for below in self._city.having("PublicUnit", "superiorNo", unit)]
        return frozenset(found)

    def inside(self, scope: Scope, row: Row, parent: Row | None = None) -> bool:
        """Whether ``row`` lies in every kind of ``scope``. ``parent``: the member whose dues or attendance it is."""
        return all(self._inside(kind, row, parent) for kind in scope)

    def _inside(self, kind: str, row: Row, parent: Row | None) -> bool:
        city, entity = self._city, row.entity
        match kind:
            case "OWN":
                if entity in ("Person", "PartyMember", "StaffPost"):
                    return self._identity is not None and row["identity"] == self._identity
                return any(self._inside(kind, one, None) for one in self._members(row, parent))
            case "UNITTREE":
                if entity == "Person":
                    posts = city.having("StaffPost", "identity", row["identity"])
                    return any(post["unitNo"] in self._units for post in posts)
                return entity in ("PublicUnit", "StaffPost") and row["unitNo"] in self._units
            case "ORGTREE":
                if entity in ("PartyOrganisation", "PartyMember", "OrgLifeActivity"):
                    return self._org is not None and (row["orgCode"] or "").startswith(self._org)
                return any(self._inside(kind, one, None) for one in self._members(row, parent))
            case "DIVTREE":
                return any(
                    self._division is not None and (code or "").startswith(self._division)
                    for code in self._divisions(row, parent)
                )
            case _:
                raise ValueError(f"there is no scope {kind}")

    def _members(self, row: Row, parent: Row | None) -> list[Row]:
        """The memberships that a row of a person, a post, dues or attendance belongs to."""
        if parent is not None and row.entity in ("DuesRecord", "ActivityAttendance"):
            return [parent]
        if row.entity in ("Person", "StaffPost"):
            return self._city.having("PartyMember", "identity", row["identity"])
        if row.entity in ("DuesRecord", "ActivityAttendance"):
            by = "memberNo" if row["memberNo"] is not None else "idDigest"
            return self._city.having("PartyMember", by, row[by])
        return []

    def _divisions(self, row: Row, parent: Row | None) -> Iterator[str | None]:
        """Division codes that place a row."""
        if row.entity in ("AdministrativeDivision", "PublicUnit", "PartyOrganisation"):
            yield row["divCode"]
        elif row.entity == "StaffPost":
            for unit in self._city.having("PublicUnit", "unitNo", row["unitNo"]):
                yield unit["divCode"]
        else:
            members = [row] if row.entity in ("PartyMember", "OrgLifeActivity") else self._members(row, parent)
            for one in members:
                for org in self._city.having("PartyOrganisation", "orgCode", one["orgCode"]):
                    yield org["divCode"]
