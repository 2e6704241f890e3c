"""The SQL connectors against the conformance suite."""

from collections.abc import Iterator

import pytest

from connectors.testing.conformance import ConnectorConformance
from connectors.testing.engine import EngineUnderTest
from tests.engines import Server, mariadb_engine, postgresql_engine, sqlite_engine


class TestSQLite(ConnectorConformance):
    @pytest.fixture(scope="class")
    @classmethod
    def engine(cls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EngineUnderTest]:
        with sqlite_engine(tmp_path_factory.mktemp("sqlite")) as engine:
            yield engine


@pytest.mark.postgresql
class TestPostgreSQL(ConnectorConformance):
    @pytest.fixture(scope="class")
    @classmethod
    def engine(cls, postgresql_server: Server) -> Iterator[EngineUnderTest]:
        with postgresql_engine(postgresql_server) as engine:
            yield engine


@pytest.mark.mariadb
class TestMariaDB(ConnectorConformance):
    @pytest.fixture(scope="class")
    @classmethod
    def engine(cls, mariadb_server: Server) -> Iterator[EngineUnderTest]:
        with mariadb_engine(mariadb_server) as engine:
            yield engine
