"""Keyset positions: the predicate "after this row in this order" (D15), in canonical three-valued logic."""

from collections.abc import Sequence
from dataclasses import replace

from connectors.contract import OrderTerm
from schema.predicates import ROW_KEY, Comparison, IsNull, Not, Operator, Predicate, conjunction, disjunction

ROW_KEY_TERM = OrderTerm(field=ROW_KEY)


def complete_order(terms: Sequence[OrderTerm], *, backward: bool) -> tuple[OrderTerm, ...]:
    """The client's terms with the row key as the last one (unless it is there); for a backward page the exact
    reverse.
    """
    order = (*terms, ROW_KEY_TERM)
    if not backward:
        return order
    return tuple(replace(term, descending=not term.descending, nulls_last=not term.nulls_last) for term in order)


def after_position(order: Sequence[OrderTerm], nulls: Sequence[bool], slots: Sequence[int]) -> Predicate:
    """Rows strictly after the position whose values stand in ``slots``; ``nulls`` tells which of them are null."""
    after: Predicate = disjunction()
    for term, null, slot in reversed(list(zip(order, nulls, slots, strict=True))):
        if null:
            here = conjunction(IsNull(term.field), after)
            after = here if term.nulls_last else disjunction(Not(IsNull(term.field)), here)
            continue
        beyond: Predicate = Comparison(term.field, Operator.LT if term.descending else Operator.GT, slot)
        if term.nulls_last and term.field != ROW_KEY:
            beyond = disjunction(beyond, IsNull(term.field))
        if after == disjunction():
            after = beyond
        else:
            after = disjunction(beyond, conjunction(Comparison(term.field, Operator.EQ, slot), after))
    return after
