"""Codecs by the name manifests give them."""

from collections.abc import Callable, Mapping
from typing import Any

from connectors.codecs.dates import DateDigits, Epoch, MonthDate, MonthText, NativeDate, PointInTime
from connectors.codecs.identities import Identity, IdNumber, IdPart, OfIdNumber
from connectors.codecs.lists import Bits, Split
from connectors.codecs.mapped import DIVISION_CODE, Mapped, spelled, spelling
from connectors.codecs.numbers import Digits, Figures, Float, Integer, Money
from connectors.codecs.protocol import Codec
from connectors.codecs.texts import NativeUuid, Text, Token, Uscc, Verbatim
from schema.message import Unusable
from schema.messages import manifest_bindings
from schema.values import Canonical


class _Parameters:
    """Parameters of one codec, taken one by one; what is wrong or left over is `Unusable`."""

    def __init__(self, kind: str, given: Mapping[str, Any]) -> None:
        self._kind = kind
        self._left = dict(given)

    def flag(self, name: str) -> bool:
        value = self._left.pop(name, False)
        if not isinstance(value, bool):
            raise Unusable(manifest_bindings.PARAMETER_FLAG(name=self._kind, key=name))
        return value

    def integer(self, name: str, default: int) -> int:
        value = self._left.pop(name, default)
        if type(value) is not int or not -(2**63) <= value < 2**63:
            raise Unusable(manifest_bindings.PARAMETER_INTEGER(name=self._kind, key=name))
        return value

    def choice(self, name: str, *choices: str) -> str:
        """The first choice is the default."""
        value = self._left.pop(name, choices[0])
        if value not in choices:
            raise Unusable(manifest_bindings.PARAMETER_CHOICE(name=self._kind, key=name, alternatives=choices))
        return str(value)

    def word(self, name: str, default: str | None = None) -> str:
        value = self._left.pop(name, default)
        if not isinstance(value, str) or not value:
            raise Unusable(manifest_bindings.PARAMETER_WORD(name=self._kind, key=name))
        return value

    def items(self, name: str, default: tuple[Any, ...] = ()) -> tuple[str, ...]:
        value = self._left.pop(name, default)
        if not isinstance(value, list | tuple) or not all(isinstance(item, str | int) for item in value):
            raise Unusable(manifest_bindings.PARAMETER_SPELLINGS(name=self._kind, key=name))
        return tuple(spelling(item) for item in value)

    def mapping(self, name: str) -> dict[str, Canonical]:
        """Source spelling -> code. A list as the code's value is not accepted: one line per spelling."""
        value = self._left.pop(name, None)
        if not isinstance(value, Mapping) or not value:
            raise Unusable(manifest_bindings.PARAMETER_MAPPING(name=self._kind, key=name))
        if not all(isinstance(raw, str | int) and isinstance(code, str) and code for raw, code in value.items()):
            raise Unusable(manifest_bindings.PARAMETER_CODES(name=self._kind, key=name))
        return dict(spelled(value))

    def finish(self) -> None:
        if self._left:
            names = tuple(f'"{name}"' for name in sorted(map(str, self._left)))
            raise Unusable(manifest_bindings.PARAMETERS_UNKNOWN(name=self._kind, names=names))


def _code(parameters: _Parameters) -> Codec:
    values = parameters.mapping("map")
    codes = parameters.items("codes")
    if parameters.flag("pass"):
        values = {**{code: code for code in codes or dict.fromkeys(map(str, values.values()))}, **values}
    elif codes:
        raise Unusable(manifest_bindings.CODES_WITHOUT_PASS())
    return Mapped(name="code", values=values)


def _boolean(parameters: _Parameters) -> Codec:
    true, false = parameters.items("true", (True, 1)), parameters.items("false", (False, 0))
    if both := sorted(set(true) & set(false)):
        raise Unusable(manifest_bindings.TRUE_AND_FALSE(written=both[0]))
    return Mapped(name="boolean", values={**dict.fromkeys(true, True), **dict.fromkeys(false, False)})


