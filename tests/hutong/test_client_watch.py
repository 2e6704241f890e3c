"""An operation whose client has left is cancelled; one whose client stays is left alone."""

import asyncio

import pytest
from starlette.types import Message

from hutong import client_watch
from hutong.client_watch import unless_gone
from hutong.request_reader import ClientGone


@pytest.fixture(autouse=True)
def _look_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_watch, "LOOK_AFTER_SECONDS", 0.001)


async def staying() -> Message:
    await asyncio.sleep(60)
    raise AssertionError("looked for too long")


async def leaving() -> Message:
    return {"type": "http.disconnect"}


async def test_the_result_is_passed_on() -> None:
    async def operation() -> str:
        await asyncio.sleep(0.01)
        return "rows"

    assert await unless_gone(operation(), staying) == "rows"


async def test_an_operation_is_cancelled_when_its_client_leaves() -> None:
    ended = asyncio.Event()

    async def operation() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            ended.set()

    with pytest.raises(ClientGone):
        await unless_gone(operation(), leaving)
    assert ended.is_set()


async def test_the_task_goes_on_after_its_client_left() -> None:
    with pytest.raises(ClientGone):
        await unless_gone(asyncio.sleep(60), leaving)
    task = asyncio.current_task()
    assert task is not None
    assert task.cancelling() == 0
    await asyncio.sleep(0)


async def test_a_cancellation_from_elsewhere_stays_a_cancellation() -> None:
    task = asyncio.create_task(unless_gone(asyncio.sleep(60), staying))
    await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_an_operations_error_is_passed_on() -> None:
    async def operation() -> None:
        raise LookupError("as it was")

    with pytest.raises(LookupError, match="as it was"):
        await unless_gone(operation(), staying)


async def test_nothing_is_left_running() -> None:
    before = asyncio.all_tasks()
    await unless_gone(asyncio.sleep(0.01), staying)
    await asyncio.sleep(0)
    assert asyncio.all_tasks() == before
