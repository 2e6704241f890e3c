"""What one running operation shares between its nodes: the executor, errors found, coordinates masked, loaders."""

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from connectors.errors import ConnectorError
from resolvers.errors import FieldDenied, OperationError, SourceFailed
from resolvers.executor import Executor
from resolvers.fetch_plan import Path
from resolvers.limits import Limits
from resolvers.shape import ShapeContext
from schema.language import Language


class CursorSealer(Protocol):
    """Seals and opens cursors; ``context`` is what they are bound to (:mod:`authz.sealing`)."""

    def seal_cursor(self, values: Sequence[Any], context: bytes) -> str:
        """An opaque cursor of the order values."""

    def open_cursor(self, cursor: str, context: bytes) -> tuple[Any, ...]:
        """The values back. Raises ``ValueError`` for a cursor that is not ours or bound to something else."""


async def gather(tasks: Sequence[Awaitable[Any]]) -> list[Any]:
    """Await all of them concurrently; a single one without a task of its own.

    Raises the first error, once the others are cancelled and have ended.
    """
    if len(tasks) == 1:
        return [await tasks[0]]
    running = [asyncio.ensure_future(task) for task in tasks]
    try:
        return list(await asyncio.gather(*running))
    except BaseException:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        raise


@dataclass(slots=True, kw_only=True)
class OperationRun:
    """State of one operation while it runs. ``failures`` and ``denials`` are placed into the finished data later;
    ``counts``: rows served per entity. ``aged``: set once ``context`` knows the ages of the sources, ``None`` where
    nobody asks for them."""

    executor: Executor
    context: ShapeContext
    limits: Limits
    variables: Mapping[str, Any]
    subject_id: str
    cursors: CursorSealer
    language: Language
    aged: asyncio.Event | None = None
    failures: list[tuple[Path, OperationError]] = field(default_factory=list)
    denials: dict[object, dict[Path, OperationError]] = field(default_factory=dict)
    masked: set[str] = field(default_factory=set)
    counts: dict[str, int] = field(default_factory=dict)

    def fail(self, paths: Sequence[Path], error: Exception) -> None:
        """Nulls at ``paths`` are there because of ``error`` (a source's, or an operation's own)."""
        told = operation_error(error)
        self.failures.extend((path, told) for path in paths)

    def deny(self, path: Path, error: OperationError) -> None:
        """Some nulls at ``path`` are denials: one error per denied coordinate, one per refused filter."""
        told = error.extensions.get("coordinate") if isinstance(error, FieldDenied) else path
        self.denials.setdefault(told, {})[path] = error


def operation_error(error: Exception) -> OperationError:
    """A source's error as the caller sees it; operation errors as they are. Anything else is raised again."""
    if isinstance(error, OperationError):
        return error
    if isinstance(error, ConnectorError):
        return SourceFailed(error.code, error.told, **error.extensions)
    raise error
