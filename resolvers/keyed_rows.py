"""Stage *fetch*, rows by key: every source of a node asked at once, one winning row per source and key (D14).

Rows travel with the ordinal of the key they were found by. Neighbours: :mod:`resolvers.loaders` and
:mod:`resolvers.nodes` ask, :mod:`resolvers.row_scopes` filters.
"""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from connectors.contract import Row
from connectors.errors import ConnectorError
from resolvers.errors import OperationError
from resolvers.executor import Executor
from resolvers.fetch_plan import Node, SourceFetch
from resolvers.operation_run import gather
from schema.catalog import ScopeKind

Keys = Sequence[tuple[Any, ...]]
FlagColumns = Mapping[ScopeKind, Sequence[bool]]
"""Per kind of scope, whether each row lies in the caller's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeRows:
    """Rows of a node: raw (or merged) ``rows``, the ``ordinals`` they belong to, flags inherited per row.

    Per source: ``duplicated``, the ordinals whose row won over others; ``errors``, why it did not answer or ``None``.
    """

    rows: Sequence[Any]
    ordinals: Sequence[int]
    inherited: FlagColumns
    duplicated: Sequence[AbstractSet[int]]
    errors: Sequence[Exception | None]

    @property
    def up(self) -> list[bool]:
        """Which sources answered."""
        return [error is None for error in self.errors]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyedRows:
    """Per source: the winning raw row by key ordinal, the ordinals whose row won over others, why it did not answer."""

    by_source: Sequence[Mapping[int, Row]]
    duplicated: Sequence[AbstractSet[int]]
    errors: Sequence[Exception | None]


async def rows_by_key(executor: Executor, sources: Sequence[SourceFetch], keys: Keys) -> KeyedRows:
    """Ask every source of a node for ``keys`` at once. Raises the error when none of them answers."""
    answers = await gather([_answer(executor, source, keys) for source in sources])
    errors = [answer if isinstance(answer, Exception) else None for answer in answers]
    if answers and all(errors):
        raise next(error for error in errors if error is not None)
    found = [
        ({}, frozenset[int]()) if isinstance(answer, Exception) else _winners(answer, source)
        for source, answer in zip(sources, answers, strict=True)
    ]
    return KeyedRows(by_source=[rows for rows, _ in found], duplicated=[again for _, again in found], errors=errors)


async def _answer(executor: Executor, source: SourceFetch, keys: Keys) -> Sequence[Row] | Exception:
    try:
        return await executor.rows(source, keys)
    except (ConnectorError, OperationError) as error:
        return error


def _winners(rows: Sequence[Row], source: SourceFetch) -> tuple[dict[int, Row], AbstractSet[int]]:
    chosen: dict[int, Row] = {}
    duplicated: set[int] = set()
    for row in rows:
        ordinal = row[0]
        if ordinal not in chosen:
            chosen[ordinal] = row
            continue
        if not source.repeats:
            duplicated.add(ordinal)
        if source.rank_of is not None and source.rank_of(row) > source.rank_of(chosen[ordinal]):
            chosen[ordinal] = row
    return chosen, duplicated


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
        duplicated=found.duplicated,
        errors=found.errors,
    )


def duplicate_codes(node: Node, found: NodeRows) -> list[str | None]:
    """Per row, the quality code of one that won over others in a source that is still part of it (D11), or ``None``."""
    codes: list[str | None] = [None] * len(found.rows)
    for position, ordinals in enumerate(found.duplicated):
        for index, ordinal in enumerate(found.ordinals) if ordinals else ():
            if ordinal in ordinals and (not node.merged or found.rows[index][position] is not None):
                codes[index] = node.duplicate_code
    return codes
