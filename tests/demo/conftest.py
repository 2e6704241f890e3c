"""The small city and its sources, made once for all tests of the demo's data."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.sources.runtime import RunningSources, remove_sources, start_sources
from tests.demo.small_city import SMALL, SmallCity, generate


@pytest.fixture(scope="session")
def small() -> SmallCity:
    return generate(SMALL, 430700)


@pytest.fixture(scope="session")
def sqlite_sources(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSources]:
    state_dir: Path = tmp_path_factory.mktemp("state")
    with start_sources(state_dir, SMALL, engine_s1="sqlite") as sources:
        yield sources
    remove_sources(state_dir)
