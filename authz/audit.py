"""Who read what: one record per operation, never a value, in a chain that shows where it was tampered with.

Stage: audit. A record is a line of JSON; its ``chain`` is an HMAC-SM3 (GB/T 32905) over the chain of the record before
and its own bytes, under a key derived from the master key, so that whoever can only write the file cannot forge it.
Beside the file stands its head: number and chain of the last durable record, written at most once a second, which shows
a cut tail. Keep copies of the head elsewhere: file and head put back together as they once were cannot be told from the
inside.
"""

import asyncio
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import ClassVar, Protocol

import orjson
from cryptography.hazmat.primitives.hashes import SM3
from cryptography.hazmat.primitives.hmac import HMAC

from authz.disk_thread import DiskThread
from schema.coordinates import Coordinate
from schema.message import Told, ToldError
from schema.messages import audit_trail

HEAD_SECONDS = 1.0
_FIRST = "0" * 64
_MARK = b',"chain":"'
_LINE_END = b'"}\n'


class AuditUnavailable(Exception):
    """The record could not be kept; what it would have told of must not be answered."""

    code: ClassVar[str] = "INTERNAL"


class TrailUnusable(AuditUnavailable, ToldError):
    """The file that is there cannot be written on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEvent:
    """One operation. ``id``: the one its caller and the logs know it by. ``at``: RFC 3339. ``operation``: hex digest of
    the document. ``counts``: rows per entity served.

    ``decisions``: digest of the access map that decided, with ``policy_version``. ``outcome``: ``ok`` or an error code.
    """

    id: str
    at: str
    operation: str
    subject: str
    consumer: str
    roles: tuple[str, ...]
    coordinates: tuple[Coordinate, ...]
    decisions: str
    policy_version: int
    outcome: str
    purpose: str | None = None
    counts: Mapping[str, int] = field(default_factory=dict)


class AuditLog(Protocol):
    """Keeps events in the order they are appended."""

    async def append(self, event: AuditEvent, *, durable: bool = False) -> None:
        """Keep one event; ``durable``: it is on disk before this returns. Raises `AuditUnavailable`."""

    async def close(self) -> None:
        """Bring everything to disk; safe to call twice."""


class JsonLinesAuditLog:
    """An audit log in one file (mode 0600), appended to by one process.

    Every record reaches the operating system before ``append`` returns, so a killed process loses none; durable ones
    wait for the disk, many of them for one and the same write. A line torn off by a crash is removed when the file is
    opened.
    """

    def __init__(self, path: Path, key: bytes, *, clock: Callable[[], float] = time.monotonic) -> None:
        """Raises `TrailUnusable` when the file cannot be opened or is shorter than its head says."""
        self._key = key
        self._clock = clock
        self._head = head_path(path)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file: int | None = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
            self._size, self._number, self._chain = _last_record(self._file)
            os.ftruncate(self._file, self._size)
            if self._number == 0 and not self._head.exists():
                _write_head(self._head, key, 0, _FIRST)
        except (OSError, ValueError) as error:
            raise TrailUnusable(audit_trail.TRAIL_NOT_CONTINUED()) from error
        head = _read_head(self._head, key)
        if head is None or head[0] > self._number:
            os.close(self._file)
            raise TrailUnusable(audit_trail.TRAIL_CUT())
        self._on_disk = head[0]
        self._head_at = -HEAD_SECONDS
        self._disk = asyncio.Lock()
        self._thread = DiskThread()

    async def append(self, event: AuditEvent, *, durable: bool = False) -> None:
        """Keep one event; ``durable``: it is on disk before this returns. Raises `AuditUnavailable`."""
        self._write(event)
        if durable:
            await self._to_disk(self._number, with_head=False)

    async def close(self) -> None:
        """Bring everything and its head to disk; safe to call twice."""
        if self._file is not None:
            await self._to_disk(self._number, with_head=True)
            self._thread.close()
            os.close(self._file)
            self._file = None

    def _write(self, event: AuditEvent) -> None:
        if self._file is None:
            raise AuditUnavailable("the audit log is closed")
        body = b'{"number":%d,%b' % (self._number + 1, orjson.dumps(event)[1:-1])
        chain = _link(self._key, self._chain, body)
        line = body + _MARK + chain.encode() + _LINE_END
        try:
            written = os.pwrite(self._file, line, self._size)
            if written != len(line):
                os.ftruncate(self._file, self._size)
                raise AuditUnavailable("the disk of the audit file is full")
        except OSError as error:
            raise AuditUnavailable("the audit file cannot be written") from error
        self._size += len(line)
        self._number += 1
        self._chain = chain

    async def _to_disk(self, number: int, *, with_head: bool) -> None:
        """Until record ``number`` is on disk; waiters that come meanwhile share the next write."""
        async with self._disk:
            if self._file is None or (self._on_disk >= number and not with_head):
                return
            reached, chain = self._number, self._chain
            with_head = with_head or self._clock() - self._head_at >= HEAD_SECONDS
            try:
                await self._thread.run(partial(self._sync, self._file, reached, chain if with_head else None))
            except OSError as error:
                raise AuditUnavailable("the audit file cannot be brought to disk") from error
            self._on_disk = reached
            if with_head:
                self._head_at = self._clock()

    def _sync(self, file: int, number: int, chain: str | None) -> None:
        """In a thread: the file, then its head if ``chain`` is given."""
        os.fsync(file)
        if chain is not None:
            _write_head(self._head, self._key, number, chain)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What `verify` found. ``problem``: the first thing that is wrong, or ``None``."""

    records: int
    problem: Told | None


