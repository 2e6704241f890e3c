"""PostgreSQL's way of saying things: ``COLLATE "C"`` is code-point order in UTF-8, arrays carry lists.

Neighbours: :mod:`connectors.sql.server_forms` builds on it, :mod:`connectors.sql.postgresql` runs what it compiles.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Date,
    Double,
    Integer,
    Numeric,
    Text,
    Uuid,
    and_,
    case,
    cast,
    collate,
    column,
    func,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.sql.operators import eq, ne
from sqlalchemy.types import TypeEngine, UserDefinedType

from connectors.codecs.dates import FIRST_MOMENT, LAST_MOMENT
from connectors.codecs.identities import Identity, IdNumber, IdPart
from connectors.codecs.mapped import DIVISION_CODE, Mapped
from connectors.codecs.texts import BLANKS, uuid_of
from connectors.sql.dialect import BoundColumn, KeyTable, make_column
from connectors.sql.elements import Constant, Expression, Nfkc
from connectors.sql.forms import Bounds, Convert, Form, Probe, Scalar, Spell, texts
from connectors.sql.listed_forms import id_number_form, id_part_form, identity_form, listed_form
from connectors.sql.parameters import Domain, Maker, Parameters, text_value, time_value, uuid_values
from connectors.sql.server_forms import ServerDialect
from schema.trees import Tree
from schema.values import Canonical

_GREATEST_DOUBLE = "1.7976931348623157e308"
_NIL, _LAST = "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"


class PaddedText(UserDefinedType[str]):
    """``character`` without a length: what ``character(n)`` columns are compared as."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        """The type's name."""
        return "BPCHAR"


_TYPES: dict[Domain, TypeEngine[Any]] = {
    Domain.TEXT: Text(),
    Domain.INTEGER: BigInteger(),
    Domain.FLOAT: Double(),
    Domain.DATE: Date(),
    Domain.TIME: postgresql.TIMESTAMP(timezone=True),
    Domain.UUID: Uuid(),
    Domain.BOOLEAN: Boolean(),
}


