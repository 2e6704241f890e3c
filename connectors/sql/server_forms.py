"""Forms of the database servers (PostgreSQL, MariaDB): codecs said in SQL.

What the two say differently is a method of :class:`ServerDialect`; the codecs' logic is here and in
:mod:`connectors.sql.listed_forms`, once. SQLite calls the codecs themselves instead.
"""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from math import ceil, floor
from typing import Any, assert_never

from sqlalchemy import BigInteger, and_, case, cast, extract, func

from connectors.codecs import Codec
from connectors.codecs.dates import (
    BEIJING,
    EPOCH_RANGE,
    DateDigits,
    Epoch,
    MonthDate,
    MonthText,
    NativeDate,
    PointInTime,
)
from connectors.codecs.identities import Identity, IdNumber, IdPart, OfIdNumber
from connectors.codecs.mapped import Mapped
from connectors.codecs.numbers import FIGURES, Digits, Figures, Float, Integer, Money
from connectors.codecs.only import Only
from connectors.codecs.texts import NativeUuid, Text, Token, Uscc, Verbatim
from connectors.sql.dialect import BoundColumn, SqlDialect
from connectors.sql.elements import Constant, Expression
from connectors.sql.forms import Bounds, Convert, Form, Listed, Probe, Scalar, Spell, texts, token_bounds
from connectors.sql.parameters import Domain, Parameters, date_value, float_value, integer_value, text_value, time_value
from schema.values import Canonical

_YEAR = "(?!0000)[0-9]{4}"
_LEAP_YEAR = "(([0-9][0-9])(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)"
DATE_DIGITS = (
    f"({_YEAR}((0[13578]|1[02])(0[1-9]|[12][0-9]|3[01])|(0[469]|11)(0[1-9]|[12][0-9]|30)|02(0[1-9]|1[0-9]|2[0-8]))"
    f"|(?!0000){_LEAP_YEAR}0229)"
)
"""Eight digits that are a date, for a whole text."""
_MONTH = "(0[1-9]|1[0-2])"
_ASCII = r"[\x01-\x7f]*"


