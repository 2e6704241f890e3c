"""The small city's sources behind proxies, once for all tests of faults."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.sources.runtime import RunningSources, remove_sources, start_sources
from demo.state import prepare_state
from tests.faults.city import SMALL, database_name


@pytest.fixture(scope="session")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("faults")


@pytest.fixture(scope="session")
def sources(state: Path) -> Iterator[RunningSources]:
    name = database_name(state)
    with start_sources(state, SMALL, s1_database=name) as running:
        prepare_state(state, 0, running.connections)
        yield running
    remove_sources(state, s1_database=name)