class PostgresDialect(ServerDialect):
    """PostgreSQL 11 or later (NFKC from 13 on)."""

    name = "postgresql"
    engine = PGDialect(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]
    lateral = True

    def text(self, expression: Expression) -> Expression:
        return collate(cast(expression, Text()), "C")

    def spelling(self, raw: Expression) -> Expression:
        return cast(raw, Text())

    def bind(self, parameters: Parameters, maker: Maker, domain: Domain) -> Expression:
        return cast(parameters.add(maker), _TYPES[domain])

    def bind_like(self, parameters: Parameters, maker: Maker, domain: Domain) -> Expression:
        return parameters.add(maker) if domain is Domain.TEXT else self.bind(parameters, maker, domain)

    def member(
        self, parameters: Parameters, expression: Expression, maker: Maker, domain: Domain, *, negated: bool = False
    ) -> Expression:
        placeholder: Expression = parameters.add(maker)
        if domain is not Domain.TEXT:  # the array of texts takes the column's own type, which keeps its index in use
            placeholder = cast(placeholder, ARRAY(_TYPES[domain]))
        if negated:
            return and_(expression.operate(ne, func.all(placeholder)), expression.is_not(None))
        return expression.operate(eq, func.any(placeholder))  # ``==`` could be turned round: any() stands on the right

    def starts_with(self, text: Expression, prefix: Expression) -> Expression:
        return func.left(text, func.length(prefix)) == prefix

    def contains(self, text: Expression, part: Expression) -> Expression:
        return func.strpos(text, part) > Constant(0)

    def sorting(
        self, expression: Expression, *, descending: bool, nulls_last: bool, never_null: bool
    ) -> tuple[Expression, ...]:
        key = expression.desc() if descending else expression.asc()
        if never_null or nulls_last is not descending:  # what the server does by itself
            return (key,)
        return (key.nulls_last() if nulls_last else key.nulls_first(),)

    def key_table(self, parameters: Parameters, branch: int, domains: Sequence[Domain]) -> KeyTable:
        names = [f"key{position}" for position in range(1, len(domains) + 1)]
        arrays = [cast(parameters.add(make_column(branch, 0)), ARRAY(Integer()))]
        for position, domain in enumerate(domains, start=1):
            arrays.append(cast(parameters.add(make_column(branch, position)), ARRAY(_TYPES[domain])))
        table = func.unnest(*arrays).table_valued(column("ordinal"), *(column(name) for name in names))
        rendered = table.render_derived(name="batch")
        values = tuple(rendered.c[name] for name in names)
        return KeyTable(table=rendered, ordinal=rendered.c.ordinal, values=values, index_values=values)

    def padded_key(self, key: Expression) -> Expression:
        return cast(key, PaddedText())

    def subtree_prefix(self, tree: Tree, code: Expression) -> Expression:
        text = cast(code, Text())
        match tree:
            case Tree.ORG:
                rest = func.regexp_replace(func.substr(text, Constant(4)), Constant("(000)+$"), Constant(""))
                return case((self.matches(text, "[0-9]{15}"), self.concat(func.left(text, Constant(3)), rest)))
            case Tree.DIV:
                return case(
                    (self.matches(text, "[0-9]{4}00"), func.left(text, Constant(4))),
                    (self.matches(text, DIVISION_CODE), text),
                )

    def after_prefix(self, prefix: Expression) -> Expression:
        position = func.ascii(func.right(prefix, Constant(1))) - Constant(47)
        last = func.substr(Constant("123456789a"), position, Constant(1))
        return self.concat(func.left(prefix, Constant(-1)), last)

    def whole_sum(self, expression: Expression) -> Expression:
        return cast(expression, BigInteger())

    def matches(self, expression: Expression, pattern: str) -> Expression:
        return cast(expression, Text()).bool_op("~")(Constant(f"^({pattern})$"))

    def concat(self, *parts: Expression) -> Expression:
        joined = parts[0]
        for part in parts[1:]:
            joined = joined.op("||")(part)
        return joined

    def clean_text(self, raw: Expression) -> Scalar:
        trimmed = func.btrim(Nfkc(cast(raw, Text())), Constant(BLANKS))
        return texts(collate(func.nullif(trimmed, Constant("")), "C"))

    def native_date(self, raw: Expression) -> Expression:
        return raw

    def native_time(self, raw: Expression, *, utc: bool) -> tuple[Expression, Convert]:
        return func.timezone(Constant("UTC"), raw) if utc else raw, _time_or_infinity

    def double(self, raw: Expression) -> Expression:
        finite = func.abs(raw) <= cast(Constant(_GREATEST_DOUBLE), Double())
        return case((finite, cast(raw, Double())))

    def fen(self, raw: Expression, scale: int) -> Expression:
        amount = cast(raw, Numeric()) * Constant(scale)
        return case((func.abs(amount) < Constant(2**63 - 1), cast(func.round(amount), BigInteger())))

    def native_uuid(self, raw: Expression) -> Scalar:
        def bound(otherwise: str) -> Convert:
            def convert(value: Canonical) -> Any:
                return None if value is None else uuid_of(value) or uuid_of(otherwise)

            return convert

        return Scalar(
            value=self.text(raw),
            domain=Domain.TEXT,
            convert=text_value,
            canonical=True,
            probes=(Probe(exact=raw, spell=uuid_values, domain=Domain.UUID),),
            bounds=Bounds(expression=raw, domain=Domain.UUID, least=bound(_NIL), greatest=bound(_LAST)),
            order=raw,
        )

    def text_probe(self, column: BoundColumn, spell: Spell) -> Probe:
        raw = column.expression
        return Probe(exact=cast(raw, Text()), index=raw, spell=spell, padded=column.padded)

    def token_probe(self, column: BoundColumn, spell: Spell) -> Probe:
        def tokens(value: Canonical) -> list[Any]:
            return [spelt for spelt in spell(value) if not str(spelt).endswith(" ")]

        return Probe(exact=column.expression, spell=tokens, padded=column.padded)

    def any_probe(self, raw: Expression, spell: Spell, given: Expression | None = None) -> Probe:
        return Probe(exact=cast(raw, Text()), spell=spell, given=given)

    def listed(self, codec: Mapped, column: BoundColumn) -> Form:
        return listed_form(self, codec, column, None)

    def identity(self, parameters: Parameters, codec: Identity, number: BoundColumn, local: Expression) -> Form:
        return identity_form(self, parameters, codec, number, local)

    def id_number(self, parameters: Parameters, codec: IdNumber, column: BoundColumn) -> Form:
        return id_number_form(self, parameters, codec, column)

    def id_part(self, parameters: Parameters, part: IdPart, column: BoundColumn) -> Form:
        return id_part_form(self, parameters, part, column)


def _time_or_infinity(value: Canonical) -> datetime | None:
    """A native timestamp; the first and last moment are what asyncpg reads and writes for infinities."""
    found = time_value(value)
    if found == LAST_MOMENT:
        return datetime.max.replace(tzinfo=UTC)
    return datetime.min.replace(tzinfo=UTC) if found == FIRST_MOMENT else found
