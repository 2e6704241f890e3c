"""Stages *fetch* to *shape* for one node: rows by key, scope flags, row filter, hops, dictionaries.

A node's rows travel with the ordinal of the key they were found by; outputs are aligned with ordinals, so a parent
links to its children by number. Neighbours: :mod:`resolvers.connections` runs paged lists, :mod:`resolvers.executor`
fetches.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, assert_never

from connectors.contract import Row
from connectors.errors import ConnectorError
from resolvers.conditions import Condition, certain
from resolvers.connections import Pages, connection_objects, fetch_pages
from resolvers.errors import OperationError
from resolvers.executor import Executor
from resolvers.fetch_plan import (
    Checked,
    ClassTest,
    Connection,
    Flag,
    Hop,
    Inherited,
    Node,
    OfField,
    Outside,
    Shape,
    SourceFetch,
)
from resolvers.operation_run import OperationRun, gather
from resolvers.query_plan import ConnectionKind
from resolvers.scoping import operator_of
from schema.catalog import ScopeKind
from schema.predicates import Operator, compare, evaluate

Keys = Sequence[tuple[Any, ...]]
FlagColumns = Mapping[ScopeKind, Sequence[bool]]


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeRows:
    """Rows of a node: raw (or merged) ``rows``, the ``ordinals`` they belong to, flags inherited per row, a duplicate
    code or ``None`` per row, and ``errors``: why a source did not answer, or ``None``.
    """

    rows: Sequence[Any]
    ordinals: Sequence[int]
    inherited: FlagColumns
    duplicates: Sequence[str | None]
    errors: Sequence[Exception | None]

    @property
    def up(self) -> list[bool]:
        """Which sources answered."""
        return [error is None for error in self.errors]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyedRows:
    """The winning raw row per source and key ordinal; ``errors`` of the sources that did not answer."""

    by_source: Sequence[Mapping[int, Row]]
    duplicated: frozenset[int]
    errors: Sequence[Exception | None]


async def rows_by_key(executor: Executor, sources: Sequence[SourceFetch], keys: Keys) -> KeyedRows:
    """Ask every source of a node for ``keys`` at once. Raises the error when none of them answers."""
    answers = await gather([_answer(executor, source, keys) for source in sources])
    errors = [answer if isinstance(answer, Exception) else None for answer in answers]
    if answers and all(errors):
        raise next(error for error in errors if error is not None)
    by_source: list[Mapping[int, Row]] = []
    duplicated: set[int] = set()
    for source, answer in zip(sources, answers, strict=True):
        by_source.append({} if isinstance(answer, Exception) else _winners(answer, source, duplicated))
    return KeyedRows(by_source=by_source, duplicated=frozenset(duplicated), errors=errors)


async def _answer(executor: Executor, source: SourceFetch, keys: Keys) -> Sequence[Row] | Exception:
    try:
        return await executor.rows(source, keys)
    except (ConnectorError, OperationError) as error:
        return error


def _winners(rows: Sequence[Row], source: SourceFetch, duplicated: set[int]) -> dict[int, Row]:
    chosen: dict[int, Row] = {}
    for row in rows:
        ordinal = row[0]
        if ordinal not in chosen:
            chosen[ordinal] = row
            continue
        duplicated.add(ordinal)
        if source.latest_of is not None and source.latest_of(row) > source.latest_of(chosen[ordinal]):
            chosen[ordinal] = row
    return chosen


def assemble(node: Node, found: KeyedRows, ordinals: Sequence[int], inherited: FlagColumns) -> NodeRows:
    """Rows in the order of ``ordinals`` (keys without a row left out); ``inherited`` is by ordinal."""
    kept: list[int] = []
    rows: list[Any] = []
    if node.merged:
        for ordinal in ordinals:
            parts = tuple(by_key.get(ordinal) for by_key in found.by_source)
            if any(part is not None for part in parts):
                rows.append(parts)
                kept.append(ordinal)
    else:
        by_key = found.by_source[0] if found.by_source else {}
        for ordinal in ordinals:
            if (row := by_key.get(ordinal)) is not None:
                rows.append(row)
                kept.append(ordinal)
    return NodeRows(
        rows=rows,
        ordinals=kept,
        inherited={kind: [column[o] for o in kept] for kind, column in inherited.items()},
        duplicates=[node.duplicate_code if o in found.duplicated else None for o in kept],
        errors=found.errors,
    )


async def run_by_key(run: OperationRun, node: Node, keys: Keys, inherited: FlagColumns) -> list[Any]:
    """One dictionary (or ``None``) per key, by ordinal. Raises when no source of the node answers."""
    if not node.sources:
        return [None] * len(keys)
    found = await rows_by_key(run.executor, node.sources, keys)
    return await outputs_by_key(run, node, found, len(keys), inherited)


async def outputs_by_key(
    run: OperationRun, node: Node, found: KeyedRows, count: int, inherited: FlagColumns
) -> list[Any]:
    """Dictionaries by ordinal from rows already fetched; the failures of single sources are told where they show."""
    rows = assemble(node, found, range(count), inherited)
    (outputs,), kept = await finish(run, node, rows)
    by_ordinal: list[Any] = [None] * count
    for ordinal, output in zip(kept, outputs, strict=True):
        by_ordinal[ordinal] = output
    (shape,) = node.shapes
    for position, error in enumerate(found.errors):
        if error is not None:
            paths = [(*shape.path, leaf.response_key) for leaf in shape.leaves if position in leaf.sources]
            run.fail((*paths, node.path), error)
    return by_ordinal


async def finish(run: OperationRun, node: Node, found: NodeRows) -> tuple[list[list[dict[str, Any]]], Sequence[int]]:
    """Filter rows by scope, follow hops, build dictionaries: one list per shape, and the ordinals of the rows kept.

    Raises the error of a scope check that cannot be made: rows are then unknown, not absent.
    """
    flags = await _flags(run, node, found)
    keep = _kept(run, node, found, flags)
    if keep is not None:
        found, flags = _select(found, flags, keep)
    run.counts[node.entity] = run.counts.get(node.entity, 0) + len(found.rows)
    outputs = await gather([_shaped(run, shape, found, flags) for shape in node.shapes])
    return outputs, found.ordinals


async def _flags(run: OperationRun, node: Node, found: NodeRows) -> dict[ScopeKind, Sequence[bool]]:
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
            wanted = run.executor.parameters[flag.slot]
            operator = operator_of(flag.kind)
            values = flag.values(found.rows, found.up, run.context)
            return [_in_scope(operator, value, wanted) for (value,) in values]
        case Checked():
            return await _checked(run, flag, found)
        case _:
            assert_never(flag)


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
    numbers: dict[Any, int] = {}
    distinct: list[tuple[Any, ...]] = []
    ordinals: list[int] = []
    single = tuple(alternatives) == (0,)
    for index, whole in enumerate(keys):
        key = whole[:1] if single else tuple(whole[i] for i in alternatives)
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


def truth(condition: Condition, flags: FlagColumns, count: int) -> list[bool]:
    """Per row, whether ``condition`` holds."""
    if certain(condition):
        return [True] * count
    if len(condition) == 1 and len(condition[0]) == 1:
        (kind,) = condition[0]
        return list(flags[kind])
    return [any(all(flags[kind][i] for kind in scope) for scope in condition) for i in range(count)]


def _kept(run: OperationRun, node: Node, found: NodeRows, flags: FlagColumns) -> list[bool] | None:
    """Which rows stay, or ``None`` for all. Drops parts of merged rows that the caller may not know of (D11)."""
    count = len(found.rows)
    keep = None if certain(node.rows) else truth(node.rows, flags, count)
    for test in reversed(node.classes):
        keep = _by_class(run, test, found, flags, keep or [True] * count)
    for position, source in enumerate(node.sources):
        if certain(source.gate):
            continue
        readable = truth(source.gate, flags, count)
        if not node.merged:
            keep = readable if keep is None else [a and b for a, b in zip(keep, readable, strict=True)]
            continue
        assert isinstance(found.rows, list)
        for index, allowed in enumerate(readable):
            if not allowed:
                row = found.rows[index]
                found.rows[index] = (*row[:position], None, *row[position + 1 :])
        present = [any(part is not None for part in row) for row in found.rows]
        keep = present if keep is None else [a and b for a, b in zip(keep, present, strict=True)]
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
    found: NodeRows, flags: Mapping[ScopeKind, Sequence[bool]], keep: Sequence[bool]
) -> tuple[NodeRows, dict[ScopeKind, Sequence[bool]]]:
    def chosen(column: Sequence[Any]) -> list[Any]:
        return [value for value, kept in zip(column, keep, strict=True) if kept]

    rows = NodeRows(
        rows=chosen(found.rows),
        ordinals=chosen(found.ordinals),
        inherited={},
        duplicates=chosen(found.duplicates),
        errors=found.errors,
    )
    return rows, {kind: chosen(column) for kind, column in flags.items()}


async def _shaped(run: OperationRun, shape: Shape, found: NodeRows, flags: FlagColumns) -> list[dict[str, Any]]:
    links = await gather([_follow(run, shape, hop, found, flags) for hop in shape.hops]) if shape.hops else []
    count = len(found.rows)
    conditions = [truth(condition, flags, count) for condition in shape.conditions]
    _tell(run, shape, flags, count)
    return shape.build(found.rows, found.up, conditions, links, found.duplicates, run.context)


def _tell(run: OperationRun, shape: Shape, flags: FlagColumns, count: int) -> None:
    """Note which coordinates are masked or denied in any row."""
    for leaf in shape.leaves:
        if leaf.denial is None or not count:
            continue
        clear = truth(leaf.clear, flags, count)
        masked = truth(leaf.masks, flags, count)
        if any(m and not c for m, c in zip(masked, clear, strict=True)):
            run.masked.add(leaf.coordinate)
        if not all(m or c for m, c in zip(masked, clear, strict=True)):
            run.deny((*shape.path, leaf.response_key), leaf.denial)


async def _follow(
    run: OperationRun, shape: Shape, hop: Hop, found: NodeRows, flags: FlagColumns
) -> tuple[list[int], list[Any]]:
    """Ordinals per row and outputs by ordinal; the last output, for ordinal -1, is null."""
    keys: Sequence[tuple[Any, ...]] = hop.keys_of(found.rows, found.up, run.context)
    path = (*shape.path, hop.response_key)
    if not certain(hop.gate):
        open_ = truth(hop.gate, flags, len(keys))
        if not all(open_):
            run.deny(path, hop.denial)
            blank = (None,) * (len(keys[0]) if keys else 0)
            keys = [key if allowed else blank for key, allowed in zip(keys, open_, strict=True)]
    else:
        open_ = None
    passed = list(zip(*(flags[kind] for kind in hop.inherits), strict=True)) if hop.inherits else None
    ordinals, distinct = number_keys(keys, hop.alternatives, passed)
    for position in hop.sources:
        if (error := found.errors[position]) is not None and -1 in ordinals:
            run.fail((path,), error)
    inherited: dict[ScopeKind, list[bool]] = {}
    for position, kind in enumerate(hop.inherits):
        column = inherited[kind] = [False] * len(distinct)
        for row, ordinal in enumerate(ordinals):
            if ordinal >= 0:
                assert passed is not None
                column[ordinal] = passed[row][position]
    try:
        outputs = await _run_target(run, hop.target, distinct, inherited) if distinct else []
    except (ConnectorError, OperationError) as error:
        run.fail((path,), error)
        outputs = [None] * len(distinct)
    if isinstance(hop.target, Connection) and -1 in ordinals:
        outputs, ordinals = _with_empty(run, hop.target, outputs, ordinals, open_)
    return ordinals, [*outputs, None]


async def _run_target(run: OperationRun, target: Node | Connection, keys: Keys, inherited: FlagColumns) -> list[Any]:
    if isinstance(target, Connection):
        return await run_connection(run, target, keys, inherited)
    return await run_by_key(run, target, keys, inherited)


def _with_empty(
    run: OperationRun, target: Connection, outputs: list[Any], ordinals: list[int], open_: Sequence[bool] | None
) -> tuple[list[Any], list[int]]:
    """Parents without a key have no related rows: an empty list, unless they were not followed (then null)."""
    pages = Pages(rows=[], spans=[(0, 0)], more=[False], from_cursor=False, totals={})
    (empty,) = connection_objects(run, target, pages, [[] for _ in target.node.shapes])
    number = len(outputs)
    followed = [o if o >= 0 or not (open_ is None or open_[i]) else number for i, o in enumerate(ordinals)]
    return [*outputs, empty], followed


async def run_connection(
    run: OperationRun, connection: Connection, keys: Keys | None, inherited: FlagColumns
) -> list[dict[str, Any]]:
    """One connection object per parent (one in all for a list at the root, ``keys`` ``None``), by ordinal."""
    pages = await fetch_pages(run, connection, keys)
    ordinals = pages.ordinals
    found = NodeRows(
        rows=pages.rows,
        ordinals=range(len(ordinals)),
        inherited={kind: [column[o] for o in ordinals] for kind, column in inherited.items()},
        duplicates=[None] * len(ordinals),
        errors=(None,),
    )
    outputs, _ = await finish(run, connection.node, found)
    if isinstance(pages.totals, Exception):
        for member in connection.members:
            if member.kind is ConnectionKind.TOTAL_COUNT:
                run.fail(((*connection.node.path, member.response_key),), pages.totals)
    return connection_objects(run, connection, pages, outputs)
