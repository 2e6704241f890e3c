"""Codecs: what each raw value decodes to, its quality, and that every spelling leads back to its value."""

import unicodedata
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.codecs import CODEC_KINDS, NotEnumerable, build_codec
from connectors.codecs.only import Only
from connectors.codecs.texts import BLANKS
from connectors.sql.mariadb_text import gbk_forms
from schema.identity import check_character

NEEDED: dict[str, dict[str, Any]] = {
    "code": {"map": {"男": "1", 2: "2"}},
    "identity": {"connector": "s1"},
    "div": {"table": {"石门": "430726"}},
    "alias": {"table": {"经信委": "U1"}},
    "bits": {"map": {"1": "SEEDS", "4": "PARCELS"}},
    "split": {"separator": "|"},
}
ID, ID_X = "430790198001010016", "11010519491231002X"


def _row(kind: str, raw: Any, value: Any, quality: str | None = None, /, **parameters: Any) -> Any:
    given_ = parameters or NEEDED.get(kind, {})
    shown = f"{raw!r}".encode("unicode_escape").decode()
    return pytest.param(kind, given_, raw, value, quality, id=f"{kind}-{shown}")


ROWS = [
    _row("verbatim", " a ", " a "),
    _row("token", "001", "001"),
    _row("token", "", None),
    _row("text", " ＡＢＣ\u3000", "ABC"),
    _row("text", "\u3000 ", None),
    _row("text", "张?", "张?"),
    _row("text", "张?", "张?", "NAME_LOSSY", lossy=True),
    _row("text", "a\ufffd", "a\ufffd", "BAD_TEXT"),
    _row("text", 12, "12"),
    _row("integer", 7, 7),
    _row("integer", Decimal(7), 7),
    _row("integer", 7.5, None, "VALUE_INVALID"),
    _row("integer", "7", None, "VALUE_INVALID"),
    _row("integer", 2**63, None, "VALUE_INVALID"),
    _row("integer", True, None, "VALUE_INVALID"),
    _row("integer", 11, None, "VALUE_INVALID", min=0, max=10),
    _row("float", Decimal("0.5"), 0.5),
    _row("float", float("nan"), None, "VALUE_INVALID"),
    _row("float", 10**400, None, "VALUE_INVALID"),
    _row("boolean", 1, True),
    _row("boolean", False, False),
    _row("boolean", "是", True, None, true=["是"], false=["否"]),
    _row("boolean", "1", None, "CODE_UNMAPPED", true=["是"], false=["否"]),
    _row("code", "男", "1"),
    _row("code", 2, "2"),
    _row("code", "2", "2"),
    _row("code", "", None),
    _row("code", "x", None, "CODE_UNMAPPED"),
    _row("code", "9", "9", None, map={"男": "1"}, **{"pass": True, "codes": ["1", "9"]}),
    _row("code", "1", "1", None, map={"男": "1"}, **{"pass": True}),
    _row("date_digits", "20240229", "2024-02-29"),
    _row("date_digits", "19850230", None, "DATE_INVALID"),
    _row("date_digits", "00000000", None),
    _row("date_digits", "99999999", None),
    _row("date_digits", "  ", None),
    _row("date_digits", "198503", None, "DATE_INVALID"),
    _row("date_digits", "１９８５０３０１", None, "DATE_INVALID"),
    _row("date", date(1985, 3, 1), "1985-03-01"),
    _row("date", datetime(1985, 3, 1, 5), "1985-03-01"),
    _row("date", "0000-00-00", None, "DATE_INVALID"),
    _row("month_dotted", "1985.03", "1985-03"),
    _row("month_dotted", "1985.3", None, "DATE_INVALID"),
    _row("month_dotted", "1985.03", "1985-03-01", "DATE_PRECISION_MONTH", **{"as": "date"}),
    _row("month_digits", "198503", "1985-03"),
    _row("month_digits", "198513", None, "DATE_INVALID"),
    _row("month_date", date(1985, 3, 1), "1985-03"),
    _row("month_date", date(1985, 3, 2), None, "DATE_INVALID"),
    _row("datetime", datetime(2018, 3, 1, 1, tzinfo=UTC), "2018-03-01T09:00:00+08:00"),
    _row("datetime", datetime(1988, 7, 1, 12), "1988-07-01T12:00:00+08:00"),
    _row("datetime", datetime.max.replace(tzinfo=UTC), "9999-12-31T23:59:59.999999+08:00"),
    _row("datetime", "2018-03-01 09:00:00", "2018-03-01T09:00:00+08:00"),
    _row("datetime", "0000-00-00 00:00:00", None, "DATE_INVALID"),
    _row("epoch", 1_500_000_000, "2017-07-14T10:40:00+08:00"),
    _row("epoch", 0, None),
    _row("epoch", 10**15, None, "DATE_INVALID"),
    _row("fen", -350, -350),
    _row("yuan", Decimal("12.345"), 1235),
    _row("yuan", Decimal("-0.005"), -1),
    _row("yuan", "7", 700),
    _row("wanyuan", Decimal("1.5"), 1_500_000),
    _row("yuan", "x", None, "VALUE_INVALID"),
    _row("id_number", ID_X.lower(), ID_X),
    _row("id_number", "430790800101001", ID),
    _row("id_number", "430790198001010017", "430790198001010017", "ID_CHECKSUM"),
    _row("id_number", "不详", "不详", "ID_FORMAT"),
    _row("id_number", "", None),
    _row("uscc", "91350100m000100y43 ", "91350100M000100Y43"),
    _row("uscc", "91350100M000100Y44", "91350100M000100Y44", "USCC_CHECKSUM"),
    _row("div", "石门", "430726"),
    _row("div", "430726105", "430726105"),
    _row("div", "43072", None, "DIV_UNKNOWN"),
    _row("alias", "经信委", "U1"),
    _row("alias", "U1", "U1"),
    _row("alias", "信访局", None, "CODE_UNMAPPED"),
    _row("alias", "市经信委", "U1", "UNIT_NAME_ALIAS", table={"经信委": "U1", "市经信委": "U1"}, others=["市经信委"]),
    _row("alias", "经信委", "U1", None, table={"经信委": "U1", "市经信委": "U1"}, others=["市经信委"]),
    _row("alias", 7, "430726", None, table={"7": "430726"}),
    _row("uuid", UUID(int=1), "00000000-0000-0000-0000-000000000001"),
    _row("figures", "5", 5),
    _row("figures", "", None),
    _row("figures", "05", None, "VALUE_INVALID"),
    _row("figures", "很满意", None, "VALUE_INVALID"),
    _row("figures", 5, None, "VALUE_INVALID"),
    _row("digits", 180930000000000017, "180930000000000017"),
    _row("digits", 0, "0"),
    _row("digits", "17", None, "VALUE_INVALID"),
    _row("digits", True, None, "VALUE_INVALID"),
    _row("bits", 5, ["SEEDS", "PARCELS"]),
    _row("bits", 4, ["PARCELS"]),
    _row("bits", 0, []),
    _row("bits", 6, ["PARCELS"], "CODE_UNMAPPED"),
    _row("bits", -1, None, "VALUE_INVALID"),
    _row("bits", "5", None, "VALUE_INVALID"),
    _row("split", "石门|石门县 | |ＳＭ", ["石门", "石门县", "SM"]),
    _row("split", "", []),
    _row("split", None, []),
    *(_row(kind, None, None) for kind in CODEC_KINDS if kind not in ("identity", "split")),
]


