"""Decisions are made beside the event loop, within the operation's time (D4)."""

import asyncio
import threading

import pytest

from authz.access_cache import compile_access
from resolvers.operation import OperationRequest
from tests.resolvers.mini_city import CITY, PUBLIC, MiniCity, world
from tests.resolvers.questions import answer, codes

DOCUMENT = "{ partyOrganisations { totalCount } }"


async def test_an_operation_does_not_wait_for_decisions_beyond_its_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    city, go = MiniCity(policy=world()[3]), threading.Event()
    monkeypatch.setattr("authz.access_cache.compile_access", lambda *a, **n: (go.wait(10), compile_access(*a, **n))[1])
    request = OperationRequest(document=DOCUMENT, deadline=asyncio.get_running_loop().time())

    late = await city.engine.execute(CITY, request)
    go.set()

    assert codes(late) == ["OVERLOADED"]
    assert not late.executed
    assert (await answer(city, CITY, DOCUMENT))["partyOrganisations"]["totalCount"] == 6


async def test_a_warm_engine_has_decided_about_every_role() -> None:
    city = MiniCity(policy=world()[3])
    await city.engine.warm()
    decided = city.engine.caches["access"]
    assert decided.currsize == decided.misses == len(world()[3].roles)

    await answer(city, PUBLIC, DOCUMENT)

    assert (decided.misses, decided.hits) == (len(world()[3].roles), 1)