def _div(parameters: _Parameters) -> Codec:
    return Mapped(name="div", values=parameters.mapping("table"), unknown="DIV_UNKNOWN", shape=DIVISION_CODE)


def _alias(parameters: _Parameters) -> Codec:
    table, others = parameters.mapping("table"), frozenset(parameters.items("others"))
    if strange := sorted(others - table.keys()):
        raise Unusable(manifest_bindings.OTHERS_UNLISTED(written=strange[0]))
    return Mapped(
        name="alias",
        values={**{str(code): code for code in table.values()}, **table},
        unknown=parameters.word("unknown", "CODE_UNMAPPED"),
        others=others,
        other=parameters.word("other", "UNIT_NAME_ALIAS"),
    )


def _text(parameters: _Parameters) -> Codec:
    return Text(
        lossy=parameters.flag("lossy"),
        others=frozenset(parameters.items("others")),
        other=parameters.word("other", "UNIT_NAME_ALIAS"),
    )


def _bits(parameters: _Parameters) -> Codec:
    codes = {int(raw) if raw.isdecimal() else 0: str(code) for raw, code in parameters.mapping("map").items()}
    if not all(bit.bit_count() == 1 and bit < 2**63 for bit in codes):
        raise Unusable(manifest_bindings.BITS_NOT_SINGLE())
    return Bits(codes=codes)


def _integer(parameters: _Parameters) -> Codec:
    least, greatest = parameters.integer("min", -(2**63)), parameters.integer("max", 2**63 - 1)
    if least > greatest:
        raise Unusable(manifest_bindings.BOUNDS_CROSSED())
    return Integer(least=least, greatest=greatest)


def _identity(parameters: _Parameters) -> Codec:
    connector = parameters.word("connector")
    return Identity(connector=connector, local_integer=parameters.choice("local", "text", "integer") == "integer")


_BUILDERS: Mapping[str, Callable[[_Parameters], Codec]] = {
    "verbatim": lambda _: Verbatim(),
    "token": lambda p: Token(dense=p.flag("dense")),
    "text": _text,
    "integer": _integer,
    "figures": lambda _: Figures(),
    "digits": lambda _: Digits(),
    "float": lambda _: Float(),
    "boolean": _boolean,
    "code": _code,
    "date_digits": lambda _: DateDigits(),
    "date": lambda _: NativeDate(),
    "month_dotted": lambda p: MonthText(dotted=True, as_date=p.choice("as", "month", "date") == "date"),
    "month_digits": lambda p: MonthText(dotted=False, as_date=p.choice("as", "month", "date") == "date"),
    "month_date": lambda _: MonthDate(),
    "datetime": lambda p: PointInTime(utc=p.choice("zone", "Beijing", "UTC") == "UTC"),
    "epoch": lambda _: Epoch(),
    "fen": lambda _: Integer(name="fen"),
    "yuan": lambda _: Money(name="yuan", scale=100),
    "wanyuan": lambda _: Money(name="wanyuan", scale=1_000_000),
    "identity": _identity,
    "id_number": lambda _: IdNumber(),
    "id_birth": lambda _: OfIdNumber(part=IdPart.BIRTH),
    "id_sex": lambda _: OfIdNumber(part=IdPart.SEX),
    "uscc": lambda _: Uscc(),
    "div": _div,
    "alias": _alias,
    "bits": _bits,
    "split": lambda p: Split(separator=p.word("separator")),
    "uuid": lambda _: NativeUuid(),
}

CODEC_KINDS = tuple(_BUILDERS)
"""Every kind `build_codec` knows."""


def build_codec(kind: str, parameters: Mapping[str, Any]) -> Codec:
    """The codec ``kind`` with ``parameters`` as plain YAML values; `Unusable` for a wrong one.

    See the table in :mod:`connectors.codecs` for the kinds and their parameters.
    """
    if kind not in _BUILDERS:
        raise Unusable(manifest_bindings.KIND_UNKNOWN(name=kind, names=CODEC_KINDS))
    left = _Parameters(kind, parameters)
    codec = _BUILDERS[kind](left)
    left.finish()
    return codec
