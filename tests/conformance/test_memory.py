"""The memory connector against the suite whose oracle it is: its answers are checked against those written by hand."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from connectors.contract import Binding, Connector, Fetch
from connectors.csv_files import CsvConnector
from connectors.memory import MemoryConnector
from connectors.testing.conformance import ConnectorConformance
from connectors.testing.dataset import MEMBER
from connectors.testing.engine import EngineUnderTest, RawTable, manifest_of
from connectors.testing.promise import arguments


class MemoryEngine:
    name = "memory"

    def __init__(self) -> None:
        self.tables: dict[str, list[dict[str, Any]]] = {}

    def load(self, tables: Sequence[RawTable]) -> None:
        self.tables.update({table.name: table.as_dicts() for table in tables})

    def connector(self, bindings: Mapping[str, Binding]) -> Connector:
        return MemoryConnector(manifest_of("memory", {}, bindings), self.tables)

    def unreachable(self, bindings: Mapping[str, Binding]) -> Connector:
        return CsvConnector(manifest_of("memory", {"path": "missing.csv"}, bindings), Path(__file__).parent)

    def drop_column(self, table: str, column: str) -> None:
        self.tables[table] = [{k: v for k, v in row.items() if k != column} for row in self.tables[table]]

    async def write(self, connector: Connector, table: str) -> None:
        fetch = Fetch(binding=MEMBER, projection=("memberNo",))
        rows = await connector.fetch(connector.prepare(fetch), arguments())
        rows[0][0] = None


class TestMemory(ConnectorConformance):
    @pytest.fixture(scope="class")
    @classmethod
    def engine(cls) -> EngineUnderTest:
        return MemoryEngine()
