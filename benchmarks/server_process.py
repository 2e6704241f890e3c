"""Starts server programs, each in a process of its own, on a free port of loopback, and stops them."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.contestants import Program
from benchmarks.postgresql import free_port

_START_SECONDS = 30.0
_STOP_SECONDS = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A server that accepts connections."""

    name: str
    port: int
    pid: int


class ServerFailed(Exception):
    """A server did not come up; the message holds the end of its log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """A server that was started and may not be listening yet."""

    program: Program
    port: int
    log: Path
    process: "subprocess.Popen[bytes]"

    def listening(self) -> Server:
        """Wait until the server accepts connections. Raises `ServerFailed`."""
        give_up = time.monotonic() + _START_SECONDS
        while time.monotonic() < give_up and self.process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return Server(name=self.program.name, port=self.port, pid=self.process.pid)
            time.sleep(0.05)
        tail = self.log.read_text(errors="replace").strip().splitlines()[-8:]
        raise ServerFailed("\n".join(tail) or f"not listening after {_START_SECONDS:.0f} s")


@contextmanager
def launched(program: Program, logs: Path) -> Iterator[Launch]:
    """Start ``program`` without waiting for it, and stop it at the end."""
    logs.mkdir(parents=True, exist_ok=True)
    log, port = logs / f"{program.name}.log", free_port()
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - our own words
            [*program.command, "--port", str(port)],
            cwd=program.folder,
            env={**os.environ, **program.environment},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    try:
        yield Launch(program=program, port=port, log=log, process=process)
    finally:
        _stop(process)


def _stop(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
