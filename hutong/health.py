"""``/healthz`` (the process lives) and ``/readyz`` (it takes work), for load balancers and operators.

A replica is ready when its catalogue and policy are loaded, it has keys to verify tokens with, and it is not draining;
a source that is down does not make it unready, because everything else is still served. Sources are named as in the
catalogue, never by host.
"""

import asyncio
from typing import Final

import orjson
from starlette.requests import Request
from starlette.responses import Response

from connectors.errors import ConnectorError, SourceDrifted, SourceTimeout
from hutong.jwks import KeySource
from hutong.lifecycle import Lifecycle
from resolvers.snapshot import Snapshot

PROBE_SECONDS: Final = 1.0
KEPT_SECONDS: Final = 5.0
"""How long the state of the sources is kept: health checks never load a department's database."""


class Health:
    """The two endpoints over one replica's snapshot."""

    def __init__(self, *, snapshot: Snapshot, lifecycle: Lifecycle, keys: KeySource) -> None:
        self._snapshot = snapshot
        self._keys = keys
        self._lifecycle = lifecycle
        self._states: dict[str, str] = {}
        self._kept_until = float("-inf")
        self._probing = asyncio.Lock()

    async def live(self, _request: Request) -> Response:
        """200 as long as the process answers."""
        return _json({"status": "ok"}, 200)

    async def ready(self, _request: Request) -> Response:
        """200 ``ready`` or 503 ``draining`` or ``noKeys``, with each source's state: ``up`` or its error code."""
        if self._lifecycle.draining:
            return _json({"status": "draining"}, 503)
        if not self._keys.keys:
            return _json({"status": "noKeys"}, 503)
        sources = await self._source_states()
        return _json({"status": "ready", "policyVersion": self._snapshot.policy.version, "sources": sources}, 200)

    async def _source_states(self) -> dict[str, str]:
        async with self._probing:
            now = asyncio.get_running_loop().time()
            if now >= self._kept_until:
                names = tuple(self._snapshot.connectors)
                states = await asyncio.gather(*map(self._state, names))
                self._states = dict(zip(names, states, strict=True))
                self._kept_until = asyncio.get_running_loop().time() + KEPT_SECONDS
            return self._states

    async def _state(self, name: str) -> str:
        """``up``, or the public code of what is wrong: asks the source for one of the tables its manifest binds."""
        tables = [binding.table for binding in self._snapshot.manifests[name].bindings.values()][:1]
        try:
            async with asyncio.timeout(PROBE_SECONDS):
                described = await self._snapshot.connectors[name].describe(tables)
        except TimeoutError:
            return SourceTimeout.code
        except ConnectorError as error:
            return error.code
        return "up" if all(table in described for table in tables) else SourceDrifted.code


def _json(body: object, status: int) -> Response:
    return Response(orjson.dumps(body), status_code=status, media_type="application/json")
