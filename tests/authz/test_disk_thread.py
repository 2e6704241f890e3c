"""The disk's thread: what it runs is done when the wait ends, errors arrive, and it ends."""

import asyncio
import threading

import pytest

from authz.disk_thread import DiskThread


async def test_the_wait_ends_when_the_function_has_run_in_another_thread() -> None:
    disk, ran = DiskThread(), list[str]()

    await disk.run(lambda: ran.append(threading.current_thread().name))
    disk.close()

    assert ran == ["audit-disk"]


@pytest.mark.parametrize("error", [OSError("no space"), ValueError("no file")], ids=["the disk's", "another"])
async def test_an_error_arrives_and_the_next_function_runs(error: Exception) -> None:
    disk, ran = DiskThread(), list[int]()

    def fail() -> None:
        raise error

    with pytest.raises(type(error), match="no "):
        await disk.run(fail)
    await disk.run(lambda: ran.append(1))
    disk.close()

    assert ran == [1]


async def test_a_wait_that_was_given_up_harms_nobody() -> None:
    disk, gate = DiskThread(), threading.Event()
    first = asyncio.create_task(disk.run(lambda: gate.wait(5) and None))
    await asyncio.sleep(0)
    first.cancel()
    gate.set()

    await disk.run(lambda: None)

    assert first.cancelled() or first.cancelling()
    disk.close()


async def test_closing_waits_for_what_was_given_and_ends_the_thread() -> None:
    disk, ran = DiskThread(), list[int]()
    wait = asyncio.create_task(disk.run(lambda: ran.append(1)))
    await asyncio.sleep(0)

    disk.close()
    disk.close()
    await wait

    assert ran == [1]
    assert "audit-disk" not in {thread.name for thread in threading.enumerate()}
