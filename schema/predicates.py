"""One predicate tree for client filters, row scopes, row classes and keyset positions.

A predicate speaks of canonical fields of one entity; values are parameter slots, so the tree is the same for every
caller and every variable value. Logic is SQL's three-valued logic over canonical (decoded) values: a comparison with
null is unknown (``None``), and only ``True`` selects a row.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from schema.values import Canonical

ROW_KEY = "_rowKey"
"""Pseudo-field of every entity: the binding's row key (D14). Usable in order terms, comparisons, projections and key
matches."""


class Operator(StrEnum):
    """Comparison operators; the value is the GraphQL input field name."""

    EQ = "eq"
    NE = "ne"
    LT = "lt"
    LTE = "lte"
    GT = "gt"
    GTE = "gte"
    IN = "in"
    NOT_IN = "notIn"
    STARTS_WITH = "startsWith"
    CONTAINS = "contains"


@dataclass(frozen=True, slots=True)
class Comparison:
    """``field op value``; ``slot`` indexes the operation's parameters (a list for ``in`` and ``notIn``)."""

    field: str
    operator: Operator
    slot: int


@dataclass(frozen=True, slots=True)
class IsNull:
    """``field`` is null after decoding (an undecodable source value is null)."""

    field: str


@dataclass(frozen=True, slots=True)
class Exists:
    """Some row of the related entity, reached over ``relation`` within the same source, satisfies ``predicate``."""

    relation: str
    predicate: "Predicate"


@dataclass(frozen=True, slots=True)
class And:
    """Every operand holds; ``And(())`` is true."""

    operands: tuple["Predicate", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Some operand holds; ``Or(())`` is false."""

    operands: tuple["Predicate", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Three-valued negation: unknown stays unknown."""

    operand: "Predicate"


Predicate = Comparison | IsNull | Exists | And | Or | Not
ALWAYS: Predicate = And(())
NEVER: Predicate = Or(())


def conjunction(*operands: Predicate) -> Predicate:
    """``And`` of the operands, flattened, without ``ALWAYS``."""
    parts: list[Predicate] = []
    for operand in operands:
        parts.extend(operand.operands if isinstance(operand, And) else (operand,))
    return parts[0] if len(parts) == 1 else And(tuple(parts))


def disjunction(*operands: Predicate) -> Predicate:
    """``Or`` of the operands, flattened; ``ALWAYS`` if one of them is."""
    parts: list[Predicate] = []
    for operand in operands:
        if operand == ALWAYS:
            return ALWAYS
        parts.extend(operand.operands if isinstance(operand, Or) else (operand,))
    return parts[0] if len(parts) == 1 else Or(tuple(parts))


def moved(predicate: Predicate, slots: Sequence[int]) -> Predicate:
    """``predicate`` with every slot ``i`` replaced by ``slots[i]``."""
    match predicate:
        case Comparison(field, operator, slot):
            return Comparison(field, operator, slots[slot])
        case IsNull():
            return predicate
        case Exists(relation, operand):
            return Exists(relation, moved(operand, slots))
        case And(operands):
            return And(tuple(moved(operand, slots) for operand in operands))
        case Or(operands):
            return Or(tuple(moved(operand, slots) for operand in operands))
        case Not(operand):
            return Not(moved(operand, slots))
        case _:
            assert_never(predicate)


def fields_of(predicate: Predicate) -> Iterator[str]:
    """Every field of the entity itself that ``predicate`` reads (not those behind ``Exists``), with repeats."""
    match predicate:
        case Comparison(field=field) | IsNull(field=field):
            yield field
        case And(operands) | Or(operands):
            for operand in operands:
                yield from fields_of(operand)
        case Not(operand):
            yield from fields_of(operand)
        case Exists():
            return
        case _:
            assert_never(predicate)


def slots_of(predicate: Predicate) -> Iterator[int]:
    """Every parameter slot a predicate reads, with repeats."""
    match predicate:
        case Comparison(slot=slot):
            yield slot
        case And(operands) | Or(operands):
            for operand in operands:
                yield from slots_of(operand)
        case Not(operand) | Exists(predicate=operand):
            yield from slots_of(operand)
        case IsNull():
            return
        case _:
            assert_never(predicate)


def follows_relation(predicate: Predicate) -> bool:
    """Whether an ``Exists`` is anywhere in ``predicate``: then only a source can decide it."""
    match predicate:
        case Exists():
            return True
        case And(operands) | Or(operands):
            return any(map(follows_relation, operands))
        case Not(operand):
            return follows_relation(operand)
        case Comparison() | IsNull():
            return False
        case _:
            assert_never(predicate)


def evaluate(
    predicate: Predicate,
    value_of: Callable[[str], Canonical],
    parameters: Sequence[object],
    exists: Callable[[Exists], bool] | None = None,
) -> bool | None:
    """Three-valued truth of ``predicate`` for one row: ``True``, ``False`` or ``None`` (unknown).

    ``value_of`` gives the row's canonical value of a field, ``exists`` decides an ``Exists`` node. A missing ``exists``
    makes such a node a programming error (``TypeError``).
    """
    match predicate:
        case Comparison(field, operator, slot):
            return compare(operator, value_of(field), parameters[slot])
        case IsNull(field):
            return value_of(field) is None
        case And(operands):
            return _fold(operands, value_of, parameters, exists, decisive=False)
        case Or(operands):
            return _fold(operands, value_of, parameters, exists, decisive=True)
        case Not(operand):
            truth = evaluate(operand, value_of, parameters, exists)
            return None if truth is None else not truth
        case Exists():
            if exists is None:
                raise TypeError("this predicate follows a relation; the caller gave no way to do so")
            return exists(predicate)
        case _:
            assert_never(predicate)


def _fold(
    operands: tuple[Predicate, ...],
    value_of: Callable[[str], Canonical],
    parameters: Sequence[object],
    exists: Callable[[Exists], bool] | None,
    *,
    decisive: bool,
) -> bool | None:
    unknown = False
    for operand in operands:
        truth = evaluate(operand, value_of, parameters, exists)
        if truth is decisive:
            return decisive
        unknown = unknown or truth is None
    return None if unknown else not decisive


def compare(operator: Operator, left: Canonical, right: object) -> bool | None:
    """Truth of ``left operator right``; unknown if either is null, or if ``in`` misses in a list that holds null."""
    if operator is Operator.IN or operator is Operator.NOT_IN:
        return _member(left, right, negated=operator is Operator.NOT_IN)
    if left is None or right is None:
        return None
    match operator:
        case Operator.EQ:
            return left == right
        case Operator.NE:
            return left != right
        case Operator.LT:
            return left < right  # type: ignore[operator]
        case Operator.LTE:
            return left <= right  # type: ignore[operator]
        case Operator.GT:
            return left > right  # type: ignore[operator]
        case Operator.GTE:
            return left >= right  # type: ignore[operator]
        case Operator.STARTS_WITH:
            return str(left).startswith(str(right))
        case Operator.CONTAINS:
            return str(right) in str(left)
        case _:
            assert_never(operator)


def _member(left: Canonical, right: object, *, negated: bool) -> bool | None:
    if left is None or right is None:
        return None
    items = right if isinstance(right, list | tuple | set | frozenset) else (right,)
    if left in items:
        return not negated
    return None if None in items else negated