class ServerDialect(SqlDialect):
    """A dialect whose server knows regular expressions; the primitives in which the two differ."""

    @abstractmethod
    def matches(self, expression: Expression, pattern: str) -> Expression:
        """The whole text of ``expression`` matches ``pattern`` (a common subset of PCRE and ARE)."""

    @abstractmethod
    def concat(self, *parts: Expression) -> Expression:
        """Texts joined; null if one is."""

    @abstractmethod
    def clean_text(self, raw: Expression) -> Scalar:
        """The form of the codec ``text``."""

    @abstractmethod
    def native_date(self, raw: Expression) -> Expression:
        """A native date column, null where it holds no date."""

    @abstractmethod
    def native_time(self, raw: Expression, *, utc: bool) -> tuple[Expression, Convert]:
        """A native timestamp column, null where it holds no time; and what it is compared with.

        ``utc``: it has no zone and holds UTC.
        """

    @abstractmethod
    def double(self, raw: Expression) -> Expression:
        """A numeric column as finite IEEE double, else null."""

    @abstractmethod
    def fen(self, raw: Expression, scale: int) -> Expression:
        """A decimal column in units of ``scale`` fen as whole fen of 64 bits, else null."""

    @abstractmethod
    def native_uuid(self, raw: Expression) -> Scalar:
        """The form of the codec ``uuid``."""

    @abstractmethod
    def text_probe(self, column: BoundColumn, spell: Spell) -> Probe:
        """Equality of a text column with source spellings of any kind."""

    @abstractmethod
    def token_probe(self, column: BoundColumn, spell: Spell) -> Probe:
        """Equality of a text column with source spellings of digits and ASCII letters."""

    @abstractmethod
    def any_probe(self, raw: Expression, spell: Spell, given: Expression | None = None) -> Probe:
        """Equality of a column of any type with source spellings as text."""

    @abstractmethod
    def spelling(self, raw: Expression) -> Expression:
        """A column of any type as text, as `connectors.codecs.mapped.spelling` gives it, compared binary."""

    @abstractmethod
    def listed(self, codec: Mapped, column: BoundColumn) -> Form:
        """The form of a finite table of spellings."""

    @abstractmethod
    def identity(self, parameters: Parameters, codec: Identity, number: BoundColumn, local: Expression) -> Form:
        """The form of the codec ``identity``."""

    @abstractmethod
    def id_number(self, parameters: Parameters, codec: IdNumber, column: BoundColumn) -> Form:
        """The form of the codec ``id_number``."""

    @abstractmethod
    def id_part(self, parameters: Parameters, part: IdPart, column: BoundColumn) -> Form:
        """The form of the codecs ``id_birth`` and ``id_sex``."""

    def today(self, parameters: Parameters) -> Expression:
        """Today in Beijing as eight digits."""
        return self.bind(parameters, lambda arguments, rows: f"{datetime.now(BEIJING):%Y%m%d}", Domain.TEXT)

    def form(self, parameters: Parameters, codec: Codec, columns: Sequence[BoundColumn]) -> Form:
        column = columns[0]
        raw = column.expression
        match codec:
            case Verbatim():
                return texts(self.text(raw), self.text_probe(column, lambda v: [spelt for (spelt,) in codec.encode(v)]))
            case Token():
                return self._token(codec, column)
            case Text():
                return self.clean_text(raw)
            case Uscc():
                trimmed = func.rtrim(self.text(raw))
                upper = case((self.matches(self.text(raw), _ASCII), func.upper(trimmed)), else_=trimmed)
                return texts(self.text(func.nullif(upper, Constant(""))))
            case NativeUuid():
                return self.native_uuid(raw)
            case Integer():
                return _integer(codec, column)
            case Figures():
                whole = case((self.matches(raw, FIGURES), cast(self.text(raw), BigInteger())))
                return Scalar(value=whole, domain=Domain.INTEGER, convert=integer_value, canonical=False)
            case Digits():
                by_number = Probe(exact=raw, spell=lambda v: [n for (n,) in codec.encode(v)], domain=Domain.INTEGER)
                return replace(texts(self.spelling(raw), by_number), never_null=column.never_null)
            case Only(inner=inner):
                found = self.form(parameters, inner, columns[: inner.arity])
                return _where_one(found, columns[inner.arity].expression == Constant(1))
            case Float():
                return Scalar(value=self.double(raw), domain=Domain.FLOAT, convert=float_value, canonical=False)
            case Money():
                value = self.fen(raw, codec.scale)
                return Scalar(value=value, domain=Domain.INTEGER, convert=integer_value, canonical=False)
            case Mapped():
                return self.listed(codec, column)
            case DateDigits():
                return self._digits(column, codec, DATE_DIGITS, lambda value: value.replace("-", ""))
            case MonthText(as_date=False, dotted=dotted):
                pattern = f"{_YEAR}{'[.]' if dotted else ''}{_MONTH}"
                return self._digits(column, codec, pattern, lambda value: value.replace("-", "." if dotted else ""))
            case MonthText():
                return self._month_as_date(column, codec)
            case NativeDate():
                return _native(column, self.native_date(raw), Domain.DATE, date_value)
            case MonthDate():
                first = case((extract("day", raw) == Constant(1), self.native_date(raw)))
                return _native(column, first, Domain.DATE, _first_day)
            case PointInTime(utc=utc):
                value, convert = self.native_time(raw, utc=utc)
                return _native(column, value, Domain.TIME, convert)
            case Epoch():
                return _epoch(codec, raw)
            case OfIdNumber(part=part):
                return self.id_part(parameters, part, column)
            case IdNumber():
                return self.id_number(parameters, codec, column)
            case Identity():
                return self.identity(parameters, codec, column, columns[1].expression)
            case _:
                raise TypeError(f"the codec {codec.name} has no SQL form")

    def _token(self, codec: Token, column: BoundColumn) -> Scalar:
        dense = codec.dense or column.row_key
        text = self.text(column.expression)
        probe = self.token_probe(column, lambda value: [spelt for (spelt,) in codec.encode(value)])
        return Scalar(
            value=text if dense else func.nullif(text, Constant("")),
            domain=Domain.TEXT,
            convert=text_value,
            canonical=True,
            probes=(replace(probe, own=_is_token),),
            bounds=token_bounds(column.expression, promised=True, padded=column.padded),
            order=column.expression if dense else func.nullif(column.expression, Constant("")),
            never_null=dense and column.never_null,
        )

    def _digits(self, column: BoundColumn, codec: Codec, pattern: str, convert: Any) -> Scalar:
        """Canonical values in digits: the source's own order, where the text is one."""

        def spelt(value: Canonical) -> str | None:
            return None if value is None else str(convert(text_value(value)))

        raw = column.expression
        return Scalar(
            value=case((self.matches(raw, pattern), self.text(raw))),
            domain=Domain.TEXT,
            convert=spelt,
            canonical=False,
            probes=(self.token_probe(column, lambda value: [found for (found,) in codec.encode(value)]),),
            bounds=Bounds(expression=raw, domain=Domain.TEXT, least=spelt, greatest=spelt),
        )

    def _month_as_date(self, column: BoundColumn, codec: MonthText) -> Scalar:
        raw, text = column.expression, self.text(column.expression)
        month = func.substr(text, Constant(6 if codec.dotted else 5), Constant(2))
        day = self.concat(func.substr(text, Constant(1), Constant(4)), Constant("-"), month, Constant("-01"))
        valid = self.matches(raw, f"{_YEAR}{'[.]' if codec.dotted else ''}{_MONTH}")
        probe = self.token_probe(column, lambda value: [spelt for (spelt,) in codec.encode(value)])
        return texts(self.text(case((valid, day))), probe)