@pytest.mark.parametrize(("kind", "parameters", "raw", "value", "quality"), ROWS)
def test_raw_value_decodes(kind: str, parameters: dict[str, Any], raw: Any, value: Any, quality: str | None) -> None:
    codec = build_codec(kind, parameters)
    assert (codec.decode(raw), codec.quality(raw)) == (value, quality)
    assert type(codec.decode(raw)) is type(value)


@pytest.mark.parametrize(
    ("number", "local", "identity"),
    [
        (ID, 5, ID),
        ("430790800101001", 5, ID),
        (ID_X.lower(), 5, ID_X),
        (f" {ID}", 5, "~s1:5"),
        ("430790198001010017", "x", "~s1:x"),
        (None, 5, "~s1:5"),
        ("", None, None),
    ],
    ids=["valid", "15 digits", "small x", "blank before", "wrong check", "none", "nothing at all"],
)
def test_identity_is_the_normal_form_or_the_local_key(number: Any, local: Any, identity: str | None) -> None:
    assert build_codec("identity", {"connector": "s1"}).decode(number, local) == identity


ONLY = Only(inner=build_codec("identity", {"connector": "s1"}))


@pytest.mark.parametrize(
    ("raw", "value", "quality"),
    [
        ((ID, 5, 1, "张三"), ID, None),
        (("不详", 5, 1, "张三"), "~s1:5", None),
        ((None, None, 0, "张三"), None, "NAME_UNRESOLVED"),
        ((ID, 5, 2, "张三"), None, "NAME_UNRESOLVED"),
        ((None, None, 0, None), None, None),
        ((None, None, 0, "  "), None, None),
    ],
    ids=["one row", "one row without a valid number", "no row", "two rows", "no name", "blank name"],
)
def test_a_row_found_by_name_counts_if_it_is_the_only_one(
    raw: tuple[Any, ...], value: str | None, quality: str | None
) -> None:
    assert (ONLY.arity, ONLY.decode(*raw), ONLY.quality(*raw)) == (4, value, quality)


@pytest.mark.parametrize(
    ("kind", "parameters"),
    [
        ("bits", {"map": {"3": "A"}}),
        ("bits", {"map": {"x": "A"}}),
        ("bits", {}),
        ("split", {}),
        ("alias", {"table": {"甲": "1"}, "others": ["乙"]}),
    ],
    ids=["two bits", "no number", "no map", "no separator", "a name that is not there"],
)
def test_wrong_parameters_are_refused(kind: str, parameters: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=f"codec {kind}: "):
        build_codec(kind, parameters)


