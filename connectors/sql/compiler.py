"""A `Fetch` -> one SQL statement and how its parameters are made; SQLAlchemy Core writes the SQL, once (D26).

Hops have variants: which branches of key rows a batch really has, and whether every parent has just one key row,
decides the statement; each variant is compiled when first used. Neighbours: :mod:`connectors.sql.connector` runs them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnClause, FromClause, Select, func, select, true, union_all

from connectors.contract import Column, Fetch, FetchArguments, Output
from connectors.sql.bound_table import BoundTable, Language, SourceFacts, member
from connectors.sql.dialect import SqlDialect
from connectors.sql.elements import Constant, Expression
from connectors.sql.forms import Listed, Scalar
from connectors.sql.hops import Branch, branches, key_rows
from connectors.sql.parameters import Domain, KeyRows, Maker, Parameters
from connectors.sql.selection import Selection, select_rows
from schema.predicates import ROW_KEY, Predicate, fields_of

_NO_LIMIT = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL with placeholders, and the makers of its parameters in their order."""

    sql: str
    makers: tuple[Maker, ...]


@dataclass(slots=True)
class Compilation:
    """A compiled fetch: where its fields stand, what is left to do, and its statements."""

    fetch: Fetch
    dialect: SqlDialect
    facts: SourceFacts
    columns: Mapping[str, Column] = field(init=False)
    residual: Predicate | None = field(init=False)
    ordered: bool = field(init=False)
    branches: tuple[Branch, ...] = field(init=False, default=())
    _variants: dict[tuple[tuple[int, ...], bool], Statement] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        lateral = self.dialect.lateral and self.fetch.limited and self.fetch.output is Output.ROWS
        used, lateral = ((), False) if self.fetch.keys is None else ((0,), lateral)
        draft = _Draft(self.fetch, self.dialect, self.facts, used, lateral=lateral)
        self.branches = draft.branches
        self.columns, self.residual, self.ordered = draft.columns, draft.selection.residual, draft.ordered
        self._variants[used, lateral] = draft.statement()

    @property
    def statement(self) -> str:
        """The first statement, for people."""
        return next(iter(self._variants.values())).sql

    def call(self, arguments: FetchArguments) -> tuple[str, list[Any]] | None:
        """The SQL and the parameters of one execution; ``None`` when no parent has a key that can be looked for.

        Raises `Unacceptable` for a value the source cannot take.
        """
        rows: list[KeyRows] = []
        if self.fetch.keys is None:
            statement = self._variants[(), False]
        else:
            rows = [key_rows(branch, arguments.keys or ()) for branch in self.branches]
            used = tuple(position for position, found in enumerate(rows) if found)
            if not used:
                return None
            statement = self.variant(used, lateral=self._is_lateral(used, rows))
        return statement.sql, [make(arguments, rows) for make in statement.makers]

    def variant(self, used: tuple[int, ...], *, lateral: bool) -> Statement:
        """The statement of the branches in ``used``."""
        found = self._variants.get((used, lateral))
        if found is None:
            draft = _Draft(self.fetch, self.dialect, self.facts, used, lateral=lateral)
            found = self._variants[used, lateral] = draft.statement()
        return found

    def _is_lateral(self, used: tuple[int, ...], rows: Sequence[KeyRows]) -> bool:
        """One key row per parent: the limit can be inside a lateral join."""
        if not self.dialect.lateral or not self.fetch.limited or self.fetch.output is not Output.ROWS or len(used) > 1:
            return False
        found = rows[used[0]]
        return len({row[0] for row in found}) == len(found)


