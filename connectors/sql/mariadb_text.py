"""The codec ``text`` said in MariaDB, which knows no NFKC.

In a GBK source each character has its own NFKC form, so nested ``REPLACE`` of the 269 that differ say it exactly; rows
without such characters (nearly all) skip them. For other charsets a row is decided where all its characters are known
to stand for themselves, and left to the caller's recheck where not. Neighbour: :mod:`connectors.sql.mariadb_dialect`.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from unicodedata import normalize

from sqlalchemy import case, func, or_

from connectors.sql.elements import CodePoints, Constant, Expression, Replaced
from connectors.sql.forms import Scalar, texts
from connectors.sql.parameters import Domain, text_value

_BLANK = r"[ \t\n\r\x0b\x0c]"
_BLANK_AFTER_NFKC = r"[ \t\n\r\x0b\x0c\x{A0}\x{2000}-\x{200A}\x{202F}\x{205F}\x{3000}]"
_STANDS_FOR_ITSELF = (
    r"\t\n\r\x0b\x0c -~\x{B7}\x{2014}\x{2018}\x{2019}\x{201C}\x{201D}\x{3001}\x{3002}\x{3008}-\x{3011}"
    r"\x{3400}-\x{4DBF}\x{4E00}-\x{9FFF}\x{20000}-\x{2F7FF}\x{30000}-\x{3134F}"
)


def clean_text(raw: Expression, charset: str | None) -> Scalar:
    """The form of the codec ``text`` on a column of ``charset`` (``None``: any)."""
    text: Expression = CodePoints(raw)
    if charset == "gbk":
        return texts(CodePoints(_gbk_value(text)))
    return Scalar(
        value=CodePoints(func.nullif(_trimmed(text), Constant(""))),
        domain=Domain.TEXT,
        convert=text_value,
        canonical=True,
        undecided=text.bool_op("REGEXP")(Constant(f"[^{_STANDS_FOR_ITSELF}]")),
        is_null=or_(text.is_(None), text.bool_op("REGEXP")(Constant(f"^{_BLANK_AFTER_NFKC}*\\z"))),
    )


def _gbk_value(text: Expression) -> Expression:
    changed = "".join(f"\\x{{{ord(character):X}}}" for character in gbk_forms())
    has_changed = text.bool_op("REGEXP")(Constant(f"[{changed}]"))
    has_blank_end = text.bool_op("REGEXP")(Constant(f"^{_BLANK}|{_BLANK}\\z"))
    chosen = case((has_changed, _trimmed(Replaced(text, gbk_forms()))), (has_blank_end, _trimmed(text)), else_=text)
    return func.nullif(chosen, Constant(""))


def _trimmed(text: Expression) -> Expression:
    return func.regexp_replace(text, Constant(f"^{_BLANK}+|{_BLANK}+\\z"), Constant(""))


@lru_cache(maxsize=1)
def gbk_forms() -> Mapping[str, str]:
    """Characters of GBK whose NFKC form differs, with that form; none of the forms combines with a neighbour."""
    return {character: form for character in _gbk_characters() if (form := normalize("NFKC", character)) != character}


def _gbk_characters() -> Iterator[str]:
    for first in range(0x81, 0xFF):
        for second in (*range(0x40, 0x7F), *range(0x80, 0xFF)):
            yield from bytes((first, second)).decode("gbk", "ignore")
