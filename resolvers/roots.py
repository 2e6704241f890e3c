"""Running an `ExecutablePlan`: scope values, key sets, all roots at once, then errors put in their places."""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from itertools import islice
from typing import Any, assert_never

from authz.consumer_keys import ConsumerKeys
from authz.sealing import SealBroken
from connectors.errors import ConnectorError
from resolvers.errors import BadInput, OperationError
from resolvers.fetch_plan import Connection, ExecutablePlan, KeyForm, Node, PlannedRoot
from resolvers.loaders import KeyLoaders
from resolvers.locate import null_positions, response_order
from resolvers.nodes import outputs_by_key, run_by_key, run_connection
from resolvers.operation_run import OperationRun, gather
from resolvers.query_plan import OtherRoot
from schema.identity import normalise_id
from schema.messages import operations

MAX_ERRORS = 1_000
"""The most errors one response lists."""


def open_keys(plan: ExecutablePlan, parameters: Sequence[Any], keys: ConsumerKeys) -> dict[str, Any]:
    """The key of every root that finds a row by one, by response key: its value, or the error that it cannot be one.

    Comes before any source is asked (D7, D10).
    """
    opened: dict[str, Any] = {}
    for root in plan.roots:
        if isinstance(root.target, Node):
            try:
                opened[root.root.response_key] = key_of(root, parameters[root.slot], keys)
            except BadInput as error:
                opened[root.root.response_key] = error
    return opened


def asks_sources(plan: ExecutablePlan, opened: Mapping[str, Any]) -> bool:
    """Whether any root is left to ask a source for."""
    return any(
        root.target is not None and not isinstance(opened.get(root.root.response_key), BadInput) for root in plan.roots
    )


async def run_roots(run: OperationRun, plan: ExecutablePlan, opened: Mapping[str, Any]) -> dict[str, Any]:
    """Data of every entity root, by response key in order; roots left to the ordinary executor are absent.

    ``opened``: what `open_keys` made of the keys.
    """
    loaders = KeyLoaders(run.executor)
    roots = [root for root in plan.roots if not isinstance(root.root, OtherRoot)]
    sizes = Counter(root.group for root in roots)
    try:
        outputs = (
            await gather([_run_root(run, root, loaders if sizes[root.group] > 1 else None, opened) for root in roots])
            if roots
            else []
        )
    finally:
        await loaders.close()
    return {root.root.response_key: output for root, output in zip(roots, outputs, strict=True)}


async def _run_root(run: OperationRun, root: PlannedRoot, loaders: KeyLoaders | None, opened: Mapping[str, Any]) -> Any:
    path = (root.root.response_key,)
    target = root.target
    try:
        match target:
            case None:
                return None
            case Connection():
                return (await run_connection(run, target, None, {}))[0]
            case Node():
                key = opened[root.root.response_key]
                if isinstance(key, BadInput):
                    raise key
                if key is None or not target.sources:
                    return None
                if loaders is None:
                    return (await run_by_key(run, target, [(key,)], {}))[0]
                found = await loaders.load(root.group, target, key)
                return (await outputs_by_key(run, target, found, 1, {}))[0]
            case _:
                assert_never(target)
    except (ConnectorError, OperationError) as error:
        run.fail((path,), error)
        return None


def key_of(root: PlannedRoot, value: Any, keys: ConsumerKeys) -> Any:
    """The key to fetch by. Raises `BadInput` for a value that cannot be one."""
    match root.form:
        case KeyForm.FIELD:
            return value.strip() if isinstance(value, str) else value
        case KeyForm.PERSON_KEY:
            try:
                return keys.persons.open(value)
            except ValueError:
                raise BadInput(operations.PERSON_KEY_NOT_OURS()) from None
        case KeyForm.ID_NUMBER:
            identity = normalise_id(value.strip())
            if identity is None:
                raise BadInput(operations.ID_NUMBER_INVALID())
            return identity
        case KeyForm.NODE_ID:
            try:
                return keys.sealer.open_id(value).row_key
            except SealBroken:
                raise BadInput(operations.ID_NOT_OURS()) from None
        case _:
            assert_never(root.form)


def place_errors(run: OperationRun, plan: ExecutablePlan, data: dict[str, Any]) -> list[dict[str, Any]]:
    """Every error in response format, in the order of the response, those without a place last: a failed source's at
    each null it owns, a denial once per coordinate at its first null.
    """
    errors: list[dict[str, Any]] = []
    for path, error in run.failures:
        told = error.formatted(run.language)
        for position in null_positions(data, path):
            if len(errors) < MAX_ERRORS:
                errors.append({**told, "path": list(position)})
    for path, error in plan.denials:
        run.deny(path, error)
    for by_path in run.denials.values():
        found = [(place, error) for path, error in by_path.items() for place in islice(null_positions(data, path), 1)]
        if found:
            place, error = min(found, key=lambda pair: response_order(data, pair[0]))
            errors.append({**error.formatted(run.language), "path": list(place)})
        else:
            errors.append(next(iter(by_path.values())).formatted(run.language))
    return sorted(_distinct(errors), key=partial(_place, data))


def _place(data: dict[str, Any], error: Mapping[str, Any]) -> tuple[bool, tuple[int, ...], str, str, str]:
    """Where in the response; errors of one place in an order that hangs on no language, as far as they differ."""
    path, told = error.get("path"), error["extensions"]
    about = told.get("coordinate") or told.get("connector") or ""
    return path is None, response_order(data, path or ()), told["code"], about, error["message"]


def _distinct(errors: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    seen: dict[Any, dict[str, Any]] = {}
    for error in errors:
        seen.setdefault((tuple(error.get("path", ())), error["extensions"]["code"], error["message"]), error)
    return list(seen.values())
