"""Builds everything, once: settings -> catalogue, policy, manifests, connectors, schema, engine -> ASGI application.

Nothing else in the hub makes objects for itself. A source that is down does not stop the start; a catalogue, policy,
manifest or key that cannot be used does.
"""

import asyncio
import fcntl
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

import structlog
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route

from authz.audit import AuditLog, JsonLinesAuditLog, TrailUnusable
from authz.consumer_keys import Keyring
from authz.keys import derive_key
from authz.quotas import HourlyQuotas, QuotaKind
from hutong.admission import Admission
from hutong.authentication import Authenticator
from hutong.browser_access import browser_access
from hutong.budgets import Budget
from hutong.explorer.building import build_explorer, check_explorer
from hutong.explorer.content import ExplorerContent
from hutong.graphql_endpoint import GraphQLEndpoint
from hutong.health import Health
from hutong.jwks import JwksFile, JwksInvalid, JwksUrl, KeySource, read_first_keys
from hutong.key_files import read_master_key
from hutong.lifecycle import Lifecycle, StartRefused
from hutong.observability.audit import ObservedAuditLog
from hutong.observability.metrics import Metrics
from hutong.observability.replica import Observer
from hutong.quick_refusal import QuickRefusal
from hutong.response_headers import ResponseHeaders
from hutong.settings import Environment, Settings
from hutong.snapshot_files import hub_clock, load_snapshot
from hutong.tokens import KEY_ID
from hutong.trusted_documents import load_trusted_documents
from hutong.unknown_paths import handlers
from resolvers.pipeline import Engine
from resolvers.snapshot import Snapshot
from schema.messages import starting

QUOTAS: Final = {QuotaKind.LOOKUP: 60, QuotaKind.SINGLE_RECORD: 60}
"""Per subject and hour (D7, D8)."""

