"""Hops: the rows that belong to a batch of parents, found by key rows that travel with the statement.

Each way a row can be found (one per alternative of the match and per probe of its form) is a branch with key rows of
its own; a row belongs to a parent by at most one of them. Neighbours: :mod:`connectors.sql.compiler` joins them in.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
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
    """One way to find rows. ``expand`` gives the key rows (without ordinal) of a parent's key ``alternative``."""

    alternative: int
    domains: tuple[Domain, ...]
    expand: Expand
    condition: Callable[[KeyTable], Expression]


def key_rows(branch: Branch, keys: Sequence[tuple[Canonical, ...]]) -> KeyRows:
    """The key rows of a batch of parents; a key the source cannot hold has none."""
    rows: list[tuple[Any, ...]] = []
    expanded: dict[Canonical, Sequence[tuple[Any, ...]]] = {}
    for ordinal, key in enumerate(keys):
        value = key[branch.alternative]
        if value is None:
            continue
        found = expanded.get(value)
        if found is None:
            found = expanded[value] = _expand(branch, value)
        rows.extend((ordinal, *row) for row in found)
    return rows


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
        found.extend(_guarded(way, alternative, tuple(earlier)) for way in ways)
        earlier.append(null_test(form, table.language, negated=False).expression)
    return found


def _guarded(way: Branch, alternative: int, earlier: tuple[Expression, ...]) -> Branch:
    return Branch(
        alternative=alternative,
        domains=way.domains,
        expand=way.expand,
        condition=lambda keys: and_(way.condition(keys), *earlier),
    )


def _way(domains: tuple[Domain, ...], expand: Expand, condition: Callable[[KeyTable], Expression]) -> Branch:
    return Branch(alternative=0, domains=domains, expand=expand, condition=condition)


def _equal(table: BoundTable, form: Form) -> list[Branch]:
    match form:
        case Listed(codec=codec, text=text, shaped=shaped):
            ways = [
                _way(
                    (Domain.TEXT,),
                    lambda value: [(spelt,) for spelt in codec.spellings(Operator.EQ, value)],
                    lambda keys: text == keys.values[0],
                )
            ]
            return ways if shaped is None else [*ways, *_equal(table, shaped)]
        case Scalar(probes=probes) if probes and all(probe.keyed for probe in probes):
            return [way for probe in probes for way in _probed(table, form, probe)]
        case Scalar(value=value, domain=domain, convert=convert):
            return [_way((domain,), lambda key: [(convert(key),)], lambda keys: value == keys.values[0])]
        case _:
            assert_never(form)


def _probed(table: BoundTable, form: Scalar, probe: Probe) -> list[Branch]:
    """By source spellings; those that an index on the column cannot be asked for are looked for without it."""
    indexed = _way(
        (probe.domain,) if probe.exact is not None else (probe.domain, form.domain),
        lambda value: _spelt(form, probe, value, lambda spelt: not probe.ascii_only or _is_ascii(spelt)),
        lambda keys: _found(table, form, probe, keys, by_index=True),
    )
    if probe.index is None or not probe.ascii_only:
        return [indexed]
    other = _way(
        indexed.domains,
        lambda value: _spelt(form, probe, value, lambda spelt: not _is_ascii(spelt)),
        lambda keys: _found(table, form, probe, keys, by_index=False),
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
                    lambda keys: text == keys.values[0],
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

    def condition(keys: KeyTable) -> Expression:
        exact = dialect.starts_with(form.value, keys.values[0])
        if bounds is None or after is None:
            return exact
        return and_(bounds.expression >= keys.index_values[0], bounds.expression < keys.index_values[1], exact)

    return _way((Domain.TEXT, Domain.TEXT), expand, condition)


def _prefixes(tree: Tree, code: Canonical) -> list[str]:
    try:
        return [subtree_prefix(tree, str(code))]
    except ValueError:
        return []
