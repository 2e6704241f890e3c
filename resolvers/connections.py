"""Paged lists: the page asked for, cursors, rows per parent, and the connection object of the response (D15)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from authz.sealing import cursor_context
from connectors.contract import Row
from connectors.errors import ConnectorError
from resolvers.errors import BadInput, LimitExceeded, OperationError
from resolvers.fetch_plan import Connection, Pager
from resolvers.operation_run import OperationRun, gather
from resolvers.query_plan import ConnectionKind, ConnectionMember, ValueSource, resolve_value
from schema.messages import operations

Outputs = Mapping[tuple[str, str], Sequence[dict[str, Any]]]
"""Dictionaries of the page's rows by a connection member's response key and the key of a row selection within it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """Rows of every parent's page, flattened in response order.

    ``spans``: (start, end) of each parent's rows in ``rows``. ``more``: whether a parent has rows beyond its page.
    ``totals``: row counts by parent, or the error they failed with; ``None`` when not asked for.
    """

    rows: list[Row]
    spans: list[tuple[int, int]]
    more: list[bool]
    from_cursor: bool
    totals: dict[int, int] | Exception | None

    @property
    def ordinals(self) -> list[int]:
        """The parent ordinal of every row."""
        return [ordinal for ordinal, (start, end) in enumerate(self.spans) for _ in range(start, end)]


def page_size(run: OperationRun, pager: Pager) -> int:
    """Rows of one page. Raises `BadInput` for a negative number, `LimitExceeded` above the limit."""
    source = pager.page.last if pager.page.backward else pager.page.first
    size = run.limits.default_page if source is None else _value(run, source)
    if size is None:
        return run.limits.default_page
    if size < 0:
        raise BadInput(operations.PAGE_BELOW_ZERO())
    if size > run.limits.page:
        raise LimitExceeded(operations.PAGE_TOO_LARGE(maximum=run.limits.page), limit="page", maximum=run.limits.page)
    return int(size)


def _value(run: OperationRun, source: ValueSource) -> Any:
    return resolve_value(source, run.variables)


async def fetch_pages(run: OperationRun, connection: Connection, keys: Sequence[tuple[Any, ...]] | None) -> Pages:
    """Rows (and counts) of every parent's page. Raises a ``ConnectorError`` or an `OperationError`."""
    pager = connection.pager
    size = page_size(run, pager)
    nulls = _open_cursor(run, pager, keys)
    source = pager.keyset(nulls)
    tasks: list[Any] = []
    if connection.wants_rows:
        tasks.append(run.executor.rows(source, keys, size + 1))
    if pager.count is not None:
        tasks.append(_totals(run, connection, keys))
    answers = await gather(tasks)
    found = answers[0] if connection.wants_rows else ()
    rows, spans, more = _split(found, len(keys) if keys is not None else None, size, backward=pager.page.backward)
    totals = answers[-1] if pager.count is not None else None
    return Pages(rows=rows, spans=spans, more=more, from_cursor=bool(nulls), totals=totals)


async def _totals(
    run: OperationRun, connection: Connection, keys: Sequence[tuple[Any, ...]] | None
) -> dict[int, int] | Exception:
    assert connection.pager.count is not None
    try:
        return await run.executor.count(connection.pager.count, keys)
    except (ConnectorError, OperationError) as error:
        if not connection.wants_rows:
            raise
        return error


def _split(
    found: Sequence[Row], parents: int | None, size: int, *, backward: bool
) -> tuple[list[Row], list[tuple[int, int]], list[bool]]:
    pages: list[list[Row]]
    if parents is None:
        pages = [list(found)]
    else:
        pages = [[] for _ in range(parents)]
        for row in found:
            pages[row[0]].append(row)
    rows: list[Row] = []
    spans, more = [], []
    for page in pages:
        more.append(len(page) > size)
        shown = page[:size]
        start = len(rows)
        rows.extend(reversed(shown) if backward else shown)
        spans.append((start, len(rows)))
    return rows, spans, more


