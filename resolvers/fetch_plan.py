"""The physical plan: what is fetched, how rows become dictionaries. Compiled from an `AuthorizedPlan`, then cached.

A *node* is one selection on one entity at one place of the operation; its *rows* at run time are a list of raw rows
(for an entity from several sources: tuples with one raw row or ``None`` per source). A *hop* leads from a node to
another. Generated functions take whole lists, so that nothing is called per field (:mod:`resolvers.shape`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from connectors.contract import OrderTerm, Prepared
from resolvers.authorized import AuthorizedPlan, MaskRule
from resolvers.conditions import ALWAYS, Condition
from resolvers.errors import OperationError
from resolvers.query_plan import ConnectionMember, Page, Root, ValueSource
from schema.catalog import RowClass, ScopeKind
from schema.coordinates import Coordinate

Path = tuple[str, ...]
"""Response keys from the root; lists are entered without a key (`resolvers.locate` walks them)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFetch:
    """One binding's share of a node.

    ``gate``: the condition under which its rows may be used at all (D11). ``alternatives``: positions of the node's key
    tuple that this binding is asked by. ``rank_of(row)`` ranks rows that share a key, the greatest wins (D14);
    ``repeats``: that there are several is no defect. ``step`` names this step of the plan in the catalogue's words,
    never in the document's: ``PartyMember.dues list``.
    """

    connector: str
    prepared: Prepared
    step: str
    gate: Condition = ALWAYS
    alternatives: tuple[int, ...] = (0,)
    rank_of: Callable[[Any], Any] | None = None
    repeats: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Inherited:
    """A flag that the parent row proves (D19)."""

    kind: ScopeKind


