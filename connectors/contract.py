"""The edge between the hub and a source: what is asked (`Fetch`), what was promised (`Prepared`), what comes back
(rows).

Neighbours: :mod:`resolvers.executor` is the only caller of ``Connector.fetch``; engines live in :mod:`connectors.sql`
and :mod:`connectors.memory`. A connector speaks the canonical language of its bindings: it encodes canonical parameters
into the source's spelling, and returns *raw* source values together with the codecs that decode them, so that decoding
can be inlined into the generated shaping function.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol, runtime_checkable

from connectors.codecs import Codec
from connectors.maintenance_window import MaintenanceWindow
from connectors.rest.pull import Pull
from schema.catalog import Place, Title
from schema.predicates import ALWAYS, Predicate
from schema.trees import Tree
from schema.values import Canonical

Row = Sequence[Any]
"""Raw source values by position, as the driver gave them (tuple-like)."""


# --- bindings: how one entity's fields come from one source table (D17); read from manifests -------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnRef:
    """A column of the base table (``table`` empty) or of a declared join, by its name in the source."""

    column: str
    table: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceCondition:
    """A fixed condition on a source column, in the source's own spelling: part of a binding, never of a request.

    ``values`` empty means the column must be null; else its value must be one of them. ``negated`` turns it round; a
    null column then also qualifies.
    """

    column: ColumnRef
    values: tuple[str | int, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Join:
    """A left join to another table of the same source: at most one row there for each row here.

    ``on`` pairs (column here, column there) and may read earlier joins. ``conditions`` restrict the joined table: their
    columns are its own (``table`` empty).
    """

    name: str
    table: str
    on: tuple[tuple[ColumnRef, str], ...]
    conditions: tuple[SourceCondition, ...] = ()


class Aggregation(StrEnum):
    """What a grouped sub-select computes."""

    COUNT = "count"
    SUM = "sum"
    UNIQUE = "unique"


@dataclass(frozen=True, slots=True, kw_only=True)
class SubSelect:
    """A grouped sub-select: an aggregate over rows of another table that belong to this row.

    ``on`` pairs (column here, column there); with ``tree`` the single pair matches by subtree prefix of the code here.
    The columns of ``conditions`` are the other table's own (``table`` empty). Of ``columns``, which are there,

    - ``sum`` adds up the product; no rows give 0, and nulls add nothing;
    - ``unique`` gives one value each, of the row if there is one; then the number of rows, and the last column here of
      ``on``. What the values of several rows are is not said. :class:`connectors.codecs.only.Only` reads them.
    """

    aggregation: Aggregation
    table: str
    on: tuple[tuple[ColumnRef, str], ...]
    conditions: tuple[SourceCondition, ...] = ()
    columns: tuple[str, ...] = ()
    tree: Tree | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundField:
    """One canonical field of a binding: its source columns (or a sub-select) and the codec between them."""

    name: str
    columns: tuple[ColumnRef, ...]
    codec: Codec
    place: Place
    sub_select: SubSelect | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """How one entity comes from one source table.

    ``row_key`` (a bound field named ``_rowKey``) is unique and non-null. ``latest`` names the bound field whose
    greatest value wins among rows that share the canonical key (D14), or ``None``. ``discloses``: the field coordinate
    that a contribution of this binding reveals (D11); callers without it never see this binding consulted.
    ``repeats``: several rows of one canonical key are the table's nature (a case a row, not a person a row), so that
    the winner's quality tells of no duplicate.
    """

    connector: str
    entity: str
    table: str
    row_key: BoundField
    fields: Mapping[str, BoundField]
    place: Place
    joins: Mapping[str, Join] = field(default_factory=dict)
    conditions: tuple[SourceCondition, ...] = ()
    latest: str | None = None
    discloses: str | None = None
    repeats: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Freshness:
    """What a department promises about age: ``live``, or a snapshot no older than ``max_age_seconds``.

    ``column`` (table, column) holds the latest change, for ``asOf``; ``None``: the time of the fetch.
    """

    live: bool
    max_age_seconds: int
    column: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """One registered source: its connector settings and bindings by entity, as the department wrote them.

    ``pulls``: what a mirror copies (engine ``rest``). ``maintenance``: when the source is closed every day.
    """

    connector: str
    title: Title
    department: str
    engine: str
    settings: Mapping[str, Any]
    freshness: Freshness
    bindings: Mapping[str, Binding]
    place: Place
    pulls: tuple[Pull, ...] = ()
    maintenance: MaintenanceWindow | None = None


# --- requests --------------------------------------------------------------------------------------------------------


class Output(StrEnum):
    """What a fetch returns: rows, the number of rows, or the distinct values of its projection."""

    ROWS = "rows"
    COUNT = "count"
    DISTINCT = "distinct"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderTerm:
    """One order term over a canonical field; ``nulls_last`` is true for D15's order and false for its exact reverse."""

    field: str
    descending: bool = False
    nulls_last: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyMatch:
    """A hop: rows that belong to a batch of parents.

    ``fields``: alternatives in order; a row is matched on a later one only if its earlier ones are null. ``tree``: the
    row's code lies in the subtree of the parent's code (single alternative).
    """

    fields: tuple[str, ...]
    tree: Tree | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    """A value-free request on one binding; compiled once per plan by ``Connector.prepare``.

    ``related`` gives, for each relation that an ``Exists`` of the predicate follows, the target binding (same
    connector) and the join fields (here, there). ``limited``: a row limit will be given at run time (per parent if
    ``keys`` is set). ``projection`` may contain ``ROW_KEY``.
    """

    binding: Binding
    projection: tuple[str, ...]
    predicate: Predicate = ALWAYS
    keys: KeyMatch | None = None
    order: tuple[OrderTerm, ...] = ()
    limited: bool = False
    output: Output = Output.ROWS
    related: Mapping[str, "RelatedBinding"] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RelatedBinding:
    """Where an ``Exists`` leads: the target's binding, and ``local`` here = ``remote`` there (or its tree prefix)."""

    binding: Binding
    local: str
    remote: str
    tree: Tree | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """Where a projected field stands in a row: ``row[start : start + codec.arity]`` decodes by ``codec.decode``.

    ``uniform``: the raw values are texts, dates and nulls, which are equal only to what decodes alike; so decoded ones
    may be kept by the raw value alone.
    """

    start: int
    codec: Codec
    uniform: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A compiled fetch: the connector's promise, and what is left for the executor to do.

    Rows: with ``keys`` the first value of every row is the parent's ordinal; then come the projected columns as
    ``columns`` says. ``COUNT`` rows are ``(count,)`` or ``(ordinal, count)``, parents without rows left out.
    ``residual``: what the source could not decide exactly: the rows are a superset, recheck them on canonical values
    (its fields are part of the projection). ``ordered`` False: the order is left to the caller. While ``residual`` is
    not None or ``ordered`` is False, a given limit still cuts the superset (per parent), in the source's own order. A
    residual never holds an ``Exists``, which only the source can follow: ``prepare`` raises `UnsupportedFetch` instead.
    ``statement``: what will be sent, for people (SQL with placeholders). ``native`` belongs to the connector.
    """

    fetch: Fetch
    statement: str
    columns: Mapping[str, Column]
    residual: Predicate | None
    ordered: bool
    native: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchArguments:
    """Values of one execution.

    ``parameters``: canonical values by slot. ``keys``: one entry per parent ordinal, a tuple of canonical key values,
    one per alternative of ``KeyMatch.fields`` (``None`` where the parent has none). ``limit`` counts rows, per parent
    when ``keys`` is given. ``deadline`` is in the event loop's clock, seconds.
    """

    parameters: Sequence[Any]
    deadline: float
    keys: Sequence[tuple[Canonical, ...]] | None = None
    limit: int | None = None


# --- live description, for manifest checks ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class TableDescription:
    """A live table: column name -> source type as the source spells it; primary key columns; indexed column tuples."""

    name: str
    columns: Mapping[str, str]
    primary_key: tuple[str, ...]
    indexes: tuple[tuple[str, ...], ...]


class Connector(Protocol):
    """One departmental source. At most six methods; built by :mod:`connectors.registry` from a manifest."""

    name: str

    async def open(self) -> None:
        """Make the pool. Must not fail when the source is down: the source is then unavailable until it answers."""

    def prepare(self, fetch: Fetch) -> Prepared:
        """Compile ``fetch``. Raises ``UnsupportedFetch`` when the binding cannot answer it; never touches the
        source.
        """

    async def fetch(self, prepared: Prepared, arguments: FetchArguments) -> Sequence[Row]:
        """Run it, read-only, within the deadline. Raises a ``ConnectorError``."""

    async def describe(self, tables: Sequence[str]) -> Mapping[str, TableDescription]:
        """The live shape of the named tables; a missing table is absent from the answer. Raises a
        ``ConnectorError``.
        """

    async def as_of(self) -> str | None:
        """When the source's data was last changed (canonical DateTime), or ``None`` when the source does not tell."""

    async def close(self) -> None:
        """Release the pool; safe to call twice."""


@runtime_checkable
class Mirrored(Protocol):
    """A connector that answers from a copy of its source, which can be told to catch up."""

    async def refresh(self, max_age_seconds: float, deadline: float) -> None:
        """Make the copy at most ``max_age_seconds`` old, unless it is; ``deadline`` in the event loop's clock.

        Concurrent callers share one pull. Raises `SourceUnavailable` when the source does not let it, `SourceTimeout`
        when it takes too long.
        """
