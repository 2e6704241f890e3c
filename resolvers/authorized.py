"""What stage *authorize* makes: a `QueryPlan` with the decision on every coordinate it uses.

Neighbours: :mod:`resolvers.authorize` makes these, :mod:`resolvers.draft` reads them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from resolvers.conditions import Condition
from resolvers.decision_tally import DecisionTally
from resolvers.errors import OperationError
from resolvers.query_plan import ConnectionMember, ConnectionNode, FieldNode, QueryPlan, RelationNode, Root
from schema.catalog import Entity, MaskKind, RowClass
from schema.coordinates import Coordinate


@dataclass(frozen=True, slots=True, kw_only=True)
class MaskRule:
    """Rows of ``condition`` (that are not clear) show ``mask`` of the value; the first rule that holds applies."""

    condition: Condition
    mask: MaskKind
    strict: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizedField:
    """A selected leaf with its decision. For ``VALUE``: rows of ``clear`` show it, ``masks`` apply to the others, the
    rest is null, with ``denial`` as its one error. Ids, type names and ``_meta`` go with the row (``clear`` is its
    condition).
    """

    node: FieldNode
    clear: Condition
    masks: tuple[MaskRule, ...] = ()
    denial: OperationError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizedRelation:
    """A relation that is followed from rows of ``clear``."""

    node: RelationNode
    clear: Condition
    branch: "AuthorizedEntity | AuthorizedUnion | AuthorizedConnection | DeniedBranch"
    denial: OperationError


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassRule:
    """Rows for which ``row_class.when`` holds exist for the caller where ``rows`` holds, instead of the entity's own
    rule (D2).
    """

    row_class: RowClass
    rows: Condition


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizedEntity:
    """A selection on one entity; its rows exist for the caller where ``rows`` holds, those of ``classes`` by their own
    rule."""

    entity: Entity
    rows: Condition
    classes: tuple[ClassRule, ...]
    members: tuple[AuthorizedField | AuthorizedRelation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizedMember:
    """A connection member with its authorized row selections, by response key as in the member."""

    member: ConnectionMember
    nodes: tuple[tuple[str, AuthorizedEntity], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizedConnection:
    """A connection whose rows exist for the caller where ``rows`` holds; filter and order are allowed."""

    entity: Entity
    rows: Condition
    classes: tuple[ClassRule, ...]
    node: ConnectionNode
    members: tuple[AuthorizedMember, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizedUnion:
    """Selections by entity, in the order in which a row is looked for; those of rows that are all denied apart."""

    branches: tuple[AuthorizedEntity, ...]
    denied: "tuple[DeniedBranch, ...]"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeniedBranch:
    """A branch the caller gets as null, with the error that says why."""

    error: OperationError


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizedRoot:
    """A root with its authorized branch; ``None`` for roots that are no entity."""

    root: Root
    branch: AuthorizedEntity | AuthorizedConnection | DeniedBranch | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizedPlan:
    """The proof that every coordinate was decided. ``single_record``: rights that hold for one record at a time were
    used (they count against the caller's quota); ``highest_level``: the gravest label level that is served, in clear
    or masked, filtered or sorted by, or looked up. ``disclosures``: where the caller may know what a disclosing binding
    reveals. ``tally``: how many coordinates were allowed, masked and denied.
    """

    plan: QueryPlan
    roots: tuple[AuthorizedRoot, ...]
    single_record: bool
    lookups: int
    highest_level: int
    coordinates: frozenset[Coordinate]
    disclosures: Mapping[Coordinate, Condition]
    tally: DecisionTally
