"""Who asks: the verified subject of one operation, and the profile under which its decisions are cached."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A verified caller.

    ``id`` is opaque (for audit and quotas). ``roles`` are the directly held roles. ``attributes`` are scope values:
    ``orgCode``, ``divCode``, ``unitNo``, ``stationCode``, ``mallAccount``, ``identity`` (the normalised ID number
    behind the caller's own personKey; never leaves the hub), ``department``. ``consumer`` is the client application;
    pseudonyms are derived per consumer (D10). ``purpose`` is a registered purpose code or ``None``.
    """

    id: str
    roles: frozenset[str]
    consumer: str = "public"
    attributes: Mapping[str, str] = field(default_factory=dict)
    purpose: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What decisions depend on: the closure of roles, the purpose and the policy version; never scope values (D24)."""

    roles: frozenset[str]
    purpose: str | None
    policy_version: int


ANONYMOUS = Subject(id="anonymous", roles=frozenset({"resident_public"}))
"""A caller without a token (a bad token is refused, never anonymous)."""
