"""The engine ``rest`` against the conformance suite: a service holds the suite's tables, the mirror answers.

Once with every column of the members that may be protected sealed: answers are the same.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from connectors.codecs.dates import BEIJING
from connectors.contract import Binding, Connector, Fetch
from connectors.errors import SourceDrifted
from connectors.manifest_columns import columns_of
from connectors.testing.conformance import ConnectorConformance
from connectors.testing.dataset import BINDINGS
from connectors.testing.engine import EngineUnderTest, RawTable
from connectors.testing.faults import DRIFT, DRIFT_TABLE
from connectors.testing.promise import arguments, ask
from tests.rest_service import Awaited, Service, pull_of, rest_manifest, soon

SEALED = {
    "branch_raw": frozenset({"name"}),
    "member_raw": frozenset({"name", "sex", "joined", "digest", "score"}),
    "dues_raw": frozenset({"digest", "month"}),
    "person_raw": frozenset({"number"}),
}
"""Neither keys nor what joins, conditions and sub-selects compare."""


class RestEngine:
    name = "rest"

    def __init__(self, root: Path, sealed: Mapping[str, frozenset[str]]) -> None:
        self.root, self.sealed = root, sealed
        self.service = Service(changed=None)
        self.keys: dict[str, str] = {}
        self.indexes: dict[str, tuple[str, ...]] = {}
        self.mirrors = count()

    def load(self, tables: Sequence[RawTable]) -> None:
        for table in tables:
            self.service.tables[table.name] = table.as_dicts()
            self.keys[table.name] = next(iter(table.columns))
            self.indexes[table.name] = table.indexes

    def connector(self, bindings: Mapping[str, Binding]) -> Awaited:
        tables = dict.fromkeys(name for b in bindings.values() for name, _, _ in columns_of(b))
        pulls = [self._pull(table, bindings) for table in tables]
        manifest = rest_manifest(bindings, pulls, mirror=f"{next(self.mirrors)}.db")
        return Awaited(manifest, self.root, transport=self.service.transport, first_pause=0.001)

    def _pull(self, table: str, bindings: Mapping[str, Binding]) -> Any:
        sealed = self.sealed.get(table, frozenset())
        indexed = tuple(column for column in self.indexes.get(table, ()) if column not in sealed)
        key = self.keys.get(table, "id")
        return pull_of(table, key, bindings, changed=None, protected=sealed, indexed=indexed, size=5_000)

    def unreachable(self, bindings: Mapping[str, Binding]) -> Connector:
        pull = self._pull("member_raw", bindings)
        manifest = rest_manifest(bindings, [pull], mirror=f"{next(self.mirrors)}.db")
        return Awaited(manifest, self.root, first_pause=0.001)

    def drop_column(self, table: str, column: str) -> None:
        rows = self.service.tables[table]
        self.service.tables[table] = [{k: v for k, v in row.items() if k != column} for row in rows]
        self.service.touched = f"{datetime.now(BEIJING):%Y-%m-%d %H:%M:%S}"

    async def write(self, connector: Connector, table: str) -> None:
        assert isinstance(connector, Awaited)
        await connector.reader.run(f'DELETE FROM "{table}"', (), float("inf"))


class TestRest(ConnectorConformance):
    @pytest.fixture(scope="class")
    @classmethod
    def engine(cls, tmp_path_factory: pytest.TempPathFactory) -> EngineUnderTest:
        return RestEngine(tmp_path_factory.mktemp("rest"), {})

    @pytest.fixture
    async def connector(self, loaded: RestEngine) -> AsyncIterator[Connector]:
        """One mirror for the class: what is pulled once is there."""
        loaded.mirrors = count()
        connector = loaded.connector(BINDINGS)
        await connector.open()
        yield connector
        await connector.close()

    async def test_lost_column_is_drift(self, engine: RestEngine) -> None:
        """Told by the pull that meets it; the mirror goes on answering what it holds, as of before."""
        engine.mirrors = count(100)
        engine.load([DRIFT_TABLE])
        connector = engine.connector({"Drift": DRIFT})
        await connector.open()
        try:
            engine.drop_column("drift_raw", "lost")
            with pytest.raises(SourceDrifted, match="lost"):
                await connector.refresh(0, soon())
            answer = await ask(connector, Fetch(binding=DRIFT, projection=("kept",)), arguments())
            assert answer.column("kept") == ["a"]
        finally:
            await connector.close()


class TestRestWithSealedColumns(TestRest):
    @pytest.fixture(scope="class")
    @classmethod
    def engine(cls, tmp_path_factory: pytest.TempPathFactory) -> EngineUnderTest:
        return RestEngine(tmp_path_factory.mktemp("sealed"), SEALED)
