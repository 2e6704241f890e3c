"""A hub over the small city whose sources can be made to fail, and what its answers must look like then."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Collection, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from connectors.contract import Mirrored
from connectors.errors import ConnectorError
from demo.questions import Ask, questions
from demo.sources.runtime import RunningSources
from hutong.composition import Hub, build_hub
from hutong.settings import load_settings
from resolvers.operation import OperationRequest
from tests.faults.proxy import Proxy

SMALL = 0.01
DEADLINE = 10.0
"""Seconds that one operation has (D25)."""
AT_A_TIME = 2
"""Questions asked side by side: not so many that a pool is busy on a slow machine."""
SOURCE_CODES = frozenset({"SOURCE_UNAVAILABLE", "SOURCE_TIMEOUT", "SOURCE_AUTH", "SOURCE_DRIFTED"})

Body = Mapping[str, Any]


def database_name(state: Path) -> str:
    """A database of this test run's own on a shared server."""
    return f"hutong_test_faults_{os.getpid()}_{abs(hash(state)) % 10_000}"


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultyCity:
    """A running hub, and a proxy before every source that has a port."""

    hub: Hub
    proxies: Mapping[str, Proxy]

    async def ask_all(self, names: Collection[str] | None = None) -> dict[str, tuple[float, Body]]:
        """Every example question (or those of ``names``) by its first asker: seconds and body by name."""
        asked = {question.name: question for question in questions() if names is None or question.name in names}
        turn = asyncio.Semaphore(AT_A_TIME)
        answers = await asyncio.gather(*(self._ask(q.document, q.asks[0], turn) for q in asked.values()))
        return dict(zip(asked, answers, strict=True))

    async def _ask(self, document: str, ask: Ask, turn: asyncio.Semaphore) -> tuple[float, Body]:
        async with turn:
            began = time.monotonic()
            deadline = asyncio.get_running_loop().time() + DEADLINE
            request = OperationRequest(document=document, deadline=deadline, variables=ask.variables)
            result = await self.hub.engine.execute(ask.subject, request)
            return time.monotonic() - began, result.response()


@asynccontextmanager
async def city(state: Path, sources: RunningSources, **variables: str) -> AsyncIterator[FaultyCity]:
    """A hub over ``sources`` through proxies; ``variables`` change what its manifests see."""
    async with AsyncExitStack() as stack:
        proxies: dict[str, Proxy] = {}
        environment = dict(variables)
        for name, settings in sources.connections.items():
            if "port" in settings:
                proxy = Proxy(str(settings["host"]), int(str(settings["port"])))
                proxies[name] = await stack.enter_async_context(proxy)
                environment.setdefault(f"HUTONG_{name.upper()}_PORT", str(proxy.port))
        with patch.dict(os.environ, environment):
            hub = build_hub(load_settings(state / "settings.toml"), audit_file="faults.jsonl")
        await stack.enter_async_context(hub.running())
        await _until_mirrored(hub)
        yield FaultyCity(hub=hub, proxies=proxies)


async def _until_mirrored(hub: Hub) -> None:
    """Until the mirrors hold something, or have had the time to."""
    for connector in hub.snapshot.connectors.values():
        if isinstance(connector, Mirrored):
            with suppress(ConnectorError):
                await connector.refresh(3_600, asyncio.get_running_loop().time() + DEADLINE)


def broken_rules(healthy: Body, faulty: Body, sources: frozenset[str]) -> Iterator[str]:
    """What is wrong with the answer while ``sources`` fail: a value that is neither as before nor null under an error
    of theirs, or an error that is not of the documented kind.
    """
    blamed: list[tuple[str | int, ...]] = []
    before = {told(error) for error in healthy.get("errors", ())}
    for error in faulty.get("errors", ()):
        extensions = error["extensions"]
        if told(error) in before:
            continue
        if extensions["code"] not in SOURCE_CODES:
            yield f"an error of another kind: {error}"
        elif extensions.get("connector") not in sources:
            yield f"an error of a source that works: {error}"
        elif "path" in error:
            blamed.append(tuple(error["path"]))
    yield from _differences(healthy.get("data"), faulty.get("data"), (), blamed)


def told(error: Mapping[str, Any]) -> tuple[str, str | None]:
    """The code of an error, and the coordinate it speaks of."""
    return error["extensions"]["code"], error["extensions"].get("coordinate")


def _differences(
    before: Any, now: Any, here: tuple[str | int, ...], blamed: list[tuple[str | int, ...]]
) -> Iterator[str]:
    if now is None and before is not None:
        if here not in blamed:
            yield f"{here} is null without an error"
    elif isinstance(before, dict) and isinstance(now, dict):
        for key in before:
            if key != "_meta":
                yield from _differences(before[key], now[key], (*here, key), blamed)
    elif isinstance(before, list) and isinstance(now, list) and len(before) == len(now):
        for index, (left, right) in enumerate(zip(before, now, strict=True)):
            yield from _differences(left, right, (*here, index), blamed)
    elif before != now:
        yield f"{here} was {before!r} and is {now!r}"
