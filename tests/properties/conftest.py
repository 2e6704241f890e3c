"""Fixtures of the property tests."""

import pytest

from tests.properties.generated_city import Hub, memory_connectors


@pytest.fixture(scope="session")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Hub:
    """The hub over the generated city in memory."""
    return Hub(memory_connectors(tmp_path_factory.mktemp("divisions")))
