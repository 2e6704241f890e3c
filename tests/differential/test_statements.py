"""What reaches the drivers is what the plan says: as many statements, and no value in their text."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest

from connectors.contract import Connector, FetchArguments, Prepared, Row
from resolvers.executor import OVERFETCH
from resolvers.fetch_plan import Checked, Connection, ExecutablePlan, Node, OneOf, SourceFetch
from resolvers.operation import OperationRequest
from tests.differential.conftest import Site
from tests.differential.test_engines import drawn
from tests.properties.generated_city import BUSINESS_ROLES, CALLERS, ROOT, Hub
from tests.properties.operations import Operation, Word
from tests.resolvers.questions import Wrapped

OPERATIONS = 20
"""Drawn operations per role, besides the tours."""
MANIFESTS = "".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "demo/manifests").glob("*.yaml")))
"""Texts that a department wrote down may stand in statements."""


class Counted(Wrapped):
    """Counts the fetches that have something to look for."""

    def __init__(self, inner: Connector, fetches: Counter[str]) -> None:
        super().__init__(inner)
        self._fetches = fetches

    async def fetch(self, prepared: Prepared, arguments: FetchArguments) -> Sequence[Row]:
        self._fetches[self.name] += arguments.keys is None or any(
            part is not None for k in arguments.keys for part in k
        )
        return await super().fetch(prepared, arguments)


@pytest.mark.postgresql
@pytest.mark.parametrize("role", BUSINESS_ROLES)
def test_drivers_are_sent_what_the_plan_says(memory: Site, site: Site, role: str) -> None:
    subject = CALLERS[role]
    fetches: Counter[str] = Counter()
    counted = Hub({name: Counted(connector, fetches) for name, connector in memory.hub.connectors.items()})
    sent = 0
    for operation in drawn(memory, subject, OPERATIONS):
        for hub in (counted, site.hub):
            hub.engine._scopes.clear()  # or keys of earlier operations could expire between the two runs
        for _ in range(2):  # the second time scope keys are known, and sources have told of their columns
            fetches.clear()
            site.statements.clear()
            memory.run(counted.ask(subject, operation.document, operation.variables))
            result = site.run(site.hub.ask(subject, operation.document, operation.variables))
        told = Counter(name for name, sql in site.statements if not sql.upper().startswith("SELECT MAX("))
        request = OperationRequest(document=operation.document, deadline=0, variables=operation.variables)
        planned = list(_planned(site.hub.engine.plan(subject, request))) if result.executed else []
        most = Counter(name for name, times in planned for _ in range(times))
        assert told <= most, f"{told}, planned {most}\n{operation}"
        if all(times == 1 for _, times in planned):
            assert told == Counter({name: count for name, count in fetches.items() if name != "hub" and count}), (
                operation
            )
        assert not [value for value in _texts(operation) if any(value in sql for _, sql in site.statements)]
        sent += told.total()
    assert sent


def _texts(operation: Operation) -> set[str]:
    """The operation's text values that no manifest names; short ones say nothing."""

    def inside(value: Any) -> Iterator[str]:
        match value:
            case str() if not isinstance(value, Word):
                yield value
            case Mapping():
                for inner in value.values():
                    yield from inside(inner)
            case list():
                for inner in value:
                    yield from inside(inner)

    quoted = operation.document.split('"')[1::2]
    found = {*quoted, *inside(operation.variables)}
    return {text for text in found if len(text) > 3 and text not in MANIFESTS}


def _planned(plan: ExecutablePlan) -> Iterator[tuple[str, int]]:
    """Connectors of the plan's statements, with how often each may be sent."""
    asked: set[int] = set()
    for root in plan.roots:
        match root.target:
            case Connection() as connection:
                yield from _list(connection)
            case Node() as node if root.group in asked:  # shares the statements of an earlier root
                yield from _below(node)
            case Node() as node:
                asked |= {root.group} - {-1}
                yield from _rows(node)
    for key_set in plan.key_sets:
        yield _source(key_set.fetch)
    if plan.unit_tree is not None:
        yield _source(plan.unit_tree)


def _list(target: Connection) -> Iterator[tuple[str, int]]:
    if target.wants_rows:
        yield _source(target.pager.keyset(()))
    if target.pager.count is not None:
        yield _source(target.pager.count)
    yield from _below(target.node)


def _rows(target: Node) -> Iterator[tuple[str, int]]:
    for source in target.sources:
        yield _source(source)
    yield from _below(target)


def _below(node: Node) -> Iterator[tuple[str, int]]:
    for flag in node.flags:
        if isinstance(flag, Checked):
            yield _source(flag.fetch)
    for shape in node.shapes:
        for hop in shape.hops:
            match hop.target:
                case Connection() as connection:
                    yield from _list(connection)
                case OneOf(nodes=nodes):
                    for one in nodes:
                        yield from _rows(one)
                case Node() as one:
                    yield from _rows(one)


def _source(source: SourceFetch) -> tuple[str, int]:
    return source.connector, 1 if source.prepared.residual is None else len(OVERFETCH)
