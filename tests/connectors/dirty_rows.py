"""A table with one column per codec, full of what departments really store: for the differential test."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from connectors.codecs import build_codec
from connectors.codecs.dates import BEIJING
from connectors.contract import Binding, BoundField, ColumnRef
from schema.catalog import Place
from schema.predicates import ROW_KEY
from schema.values import Canonical

PLACE = Place(file="dirty_rows.py", line=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class DirtyField:
    """A field, its column in each engine (PostgreSQL, MariaDB, SQLite) and the raw values it is filled with.

    ``asked``: canonical values to compare with, beside those that are there. ``only``: raw values of one engine.
    """

    name: str
    kind: str
    types: tuple[str, str, str]
    raw: Sequence[Any]
    parameters: Mapping[str, Any] = field(default_factory=dict)
    asked: Sequence[Canonical] = ()
    only: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    columns: tuple[str, ...] = ()


TEXT = ("text", "varchar(200)", "TEXT")
VARCHAR = ("varchar(40)", "varchar(40)", "TEXT")
INTEGER = ("bigint", "bigint", "INTEGER")
_TEXTS = ("abc", "ABC", "aBc", "Äb", "张三", "𠀀", "a b", "~", "０", "z", "_a", "O'x\\%", "a%b", "é", "-", "10", "9")
_DIRTY = (
    *("", " abc", "abc\u3000", "ＡＢＣ", "ABC", "abc ", "\u3000", "①", "ﬁn", "e\u0301", "é", "（甲）支部", "(甲)支部"),
    *("张三\u00a0", "㈱", "张\n", "\ttab", "?", "郎", "\u1112\u1161\u11ab", "한", "Ⅳ", "a\u2003b", "\u2028", "%", "𫖯"),
)
_IDS = (
    *("430790198001010016", "430790800101001", "11010519491231002X", "11010519491231002x", "110105491231002", ""),
    *("430790198001010017", " 430790198001010016", "430790198001010016 ", "4307901980010100１6", "不详", "12345"),
    *(
        "430790800230001",
        "430791199202290123",
        "430791199302290123",
        "430790209901010017",
        "440524188001010014",
        "430790000101001",
    ),
)
_NAMES = {"石门县": "430726", "石门": "430726", "桃源": "430725", "433000": "430700", "北": "430726001"}

FIELDS: Sequence[DirtyField] = (
    DirtyField(
        name="verbatim", kind="verbatim", types=TEXT, raw=(*_TEXTS, None), asked=("ABc", "", "张", "\U0010fffd")
    ),
    DirtyField(
        name="token",
        kind="token",
        types=("char(15)", "char(15)", "TEXT"),
        raw=("", None, "001", "0010", "001A", "01", "9", "99", "A", "Z9", "001010000000000", "001011000000000", "002"),
        asked=("001a", "a", "999", "09", "", "001 ", "０01", "~"),
    ),
    DirtyField(
        name="dense",
        kind="token",
        parameters={"dense": True},
        types=VARCHAR,
        raw=("430726", "430726105", "4307", "43", "X1", None),
        asked=("4", "x1"),
    ),
    DirtyField(
        name="text", kind="text", types=TEXT, raw=(*_DIRTY, None), asked=("ab", "ＡＢＣ", "abc ", " ", "甲", "1")
    ),
    DirtyField(
        name="integer", kind="integer", types=INTEGER, raw=(-5, 0, 7, 8, 2**40, -(2**63), 2**63 - 1, None), asked=(6,)
    ),
    DirtyField(
        name="bounded",
        kind="integer",
        parameters={"min": 0, "max": 100},
        types=("smallint", "smallint", "INTEGER"),
        raw=(-1, 0, 50, 100, 101, None),
        asked=(99, 101, -1),
    ),
    DirtyField(
        name="float",
        kind="float",
        types=("double precision", "double", "REAL"),
        raw=(0.1, -0.5, 1e300, 0.0, 123456789.125, None),
        asked=(0.2, 1),
        only=dict.fromkeys(("postgresql", "files"), (float("nan"), float("inf"), float("-inf"))),
    ),
    DirtyField(
        name="single", kind="float", types=("real", "float", "REAL"), raw=(0.1, 0.5, 3.4e38, None), asked=(0.1, 0.5)
    ),
    DirtyField(
        name="boolean",
        kind="boolean",
        parameters={"true": ["1", "是"], "false": ["0", "否"]},
        types=VARCHAR,
        raw=("1", "0", "是", "否", "", "2", "true", None),
    ),
    DirtyField(name="flag", kind="boolean", types=("boolean", "tinyint", "INTEGER"), raw=(True, False, None)),
    DirtyField(
        name="code",
        kind="code",
        parameters={"map": {"男": "1", "M": "1", "m": "3", "女": "2", 9: "9"}, "pass": True},
        types=VARCHAR,
        raw=("男", "M", "m", "M ", " M", "女", "9", "1", "3", "８", "", None),
        asked=("8", "M", ""),
    ),
    DirtyField(
        name="number",
        kind="code",
        parameters={"map": {1: "01", 2: "02", 3: "02"}},
        types=("smallint", "tinyint", "INTEGER"),
        raw=(1, 2, 3, 4, 0, None),
        asked=("0", "03"),
    ),
    DirtyField(
        name="dateDigits",
        kind="date_digits",
        types=("varchar(12)", "varchar(12)", "TEXT"),
        raw=(
            *("19850301", "19850230", "00000000", "99999999", "", "1985", "20000229", "19000229", "00010101", None),
            *("99991231", "1985030１", "19850301 ", " 19850301", "19850301\n", "20240229", "abcdefgh", "19851301"),
        ),
        asked=("1985-03-02", "1984-12-31"),
    ),
    DirtyField(
        name="date",
        kind="date",
        types=("date", "date", "TEXT"),
        raw=(date(1985, 3, 1), date(1, 1, 2), date(2024, 2, 29), date(9998, 12, 31), None),
        asked=("1985-03-02",),
        only={
            "postgresql": ("infinity", "-infinity"),
            "files": ("infinity", "-infinity", "12000-01-01"),
            "mysql": ("0000-00-00", "1985-00-00", "1985-03-00", "9999-12-31"),
            "sqlite": ("1985-2-3", "1985-02-30", "", "x"),
        },
    ),
    DirtyField(
        name="month",
        kind="month_dotted",
        types=VARCHAR,
        raw=("1985.03", "1985.13", "1985.3", "198503", "2000.12", "0000.01", "1985x03", "", None, "1985.03 "),
        asked=("1985-04",),
    ),
    DirtyField(
        name="monthAsDate",
        kind="month_dotted",
        parameters={"as": "date"},
        types=VARCHAR,
        raw=("1985.03", "1985.00", "2000.12", "", None),
        asked=("1985-03-02", "1985-02-28"),
    ),
    DirtyField(
        name="monthDigits",
        kind="month_digits",
        types=("char(6)", "char(6)", "TEXT"),
        raw=("198503", "198513", "1985", "200012", "", None),
        asked=("1985-04",),
    ),
    DirtyField(
        name="monthDate",
        kind="month_date",
        types=("date", "date", "TEXT"),
        raw=(date(1985, 3, 1), date(1985, 3, 2), date(2000, 12, 1), None),
        asked=("1985-04",),
        only={"mysql": ("0000-00-00", "2000-00-01"), "sqlite": ("1985-03",)},
    ),
    DirtyField(
        name="moment",
        kind="datetime",
        types=("timestamptz", "datetime(6)", "TEXT"),
        raw=(
            datetime(1985, 3, 1, tzinfo=UTC),
            datetime(2018, 3, 1, 1, 12, 33, tzinfo=UTC),
            datetime(2018, 3, 1, 1, 12, 33, 250000, tzinfo=UTC),
            datetime(1988, 7, 1, 12, tzinfo=UTC),
            None,
        ),
        asked=("2018-03-01T09:12:33.100000+08:00", "2018-03-01T09:12:34+08:00"),
        only={
            "postgresql": ("infinity",),
            "files": ("infinity",),
            "mysql": ("0000-00-00 00:00:00",),
            "sqlite": ("2018-13-01", ""),
        },
    ),
    DirtyField(
        name="naive",
        kind="datetime",
        types=("timestamp", "datetime", "TEXT"),
        raw=(datetime(2018, 3, 1, 9, 12, 33), datetime(1988, 7, 1, 12), None),
        asked=("2018-03-01T09:12:33+08:00",),
    ),
    DirtyField(
        name="inUtc",
        kind="datetime",
        parameters={"zone": "UTC"},
        types=("timestamp", "datetime", "TEXT"),
        raw=(datetime(2018, 3, 1, 1, 12, 33), datetime(1988, 6, 30, 20), datetime(2018, 3, 1, 9, 12, 33), None),
        asked=("2018-03-01T09:12:33+08:00", "2018-03-01T09:12:34+08:00"),
    ),
    DirtyField(
        name="epoch",
        kind="epoch",
        types=INTEGER,
        raw=(0, 1, -1, 1_500_000_000, 10**15, None),
        asked=("1970-01-01T08:00:00.500000+08:00", "1970-01-01T08:00:00+08:00"),
    ),
    DirtyField(name="fen", kind="fen", types=INTEGER, raw=(0, -350, 10**12, None), asked=(1,)),
    DirtyField(
        name="yuan",
        kind="yuan",
        types=("numeric(12,3)", "decimal(12,3)", "TEXT"),
        raw=(Decimal("12.345"), Decimal("0.005"), Decimal("-0.005"), Decimal("0.004"), Decimal(7), None),
        asked=(1234, 1235, 0, 1, -1),
    ),
    DirtyField(
        name="identity",
        kind="identity",
        parameters={"connector": "lab", "local": "integer"},
        types=("", "", ""),
        raw=(),
        columns=("idNumber", "no"),
        asked=("~lab:3", "~lab:x", "~other:3", "430790800101001", "~lab:0003"),
    ),
    DirtyField(name="idNumber", kind="id_number", types=VARCHAR, raw=(*_IDS, None), asked=("430790800101001", "4307")),
    DirtyField(
        name="uscc",
        kind="uscc",
        types=VARCHAR,
        raw=("91350100M000100Y43", "91350100m000100y43", "91350100M000100Y43 ", " 91", "无a", "", None),
        asked=("91350100m000100y43", "无A"),
    ),
    DirtyField(
        name="div",
        kind="div",
        parameters={"table": _NAMES},
        types=VARCHAR,
        raw=(
            "石门县",
            "石门",
            "桃源",
            "433000",
            "430726",
            "430726001",
            "43072",
            "石门 ",
            "４３０７２６",
            "北",
            "",
            None,
        ),
        asked=("433000", "4307", "430700", "石门"),
    ),
    DirtyField(
        name="alias",
        kind="alias",
        parameters={"table": {"经信委": "U1", "市经信委": "U1", "u2": "U2"}},
        types=VARCHAR,
        raw=("经信委", "市经信委", "U1", "u1", "u2", "U2", "x", "", None),
        asked=("U3",),
    ),
    DirtyField(
        name="digits", kind="digits", types=INTEGER, raw=(0, 7, -7, 10, 2**62, None), asked=("07", "x", "", "9")
    ),
    DirtyField(
        name="figures", kind="figures", types=VARCHAR, raw=("0", "5", "05", "10", "-1", "", "五", None), asked=(6, -1)
    ),
    DirtyField(name="birth", kind="id_birth", types=("", "", ""), raw=(), columns=("idNumber",), asked=("1980-01-01",)),
    DirtyField(name="sex", kind="id_sex", types=("", "", ""), raw=(), columns=("idNumber",), asked=("1", "2", "9")),
    DirtyField(
        name="uuid",
        kind="uuid",
        types=("uuid", "uuid", "TEXT"),
        raw=(UUID(int=1), UUID(int=2**127), UUID("ffffffff-0000-4000-8000-000000000000"), None),
        asked=("x", "00000000-0000-0000-0000-000000000002", "FFFFFFFF-0000-4000-8000-000000000000"),
    ),
)
_PARTS = {"postgresql": 0, "files": 0, "mysql": 1, "sqlite": 2}


def binding() -> Binding:
    """The binding of the dirty table."""
    fields = {spec.name: _bound(spec.name, spec.kind, spec.parameters, spec.columns or (spec.name,)) for spec in FIELDS}
    return Binding(
        connector="lab",
        entity="Dirty",
        table="dirty",
        row_key=_bound(ROW_KEY, "integer", {}, ("no",)),
        fields=fields,
        place=PLACE,
    )


def columns(engine: str, collation: str = "") -> dict[str, str]:
    """Column -> type; ``collation`` is added to PostgreSQL's type ``text``."""
    part = _PARTS[engine]
    types = {"no": "bigint" if engine != "sqlite" else "INTEGER", **{s.name: s.types[part] for s in FIELDS if s.raw}}
    return {name: f"{kind} {collation}" if kind == "text" else kind for name, kind in types.items()}


