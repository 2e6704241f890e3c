"""The age of a source is told beside its data, and never keeps an operation waiting for long."""

import asyncio
from collections.abc import Sequence

import pytest

from connectors.contract import Connector, FetchArguments, Prepared, Row
from resolvers import ages
from tests.resolvers.mini_city import CITY, MiniCity
from tests.resolvers.questions import Wrapped, answer

AGED = "{ partyMember(memberNo: 1) { memberNo _meta { sources { connector asOf } } } }"


class Ageless(Wrapped):
    """Tells its age when ``told`` is set; its data only once somebody has asked for the age, if ``waits``."""

    def __init__(self, inner: Connector, *, waits: bool = False) -> None:
        super().__init__(inner)
        self._waits = waits
        self.told, self.asked = asyncio.Event(), asyncio.Event()
        self.times_asked = 0
        self.waiting = 0

    async def as_of(self) -> str | None:
        self.times_asked += 1
        self.asked.set()
        self.waiting += 1
        try:
            await self.told.wait()
        finally:
            self.waiting -= 1
        return "2018-09-30T02:00:00+08:00"

    async def fetch(self, prepared: Prepared, arguments: FetchArguments) -> Sequence[Row]:
        if self._waits:
            await self.asked.wait()
            self.told.set()
        return await super().fetch(prepared, arguments)


async def test_the_age_is_asked_for_while_the_data_are_fetched() -> None:
    source = Ageless(MiniCity().connectors["s1"], waits=True)

    async with asyncio.timeout(5):
        data = await answer(MiniCity(s1=source), CITY, AGED)

    assert data["partyMember"]["_meta"]["sources"] == [{"connector": "s1", "asOf": "2018-09-30T02:00:00+08:00"}]


async def test_an_age_that_is_not_told_in_time_is_null_and_not_asked_for_again_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ages, "AGE_SECONDS", 0.01)
    source = Ageless(MiniCity().connectors["s1"])
    city = MiniCity(s1=source)

    for _ in range(3):
        data = await answer(city, CITY, AGED)
        assert data["partyMember"] == {"memberNo": 1, "_meta": {"sources": [{"connector": "s1", "asOf": None}]}}

    assert (source.times_asked, source.waiting) == (1, 0)


async def test_the_operations_deadline_bounds_it_too() -> None:
    source = Ageless(MiniCity().connectors["s1"])
    city = MiniCity(s1=source)
    loop = asyncio.get_running_loop()

    assert await city.engine._ages.as_of(["s1"], loop.time() - 1) == {"s1": None}
    assert source.waiting == 0
