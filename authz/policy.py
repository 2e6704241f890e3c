"""A policy as data: lines that allow or deny, the roles they speak of, and one frozen version of all of it.

Neighbours: :mod:`authz.policy_files` reads versions from YAML, :mod:`authz.enforcer` turns one into decisions. A line's
columns are those of decision D5: who, what (by name and by label), which action, in which row scope, and under which
purpose and until when it holds at all.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from authz.decisions import ALL, Scope
from authz.subjects import Profile, Subject
from schema.catalog import ScopeKind
from schema.labels import PersonalInformation, Sharing
from schema.message import Told, Unusable
from schema.messages import policy_files

IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}\Z")
SELECTOR = re.compile(r"(\*|[A-Za-z][A-Za-z0-9]{0,63}(\.(\*|_?[A-Za-z][A-Za-z0-9]{0,63}))?)\Z")
MAX_INHERITANCE_DEPTH = 8
"""Longest chain of inheriting roles. Casbin's role manager stops after nine links (the first leads from the
subject)."""


class Action(StrEnum):
    """What a line allows or denies. Filtering, sorting and grouping are no actions: they need ``READ``."""

    READ = "read"
    MASK = "mask"
    LOOKUP = "lookup"
    AGGREGATE = "aggregate"
    EXPORT = "export"


class Effect(StrEnum):
    """What a matching line does: some allow and no deny lets a request through."""

    ALLOW = "allow"
    DENY = "deny"


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyLine:
    """One line. It matches a coordinate that ``selector`` names and whose label meets every condition.

    ``rule``: where it was written, ``roles.yaml:41``; ``name``: what people call it, ``role/name``. ``action``
    ``None``: every action (deny only). ``selector``: ``PartyMember.joinedOn``, ``PartyMember`` (its rows),
    ``PartyMember.*`` (its fields and relations) or ``*`` (everything). Labels: level at most ``max_level``, ``sharing``
    and ``personal`` among those given, all ``required_tags``, no ``forbidden_tags``. ``single``: read one record at a
    time (D8). ``strict``: the stricter form of a mask. ``purposes``: holds only for operations that state one of them;
    empty: for all. ``expires``: the last day it holds (Asia/Shanghai). Raises `Unusable` for a line that
    contradicts itself.
    """

    rule: str
    name: str
    role: str
    effect: Effect
    action: Action | None
    selector: str = "*"
    max_level: int = 4
    sharing: frozenset[Sharing] = frozenset(Sharing)
    personal: frozenset[PersonalInformation] = frozenset(PersonalInformation)
    required_tags: frozenset[str] = frozenset()
    forbidden_tags: frozenset[str] = frozenset()
    scope: Scope = ALL
    single: bool = False
    strict: bool = True
    purposes: frozenset[str] = frozenset()
    expires: date | None = None
    rationale: str = ""

    def __post_init__(self) -> None:
        if found := self.violations():
            raise Unusable(policy_files.VIOLATIONS(violations=found))

    def violations(self) -> tuple[Told, ...]:
        """What is wrong with this line; empty when it can be enforced."""
        checks = (
            (IDENTIFIER.match(self.role), policy_files.LINE_ROLE()),
            (SELECTOR.match(self.selector), policy_files.LINE_SELECTOR()),
            (1 <= self.max_level <= 4, policy_files.LINE_LEVEL()),
            (self.sharing, policy_files.LINE_SHARING()),
            (self.personal, policy_files.LINE_PERSONAL()),
            (not self.required_tags & self.forbidden_tags, policy_files.LINE_TAGS()),
            (self.action is not None or self.effect is Effect.DENY, policy_files.LINE_ACTION()),
            (self.action is not Action.MASK or self.effect is Effect.ALLOW, policy_files.LINE_MASK_DENIED()),
            (self.action is Action.READ or not self.single, policy_files.LINE_SINGLE_READ()),
            (self.effect is Effect.ALLOW or not self.single, policy_files.LINE_SINGLE_DENY()),
            (self.effect is Effect.DENY or self.scope != {ScopeKind.OPEN}, policy_files.LINE_OPEN_ALONE()),
        )
        return tuple(told for holds, told in checks if not holds)

    def serves(self, purpose: str | None) -> bool:
        """The line asks for no purpose, or for this one."""
        return not self.purposes or purpose in self.purposes

    def in_force(self, today: date) -> bool:
        """The line has not expired."""
        return self.expires is None or today <= self.expires


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyVersion:
    """One frozen version of the policy.

    ``inheritance``: role -> the roles whose lines it takes over; every declared role has an entry, if only an empty
    one. ``purposes``: registered purpose code -> what it is for. Raises `Unusable` when roles inherit in a circle
    or through too many others, or a line speaks of a purpose that is not registered.
    """

    version: int
    lines: tuple[PolicyLine, ...]
    inheritance: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    purposes: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for role in self.inheritance:
            self._check_depth(role, ())
        for line in self.lines:
            if unknown := line.purposes - self.purposes.keys():
                raise Unusable(policy_files.PURPOSES_UNREGISTERED(place=line.rule, names=tuple(sorted(unknown))))

    def _check_depth(self, role: str, chain: tuple[str, ...]) -> None:
        if role in chain:
            raise Unusable(policy_files.INHERITANCE_CIRCLE(written=" > ".join((*chain, role))))
        if len(chain) > MAX_INHERITANCE_DEPTH:
            written = " > ".join(chain)
            raise Unusable(policy_files.INHERITANCE_TOO_DEEP(maximum=MAX_INHERITANCE_DEPTH, written=written))
        for parent in self.inheritance.get(role, ()):
            self._check_depth(parent, (*chain, role))

    @property
    def roles(self) -> frozenset[str]:
        """Every role this version knows."""
        parents = (parent for parents in self.inheritance.values() for parent in parents)
        return frozenset((*self.inheritance, *parents, *(line.role for line in self.lines)))

    def closure(self, roles: Iterable[str]) -> frozenset[str]:
        """The known ones among ``roles`` and all they inherit; a role this version does not know gives nothing."""
        found: set[str] = set()
        waiting = [role for role in roles if role in self.roles]
        while waiting:
            role = waiting.pop()
            if role not in found:
                found.add(role)
                waiting.extend(self.inheritance.get(role, ()))
        return frozenset(found)


def profile_of(subject: Subject, policy: PolicyVersion) -> Profile:
    """What decisions about ``subject`` depend on. Roles and purposes unknown to the policy are dropped."""
    return Profile(
        roles=policy.closure(subject.roles),
        purpose=subject.purpose if subject.purpose in policy.purposes else None,
        policy_version=policy.version,
    )