def rows(engine: str, seed: int, count: int, charset: str = "utf-8") -> list[tuple[Any, ...]]:
    """Rows of random raw values, as the engine's driver takes them; ``?`` stands for characters beyond ``charset``."""
    rng = random.Random(seed)
    filled = [spec for spec in FIELDS if spec.raw]
    return [
        (number, *(_stored(rng.choice((*spec.raw, *spec.only.get(engine, ()))), engine, charset) for spec in filled))
        for number in range(count)
    ]


def _stored(raw: Any, engine: str, charset: str) -> Any:
    if isinstance(raw, str):
        return raw.encode(charset, "replace").decode(charset)
    if engine == "sqlite" and isinstance(raw, date | datetime | Decimal | UUID):
        return raw.isoformat(" ") if isinstance(raw, datetime) else str(raw)
    if engine == "mysql" and isinstance(raw, datetime) and raw.tzinfo is not None:
        return raw.astimezone(BEIJING).replace(tzinfo=None).isoformat(" ")
    return str(raw) if isinstance(raw, UUID) else raw


def _bound(name: str, kind: str, parameters: Mapping[str, Any], names: tuple[str, ...]) -> BoundField:
    refs = tuple(ColumnRef(column=column) for column in names)
    return BoundField(name=name, columns=refs, codec=build_codec(kind, parameters), place=PLACE)
