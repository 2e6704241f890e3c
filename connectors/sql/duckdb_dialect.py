"""DuckDB's way of saying things: texts are compared by code point, and canonical values stand in columns of their own.

Neighbours: :mod:`connectors.sql.duckdb_layout` names those columns, :mod:`connectors.files` holds and asks the tables.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Date,
    DateTime,
    Double,
    FromClause,
    Integer,
    Select,
    Text,
    TryCast,
    and_,
    case,
    cast,
    func,
    null,
    select,
)
from sqlalchemy.dialects.postgresql.base import PGCompiler, PGDialect
from sqlalchemy.sql.elements import ColumnClause
from sqlalchemy.sql.expression import false, true
from sqlalchemy.types import TypeEngine

from connectors.codecs import Codec
from connectors.codecs.dates import Epoch, PointInTime
from connectors.codecs.mapped import DIVISION_CODE, Mapped, spelling
from connectors.codecs.numbers import Float, Money
from connectors.codecs.numbers import Integer as WholeNumber
from connectors.codecs.texts import Token, Verbatim
from connectors.errors import UnsupportedFetch
from connectors.sql.bound_table import member
from connectors.sql.dialect import BoundColumn, KeyTable, SqlDialect, make_column
from connectors.sql.duckdb_layout import NO_NUMBER, ROW_PLACE, Layout, is_shown_canonical
from connectors.sql.elements import Constant, Expression
from connectors.sql.forms import Form, Scalar, texts
from connectors.sql.parameters import (
    Domain,
    Maker,
    Parameters,
    Unacceptable,
    always,
    float_value,
    integer_value,
    naive_time_value,
    text_value,
)
from schema.messages import sources
from schema.trees import Tree
from schema.values import Canonical

_ABOVE_ALL = chr(0x10FFFF)
_TYPES: dict[Domain, TypeEngine[Any]] = {
    Domain.TEXT: Text(),
    Domain.INTEGER: BigInteger(),
    Domain.FLOAT: Double(),
    Domain.DATE: Date(),
    Domain.TIME: DateTime(),
    Domain.UUID: Text(),
    Domain.BOOLEAN: Boolean(),
}


class _Compiler(PGCompiler):
    def visit_try_cast(self, element: TryCast[Any], **kw: Any) -> str:
        written, kind = element.clause._compiler_dispatch(self, **kw), element.typeclause._compiler_dispatch(self, **kw)
        return f"TRY_CAST({written} AS {kind})"


class DuckDBEngine(PGDialect):
    """SQLAlchemy's PostgreSQL in DuckDB's variant: literals know no backslash."""

    name = "duckdb"
    statement_compiler = _Compiler
    _backslash_escapes = False
    supports_statement_cache = True

    def __init__(self) -> None:
        super().__init__(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]


class DuckDBDialect(SqlDialect):
    """DuckDB over tables of ``layout``."""

    name = "duckdb"
    engine = DuckDBEngine()
    groups_trees = True
    row_place = ROW_PLACE

    def __init__(self, layout: Layout) -> None:
        self._layout = layout

    def form(self, parameters: Parameters, codec: Codec, columns: Sequence[BoundColumn]) -> Form:
        raw = columns[0].expression
        if not isinstance(raw, ColumnClause):
            return self._aggregate(codec, raw)
        match codec:
            case Verbatim():
                return texts(raw)
            case Token():
                dense = codec.dense or columns[0].row_key
                return Scalar(
                    value=raw if dense else func.nullif(raw, Constant("")),
                    domain=Domain.TEXT,
                    convert=text_value,
                    canonical=True,
                    never_null=dense and columns[0].never_null,
                )
            case WholeNumber():
                within = [raw <= Constant(codec.greatest)]
                if codec.bounded:
                    within.append(raw >= Constant(codec.least))
                return _numbers(case((and_(*within), raw)))
            case Float():
                finite = case((func.isfinite(raw), raw))
                return Scalar(value=finite, domain=Domain.FLOAT, convert=float_value, canonical=False)
        value = self._canonical(codec, [bound.expression for bound in columns])
        match codec:
            case Money():
                return _numbers(value)
            case PointInTime() | Epoch():
                return Scalar(value=value, domain=Domain.TIME, convert=naive_time_value, canonical=False)
            case Mapped() if holds_booleans(codec):
                return Scalar(value=value, domain=Domain.BOOLEAN, convert=_boolean, canonical=False)
            case _:
                return texts(value)

    def _aggregate(self, codec: Codec, total: Expression) -> Scalar:
        """A sub-select's total: never null. Amounts that a codec converts are left to the caller."""
        match codec:
            case WholeNumber(bounded=False):
                return _numbers(total)
            case Money() | Float() | WholeNumber():
                return Scalar(
                    value=null(),
                    domain=Domain.TEXT,
                    convert=lambda value: None,
                    canonical=False,
                    undecided=true(),
                    is_null=false(),
                )
            case _:
                raise UnsupportedFetch(self._layout.connector, f"files cannot be asked by codec {codec.name} here")

    def _canonical(self, codec: Codec, columns: Sequence[Expression]) -> Expression:
        """The column that holds the canonical values. Raises `UnsupportedFetch` when there is none."""
        found = [column for column in columns if isinstance(column, ColumnClause)]
        name = self._layout.canonical(codec, tuple(str(column.name) for column in found))
        table = found[0].table if found else None
        if name is None or table is None or any(column.table is not table for column in found):
            raise UnsupportedFetch(self._layout.connector, f"files cannot be asked by codec {codec.name} over a join")
        return member(table, name)

    def projected(self, codec: Codec, expression: Expression) -> Expression:
        if is_shown_canonical(codec) and isinstance(expression, ColumnClause):
            return self._canonical(codec, [expression])
        return expression

    def text(self, expression: Expression) -> Expression:
        return cast(expression, Text())

    def bind(self, parameters: Parameters, maker: Maker, domain: Domain) -> Expression:
        return cast(parameters.add(maker), _TYPES[domain])

    def fixed(
        self, parameters: Parameters, source_column: Expression, value: str | int
    ) -> tuple[Expression, Expression]:
        return cast(source_column, Text()), self.bind(parameters, always(spelling(value)), Domain.TEXT)

    def addend(self, source_column: Expression) -> Expression:
        return case((source_column < cast(Constant(str(NO_NUMBER)), Double()), source_column))

    def member(
        self, parameters: Parameters, expression: Expression, maker: Maker, domain: Domain, *, negated: bool = False
    ) -> Expression:
        def items(arguments: Any, rows: Any) -> list[Any]:
            made = maker(arguments, rows)
            return [None] if made is None else list(made)

        chosen = select(func.unnest(cast(parameters.add(items), ARRAY(_TYPES[domain]))))
        if negated:
            return and_(expression.not_in(chosen), expression.is_not(None))
        return expression.in_(chosen)

    def starts_with(self, text: Expression, prefix: Expression) -> Expression:
        return func.starts_with(text, prefix)

    def contains(self, text: Expression, part: Expression) -> Expression:
        return func.contains(text, part)

    def sorting(
        self, expression: Expression, *, descending: bool, nulls_last: bool, never_null: bool
    ) -> tuple[Expression, ...]:
        key = expression.desc() if descending else expression.asc()
        return (key.nulls_last() if nulls_last else key.nulls_first(),)

    def key_table(self, parameters: Parameters, branch: int, domains: Sequence[Domain]) -> KeyTable:
        types = [Integer(), *(_TYPES[domain] for domain in domains)]
        names = ["ordinal", *(f"key{position}" for position in range(1, len(types)))]
        arrays = [
            func.unnest(cast(parameters.add(make_column(branch, position)), ARRAY(type_))).label(names[position])
            for position, type_ in enumerate(types)
        ]
        table = select(*arrays).subquery(f"batch{branch or ''}")
        values = tuple(table.c[name] for name in names[1:])
        return KeyTable(table=table, ordinal=table.c.ordinal, values=values, index_values=values)

    def once(self, rows: Select[Any], name: str) -> FromClause:
        return rows.cte(name).prefix_with("MATERIALIZED")

    def subtree_prefix(self, tree: Tree, code: Expression) -> Expression:
        text = cast(code, Text())
        match tree:
            case Tree.ORG:
                rest = func.regexp_replace(func.substr(text, Constant(4)), Constant("(000)+$"), Constant(""))
                whole = func.concat(func.left(text, Constant(3)), rest)
                return case((func.regexp_full_match(text, Constant("[0-9]{15}")), whole))
            case Tree.DIV:
                return case(
                    (func.regexp_full_match(text, Constant("[0-9]{4}00")), func.left(text, Constant(4))),
                    (func.regexp_full_match(text, Constant(DIVISION_CODE)), text),
                )

    def after_prefix(self, prefix: Expression) -> Expression:
        return func.concat(prefix, Constant(_ABOVE_ALL))

    def whole_sum(self, expression: Expression) -> Expression:
        return cast(expression, BigInteger())


def holds_booleans(codec: Mapped) -> bool:
    """The canonical values are true and false."""
    return all(isinstance(value, bool) for value in codec.values.values())


def _numbers(value: Expression) -> Scalar:
    return Scalar(value=value, domain=Domain.INTEGER, convert=integer_value, canonical=False)


def _boolean(value: Canonical) -> bool | None:
    if value is not None and not isinstance(value, bool):
        raise Unacceptable(sources.NOT_A_BOOLEAN())
    return value
