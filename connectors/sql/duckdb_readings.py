"""Columns of Parquet files as they are held: by the type of the file and by how the bindings read them.

Neighbour: :mod:`connectors.sql.duckdb_loading` selects them.
"""

from typing import Any

from sqlalchemy import BigInteger, DateTime, Double, Numeric, Text, TryCast, and_, case, cast, column, func
from sqlalchemy.dialects.postgresql import INTERVAL
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import quoted_name
from sqlalchemy.sql.functions import FunctionElement

from connectors.codecs import Codec
from connectors.codecs.dates import PointInTime
from connectors.codecs.identities import IdNumber
from connectors.codecs.texts import Text as CleanText
from connectors.codecs.texts import Uscc
from connectors.sql.duckdb_layout import NO_NUMBER, Reading
from connectors.sql.elements import Constant, Expression

TEXT, TIME = "VARCHAR", "TIMESTAMP"
_INTEGERS = frozenset({"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"})
_GREAT_INTEGERS = frozenset({"UBIGINT", "HUGEINT", "UHUGEINT"})
_KEPT = frozenset({TEXT, TIME, "DATE", "BOOLEAN", "UUID", "FLOAT", "DOUBLE", *_INTEGERS, *_GREAT_INTEGERS})
_ZONED = "TIMESTAMP WITH TIME ZONE"
_WHOLE = r"\s*[+-]?[0-9]+\s*"
_NUMBER = r"\s*[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?\s*"
_ITSELF = r"!-~\x{4E00}-\x{9FFF}"
_PLAIN = {
    CleanText: rf"[{_ITSELF}]([ {_ITSELF}]*[{_ITSELF}])?",
    Uscc: "[0-9A-Z]+",
    IdNumber: "[0-9]{17}[0-9X]",
}
"""Texts that are their own canonical value, whatever else is."""


class ReadParquet(FunctionElement[Any]):
    """Parquet files as one table, columns by name."""

    inherit_cache = False
    name = "read_parquet"


@compiles(ReadParquet)
def _read_parquet(element: ReadParquet, compiler: SQLCompiler, **kw: Any) -> str:
    files = compiler.process(element.clauses, **kw)
    return f"read_parquet({files}, union_by_name = true, binary_as_string = true, hive_partitioning = false)"


def read_as(name: str, kind: str, reading: Reading, *, utc: bool) -> tuple[Expression, str]:
    """A column of the files of type ``kind`` as it is held, and its type then.

    A point in time with a zone loses it: it is in UTC with ``utc``, else in Beijing time.
    """
    raw: Expression = column(quoted_name(name, None))
    number = kind in _INTEGERS or kind in _GREAT_INTEGERS or kind in ("FLOAT", "DOUBLE") or kind.startswith("DECIMAL")
    match reading:
        case Reading.WHOLE:
            return _whole(raw, kind, number), "HUGEINT"
        case Reading.DOUBLE:
            return _double(raw, kind, number), "DOUBLE"
        case Reading.DECIMAL if not number:
            return TryCast(raw, Numeric(38, 6)), "DECIMAL(38,6)"
        case Reading.TEXT if kind != TEXT:
            return cast(raw, Text()), TEXT
        case _:
            return _as_it_is(raw, kind, utc)


def stands_for_itself(codec: Codec, raw: Expression, kind: str) -> tuple[Expression, Expression] | None:
    """Which values of a column need no decoding, and what they are then; ``None``: none is known to."""
    if kind == TEXT and type(codec) in _PLAIN:
        return func.coalesce(func.regexp_full_match(raw, Constant(_PLAIN[type(codec)])), _FALSE), raw
    if kind == TIME and isinstance(codec, PointInTime):
        first, last = (cast(Constant(text), DateTime()) for text in ("0001-01-02", "9999-12-31"))
        return func.coalesce(and_(raw >= first, raw < last), _FALSE), _beijing(raw) if codec.utc else raw
    return None


_FALSE = Constant(1) == Constant(0)


def _whole(raw: Expression, kind: str, number: bool) -> Expression:
    if kind in _INTEGERS:
        return cast(raw, BigInteger())
    otherwise = case((raw.is_not(None), Constant(NO_NUMBER)))
    if kind == TEXT:
        digits = case((func.regexp_full_match(raw, Constant(_WHOLE)), TryCast(func.trim(raw), BigInteger())))
        return func.coalesce(digits, otherwise)
    if kind in _GREAT_INTEGERS:
        return func.coalesce(TryCast(raw, BigInteger()), otherwise)
    if number:
        whole = func.round(raw, Constant(0))
        return func.coalesce(case((raw == whole, TryCast(whole, BigInteger()))), otherwise)
    return otherwise


def _double(raw: Expression, kind: str, number: bool) -> Expression:
    if number:
        return cast(raw, Double())
    nothing = case((raw.is_not(None), cast(Constant("nan"), Double())))
    if kind == TEXT:
        digits = case((func.regexp_full_match(raw, Constant(_NUMBER)), TryCast(func.trim(raw), Double())))
        return func.coalesce(digits, nothing)
    return nothing


def _as_it_is(raw: Expression, kind: str, utc: bool) -> tuple[Expression, str]:
    if kind == _ZONED:
        naive = func.timezone(Constant("UTC"), raw)
        return naive if utc else _beijing(naive), TIME
    if kind.startswith("TIMESTAMP"):
        return cast(raw, DateTime()), TIME
    if kind in _KEPT or kind.startswith("DECIMAL"):
        return raw, kind
    return cast(raw, Text()), TEXT


def _beijing(naive: Expression) -> Expression:
    """Beijing time of a time in UTC without a zone; infinities stay."""
    return naive + cast(Constant("8 hours"), INTERVAL())
