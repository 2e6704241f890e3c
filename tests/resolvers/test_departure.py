"""What an operation started ends with it: when a part has failed, and when the caller has left."""

import asyncio
from collections.abc import Sequence

from connectors.contract import FetchArguments, Output, Prepared, Row
from connectors.errors import SourceUnavailable
from resolvers.operation import OperationRequest
from schema.messages import sources
from tests.resolvers.mini_city import PUBLIC, MiniCity
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