def _where_one(form: Form, one: Expression) -> Form:
    """``form`` where ``one`` holds, elsewhere null."""
    match form:
        case Listed(codec=codec, text=text, shaped=shaped):
            left = None if shaped is None else _where_one(shaped, one)
            assert left is None or isinstance(left, Scalar)
            return Listed(codec=codec, text=case((one, text)), shaped=left)
        case Scalar(value=value, domain=domain, convert=convert, canonical=canonical):
            return Scalar(value=case((one, value)), domain=domain, convert=convert, canonical=canonical)
        case _:
            assert_never(form)


def _is_token(value: Canonical) -> bool:
    return isinstance(value, str) and value.isascii() and value.isalnum()


def _integer(codec: Integer, column: BoundColumn) -> Scalar:
    raw = column.expression
    if codec.bounded:
        value = case((and_(raw >= Constant(codec.least), raw <= Constant(codec.greatest)), raw))
        bounds = Bounds(expression=raw, domain=Domain.INTEGER, least=integer_value, greatest=integer_value)
        probe = Probe(exact=raw, spell=lambda v: [spelt for (spelt,) in codec.encode(v)], domain=Domain.INTEGER)
        return Scalar(
            value=value,
            domain=Domain.INTEGER,
            convert=integer_value,
            canonical=False,
            probes=(probe,),
            bounds=bounds,
        )
    return Scalar(
        value=raw,
        domain=Domain.INTEGER,
        convert=integer_value,
        canonical=False,
        never_null=column.never_null,
    )


def _native(column: BoundColumn, value: Expression, domain: Domain, convert: Convert) -> Scalar:
    """A native type; ``value`` is the column itself, or the column where it is valid."""
    raw = column.expression

    def spell(canonical: Canonical) -> list[Any]:
        found = convert(canonical)
        return [] if found is None else [found]

    if value is raw:
        return Scalar(value=raw, domain=domain, convert=convert, canonical=False, never_null=column.never_null)
    return Scalar(
        value=value,
        domain=domain,
        convert=convert,
        canonical=False,
        probes=(Probe(exact=raw, spell=spell, domain=domain),),
        bounds=Bounds(expression=raw, domain=domain, least=convert, greatest=convert),
    )


def _epoch(codec: Epoch, raw: Expression) -> Scalar:
    def seconds(value: Canonical) -> float | None:
        moment = time_value(value)
        return None if moment is None else moment.timestamp()

    def whole(rounding: Any) -> Convert:
        return lambda value: None if value is None else rounding(seconds(value))

    valid = and_(raw != Constant(0), raw >= Constant(EPOCH_RANGE[0]), raw <= Constant(EPOCH_RANGE[1]))
    return Scalar(
        value=case((valid, raw)),
        domain=Domain.FLOAT,
        convert=seconds,
        canonical=False,
        probes=(Probe(exact=raw, spell=lambda v: [spelt for (spelt,) in codec.encode(v)], domain=Domain.INTEGER),),
        bounds=Bounds(expression=raw, domain=Domain.INTEGER, least=whole(floor), greatest=whole(ceil)),
    )


def _first_day(month: Canonical) -> date | None:
    return None if month is None else date_value(f"{month}-01")
