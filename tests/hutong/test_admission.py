"""Admission: as many places as there are, a short line before them, and a refusal at once for the rest."""

import asyncio
import time
from collections.abc import Callable

import pytest

from hutong.admission import FEWEST_PLACES, QUICK_SECONDS, SAMPLE, TURN_SECONDS, Admission, AdmissionLimits
from resolvers.errors import Overloaded


def admission_of(in_flight: int = 2, waiting: int = 2, wait_milliseconds: int = 2_000) -> Admission:
    return Admission(AdmissionLimits(in_flight=in_flight, waiting=waiting, wait_milliseconds=wait_milliseconds))


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not holds():  # noqa: ASYNC110 - any condition of the admission
            await asyncio.sleep(0)


class Operations:
    """Operations that hold their places until they are let go."""

    def __init__(self, admission: Admission) -> None:
        self.admission = admission
        self.done = asyncio.Event()
        self.order: list[int] = []

    def start(self, count: int) -> list["asyncio.Task[None]"]:
        return [asyncio.create_task(self._run(number)) for number in range(count)]

    async def _run(self, number: int) -> None:
        async with self.admission:
            self.order.append(number)
            await self.done.wait()


async def test_only_as_many_run_as_there_are_places() -> None:
    admission = admission_of()
    operations = Operations(admission)
    tasks = operations.start(4)
    await until(lambda: admission.waiting == 2)
    assert (admission.in_flight, operations.order) == (2, [0, 1])
    operations.done.set()
    await asyncio.gather(*tasks)
    assert operations.order == [0, 1, 2, 3], "in the order they came"
    assert (admission.in_flight, admission.waiting) == (0, 0)


async def test_who_finds_the_line_full_is_refused_at_once() -> None:
    admission = admission_of()
    operations = Operations(admission)
    tasks = operations.start(4)
    await until(lambda: admission.full)
    with pytest.raises(Overloaded):
        admission.look()
    with pytest.raises(Overloaded):
        async with admission:
            raise AssertionError("there was no place")
    operations.done.set()
    await asyncio.gather(*tasks)
    admission.look()


async def test_who_waits_too_long_is_refused() -> None:
    admission = admission_of(wait_milliseconds=30)
    operations = Operations(admission)
    tasks = operations.start(2)
    await until(lambda: admission.in_flight == 2)
    began = time.monotonic()
    with pytest.raises(Overloaded):
        async with admission:
            raise AssertionError("there was no place")
    assert 0.02 < time.monotonic() - began < 1
    assert admission.waiting == 0
    operations.done.set()
    await asyncio.gather(*tasks)


@pytest.mark.parametrize("when", ["in the line", "when the place has just come free"])
async def test_a_cancelled_wait_leaves_no_place_taken(when: str) -> None:
    admission = admission_of(in_flight=1)
    operations = Operations(admission)
    (holder,) = operations.start(1)
    await until(lambda: admission.in_flight == 1)
    (waiter,) = operations.start(1)
    await until(lambda: admission.waiting == 1)
    if when != "in the line":
        operations.done.set()
        await until(holder.done)
    waiter.cancel()
    await asyncio.gather(waiter, return_exceptions=True)
    assert admission.waiting == 0
    operations.done.set()
    await holder
    assert admission.in_flight == 0


async def test_an_operation_that_fails_gives_its_place_back() -> None:
    admission = admission_of(in_flight=1, waiting=0)
    for _ in range(3):
        with pytest.raises(LookupError):
            async with admission:
                raise LookupError
    assert admission.in_flight == 0


async def test_places_fall_while_turns_are_long_and_come_back() -> None:
    admission = admission_of(in_flight=64, waiting=64)

    async def busy() -> None:
        async with admission:
            end = time.thread_time() + TURN_SECONDS / 4
            while time.thread_time() < end:  # the processor is what is short
                continue
            await asyncio.sleep(0)

    for _ in range(6):
        await asyncio.gather(*(busy() for _ in range(32)))
    fallen = admission.places
    assert 4 <= fallen <= 32

    async def quick() -> None:
        async with admission:
            await asyncio.sleep(0)

    async with asyncio.timeout(10):
        while admission.places < 48:
            await asyncio.gather(*(quick() for _ in range(64)))


async def test_those_who_have_arrived_count_before_they_take_their_places() -> None:
    admission = admission_of(in_flight=3, waiting=2)
    assert [admission.arrive() for _ in range(7)] == [True] * 5 + [False] * 2
    assert admission.full
    for _ in range(3):
        await asyncio.sleep(0)
    assert not admission.full, "they went elsewhere"


async def test_operations_that_only_wait_keep_their_places() -> None:
    admission = admission_of(in_flight=64, waiting=64)

    async def slow_source() -> None:
        async with admission:
            await asyncio.sleep(0.2)

    await asyncio.gather(*(slow_source() for _ in range(64)))
    assert admission.places == 64


@pytest.mark.parametrize("wrong", [{"in_flight": 0}, {"waiting": -1}, {"wait_milliseconds": -1}], ids=str)
def test_limits_that_admit_nothing_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="in_flight"):
        AdmissionLimits(**wrong)


async def test_the_line_is_no_longer_than_what_ends_while_one_waits() -> None:
    now = 0.0
    admission = Admission(AdmissionLimits(in_flight=64, waiting=128, wait_milliseconds=100), clock=lambda: now)
    for _ in range(64):
        await admission.__aenter__()

    def room() -> int:
        return sum(admission.arrive() for _ in range(200))

    assert room() == FEWEST_PLACES, "nothing has ended yet"
    for _ in range(3):
        await asyncio.sleep(0)
    for _ in range(61):  # 300 in a second, through one place
        now += 1 / 300
        await admission.__aexit__(None, None, None)
        await admission.__aenter__()
    assert 28 <= room() <= 31


async def test_places_fall_to_the_connections_while_the_sources_are_behind_and_come_back() -> None:
    admission = Admission(AdmissionLimits(in_flight=64, waiting=0), connections=24)

    def answered(seconds: float, quickest: float) -> None:
        for _ in range(SAMPLE - 1):
            admission.answered(seconds)
        admission.answered(quickest)

    answered(2.0, QUICK_SECONDS / 2)
    assert admission.places == 64, "one of them was quick: a source is slow, not all of them are behind"
    for _ in range(30):
        await admission.__aenter__()
    for _ in range(5):
        answered(2.0, QUICK_SECONDS * 2)
    assert admission.places == 24

    async def quick() -> None:
        async with admission:
            await asyncio.sleep(0)
            admission.answered(0.0)

    for _ in range(30):
        await admission.__aexit__(None, None, None)
    async with asyncio.timeout(10):
        while admission.places < 48:
            await asyncio.gather(*(quick() for _ in range(admission.places)))
