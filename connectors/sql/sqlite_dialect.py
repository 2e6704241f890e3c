"""SQLite's way of saying things: the codecs themselves are its functions, so every field is exact.

Statements name the functions; :mod:`connectors.sql.sqlite` registers ``functions`` on a connection before it runs one.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import FromClause, LargeBinary, Select, and_, cast, column, func, select
from sqlalchemy import Text as TextType
from sqlalchemy.dialects import sqlite

from connectors.codecs import Codec
from connectors.codecs.dates import DateDigits, Epoch, MonthDate, MonthText, NativeDate
from connectors.codecs.identities import Identity, IdNumber
from connectors.codecs.mapped import Mapped
from connectors.codecs.numbers import Digits, Integer
from connectors.codecs.protocol import NotEnumerable
from connectors.codecs.texts import Text, Token, Uscc, Verbatim
from connectors.sql.dialect import BoundColumn, KeyTable, SqlDialect, json_rows
from connectors.sql.elements import Binary, Constant, Expression
from connectors.sql.forms import Bounds, Convert, Form, Probe, Scalar, texts
from connectors.sql.parameters import Domain, KeyRows, Maker, Parameters, integer_value, text_value
from schema.trees import Tree, subtree_prefix
from schema.values import Canonical

_ABOVE_ALL = chr(0x10FFFF)
_OF_ANY_TEXT = (Text, Uscc, Mapped)
"""Codecs that read undecodable text too; it reaches their functions as bytes."""


class SqliteDialect(SqlDialect):
    """SQLite 3.38 or later, with the codecs of one connector as functions."""

    name = "sqlite"
    slow_functions = True
    engine = sqlite.dialect(paramstyle="qmark")

    def __init__(self) -> None:
        self._functions: dict[str, tuple[int, Callable[..., Any]]] = {
            f"subtree_prefix_{tree.value}": (1, _prefix_function(tree)) for tree in Tree
        }
        self._names: dict[Codec, str] = {}

    @property
    def functions(self) -> Mapping[str, tuple[int, Callable[..., Any]]]:
        """Name -> (number of arguments, function); grows with the codecs that statements use."""
        return self._functions

    def form(self, parameters: Parameters, codec: Codec, columns: Sequence[BoundColumn]) -> Form:
        raw = columns[0].expression
        exact = Binary(raw)
        match codec:
            case Verbatim():
                return texts(exact, Probe(exact=exact, spell=lambda value: [spelt for (spelt,) in codec.encode(value)]))
            case Token():
                return _token(codec, columns[0], exact)
            case Integer() if columns[0].row_key and not codec.bounded:
                return Scalar(
                    value=raw,
                    domain=Domain.INTEGER,
                    convert=integer_value,
                    canonical=False,
                    probes=(Probe(exact=raw, spell=lambda v: _spelt(codec, v), domain=Domain.INTEGER),),
                    never_null=True,
                )
        value = self._decoded(codec, columns)
        match codec:
            case Digits():
                return _decided(
                    value, Probe(exact=None, index=raw, spell=lambda v: _spelt(codec, v), domain=Domain.INTEGER)
                )
            case Integer():
                probe = Probe(exact=None, index=raw, spell=lambda v: _spelt(codec, v), domain=Domain.INTEGER)
                return _decided(value, probe, bounds=_bounds(raw, integer_value))
            case DateDigits() | MonthText(as_date=False) | NativeDate():
                probe = Probe(exact=None, index=exact, spell=lambda v: _spelt(codec, v))
                return _decided(value, probe, bounds=_bounds(exact, _first_spelling(codec)))
            case MonthText() | MonthDate() | IdNumber():
                return _decided(value, Probe(exact=None, index=exact, spell=lambda v: _spelt(codec, v)))
            case Epoch():
                probe = Probe(exact=None, index=raw, spell=lambda v: _spelt(codec, v), domain=Domain.INTEGER)
                return _decided(value, probe)
            case Mapped():
                return _decided(
                    value, Probe(exact=None, index=raw, spell=lambda v: _of_any_type(codec, v), keyed=False)
                )
            case Identity():
                return _decided(value, *_identity_probes(codec, exact, columns[1].expression))
            case _:
                return _decided(value)

    def _decoded(self, codec: Codec, columns: Sequence[BoundColumn]) -> Expression:
        """A call of the codec's function."""
        name = self._names.get(codec)
        if name is None:
            like = sum(known.name == codec.name for known in self._names)
            name = self._names[codec] = f"as_{codec.name}_{like + 1}" if like else f"as_{codec.name}"
            self._functions[name] = (
                codec.arity,
                _text_function(codec) if isinstance(codec, _OF_ANY_TEXT) else codec.decode,
            )
        arguments = [bound.expression for bound in columns]
        if isinstance(codec, _OF_ANY_TEXT):
            arguments = [cast(argument, LargeBinary()) for argument in arguments]
        call: Expression = getattr(func, name)(*arguments)
        return call

    def text(self, expression: Expression) -> Expression:
        return Binary(cast(expression, TextType()))

    def bind(self, parameters: Parameters, maker: Maker, domain: Domain) -> Expression:
        return parameters.add(maker)

    def member(
        self, parameters: Parameters, expression: Expression, maker: Maker, domain: Domain, *, negated: bool = False
    ) -> Expression:
        def document(arguments: Any, rows: Sequence[KeyRows]) -> str:
            return orjson.dumps(maker(arguments, rows)).decode()

        items: FromClause = func.json_each(parameters.add(document)).table_valued("value", name="item")
        chosen = select(items.c.value)
        if negated:
            return and_(expression.not_in(chosen), expression.is_not(None))
        return expression.in_(chosen)

    def starts_with(self, text: Expression, prefix: Expression) -> Expression:
        return func.substr(text, Constant(1), func.length(prefix)) == prefix

    def contains(self, text: Expression, part: Expression) -> Expression:
        return func.instr(text, part) > Constant(0)

    def sorting(
        self, expression: Expression, *, descending: bool, nulls_last: bool, never_null: bool
    ) -> tuple[Expression, ...]:
        key = expression.desc() if descending else expression.asc()
        if never_null or nulls_last is descending:  # null is the least value
            return (key,)
        return (key.nulls_last() if nulls_last else key.nulls_first(),)

    def key_table(self, parameters: Parameters, branch: int, domains: Sequence[Domain]) -> KeyTable:
        rows = func.json_each(parameters.add(json_rows(branch))).table_valued(column("value"), name="item")
        names = ["ordinal", *(f"key{position}" for position in range(1, len(domains) + 1))]
        cells = [
            func.json_extract(rows.c.value, Constant(f"$[{position}]")).label(name)
            for position, name in enumerate(names)
        ]
        table = self.once(select(*cells).select_from(rows), f"batch{branch or ''}")
        values = tuple(table.c[name] for name in names[1:])
        return KeyTable(table=table, ordinal=table.c.ordinal, values=values, index_values=values)

    def once(self, rows: Select[Any], name: str) -> FromClause:
        return rows.cte(name).prefix_with("MATERIALIZED")

    def subtree_prefix(self, tree: Tree, code: Expression) -> Expression:
        call: Expression = getattr(func, f"subtree_prefix_{tree.value}")(code)
        return call

    def after_prefix(self, prefix: Expression) -> Expression:
        return prefix.op("||")(Constant(_ABOVE_ALL))

    def whole_sum(self, expression: Expression) -> Expression:
        return expression

    def distinct(self, codec: Codec, expression: Expression) -> Expression:
        return Binary(expression)


