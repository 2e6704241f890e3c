"""Conformance: what goes wrong at a source is told by the right error, in time, and nothing is ever written."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from connectors.contract import Connector, Fetch, FetchArguments, KeyMatch, Output
from connectors.errors import ConnectorError, SourceDrifted, SourceTimeout, SourceUnavailable, UnsupportedFetch
from connectors.testing.dataset import (
    BINDINGS,
    GRIND,
    GRIND_RELATED,
    GRIND_ROWS,
    GRIND_TABLE,
    MEMBER,
    MEMBERS,
    TABLES,
    binding,
    bound,
)
from connectors.testing.engine import ColumnKind, EngineUnderTest, RawTable
from connectors.testing.promise import arguments, ask
from schema.predicates import ALWAYS, ROW_KEY, Comparison, Exists, Not, Operator

_DEADLINE, _GRACE = 0.5, 1.5
_NUMBERS = Fetch(binding=MEMBER, projection=("memberNo",))

DRIFT_TABLE = RawTable(
    name="drift_raw",
    columns={"id": ColumnKind.INTEGER, "kept": ColumnKind.TEXT, "lost": ColumnKind.TEXT},
    rows=((1, "a", "b"),),
)
DRIFT = binding(
    "Drift", "drift_raw", bound(ROW_KEY, "id", codec="integer"), bound("kept", "kept"), bound("lost", "lost")
)
NOWHERE = binding("Nowhere", "nowhere_raw", bound(ROW_KEY, "id", codec="integer"), bound("id", "id", codec="integer"))


class FaultConformance:
    """How a connector fails, and that it can be described."""

    async def test_statement_ends_by_its_deadline(self, engine: EngineUnderTest) -> None:
        engine.load([GRIND_TABLE])
        fetch = Fetch(
            binding=GRIND,
            projection=(),
            predicate=Not(Exists("below", ALWAYS)),
            output=Output.COUNT,
            related=GRIND_RELATED,
        )
        async with _opened(engine.connector({"Grind": GRIND})) as connector:
            prepared = connector.prepare(fetch)
            started = asyncio.get_running_loop().time()
            try:
                rows = await connector.fetch(prepared, arguments(seconds=_DEADLINE))
            except SourceTimeout:
                rows = None
            assert asyncio.get_running_loop().time() - started < _DEADLINE + _GRACE
            assert rows is None or rows[0][0] == GRIND_ROWS, "an answer in time is a right answer"
            again = await connector.fetch(
                connector.prepare(Fetch(binding=GRIND, projection=(), output=Output.COUNT)), arguments()
            )
            assert again[0][0] == GRIND_ROWS, "the connector goes on working"

    async def test_passed_deadline_asks_nothing(self, connector: Connector) -> None:
        now = asyncio.get_running_loop().time()
        with pytest.raises(SourceTimeout):
            await connector.fetch(connector.prepare(_NUMBERS), FetchArguments(parameters=(), deadline=now - 1))

    async def test_cancelled_fetch_leaves_the_connector_usable(self, connector: Connector) -> None:
        prepared = connector.prepare(_NUMBERS)
        running = [asyncio.ensure_future(connector.fetch(prepared, arguments())) for _ in range(8)]
        await asyncio.sleep(0)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        assert len(await connector.fetch(prepared, arguments())) == len(MEMBERS)

    async def test_many_fetches_at_once_all_answer(self, connector: Connector) -> None:
        prepared = connector.prepare(_NUMBERS)
        answers = await asyncio.gather(*(connector.fetch(prepared, arguments()) for _ in range(20)))
        assert [len(rows) for rows in answers] == [len(MEMBERS)] * 20

    async def test_source_that_is_down_is_unavailable(self, engine: EngineUnderTest) -> None:
        async with _opened(engine.unreachable(BINDINGS)) as connector:
            prepared = connector.prepare(_NUMBERS)
            with pytest.raises(SourceUnavailable) as caught:
                await connector.fetch(prepared, arguments(seconds=5))
        assert caught.value.connector == MEMBER.connector

    async def test_lost_column_is_drift(self, engine: EngineUnderTest) -> None:
        engine.load([DRIFT_TABLE])
        async with _opened(engine.connector({"Drift": DRIFT})) as connector:
            fetch = Fetch(binding=DRIFT, projection=("kept", "lost"))
            assert len(await connector.fetch(connector.prepare(fetch), arguments())) == 1
            engine.drop_column("drift_raw", "lost")
            with pytest.raises(SourceDrifted):
                await connector.fetch(connector.prepare(fetch), arguments())
            kept = Fetch(binding=DRIFT, projection=("kept",))
            assert (await ask(connector, kept, arguments())).column("kept") == ["a"]

    async def test_missing_table_is_drift(self, engine: EngineUnderTest) -> None:
        async with _opened(engine.connector({"Nowhere": NOWHERE})) as connector:
            with pytest.raises(SourceDrifted):
                await connector.fetch(connector.prepare(Fetch(binding=NOWHERE, projection=("id",))), arguments())

    async def test_errors_hold_no_values_and_no_statement(self, engine: EngineUnderTest) -> None:
        async with _opened(engine.connector({"Nowhere": NOWHERE})) as connector:
            fetch = Fetch(binding=NOWHERE, projection=("id",), predicate=Comparison("id", Operator.EQ, 0))
            with pytest.raises(ConnectorError) as caught:
                await connector.fetch(connector.prepare(fetch), arguments((43079019,)))
        told = f"{caught.value} {caught.value!r}"
        assert "43079019" not in told
        assert "select" not in told.lower()
        assert caught.value.__cause__ is None or "43079019" not in str(caught.value.__cause__)

    async def test_unbound_field_is_refused_before_the_source_is_asked(self, engine: EngineUnderTest) -> None:
        connector = engine.unreachable(BINDINGS)
        for fetch in (
            Fetch(binding=MEMBER, projection=("shoeSize",)),
            Fetch(binding=MEMBER, projection=("memberNo",), keys=KeyMatch(fields=("shoeSize",))),
        ):
            with pytest.raises(UnsupportedFetch):
                connector.prepare(fetch)

    async def test_write_is_refused(self, engine: EngineUnderTest, connector: Connector) -> None:
        with pytest.raises(Exception):  # noqa: B017 -- each driver refuses in its own words
            await engine.write(connector, "member_raw")
        assert len(await connector.fetch(connector.prepare(_NUMBERS), arguments())) == len(MEMBERS)

    async def test_description_shows_live_columns(self, connector: Connector) -> None:
        described = await connector.describe(["member_raw", "no_such_table"])
        assert set(described) == {"member_raw"}
        table = described["member_raw"]
        assert list(table.columns) == list(TABLES[1].columns)
        assert "branch" in {index[0] for index in (*table.indexes, table.primary_key) if index}
        assert table.primary_key in (("no",), ()), "an engine without keys tells none"

    async def test_close_can_be_called_twice(self, engine: EngineUnderTest) -> None:
        connector = engine.connector(BINDINGS)
        await connector.open()
        await connector.close()
        await connector.close()


@asynccontextmanager
async def _opened(connector: Connector) -> AsyncIterator[Connector]:
    await connector.open()
    try:
        yield connector
    finally:
        await connector.close()