def _open_cursor(run: OperationRun, pager: Pager, keys: Sequence[tuple[Any, ...]] | None) -> tuple[bool, ...]:
    """Put the cursor's values into their slots; the pattern of nulls, empty without a cursor."""
    source = pager.page.before if pager.page.backward else pager.page.after
    cursor = None if source is None else _value(run, source)
    if cursor is None:
        return ()
    if keys is not None and len(keys) != 1:
        raise BadInput(operations.CURSOR_NEEDS_ONE_PARENT())
    try:
        values = run.cursors.open_cursor(cursor, context_of(run, pager))
    except ValueError:
        values = ()
    if len(values) != len(pager.order):
        raise BadInput(operations.CURSOR_NOT_OF_THIS_LIST())
    for slot, value in zip(pager.cursor_slots, values, strict=True):
        run.executor.parameters[slot] = value
    return tuple(value is None for value in values)


def context_of(run: OperationRun, pager: Pager) -> bytes:
    """What a cursor is bound to: entity, order and filter by digest, the filter's values, the caller."""
    values = [run.executor.parameters[slot] for slot in pager.filter_slots]
    return cursor_context(pager.entity, pager.digest, repr(values), run.subject_id)


def connection_objects(
    run: OperationRun, connection: Connection, pages: Pages, outputs: Sequence[Sequence[dict[str, Any]]]
) -> list[dict[str, Any]]:
    """One connection object per parent. ``outputs``: one list per row selection of the members, in their order, aligned
    with ``pages.rows``.
    """
    cursors = _Cursors(run, connection, pages)
    selections = [(member.response_key, key) for member in connection.members for key, _ in member.nodes]
    shown_rows = dict(zip(selections, outputs, strict=True))
    objects = []
    for ordinal, (start, end) in enumerate(pages.spans):
        shown: dict[str, Any] = {}
        for member in connection.members:
            shown[member.response_key] = _member(connection, member, pages, ordinal, start, end, shown_rows, cursors)
        objects.append(shown)
    return objects


def _member(
    connection: Connection,
    member: ConnectionMember,
    pages: Pages,
    ordinal: int,
    start: int,
    end: int,
    outputs: Outputs,
    cursors: "_Cursors",
) -> Any:
    match member.kind:
        case ConnectionKind.NODES:
            return outputs[member.response_key, ""][start:end]
        case ConnectionKind.EDGES:
            return [_edge(connection, member, position, outputs, cursors) for position in range(start, end)]
        case ConnectionKind.PAGE_INFO:
            info = _page_info(connection, pages, ordinal, start, end, cursors)
            return {key: info[name]() for key, name in member.inner}
        case ConnectionKind.TOTAL_COUNT:
            return pages.totals.get(ordinal, 0) if isinstance(pages.totals, dict) else None
        case ConnectionKind.TYPENAME:
            return f"{connection.node.entity}Connection"


def _edge(
    connection: Connection,
    member: ConnectionMember,
    position: int,
    outputs: Outputs,
    cursors: "_Cursors",
) -> dict[str, Any]:
    edge: dict[str, Any] = {}
    for key, name in member.inner:
        if name == "node":
            edge[key] = outputs[member.response_key, key][position]
        elif name == "cursor":
            edge[key] = cursors.at(position)
        else:
            edge[key] = f"{connection.node.entity}Edge"
    return edge


def _page_info(
    connection: Connection, pages: Pages, ordinal: int, start: int, end: int, cursors: "_Cursors"
) -> dict[str, Any]:
    backward = connection.pager.page.backward
    beyond, before = pages.more[ordinal], pages.from_cursor
    return {
        "hasNextPage": lambda: before if backward else beyond,
        "hasPreviousPage": lambda: beyond if backward else before,
        "startCursor": lambda: cursors.at(start) if end > start else None,
        "endCursor": lambda: cursors.at(end - 1) if end > start else None,
        "__typename": lambda: "PageInfo",
    }


class _Cursors:
    """Seals cursors of rows on demand; the rows' order values are read once."""

    def __init__(self, run: OperationRun, connection: Connection, pages: Pages) -> None:
        self._run = run
        self._pager = connection.pager
        self._rows = pages.rows
        self._context = b""

    def at(self, position: int) -> str:
        """The cursor of the row at ``position``."""
        if not self._context:
            self._context = context_of(self._run, self._pager)
        (values,) = self._pager.values_of([self._rows[position]], (True,), self._run.context)
        return str(self._run.cursors.seal_cursor(values, self._context))