_log: structlog.stdlib.BoundLogger = structlog.get_logger("hutong.start")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hub:
    """One replica without its HTTP side, as the command line uses it too."""

    snapshot: Snapshot
    engine: Engine
    keyring: Keyring
    keys: KeySource
    authenticator: Authenticator
    audit: AuditLog
    audit_lock: BinaryIO

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Open the connectors and read the keys; close all at the end. A key server that is down is asked on and on."""
        connectors = self.snapshot.connectors.values()
        reading: asyncio.Task[None] | None = None
        try:
            await asyncio.gather(self._read_keys(), *(connector.open() for connector in connectors))
            reading = asyncio.create_task(read_first_keys(self.keys))
            yield
        finally:
            if reading is not None:
                reading.cancel()
            await self.close()

    async def close(self) -> None:
        """Close connectors and audit trail; for a hub that does not run, too."""
        connectors = self.snapshot.connectors.values()
        await asyncio.gather(*(connector.close() for connector in connectors), return_exceptions=True)
        await self.audit.close()
        self.audit_lock.close()

    async def _read_keys(self) -> None:
        try:
            await self.keys.refresh()
        except JwksInvalid as error:
            _log.warning("no_keys_yet", reason=str(error))


def build_hub(settings: Settings, *, audit_file: str = "audit.jsonl", metrics: Metrics | None = None) -> Hub:
    """Everything but HTTP. Raises `StartRefused`, ``CatalogInvalid``, ``PolicyInvalid`` or ``ManifestInvalid``.

    ``audit_file`` lies in the state folder and belongs to this process alone until the hub has run; ``metrics`` counts
    its records.
    """
    clock = hub_clock(settings.clock_starts_at)
    snapshot = load_snapshot(settings, clock)
    master_key = read_master_key(settings.master_key_file)
    keyring = Keyring(master_key, snapshot.connectors)
    keys = _key_source(settings)
    audit_lock, audit = _open_audit(settings.state_dir / audit_file, derive_key(master_key, "audit", "hub"))
    if metrics is not None:
        audit = ObservedAuditLog(audit, metrics)
    engine = Engine(
        snapshot=snapshot,
        keyring=keyring,
        quotas=HourlyQuotas(QUOTAS, time.monotonic),
        audit=audit,
        limits=settings.limits,
        clock=clock,
        charge=Budget("cost", settings.effective_budgets.cost_per_minute or 0).take,
    )
    authenticator = Authenticator(keys=keys, issuer=settings.issuer, audience=settings.audience, keyring=keyring)
    return Hub(
        snapshot=snapshot,
        engine=engine,
        keyring=keyring,
        keys=keys,
        authenticator=authenticator,
        audit=audit,
        audit_lock=audit_lock,
    )


def create_app(settings: Settings, *, explorer: ExplorerContent | None = None) -> Starlette:
    """The ASGI application of one replica; ``app.state`` holds ``lifecycle`` and ``refusal`` for who serves it.

    ``explorer``: what the explorer page offers, which only a hub in the environment ``demo`` has. Raises as `build_hub`
    does.
    """
    if explorer is not None:
        check_explorer(settings)
    observer = Observer(settings.observability)
    hub = build_hub(settings, metrics=observer.metrics)
    observer.watch(hub.snapshot, hub.engine.caches)
    lifecycle = Lifecycle()
    health = Health(snapshot=hub.snapshot, lifecycle=lifecycle, keys=hub.keys)
    connections = sum(int(manifest.settings.get("pool", 0)) for manifest in hub.snapshot.manifests.values())
    admission = Admission(settings.admission, connections=connections)
    endpoint = GraphQLEndpoint(
        execute=hub.engine.execute,
        authenticate=hub.authenticator.authenticate,
        admission=admission,
        requests=Budget("requests", settings.effective_budgets.requests_per_minute or 0),
        documents=load_trusted_documents(settings.trusted_documents, only=settings.trusted_documents_only),
        language=settings.language,
    )
    graphql = observer.around(endpoint)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        async with observer.running(), hub.running():
            _log.info("started", environment=settings.environment.value, sources=sorted(hub.snapshot.connectors))
            warming = asyncio.create_task(hub.engine.warm())
            yield
            warming.cancel()
        _log.info("stopped")

    app = Starlette(
        routes=[
            Route("/graphql", graphql),
            Route("/healthz", health.live),
            Route("/readyz", health.ready),
            *([] if explorer is None else build_explorer(hub, graphql, settings, explorer).routes()),
        ],
        middleware=[Middleware(ResponseHeaders, lifecycle=lifecycle), *browser_access(settings.cors_origins)],
        exception_handlers=handlers(settings.language),
        lifespan=lifespan,
    )
    app.router.redirect_slashes = False
    app.state.lifecycle = lifecycle
    app.state.refusal = QuickRefusal(admission, lifecycle, path="/graphql", language=settings.language)
    return app


def _open_audit(file: Path, key: bytes) -> tuple[BinaryIO, AuditLog]:
    """The audit trail and the lock that keeps a second process from it. Raises `StartRefused`."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        lock = file.with_name(f"{file.name}.lock").open("wb")
    except OSError as error:
        fault = error.strerror or type(error).__name__
        raise StartRefused(starting.TRAIL_UNWRITABLE(file=str(file), fault=fault)) from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return lock, JsonLinesAuditLog(file, key)
    except BlockingIOError:
        lock.close()
        raise StartRefused(starting.TRAIL_SHARED(file=str(file))) from None
    except TrailUnusable as error:
        lock.close()
        raise StartRefused(starting.TRAIL_UNUSABLE(file=str(file), reason=error.told)) from None


def _key_source(settings: Settings) -> KeySource:
    if settings.jwks_url is not None:
        return JwksUrl(str(settings.jwks_url))
    if settings.jwks_file is None:
        raise StartRefused(starting.NO_KEY_SOURCE())
    try:
        source = JwksFile(settings.jwks_file)
    except JwksInvalid as error:
        raise StartRefused(starting.KEYS_UNUSABLE(file=str(settings.jwks_file), reason=error.told)) from None
    if settings.environment is Environment.PRODUCTION and KEY_ID in source.keys:
        raise StartRefused(starting.DEMO_KEY_IN_PRODUCTION(file=str(settings.jwks_file)))
    return source
