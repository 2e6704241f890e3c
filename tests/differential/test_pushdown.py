"""Pushdown changes nothing but the work: sources that decide nothing themselves give the same answers."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from connectors.contract import Fetch, FetchArguments, Output, Prepared, Row
from schema.predicates import And, Exists, Not, Or, Predicate, conjunction, fields_of
from tests.differential.conftest import Site
from tests.differential.test_engines import assert_same, drawn
from tests.properties.generated_city import BUSINESS_ROLES, CALLERS, Hub
from tests.resolvers.questions import Wrapped

OPERATIONS = 12
"""Drawn operations per role, besides the tours."""


class Idle(Wrapped):
    """Claims nothing: every predicate but related rows' is left to the caller, and so is every order. The rows come in
    the reverse of the source's own order, cut at the limit all the same. ``left`` counts fetches that left a predicate
    or an order to the caller.
    """

    left = 0

    def prepare(self, fetch: Fetch) -> Prepared:
        pushed, left = _split(fetch.predicate)
        decided = fetch.output is Output.DISTINCT or left == conjunction()
        if decided:
            pushed, left = fetch.predicate, conjunction()
        needed = (*fetch.projection, *fields_of(left), *(term.field for term in fetch.order))
        asked = replace(fetch, predicate=pushed, order=(), projection=tuple(dict.fromkeys(needed)))
        inner = self.inner.prepare(asked)
        residual = None if decided else left
        return replace(inner, fetch=fetch, residual=residual, ordered=not fetch.order, native=inner)

    async def fetch(self, prepared: Prepared, arguments: FetchArguments) -> Sequence[Row]:
        self.left += prepared.residual is not None or not prepared.ordered
        return list(await self.inner.fetch(prepared.native, arguments))[::-1]


def _split(predicate: Predicate) -> tuple[Predicate, Predicate]:
    """What only the source can decide, and the rest."""
    parts = predicate.operands if isinstance(predicate, And) else (predicate,)
    follows = [part for part in parts if _follows_relations(part)]
    return conjunction(*follows), conjunction(*(part for part in parts if part not in follows))


def _follows_relations(predicate: Predicate) -> bool:
    match predicate:
        case Exists():
            return True
        case And(operands) | Or(operands):
            return any(map(_follows_relations, operands))
        case Not(operand):
            return _follows_relations(operand)
        case _:
            return False


@pytest.fixture(scope="module")
def idle_memory(memory: Site) -> Site:
    """The city in memory, without pushdown."""
    return _idle(memory)


@pytest.fixture(scope="module")
def idle_site(site: Site) -> Site:
    """Real engines, without pushdown."""
    return _idle(site)


def _idle(site: Site) -> Site:
    connectors = {name: Idle(connector) for name, connector in site.hub.connectors.items()}
    return replace(site, hub=Hub(connectors, site.hub.manifests))


@pytest.mark.parametrize("role", BUSINESS_ROLES)
def test_memory_without_pushdown_gives_the_same_answers(memory: Site, idle_memory: Site, role: str) -> None:
    for operation in drawn(memory, CALLERS[role], OPERATIONS):
        assert_same(memory, idle_memory, CALLERS[role], operation)
    assert _left(idle_memory)


@pytest.mark.postgresql
@pytest.mark.parametrize("role", BUSINESS_ROLES)
def test_engines_without_pushdown_give_the_same_answers(memory: Site, idle_site: Site, role: str) -> None:
    for operation in drawn(memory, CALLERS[role], OPERATIONS):
        assert_same(memory, idle_site, CALLERS[role], operation)
    assert _left(idle_site)


def _left(site: Site) -> int:
    return sum(connector.left for connector in site.hub.connectors.values() if isinstance(connector, Idle))
