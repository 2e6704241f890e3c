"""The connector of files against the conformance suite: Parquet drops, and the same tables as CSV in GB18030."""

from collections.abc import Iterator

import pytest

from connectors.files.tables import FileFormat
from connectors.testing.conformance import ConnectorConformance
from connectors.testing.engine import EngineUnderTest
from tests.engines import files_engine


class TestParquet(ConnectorConformance):
    @pytest.fixture(scope="class")
    @classmethod
    def engine(cls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EngineUnderTest]:
        with files_engine(tmp_path_factory.mktemp("parquet")) as engine:
            yield engine


class TestCsv(ConnectorConformance):
    @pytest.fixture(scope="class")
    @classmethod
    def engine(cls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EngineUnderTest]:
        with files_engine(tmp_path_factory.mktemp("csv"), FileFormat.CSV) as engine:
            yield engine
