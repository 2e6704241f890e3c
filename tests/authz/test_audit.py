import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from authz import audit
from authz.audit import AuditEvent, AuditUnavailable, JsonLinesAuditLog, head_path, verify
from schema.coordinates import Coordinate
from schema.messages import audit_trail

KEY = b"k" * 32


def event(operation: str = "ab12", **changes: Any) -> AuditEvent:
    return AuditEvent(
        **{
            "id": "0123456789abcdef",
            "at": "2026-05-01T08:00:00+08:00",
            "operation": operation,
            "subject": "u-1",
            "consumer": "portal",
            "roles": ("branch_secretary",),
            "coordinates": (Coordinate("Person.name"),),
            "decisions": "d1",
            "policy_version": 7,
            "outcome": "ok",
            "counts": {"Person": 2},
            **changes,
        }
    )


def lines_of(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines(keepends=True)


async def written(path: Path, count: int = 4) -> list[bytes]:
    log = JsonLinesAuditLog(path, KEY)
    for i in range(count):
        await log.append(event(f"op{i}"))
    await log.close()
    return lines_of(path)


async def test_records_are_lines_of_json_in_order(tmp_path: Path) -> None:
    lines = await written(tmp_path / "audit.jsonl")
    records = [json.loads(line) for line in lines]
    assert [(r["number"], r["operation"]) for r in records] == [(i + 1, f"op{i}") for i in range(4)]
    assert records[0]["coordinates"] == ["Person.name"]
    assert verify(tmp_path / "audit.jsonl", KEY).problem is None


async def test_control_characters_stay_inside_their_record(tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    log = JsonLinesAuditLog(path, KEY)
    await log.append(event(subject='u\n{"event":"grant"}\x1b[31m","chain":"0'))
    await log.append(event())
    await log.close()
    assert path.read_bytes().count(b"\n") == 2
    assert b"\x1b" not in path.read_bytes()
    assert verify(path, KEY) == audit.Verification(records=2, problem=None)


CHANGES: dict[str, Callable[[list[bytes]], list[bytes]]] = {
    "delete": lambda lines: [lines[0], *lines[2:]],
    "edit": lambda lines: [lines[0].replace(b"u-1", b"u-2"), *lines[1:]],
    "swap": lambda lines: [lines[1], lines[0], *lines[2:]],
    "cut the tail": lambda lines: lines[:-1],
    "cut everything": lambda lines: [],
    "repeat": lambda lines: [*lines, lines[-1]],
    "append by hand": lambda lines: [*lines, b'{"number":5}\n'],
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
async def test_tampering_is_found(tmp_path: Path, change: Callable[[list[bytes]], list[bytes]]) -> None:
    path = tmp_path / "audit.jsonl"
    lines = await written(path)
    path.write_bytes(b"".join(change(lines)))
    assert verify(path, KEY).problem is not None


async def test_forged_head_is_found(tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    lines = await written(path)
    path.write_bytes(b"".join(lines[:2]))
    chain = json.loads(lines[1])["chain"]
    head_path(path).write_text(f"2 {chain} {'0' * 64}\n")
    assert verify(path, KEY).problem == audit_trail.HEAD_FORGED()


async def test_removed_head_is_found_and_not_made_again(tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    await written(path)
    head_path(path).unlink()
    assert verify(path, KEY).problem == audit_trail.HEAD_FORGED()
    with pytest.raises(AuditUnavailable, match="head is missing"):
        JsonLinesAuditLog(path, KEY)


async def test_log_goes_on_where_it_ended(tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    await written(path, 3)
    await written(path, 2)
    assert verify(path, KEY) == audit.Verification(records=5, problem=None)


async def test_long_last_record_is_found_again(tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    log = JsonLinesAuditLog(path, KEY)
    many = tuple(Coordinate(f"Entity{i}.field") for i in range(10_000))
    await log.append(event(coordinates=many))
    await log.append(event(coordinates=many))
    await log.close()
    await written(path, 1)
    assert verify(path, KEY) == audit.Verification(records=3, problem=None)


async def test_line_torn_off_by_a_crash_is_removed(tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    await written(path, 2)
    with path.open("ab") as file:
        file.write(b'{"number":3,"at":"2026')
    await written(path, 1)
    assert verify(path, KEY) == audit.Verification(records=3, problem=None)


async def test_log_with_a_cut_tail_is_not_continued(tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    lines = await written(path)
    path.write_bytes(b"".join(lines[:2]))
    with pytest.raises(AuditUnavailable, match="verify"):
        JsonLinesAuditLog(path, KEY)


async def test_durable_record_is_on_disk_before_append_returns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = JsonLinesAuditLog(tmp_path / "audit.jsonl", KEY)
    synced: list[int] = []
    real = audit.os.fsync
    monkeypatch.setattr(audit.os, "fsync", lambda file: (synced.append(file), real(file))[1])
    await log.append(event())
    assert synced == []
    await log.append(event(), durable=True)
    assert log._file in synced
    await log.close()


async def test_durable_records_that_meet_share_a_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = JsonLinesAuditLog(tmp_path / "audit.jsonl", KEY)
    synced: list[int] = []
    real = audit.os.fsync
    monkeypatch.setattr(audit.os, "fsync", lambda file: (synced.append(file), real(file))[1])
    await asyncio.gather(*(log.append(event(), durable=True) for _ in range(50)))
    assert synced.count(log._file or -1) <= 2
    await log.close()


async def test_failed_write_raises_and_leaves_the_chain_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "audit.jsonl"
    log = JsonLinesAuditLog(path, KEY)
    await log.append(event())
    real = audit.os.pwrite
    monkeypatch.setattr(audit.os, "pwrite", lambda file, line, at: real(file, line[:10], at))
    with pytest.raises(AuditUnavailable, match="full"):
        await log.append(event())
    monkeypatch.setattr(audit.os, "pwrite", real)
    await log.append(event())
    await log.close()
    assert verify(path, KEY) == audit.Verification(records=2, problem=None)


async def test_closed_log_keeps_nothing_more(tmp_path: Path) -> None:
    log = JsonLinesAuditLog(tmp_path / "audit.jsonl", KEY)
    await log.close()
    await log.close()
    with pytest.raises(AuditUnavailable):
        await log.append(event())


async def test_file_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    await written(path)
    assert path.stat().st_mode & 0o777 == 0o600
