"""Hops: the rows that belong to a batch of parents, found by key rows that travel with the statement.

Each way a row can be found (one per alternative of the match and per probe of its form) is a branch with key rows of
its own; a row belongs to a parent by at most one of them. Neighbours: :mod:`connectors.sql.compiler` joins them in.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, assert_never

from sqlalchemy import and_

from connectors.contract import KeyMatch
from connectors.errors import UnsupportedFetch
from connectors.sql.bound_table import BoundTable
from connectors.sql.comparisons import null_test
from connectors.sql.dialect import KeyTable
from connectors.sql.elements import Expression
from connectors.sql.forms import Form, Listed, Probe, Scalar
from connectors.sql.parameters import Domain, KeyRows, Unacceptable, text_value
from schema.predicates import Operator
from schema.trees import Tree, subtree_prefix
from schema.values import Canonical

Expand = Callable[[Canonical], Sequence[tuple[Any, ...]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """One way to find rows.

    ``expand`` gives the key rows (without ordinal) of a parent's key ``alternative``; ``condition`` compares a row's
    ``subject`` with them and ``given`` must hold of the row. Without a ``subject`` the row's own columns are compared.
    ``own(value)`` true: the one key row is the value itself.
    """

    alternative: int
    domains: tuple[Domain, ...]
    expand: Expand
    condition: Callable[[KeyTable, Expression], Expression]
    subject: Expression | None = None
    given: tuple[Expression, ...] = ()
    own: Callable[[Canonical], bool] | None = None

    def matches(self, keys: KeyTable) -> Expression:
        """A row belongs to the parent of a key row."""
        compared = self.condition(keys, keys.ordinal if self.subject is None else self.subject)
        return and_(compared, *self.given)


def key_rows(branch: Branch, keys: Sequence[tuple[Canonical, ...]]) -> KeyRows:
    """The key rows of a batch of parents; a key the source cannot hold has none."""
    rows: list[tuple[Any, ...]] = []
    own = branch.own or _never
    expanded: dict[Canonical, Sequence[tuple[Any, ...]]] = {}
    for ordinal, key in enumerate(keys):
        value = key[branch.alternative]
        if value is None:
            continue
        if own(value):
            rows.append((ordinal, value))
            continue
        found = expanded.get(value)
        if found is None:
            found = expanded[value] = _expand(branch, value)
        rows.extend((ordinal, *row) for row in found)
    return rows


def _never(value: Canonical) -> bool:
    return False


def _expand(branch: Branch, value: Canonical) -> Sequence[tuple[Any, ...]]:
    try:
        return branch.expand(text_value(value) if isinstance(value, str) else value)
    except Unacceptable:
        return ()


def branches(table: BoundTable, match: KeyMatch) -> list[Branch]:
    """Every way rows of ``table`` are found by ``match``. Raises `UnsupportedFetch` where a way cannot be exact."""
    found: list[Branch] = []
    earlier: list[Expression] = []
    for alternative, name in enumerate(match.fields):
        form = table.form(name)
        if isinstance(form, Scalar) and form.undecided is not None:
            raise UnsupportedFetch(table.binding.connector, f"the source cannot match by {name} exactly")
        ways = _equal(table, form) if match.tree is None else _below(table, form, match.tree)
        found.extend(replace(way, alternative=alternative, given=tuple(earlier)) for way in ways)
        earlier.append(null_test(form, table.language, negated=False).expression)
    return found


def _way(
    domains: tuple[Domain, ...],
    expand: Expand,
    condition: Callable[[KeyTable, Expression], Expression],
    subject: Expression | None = None,
) -> Branch:
    return Branch(alternative=0, domains=domains, expand=expand, condition=condition, subject=subject)


def _equals(keys: KeyTable, subject: Expression) -> Expression:
    return subject == keys.values[0]


def _equal(table: BoundTable, form: Form) -> list[Branch]:
    match form:
        case Listed(codec=codec, text=text, shaped=shaped):
            ways = [
                _way(
                    (Domain.TEXT,),
                    lambda value: [(spelt,) for spelt in codec.spellings(Operator.EQ, value)],
                    _equals,
                    text,
                )
            ]
            return ways if shaped is None else [*ways, *_equal(table, shaped)]
        case Scalar(probes=probes) if probes and all(probe.keyed for probe in probes):
            return [way for probe in probes for way in _probed(table, form, probe)]
        case Scalar(value=value, domain=domain, convert=convert):
            return [_way((domain,), lambda key: [(convert(key),)], _equals, value)]
        case _:
            assert_never(form)


def _probed(table: BoundTable, form: Scalar, probe: Probe) -> list[Branch]:
    """By source spellings; those that an index on the column cannot be asked for are looked for without it."""
    indexed = _way(
        (probe.domain,) if probe.exact is not None else (probe.domain, form.domain),
        lambda value: _spelt(form, probe, value, lambda spelt: not probe.ascii_only or _is_ascii(spelt)),
        lambda keys, _: _found(table, form, probe, keys, by_index=True),
    )
    if probe.index is None or not probe.ascii_only:
        return [indexed if probe.exact is None else replace(indexed, own=probe.own)]
    other = _way(
        indexed.domains,
        lambda value: _spelt(form, probe, value, lambda spelt: not _is_ascii(spelt)),
        lambda keys, _: _found(table, form, probe, keys, by_index=False),
    )
    return [indexed, other]


def _spelt(form: Scalar, probe: Probe, value: Canonical, wanted: Callable[[Any], bool]) -> list[tuple[Any, ...]]:
    spellings = [spelt for spelt in probe.spell(value) if wanted(spelt)]
    if probe.exact is not None:
        return [(spelt,) for spelt in spellings]
    return [(spelt, form.convert(value)) for spelt in spellings]


def _found(table: BoundTable, form: Scalar, probe: Probe, keys: KeyTable, *, by_index: bool) -> Expression:
    padded = table.language.dialect.padded_key if probe.padded else _as_it_is
    conditions: list[Expression] = []
    if probe.index is not None and by_index:
        conditions.append(probe.index == padded(keys.index_values[0]))
    if probe.exact is None:
        conditions.append(form.value == keys.values[1])
    elif probe.index is None:
        conditions.append(probe.exact == padded(keys.values[0]))
    else:
        conditions.append(probe.exact == keys.values[0])
    if probe.given is not None:
        conditions.append(probe.given)
    return and_(*conditions)


def _as_it_is(key: Expression) -> Expression:
    return key


def _is_ascii(spelt: object) -> bool:
    return not isinstance(spelt, str) or spelt.isascii()


def _below(table: BoundTable, form: Form, tree: Tree) -> list[Branch]:
    match form:
        case Listed(codec=codec, text=text, shaped=shaped):
            ways = [
                _way(
                    (Domain.TEXT,),
                    lambda code: [
                        (spelt,)
                        for prefix in _prefixes(tree, code)
                        for spelt in codec.spellings(Operator.STARTS_WITH, prefix)
                    ],
                    _equals,
                    text,
                )
            ]
            return ways if shaped is None else [*ways, *_below(table, shaped, tree)]
        case Scalar(canonical=True):
            return [_prefixed(table, form, tree)]
        case Scalar():
            raise UnsupportedFetch(table.binding.connector, "only a code can be matched by subtree")
        case _:
            assert_never(form)


def _prefixed(table: BoundTable, form: Scalar, tree: Tree) -> Branch:
    dialect, bounds = table.language.dialect, form.bounds
    after = None if bounds is None else bounds.after_prefix

    def expand(code: Canonical) -> list[tuple[Any, ...]]:
        return [(prefix, prefix if after is None else after(prefix)) for prefix in _prefixes(tree, code)]

    def condition(keys: KeyTable, subject: Expression) -> Expression:
        return dialect.starts_with(subject, keys.values[0])

    if bounds is None or after is None:
        return _way((Domain.TEXT, Domain.TEXT), expand, condition, form.value)

    def within_bounds(keys: KeyTable, _: Expression) -> Expression:
        least, above = (dialect.padded_key(key) if bounds.padded else key for key in keys.index_values)
        return and_(bounds.expression >= least, bounds.expression < above, condition(keys, form.value))

    return _way((Domain.TEXT, Domain.TEXT), expand, within_bounds)


def _prefixes(tree: Tree, code: Canonical) -> list[str]:
    try:
        return [subtree_prefix(tree, str(code))]
    except ValueError:
        return []
