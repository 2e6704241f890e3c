"""Stage *fetch*, row scopes: which rows lie in which of the caller's scopes, and which of them stay (D1, D2, D11).

Neighbours: :mod:`resolvers.draft` decides which flags a node needs, :mod:`resolvers.nodes` runs it.
"""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Any, assert_never

from resolvers.conditions import Condition, certain
from resolvers.fetch_plan import Checked, ClassTest, Flag, Inherited, InKeySet, Node, OfField, Outside
from resolvers.keyed_rows import FlagColumns, Keys, NodeRows
from resolvers.operation_run import OperationRun, gather
from resolvers.scoping import operator_of
from schema.catalog import ScopeKind
from schema.predicates import Operator, compare, evaluate


async def flag_columns(run: OperationRun, node: Node, found: NodeRows) -> dict[ScopeKind, Sequence[bool]]:
    """Per kind of scope that the node needs, which rows lie in it. Raises the error of a check that cannot be made:
    rows are then unknown, not absent.
    """
    if not node.flags:
        return {}
    columns = await gather([_flag(run, flag, found) for flag in node.flags])
    return {flag.kind: column for flag, column in zip(node.flags, columns, strict=True)}


async def _flag(run: OperationRun, flag: Flag, found: NodeRows) -> Sequence[bool]:
    match flag:
        case Inherited(kind=kind):
            return found.inherited[kind]
        case Outside():
            return [False] * len(found.rows)
        case OfField():
            wanted = run.executor.value(flag.slot)
            operator = operator_of(flag.kind)
            values = flag.values(found.rows, found.up, run.context)
            return [_in_scope(operator, value, wanted) for (value,) in values]
        case Checked():
            return await _checked(run, flag, found)
        case InKeySet():
            sets = [frozenset(run.executor.value(slot) or ()) for slot in flag.slots]
            return [_in_sets(keys, sets) for keys in flag.values(found.rows, found.up, run.context)]
        case _:
            assert_never(flag)


def _in_sets(keys: Sequence[Any], sets: Sequence[AbstractSet[Any]]) -> bool:
    return next((key in known for key, known in zip(keys, sets, strict=True) if key is not None), False)


def _in_scope(operator: Operator, value: Any, wanted: Any) -> bool:
    return wanted is not None and compare(operator, value, wanted) is True


async def _checked(run: OperationRun, flag: Checked, found: NodeRows) -> list[bool]:
    keys = flag.keys_of(found.rows, found.up, run.context)
    ordinals, distinct = number_keys(keys, flag.fetch.alternatives)
    inside = {row[0] for row in await run.executor.rows(flag.fetch, distinct)} if distinct else set()
    return [ordinal in inside for ordinal in ordinals]


def number_keys(
    keys: Keys, alternatives: Sequence[int], passed: Sequence[tuple[bool, ...]] | None = None
) -> tuple[list[int], list[tuple[Any, ...]]]:
    """Ordinals of the distinct keys (-1 where every alternative is null), and the distinct keys by ordinal.

    Rows with different ``passed`` flags get ordinals of their own, though their keys are equal.
    """
    if tuple(alternatives) == (0,) and passed is None:
        return _number_values([key[0] for key in keys])
    numbers: dict[Any, int] = {}
    distinct: list[tuple[Any, ...]] = []
    ordinals: list[int] = []
    for index, whole in enumerate(keys):
        key = tuple(whole[i] for i in alternatives)
        if all(part is None for part in key):
            ordinals.append(-1)
            continue
        identity = key if passed is None else (key, passed[index])
        ordinal = numbers.get(identity)
        if ordinal is None:
            ordinal = numbers[identity] = len(distinct)
            distinct.append(key)
        ordinals.append(ordinal)
    return ordinals, distinct


def _number_values(values: Sequence[Any]) -> tuple[list[int], list[tuple[Any, ...]]]:
    """`number_keys` for keys of one value each."""
    numbers: dict[Any, int] = {None: -1}
    ordinals = [numbers.setdefault(value, len(numbers) - 1) for value in values]
    return ordinals, [(value,) for value in numbers if value is not None]


def truth(condition: Condition, flags: FlagColumns, count: int) -> list[bool]:
    """Per row, whether ``condition`` holds."""
    if certain(condition):
        return [True] * count
    if len(condition) == 1 and len(condition[0]) == 1:
        (kind,) = condition[0]
        return list(flags[kind])
    return [any(all(flags[kind][i] for kind in scope) for scope in condition) for i in range(count)]


def visible_rows(
    run: OperationRun, node: Node, found: NodeRows, flags: FlagColumns
) -> tuple[NodeRows, Mapping[ScopeKind, Sequence[bool]]]:
    """The rows that exist for the caller, with their flags; parts of merged rows that he may not know of are gone."""
    found = _without_closed_parts(node, found, flags)
    keep = _kept(run, node, found, flags)
    return (found, flags) if keep is None else _select(found, flags, keep)


def _without_closed_parts(node: Node, found: NodeRows, flags: FlagColumns) -> NodeRows:
    """First of all: nothing that is said of a row may come from a source that the caller may not know of (D11)."""
    closed = [(i, source.gate) for i, source in enumerate(node.sources) if not certain(source.gate)]
    if not closed or not node.merged:
        return found
    rows = list(found.rows)
    for position, gate in closed:
        for index, open_ in enumerate(truth(gate, flags, len(rows))):
            if not open_:
                rows[index] = (*rows[index][:position], None, *rows[index][position + 1 :])
    return replace(found, rows=rows)


def _kept(run: OperationRun, node: Node, found: NodeRows, flags: FlagColumns) -> list[bool] | None:
    """Which rows stay, or ``None`` for all."""
    count = len(found.rows)
    keep = None if certain(node.rows) else truth(node.rows, flags, count)
    for test in reversed(node.classes):
        keep = _by_class(run, test, found, flags, [True] * count if keep is None else keep)
    for source in node.sources:
        if certain(source.gate):
            continue
        if node.merged:
            readable = [any(part is not None for part in row) for row in found.rows]
        else:
            readable = truth(source.gate, flags, count)
        keep = readable if keep is None else [a and b for a, b in zip(keep, readable, strict=True)]
    return keep


def _by_class(
    run: OperationRun, test: ClassTest, found: NodeRows, flags: FlagColumns, otherwise: list[bool]
) -> list[bool]:
    allowed = truth(test.rows, flags, len(found.rows))
    keep = []
    for values, inside, outside in zip(
        test.values_of(found.rows, found.up, run.context), allowed, otherwise, strict=True
    ):
        member = evaluate(
            test.row_class.when, dict(zip(test.fields, values, strict=True)).get, test.row_class.constants
        )
        keep.append(inside if member else outside and member is False)
    return keep


def _select(
    found: NodeRows, flags: FlagColumns, keep: Sequence[bool]
) -> tuple[NodeRows, dict[ScopeKind, Sequence[bool]]]:
    def chosen(column: Sequence[Any]) -> list[Any]:
        return [value for value, kept in zip(column, keep, strict=True) if kept]

    rows = replace(found, rows=chosen(found.rows), ordinals=chosen(found.ordinals), inherited={})
    return rows, {kind: chosen(column) for kind, column in flags.items()}
