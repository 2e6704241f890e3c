"""One operation, one answer: over MariaDB or SQLite, PostgreSQL and SQLite as over the same rows in memory."""

import random
from collections.abc import Iterator

import pytest

from authz.subjects import ANONYMOUS, Subject
from demo.examples import EXAMPLES, Example
from tests.differential.conftest import Site
from tests.properties.generated_city import BUSINESS_ROLES, CALLERS, canonical_values
from tests.properties.operations import Learnt, Operation, RandomOperations, tour
from tests.properties.responses import visits

OPERATIONS = 30
"""Drawn operations per role: with seven roles 210, besides the tours."""


@pytest.mark.postgresql
@pytest.mark.parametrize("role", BUSINESS_ROLES)
def test_every_engine_gives_the_answer_that_memory_gives(memory: Site, site: Site, role: str) -> None:
    for operation in drawn(memory, CALLERS[role]):
        assert_same(memory, site, CALLERS[role], operation)


@pytest.mark.postgresql
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.title)
def test_every_engine_answers_the_examples_alike(memory: Site, site: Site, example: Example) -> None:
    subject = CALLERS[example.role] if example.role else ANONYMOUS
    assert_same(memory, site, subject, Operation(document=example.text, variables=example.variables, paged=False))


def drawn(memory: Site, subject: Subject, count: int = OPERATIONS) -> Iterator[Operation]:
    """A tour and random operations, learning from what the hub in memory answers."""
    rng = random.Random(f"engines {subject.id}")
    schema = memory.hub.engine.visible(subject).graphql
    learnt = Learnt()
    draw = RandomOperations(schema=schema, pool=canonical_values(), learnt=learnt).draw
    for operation in [*tour(schema, rng), *[None] * count]:
        asked = operation or draw(rng)
        yield asked
        data = memory.answer(subject, asked).data
        for visit in visits(schema, asked.document, asked.variables, data) if data else ():
            learnt.keep(visit)


def assert_same(memory: Site, site: Site, subject: Subject, operation: Operation) -> None:
    """Both hubs give the same response, byte for byte: data in the same order, ids, cursors, errors."""
    expected = memory.answer(subject, operation).response()
    answer = site.run(site.hub.ask(subject, operation.document, operation.variables)).response()
    assert answer == expected, f"{operation.document}\n{operation.variables}\n{subject}"
