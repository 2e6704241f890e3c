"""Decisions as data, each with the rule that decided.

A *scope* is a conjunction of scope kinds: the empty set is ``ALL``, ``{ORGTREE, DIVTREE}`` is ``ORGTREE&DIVTREE`` (D3).
Neighbours: :mod:`authz.enforcer` makes an `AccessMap` out of Casbin's answers; :mod:`resolvers.authorize` applies it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from schema.catalog import MaskKind, ScopeKind
from schema.coordinates import Coordinate
from schema.message import Told
from schema.messages import reasons

Scope = frozenset[ScopeKind]
ALL: Scope = frozenset()


def scope_name(scope: Scope) -> str:
    """``ALL``, ``OWN``, ``DIVTREE&ORGTREE`` (sorted)."""
    return "&".join(sorted(kind.value for kind in scope)) or "ALL"


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """Clear in ``scope``. ``single``: only where the operation reaches at most one record (D8)."""

    scope: Scope
    rule: str
    single: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Masked:
    """Masked by ``mask`` in ``scope``; ``strict`` asks for the stricter form of the mask."""

    scope: Scope
    mask: MaskKind
    rule: str
    strict: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """What one profile may do with one coordinate. Absent scopes are denied.

    ``clear`` and ``masked`` hold only maximal scopes: none that another one of the same tuple covers on terms as
    generous (a clear scope for one record at a time may stand beside a narrower one without that limit). ``lookup``:
    scopes in which exact-value lookup is allowed. ``reason`` says, for people, why nothing is allowed, when it is so;
    ``denied_by`` is the rule that denied reading, if one did; ``purposes`` are those that, once stated, would allow
    something.
    """

    coordinate: Coordinate
    clear: tuple[Allowed, ...] = ()
    masked: tuple[Masked, ...] = ()
    lookup: tuple[Allowed, ...] = ()
    reason: Told | None = None
    denied_by: str | None = None
    purposes: frozenset[str] = frozenset()

    @property
    def denied(self) -> bool:
        """Nothing at all can be seen, in any scope."""
        return not self.clear and not self.masked


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessMap:
    """All decisions of one profile. A coordinate that is missing is denied; ``digest`` identifies equal decision sets.

    ``row_classes``: for the row coordinate of an entity with row classes (D2), the decision for each class, in order.
    """

    accesses: Mapping[Coordinate, Access]
    digest: str
    row_classes: Mapping[Coordinate, tuple[Access, ...]] = field(default_factory=dict)

    def __getitem__(self, coordinate: Coordinate) -> Access:
        return self.accesses.get(coordinate) or Access(coordinate=coordinate, reason=reasons.NOT_NAMED())


def covers(wider: Scope, narrower: Scope) -> bool:
    """Every row of ``narrower`` lies in ``wider``: the wider one has fewer conditions."""
    return wider <= narrower
