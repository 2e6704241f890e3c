"""SIGTERM under load, again and again: ``python -m tests.load.drain [--rounds 20]`` (``make drain``).

Each round starts a server, asks it over kept-alive and over fresh connections, sends SIGTERM in the middle and goes on
until nobody listens any more. Every request that got a connection must get its answer. Exit status 1 when one was cut,
the readiness was not red while the server still answered, or the process took more than 10 s to end.
"""

import argparse
import asyncio
import signal
import sys
import time
from dataclasses import dataclass, field

from tests.load.client import question, served

KEPT_ALIVE, FRESH = 16, 8
THINKING_SECONDS = 0.02
LONGEST_EXIT = 10.0
READY = b"GET /readyz HTTP/1.1\r\nHost: hub\r\nConnection: close\r\n\r\n"


@dataclass(slots=True)
class Round:
    """What the clients saw. ``cut``: requests without a whole answer; ``closing``: answers that closed a connection."""

    answered: int = 0
    after_signal: int = 0
    closing: int = 0
    cut: list[str] = field(default_factory=list)
    red: bool = False
    exit_seconds: float = 0.0
    exit_status: int | None = None
    signalled: bool = False

    @property
    def clean(self) -> bool:
        return not self.cut and self.red and self.exit_status == 0 and self.exit_seconds <= LONGEST_EXIT

    def line(self) -> str:
        return (
            f"{self.answered} answered, {self.after_signal} of them after the signal, {self.closing} closed their "
            f"connection, {len(self.cut)} cut {self.cut[:3]}, readiness {'red' if self.red else 'NEVER RED'}, "
            f"exit {self.exit_status} after {self.exit_seconds:.1f} s"
        )


async def one_round(load_seconds: float) -> Round:
    """Start, load, signal, and wait for the end."""
    seen = Round()
    with served() as (process, port):
        clients = [
            *(_ask(seen, port, question(), kept_alive=True) for _ in range(KEPT_ALIVE)),
            *(_ask(seen, port, question(), kept_alive=False) for _ in range(FRESH)),
            _watch_readiness(seen, port),
        ]
        asking = asyncio.gather(*clients)
        while seen.answered < 3 * (KEPT_ALIVE + FRESH):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        await asyncio.sleep(load_seconds)
        process.send_signal(signal.SIGTERM)
        seen.signalled = True
        began = time.monotonic()
        seen.exit_status = await asyncio.to_thread(process.wait, 30)
        seen.exit_seconds = time.monotonic() - began
        await asking
    return seen


async def _ask(seen: Round, port: int, request: bytes, *, kept_alive: bool) -> None:
    """Ask until nobody listens."""
    while True:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
        except ConnectionRefusedError:
            return
        except OSError as error:
            seen.cut.append(f"connecting: {error!r}")
            return
        try:
            while True:
                writer.write(request)
                head = await _answer(reader)
                seen.answered += 1
                seen.after_signal += seen.signalled
                seen.closing += b"connection: close" in head
                await asyncio.sleep(THINKING_SECONDS)
                if not kept_alive or b"connection: close" in head:
                    break
        except (OSError, asyncio.IncompleteReadError) as error:
            seen.cut.append(repr(error))
        finally:
            writer.close()


async def _watch_readiness(seen: Round, port: int) -> None:
    """Ask for the readiness until nobody listens."""
    while True:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(READY)
            seen.red |= (await _answer(reader)).startswith(b"HTTP/1.1 503")
            writer.close()
        except ConnectionRefusedError:
            return
        except (OSError, asyncio.IncompleteReadError) as error:
            seen.cut.append(f"readiness: {error!r}")
        await asyncio.sleep(THINKING_SECONDS)


async def _answer(reader: asyncio.StreamReader) -> bytes:
    """The head of an answer, once its body has been read; cut short: ``IncompleteReadError``."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
    await reader.readexactly(int(length))
    return head


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=20)
    rounds = []
    for number in range(parser.parse_args().rounds):
        rounds.append(asyncio.run(one_round(0.2 + 0.05 * (number % 7))))
        print(f"{number + 1:2}: {rounds[-1].line()}", flush=True)
    clean = sum(each.clean for each in rounds)
    print(f"{clean} of {len(rounds)} rounds without a fault")
    return 0 if clean == len(rounds) else 1


if __name__ == "__main__":
    sys.exit(main())
