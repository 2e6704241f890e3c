"""The engine ``rest``: a service that is copied into a mirror in the background, and a mirror that answers (D22).

Queries are compiled and run by the SQLite connector over the mirror's file; they never reach the service, and go on
being answered while it is down or closed for maintenance. Neighbours: :mod:`connectors.rest.windows` pulls,
:mod:`connectors.rest.protection` makes sealed columns readable to the compiler.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import structlog

from connectors.codecs.dates import canonical_time
from connectors.contract import Fetch, FetchArguments, Manifest, Output, Prepared, Row, TableDescription
from connectors.errors import ConnectorError, SourceAuthFailed, SourceTimeout, SourceUnavailable
from connectors.maintenance import Clock, refuse_in, wall_clock
from connectors.rest.client import FIRST_PAUSE, RestClient
from connectors.rest.mirror import Mirror
from connectors.rest.protection import distinct_rows, has_sealed, protection_of
from connectors.rest.pull import Pull
from connectors.rest.windows import Puller
from connectors.secrets import Secret
from connectors.source_state import CopyState, SourceState
from connectors.sql.connector import OnStatement
from connectors.sql.sqlite import SQLiteConnector
from schema.messages import sources

FIRST_RETRY, LONGEST_RETRY = 5.0, 300.0
"""Seconds until a failed pull is tried again, twice as long each time; never longer than to the next regular one."""
FIRST_COPY_RETRY, LONGEST_COPY_RETRY = 0.5, 30.0
"""The same until there is a first copy: nothing can be answered before, and a service may start after the hub."""
LONGEST_AUTH_RETRY = 3_600.0
"""The longest pause after the service has rejected the token."""
FOLLOWER_SECONDS = 5.0
"""How often a process that does not keep the mirror looks how far it is."""

_log: structlog.stdlib.BoundLogger = structlog.get_logger("hutong.mirror")


class RestConnector:
    """One REST service behind its mirror. ``reader`` is the SQLite connector over the mirror's file.

    ``clock`` gives the time with its zone; ``transport`` replaces the network in tests.
    """

    def __init__(
        self,
        manifest: Manifest,
        root: Path,
        *,
        clock: Clock = wall_clock,
        transport: httpx.AsyncBaseTransport | None = None,
        first_pause: float = FIRST_PAUSE,
        on_statement: OnStatement | None = None,
    ) -> None:
        self.name = manifest.connector
        self.manifest = manifest
        self._clock = clock
        path, pulls = str(manifest.settings["mirror"]), manifest.pulls
        self._protection = protection_of(self.name, pulls, _mirror_key(manifest))
        self._mirror = Mirror(self.name, root, path, pulls, self._protection)
        file = replace(manifest, engine="sqlite", settings={"path": path, "pool": 4})
        self.reader = SQLiteConnector(file, root, on_statement=on_statement, sorts_in_memory=True)
        rate = min((pull.rate for pull in pulls), default=1)
        self._client = RestClient(self.name, manifest.settings, rate, transport=transport, first_pause=first_pause)
        self._pullers = {pull.table: Puller(self.name, self._client, pull, self._mirror) for pull in pulls}
        self._every = float(min((pull.every for pull in pulls), default=300))
        self._keeping: asyncio.Task[None] | None = None
        self._pulling: asyncio.Task[None] | None = None
        self._caught_up: datetime | None = None
        self._failure: ConnectorError | None = None
        self._failures = 0
        self._failed_pulls = 0

    async def open(self) -> None:
        """Read how far the mirror is and start to keep it."""
        if self._keeping is None:
            try:
                await self._prepare_mirror()
            except ConnectorError as error:
                self._failure = error
            self._keeping = asyncio.create_task(self._keep(), name=f"mirror {self.name}")

    def prepare(self, fetch: Fetch) -> Prepared:
        """As the SQLite connector; filters, orders and joins over sealed columns are exact, without an index."""
        prepared = self.reader.prepare(self._protection.fetch(fetch))
        return replace(prepared, fetch=fetch, native=prepared)

    async def fetch(self, prepared: Prepared, arguments: FetchArguments) -> Sequence[Row]:
        """From the mirror. Raises what keeps the first pull from its end until there has been one."""
        if self._mirror.as_of is None:
            self._tell_failure()
            raise SourceUnavailable(self.name, sources.FIRST_COPY(connector=self.name))
        if prepared.fetch.output is Output.DISTINCT and has_sealed(prepared):
            rows = await self.reader.fetch(prepared.native, replace(arguments, limit=None))
            return distinct_rows(prepared, rows, arguments.limit)
        return await self.reader.fetch(prepared.native, arguments)

    async def describe(self, tables: Sequence[str]) -> Mapping[str, TableDescription]:
        """The members that rows of the service have, and the mirror's indexes; raises what the last pull met."""
        self._tell_failure()
        described: dict[str, TableDescription] = {}
        for puller in (self._pullers[table] for table in tables if table in self._pullers):
            if not puller.fields:
                refuse_in(self.manifest.maintenance, self.name, self._clock())
                await puller.describe(puller.pull.window.start, self._clock())
            described[puller.pull.table] = _description(puller.pull, puller.fields)
        return described

    async def as_of(self) -> str | None:
        """The end of the last complete window."""
        as_of = self._mirror.as_of
        return None if as_of is None else canonical_time(as_of)

    def state(self) -> SourceState:
        """See `connectors.source_state.Stated`; the pool is of connections to the mirror's file."""
        caught_up = self._caught_up if self._mirror.as_of is not None else None
        copy = CopyState(as_of=caught_up or self._mirror.as_of, failed_pulls=self._failed_pulls, now=self._clock())
        return replace(self.reader.state(), copy=copy)

    async def refresh(self, max_age_seconds: float, deadline: float) -> None:
        """See `connectors.contract.Mirrored`. A pull that began early enough is shared, a later one is made."""
        wanted = self._clock() - timedelta(seconds=max_age_seconds) if max_age_seconds < 1e9 else None
        try:
            async with asyncio.timeout_at(deadline):
                while not self._is_from(wanted):
                    if isinstance(self._failure, SourceAuthFailed):
                        self._tell_failure()
                    await asyncio.shield(self._shared_pull())
                    if not self._mirror.is_kept and not self._is_from(wanted):
                        raise SourceUnavailable(self.name, sources.MIRROR_OLDER(connector=self.name))
        except TimeoutError:
            raise SourceTimeout(self.name, sources.MIRROR_NOT_FRESH(connector=self.name)) from None

    async def close(self) -> None:
        """Stop pulling and close the mirror; what has been read stays."""
        tasks = [task for task in (self._keeping, self._pulling) if task is not None]
        self._keeping = self._pulling = None
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._client.close()
        await self.reader.close()
        await self._mirror.close()

    def _is_from(self, wanted: datetime | None) -> bool:
        """Whether the mirror is from ``wanted`` or later; ``None``: whether there is one."""
        as_of = self._mirror.as_of
        return as_of is not None and (wanted is None or (self._caught_up or as_of) >= wanted)

    def _tell_failure(self) -> None:
        """Raises what the last pull met, if it failed; without the frames of those who were told before."""
        if self._failure is not None:
            raise self._failure.with_traceback(None)

    async def _keep(self) -> None:
        """Pull again and again; whatever goes wrong is told in the log and tried again."""
        while True:
            pause = self._every
            try:
                await asyncio.shield(self._shared_pull())
                pause = self._every if self._mirror.is_kept else min(self._every, FOLLOWER_SECONDS)
            except ConnectorError as error:
                pause = self._pause_after(error)
                _log.warning("pull_failed", connector=self.name, code=error.code, retry_seconds=pause)
            except Exception as error:  # noqa: BLE001 -- nothing that happens here may end the mirror, or the hub
                pause = self._pause_after(error)
                _log.error("pull_failed", connector=self.name, exception=type(error).__name__, retry_seconds=pause)
            await asyncio.sleep(pause)

    def _pause_after(self, error: Exception) -> float:
        first, longest = FIRST_RETRY, LONGEST_RETRY
        if self._mirror.as_of is None:
            first, longest = FIRST_COPY_RETRY, LONGEST_COPY_RETRY
        doubled = 2.0 ** min(max(self._failures - 1, 0), 16)
        if isinstance(error, SourceAuthFailed):
            return min(LONGEST_AUTH_RETRY, max(self._every, FIRST_RETRY * doubled))
        return min(self._every, longest, first * doubled)

    def _shared_pull(self) -> "asyncio.Task[None]":
        """The pull under way, or a new one."""
        if self._pulling is None or self._pulling.done():
            self._pulling = asyncio.create_task(self._pull(), name=f"pull {self.name}")
            self._pulling.add_done_callback(_seen)
        return self._pulling

    async def _pull(self) -> None:
        """One pull of every collection up to now. Raises a `ConnectorError`, which stays as the connector's state."""
        try:
            await self._prepare_mirror()
            if self._mirror.is_kept:
                refuse_in(self.manifest.maintenance, self.name, self._clock())
                begun = self._clock()
                for puller in self._pullers.values():
                    await puller.catch_up(begun.replace(microsecond=0))
                self._caught_up = begun
        except Exception as error:
            self._failure = error if isinstance(error, ConnectorError) else self._failure
            self._failures += 1
            self._failed_pulls += 1
            raise
        self._failure, self._failures = None, 0

    async def _prepare_mirror(self) -> None:
        """Keep the mirror's file, or look at it if another process keeps it."""
        if await self._mirror.keep():
            await self.reader.close()  # its connections may be to a file that has been replaced
            await self.reader.open()
        elif not self._mirror.is_kept:
            await self._mirror.look()


def _seen(task: "asyncio.Task[None]") -> None:
    """The outcome of a pull is kept by the connector; whoever waits for it sees it too."""
    if not task.cancelled():
        task.exception()


def _description(pull: Pull, fields: Mapping[str, str]) -> TableDescription:
    return TableDescription(
        name=pull.table,
        columns=dict(fields) or dict.fromkeys(pull.columns, "null"),
        primary_key=(pull.key,),
        indexes=tuple((column,) for column in pull.indexed),
    )


def _mirror_key(manifest: Manifest) -> bytes | None:
    secret = manifest.settings.get("mirrorKey")
    return bytes.fromhex(secret.reveal()) if isinstance(secret, Secret) else None
