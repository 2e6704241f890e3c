"""The load: a small HTTP/1.1 client with keep-alive connections, in a process of its own.

It uses ``epoll`` and raw sockets; the cost per request is far below that of any server here. Requests rotate over the
given texts. At the end of a window every request under way is awaited and counted, so CPU per request is exact.
Neighbour: :mod:`benchmarks.rounds` keeps one `LoadProcess` for all windows.
"""

import multiprocessing
import select
import socket
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from time import perf_counter
from types import TracebackType
from typing import Self

_BUFFER = 1 << 18
_STALL_SECONDS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One window: whole HTTP requests to send in turn to a port on loopback."""

    port: int
    requests: Sequence[bytes]
    connections: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """``latencies`` in microseconds, one per request; ``bodies``: the last body received for each request text."""

    seconds: float
    latencies: Sequence[int]
    bodies: dict[int, bytes]


class LoadFailed(Exception):
    """A response was not 200, was cut off, or did not come; the message says which."""


class LoadProcess:
    """The client's process; a context manager. Jobs run one after the other."""

    def __enter__(self) -> Self:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs,), daemon=True)
        self._process.start()
        theirs.close()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._pipe.close()
        self._process.join()

    def run(self, job: Job) -> Outcome:
        """Run one window. Raises `LoadFailed`."""
        self._pipe.send(job)
        answer: Outcome | LoadFailed = self._pipe.recv()
        if isinstance(answer, LoadFailed):
            raise answer
        return answer


def _serve(pipe: Connection) -> None:
    with suppress(EOFError, BrokenPipeError):  # the harness has ended
        while True:
            pipe.send(_outcome(pipe.recv()))


def _outcome(job: Job) -> Outcome | LoadFailed:
    try:
        return run_window(job)
    except (LoadFailed, OSError) as error:
        return LoadFailed(str(error))


def run_window(job: Job) -> Outcome:
    """Keep ``job.connections`` requests under way for ``job.seconds``, then wait for the last ones."""
    sockets = [socket.create_connection(("127.0.0.1", job.port)) for _ in range(job.connections)]
    poll = select.epoll()
    try:
        exchanges = {}
        for each in sockets:
            each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            poll.register(each, select.EPOLLIN)
            exchanges[each.fileno()] = _Exchange(each)
        return _drive(job, poll, exchanges)
    finally:
        poll.close()
        for each in sockets:
            each.close()


def _drive(job: Job, poll: select.epoll, exchanges: "dict[int, _Exchange]") -> Outcome:
    buffer = memoryview(bytearray(_BUFFER))
    latencies: list[int] = []
    bodies: dict[int, bytes] = {}
    texts, turn, under_way = job.requests, 0, len(exchanges)
    began = perf_counter()
    end = began + job.seconds
    for exchange in exchanges.values():
        exchange.begin(turn, texts[turn])
        turn = (turn + 1) % len(texts)
    while under_way:
        ready = poll.poll(_STALL_SECONDS)
        if not ready:
            raise LoadFailed(f"no answer for {_STALL_SECONDS} s")
        for descriptor, _ in ready:
            exchange = exchanges[descriptor]
            body = exchange.receive(buffer)
            if body is None:
                continue
            now = perf_counter()
            latencies.append(round((now - exchange.began) * 1e6))
            bodies[exchange.index] = body
            if now < end:
                exchange.begin(turn, texts[turn])
                turn = (turn + 1) % len(texts)
            else:
                under_way -= 1
    return Outcome(seconds=perf_counter() - began, latencies=latencies, bodies=bodies)


class _Exchange:
    """One connection and the request under way on it."""

    __slots__ = ("_missing", "_parts", "_socket", "began", "index")

    def __init__(self, connected: socket.socket) -> None:
        self._socket = connected

    def begin(self, index: int, text: bytes) -> None:
        self.index = index
        self._missing = -1
        self._parts: list[bytes] = []
        self.began = perf_counter()
        self._socket.sendall(text)

    def receive(self, buffer: memoryview) -> bytes | None:
        """Take what has arrived; the body once it is whole."""
        size = self._socket.recv_into(buffer)
        if not size:
            raise LoadFailed("the server closed the connection")
        self._parts.append(bytes(buffer[:size]))
        if self._missing < 0:
            received = b"".join(self._parts)
            head, blank, body = received.partition(b"\r\n\r\n")
            if not blank:
                return None
            self._missing = _content_length(head) - len(body)
            self._parts = [body]
        else:
            self._missing -= size
        return None if self._missing else b"".join(self._parts)


def _content_length(head: bytes) -> int:
    status, *lines = head.split(b"\r\n")
    if not status.startswith(b"HTTP/1.1 200 "):
        raise LoadFailed(f"the server answered {status.decode('latin-1')}")
    for line in lines:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    raise LoadFailed("the response has no Content-Length")
