"""Fixtures every test may use: database servers, made when first asked for, and logging that no test hands on."""

import pytest
import structlog

from tests.engines import mariadb_server, postgresql_server

__all__ = ["logging_by_default", "mariadb_server", "postgresql_server"]


@pytest.fixture(autouse=True)
def logging_by_default() -> None:
    """Commands configure the process's logging; the next test does not find that."""
    structlog.reset_defaults()
