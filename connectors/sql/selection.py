"""A predicate over canonical fields -> a SQL condition and what is left to recheck (D16).

The condition is true for every row the predicate selects; where it is true for more, ``residual`` is the part that the
caller rechecks. Negation is pushed to the leaves (three-valued logic keeps De Morgan's laws), so that a superset of a
leaf is a superset of the whole. Neighbours: :mod:`connectors.sql.comparisons` says the leaves.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import assert_never

from sqlalchemy import and_, exists, false, not_, or_, select

from connectors.codecs.identities import Identity
from connectors.codecs.numbers import Digits, Integer
from connectors.codecs.texts import Token
from connectors.contract import RelatedBinding
from connectors.errors import UnsupportedFetch
from connectors.sql.bound_table import BoundTable, Language
from connectors.sql.comparisons import Truth, comparison, null_test
from connectors.sql.elements import Constant, Expression
from connectors.sql.forms import Scalar
from schema.predicates import And, Comparison, Exists, IsNull, Not, Or, Predicate, conjunction, follows_relation


@dataclass(frozen=True, slots=True)
class Selection:
    """``condition`` (``None``: every row) and the ``residual`` to recheck (``None``: it is exact)."""

    condition: Expression | None
    residual: Predicate | None


def select_rows(predicate: Predicate, table: BoundTable, related: Mapping[str, RelatedBinding]) -> Selection:
    """Say ``predicate`` about rows of ``table``.

    Raises `UnsupportedFetch` for an `Exists` that cannot be exact, or that would have to be rechecked.
    """
    return _Selector(table, related).select(predicate, negated=False)


@dataclass(slots=True)
class _Selector:
    table: BoundTable
    related: Mapping[str, RelatedBinding]
    depth: int = 1

    @property
    def language(self) -> Language:
        return self.table.language

    def select(self, predicate: Predicate, *, negated: bool) -> Selection:
        match predicate:
            case And(operands) if not negated:
                return self._all(operands, negated)
            case Or(operands) if negated:
                return self._all(operands, negated)
            case And(operands) | Or(operands):
                return self._any(predicate, operands, negated)
            case Not(operand):
                return self.select(operand, negated=not negated)
            case Comparison(field, operator, slot):
                form = self.table.form(field)
                return _leaf(predicate, comparison(form, operator, slot, self.language, negated=negated), negated)
            case IsNull(field):
                return _leaf(predicate, null_test(self.table.form(field), self.language, negated=negated), negated)
            case Exists(relation, inner):
                found = self._exists(relation, inner)
                return Selection(not_(found) if negated else found, None)
            case _:
                assert_never(predicate)

    def _all(self, operands: tuple[Predicate, ...], negated: bool) -> Selection:
        parts = [self.select(operand, negated=negated) for operand in operands]
        conditions = [part.condition for part in parts if part.condition is not None]
        residuals = [part.residual for part in parts if part.residual is not None]
        return Selection(and_(*conditions) if conditions else None, conjunction(*residuals) if residuals else None)

    def _any(self, predicate: Predicate, operands: tuple[Predicate, ...], negated: bool) -> Selection:
        parts = [self.select(operand, negated=negated) for operand in operands]
        exact = all(part.residual is None for part in parts)
        residual = None if exact else Not(predicate) if negated else predicate
        if residual is not None and follows_relation(residual):
            raise UnsupportedFetch(
                self.table.binding.connector, "the source cannot decide exactly what stands beside a related row"
            )
        conditions = [part.condition for part in parts if part.condition is not None]
        if len(conditions) < len(parts):
            return Selection(None, residual)
        return Selection(or_(*conditions) if conditions else false(), residual)

    def _exists(self, relation: str, predicate: Predicate) -> Expression:
        step = self.related.get(relation)
        if step is None:
            raise UnsupportedFetch(
                self.table.binding.connector, f"the relation {relation} does not stay in this source"
            )
        there = BoundTable(self.language, step.binding, prefix=f"related{self.depth}_")
        condition = _reached(self.table, there, step)
        inner = _Selector(there, self.related, self.depth + 1).select(predicate, negated=False)
        if inner.residual is not None:
            raise UnsupportedFetch(
                step.binding.connector, f"the source cannot decide a condition over {relation} exactly"
            )
        conditions = [condition, *there.restrictions(), *(() if inner.condition is None else (inner.condition,))]
        return exists(select(Constant(1)).select_from(there.source()).where(*conditions))


def _leaf(predicate: Predicate, truth: Truth, negated: bool) -> Selection:
    residual = None if truth.exact else Not(predicate) if negated else predicate
    return Selection(truth.expression, residual)


def _reached(here: BoundTable, there: BoundTable, step: RelatedBinding) -> Expression:
    """Rows ``there`` that belong to the row ``here``; tokens are compared as columns too, by their index."""
    local, remote = here.form(step.local), there.form(step.remote)
    codecs = here.bound(step.local).codec, there.bound(step.remote).codec
    if not isinstance(local, Scalar) or not isinstance(remote, Scalar) or isinstance(codecs[0], Identity):
        raise _not_here(there, step)
    if local.undecided is not None or remote.undecided is not None:
        raise _not_here(there, step)
    dialect = here.language.dialect
    texts = local.canonical and remote.canonical
    tokens = all(isinstance(codec, Token) for codec in codecs)
    if step.tree is not None and tokens:
        prefix = dialect.subtree_prefix(step.tree, here.raw(step.local)[0])
        return dialect.below(there.raw(step.remote)[0], prefix)
    if step.tree is not None and texts:
        return dialect.starts_with(remote.value, dialect.subtree_prefix(step.tree, local.value))
    if step.tree is None and all(isinstance(codec, Digits) for codec in codecs):
        return there.raw(step.remote)[0] == here.raw(step.local)[0]
    if step.tree is None and tokens:
        return and_(there.raw(step.remote)[0] == here.raw(step.local)[0], remote.value == local.value)
    if step.tree is None and (texts or all(isinstance(codec, Integer) for codec in codecs)):
        return remote.value == local.value
    raise _not_here(there, step)


def _not_here(there: BoundTable, step: RelatedBinding) -> UnsupportedFetch:
    return UnsupportedFetch(there.binding.connector, f"the source cannot match {step.local} with {step.remote} itself")
