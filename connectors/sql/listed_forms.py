"""Forms of the server databases for finite tables of spellings and for identity numbers.

Neighbours: :mod:`connectors.sql.server_forms` dispatches codecs, the two server dialects call these with themselves.
"""

from collections.abc import Sequence

from sqlalchemy import and_, case, func, null, or_

from connectors.codecs.identities import Identity, IdNumber, IdPart
from connectors.codecs.mapped import Mapped
from connectors.sql.dialect import BoundColumn
from connectors.sql.elements import Constant, Expression
from connectors.sql.forms import Form, Listed, Probe, Scalar, texts, token_bounds
from connectors.sql.parameters import Domain, Parameters
from connectors.sql.server_forms import DATE_DIGITS, ServerDialect
from schema.values import Canonical

SORTED_SPELLINGS = 200
"""A table of more spellings is not sorted by the source; the caller sorts."""
_CHECK_CHARACTERS = "10X98765432"
_WEIGHTS = tuple(pow(2, 17 - position, 11) for position in range(17))


def listed_form(dialect: ServerDialect, codec: Mapped, column: BoundColumn, index: Expression | None) -> Listed:
    """The form of `Mapped`. ``index``: an expression whose equality with any of its spellings is a superset."""
    text = dialect.spelling(column.expression)
    shaped = None if codec.shape is None else _shaped(dialect, codec, codec.shape, column, text)
    return Listed(codec=codec, text=text, index=index, shaped=shaped, order=_sorted(dialect, codec, text, shaped))


def _shaped(dialect: ServerDialect, codec: Mapped, shape: str, column: BoundColumn, text: Expression) -> Scalar:
    """Texts that are codes themselves, unless the table maps them elsewhere."""
    condition = dialect.matches(column.expression, shape)
    remapped = [Constant(spelt) for spelt in codec.values if codec.passes(spelt)]
    if remapped:
        condition = and_(condition, *(text != spelt for spelt in remapped))

    def spell(value: Canonical) -> list[Canonical]:
        return [value] if codec.passes(value) and value not in codec.values else []

    value = case((condition, dialect.text(column.expression)))
    bounds = token_bounds(column.expression, promised=False, padded=column.padded)
    return texts(value, dialect.token_probe(column, spell), bounds=bounds)


def _sorted(dialect: ServerDialect, codec: Mapped, text: Expression, shaped: Scalar | None) -> Expression | None:
    if len(codec.values) > SORTED_SPELLINGS:
        return None
    by_value: dict[Canonical, list[str]] = {}
    for spelt, value in codec.values.items():
        by_value.setdefault(value, []).append(spelt)
    whens = [
        (
            or_(*(text == Constant(spelt) for spelt in spellings)),
            Constant(value if isinstance(value, str) else int(value or 0)),
        )
        for value, spellings in by_value.items()
    ]
    chosen = case(*whens) if shaped is None else case(*whens, else_=shaped.value)
    return dialect.text(chosen) if any(isinstance(value, str) for value in by_value) else chosen


def identity_form(
    dialect: ServerDialect, parameters: Parameters, codec: Identity, number: BoundColumn, local: Expression
) -> Form:
    """The form of `Identity`: found by the spellings of a valid number, or by the local key of a row without one."""
    normal = normal_id(dialect, parameters, dialect.text(number.expression))
    local_identity = dialect.concat(Constant(codec.local_prefix), dialect.spelling(local))
    by_number = dialect.token_probe(number, codec.number_spellings)

    def spell(value: Canonical) -> list[str | int]:
        key = codec.local_key(value)
        return [] if key is None else [key]

    if codec.local_integer:
        by_key = Probe(exact=local, spell=spell, domain=Domain.INTEGER, given=normal.is_(None))
    else:
        by_key = dialect.any_probe(local, spell, normal.is_(None))
    return texts(dialect.text(func.coalesce(normal, local_identity)), by_number, by_key)


def id_number_form(dialect: ServerDialect, parameters: Parameters, codec: IdNumber, column: BoundColumn) -> Form:
    """The form of `IdNumber`."""
    text = dialect.text(column.expression)
    value = func.coalesce(normal_id(dialect, parameters, text), func.nullif(text, Constant("")))
    return texts(dialect.text(value), dialect.text_probe(column, lambda v: [spelt for (spelt,) in codec.encode(v)]))


def id_part_form(dialect: ServerDialect, parameters: Parameters, part: IdPart, column: BoundColumn) -> Form:
    """The form of `OfIdNumber`."""
    number = normal_id(dialect, parameters, dialect.text(column.expression))

    def digits(first: int, length: int) -> Expression:
        return func.substr(number, Constant(first), Constant(length))

    if part is IdPart.BIRTH:
        return texts(
            dialect.text(dialect.concat(digits(7, 4), Constant("-"), digits(11, 2), Constant("-"), digits(13, 2)))
        )
    odd = func.ascii(digits(17, 1)) % Constant(2) == Constant(1)
    return texts(dialect.text(case((number.is_(None), null()), (odd, Constant("1")), else_=Constant("2"))))


def normal_id(dialect: ServerDialect, parameters: Parameters, text: Expression) -> Expression:
    """`schema.identity.normalise_id` of ``text``: null for what is no valid number."""

    def part(first: int, length: int) -> Expression:
        return func.substr(text, Constant(first), Constant(length))

    def check(digits: Sequence[Expression]) -> Expression:
        total = sum(
            (digit * Constant(weight) for digit, weight in zip(digits, _WEIGHTS, strict=True)), start=Constant(0)
        )
        return func.substr(Constant(_CHECK_CHARACTERS), total % Constant(11) + Constant(1), Constant(1))

    def digit(position: int) -> Expression:
        return func.ascii(part(position, 1)) - Constant(48)

    born = part(7, 8)
    last = func.upper(part(18, 1))
    valid_18 = and_(
        dialect.matches(born, DATE_DIGITS),
        dialect.text(born) <= dialect.today(parameters),
        dialect.text(last) == check([digit(position) for position in range(1, 18)]),
    )
    short = [digit(position) for position in range(1, 16)]
    from_15 = dialect.concat(
        part(1, 6), Constant("19"), part(7, 9), check([*short[:6], Constant(1), Constant(9), *short[6:]])
    )
    valid_15 = dialect.matches(dialect.concat(Constant("19"), part(7, 6)), DATE_DIGITS)
    return case(
        (dialect.matches(text, "[0-9]{17}[0-9Xx]"), case((valid_18, dialect.concat(part(1, 17), last)))),
        (dialect.matches(text, "[0-9]{15}"), case((valid_15, from_15))),
    )
