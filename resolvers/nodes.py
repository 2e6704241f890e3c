"""Stages *fetch* to *shape* for one node: rows by key or a page of them, row filter, hops, dictionaries.

Outputs are aligned with the ordinals of rows, so a parent links to its children by number. Neighbours:
:mod:`resolvers.keyed_rows` and :mod:`resolvers.connections` fetch rows, :mod:`resolvers.row_scopes` filters them.
"""

from collections.abc import Sequence
from typing import Any, assert_never

from connectors.errors import ConnectorError
from resolvers.conditions import certain
from resolvers.connections import Pages, connection_objects, fetch_pages
from resolvers.errors import OperationError
from resolvers.fetch_plan import Connection, Hop, Node, OneOf, Shape
from resolvers.keyed_rows import FlagColumns, KeyedRows, Keys, NodeRows, assemble, duplicate_codes, rows_by_key
from resolvers.operation_run import OperationRun, gather
from resolvers.query_plan import ConnectionKind
from resolvers.row_scopes import flag_columns, number_keys, truth, visible_rows
from schema.catalog import ScopeKind


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
    found, flags = visible_rows(run, node, found, await flag_columns(run, node, found))
    run.counts[node.entity] = run.counts.get(node.entity, 0) + len(found.rows)
    duplicates = duplicate_codes(node, found)
    outputs = await gather([_shaped(run, shape, found, flags, duplicates) for shape in node.shapes])
    return outputs, found.ordinals


async def _shaped(
    run: OperationRun, shape: Shape, found: NodeRows, flags: FlagColumns, duplicates: Sequence[str | None]
) -> list[dict[str, Any]]:
    links = await gather([_follow(run, shape, hop, found, flags) for hop in shape.hops]) if shape.hops else []
    count = len(found.rows)
    conditions = [truth(condition, flags, count) for condition in shape.conditions]
    _tell(run, shape, flags, count)
    if run.aged is not None:
        await run.aged.wait()
    return shape.build(found.rows, found.up, conditions, links, duplicates, run.context)


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
) -> tuple[list[int], list[Any], list[str | None]]:
    """Ordinals per row, outputs and quality codes by ordinal; the last of them, for ordinal -1, is null."""
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
    failed = [error for position in hop.sources if (error := found.errors[position]) is not None]
    if failed and -1 in ordinals:
        run.fail((path,), failed[0])
    inherited: dict[ScopeKind, list[bool]] = {}
    for position, kind in enumerate(hop.inherits):
        column = inherited[kind] = [False] * len(distinct)
        for row, ordinal in enumerate(ordinals):
            if ordinal >= 0:
                assert passed is not None
                column[ordinal] = passed[row][position]
    codes: list[str | None] = [None] * len(distinct)
    try:
        outputs = await _run_target(run, hop, distinct, inherited, codes) if distinct else []
    except (ConnectorError, OperationError) as error:
        run.fail((path,), error)
        outputs = [None] * len(distinct)
    if isinstance(hop.target, Connection) and -1 in ordinals and not failed:
        outputs, ordinals = _with_empty(run, hop.target, outputs, ordinals, open_)
    return ordinals, [*outputs, None], [*codes, None]


async def _run_target(
    run: OperationRun, hop: Hop, keys: Keys, inherited: FlagColumns, codes: list[str | None]
) -> list[Any]:
    """Outputs by key; quality codes of the keys themselves are put into ``codes``."""
    match hop.target:
        case Connection():
            return await run_connection(run, hop.target, keys, inherited)
        case OneOf(nodes=nodes):
            return await _first_of(run, hop, nodes, keys, inherited, codes)
        case Node():
            if hop.orphan is None or not hop.target.sources:
                return await run_by_key(run, hop.target, keys, inherited)
            found = await rows_by_key(run.executor, hop.target.sources, keys)
            if not any(found.errors):
                known = set().union(*found.by_source)
                codes[:] = [None if ordinal in known else hop.orphan for ordinal in range(len(keys))]
            return await outputs_by_key(run, hop.target, found, len(keys), inherited)
        case _:
            assert_never(hop.target)


async def _first_of(
    run: OperationRun,
    hop: Hop,
    nodes: Sequence[Node],
    keys: Keys,
    inherited: FlagColumns,
    codes: list[str | None],
) -> list[Any]:
    """Of every key the first node's row that is there. A node that does not answer leaves an error where none is."""
    answers = await gather([_attempt(run, node, keys, inherited) for node in nodes])
    found = [answer for answer in answers if not isinstance(answer, Exception)]
    if not found:
        raise next(answer for answer in answers if isinstance(answer, Exception))
    for answer in answers:
        if isinstance(answer, Exception):
            run.fail((nodes[0].path,), answer)
    hits = [[output for output in outputs if output is not None] for outputs in zip(*found, strict=True)]
    codes[:] = [hop.conflict if len(outputs) > 1 else None for outputs in hits]
    return [outputs[0] if outputs else None for outputs in hits]


async def _attempt(run: OperationRun, node: Node, keys: Keys, inherited: FlagColumns) -> list[Any] | Exception:
    try:
        return await run_by_key(run, node, keys, inherited)
    except (ConnectorError, OperationError) as error:
        return error


def _with_empty(
    run: OperationRun, target: Connection, outputs: list[Any], ordinals: list[int], open_: Sequence[bool] | None
) -> tuple[list[Any], list[int]]:
    """Parents without a key have no related rows: an empty list, unless they were not followed (then null).

    Not for parents whose key may be missing because a source failed: of those nothing is known.
    """
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
        duplicated=(),
        errors=(None,),
    )
    outputs, _ = await finish(run, connection.node, found)
    if isinstance(pages.totals, Exception):
        for member in connection.members:
            if member.kind is ConnectionKind.TOTAL_COUNT:
                run.fail(((*connection.node.path, member.response_key),), pages.totals)
    return connection_objects(run, connection, pages, outputs)
