"""What a SQL dialect must be able to say: the few primitives all statements are built of.

Neighbours: :mod:`connectors.sql.server_forms` builds the forms of server databases on these primitives; the three
dialect modules implement them; :mod:`connectors.sql.compiler` puts statements together.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import FromClause, Select, and_, or_
from sqlalchemy.engine import Dialect as Engine

from connectors.codecs import Codec
from connectors.sql.elements import Expression
from connectors.sql.forms import Form
from connectors.sql.parameters import Domain, KeyRows, Maker, Parameters, always
from schema.trees import Tree


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyTable:
    """The key rows of one branch as a table of the statement.

    ``values``: its key columns; ``index_values``: the same, so spelt that an index on a text column serves the join.
    """

    table: FromClause
    ordinal: Expression
    values: tuple[Expression, ...]
    index_values: tuple[Expression, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundColumn:
    """A source column in a statement, and what the source's catalogue has told about it.

    ``row_key``: it is the binding's row key: unique, neither null nor empty. ``never_null``: the row key, or declared
    so in a row that is there (not a left join's). ``padded``: PostgreSQL's ``character(n)``.
    """

    expression: Expression
    row_key: bool = False
    never_null: bool = False
    padded: bool = False


class SqlDialect(ABC):
    """One SQL dialect. ``engine`` compiles statements; expressions are SQLAlchemy's."""

    name: str
    engine: Engine
    lateral = False
    """Whether a per-parent limit can be a lateral join."""
    groups_trees = False
    """Whether an aggregate over a subtree is read from totals per prefix, because a range that depends on the row
    outside would not use an index."""
    row_place: str | None = None
    """A column of every table by which the rows a hop has found are read fast: rows are then found before their values
    are read. Without one, rows that are found first are read by their row key."""
    slow_functions = False
    """Whether a field's value is too dear to be computed for every pair of a row and a key."""

    @abstractmethod
    def form(self, parameters: Parameters, codec: Codec, columns: Sequence[BoundColumn]) -> Form:
        """The form of a field that ``codec`` reads from ``columns``."""

    @abstractmethod
    def text(self, expression: Expression) -> Expression:
        """``expression`` as text that is compared and sorted code point by code point."""

    @abstractmethod
    def bind(self, parameters: Parameters, maker: Maker, domain: Domain) -> Expression:
        """A parameter of ``domain``."""

    def bind_like(self, parameters: Parameters, maker: Maker, domain: Domain) -> Expression:
        """A parameter that is compared with a column itself and takes its type."""
        return self.bind(parameters, maker, domain)

    @abstractmethod
    def member(
        self, parameters: Parameters, expression: Expression, maker: Maker, domain: Domain, *, negated: bool = False
    ) -> Expression:
        """``expression`` in (not in) the list that ``maker`` makes.

        A list of ``None`` instead of a list, and a null in the list of a negated one, select nothing; so does a null
        ``expression``.
        """

    @abstractmethod
    def starts_with(self, text: Expression, prefix: Expression) -> Expression:
        """``text`` begins with ``prefix``, code points compared."""

    @abstractmethod
    def contains(self, text: Expression, part: Expression) -> Expression:
        """``text`` contains ``part``, code points compared."""

    @abstractmethod
    def sorting(
        self, expression: Expression, *, descending: bool, nulls_last: bool, never_null: bool
    ) -> tuple[Expression, ...]:
        """The sort keys of one order term."""

    @abstractmethod
    def key_table(self, parameters: Parameters, branch: int, domains: Sequence[Domain]) -> KeyTable:
        """The key rows of ``branch`` as a table."""

    def fixed(
        self, parameters: Parameters, source_column: Expression, value: str | int
    ) -> tuple[Expression, Expression]:
        """A source column and a value of a binding's own condition, so said that they can be compared."""
        return source_column, parameters.add(always(value))

    def addend(self, source_column: Expression) -> Expression:
        """A source column as sums add it up."""
        return source_column

    def padded_key(self, key: Expression) -> Expression:
        """A key as a column of the padded type takes it."""
        return key

    def once(self, rows: Select[Any], name: str) -> FromClause:
        """``rows`` as a table that is computed once."""
        return rows.subquery(name)

    @abstractmethod
    def subtree_prefix(self, tree: Tree, code: Expression) -> Expression:
        """`schema.trees.subtree_prefix` of ``code``; null for a code of another shape."""

    @abstractmethod
    def whole_sum(self, expression: Expression) -> Expression:
        """A sum of whole numbers as the driver's integer."""

    def projected(self, codec: Codec, expression: Expression) -> Expression:
        """What is selected for a raw column of ``codec``; decoding it gives what decoding the column would."""
        return expression

    def distinct(self, codec: Codec, expression: Expression) -> Expression:
        """A raw column as distinct values are told apart: never coarser than the codec does."""
        return self.projected(codec, expression)

    def below(self, there: Expression, prefix: Expression) -> Expression:
        """Text ``there`` begins with ``prefix`` (ASCII digits, in the source's own charset), by index if it can."""
        return and_(
            there >= prefix, there < self.after_prefix(prefix), self.starts_with(self.text(there), self.text(prefix))
        )

    @abstractmethod
    def after_prefix(self, prefix: Expression) -> Expression:
        """A text above all that begin with ``prefix`` (ASCII digits), in any collation with digits before letters."""


def json_rows(branch: int) -> Maker:
    """The key rows of a branch as a JSON array of arrays."""
    return lambda arguments, rows: orjson.dumps(rows[branch]).decode()


def make_column(branch: int, position: int) -> Maker:
    """One column of the key rows of a branch."""

    def column(arguments: Any, rows: Sequence[KeyRows]) -> list[Any]:
        return [row[position] for row in rows[branch]]

    return column


def any_of(conditions: Sequence[Expression]) -> Expression:
    """The disjunction of one or more conditions."""
    return conditions[0] if len(conditions) == 1 else or_(*conditions)
