"""One binding inside a statement: its table under an alias, the joins that are used, the forms of its fields.

Neighbours: :mod:`connectors.sql.compiler` makes one per select, predicates and hops ask it for forms.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import mul
from typing import Any

from sqlalchemy import BigInteger, FromClause, Select, and_, cast, column, func, or_, select, table, true
from sqlalchemy.sql.elements import quoted_name

from connectors.codecs.numbers import Integer
from connectors.contract import Aggregation, Binding, BoundField, ColumnRef, Join, SourceCondition, SubSelect
from connectors.errors import UnsupportedFetch
from connectors.sql.dialect import BoundColumn, SqlDialect
from connectors.sql.elements import Constant, Expression
from connectors.sql.forms import Form
from connectors.sql.parameters import Parameters
from schema.predicates import ROW_KEY
from schema.trees import PREFIX_LENGTHS, Tree


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFacts:
    """What a source's own catalogue says of its columns, as (table, column); empty until the source has been asked.

    ``uniform``: columns from which the driver makes nothing but ``str``, ``date`` and ``None``.
    """

    never_null: frozenset[tuple[str, str]] = frozenset()
    padded: frozenset[tuple[str, str]] = frozenset()
    uniform: frozenset[tuple[str, str]] = frozenset()


NO_FACTS = SourceFacts()


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """What every part of one statement is built with."""

    dialect: SqlDialect
    parameters: Parameters
    facts: SourceFacts


@dataclass(slots=True)
class BoundTable:
    """``binding`` under aliases that begin with ``prefix``. Asking for a column puts the joins it needs in use."""

    language: Language
    binding: Binding
    prefix: str = ""
    base: FromClause = field(init=False)
    _joined: dict[str, FromClause] = field(init=False, default_factory=dict)
    _forms: dict[str, Form] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.base = aliased(self.binding.table, f"{self.prefix}base")

    def bound(self, name: str) -> BoundField:
        """The bound field of a canonical name. Raises `UnsupportedFetch` for one that is not bound."""
        found = self.binding.row_key if name == ROW_KEY else self.binding.fields.get(name)
        if found is None:
            raise UnsupportedFetch(self.binding.connector, f"{self.binding.entity}.{name} is not bound here")
        return found

    def form(self, name: str) -> Form:
        """What can be said of a field."""
        if name not in self._forms:
            bound = self.bound(name)
            columns = [BoundColumn(expression=value) for value in self.raw(name)]
            if bound.sub_select is None:
                columns = [self._bound_column(ref) for ref in bound.columns]
            self._forms[name] = self.language.dialect.form(self.language.parameters, bound.codec, columns)
        return self._forms[name]

    def raw(self, name: str) -> Sequence[Expression]:
        """The raw columns of a field, as the codec reads them."""
        bound = self.bound(name)
        if (sub := bound.sub_select) is not None and sub.aggregation is Aggregation.UNIQUE:
            return (*self._unique(sub), self.column(sub.on[-1][0]))
        if sub is not None:
            return (self._sub_select(sub, isinstance(bound.codec, Integer)),)
        return tuple(self.column(ref) for ref in bound.columns)

    def is_uniform(self, name: str) -> bool:
        """Whether the one raw column of a field is known to hold texts, dates and nulls only."""
        bound, facts = self.bound(name), self.language.facts
        if bound.sub_select is not None or len(bound.columns) != 1:
            return False
        return self._fact_name(bound.columns[0]) in facts.uniform

    def column(self, ref: ColumnRef) -> Expression:
        """A source column of the base table or of a declared join."""
        if not ref.table:
            return member(self.base, ref.column)
        join = self.binding.joins.get(ref.table)
        if join is None:
            raise UnsupportedFetch(self.binding.connector, f"{self.binding.entity} declares no join {ref.table}")
        if ref.table not in self._joined:
            for here, _ in join.on:  # an earlier join that this one starts from comes into use first
                self.column(here)
            self._joined[ref.table] = aliased(join.table, f"{self.prefix}{join.name}")
        return member(self._joined[ref.table], ref.column)

    def source(self, before: FromClause | None = None) -> FromClause:
        """The base table with the joins in use, after ``before``. Ask when all columns are known."""
        source = self.base if before is None else before.join(self.base, true())
        for name, joined in self._joined.items():
            source = source.outerjoin(joined, self._join_condition(self.binding.joins[name], joined))
        return source

    def restrictions(self) -> list[Expression]:
        """The binding's own conditions."""
        return [self._holds(condition, self.column(condition.column)) for condition in self.binding.conditions]

    def _bound_column(self, ref: ColumnRef) -> BoundColumn:
        facts, join = self.language.facts, self.binding.joins.get(ref.table)
        name = self._fact_name(ref)
        row_key = self.binding.row_key.columns == (ref,)
        return BoundColumn(
            expression=self.column(ref),
            row_key=row_key,
            never_null=row_key or (join is None and name in facts.never_null),
            padded=name in facts.padded,
        )

    def _fact_name(self, ref: ColumnRef) -> tuple[str, str]:
        """A column as the facts name it."""
        join = self.binding.joins.get(ref.table)
        return (self.binding.table if join is None else join.table, ref.column)

    def _join_condition(self, join: Join, joined: FromClause) -> Expression:
        pairs = [self.column(here) == member(joined, there) for here, there in join.on]
        own = [self._holds(condition, member(joined, condition.column.column)) for condition in join.conditions]
        return and_(*pairs, *own)

    def _holds(self, condition: SourceCondition, source_column: Expression) -> Expression:
        if not condition.values:
            return source_column.is_not(None) if condition.negated else source_column.is_(None)
        dialect, parameters = self.language.dialect, self.language.parameters
        compared = [dialect.fixed(parameters, source_column, value) for value in condition.values]
        if condition.negated:
            return or_(and_(*(there != value for there, value in compared)), source_column.is_(None))
        return or_(*(there == value for there, value in compared))

    def _sub_select(self, sub: SubSelect, whole: bool) -> Expression:
        dialect = self.language.dialect
        within = aliased(sub.table, f"{self.prefix}within")
        own = [self._holds(condition, member(within, condition.column.column)) for condition in sub.conditions]
        counts = sub.aggregation is Aggregation.COUNT
        aggregate: Expression = func.count()
        if not counts:
            first, *others = (dialect.addend(member(within, name)) for name in sub.columns)
            if others and whole:  # a product of whole numbers may need 64 bits where its factors do not
                first = cast(first, BigInteger())
            aggregate = func.sum(reduce(mul, others, first))
        if sub.tree is None:
            matching = [member(within, there) == self.column(here) for here, there in sub.on]
        else:
            ((here, there),) = sub.on
            code, prefix = member(within, there), dialect.subtree_prefix(sub.tree, self.column(here))
            if dialect.groups_trees:
                by_code = select(dialect.text(code).label("code"), aggregate.label("total")).select_from(within)
                totals = self._by_prefix(by_code.where(*own).group_by(dialect.text(code)), sub.tree)
                total = func.coalesce(func.sum(totals.c.total), Constant(0))
                matching = [totals.c.prefix == dialect.text(prefix)]
                return select(dialect.whole_sum(total) if whole else total).where(*matching).scalar_subquery()
            matching = [dialect.below(code, prefix)]
        if not counts:
            total = func.coalesce(aggregate, Constant(0))
            aggregate = dialect.whole_sum(total) if whole else total
        return select(aggregate).select_from(within).where(*matching, *own).scalar_subquery()

    def _by_prefix(self, by_code: Select[tuple[Any, ...]], tree: Tree) -> FromClause:
        """Totals by code, added up by each prefix that a code of ``tree`` can have below itself or be."""
        codes = by_code.subquery(f"{self.prefix}by_code")
        first, *others = (select(Constant(length).label("length")) for length in PREFIX_LENGTHS[tree])
        lengths = first.union_all(*others).subquery(f"{self.prefix}lengths")
        pairs = codes.join(lengths, func.char_length(codes.c.code) >= lengths.c.length)
        prefix = func.left(codes.c.code, lengths.c.length)
        added = select(prefix.label("prefix"), func.sum(codes.c.total).label("total")).select_from(pairs)
        return added.group_by(prefix).subquery(f"{self.prefix}by_prefix")

    def _unique(self, sub: SubSelect) -> list[Expression]:
        """The values of the one row that matches (of several rows: of any), and the number of such rows."""
        within = aliased(sub.table, f"{self.prefix}within")
        matching = [member(within, there) == self.column(here) for here, there in sub.on]
        own = [self._holds(condition, member(within, condition.column.column)) for condition in sub.conditions]
        wanted = [*(func.min(member(within, name)) for name in sub.columns), func.count()]
        return [select(value).select_from(within).where(*matching, *own).scalar_subquery() for value in wanted]


def aliased(name: str, alias: str) -> FromClause:
    """A table by its name in the source (``schema.table`` or ``table``)."""
    schema, _, plain = name.rpartition(".")
    source = table(quoted_name(plain, None), schema=schema or None)
    return source.alias(alias)


def member(source: FromClause, name: str) -> Expression:
    """A column of ``source`` by its name."""
    return column(quoted_name(name, None), _selectable=source)
