"""SQL elements that SQLAlchemy Core has no construct for. All of them render fixed words around compiled operands.

Neighbours: the dialect modules beside it build expressions of them.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import BigInteger, Double, String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine

Expression = ColumnElement[Any]
"""Any SQL expression."""


class Constant(ColumnElement[Any]):
    """A constant of the hub's own (a pattern, a position, a spelling), written into the statement by the dialect."""

    inherit_cache = False

    def __init__(self, value: str | int) -> None:
        self.value = value
        self.type: TypeEngine[Any] = BigInteger() if isinstance(value, int) else String()


@compiles(Constant)
def _constant(element: Constant, compiler: SQLCompiler, **_: Any) -> str:
    return str(compiler.render_literal_value(element.value, element.type))


class Nfkc(FunctionElement[str]):
    """PostgreSQL: the NFKC form of a text."""

    inherit_cache = False
    type = String()


@compiles(Nfkc)
def _nfkc(element: Nfkc, compiler: SQLCompiler, **kw: Any) -> str:
    return f"normalize({compiler.process(element.clauses, **kw)}, NFKC)"


class CodePoints(FunctionElement[str]):
    """MariaDB: any value as text that is compared code point by code point, blanks at its end included."""

    inherit_cache = False
    type = String()


@compiles(CodePoints)
def _code_points(element: CodePoints, compiler: SQLCompiler, **kw: Any) -> str:
    return f"(CONVERT({compiler.process(element.clauses, **kw)} USING utf8mb4) COLLATE utf8mb4_nopad_bin)"


class Replaced(FunctionElement[str]):
    """MariaDB: a text with each of ``forms`` replaced, written without recursion: there are hundreds."""

    inherit_cache = False
    type = String()

    def __init__(self, text: Expression, forms: Mapping[str, str]) -> None:
        super().__init__(text)
        self.forms = forms


@compiles(Replaced)
def _replaced(element: Replaced, compiler: SQLCompiler, **kw: Any) -> str:
    written = [f"{'REPLACE(' * len(element.forms)}{compiler.process(element.clauses, **kw)}"]
    for old, new in element.forms.items():
        written.append(f", {compiler.process(Constant(old))}, {compiler.process(Constant(new))})")
    return "".join(written)


class AsDouble(FunctionElement[float]):
    """MariaDB: a number as IEEE double."""

    inherit_cache = False
    type = Double()


@compiles(AsDouble)
def _as_double(element: AsDouble, compiler: SQLCompiler, **kw: Any) -> str:
    return f"CAST({compiler.process(element.clauses, **kw)} AS DOUBLE)"


class Binary(FunctionElement[Any]):
    """SQLite: a value of any type under the collation that compares bytes, which in UTF-8 is by code point."""

    inherit_cache = False
    type = String()


@compiles(Binary)
def _binary(element: Binary, compiler: SQLCompiler, **kw: Any) -> str:
    return f"({compiler.process(element.clauses, **kw)} COLLATE BINARY)"


class JsonTable(FunctionElement[Any]):
    """MariaDB: a JSON array of arrays as a table; ``columns`` are (name, type as MariaDB spells it, position)."""

    inherit_cache = False
    name = "json_table"

    def __init__(self, document: Expression, columns: tuple[tuple[str, str, int], ...]) -> None:
        super().__init__(document)
        self.columns_of_table = columns


@compiles(JsonTable)
def _json_table(element: JsonTable, compiler: SQLCompiler, **kw: Any) -> str:
    columns = ", ".join(
        f"{compiler.preparer.quote(name)} {spelling} PATH '$[{position}]'"
        for name, spelling, position in element.columns_of_table
    )
    return f"JSON_TABLE({compiler.process(element.clauses, **kw)}, '$[*]' COLUMNS ({columns}))"
