"""One comparison of a field in SQL: true for the rows that the comparison selects, or for more of them.

Only "true" matters: negations have been pushed down to the comparisons, so unknown and false are the same.
Neighbours: :mod:`connectors.sql.selection` calls it for every leaf of a predicate, with forms of the dialect.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, assert_never

from sqlalchemy import and_, not_, or_

from connectors.sql.bound_table import Language
from connectors.sql.dialect import any_of
from connectors.sql.elements import Constant, Expression
from connectors.sql.forms import Form, Listed, Probe, Scalar
from connectors.sql.parameters import Domain, Maker, always, text_value
from schema.predicates import Operator, compare

_OPPOSITES = {
    Operator.EQ: Operator.NE,
    Operator.LT: Operator.GTE,
    Operator.LTE: Operator.GT,
    Operator.IN: Operator.NOT_IN,
}
_OPPOSITES |= {opposite: operator for operator, opposite in _OPPOSITES.items()}


@dataclass(frozen=True, slots=True)
class Truth:
    """An expression that is true for the selected rows; ``exact`` False: for a superset of them."""

    expression: Expression
    exact: bool = True


def null_test(form: Form, language: Language, *, negated: bool) -> Truth:
    """The field is null (is not null) after decoding."""
    match form:
        case Scalar(is_null=None, value=value):
            return Truth(value.is_not(None) if negated else value.is_(None))
        case Scalar(is_null=is_null):
            assert is_null is not None
            return Truth(not_(is_null) if negated else is_null)
        case Listed():
            spellings = always(list(form.codec.values))
            known = [language.dialect.member(language.parameters, form.text, spellings, Domain.TEXT)]
            if form.shaped is not None:
                known.append(form.shaped.value.is_not(None))
            if negated:
                return Truth(any_of(known))
            return Truth(or_(form.text.is_(None), not_(any_of(known))) if form.shaped is None else _none(form, known))
        case _:
            assert_never(form)


def _none(form: Listed, known: Sequence[Expression]) -> Expression:
    return or_(form.text.is_(None), and_(*(not_(condition) for condition in known)))


def comparison(form: Form, operator: Operator, slot: int, language: Language, *, negated: bool) -> Truth:
    """``field operator parameter`` (its negation) is true."""
    if negated and operator in _OPPOSITES:
        operator, negated = _OPPOSITES[operator], False
    match form:
        case Scalar():
            return _Comparison(language, form, slot).truth(operator, negated)
        case Listed():
            return _listed(form, operator, slot, language, negated)
        case _:
            assert_never(form)


def _listed(form: Listed, operator: Operator, slot: int, language: Language, negated: bool) -> Truth:
    """The spellings whose value satisfies the comparison are found now, for the parameter's value."""
    dialect, parameters = language.dialect, language.parameters

    def spellings(arguments: Any, rows: Any) -> list[str]:
        given = _checked(arguments.parameters[slot])
        wanted = not negated
        return [spelt for spelt, value in form.codec.values.items() if compare(operator, value, given) is wanted]

    found = dialect.member(parameters, form.text, spellings, Domain.TEXT)
    if form.index is not None and operator in (Operator.EQ, Operator.IN) and not negated:
        found = and_(dialect.member(parameters, form.index, spellings, Domain.TEXT), found)
    if form.shaped is None:
        return Truth(found)
    shaped = _Comparison(language, form.shaped, slot).truth(operator, negated)
    return Truth(or_(found, shaped.expression), shaped.exact)


