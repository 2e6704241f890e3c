"""How old the sources are: what ``_meta`` tells of it, and what ``@maxStaleness`` asks for.

Neighbours: :mod:`resolvers.pipeline` asks once per operation; :mod:`resolvers.executor` lets a mirror catch up before
the first fetch from it.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from cachetools import TTLCache
from graphql import GraphQLSchema, OperationDefinitionNode
from graphql.execution.values import VariableValues, get_directive_values

from connectors.contract import Connector, Manifest, Mirrored
from connectors.errors import ConnectorError
from schema.identity import SHANGHAI

MAX_STALENESS = "maxStaleness"
"""The directive by which an operation says how old a mirrored source may be."""
REMEMBERED_SECONDS = 5
"""For how long the age of a source that changes by snapshots is not asked for again, nor one that was not told."""
AGE_SECONDS = 1.0
"""How long an operation waits for a source to tell its age."""

Clock = Callable[[], datetime]
"""The current time in Asia/Shanghai."""


def real_time() -> datetime:
    """The clock that a city runs on."""
    return datetime.now(SHANGHAI)


class Ages:
    """The ages of one snapshot's sources."""

    def __init__(self, connectors: Mapping[str, Connector], manifests: Mapping[str, Manifest], clock: Clock) -> None:
        self._connectors = connectors
        self._manifests = manifests
        self._clock = clock
        self._known: TTLCache[str, str | None] = TTLCache(maxsize=1_000, ttl=REMEMBERED_SECONDS)
        self.aging = frozenset(name for name, manifest in manifests.items() if not manifest.freshness.live)
        """Connectors that may become older than promised: all that are not read live."""

    async def as_of(self, names: Iterable[str], deadline: float) -> dict[str, str | None]:
        """When the data of each connector was last changed: of one that is read live and does not tell, now; ``None``
        of one that does not answer within `AGE_SECONDS`, or before ``deadline`` (event loop's clock).
        """
        wanted = tuple(names)
        until = min(deadline, asyncio.get_running_loop().time() + AGE_SECONDS)
        return dict(zip(wanted, await asyncio.gather(*(self._of(name, until) for name in wanted)), strict=True))

    def stale(self, as_of: Mapping[str, str | None]) -> frozenset[str]:
        """Connectors of ``as_of`` that are older than their manifest promises."""
        now = self._clock()
        return frozenset(
            name
            for name, changed in as_of.items()
            if name in self.aging
            and changed is not None
            and now - datetime.fromisoformat(changed)
            > timedelta(seconds=self._manifests[name].freshness.max_age_seconds)
        )

    async def _of(self, name: str, until: float) -> str | None:
        if name in self._known:
            return self._known[name]
        try:
            async with asyncio.timeout_at(until):
                changed = await self._connectors[name].as_of()
        except (ConnectorError, TimeoutError):
            self._known[name] = None
            return None
        if changed is None and name not in self.aging:
            return self._clock().isoformat(timespec="seconds")
        self._known[name] = changed
        return changed


def greatest_age(schema: GraphQLSchema, operation: OperationDefinitionNode, variables: Mapping[str, Any]) -> int | None:
    """The seconds that ``@maxStaleness`` of an operation allows; ``None`` where it does not stand. ``variables`` are
    coerced.
    """
    directive = schema.get_directive(MAX_STALENESS)
    if directive is None or not operation.directives:
        return None
    given = get_directive_values(directive, operation, VariableValues({}, dict(variables)))
    return None if given is None else int(given["seconds"])


class CatchUp:
    """Makes mirrors at most ``seconds`` old before one operation reads them; each is asked once."""

    def __init__(self, connectors: Mapping[str, Connector], seconds: int, deadline: float) -> None:
        self._connectors = connectors
        self._seconds = seconds
        self._deadline = deadline
        self._running: dict[str, asyncio.Task[None]] = {}

    async def __call__(self, name: str) -> None:
        """Wait until ``name`` is fresh enough. Raises its ``ConnectorError`` if that cannot be."""
        connector = self._connectors[name]
        if isinstance(connector, Mirrored):
            if name not in self._running:
                self._running[name] = asyncio.ensure_future(connector.refresh(self._seconds, self._deadline))
            await self._running[name]
