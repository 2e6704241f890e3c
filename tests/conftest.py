"""Fixtures every test may use: servers and reference data, made when first asked for, and logging no test hands on."""

import pytest
import structlog

from tests.engines import mariadb_server, postgresql_server
from tests.hub_folder import reference_data

__all__ = ["logging_by_default", "mariadb_server", "postgresql_server", "reference_data"]


@pytest.fixture(autouse=True)
def logging_by_default() -> None:
    """Commands configure the process's logging; the next test does not find that."""
    structlog.reset_defaults()