def verify(path: Path, key: bytes) -> Verification:
    """Check every record of an audit file against the chain, and its end against the head. Reads, changes nothing."""
    head = _read_head(head_path(path), key)
    number, chain, chain_at_head = 0, _FIRST, _FIRST
    with path.open("rb") as lines:
        for line in lines:
            body, mark, rest = line.rpartition(_MARK)
            expected = _link(key, chain, body)
            if not mark or rest != expected.encode() + _LINE_END:
                return Verification(records=number, problem=audit_trail.RECORD_CHANGED(count=number + 1))
            number, chain = number + 1, expected
            if head is not None and number == head[0]:
                chain_at_head = chain
    if head is None:
        return Verification(records=number, problem=audit_trail.HEAD_FORGED())
    if head[0] > number:
        return Verification(records=number, problem=audit_trail.RECORDS_CUT_OFF(count=head[0] - number))
    if head[1] != chain_at_head:
        return Verification(records=number, problem=audit_trail.HEAD_OF_ANOTHER())
    return Verification(records=number, problem=None)


def head_path(path: Path) -> Path:
    """Where the head of an audit file stands."""
    return path.with_name(f"{path.name}.head")


def _link(key: bytes, chain: str, body: bytes) -> str:
    return _mac(key, chain.encode() + b"\n" + body)


def _mac(key: bytes, message: bytes) -> str:
    mac = HMAC(key, SM3())
    mac.update(message)
    return mac.finalize().hex()


def _last_record(file: int) -> tuple[int, int, str]:
    """Where the last whole record ends, its number and chain. Raises ``ValueError`` for a file of another kind."""
    size, tail = os.fstat(file).st_size, b""
    while tail.count(b"\n") < 2 and len(tail) < size:  # grows until a whole last line stands in it
        length = min(size, 2 * len(tail) + 65_536)
        tail = os.pread(file, length, size - length)
    whole = tail.rfind(b"\n") + 1
    if whole == 0:
        return 0, 0, _FIRST
    record = orjson.loads(tail[tail.rfind(b"\n", 0, whole - 1) + 1 : whole])
    return size - len(tail) + whole, int(record["number"]), str(record["chain"])


def _read_head(path: Path, key: bytes) -> tuple[int, str] | None:
    """Number and chain; ``None`` for a head that is missing or forged."""
    try:
        number, chain, mac = path.read_text(encoding="ascii").split()
        return (int(number), chain) if mac == _mac(key, f"head {number} {chain}".encode()) else None
    except (FileNotFoundError, ValueError):
        return None


def _write_head(path: Path, key: bytes, number: int, chain: str) -> None:
    """Replaced as a whole: after a crash there is the old one or the new one."""
    text = f"{number} {chain} {_mac(key, f'head {number} {chain}'.encode())}\n"
    fresh = path.with_name(f"{path.name}.new")
    with fresh.open("w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