@dataclass(frozen=True, slots=True, kw_only=True)
class OfField:
    """A flag decided on a value of the row: ``values(rows, up, context) -> [(value,)]``, compared with slot
    ``slot``.
    """

    kind: ScopeKind
    slot: int
    values: Callable[..., list[tuple[Any, ...]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A flag decided by asking which of the rows' keys reach a row in scope: one statement for all rows."""

    kind: ScopeKind
    keys_of: Callable[..., list[tuple[Any, ...]]]
    fetch: SourceFetch


@dataclass(frozen=True, slots=True, kw_only=True)
class InKeySet:
    """A flag decided by a key set: ``values(rows, up, context)`` gives each row's keys; the first that is not null must
    be in the set of its slot.
    """

    kind: ScopeKind
    slots: tuple[int, ...]
    values: Callable[..., list[tuple[Any, ...]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """A kind of scope the entity has no path for: no row lies in it."""

    kind: ScopeKind


Flag = Inherited | OfField | Checked | InKeySet | Outside


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """A selected leaf for error placement: its null may be a failed source (``sources``: positions, authority first) or
    a denial (``denial``, in rows that satisfy neither ``clear`` nor ``masks``, the union of ``rules``).
    """

    response_key: str
    coordinate: str
    sources: tuple[int, ...]
    denial: OperationError | None
    clear: Condition
    masks: Condition
    rules: tuple[MaskRule, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How rows of a node become dictionaries.

    ``build(rows, up, conditions, links, duplicates, context) -> [dict]``: ``up`` tells per source whether it answered,
    ``conditions`` holds the per-row truths of ``self.conditions`` in order, ``links`` one (ordinals, outputs, quality
    codes by ordinal) per hop, ``duplicates`` one code or ``None`` per row. ``source`` is the generated code, for
    people.
    """

    build: Callable[..., list[dict[str, Any]]]
    source: str
    conditions: tuple[Condition, ...]
    hops: "tuple[Hop, ...]"
    leaves: tuple[Leaf, ...]
    path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassTest:
    """Rows for which ``row_class.when`` holds must satisfy ``rows`` instead of the node's own condition; rows for which
    it is unknown are dropped (D2). ``values_of`` gives the values of ``fields``.
    """

    row_class: RowClass
    rows: Condition
    fields: tuple[str, ...]
    values_of: Callable[..., list[tuple[Any, ...]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One node. ``rows``: what rows must still satisfy after the fetch (``ALWAYS`` when pushed down or proved).
    ``proved``: kinds of scope that the parent row proves, so that nothing checks them (D19).

    ``flags`` are computed in order. ``merged``: rows are tuples with one raw row or ``None`` per source.
    ``duplicate_code`` is the quality code of a row that won over others with its key.
    """

    entity: str
    path: Path
    sources: tuple[SourceFetch, ...]
    flags: tuple[Flag, ...]
    rows: Condition
    classes: tuple[ClassTest, ...]
    shapes: tuple[Shape, ...]
    merged: bool
    duplicate_code: str
    proved: tuple[ScopeKind, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pager:
    """How a connection is read.

    ``order`` is complete (client terms, then the row key) and already reversed for a backward page. ``keyset(nulls)``
    is the fetch after a cursor whose values are null where ``nulls`` says; the values go to ``cursor_slots``.
    ``values_of(rows, up, context)`` gives each row's order values. ``filter_slots`` and ``digest`` bind cursors to the
    filter (D15).
    """

    entity: str
    order: tuple[OrderTerm, ...]
    page: Page
    count: SourceFetch | None
    keyset: Callable[[tuple[bool, ...]], SourceFetch]
    cursor_slots: tuple[int, ...]
    values_of: Callable[..., list[tuple[Any, ...]]]
    digest: str
    filter_slots: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """A paged list: its node (one shape per member that shows rows, in order), pager, and members in response order."""

    node: Node
    pager: Pager
    members: tuple[ConnectionMember, ...]
    wants_rows: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OneOf:
    """The first of several nodes that has a row for a key (D20); all are asked at once, with the same keys."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """From rows of a node to rows of ``target``: ``keys_of(rows, up, context)`` gives each row's key tuple.

    Only rows that satisfy ``gate`` are followed; ``denial`` is the error for the others. ``inherits``: kinds whose
    flags the parent row passes on. ``alternatives``: positions of the key tuple the target can be asked by.
    ``sources``: positions of the parent's sources that give the key. ``orphan``: the quality code of a key without a
    row, ``conflict``: that of a key with rows of several nodes; ``None``: not asked for.
    """

    response_key: str
    keys_of: Callable[..., list[tuple[Any, ...]]]
    alternatives: tuple[int, ...]
    gate: Condition
    inherits: tuple[ScopeKind, ...]
    target: Node | OneOf | Connection
    denial: OperationError
    sources: tuple[int, ...]
    coordinate: str
    orphan: str | None = None
    conflict: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeySet:
    """Scope keys that live in another source, fetched before everything else. ``values_of(rows, up, context)``: one
    tuple of key values per row.
    """

    kind: ScopeKind
    fetch: SourceFetch
    values_of: Callable[..., list[tuple[Any, ...]]]


class KeyForm(StrEnum):
    """How a root's key value becomes the key of the fetch."""

    FIELD = "field"
    PERSON_KEY = "personKey"
    ID_NUMBER = "idNumber"
    NODE_ID = "node id"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedRoot:
    """A root ready to run: a row by key, a connection, or ``None``: denied, or left to the ordinary executor.

    Roots by key of one ``group`` share a statement. ``slot`` holds the key's value.
    """

    root: Root
    target: Node | Connection | None
    form: KeyForm = KeyForm.FIELD
    slot: int = 0
    group: int = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutablePlan:
    """Everything the executor needs besides values. ``denials``: (path, error) of branches denied for every row.

    ``coordinates``: every coordinate used, sorted. ``as_of``: connectors whose age is asked for, or judged.
    """

    authorized: AuthorizedPlan
    roots: tuple[PlannedRoot, ...]
    parameters: tuple[ValueSource, ...]
    key_sets: tuple[KeySet, ...]
    unit_tree: SourceFetch | None
    denials: tuple[tuple[Path, OperationError], ...]
    as_of: frozenset[str]
    coordinates: tuple[Coordinate, ...]
