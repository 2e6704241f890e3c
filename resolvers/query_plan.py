"""The logical plan of one operation: what is asked, in canonical terms. Data only, value-free, printable.

Made by :mod:`resolvers.planner`; decided upon by :mod:`resolvers.authorize`. Values of variables and scope attributes
are parameter slots; ``QueryPlan.parameters`` says where each slot's value comes from.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from connectors.contract import OrderTerm
from schema.catalog import ScopeKind
from schema.predicates import Predicate

# --- where values come from ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Constant:
    """A literal of the document, coerced."""

    value: Any


@dataclass(frozen=True, slots=True)
class FromVariable:
    """A place in the coerced variables: the variable's name, then input fields and list positions."""

    path: tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list literal whose items come from several places."""

    items: "tuple[ValueSource, ...]"


@dataclass(frozen=True, slots=True)
class CanonicalText:
    """A caller's text brought to canonical form: NFKC, and trimmed when it stands for a whole value."""

    source: "ValueSource"
    whole: bool


@dataclass(frozen=True, slots=True)
class FromScope:
    """The subject's value for a kind of scope (a subtree prefix, an identity, a set of unit numbers)."""

    kind: ScopeKind


@dataclass(frozen=True, slots=True)
class FromKeySet:
    """The result of the plan's ``index``-th key set, its ``column``-th list (a row scope that lies in another
    source).
    """

    index: int
    column: int


ValueSource = Constant | FromVariable | ListOf | CanonicalText | FromScope | FromKeySet


# --- what is selected ------------------------------------------------------------------------------------------------


class FieldKind(StrEnum):
    """What stands behind a response key of an entity."""

    VALUE = "value"
    ID = "id"
    TYPENAME = "__typename"
    META = "_meta"


@dataclass(frozen=True, slots=True, kw_only=True)
class MetaSelection:
    """``_meta``: (response key, name) pairs; ``sources`` holds the inner pairs of each ``sources`` among them, by
    response key.
    """

    members: tuple[tuple[str, str], ...]
    sources: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)

    @property
    def wants_age(self) -> bool:
        """Whether the age of the sources is asked for."""
        return any(name == "asOf" for inner in self.sources.values() for _, name in inner)

    @property
    def wants_quality(self) -> bool:
        """Whether quality codes are asked for."""
        return any(name == "quality" for _, name in self.members)


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldNode:
    """A leaf of an entity selection; ``member`` is the catalogue field of a ``VALUE`` (labels and companions
    included).
    """

    response_key: str
    kind: FieldKind
    member: str = ""
    meta: MetaSelection | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationNode:
    """A relation of an entity selection: one row of the target (or of one of several), or a connection."""

    response_key: str
    relation: str
    branch: "EntityNode | UnionNode | ConnectionNode"


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityNode:
    """The selection on one entity, in response order."""

    entity: str
    members: tuple[FieldNode | RelationNode, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnionNode:
    """The selection on one row of the first of several entities that has one (D20), by entity in that order."""

    branches: tuple[EntityNode, ...]


class ConnectionKind(StrEnum):
    """Members of a connection."""

    NODES = "nodes"
    EDGES = "edges"
    PAGE_INFO = "pageInfo"
    TOTAL_COUNT = "totalCount"
    TYPENAME = "__typename"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionMember:
    """One response key of a connection.

    ``nodes``: the row selections, by response key within an edge (``NODES`` has one, under an empty key); ``inner``:
    (response key, name) pairs of an edge (``node``, ``cursor``, ``__typename``) or of ``pageInfo``.
    """

    response_key: str
    kind: ConnectionKind
    nodes: tuple[tuple[str, EntityNode], ...] = ()
    inner: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The page asked for: sources of ``first``/``last`` (row counts) and ``after``/``before`` (cursors)."""

    first: ValueSource | None = None
    after: ValueSource | None = None
    last: ValueSource | None = None
    before: ValueSource | None = None

    @property
    def backward(self) -> bool:
        """Whether the page is counted from the end."""
        return self.last is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionNode:
    """A filtered, ordered, paged list of one entity. ``order`` holds the client's terms only."""

    entity: str
    where: Predicate
    order: tuple[OrderTerm, ...]
    page: Page
    members: tuple[ConnectionMember, ...]

    def wants(self, kind: ConnectionKind) -> bool:
        """Whether a member of this kind is selected."""
        return any(member.kind is kind for member in self.members)

    @property
    def wants_rows(self) -> bool:
        """Whether any rows are needed (not for ``totalCount`` alone)."""
        return any(
            m.kind in (ConnectionKind.NODES, ConnectionKind.EDGES, ConnectionKind.PAGE_INFO) for m in self.members
        )


# --- roots -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRoot:
    """One row by key, alternate key or lookup field; ``slot`` holds the value."""

    response_key: str
    field: str
    slot: int
    lookup: bool
    node: EntityNode


@dataclass(frozen=True, slots=True, kw_only=True)
class IdRoot:
    """One row by its opaque id; ``slot`` holds the sealed id. ``node.entity`` is what the id says."""

    response_key: str
    slot: int
    node: EntityNode


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRoot:
    """A connection over an entity's rows."""

    response_key: str
    connection: ConnectionNode


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherRoot:
    """A root field that is no entity (``__typename``, introspection): the ordinary executor answers it."""

    response_key: str


Root = KeyRoot | IdRoot | ListRoot | OtherRoot


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryPlan:
    """One operation's roots in response order, and the sources of its parameter slots."""

    roots: tuple[Root, ...]
    parameters: tuple[ValueSource, ...]


def resolve_value(source: ValueSource, variables: Any) -> Any:
    """The value of a constant or variable source. Scope and key-set values come later and are ``None`` here."""
    match source:
        case Constant(value):
            return value
        case FromVariable(path):
            found = variables
            for step in path:
                found = found[step]
            return found
        case ListOf(items):
            return [resolve_value(item, variables) for item in items]
        case CanonicalText(inner, whole):
            return _canonical_text(resolve_value(inner, variables), whole=whole)
        case FromScope() | FromKeySet():
            return None


def _canonical_text(value: Any, *, whole: bool) -> Any:
    if isinstance(value, list):
        return [_canonical_text(item, whole=whole) for item in value]
    if not isinstance(value, str):
        return value
    normal = unicodedata.normalize("NFKC", value)
    return normal.strip() if whole else normal
