"""By-key look-ups that meet in one operation: aliased roots and node ids of one kind become one statement.

Made of request-scoped ``aiodataloader`` loaders, one per group of roots that share a statement; never kept beyond the
operation, so nothing is shared between callers.
"""

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

    async def load(self, group: int, node: Node, key: Any) -> KeyedRows:
        """Rows of ``node``'s sources for one key, as if asked for alone (ordinal 0). Raises as `rows_by_key`."""
        loader = self._loaders.get(group)
        if loader is None:
            loader = self._loaders[group] = DataLoader(self._batch(node), cache=False)
        found: KeyedRows = await loader.load(key)
        return found

    def _batch(self, node: Node) -> Any:
        async def load(keys: Sequence[Any]) -> list[KeyedRows]:
            distinct = list(dict.fromkeys(keys))
            found = await rows_by_key(self._executor, node.sources, [(key,) for key in distinct])
            position = {key: ordinal for ordinal, key in enumerate(distinct)}
            return [_alone(found, position[key]) for key in keys]

        return load


def _alone(found: KeyedRows, ordinal: int) -> KeyedRows:
    return KeyedRows(
        by_source=[{0: rows[ordinal]} if ordinal in rows else {} for rows in found.by_source],
        duplicated=[{0} if ordinal in ordinals else set() for ordinals in found.duplicated],
        errors=found.errors,
    )
