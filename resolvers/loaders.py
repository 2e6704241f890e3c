"""By-key look-ups that meet in one operation: aliased roots and node ids of one kind become one statement.

Made of request-scoped ``aiodataloader`` loaders, one per group of roots that share a statement; never kept beyond the
operation, so nothing is shared between callers. A loader runs its batch in a task of its own, which whoever waits for
it does not cancel: `KeyLoaders.close` does.
"""

import asyncio
from collections.abc import Sequence
from typing import Any

from aiodataloader import DataLoader

from resolvers.executor import Executor
from resolvers.fetch_plan import Node
from resolvers.keyed_rows import KeyedRows, rows_by_key


class KeyLoaders:
    """The loaders of one operation, by group."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor
        self._loaders: dict[int, DataLoader[Any, KeyedRows]] = {}
        self._batches: set[asyncio.Task[Any]] = set()
        self._closed = False

    async def close(self) -> None:
        """Nobody waits any more: batches that run, or are about to, are cancelled and have ended."""
        self._closed = True
        for batch in self._batches:
            batch.cancel()
        if self._batches:
            await asyncio.gather(*self._batches, return_exceptions=True)

    async def load(self, group: int, node: Node, key: Any) -> KeyedRows:
        """Rows of ``node``'s sources for one key, as if asked for alone (ordinal 0). Raises as `rows_by_key`."""
        loader = self._loaders.get(group)
        if loader is None:
            loader = self._loaders[group] = DataLoader(self._batch(node), cache=False)
        found: KeyedRows = await loader.load(key)
        return found

    def _batch(self, node: Node) -> Any:
        async def load(keys: Sequence[Any]) -> list[KeyedRows]:
            if self._closed:
                raise asyncio.CancelledError
            batch = asyncio.current_task()
            assert batch is not None
            self._batches.add(batch)
            distinct = list(dict.fromkeys(keys))
            try:
                found = await rows_by_key(self._executor, node.sources, [(key,) for key in distinct])
            finally:
                self._batches.discard(batch)
            position = {key: ordinal for ordinal, key in enumerate(distinct)}
            return [_alone(found, position[key]) for key in keys]

        return load


def _alone(found: KeyedRows, ordinal: int) -> KeyedRows:
    return KeyedRows(
        by_source=[{0: rows[ordinal]} if ordinal in rows else {} for rows in found.by_source],
        duplicated=[{0} if ordinal in ordinals else set() for ordinals in found.duplicated],
        errors=found.errors,
    )