@dataclass(frozen=True, slots=True)
class _Comparison:
    """One comparison of a scalar form with the parameter in ``slot``."""

    language: Language
    form: Scalar
    slot: int

    def truth(self, operator: Operator, negated: bool) -> Truth:
        form = self.form
        match operator:
            case Operator.EQ:
                found = Truth(self._equal(single=True))
            case Operator.IN:
                found = Truth(self._equal(single=False))
            case Operator.NE:
                found = Truth(form.value != self._value())
            case Operator.NOT_IN:
                found = Truth(self._member(form.value, self._each(form.convert), form.domain, negated=True))
            case Operator.LT | Operator.LTE | Operator.GT | Operator.GTE:
                found = Truth(self._range(operator))
            case Operator.STARTS_WITH | Operator.CONTAINS:
                found = self._part(operator, negated)
            case _:
                assert_never(operator)
        if form.undecided is None:
            return found
        return Truth(or_(form.undecided, found.expression), exact=False)

    def _equal(self, *, single: bool) -> Expression:
        if not self.form.probes:
            if single:
                return self.form.value == self._value()
            return self._member(self.form.value, self._each(self.form.convert), self.form.domain)
        return any_of([self._probed(probe, single) for probe in self.form.probes])

    def _probed(self, probe: Probe, single: bool) -> Expression:
        """Rows found by their source spellings."""
        spellings = self._spellings(probe, single)
        parts: list[Expression] = []
        if probe.index is not None:
            index = self._member(probe.index, _ascii(spellings) if probe.ascii_only else spellings, probe.domain)
            if probe.ascii_only:  # what the index cannot be asked for is looked for without it
                index = or_(index, self._some_other(spellings) == Constant(1))
            parts.append(index)
        if probe.exact is not None:
            parts.append(self._member(probe.exact, spellings, probe.domain))
        else:
            parts.append(
                self.form.value == self._value()
                if single
                else self._member(self.form.value, self._each(self.form.convert), self.form.domain)
            )
        if probe.given is not None:
            parts.append(probe.given)
        return and_(*parts)

    def _spellings(self, probe: Probe, single: bool) -> Maker:
        slot = self.slot

        def spellings(arguments: Any, rows: Any) -> list[Any]:
            given = arguments.parameters[slot]
            values = (given,) if single else given or ()
            return [spelt for value in values if value is not None for spelt in probe.spell(_checked(value))]

        return spellings

    def _some_other(self, spellings: Maker) -> Expression:
        def some_other(arguments: Any, rows: Any) -> int:
            return int(any(isinstance(spelt, str) and not spelt.isascii() for spelt in spellings(arguments, rows)))

        return self.language.parameters.add(some_other)

    def _range(self, operator: Operator) -> Expression:
        form = self.form
        value, bounds = self._value(), form.bounds
        exact = _OPERATORS[operator](form.value, value)
        if bounds is None:
            return exact
        if operator in (Operator.LT, Operator.LTE):
            return and_(bounds.expression <= self._bound(bounds.greatest, bounds.domain, like_column=True), exact)
        return and_(bounds.expression >= self._bound(bounds.least, bounds.domain, like_column=True), exact)

    def _part(self, operator: Operator, negated: bool) -> Truth:
        form, dialect = self.form, self.language.dialect
        if not form.canonical:
            return Truth(form.value.is_not(None), exact=False)
        part = self._bound(text_value, Domain.TEXT)
        if operator is Operator.CONTAINS:
            found = dialect.contains(form.value, part)
        else:
            found = dialect.starts_with(form.value, part)
            bounds = form.bounds
            if bounds is not None and bounds.after_prefix is not None and not negated:
                least = self._bound(bounds.least, bounds.domain, like_column=True)
                after = self._bound(bounds.after_prefix, bounds.domain, like_column=True)
                if bounds.exact_prefix is not None:  # known when the statement is planned, and left out then
                    found = or_(self._bound(bounds.exact_prefix, Domain.BOOLEAN), found)
                found = and_(bounds.expression >= least, bounds.expression < after, found)
        return Truth(not_(found) if negated else found)

    def _value(self) -> Expression:
        return self._bound(self.form.convert, self.form.domain)

    def _bound(self, convert: Callable[[Any], Any], domain: Domain, *, like_column: bool = False) -> Expression:
        slot, dialect = self.slot, self.language.dialect
        bind = dialect.bind_like if like_column else dialect.bind
        return bind(self.language.parameters, lambda arguments, rows: convert(arguments.parameters[slot]), domain)

    def _each(self, convert: Callable[[Any], Any]) -> Maker:
        slot = self.slot

        def each(arguments: Any, rows: Any) -> list[Any] | None:
            given = arguments.parameters[slot]
            return None if given is None else [convert(value) for value in given]

        return each

    def _member(self, expression: Expression, maker: Maker, domain: Domain, *, negated: bool = False) -> Expression:
        return self.language.dialect.member(self.language.parameters, expression, maker, domain, negated=negated)


_OPERATORS: dict[Operator, Callable[[Expression, Expression], Expression]] = {
    Operator.LT: lambda left, right: left < right,
    Operator.LTE: lambda left, right: left <= right,
    Operator.GT: lambda left, right: left > right,
    Operator.GTE: lambda left, right: left >= right,
}


def _ascii(spellings: Maker) -> Maker:
    def ascii_only(arguments: Any, rows: Any) -> list[Any]:
        return [spelt for spelt in spellings(arguments, rows) if not isinstance(spelt, str) or spelt.isascii()]

    return ascii_only


def _checked(value: Any) -> Any:
    return text_value(value) if isinstance(value, str) else value
