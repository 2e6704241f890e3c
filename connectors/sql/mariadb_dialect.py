"""MariaDB's way of saying things, on tables of any charset.

A collation's equality finds more than binary equality (case, blanks at the end, full width in some), so it only serves
the index and a binary comparison stands beside it. Literals beyond a column's charset are refused by the server
("illegal mix of collations"): only ASCII is compared with a column itself, everything else with the column as UTF-8.
Neighbours: :mod:`connectors.sql.server_forms` builds on it, :mod:`connectors.sql.mysql` runs what it compiles.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, Numeric, and_, case, cast, column, extract, func, or_
from sqlalchemy.dialects.mysql.mariadb import MariaDBDialect as MariaDBEngine

from connectors.codecs import Codec
from connectors.codecs.dates import Epoch, MonthDate, NativeDate, PointInTime
from connectors.codecs.identities import Identity, IdNumber, IdPart
from connectors.codecs.mapped import DIVISION_CODE, Mapped
from connectors.codecs.numbers import Digits, Float, Integer, Money
from connectors.sql.dialect import BoundColumn, KeyTable, json_rows
from connectors.sql.elements import AsDouble, CodePoints, Constant, Expression, JsonTable
from connectors.sql.forms import Convert, Form, Probe, Scalar, Spell, texts
from connectors.sql.listed_forms import id_number_form, id_part_form, identity_form, listed_form
from connectors.sql.mariadb_text import clean_text
from connectors.sql.parameters import Domain, KeyRows, Maker, Parameters, naive_time_value, naive_utc_value
from connectors.sql.server_forms import ServerDialect
from schema.trees import Tree

_KEY_TYPES = {
    Domain.TEXT: "VARCHAR(500) CHARACTER SET utf8mb4",
    Domain.INTEGER: "BIGINT",
    Domain.FLOAT: "DOUBLE",
    Domain.DATE: "DATE",
    Domain.TIME: "DATETIME(6)",
    Domain.UUID: "VARCHAR(36) CHARACTER SET ascii",
    Domain.BOOLEAN: "TINYINT",
}
_ASCII_KEY = "VARCHAR(500) CHARACTER SET ascii"
_DECIMAL = Numeric(45, 10)
_NATIVE = (Integer, Digits, Float, Money, Epoch, NativeDate, MonthDate, PointInTime)
"""Codecs of columns that no collation folds."""


class MariaDBDialect(ServerDialect):
    """MariaDB 10.6 or later. ``charset``: what all texts of the source are stored in, if the department promises."""

    name = "mysql"
    engine = MariaDBEngine(paramstyle="format")
    groups_trees = True

    def __init__(self, charset: str | None) -> None:
        self.charset = charset

    def text(self, expression: Expression) -> Expression:
        return CodePoints(expression)

    def spelling(self, raw: Expression) -> Expression:
        return CodePoints(raw)

    def bind(self, parameters: Parameters, maker: Maker, domain: Domain) -> Expression:
        return parameters.add(maker)

    def member(
        self, parameters: Parameters, expression: Expression, maker: Maker, domain: Domain, *, negated: bool = False
    ) -> Expression:
        def items(arguments: Any, rows: Sequence[KeyRows]) -> tuple[Any, ...]:
            return tuple(maker(arguments, rows) or ()) or (None,)

        def is_empty(arguments: Any, rows: Sequence[KeyRows]) -> int:
            return int(maker(arguments, rows) == [])

        if not negated:
            return expression.bool_op("IN")(parameters.add(items))
        empty = parameters.add(is_empty) == Constant(1)
        return and_(or_(empty, expression.bool_op("NOT IN")(parameters.add(items))), expression.is_not(None))

    def starts_with(self, text: Expression, prefix: Expression) -> Expression:
        return func.left(text, func.char_length(prefix)) == prefix

    def contains(self, text: Expression, part: Expression) -> Expression:
        return func.locate(part, text) > Constant(0)

    def sorting(
        self, expression: Expression, *, descending: bool, nulls_last: bool, never_null: bool
    ) -> tuple[Expression, ...]:
        key = expression.desc() if descending else expression.asc()
        if never_null or nulls_last is descending:  # the server takes null for the least value
            return (key,)
        return (expression.is_(None) if nulls_last else expression.is_not(None), key)

    def key_table(self, parameters: Parameters, branch: int, domains: Sequence[Domain]) -> KeyTable:
        columns = [("ordinal", "INT", 0)]
        values, indexed = [], []
        for position, domain in enumerate(domains, start=1):
            columns.append((f"key{position}", _KEY_TYPES[domain], position))
            values.append(f"key{position}")
            if domain is Domain.TEXT:
                columns.append((f"ascii{position}", _ASCII_KEY, position))
            indexed.append(columns[-1][0])
        document = parameters.add(json_rows(branch))
        table = JsonTable(document, tuple(columns)).table_valued(
            *(column(name) for name, _, _ in columns), name="batch"
        )
        return KeyTable(
            table=table,
            ordinal=table.c.ordinal,
            values=tuple(table.c[name] for name in values),
            index_values=tuple(table.c[name] for name in indexed),
        )

    def subtree_prefix(self, tree: Tree, code: Expression) -> Expression:
        match tree:
            case Tree.ORG:
                rest = func.regexp_replace(func.substr(code, Constant(4)), Constant("(000)+$"), Constant(""))
                return case((self.matches(code, "[0-9]{15}"), self.concat(func.left(code, Constant(3)), rest)))
            case Tree.DIV:
                return case(
                    (self.matches(code, "[0-9]{4}00"), func.left(code, Constant(4))),
                    (self.matches(code, DIVISION_CODE), code),
                )

    def after_prefix(self, prefix: Expression) -> Expression:
        position = func.ascii(func.right(prefix, Constant(1))) - Constant(47)
        last = func.substr(Constant("123456789a"), position, Constant(1))
        return self.concat(func.left(prefix, func.char_length(prefix) - Constant(1)), last)

    def whole_sum(self, expression: Expression) -> Expression:
        return cast(expression, BigInteger())

    def projected(self, codec: Codec, expression: Expression) -> Expression:
        if isinstance(codec, Float):
            return AsDouble(expression)
        return cast(expression, _DECIMAL) if isinstance(codec, Money) else expression

    def distinct(self, codec: Codec, expression: Expression) -> Expression:
        native = isinstance(codec, _NATIVE)
        return self.projected(codec, expression) if native else CodePoints(expression)

    def matches(self, expression: Expression, pattern: str) -> Expression:
        return expression.bool_op("REGEXP")(Constant(f"^({pattern})\\z"))

    def concat(self, *parts: Expression) -> Expression:
        return func.concat(*parts)

    def clean_text(self, raw: Expression) -> Scalar:
        return clean_text(raw, self.charset)

    def native_date(self, raw: Expression) -> Expression:
        return case((_is_real(raw), raw))

    def native_time(self, raw: Expression, *, utc: bool) -> tuple[Expression, Convert]:
        return case((_is_real(raw), raw)), naive_utc_value if utc else naive_time_value

    def double(self, raw: Expression) -> Expression:
        return AsDouble(raw)

    def fen(self, raw: Expression, scale: int) -> Expression:
        amount = func.round(cast(raw, _DECIMAL) * Constant(scale))
        return case((func.abs(amount) <= Constant(2**63 - 1), cast(amount, BigInteger())))

    def native_uuid(self, raw: Expression) -> Scalar:
        return texts(CodePoints(func.lower(CodePoints(raw))))

    def text_probe(self, column: BoundColumn, spell: Spell) -> Probe:
        return self.any_probe(column.expression, spell)

    def token_probe(self, column: BoundColumn, spell: Spell) -> Probe:
        return self.any_probe(column.expression, spell)

    def any_probe(self, raw: Expression, spell: Spell, given: Expression | None = None) -> Probe:
        return Probe(exact=CodePoints(raw), index=raw, spell=spell, given=given, ascii_only=True)

    def listed(self, codec: Mapped, column: BoundColumn) -> Form:
        raw = column.expression
        return listed_form(self, codec, column, raw if all(spelt.isascii() for spelt in codec.values) else None)

    def identity(self, parameters: Parameters, codec: Identity, number: BoundColumn, local: Expression) -> Form:
        return identity_form(self, parameters, codec, number, local)

    def id_number(self, parameters: Parameters, codec: IdNumber, column: BoundColumn) -> Form:
        return id_number_form(self, parameters, codec, column)

    def id_part(self, parameters: Parameters, part: IdPart, column: BoundColumn) -> Form:
        return id_part_form(self, parameters, part, column)


def _is_real(raw: Expression) -> Expression:
    """A native date or time is one: MariaDB also stores ``0000-00-00`` and days that no month has."""
    day = extract("day", raw)
    return and_(
        extract("year", raw) > Constant(0),
        extract("month", raw) > Constant(0),
        day > Constant(0),
        day <= extract("day", func.last_day(raw)),
    )
