"""Values of a plan's parameter slots: variables, the caller's scope values, and key sets that live in other sources.

Unit trees and key sets are kept for a minute per policy version (D19), so that a page walk does not ask for them anew.
"""

from collections.abc import Mapping
from typing import Any

from cachetools import TTLCache

from authz.subjects import Subject
from connectors.errors import ConnectorError
from resolvers.errors import LimitExceeded, OperationError
from resolvers.executor import Executor
from resolvers.fetch_plan import ExecutablePlan, KeySet, SourceFetch
from resolvers.query_plan import FromKeySet, FromScope, resolve_value
from resolvers.scoping import MAX_SCOPE_KEYS, scope_value
from resolvers.shape import ShapeContext
from schema.catalog import ScopeKind
from schema.messages import operations
from schema.predicates import slots_of

SCOPE_SECONDS = 60
MAX_UNIT_LEVELS = 10

ScopeCache = TTLCache[Any, Any]


def scope_cache() -> ScopeCache:
    """An empty cache of scope keys."""
    return TTLCache(maxsize=1_000, ttl=SCOPE_SECONDS)


def initial_parameters(plan: ExecutablePlan, variables: Mapping[str, Any], subject: Subject) -> list[Any]:
    """Values of all slots that need no source."""
    return [
        scope_value(source.kind, subject) if isinstance(source, FromScope) else resolve_value(source, variables)
        for source in plan.parameters
    ]


async def fill_scopes(
    executor: Executor, plan: ExecutablePlan, context: ShapeContext, cache: ScopeCache, version: str
) -> None:
    """Fill the slots of unit trees and key sets. A source that fails marks its slots broken: only fetches that use them
    fail."""
    if plan.unit_tree is not None:
        slot = plan.parameters.index(FromScope(ScopeKind.UNITTREE))
        await _guarded(executor, (slot,), _unit_tree(executor, plan.unit_tree, slot, cache, version))
    for index, key_set in enumerate(plan.key_sets):
        slots = {s.column: i for i, s in enumerate(plan.parameters) if isinstance(s, FromKeySet) and s.index == index}
        await _guarded(executor, tuple(slots.values()), _keys(executor, key_set, slots, context, cache, version))


async def _guarded(executor: Executor, slots: tuple[int, ...], filling: Any) -> None:
    try:
        await filling
    except (ConnectorError, OperationError) as error:
        executor.broken.update(dict.fromkeys(slots, error))


async def _unit_tree(executor: Executor, source: SourceFetch, slot: int, cache: ScopeCache, version: str) -> None:
    top = executor.parameters[slot]
    if top is None:
        return
    key = (version, "unit tree", top)
    if (units := cache.get(key)) is None:
        units = cache[key] = await _units_below(executor, source, top)
    executor.parameters[slot] = units


async def _units_below(executor: Executor, source: SourceFetch, top: str) -> list[str]:
    """``top`` and every unit below it, level by level."""
    found = {top: None}
    frontier = [top]
    (column,) = source.prepared.columns.values()
    for _ in range(MAX_UNIT_LEVELS):
        rows = await executor.rows(source, [(unit,) for unit in frontier])
        units = (column.codec.decode(*row[column.start : column.start + column.codec.arity]) for row in rows)
        frontier = [str(unit) for unit in units if unit is not None and unit not in found]
        if not frontier:
            break
        found |= dict.fromkeys(frontier)
        _check_size(len(found))
    return list(found)


async def _keys(
    executor: Executor, key_set: KeySet, slots: dict[int, int], context: ShapeContext, cache: ScopeCache, version: str
) -> None:
    used = tuple(_frozen(executor.parameters[slot]) for slot in slots_of(key_set.fetch.prepared.fetch.predicate))
    key = (version, key_set.fetch.connector, key_set.fetch.prepared.statement, used)
    if (keys := cache.get(key)) is None:
        rows = await executor.rows(key_set.fetch, limit=MAX_SCOPE_KEYS + 1)
        _check_size(len(rows))
        keys = cache[key] = key_set.values_of(rows, (True,), context)
    for column, slot in slots.items():
        executor.parameters[slot] = list({row[column] for row in keys if row[column] is not None})


def _check_size(count: int) -> None:
    if count > MAX_SCOPE_KEYS:
        raise LimitExceeded(
            operations.SCOPE_TOO_WIDE(),
            limit="scope_keys",
            maximum=MAX_SCOPE_KEYS,
        )


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
