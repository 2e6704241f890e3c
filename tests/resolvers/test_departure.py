"""What an operation started ends with it: when a part has failed, and when the caller has left."""

import asyncio
from collections.abc import Sequence

import pytest

from connectors.contract import FetchArguments, Output, Prepared, Row
from connectors.errors import SourceUnavailable
from resolvers.operation import OperationRequest
from schema.messages import sources
from tests.resolvers.mini_city import CITY, PUBLIC, MiniCity
from tests.resolvers.questions import Wrapped, codes


class Hanging(Wrapped):
    """Never answers what ``hangs`` says; fails at once for the rest, or answers."""

    def __init__(self, inner: MiniCity, *, only_counts: bool) -> None:
        super().__init__(inner.connectors["s1"])
        self._only_counts = only_counts
        self.running = 0
        self.begun = asyncio.Event()

    async def fetch(self, prepared: Prepared, arguments: FetchArguments) -> Sequence[Row]:
        if self._only_counts and prepared.fetch.output is not Output.COUNT:
            raise SourceUnavailable(self.name, sources.SOURCE_SILENT(connector=self.name))
        self.running += 1
        self.begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.running -= 1
        raise AssertionError("nobody sets the event")


async def test_a_count_does_not_outlive_the_list_whose_rows_failed() -> None:
    hanging = Hanging(MiniCity(), only_counts=True)
    city = MiniCity(s1=hanging)
    request = OperationRequest(
        document="{ partyOrganisations { totalCount nodes { name } } }",
        deadline=asyncio.get_running_loop().time() + 10,
    )

    result = await city.engine.execute(PUBLIC, request)

    assert codes(result) == ["SOURCE_UNAVAILABLE"]
    assert hanging.running == 0
    assert sorted(fetch.outcome for fetch in request.trace.fetches) == ["CANCELLED", "SOURCE_UNAVAILABLE"]


@pytest.mark.parametrize(
    "selection",
    [
        pytest.param("a: partyMember(memberNo: 1) { memberNo } b: partyMember(memberNo: 2) { memberNo }", id="by key"),
        pytest.param("partyMember(memberNo: 1) { memberNo }", id="one by key"),
        pytest.param("partyMembers { totalCount nodes { memberNo } }", id="list"),
    ],
)
@pytest.mark.parametrize("begun", [True, False], ids=["while it is fetched", "before"])
async def test_a_caller_who_leaves_ends_every_statement(selection: str, begun: bool) -> None:
    hanging = Hanging(MiniCity(), only_counts=False)
    city = MiniCity(s1=hanging)
    asking = asyncio.create_task(city.execute(CITY, f"{{ {selection} }}"))
    if begun:
        await hanging.begun.wait()
    else:
        await asyncio.sleep(0)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    for _ in range(10):
        await asyncio.sleep(0)

    assert hanging.running == 0
