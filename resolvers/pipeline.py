"""One operation, start to end: the stages in their order.

request -> parse + validate -> plan -> authorize -> prepare -> fetch, join, mask, shape -> audit -> result. Everything
up to *prepare* is cached by what it depends on (D24); values of one caller never enter a cache key or a plan.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from graphql import OperationDefinitionNode

from authz.audit import AuditLog
from authz.consumer_keys import Keyring
from authz.decisions import AccessMap
from authz.quotas import QuotaKind, Quotas
from authz.subjects import Profile, Subject
from resolvers.ages import Ages, CatchUp, Clock, greatest_age, real_time
from resolvers.audit_event import record
from resolvers.authorize import authorize_plan
from resolvers.caller import CallerContext
from resolvers.counted_cache import Counted, WeighedCache
from resolvers.decisions import Decisions
from resolvers.documents import Document, Documents, InvalidDocument, choose_operation, coerce_variables
from resolvers.errors import BadInput, LimitExceeded, OperationError
from resolvers.executor import Executor
from resolvers.fetch_plan import ExecutablePlan
from resolvers.limits import Charge, Limits, charge_nobody
from resolvers.measure import measure
from resolvers.operation import OperationRequest, OperationResult
from resolvers.operation_run import OperationRun, gather
from resolvers.operation_trace import OperationTrace, Stage, outcome_of
from resolvers.ordinary import run_ordinary_roots
from resolvers.plan_cache import CachedPlan, page_sizes, variables_key
from resolvers.plan_weight import PLAN_BYTES
from resolvers.planner import RootFields, plan_query
from resolvers.prepare import prepare_plan
from resolvers.prepared_operation import PreparedOperation
from resolvers.query_plan import OtherRoot
from resolvers.roots import asks_sources, open_keys, place_errors, run_roots
from resolvers.scope_values import fill_scopes, initial_parameters, scope_cache
from resolvers.shape import ShapeContext
from resolvers.snapshot import Snapshot
from resolvers.variants import Variants
from schema.build import CatalogSchema
from schema.coordinates import Coordinate
from schema.messages import operations

SAFE_METHOD_LEVEL = 2
"""The highest label level that GET serves (D27)."""


class Engine:
    """Executes operations against one snapshot. HTTP, WebSocket and the command line all end here.

    ``keyring`` seals ids, cursors and pseudonyms per consumer; ``quotas`` bound look-ups and single-record reads;
    ``clock`` says what day it is for ages and derived fields (the audit trail keeps real time). ``charge`` takes each
    operation's cost from its account before a source is asked, or raises `LimitExceeded`.
    """

    def __init__(
        self,
        *,
        snapshot: Snapshot,
        keyring: Keyring,
        quotas: Quotas,
        audit: AuditLog,
        limits: Limits,
        clock: Clock = real_time,
        charge: Charge = charge_nobody,
    ) -> None:
        self._charge = charge
        self._clock = clock
        self._ages = Ages(snapshot.connectors, snapshot.manifests, clock)
        self._snapshot = snapshot
        self._keyring = keyring
        self._quotas = quotas
        self._audit = audit
        self._limits = limits
        self._bindings = snapshot.bindings_by_entity()
        self._roots = RootFields(snapshot.catalog)
        self._documents = Documents(limits)
        self._decisions = Decisions(snapshot.policy, snapshot.catalog)
        self._variants = Variants(snapshot.schema, snapshot.catalog)
        self._plans: WeighedCache[Any, CachedPlan] = WeighedCache(PLAN_BYTES, lambda cached: cached.weight)
        self._scopes = scope_cache()
        self._disclosing = frozenset(
            Coordinate(binding.discloses)
            for bindings in self._bindings.values()
            for binding in bindings
            if binding.discloses
        )

    @property
    def caches(self) -> Mapping[str, Counted]:
        """The caches by name."""
        return {"plan": self._plans, "document": self._documents.known, "access": self._decisions.cache}

    async def execute(self, subject: Subject, request: OperationRequest) -> OperationResult:
        """Run one operation for ``subject``. Errors of the request, of sources and of rights are in the result;
        anything else is a defect of the hub and raised.
        """
        result = await self._execute(subject, request)
        request.trace.outcome = outcome_of(result.errors)
        return result

    async def _execute(self, subject: Subject, request: OperationRequest) -> OperationResult:
        try:
            prepared = self._prepare(subject, request, await self._decisions.ready(subject, request.deadline))
        except InvalidDocument as error:
            return OperationResult(data=None, errors=error.formatted(request.language), executed=False)
        except OperationError as error:
            return OperationResult(data=None, errors=(error.formatted(request.language),), executed=False)
        try:
            self._charge(request.account, prepared.cost)
            self._admit(subject, request, prepared.plan)
        except OperationError as error:
            unrecorded = await record(self._audit, subject, prepared, request.trace, {}, error.public_code)
            told = (unrecorded or error).formatted(request.language)
            return OperationResult(data=None, errors=(told,), executed=unrecorded is not None)
        counts: dict[str, int] = {}
        try:
            result = await self._run(subject, request, prepared, counts)
        except Exception as error:
            outcome = error.public_code if isinstance(error, OperationError) else OperationError.code
            await record(self._audit, subject, prepared, request.trace, counts, outcome)
            raise
        unrecorded = await record(self._audit, subject, prepared, request.trace, counts, outcome_of(result.errors))
        if unrecorded is not None:
            return OperationResult(data=None, errors=(unrecorded.formatted(request.language),))
        request.trace.enter(Stage.RESPOND)
        return result

    def plan(self, subject: Subject, request: OperationRequest) -> ExecutablePlan:
        """The plan of an operation, without running it. Raises `InvalidDocument` or `OperationError`."""
        return self._prepare(subject, request, self._decisions.of(subject)).plan

    def visible(self, subject: Subject) -> CatalogSchema:
        """The schema as ``subject`` sees it (D6)."""
        return self._variants.of(self._decisions.of(subject)[1]).schema

    async def warm(self) -> None:
        """Make decisions ready before they are asked for."""
        await self._decisions.warm()

    # --- before any value -------------------------------------------------------------------------------------------

    def _prepare(
        self, subject: Subject, request: OperationRequest, decided: tuple[Profile, AccessMap]
    ) -> PreparedOperation:
        trace = request.trace
        trace.enter(Stage.PARSE)
        profile, access = decided
        if subject.purpose != profile.purpose:
            raise BadInput(operations.PURPOSE_UNKNOWN())
        variant = self._variants.of(access)
        schema = variant.schema
        document = self._documents.get(variant, request.document)
        trace.document = document.digest
        operation = choose_operation(document, request.operation_name)
        variables = coerce_variables(schema, operation, request.variables)
        sealer = self._keyring.of(subject.consumer).sealer

        def entity_of_id(value: Any) -> str | None:
            try:
                return sealer.open_id(value).entity
            except ValueError:
                return None

        key = (document.digest, request.operation_name, access.digest, variables_key(document, variables, entity_of_id))
        pages = page_sizes(document, variables)
        cached = self._plans.find(key)
        if cached is None or pages not in cached.costs:
            cost = measure(document.node, operation, schema.graphql, variables, self._limits).units
            if cached is None:
                plan = self._compile(document, operation, variables, schema, access, entity_of_id, trace)
                cached = CachedPlan(plan, {})
                self._plans.offer(key, cached)
            cached.note_cost(pages, cost)
        return PreparedOperation(
            schema=schema,
            document=document,
            operation=operation,
            variables=variables,
            plan=cached.plan,
            profile=profile,
            access=access,
            cost=cached.costs[pages],
        )

    def _compile(
        self,
        document: Document,
        operation: OperationDefinitionNode,
        variables: Mapping[str, Any],
        schema: CatalogSchema,
        access: AccessMap,
        entity_of_id: Any,
        trace: OperationTrace,
    ) -> ExecutablePlan:
        catalog = self._snapshot.catalog
        trace.enter(Stage.PLAN)
        plan = plan_query(
            document=document.node,
            operation=operation,
            variables=variables,
            schema=schema.graphql,
            catalog=catalog,
            roots=self._roots,
            entity_of_id=entity_of_id,
        )
        trace.enter(Stage.AUTHORIZE)
        authorized = authorize_plan(plan, access, catalog, self._disclosing)
        trace.enter(Stage.PREPARE)
        return prepare_plan(
            authorized,
            catalog=catalog,
            bindings=self._bindings,
            connectors=self._snapshot.connectors,
            aging=self._ages.aging,
        )

    def _admit(self, subject: Subject, request: OperationRequest, plan: ExecutablePlan) -> None:
        authorized = plan.authorized
        if request.safe_method and (authorized.lookups or authorized.highest_level > SAFE_METHOD_LEVEL):
            raise BadInput(operations.NOT_BY_GET())
        if authorized.lookups > 1:
            raise LimitExceeded(operations.ONE_LOOKUP(), limit="lookups", maximum=1)
        for kind, wanted in (
            (QuotaKind.LOOKUP, bool(authorized.lookups)),
            (QuotaKind.SINGLE_RECORD, authorized.single_record),
        ):
            if wanted and (exceeded := self._quotas.take(subject.id, kind)) is not None:
                raise LimitExceeded(
                    operations.QUOTA_USED_UP(maximum=exceeded.limit),
                    limit=kind.value,
                    maximum=exceeded.limit,
                    retryAfter=round(exceeded.retry_after),
                )

    # --- with values ------------------------------------------------------------------------------------------------

    async def _run(
        self, subject: Subject, request: OperationRequest, prepared: PreparedOperation, counts: dict[str, int]
    ) -> OperationResult:
        """Ask the sources. ``counts`` is filled with the rows served per entity."""
        plan, trace = prepared.plan, request.trace
        trace.plan = plan
        trace.enter(Stage.FETCH)
        keys = self._keyring.of(subject.consumer)
        parameters = initial_parameters(plan, prepared.variables, subject)
        opened = open_keys(plan, parameters, keys)
        asks = asks_sources(plan, opened)
        seconds = greatest_age(prepared.schema.graphql, prepared.operation, prepared.variables)
        catch_up = None if seconds is None else CatchUp(self._snapshot.connectors, seconds, request.deadline)
        executor = Executor(self._snapshot.connectors, parameters, request.deadline, catch_up, trace=trace)
        context = ShapeContext(
            today=self._clock().date().isoformat(),
            person_key=keys.persons.key_of,
            seal_id=keys.sealer.seal_id,
            language=request.language,
        )
        run = OperationRun(
            executor=executor,
            context=context,
            limits=self._limits,
            variables=prepared.variables,
            subject_id=subject.id,
            cursors=keys.sealer,
            language=request.language,
            counts=counts,
            aged=asyncio.Event() if asks and plan.as_of else None,
        )
        if asks:
            await fill_scopes(executor, plan, context, self._scopes, self._snapshot.digest)
        roots = run_roots(run, plan, opened)
        data = await roots if run.aged is None else (await gather([roots, self._tell_ages(run, run.aged, plan)]))[0]
        if any(isinstance(root.root, OtherRoot) for root in plan.roots):
            caller = CallerContext(
                subject=subject,
                profile=prepared.profile,
                decisions=prepared.access,
                schema=prepared.schema,
                catalog=self._snapshot.catalog,
                language=request.language,
            )
            data = await run_ordinary_roots(prepared.document, request, caller, data)
        errors = place_errors(run, plan, data)
        extensions = {"masked": sorted(run.masked)} if run.masked else {}
        return OperationResult(data=data, errors=tuple(errors), extensions=extensions)

    async def _tell_ages(self, run: OperationRun, aged: asyncio.Event, plan: ExecutablePlan) -> None:
        as_of = await self._ages.as_of(plan.as_of, run.executor.deadline)
        run.context = replace(run.context, sources=as_of, stale=self._ages.stale(as_of))
        aged.set()
