"""Whose operation it is and what he may see: `Subject` -> `Profile`, `AccessMap`, of one snapshot.

Stage: before *plan*. Neighbours: :mod:`authz.access_cache` keeps what Casbin decided, :mod:`resolvers.pipeline` asks.
"""

from cachetools import LRUCache

from authz.access_cache import AccessCache
from authz.decisions import AccessMap
from authz.policy import PolicyVersion, profile_of
from authz.subjects import Profile, Subject
from resolvers.errors import Overloaded
from schema.catalog import Catalog


class Decisions:
    """Decisions about every subject under one policy and catalogue; ``cache`` keeps them by profile."""

    def __init__(self, policy: PolicyVersion, catalog: Catalog) -> None:
        self.cache = AccessCache()
        self._policy = policy
        self._catalog = catalog
        self._profiles: LRUCache[tuple[frozenset[str], str | None], Profile] = LRUCache(1_000)

    def of(self, subject: Subject) -> tuple[Profile, AccessMap]:
        """The subject's profile and its decisions, made here and now unless they are ready."""
        profile = self._profile(subject)
        return profile, self.cache.access(self._policy, self._catalog, profile)

    async def ready(self, subject: Subject, deadline: float) -> tuple[Profile, AccessMap]:
        """As `of`, waited for until ``deadline`` of the event loop's clock. Raises `Overloaded`."""
        profile = self._profile(subject)
        try:
            return profile, await self.cache.ready(self._policy, self._catalog, profile, deadline)
        except TimeoutError:
            raise Overloaded from None

    async def warm(self) -> None:
        """Make the decisions about each single role of the policy ready, one after the other."""
        for role in sorted(self._policy.roles):
            profile = self._profile(Subject(id=role, roles=frozenset({role})))
            await self.cache.ready(self._policy, self._catalog, profile)

    def _profile(self, subject: Subject) -> Profile:
        key = (subject.roles, subject.purpose)
        profile = self._profiles.get(key)
        if profile is None:
            profile = self._profiles[key] = profile_of(subject, self._policy)
        return profile
