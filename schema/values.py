"""Canonical values: what a codec decodes to, a predicate compares and the response carries.

Every canonical value is JSON-ready, so nothing is converted between the source's edge and the response:

=============  ==========================================================================
scalar         canonical Python value
=============  ==========================================================================
String, Code   ``str``, NFKC-normalised and trimmed
DivCode, Uscc  ``str``
Date           ``str`` ``YYYY-MM-DD``
Month          ``str`` ``YYYY-MM``
DateTime       ``str`` RFC 3339, always ``+08:00``: ``2018-03-01T09:12:33+08:00``; a second that
               is not whole has six digits of its fraction: ``2018-03-01T09:12:33.250000+08:00``
Int, Fen       ``int``
Float          ``float``
Boolean        ``bool``
=============  ==========================================================================

``None`` is null in all of them. Order is Python's: code points for text, which is chronological for dates and times.
"""

from enum import StrEnum

Canonical = None | str | int | float | bool


class ScalarType(StrEnum):
    """Scalars of the catalogue; the value is the GraphQL type name."""

    STRING = "String"
    INT = "Int"
    FLOAT = "Float"
    BOOLEAN = "Boolean"
    DATE = "Date"
    MONTH = "Month"
    DATE_TIME = "DateTime"
    FEN = "Fen"
    CODE = "Code"
    DIV_CODE = "DivCode"
    USCC = "Uscc"
    PERSON_KEY = "PersonKey"
