"""Every answer is exactly the oracle's: what the policy allows is there, and nothing else is anywhere.

Per role and chunk one caller looks around and then asks random operations, some of them with ids, pseudonyms and
cursors of earlier answers. The oracle computes each answer anew from the raw tables, without any code of the hub.
"""

import random
from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest

from authz.subjects import Subject
from tests.properties.conftest import SHOWN, World
from tests.properties.generated_city import BUSINESS_ROLES, CALLERS, OTHERS
from tests.properties.judgement import Oracle, differences, leaks, told
from tests.properties.operations import Learnt, Operation, RandomOperations, cursors_of, tour
from tests.properties.responses import visits

CHUNKS = 3
OPERATIONS = 48
"""Drawn operations per role and chunk; with fourteen roles and three chunks 2,016, besides tours and further pages. The
second chunk of a role is another caller's, where there is one."""
PAGES = 2
"""Further pages of a list that can be continued."""

FLOORS: Mapping[str, Mapping[str, int]] = {
    "resident_public": {"clear": 1400, "denied": 300},
    "resident_self": {"clear": 1700, "masked": 1, "denied": 280},
    "member_self": {"clear": 2000, "masked": 2, "denied": 280},
    "branch_secretary": {"clear": 2100, "masked": 3, "denied": 330},
    "party_liaison": {"clear": 2400, "masked": 10, "denied": 360},
    "county_org_clerk": {"clear": 2700, "masked": 8, "denied": 250},
    "city_org_admin": {"clear": 3200, "masked": 8, "denied": 270},
    "cadre_officer": {"clear": 1500, "denied": 380},
    "bianban_officer": {"clear": 1500, "denied": 360},
    "window_clerk": {"clear": 2100, "masked": 10, "denied": 320},
    "service_admin": {"clear": 1600, "masked": 20, "denied": 260},
    "hotline_agent": {"clear": 1500, "masked": 1, "denied": 280},
    "coop_analyst": {"clear": 1900, "masked": 8, "denied": 300},
    "shop_owner": {"clear": 1700, "masked": 30, "denied": 280},
}
"""What every chunk must show at least, so that no hub passes that shows too little. A role without an entry for
``masked`` has nothing masked."""
OPEN_SOURCES = {"s1", "s3", "s4", "s5", "s6", "hub"}
"""Where open data come from."""
SOURCES_ASKED = dict.fromkeys(BUSINESS_ROLES, OPEN_SOURCES) | {
    "member_self": OPEN_SOURCES | {"s2"},
    "branch_secretary": OPEN_SOURCES | {"s2"},
    "party_liaison": OPEN_SOURCES | {"s2"},
    "county_org_clerk": OPEN_SOURCES | {"s2"},
    "city_org_admin": OPEN_SOURCES | {"s2", "hotline"},
    "window_clerk": OPEN_SOURCES | {"s2"},
    "service_admin": OPEN_SOURCES | {"hotline"},
    "hotline_agent": OPEN_SOURCES | {"hotline"},
}
"""Sources that the operations of a chunk must reach."""


@pytest.mark.parametrize("chunk", range(CHUNKS))
@pytest.mark.parametrize("role", BUSINESS_ROLES)
async def test_answers_are_exactly_what_the_policy_allows(
    world: World, role: str, chunk: int, record_property: Any
) -> None:
    subject = OTHERS.get(role, CALLERS[role]) if chunk == 1 else CALLERS[role]
    asking = Asking(world, subject, random.Random(f"{role} {chunk}"))
    world.asked.clear()
    for operation in tour(asking.schema, asking.rng):
        await asking.ask(operation)
    draw = RandomOperations(schema=asking.schema, pool=world.pool, learnt=asking.learnt).draw
    for _ in range(OPERATIONS):
        await asking.ask(draw(asking.rng))
    record_property(SHOWN, (role, dict(asking.counts)))
    assert world.asked.keys() >= SOURCES_ASKED[role], "a source was never asked"
    floors = {name: asking.counts[name] for name, floor in FLOORS[role].items() if asking.counts[name] < floor}
    assert not floors, f"the answers show less than they should: {floors}"


class Asking:
    """One caller's operations, each judged as it is answered."""

    def __init__(self, world: World, subject: Subject, rng: random.Random) -> None:
        self.rng = rng
        self.learnt = Learnt()
        self.counts: Counter[str] = Counter()
        self._world = world
        self._subject = subject
        self._oracle = Oracle(world.oracle_city, self._subject)
        self.schema = world.hub.engine.visible(self._subject).graphql

    async def ask(self, operation: Operation, pages: int = PAGES) -> None:
        """Ask, judge, learn; then ask for the next page if there is one."""
        self._world.statements.clear()
        result = await self._world.hub.ask(self._subject, operation.document, operation.variables)
        expected = self._oracle.answer(operation.document, operation.variables)
        differing = differences(result, expected)
        differing += leaks(result, self._world.statements, expected)
        differing = differing or self._oracle.learn(expected.data, result.data)
        assert not differing, told(differing, operation, self._subject, result)
        self.counts.update(expected.counts, operations=1)
        if result.data is None:
            return
        seen = list(visits(self.schema, operation.document, operation.variables, result.data))
        for visit in seen:
            self.learnt.keep(visit)
        cursors = cursors_of(seen) if operation.paged and pages else []
        if cursors:
            variables = {**operation.variables, "cursor": self.rng.choice(cursors)}
            await self.ask(Operation(document=operation.document, variables=variables, paged=True), pages - 1)