class _Draft:
    """One statement in the making."""

    def __init__(
        self, fetch: Fetch, dialect: SqlDialect, facts: SourceFacts, used: tuple[int, ...], *, lateral: bool
    ) -> None:
        self.fetch, self.used, self.lateral = fetch, used, lateral
        self.language = Language(dialect=dialect, parameters=Parameters(), facts=facts)
        self.table = BoundTable(self.language, fetch.binding)
        self.branches = () if fetch.keys is None else tuple(branches(self.table, fetch.keys))
        self.selection: Selection = select_rows(fetch.predicate, self.table, fetch.related)
        self.columns, self.expressions = self._project()
        self.sorting = self._sort()
        self.ordered = self.sorting is not None

    def statement(self) -> Statement:
        """The compiled statement."""
        compiled = self._select().compile(dialect=self.language.dialect.engine)
        return Statement(str(compiled), self.language.parameters.positional(compiled))

    def _project(self) -> tuple[dict[str, Column], list[Expression]]:
        """Positions and raw columns of the projection, with the fields that the residual needs.

        A column that a field of one column has brought already is not selected again.
        """
        columns: dict[str, Column] = {}
        expressions: list[Expression] = []
        places: dict[str, int] = {}
        if self.fetch.output is Output.COUNT:
            return columns, expressions
        residual = self.selection.residual
        start = 0 if self.fetch.keys is None else 1
        dialect = self.language.dialect
        for name in dict.fromkeys((*self.fetch.projection, *(() if residual is None else fields_of(residual)))):
            codec = self.table.bound(name).codec
            shown = dialect.distinct if self.fetch.output is Output.DISTINCT else dialect.projected
            raw = [shown(codec, expression) for expression in self.table.raw(name)]
            place = start + len(expressions)
            if len(raw) == 1 and isinstance(raw[0], ColumnClause):
                place = places.setdefault(str(raw[0]), place)
            columns[name] = Column(start=place, codec=codec, uniform=self.table.is_uniform(name))
            if place == start + len(expressions):
                expressions.extend(raw)
        return columns, expressions

    def _sort(self) -> list[Expression] | None:
        """The sort keys; ``None`` when the source cannot sort so."""
        if self.fetch.output is Output.COUNT:
            return []
        keys: list[Expression] = []
        for term in self.fetch.order:
            form = self.table.form(term.field)
            match form:
                case Scalar(undecided=None):
                    expression = form.value if form.order is None else form.order
                case Listed(order=expression) if expression is not None:
                    pass
                case _:
                    return None
            keys.extend(
                self.language.dialect.sorting(
                    expression,
                    descending=term.descending,
                    nulls_last=term.nulls_last,
                    never_null=isinstance(form, Scalar) and form.never_null,
                )
            )
        return None if keys and self.fetch.output is Output.DISTINCT else keys

    def _select(self) -> Select[Any]:
        if self.fetch.keys is None:
            return self._rows()
        if self.lateral:
            return self._lateral()
        ordinal, source, conditions = self._matched()
        if self.fetch.output is Output.COUNT:
            counted: list[Any] = [ordinal, func.count()]
            rows = select(*counted).select_from(source).where(*conditions, *self._conditions())
            return rows.group_by(ordinal)
        if not self.fetch.limited:
            rows = select(ordinal, *self.expressions).select_from(source).where(*conditions, *self._conditions())
            rows = rows.order_by(*(self.sorting or ()))
            return rows.distinct() if self.fetch.output is Output.DISTINCT else rows
        return self._ranked(ordinal, source, conditions)

    def _rows(self) -> Select[Any]:
        shown = [func.count()] if self.fetch.output is Output.COUNT else self.expressions or [Constant(1)]
        conditions = self._conditions()
        rows = select(*shown).select_from(self.table.source()).where(*conditions).order_by(*(self.sorting or ()))
        if self.fetch.output is Output.DISTINCT:
            rows = rows.distinct()
        return rows.limit(self._limit()) if self.fetch.limited and self.fetch.output is not Output.COUNT else rows

    def _matched(self) -> tuple[Expression, FromClause, list[Expression]]:
        """The parent's ordinal, the tables, and the conditions that make a row belong to its parent."""
        branch = self.branches[self.used[0]]
        if len(self.used) == 1 and not self._finds_first(branch):
            keys = self.language.dialect.key_table(self.language.parameters, self.used[0], branch.domains)
            return keys.ordinal, self.table.source(keys.table), [branch.matches(keys)]
        found = union_all(*(self._pairs(position) for position in self.used)).subquery("found")
        return found.c.ordinal, self.table.source(found), [self._row(self.table) == found.c.row]

    def _finds_first(self, branch: Branch) -> bool:
        """Rows are found by their keys, and then read."""
        dialect = self.language.dialect
        if dialect.row_place is not None:
            counts = self.fetch.output is Output.COUNT  # reads nothing but keys, and a subtree holds many rows
            return not counts and self.fetch.keys is not None and self.fetch.keys.tree is None
        return branch.subject is not None and dialect.slow_functions

    def _row(self, table: BoundTable) -> Expression:
        """What tells a row of ``table`` from others."""
        place = self.language.dialect.row_place
        return table.raw(ROW_KEY)[0] if place is None else member(table.base, place)

    def _pairs(self, position: int) -> Select[Any]:
        """(ordinal, row) of the rows found by one branch; slow functions are called once per row, not per pair."""
        dialect = self.language.dialect
        table = BoundTable(self.language, self.fetch.binding, prefix=f"by{position + 1}_")
        assert self.fetch.keys is not None
        branch = branches(table, self.fetch.keys)[position]
        keys = dialect.key_table(self.language.parameters, position, branch.domains)
        row = self._row(table)
        if branch.subject is None or not dialect.slow_functions:
            condition = branch.matches(keys)
            shown = select(keys.ordinal.label("ordinal"), row.label("row"))
            return shown.select_from(table.source(keys.table)).where(condition)
        computed = select(row.label("row"), branch.subject.label("subject"))
        valued = dialect.once(computed.select_from(table.source()).where(*branch.given), f"valued{position + 1}")
        shown = select(keys.ordinal.label("ordinal"), valued.c.row)
        matching = branch.condition(keys, valued.c.subject)
        return shown.select_from(keys.table.join(valued, true())).where(matching)

    def _ranked(self, ordinal: Expression, source: FromClause, conditions: list[Expression]) -> Select[Any]:
        """The first rows of every parent, by a window."""
        labelled = [expression.label(f"c{position}") for position, expression in enumerate(self.expressions)]
        shown: list[Any] = [ordinal.label("ordinal"), *labelled]
        distinct = self.fetch.output is Output.DISTINCT
        if not distinct:
            shown.append(func.row_number().over(partition_by=ordinal, order_by=self.sorting or None).label("place"))
        rows = select(*shown).select_from(source).where(*conditions, *self._conditions())
        if distinct:
            folded = rows.distinct().subquery("folded")
            rows = select(*folded.c, func.row_number().over(partition_by=folded.c.ordinal).label("place"))
        page = rows.subquery("page")
        wanted = [page.c.ordinal, *(page.c[f"c{position}"] for position in range(len(labelled)))]
        return select(*wanted).where(page.c.place <= self._limit()).order_by(page.c.ordinal, page.c.place)

    def _lateral(self) -> Select[Any]:
        """The first rows of every parent, by a lateral join: each parent's rows by index, up to the limit."""
        branch = self.branches[self.used[0]]
        keys = self.language.dialect.key_table(self.language.parameters, self.used[0], branch.domains)
        labelled = [expression.label(f"c{position}") for position, expression in enumerate(self.expressions)]
        place = func.row_number().over(order_by=self.sorting or None).label("place")
        condition = branch.matches(keys)
        rows = select(*labelled, place).select_from(self.table.source()).where(condition, *self._conditions())
        page = rows.order_by(*(self.sorting or ())).limit(self._limit()).correlate(keys.table).lateral("page")
        wanted = [keys.ordinal, *(page.c[f"c{position}"] for position in range(len(labelled)))]
        return select(*wanted).select_from(keys.table.join(page, true())).order_by(keys.ordinal, page.c.place)

    def _conditions(self) -> list[Expression]:
        own = self.table.restrictions()
        return own if self.selection.condition is None else [*own, self.selection.condition]

    def _limit(self) -> Expression:
        def limit(arguments: FetchArguments, rows: Sequence[KeyRows]) -> int:
            return _NO_LIMIT if arguments.limit is None else arguments.limit

        return self.language.dialect.bind(self.language.parameters, limit, Domain.INTEGER)
