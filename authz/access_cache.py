"""Decisions of profiles in use, made at their first use beside the event loop (D4).

Neighbours: :mod:`authz.compilation` makes them, :mod:`resolvers.pipeline` waits for them before it plans.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial

from authz.compilation import compile_access, today_in_shanghai
from authz.decisions import AccessMap
from authz.policy import PolicyVersion
from authz.subjects import Profile
from schema.catalog import Catalog

_Key = tuple[int, int, Profile, date]
"""Policy and catalogue by identity, profile, day."""


class AccessCache:
    """Access maps of profiles in use, least recently used ones forgotten. One event loop's own; not for threads.

    An entry belongs to the very policy and catalogue objects it was made from, and to one day, for lines expire.
    ``hits`` and ``misses`` count look-ups. `ready` makes decisions in a thread of the cache's own, one profile after
    the other: the roles of one token must not hold up everybody else's operations.
    """

    def __init__(self, *, capacity: int = 256, today: Callable[[], date] = today_in_shanghai) -> None:
        self.maxsize = capacity
        self.hits = 0
        self.misses = 0
        self._today = today
        self._entries: OrderedDict[_Key, tuple[PolicyVersion, Catalog, AccessMap]] = OrderedDict()
        self._making: dict[_Key, asyncio.Future[AccessMap]] = {}
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="decisions")

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def currsize(self) -> int:
        """Profiles whose decisions are kept."""
        return len(self._entries)

    def access(self, policy: PolicyVersion, catalog: Catalog, profile: Profile) -> AccessMap:
        """The profile's decisions, compiled here and now unless they are ready."""
        key = self._key(policy, catalog, profile)
        found = self._find(key)
        if found is None:
            found = compile_access(policy, catalog, profile, today=key[3])
            self._keep(key, policy, catalog, found)
        return found

    async def ready(
        self, policy: PolicyVersion, catalog: Catalog, profile: Profile, deadline: float | None = None
    ) -> AccessMap:
        """The profile's decisions, waited for until ``deadline`` of the event loop's clock. Raises ``TimeoutError``.

        Who gives up waiting leaves them to be made for the next.
        """
        key = self._key(policy, catalog, profile)
        found = self._find(key)
        if found is not None:
            return found
        making = self._making.get(key)
        if making is None:
            compile_now = partial(compile_access, policy, catalog, profile, today=key[3])
            making = asyncio.get_running_loop().run_in_executor(self._thread, compile_now)
            self._making[key] = making
            making.add_done_callback(partial(self._made, key, policy, catalog))
        async with asyncio.timeout_at(deadline):
            return await asyncio.shield(making)

    def _find(self, key: _Key) -> AccessMap | None:
        entry = self._entries.get(key)
        if entry is None:
            self.misses += 1
            return None
        self.hits += 1
        self._entries.move_to_end(key)
        return entry[2]

    def _key(self, policy: PolicyVersion, catalog: Catalog, profile: Profile) -> _Key:
        return id(policy), id(catalog), profile, self._today()  # entries keep both alive, so no id is used twice

    def _made(self, key: _Key, policy: PolicyVersion, catalog: Catalog, made: asyncio.Future[AccessMap]) -> None:
        del self._making[key]
        if not made.cancelled() and made.exception() is None:
            self._keep(key, policy, catalog, made.result())

    def _keep(self, key: _Key, policy: PolicyVersion, catalog: Catalog, access: AccessMap) -> None:
        self._entries[key] = policy, catalog, access
        while len(self._entries) > self.maxsize:
            self._entries.popitem(last=False)
