"""Who takes part: server programs, and the callers that ask them.

One server process can have several contestants: the hub is measured once for a caller who sees everything clear and
once for one whose rows are scoped and whose fields are masked. A contestant brings whole HTTP requests and says of each
response whether it is the right one. Neighbours: :mod:`benchmarks.server_process` starts servers,
:mod:`benchmarks.rounds` measures contestants.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

Faults = Callable[[bytes], Sequence[str]]
"""What is wrong with a response's body, as sentences; empty when it is right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A server program: ``command`` is completed by ``--port N`` and run in ``folder`` (``None``: here)."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    folder: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request and how its response is judged; ``name`` says what is asked."""

    name: str
    request: bytes
    faults: Faults


@dataclass(frozen=True, slots=True, kw_only=True)
class Contestant:
    """One caller of one server.

    ``checks`` are asked once before anything is timed. ``timed``: by question, the requests that rotate in a window; a
    question that is not there is not asked.
    """

    name: str
    server: str
    checks: Sequence[Exchange]
    timed: Mapping[str, Sequence[Exchange]]


def uvicorn_program(name: str, factory: str, environment: Mapping[str, str]) -> Program:
    """An ASGI application ``module:factory`` under uvicorn: uvloop, httptools, one worker, no access log."""
    options = ("--loop", "uvloop", "--http", "httptools", "--no-access-log", "--log-level", "warning")
    command = (sys.executable, "-m", "uvicorn", factory, "--factory", *options)
    return Program(name=name, command=command, environment=environment)


def http_request(method: str, target: str, headers: Mapping[str, str], body: bytes = b"") -> bytes:
    """A whole HTTP/1.1 request to a server on loopback."""
    lines = {"Host": "127.0.0.1", "Accept": "application/json", **headers}
    if body:
        lines["Content-Length"] = str(len(body))
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"{method} {target} HTTP/1.1\r\n{head}\r\n".encode() + body
