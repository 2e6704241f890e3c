"""Forms: what SQL can say exactly about one bound field in one dialect (D16).

A form stands between predicates, orders and hops on one side and a dialect on the other. Its expressions follow the
canonical (decoded) value: null exactly where the codec decodes to null. Neighbours: the dialect modules build forms,
:mod:`connectors.sql.comparisons`, :mod:`connectors.sql.hops` and :mod:`connectors.sql.compiler` use them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from connectors.codecs.mapped import Mapped
from connectors.sql.elements import Expression
from connectors.sql.parameters import Domain, text_value
from schema.values import Canonical

Spell = Callable[[Canonical], Sequence[Any]]
Convert = Callable[[Canonical], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """A source expression that finds equal values by their source spellings.

    A row whose ``exact`` equals one of ``spell(value)`` and that meets ``given`` has that canonical value; the probes
    of a form together find all such rows. Without ``exact`` the form's value itself is compared. ``index``: equality
    with a spelling as a superset, for the index; ``ascii_only``: it can be asked for ASCII alone. ``padded``: the
    columns are PostgreSQL's ``character(n)``. ``keyed``: a row equals at most one spelling by ``index``. ``own(v)``
    true: ``v`` is its own one spelling, so nothing need be asked of ``spell``.
    """

    exact: Expression | None
    spell: Spell
    domain: Domain = Domain.TEXT
    index: Expression | None = None
    given: Expression | None = None
    ascii_only: bool = False
    padded: bool = False
    keyed: bool = True
    own: Callable[[Canonical], bool] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """A source expression with an index, for ranges.

    Values of the form from ``v`` on have an ``expression`` from ``least(v)`` on, values up to ``v`` one up to
    ``greatest(v)``, texts that begin with ``v`` one below ``after_prefix(v)``. ``exact_prefix(v)`` true: no other
    value lies between ``least(v)`` and ``after_prefix(v)``. ``padded``: as for a `Probe`.
    """

    expression: Expression
    domain: Domain
    least: Convert
    greatest: Convert
    after_prefix: Convert | None = None
    padded: bool = False
    exact_prefix: Convert | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scalar:
    """A field with an expression for its value.

    ``value`` is ordered like the canonical value and compared with ``convert(v)`` in ``domain``. ``canonical``: its
    text is the canonical text, so that prefixes and parts can be looked for. ``order``: what to sort by, where cheaper.
    ``undecided``: rows for which ``value`` says nothing; they are kept for a recheck, and sorting is left to the
    caller; ``is_null`` then still tells null exactly.
    """

    value: Expression
    domain: Domain
    convert: Convert
    canonical: bool
    probes: tuple[Probe, ...] = ()
    bounds: Bounds | None = None
    order: Expression | None = None
    never_null: bool = False
    undecided: Expression | None = None
    is_null: Expression | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A field over a finite table of spellings, compared as ``text`` with lists of them.

    ``index``: an expression whose equality with a spelling is a superset, with an index. ``shaped``: the form of texts
    that are codes themselves. ``order``: an expression ordered like the canonical value, ``None`` when there is none.
    """

    codec: Mapped
    text: Expression
    index: Expression | None = None
    shaped: Scalar | None = None
    order: Expression | None = None


Form = Scalar | Listed


def texts(value: Expression, *probes: Probe, bounds: Bounds | None = None) -> Scalar:
    """The form of a text whose ``value`` is the canonical text, compared code point by code point."""
    return Scalar(value=value, domain=Domain.TEXT, convert=text_value, canonical=True, probes=probes, bounds=bounds)


def token_bounds(expression: Expression, *, promised: bool, padded: bool) -> Bounds:
    """Bounds of tokens: digits come before letters in every collation, and beyond that nothing is relied on.

    ``promised``: the column holds tokens only. They are digits and letters, so those between a prefix of digits and the
    next such prefix begin with it.
    """
    return Bounds(
        expression=expression,
        domain=Domain.TEXT,
        least=lambda value: None if value is None else digits_of(str(value)),
        greatest=greatest_token,
        after_prefix=lambda value: None if value is None else after_digits(digits_of(str(value))),
        exact_prefix=_only_digits if promised else None,
        padded=padded,
    )


def _only_digits(value: Canonical) -> bool | None:
    """After ``18`` comes ``19``; but letters lie between ``19`` and what comes after it, ``2``."""
    return None if value is None else digits_of(str(value)) == str(value) != "" and not str(value).endswith("9")


def digits_of(text: str) -> str:
    """The ASCII digits ``text`` begins with."""
    end = next((i for i, character in enumerate(text) if not "0" <= character <= "9"), len(text))
    return text[:end]


def after_digits(digits: str) -> str:
    """A text above every token that begins with ``digits``, in any collation that has digits before letters."""
    trimmed = digits.rstrip("9")
    if trimmed:
        return trimmed[:-1] + str(int(trimmed[-1]) + 1)
    return "a" if digits else "z" * 64


def greatest_token(value: Canonical) -> str | None:
    """A text that no token up to ``value`` lies above, in any such collation."""
    if value is None:
        return None
    text = str(value)
    digits = digits_of(text)
    return text if digits == text else after_digits(digits)