def _decided(value: Expression, *probes: Probe, bounds: Bounds | None = None) -> Scalar:
    """The form of a codec's function: canonical values, compared as they are."""
    return Scalar(value=value, domain=Domain.TEXT, convert=_checked, canonical=True, probes=probes, bounds=bounds)


def _token(codec: Token, bound: BoundColumn, exact: Expression) -> Scalar:
    dense = codec.dense or bound.row_key
    value = exact if dense else func.nullif(exact, Constant(""))
    return Scalar(
        value=value,
        domain=Domain.TEXT,
        convert=text_value,
        canonical=True,
        probes=(Probe(exact=exact, spell=lambda v: [spelt for (spelt,) in codec.encode(v)]),),
        bounds=Bounds(
            expression=exact,
            domain=Domain.TEXT,
            least=text_value,
            greatest=text_value,
            after_prefix=lambda prefix: None if prefix is None else f"{text_value(prefix)}{_ABOVE_ALL}",
        ),
        never_null=dense and bound.never_null,
    )


def _identity_probes(codec: Identity, number: Expression, local: Expression) -> tuple[Probe, Probe]:
    def keys(value: Canonical) -> list[str | int]:
        key = codec.local_key(value)
        return [] if key is None else [key]

    domain = Domain.INTEGER if codec.local_integer else Domain.TEXT
    return (
        Probe(exact=None, index=number, spell=codec.number_spellings),
        Probe(exact=None, index=local, spell=keys, domain=domain),
    )


def _spelt(codec: Codec, value: Canonical) -> list[Any]:
    """Spellings in a source without native dates: ISO text."""
    try:
        found = [spelt for (spelt,) in codec.encode(value)]
    except NotEnumerable:
        return []
    return [spelt.isoformat() if hasattr(spelt, "isoformat") else spelt for spelt in found]


def _of_any_type(codec: Mapped, value: Canonical) -> list[str | int]:
    """Spellings as text and, where they are digits, as integers: a column without a type keeps what it was given."""
    texts_ = [spelt for (spelt,) in codec.encode(value)]
    return [*texts_, *(int(text) for text in texts_ if text.isascii() and text.isdecimal() and len(text) < 19)]


def _first_spelling(codec: Codec) -> Convert:
    def convert(value: Canonical) -> Any:
        return next(iter(_spelt(codec, value)), None)

    return convert


def _bounds(expression: Expression, convert: Convert) -> Bounds:
    return Bounds(expression=expression, domain=Domain.TEXT, least=convert, greatest=convert)


def _checked(value: Canonical) -> Canonical:
    if isinstance(value, str):
        return text_value(value)
    return integer_value(value) if type(value) is int else value


def _text_function(codec: Codec) -> Callable[[Any], Canonical]:
    """The codec's function over the bytes of a text."""
    decode = codec.decode

    def decoded(raw: bytes | None) -> Canonical:
        return None if raw is None else decode(raw.decode("utf-8", "replace"))

    return decoded


def _prefix_function(tree: Tree) -> Callable[[Any], str | None]:
    def prefix(code: Any) -> str | None:
        try:
            return None if code is None else subtree_prefix(tree, str(code))
        except ValueError:
            return None

    return prefix
