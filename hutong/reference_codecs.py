"""The reference page of codecs: what each is for, and what it makes of example values, computed by the codec itself.

Neighbours: :mod:`hutong.reference` writes the page. A codec without an entry here fails the tests.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from connectors.codecs import build_codec
from connectors.manifest_codecs import DEFAULT_KINDS, scalars_of

_HEAD: Final = """# Codecs

A codec translates between a source's spelling and the canonical value that the graph speaks: a manifest names it
beside the column (`{column: CSRQ, codec: date_digits}`), with its parameters. It works both ways: rows are decoded,
and filters, orders and look-ups are encoded, so that the source still uses its indexes where it can.

What cannot be decoded becomes null with a [quality code](../data-quality.md), told by `_meta { quality }`; never an
error, never a guess. Where a field names no codec, its type decides:

| type of the field | codec |
| --- | --- |
"""
_AFTER: Final = """
A key, and every text by which rows are joined or looked up, has the default `token`. A field with a code table has
the default `code`, and the codes of the table pass.

The tables below are what the codecs answer; a dash in the last column is no defect. Texts stand in quotes; `date` and
`datetime` read the driver's own dates, `yuan` and `wanyuan` its decimal numbers.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodecExample:
    """One codec of the page: ``about`` in prose, the manifest's line, its parameters, and raw values, each a tuple."""

    about: str
    written: str
    raws: tuple[tuple[Any, ...], ...]
    parameters: Mapping[str, Any] = field(default_factory=dict)


def _raws(*values: Any) -> tuple[tuple[Any, ...], ...]:
    return tuple((value,) for value in values)