_DATES = st.dates().map(date.isoformat)
_CANONICAL: dict[str, st.SearchStrategy[Any]] = {
    "verbatim": st.text(),
    "token": st.text("0123456789ABCXYZ"),
    "integer": st.integers(-(2**70), 2**70),
    "fen": st.integers(),
    "boolean": st.booleans(),
    "code": st.sampled_from(["1", "2", "3", ""]),
    "date_digits": _DATES,
    "date": _DATES,
    "month_dotted": _DATES.map(lambda day: day[:7]),
    "month_digits": _DATES.map(lambda day: day[:7]),
    "month_date": _DATES.map(lambda day: day[:7]),
    "epoch": st.integers(-(10**10), 10**11).map(lambda s: build_codec("epoch", {}).decode(s)),
    "figures": st.integers(-5, 10**20),
    "digits": st.integers(-(2**70), 2**70).map(str) | st.text("0123456789-"),
    "id_number": st.text("0123456789Xx", min_size=14, max_size=18)
    | st.integers(10**16, 10**17 - 1).map(lambda n: f"{n}{check_character(str(n))}")
    | st.sampled_from([ID, ID_X, "430790800101001"]),
    "div": st.sampled_from(["430726", "430700", "石门", "430726105", "4307"]),
    "alias": st.sampled_from(["U1", "经信委", "x"]),
    "uuid": st.uuids().map(str) | st.text(),
}


@pytest.mark.parametrize("kind", _CANONICAL)
@given(data=st.data())
def test_every_spelling_decodes_to_its_value(kind: str, data: st.DataObject) -> None:
    codec = build_codec(kind, NEEDED.get(kind, {}))
    value = data.draw(_CANONICAL[kind])
    for raw in codec.encode(value):
        assert codec.decode(*raw) == value


@pytest.mark.parametrize(
    "kind",
    [
        k
        for k in _CANONICAL
        if k not in ("verbatim", "integer", "figures", "digits", "fen", "epoch", "date", "month_date", "uuid")
    ],
)
@given(data=st.data())
def test_spelling_of_a_decoded_value_is_listed(kind: str, data: st.DataObject) -> None:
    codec = build_codec(kind, NEEDED.get(kind, {}))
    raw = data.draw(_CANONICAL[kind].map(lambda value: str(value).replace("-", "")) | st.text(max_size=18))
    value = codec.decode(raw)
    if value is not None:
        assert any(codec.decode(*spelt) == value for spelt in codec.encode(value))
        assert (raw,) in [tuple(map(str, spelt)) for spelt in codec.encode(value)]


@pytest.mark.parametrize("kind", CODEC_KINDS)
@given(
    raw=st.none() | st.text() | st.integers() | st.floats() | st.binary() | st.dates() | st.datetimes() | st.booleans()
)
def test_nothing_makes_a_codec_raise(kind: str, raw: Any) -> None:
    codec = build_codec(kind, NEEDED.get(kind, {}))
    raws = (raw,) * codec.arity
    codec.quality(*raws)
    value = codec.decode(*raws)
    if kind not in ("verbatim", "token"):  # whose department promises texts
        assert value is None or isinstance(value, str | int | float | bool | list)


@given(st.text())
def test_text_is_normalised_once_and_for_all(raw: str) -> None:
    codec = build_codec("text", {})
    value = codec.decode(raw)
    assert value is None or (codec.decode(value) == value and unicodedata.is_normalized("NFKC", str(value)))
    assert value is None or str(value).strip(BLANKS) == value


@pytest.mark.parametrize("kind", ["text", "uscc", "float", "yuan", "datetime"])
def test_spellings_that_cannot_be_listed_are_said_so(kind: str) -> None:
    with pytest.raises(NotEnumerable):
        build_codec(kind, {}).encode("x")


@pytest.mark.parametrize(
    ("kind", "parameters", "told"),
    [
        ("nothing", {}, "there is no codec"),
        ("code", {}, '"map" must map'),
        ("code", {"map": {"男": 1}}, '"map" must map'),
        ("code", {"map": {"男": "1"}, "codes": ["1"]}, "write both or neither"),
        ("token", {"dens": True}, 'has no parameter "dens"'),
        ("token", {"dense": "yes"}, "must be true or false"),
        ("integer", {"min": 3, "max": 2}, "greater than"),
        ("integer", {"min": "3"}, "whole number"),
        ("boolean", {"true": ["1"], "false": [1]}, "as true and as false"),
        ("month_dotted", {"as": "day"}, "month or date"),
        ("identity", {}, '"connector" must be given'),
        ("identity", {"connector": "s1", "local": "float"}, "text or integer"),
    ],
    ids=lambda value: str(value)[:24],
)
def test_wrong_parameters_are_told_in_a_sentence(kind: str, parameters: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        build_codec(kind, parameters)


def test_no_nfkc_form_of_a_gbk_character_combines_with_a_neighbour() -> None:
    changed = gbk_forms()
    assert len(changed) == 269
    for before in ("a", "张", " ", "\u30ab"):
        for character, form in changed.items():
            assert unicodedata.normalize("NFKC", f"{before}{character}{before}") == f"{before}{form}{before}"
