"""``@maxStaleness``: a mirrored source catches up before an operation reads it; others are read as they are."""

import asyncio
from typing import Any

import pytest

from connectors.errors import ConnectorError, SourceTimeout, SourceUnavailable
from resolvers.operation import OperationRequest
from schema.messages import sources
from tests.resolvers.mini_city import CITY, MiniCity, subject
from tests.resolvers.questions import Asked, Spy, WatchedCity, answer, codes

AGENT = subject("hotline_agent", divCode="430726")


class Mirror(Spy):
    """A source that answers from a copy; ``trouble``: what comes of catching up."""

    def __init__(self, inner: Any, log: list[Asked]) -> None:
        super().__init__(inner, log)
        self.refreshed: list[tuple[float, int]] = []
        self.deadlines: list[float] = []
        self.trouble: Exception | None = None

    async def refresh(self, max_age_seconds: float, deadline: float) -> None:
        """Write down what is asked, and after how many statements."""
        self.refreshed.append((max_age_seconds, len(self._log)))
        self.deadlines.append(deadline)
        if self.trouble is not None:
            raise self.trouble


class Mirrors(MiniCity):
    """The mini city in which the hotline is mirrored."""

    def __init__(self) -> None:
        self.log: list[Asked] = []
        self.mirror = Mirror(MiniCity().connectors["hotline"], self.log)
        super().__init__(hotline=self.mirror)


async def test_a_mirror_catches_up_before_it_is_asked() -> None:
    city = Mirrors()

    found = await answer(city, AGENT, "query @maxStaleness(seconds: 60) { hotlineTickets { totalCount } }")

    assert found == {"hotlineTickets": {"totalCount": 2}}
    assert city.mirror.refreshed == [(60, 0)]
    assert len(city.log) >= 1


async def test_it_catches_up_once_for_an_operation() -> None:
    city = Mirrors()
    document = """query @maxStaleness(seconds: 0) {
      a: hotlineTickets { totalCount nodes { ticketNo } } b: hotlineTicket(ticketNo: "T1") { ticketNo }
    }"""

    await answer(city, AGENT, document)

    assert [seconds for seconds, _ in city.mirror.refreshed] == [0]


async def test_the_age_may_be_a_variable() -> None:
    city = Mirrors()
    document = "query ($age: Int!) @maxStaleness(seconds: $age) { hotlineTickets { totalCount } }"

    await answer(city, AGENT, document, age=90)

    assert [seconds for seconds, _ in city.mirror.refreshed] == [90]


@pytest.mark.parametrize(
    ("who", "document"),
    [
        (AGENT, "{ hotlineTickets { totalCount } }"),
        (CITY, "query @maxStaleness(seconds: 1) { partyMembers { totalCount } }"),
    ],
    ids=["not asked for", "another source"],
)
async def test_a_mirror_is_left_alone(who: Any, document: str) -> None:
    city = Mirrors()

    await answer(city, who, document)

    assert city.mirror.refreshed == []


async def test_a_source_without_a_mirror_is_read_as_it_is() -> None:
    city = WatchedCity()

    assert await answer(city, AGENT, "query @maxStaleness(seconds: 0) { hotlineTickets { totalCount } }") == {
        "hotlineTickets": {"totalCount": 2}
    }


@pytest.mark.parametrize(
    ("error", "code"),
    [(SourceUnavailable, "SOURCE_UNAVAILABLE"), (SourceTimeout, "SOURCE_TIMEOUT")],
    ids=["down", "slow"],
)
async def test_a_mirror_that_cannot_catch_up_costs_its_own_fields(error: type[ConnectorError], code: str) -> None:
    city = Mirrors()
    city.mirror.trouble = error("hotline", sources.SOURCE_SILENT(connector="hotline"))
    document = "query @maxStaleness(seconds: 5) { hotlineTickets { totalCount } serviceStations { totalCount } }"

    result = await city.execute(AGENT, document)

    assert result.data == {"hotlineTickets": None, "serviceStations": {"totalCount": 2}}
    assert codes(result) == [code]
    assert not [asked for asked in city.log if asked.connector == "hotline"]


async def test_catching_up_ends_by_the_deadline_of_the_operation() -> None:
    city = Mirrors()
    deadline = asyncio.get_running_loop().time() + 7
    document = "query @maxStaleness(seconds: 5) { hotlineTickets { totalCount } }"

    await city.engine.execute(AGENT, OperationRequest(document=document, deadline=deadline))

    assert city.mirror.deadlines == [deadline]