EXAMPLES: Final[Mapping[str, CodecExample]] = {
    "verbatim": CodecExample(
        about="Text as it stands. Passes through unread: the fastest, for texts that are clean already.",
        written="mark: {column: BZ, codec: verbatim}",
        raws=_raws("甲 乙", ""),
    ),
    "token": CodecExample(
        about=(
            "Digits and ASCII letters of one case, which no collation changes: for keys and join fields. An empty "
            "text is null; `dense: true` promises that there is none, and the column passes through unread."
        ),
        written="orgCode: DZZDM",
        raws=_raws("001010001000000", ""),
    ),
    "text": CodecExample(
        about=(
            "Text in Unicode's NFKC form, trimmed of spaces of every width; nothing left is null. `lossy: true`: a "
            "question mark stands for a character that the source could not hold."
        ),
        written="name: {column: XM, lossy: true}",
        parameters={"lossy": True},
        raws=_raws("王芳\u3000\u3000", "ＡＢＣ１２", "王?", "   "),
    ),
    "integer": CodecExample(
        about="Whole numbers. `min` and `max`: what lies outside is no value.",
        written="floor: {column: LC, codec: integer, min: 0, max: 200}",
        parameters={"min": 0, "max": 200},
        raws=_raws(12, 999),
    ),
    "figures": CodecExample(
        about="Whole numbers in figures in a column of text; blank is null.",
        written="satisfaction: {column: manyidu, codec: figures}",
        raws=_raws("5", "", "五"),
    ),
    "digits": CodecExample(
        about="Whole numbers that only name something: text in the graph, a number in the source, whose index is used.",
        written="orderNo: {column: order_sn, codec: digits}",
        raws=_raws(201809280001, -1),
    ),
    "float": CodecExample(
        about="Finite numbers.",
        written="lng: {column: jingdu, codec: float}",
        raws=_raws(111.69, float("nan")),
    ),
    "boolean": CodecExample(
        about="`true` and `false` list the source's spellings; without them true, 1 and false, 0.",
        written='floating: {column: SFLD, true: ["1"], false: ["0"]}',
        parameters={"true": ["1"], "false": ["0"]},
        raws=_raws("1", "0", "9", None),
    ),
    "code": CodecExample(
        about=(
            "`map` leads from the source's spellings to codes of the catalogue; `pass: true` lets codes through "
            "that are canonical already. An empty text is null."
        ),
        written='type: {column: DZZLB, pass: true, map: {"0": "611", "2": "631"}}',
        parameters={"map": {"0": "611", "2": "631"}, "pass": True},
        raws=_raws("0", "631", "", "77"),
    ),
    "date_digits": CodecExample(
        about="Eight digits `yyyymmdd` in a column of text. Blank, `00000000` and `99999999` are null.",
        written="foundedOn: {column: CLRQ, codec: date_digits}",
        raws=_raws("19990101", "00000000", "19850230", "198503"),
    ),
    "date": CodecExample(
        about="The source's own date type; ISO text in SQLite.",
        written="dueOn: chengnuo_rq",
        raws=_raws(date(2018, 3, 1), "2018-03-01", "2018-02-30"),
    ),
    "month_dotted": CodecExample(
        about="Text `yyyy.mm`. `as: date` gives the first day of the month, and says that only the month is known.",
        written="birthDate: {column: 出生年月, codec: month_dotted, as: date}",
        parameters={"as": "date"},
        raws=_raws("1985.03", "1985-03", ""),
    ),
    "month_digits": CodecExample(
        about="Text `yyyymm`; `as: date` as above.",
        written="duesPaidUntil: {column: DFJZ, codec: month_digits}",
        raws=_raws("201806", "201813"),
    ),
    "month_date": CodecExample(
        about="A date column that always holds the first of a month.",
        written="month: month",
        raws=_raws(date(2018, 6, 1), date(2018, 6, 15)),
    ),
    "datetime": CodecExample(
        about=(
            "The source's own points in time, with a zone or in Beijing time without one; ISO text in SQLite. "
            "`zone: UTC` for a column without a zone that holds UTC."
        ),
        written="acceptedAt: shouli_sj",
        raws=_raws(datetime(2018, 3, 1, 9, 12, 33), "2018-03-01 09:12:33", "soon"),
    ),
    "epoch": CodecExample(
        about="Whole seconds since 1970; 0 is null.",
        written="finishedAt: {column: finish_ts, codec: epoch}",
        raws=_raws(1519866753, 0),
    ),
    "fen": CodecExample(
        about="Amounts that are whole fen already.",
        written="price: price_fen",
        raws=_raws(2640),
    ),
    "yuan": CodecExample(
        about="Amounts in yuan, to the fen.",
        written="price: {column: 均价, codec: yuan}",
        raws=_raws(Decimal("26.40"), Decimal("0.10")),
    ),
    "wanyuan": CodecExample(
        about="Amounts in 万元.",
        written="regCapital: {column: REGCAP, codec: wanyuan}",
        raws=_raws(Decimal("50.5")),
    ),
    "identity": CodecExample(
        about=(
            "Two columns, an ID number and the local key of the row: the join key of a person. The number in its "
            "normal form where it is valid, else a local identity that joins to nothing of another source. "
            "Internal: no caller ever sees it. `connector` names the source, `local: integer` says that the local key "
            "is a number. A row without a valid number has a `personKey` only if its local key is 1-13 printable ASCII "
            "characters."
        ),
        written="identity: {columns: [SFZH, DYBH], codec: identity, connector: s1, local: integer}",
        parameters={"connector": "s1", "local": "integer"},
        raws=(("430790198001010016", 7), ("430790800101001", 8), ("430790198001010017", 9), ("", 10)),
    ),
    "id_number": CodecExample(
        about="The ID number in its normal form where it is valid, else as it stands.",
        written="idNumber: {column: SFZH, codec: id_number}",
        raws=_raws("430790198001010016", "430790800101001", "430790198001010017", "43079", ""),
    ),
    "id_birth": CodecExample(
        about="The date of birth in a valid ID number, for registers that keep nothing else of it.",
        written="birthDate: {column: owner_id_no, codec: id_birth}",
        raws=_raws("430790198001010016", "430790198001010017"),
    ),
    "id_sex": CodecExample(
        about="The sex in a valid ID number: `1` male, `2` female.",
        written="sex: {column: owner_id_no, codec: id_sex}",
        raws=_raws("430790198001010016", "430791199202290123"),
    ),
    "uscc": CodecExample(
        about="A unified social credit code: trimmed, in upper case. The check character is judged, the code stays.",
        written="uscc: UNISCID",
        raws=_raws("11430700xx00000199", "11430700XX00000198", ""),
    ),
    "div": CodecExample(
        about="Division codes pass; `table` leads from the names that the department writes to codes.",
        written="divCode: {column: XZQH, codec: div, table: {石门县: '430726', 石门: '430726'}}",
        parameters={"table": {"石门县": "430726", "石门": "430726"}},
        raws=_raws("430726", "石门", "", "石门镇"),
    ),
    "alias": CodecExample(
        about=(
            "Names to codes by a `table`, written out or `{file: aliases.csv}`; the codes themselves pass. "
            "`unknown` is the quality code of a name that is not there; of those in `others`, names that are not "
            "the official one, `other` is told."
        ),
        written="unitNo: {column: danwei, codec: alias, table: {市经信委: '1001'}, unknown: UNIT_UNKNOWN}",
        parameters={"table": {"市经信委": "1001"}, "unknown": "UNIT_UNKNOWN"},
        raws=_raws("市经信委", "1001", "某单位"),
    ),
    "uuid": CodecExample(
        about="The source's own uuid type, as text in lower case.",
        written="activityKey: {column: id, codec: uuid}",
        raws=_raws("6F9619FF-8B86-D011-B42D-00CF4FC964FF"),
    ),
    "bits": CodecExample(
        about="A whole number of flags: a list of codes, `map` says which bit is which.",
        written='services: {column: biz_flags, codec: bits, map: {"1": AGRI, "2": DAILY, "4": EXPRESS}}',
        parameters={"map": {"1": "AGRI", "2": "DAILY", "4": "EXPRESS"}},
        raws=_raws(5, 0, 9),
    ),
    "split": CodecExample(
        about="A text with a `separator`: a list of texts.",
        written='aliases: {column: aliases, codec: split, separator: "|"}',
        parameters={"separator": "|"},
        raws=_raws("石门|石门县", ""),
    ),
}


def codecs_page() -> str:
    """The whole page."""
    lines = [_HEAD + "\n".join(f"| `{scalar.value}` | `{kind}` |" for scalar, kind in DEFAULT_KINDS.items()), _AFTER]
    for kind, example in EXAMPLES.items():
        lines += _section(kind, example)
    return "\n".join(lines) + "\n"


def _section(kind: str, example: CodecExample) -> Iterator[str]:
    codec = build_codec(kind, example.parameters)
    gives = ", ".join(sorted(f"`{scalar.value}`" for scalar in scalars_of(kind, example.parameters)))
    yield from (f"## {kind}", "", f"{example.about} For fields of type {gives}.", "")
    yield from ("```yaml", example.written, "```", "")
    yield from ("| in the source | in the graph | quality |", "| --- | --- | --- |")
    for raw in example.raws:
        decoded = _code(json.dumps(codec.decode(*raw), ensure_ascii=False))
        yield f"| {', '.join(map(_source_text, raw))} | {decoded} | {codec.quality(*raw) or '–'} |"
    yield ""


def _source_text(raw: Any) -> str:
    """A raw value as a department would recognise it."""
    if isinstance(raw, str):
        return _code(json.dumps(raw, ensure_ascii=False).replace("\u3000", "\\u3000"))
    return _code("null" if raw is None else str(raw))


def _code(text: str) -> str:
    return "`" + text.replace("|", "\\|") + "`"
