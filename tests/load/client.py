"""The load's side: starts the server, keeps connections, sends requests at a rate or as fast as answers come."""

import os
import select
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).parents[2]
QUESTION = (
    '{"query":"{ partyOrganisation(orgCode: \\"001010001000000\\") { name '
    'members(first: 20) { totalCount nodes { memberNo joinedOn person { name } } } } }"}'
)
SERVED, REFUSED = "200", "503"
PARTIAL = "200 with errors"
HEALTH = b"GET /healthz HTTP/1.1\r\nHost: hub\r\n\r\n"


def question(body: str = QUESTION, token: str | None = None) -> bytes:
    """A whole POST request."""
    head = "POST /graphql HTTP/1.1\r\nHost: hub\r\nContent-Type: application/json\r\n"
    if token is not None:
        head += f"Authorization: Bearer {token}\r\n"
    content = body.encode()
    return f"{head}Content-Length: {len(content)}\r\n\r\n".encode() + content


@contextmanager
def served(*arguments: str) -> Iterator[tuple["subprocess.Popen[str]", int]]:
    """A running server and its port."""
    command = [sys.executable, "-m", "tests.load.server", *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=ROOT)
    assert process.stdout is not None
    with process, process.stdout:
        try:
            yield process, int(process.stdout.readline())
        finally:
            process.kill()


def processor_seconds(process: "subprocess.Popen[str]") -> float:
    """What a process has used of the processor so far."""
    fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@dataclass(slots=True)
class Exchange:
    """A connection, and the request that is under way on it."""

    connection: socket.socket
    began: float = 0.0
    received: bytes = b""

    def send(self, request: bytes) -> None:
        self.began, self.received = perf_counter(), b""
        self.connection.sendall(request)

    def receive(self) -> str:
        """The status once the answer is whole, else empty. Raises ``ConnectionError`` when it never will be."""
        data = self.connection.recv(1 << 18)
        if not data:
            raise ConnectionError("the server closed the connection")
        self.received += data
        head, blank, body = self.received.partition(b"\r\n\r\n")
        if not blank:
            return ""
        length = head.lower().partition(b"content-length: ")[2].split(b"\r\n", 1)[0]
        if len(body) < int(length):
            return ""
        status = head[9:12].decode()
        return PARTIAL if status == SERVED and body.startswith(b'{"errors"') else status


@dataclass(slots=True)
class Seen:
    """Latencies in seconds by status; ``unsent``: requests for which no connection was free."""

    seconds: float = 0.0
    latencies: dict[str, list[float]] = field(default_factory=dict)
    unsent: int = 0
    broken: int = 0

    def rate(self, status: str) -> float:
        return len(self.latencies.get(status, ())) / self.seconds

    def percentile(self, status: str, share: float) -> float:
        found = sorted(self.latencies.get(status, ()))
        return found[min(len(found) - 1, int(len(found) * share))] if found else 0.0


def drive(port: int, request: bytes, *, connections: int, seconds: float, rate: float | None = None) -> Seen:
    """Send ``request`` over kept-alive connections at ``rate`` a second, or anew with each answer.

    At a rate, the times of sending do not depend on the answers; a connection carries one request at a time.
    """
    seen, poll = Seen(), select.epoll()
    exchanges: dict[int, Exchange] = {}
    for _ in range(connections):
        made = socket.create_connection(("127.0.0.1", port))
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        poll.register(made, select.EPOLLIN)
        exchanges[made.fileno()] = Exchange(made)
    idle = deque(exchanges.values())
    began = perf_counter()
    sent, end = 0, began + seconds
    while (now := perf_counter()) < end:
        due = len(idle) if rate is None else int((now - began) * rate) - sent - seen.unsent
        for _ in range(min(due, len(idle))):
            idle.popleft().send(request)
            sent += 1
        if rate is not None and due > 0 and not idle:
            seen.unsent += max(0, int((now - began) * rate) - sent - seen.unsent)
        _collect(poll, exchanges, idle, seen)
    seen.seconds = perf_counter() - began
    for exchange in exchanges.values():
        exchange.connection.close()
    poll.close()
    return seen


def _collect(poll: select.epoll, exchanges: dict[int, Exchange], idle: "deque[Exchange]", seen: Seen) -> None:
    for descriptor, _ in poll.poll(0.001):
        exchange = exchanges[descriptor]
        try:
            status = exchange.receive()
        except ConnectionError:
            seen.broken += 1
            poll.unregister(descriptor)
            continue
        if status:
            seen.latencies.setdefault(status, []).append(perf_counter() - exchange.began)
            idle.append(exchange)


def waits(port: int, seconds: float, request: bytes = HEALTH) -> list[float]:
    """How long each of the requests waited that are sent every 20 ms over one connection."""
    found: list[float] = []
    with socket.create_connection(("127.0.0.1", port)) as made:
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        exchange, end = Exchange(made), perf_counter() + seconds
        while perf_counter() < end:
            exchange.send(request)
            while not exchange.receive():
                continue
            found.append(perf_counter() - exchange.began)
            select.select([], [], [], 0.02)
    return found
