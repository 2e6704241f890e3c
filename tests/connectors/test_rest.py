"""The engine ``rest`` over a service with moods: what a pull survives, what it tells, what the mirror's file holds."""

import asyncio
import json
import sqlite3
import stat
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from starlette.responses import Response
from structlog.testing import capture_logs

from connectors.contract import Fetch, Manifest, Mirrored, Output
from connectors.errors import (
    ConnectorError,
    SourceAuthFailed,
    SourceDrifted,
    SourceTimeout,
    SourceUnavailable,
    SourceUnderMaintenance,
)
from connectors.maintenance_window import MaintenanceWindow
from connectors.rest import client, windows
from connectors.rest.connector import RestConnector
from connectors.secrets import Secret
from connectors.testing.dataset import binding, bound
from connectors.testing.promise import arguments, ask
from schema.predicates import ROW_KEY, Comparison, Operator
from tests.rest_service import (
    TIME_FORMAT,
    TOKEN,
    Awaited,
    Clock,
    Service,
    failing,
    file_bytes,
    pull_of,
    rest_manifest,
    soon,
)

TICKET = binding(
    "Ticket", "tickets", bound(ROW_KEY, "no"), bound("no", "no"), bound("state", "state"),
    bound("caller", "caller", codec="text"), bound("phone", "phone"),
)  # fmt: skip
BINDINGS = {"Ticket": TICKET}
SEALED = frozenset({"caller", "phone"})
EVERYTHING = Fetch(binding=TICKET, projection=("no", "state", "caller"))


def ticket(number: int, updated: str = "2018-09-10 08:00:00", **more: Any) -> dict[str, Any]:
    return {
        "no": f"T{number:05d}", "state": "1", "caller": f"报料人{number}", "phone": f"1640000{number:04d}",
        "unmapped": f"无人问津{number}", "updated": updated, **more,
    }  # fmt: skip


def minutely(count: int) -> list[dict[str, Any]]:
    """Tickets of which no two were changed in the same minute."""
    return [ticket(n, f"2018-09-{10 + n // 1440:02d} {n // 60 % 24:02d}:{n % 60:02d}:00") for n in range(count)]


def manifest_of(size: int = 200, **more: Any) -> Manifest:
    return rest_manifest(BINDINGS, [pull_of("tickets", "no", BINDINGS, protected=SEALED, size=size)], **more)


@pytest.fixture
def service() -> Service:
    return Service({"tickets": [ticket(n) for n in range(5)]})


@pytest.fixture
def clock() -> Clock:
    return Clock()


Opened = Callable[..., Any]


@pytest.fixture(autouse=True)
def _unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a slow machine, a first copy that failed is not tried again behind a test's back."""
    monkeypatch.setattr("connectors.rest.connector.FIRST_COPY_RETRY", 30.0)


@pytest.fixture
def opened(tmp_path: Path, service: Service, clock: Clock) -> Opened:
    """``async with opened(manifest) as connector``: open, after its first pull, whatever came of that."""

    @asynccontextmanager
    async def open_one(manifest: Manifest | None = None, kind: type[RestConnector] = Awaited) -> AsyncIterator[Any]:
        connector = kind(
            manifest or manifest_of(), tmp_path, clock=clock, transport=service.transport, first_pause=0.001
        )
        await connector.open()
        try:
            yield connector
        finally:
            await connector.close()

    return open_one


async def numbers(connector: RestConnector) -> list[Any]:
    answer = await ask(connector, EVERYTHING, arguments())
    return sorted(answer.column("no"))  # type: ignore[type-var]


async def one(connector: RestConnector, number: str) -> Mapping[str, Any]:
    predicate = Comparison("no", Operator.EQ, 0)
    answer = await ask(connector, replace(EVERYTHING, predicate=predicate), arguments((number,)))
    return answer.records[0][0]


async def pulled(connector: RestConnector) -> None:
    """Wait until the background has pulled."""
    async with asyncio.timeout(10):
        while await connector.as_of() is None:  # noqa: ASYNC110 -- the background tells nobody
            await asyncio.sleep(0.01)


# --- pulls -----------------------------------------------------------------------------------------------------------


async def test_queries_never_reach_the_service(opened: Opened, service: Service) -> None:
    async with opened() as connector:
        before = len(service.asked)
        assert await numbers(connector) == [f"T{n:05d}" for n in range(5)]
        assert len(service.asked) == before


async def test_as_of_is_the_end_of_the_last_window(opened: Opened, clock: Clock) -> None:
    async with opened() as connector:
        assert await connector.as_of() == "2018-09-30T12:00:00+08:00"
        clock.forward(minutes=7)
        assert await connector.as_of() == "2018-09-30T12:00:00+08:00"
        await connector.refresh(60, soon())
        assert await connector.as_of() == "2018-09-30T12:07:00+08:00"


async def test_state_tells_the_age_of_the_copy_and_the_pulls_that_failed(
    opened: Opened, service: Service, clock: Clock
) -> None:
    async with opened() as connector:
        clock.forward(minutes=7)
        copy = connector.state().copy
        assert ((copy.now - copy.as_of).total_seconds(), copy.failed_pulls) == (420, 0)
        await connector.refresh(60, soon())
        copy = connector.state().copy
        assert copy.now == copy.as_of
        assert connector.state().pool.size == 4
        service.before = lambda query: failing("x", 401)
        clock.forward(minutes=7)
        with pytest.raises(ConnectorError):
            await connector.refresh(60, soon())
        assert connector.state().copy.failed_pulls == 1


async def test_later_windows_reach_back_by_the_overlap(opened: Opened, service: Service, clock: Clock) -> None:
    async with opened() as connector:
        late = ticket(77, updated="2018-09-30 11:51:00")
        service.tables["tickets"].append(late)
        clock.forward(minutes=5)
        service.asked.clear()
        await connector.refresh(0, soon())
        assert service.asked[0]["updateBegin"] == "2018-09-30 11:50:00"
        assert service.asked[0]["updateEnd"] == "2018-09-30 12:05:00"
        assert "T00077" in await numbers(connector)


async def test_changed_row_replaces_the_older_version(opened: Opened, service: Service, clock: Clock) -> None:
    async with opened() as connector:
        clock.forward(minutes=5)
        service.tables["tickets"][3] |= {"state": "4", "caller": "改名", "updated": "2018-09-30 12:03:00"}
        await connector.refresh(0, soon())
        assert await one(connector, "T00003") == {"no": "T00003", "state": "4", "caller": "改名"}
        assert len(await numbers(connector)) == 5


async def test_older_version_does_not_replace_a_newer_one(opened: Opened, service: Service, clock: Clock) -> None:
    service.tables["tickets"] = [
        ticket(1, updated="2018-09-30 11:58:00", state="3"),
        ticket(1, updated="2018-09-30 11:55:00", state="2"),
    ]
    async with opened() as connector:
        assert (await one(connector, "T00001"))["state"] == "3"


async def test_every_row_is_read_through_pages_and_windows(
    opened: Opened, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(windows, "MOST_ROWS", 100)
    service.tables["tickets"] = minutely(700)
    async with opened(manifest_of(size=30)) as connector:
        assert len(await numbers(connector)) == 700


async def test_service_with_smaller_pages_than_asked_is_read_to_the_end(opened: Opened, service: Service) -> None:
    service.tables["tickets"], service.largest_page = minutely(250), 100
    async with opened() as connector:
        assert len(await numbers(connector)) == 250


@pytest.mark.parametrize("total", [("data", "total"), None], ids=["total-told", "no-total"])
@pytest.mark.parametrize("count", [59, 60, 61])
async def test_rows_that_leave_while_paging_do_not_take_others_along(
    opened: Opened, service: Service, clock: Clock, count: int, total: Any
) -> None:
    """Each of the first answers of a window is followed by a change that moves all later rows up by one."""
    rows = service.tables["tickets"] = minutely(count)
    changing = iter(range(5))

    def change(query: Mapping[str, str]) -> None:
        if query["pageNum"] == "2" and (number := next(changing, None)) is not None:
            rows[number]["updated"] = "2018-09-30 12:04:00"

    service.before = change
    pull = replace(pull_of("tickets", "no", BINDINGS, protected=SEALED, size=20), total=total)
    async with opened(rest_manifest(BINDINGS, [pull])) as connector:
        clock.forward(minutes=5)
        await connector.refresh(0, soon())
        assert await numbers(connector) == [f"T{n:05d}" for n in range(count)]


async def test_total_that_is_never_right_does_not_stop_a_pull(opened: Opened, service: Service) -> None:
    service.tables["tickets"] = minutely(90)
    lies = iter(range(1, 100_000))
    service.lies = lambda: next(lies) % 3
    async with opened(manifest_of(size=20)) as connector:
        assert len(await numbers(connector)) == 90


async def test_service_that_does_not_page_is_never_taken_for_complete(
    opened: Opened, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All rows of one second, the same first page again and again."""
    service.tables["tickets"] = [ticket(n) for n in range(50)]

    def first_page_only(query: Mapping[str, str]) -> None:
        query["pageNum"] = "1"  # type: ignore[index]

    service.before = first_page_only
    async with opened(manifest_of(size=20)) as connector:
        with pytest.raises(SourceUnavailable, match="hold still"):
            await numbers(connector)


# --- faults ----------------------------------------------------------------------------------------------------------


async def test_error_in_a_good_status_is_tried_again(opened: Opened, service: Service) -> None:
    moods = iter(["500", "429", "-1"])
    service.before = lambda query: failing(mood) if (mood := next(moods, None)) else None
    async with opened() as connector:
        assert len(await numbers(connector)) == 5


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_busy_status_is_tried_again(opened: Opened, service: Service, status: int) -> None:
    answers = iter([failing("x", status), Response("<html>", status_code=status)])
    service.before = lambda query: next(answers, None)
    async with opened() as connector:
        assert len(await numbers(connector)) == 5


async def test_service_that_stays_busy_is_unavailable(opened: Opened, service: Service) -> None:
    service.before = lambda query: failing("429")
    async with opened() as connector:
        assert len(service.asked) == client.ATTEMPTS
        with pytest.raises(SourceUnavailable):
            await numbers(connector)
        assert await connector.as_of() is None


@pytest.mark.parametrize("status", [200, 429, 503])
async def test_service_is_not_asked_again_before_the_time_it_tells(
    opened: Opened, service: Service, status: int
) -> None:
    asked_at: list[float] = []

    def busy_once(_: Mapping[str, str]) -> Response | None:
        asked_at.append(asyncio.get_running_loop().time())
        return told_to_wait("1", status) if len(asked_at) == 1 else None

    service.before = busy_once
    async with opened() as connector:
        assert len(await numbers(connector)) == 5
    assert asked_at[1] - asked_at[0] >= 1


@pytest.mark.parametrize("after", ["600", "9" * 20, "date"])
async def test_service_that_tells_a_long_time_is_left_alone_by_everyone(
    opened: Opened, service: Service, after: str
) -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(days=900), usegmt=True)
    service.before = lambda query: told_to_wait(date if after == "date" else after, 429)
    async with opened() as connector:
        for wanted in (numbers(connector), connector.refresh(0, soon()), connector.describe(["tickets"])):
            with pytest.raises(SourceUnavailable, match="asked again later"):
                await wanted
        assert len(service.asked) == 1


@pytest.mark.parametrize(
    ("told", "seconds"),
    [("3", 3.0), ("7200", client.LONGEST_HEEDED), ("9" * 400, client.LONGEST_HEEDED), ("-1", 0.0), (None, 0.0),
     ("Wed, 21 Oct 2015 07:28:30 GMT", 30.0), ("Wed, 21 Oct 2015 07:27:00 GMT", 0.0), ("Wed, 21 Oct 2015", 0.0)],
)  # fmt: skip
def test_time_to_wait_is_told_in_seconds_or_as_a_date(told: str | None, seconds: float) -> None:
    assert client.seconds_to_wait(told, datetime(2015, 10, 21, 7, 28, tzinfo=UTC)) == seconds


def told_to_wait(after: str, status: int) -> Response:
    answer = failing("429", status)
    answer.raw_headers.append((b"retry-after", after.encode()))
    return answer


@pytest.mark.parametrize("status", [200, 401, 403])
async def test_wrong_token_is_told_and_not_tried_again(opened: Opened, service: Service, status: int) -> None:
    if status != 200:
        service.before = lambda query: failing("no", status)
    manifest = manifest_of(token=Secret("wrong-token", reference="env:TOKEN"))
    async with opened(manifest) as connector:
        for ask_again in (numbers(connector), connector.refresh(0, soon()), connector.describe(["tickets"])):
            with pytest.raises(SourceAuthFailed) as caught:
                await ask_again
            assert "wrong-token" not in str(caught.value)
        assert len(service.asked) == 1


@pytest.mark.parametrize(
    "body",
    [
        "no json",
        '{"code": "\\ud83',
        '{"code": "\\ud8", "data": ""}',
        "[]",
        '{"code": "0"}',
        '{"code": "0", "data": {"total": "5", "list": []}}',
        '{"code": "0", "data": {"total": 1, "list": [7]}}',
        '{"code": "0", "data": {"total": 1, "list": [{"no": null}]}}',
    ],
)
async def test_answer_of_another_shape_is_drift(opened: Opened, service: Service, body: str) -> None:
    service.before = lambda query: Response(body, media_type="application/json")
    async with opened() as connector:
        with pytest.raises((SourceDrifted, SourceUnavailable)) as caught:
            await numbers(connector)
        assert isinstance(caught.value, SourceDrifted) or body == "[]"


BROKEN_TEXTS = {
    "first half of a pair": (rb"\ud83d", "\ufffd"),
    "second half of a pair": (rb"\uDE00", "\ufffd"),
    "halves in the wrong order": (rb"\ude00\ud83d", "\ufffd\ufffd"),
    "half before a pair": (rb"\ud83d\ud83d\ude00", "\ufffd\U0001f600"),
    "half behind an escaped backslash": (rb"\\\ud83d", "\\\ufffd"),
    "bytes that are no UTF-8": (b"\xff", "\ufffd"),
    "half of a pair as bytes": (b"\xed\xa0\xbd", "\ufffd\ufffd\ufffd"),
}


@pytest.mark.parametrize("kind", BROKEN_TEXTS)
async def test_text_that_is_none_is_delivered_with_replacement_and_told(
    opened: Opened, service: Service, kind: str
) -> None:
    written, read = BROKEN_TEXTS[kind]
    rows = [ticket(n, caller="CALLER" if n == 3 else f"报料人{n}", state=r"\ud83d 😀") for n in range(5)]
    body = json.dumps({"code": "0", "data": {"total": 5, "list": rows}}).encode()
    service.before = lambda query: Response(body.replace(b"CALLER", b"<" + written + b">"))
    with capture_logs() as logs:
        async with opened() as connector:
            assert len(await numbers(connector)) == 5
            found = await one(connector, "T00003")
            assert (found["caller"], found["state"]) == (f"<{read}>", r"\ud83d 😀")
            assert await quality(connector, "caller") == {"T00003": "BAD_TEXT"}
    assert {"event": "answer_mended", "log_level": "warning", "connector": "lab", "table": "tickets"} in logs


async def quality(connector: RestConnector, field: str) -> Mapping[str, str]:
    """The defects of a field by number."""
    prepared = connector.prepare(EVERYTHING)
    number, column = prepared.columns["no"], prepared.columns[field]
    told = {
        row[number.start]: column.codec.quality(*row[column.start : column.start + column.codec.arity])
        for row in await connector.fetch(prepared, arguments())
    }
    return {key: code for key, code in told.items() if code is not None}


async def test_answer_without_end_is_refused(opened: Opened, service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "MAX_ANSWER_BYTES", 1_000)
    service.tables["tickets"] = minutely(100)
    async with opened() as connector:
        with pytest.raises(SourceUnavailable, match="too long"):
            await numbers(connector)


async def test_service_that_comes_up_later_is_pulled_then(opened: Opened, service: Service) -> None:
    service.before = lambda query: failing("500")
    async with opened() as connector:
        with pytest.raises(SourceUnavailable):
            await numbers(connector)
        service.before = lambda query: None
        await connector.refresh(60, soon())
        assert len(await numbers(connector)) == 5


async def test_background_tries_again_by_itself(
    opened: Opened, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connectors.rest.connector.FIRST_RETRY", 3_600.0)
    monkeypatch.setattr("connectors.rest.connector.FIRST_COPY_RETRY", 0.01)
    service.before = lambda query: failing("500")
    async with opened() as connector:
        service.before = lambda query: None
        await pulled(connector)  # the first copy is not waited for as long as a later one
        assert len(await numbers(connector)) == 5


async def test_a_mirror_that_has_been_copied_is_tried_again_less_soon(
    opened: Opened, service: Service, clock: Clock
) -> None:
    async with opened() as connector:
        service.before = lambda query: failing("500")
        clock.forward(hours=1)
        pauses = []
        for _ in range(3):
            with pytest.raises(SourceUnavailable) as caught:
                await connector.refresh(0, soon())
            pauses.append(connector._pause_after(caught.value))
    assert pauses == [5.0, 10.0, 20.0]


async def test_unexpected_failure_of_a_pull_does_not_end_the_background(
    opened: Opened, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    moods = iter([True])

    def break_once(query: Mapping[str, str]) -> None:
        if next(moods, False):
            raise KeyError("a bug")

    monkeypatch.setattr("connectors.rest.connector.FIRST_COPY_RETRY", 0.01)
    service.before = break_once
    pull = pull_of("tickets", "no", BINDINGS)  # the next regular pull is an hour away
    async with opened(rest_manifest(BINDINGS, [pull]), kind=RestConnector) as connector:
        await pulled(connector)


async def test_mirror_answers_while_the_service_is_down(opened: Opened, service: Service, clock: Clock) -> None:
    async with opened() as connector:
        service.before = lambda query: failing("500")
        clock.forward(hours=3)
        with pytest.raises(SourceUnavailable):
            await connector.refresh(60, soon())
        assert len(await numbers(connector)) == 5
        assert await connector.as_of() == "2018-09-30T12:00:00+08:00"
        with pytest.raises(SourceUnavailable):
            await connector.describe(["tickets"])


async def test_renamed_member_is_drift_and_keeps_the_mirror(opened: Opened, service: Service, clock: Clock) -> None:
    async with opened() as connector:
        clock.forward(minutes=5)
        row = ticket(9, updated="2018-09-30 12:01:00")
        row["callerName"] = row.pop("caller")
        service.tables["tickets"].append(row)
        with pytest.raises(SourceDrifted, match="caller"):
            await connector.refresh(0, soon())
        assert await connector.as_of() == "2018-09-30T12:00:00+08:00"
        assert len(await numbers(connector)) >= 5


# --- restart ---------------------------------------------------------------------------------------------------------


async def test_restart_answers_at_once_and_goes_on_from_there(opened: Opened, service: Service, clock: Clock) -> None:
    async with opened():
        pass
    service.asked.clear()
    clock.forward(minutes=30)
    async with opened() as connector:
        assert len(await numbers(connector)) == 5
        assert {query["updateBegin"] for query in service.asked} == {"2018-09-30 11:50:00"}


async def test_restart_while_the_service_is_down_answers_as_of_before(
    opened: Opened, service: Service, clock: Clock
) -> None:
    async with opened():
        pass
    service.before = lambda query: failing("500")
    clock.forward(days=1)
    async with opened() as connector:
        assert len(await numbers(connector)) == 5
        assert await connector.as_of() == "2018-09-30T12:00:00+08:00"


async def test_first_pull_that_was_cut_short_is_resumed(opened: Opened, service: Service) -> None:
    service.tables["tickets"] = minutely(100)
    service.before = lambda query: failing("500") if query["updateEnd"] > "2018-09-20" else None
    async with opened() as connector:
        with pytest.raises(SourceUnavailable):
            await numbers(connector)
    service.before = lambda query: None
    service.asked.clear()
    async with opened() as connector:
        assert len(await numbers(connector)) == 100
        assert min(query["updateBegin"] for query in service.asked) > "2018-09-11"


@pytest.mark.parametrize("change", ["columns", "protected", "key"])
async def test_mirror_of_another_shape_is_made_anew(
    opened: Opened, service: Service, tmp_path: Path, change: str
) -> None:
    plain = rest_manifest(BINDINGS, [pull_of("tickets", "no", BINDINGS)])
    async with opened(plain):
        pass
    assert "报料人3".encode() in file_bytes(tmp_path / "mirrors")
    changed = manifest_of()
    if change == "columns":
        changed = rest_manifest(BINDINGS, [replace(plain.pulls[0], columns=(*plain.pulls[0].columns, "unmapped"))])
    elif change == "key":
        async with opened(changed):
            pass
        changed = manifest_of(mirrorKey=Secret("77" * 32, reference="env:KEY"))
    service.asked.clear()
    async with opened(changed) as connector:
        assert len(await numbers(connector)) == 5
        assert (await one(connector, "T00003"))["caller"] == "报料人3"
    assert min(query["updateBegin"] for query in service.asked) == "2018-09-01 00:00:00"
    if change == "protected":
        assert "报料人3".encode() not in file_bytes(tmp_path / "mirrors")


async def test_second_process_reads_what_the_first_keeps(opened: Opened, service: Service, clock: Clock) -> None:
    async with opened() as keeper:
        service.asked.clear()
        async with opened() as follower:
            assert len(await numbers(follower)) == 5
            assert await follower.as_of() == await keeper.as_of()
            assert service.asked == []
            clock.forward(minutes=5)
            with pytest.raises(SourceUnavailable, match="another process"):
                await follower.refresh(0, soon())
        other = rest_manifest(BINDINGS, [pull_of("tickets", "no", BINDINGS)])
        async with opened(other) as stranger:
            with pytest.raises(SourceUnavailable, match="another manifest"):
                await numbers(stranger)
        assert len(await numbers(keeper)) == 5


# --- refresh ---------------------------------------------------------------------------------------------------------


async def test_mirror_is_told_by_its_protocol(opened: Opened) -> None:
    async with opened() as connector:
        assert isinstance(connector, Mirrored)


async def test_fresh_enough_mirror_asks_nothing(opened: Opened, service: Service, clock: Clock) -> None:
    async with opened() as connector:
        clock.forward(seconds=50)
        service.asked.clear()
        await connector.refresh(60, soon())
        assert service.asked == []


async def test_callers_at_the_same_time_share_one_pull(opened: Opened, service: Service, clock: Clock) -> None:
    async with opened() as connector:
        clock.forward(minutes=5)
        service.asked.clear()
        await asyncio.gather(*(connector.refresh(10, soon()) for _ in range(20)))
        assert len(service.asked) == 1


async def test_refresh_ends_by_its_deadline_and_the_pull_goes_on(
    opened: Opened, service: Service, clock: Clock
) -> None:
    async with opened() as connector:
        clock.forward(minutes=5)
        moods = iter(["500", "500"])
        service.before = lambda query: failing(mood) if (mood := next(moods, None)) else None
        connector._client._first_pause = 0.1
        with pytest.raises(SourceTimeout):
            await connector.refresh(0, asyncio.get_running_loop().time() + 0.05)
        await connector.refresh(0, soon())
        assert await connector.as_of() == "2018-09-30T12:05:00+08:00"


# --- the file --------------------------------------------------------------------------------------------------------


async def test_file_holds_no_sealed_value_and_nothing_unmapped(opened: Opened, tmp_path: Path) -> None:
    async with opened() as connector:
        assert (await one(connector, "T00002"))["caller"] == "报料人2"
        raw = file_bytes(tmp_path)
    raw += file_bytes(tmp_path)
    assert b"T00002" in raw
    for secret in ("报料人2", "16400000002", "无人问津2", TOKEN, "5e" * 32):
        assert secret.encode() not in raw
        assert secret.encode("utf-16-le") not in raw


async def test_file_is_its_owners_alone(opened: Opened, tmp_path: Path) -> None:
    async with opened():
        files = [file for file in (tmp_path / "mirrors").iterdir() if file.is_file()]
        assert {"lab.db", "lab.db-wal", "lab.db.lock"} <= {file.name for file in files}
        assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


async def test_sealed_value_cannot_be_moved_to_another_row(opened: Opened) -> None:
    async with opened() as connector:
        mirror = connector._mirror._connection
        await mirror.execute(
            "UPDATE tickets SET caller = (SELECT caller FROM tickets WHERE no = 'T00001') WHERE no = 'T00002'"
        )
        assert (await one(connector, "T00002"))["caller"] is None
        prepared = connector.prepare(EVERYTHING)
        column = prepared.columns["caller"]
        rows = await connector.fetch(prepared, arguments())
        defects = {
            row[prepared.columns["no"].start]: column.codec.quality(*row[column.start : column.start + 2])
            for row in rows
        }
        assert defects["T00002"] == "VALUE_INVALID"
        assert defects["T00001"] is None


async def test_same_value_is_sealed_differently_each_time(opened: Opened, service: Service) -> None:
    service.tables["tickets"] = [ticket(n, caller="同名") for n in range(5)]
    async with opened() as connector:
        rows = await connector._mirror._connection.execute_fetchall("SELECT DISTINCT caller FROM tickets")
        assert len(rows) == 5
        fetch = Fetch(binding=TICKET, projection=("caller",), output=Output.DISTINCT, limited=True)
        assert (await ask(connector, fetch, arguments(limit=2))).column("caller") == ["同名"]


def database(file: Path, *statements: str) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


FOREIGN: Mapping[str, Callable[[Path], object]] = {
    "another source's database": lambda file: database(file, "CREATE TABLE posts (no TEXT)"),
    "another source's database of its own journal": lambda file: database(
        file, "PRAGMA journal_mode = WAL", "CREATE TABLE posts (no TEXT)"
    ),
    "a table of names": lambda file: file.write_text("name,code\n城关,430721\n", encoding="utf-8"),
    "no database": lambda file: file.write_bytes(b"no database at all " * 100),
}


@pytest.mark.parametrize("kind", FOREIGN)
async def test_file_that_is_no_mirror_is_left_as_it_is_and_told(opened: Opened, tmp_path: Path, kind: str) -> None:
    file = tmp_path / "posts.db"
    FOREIGN[kind](file)
    file.chmod(0o644)
    before = file.read_bytes()
    async with opened(manifest_of(mirror="posts.db")) as connector:
        with pytest.raises(SourceUnavailable, match="is no mirror"):
            await numbers(connector)
        with pytest.raises(SourceUnavailable, match="is no mirror"):
            await connector.describe(["tickets"])
    assert file.read_bytes() == before
    assert stat.S_IMODE(file.stat().st_mode) == 0o644


async def test_file_that_is_no_mirror_is_told_before_the_first_pull(opened: Opened, tmp_path: Path) -> None:
    (tmp_path / "names.csv").write_text("name,code\n", encoding="utf-8")
    async with opened(manifest_of(mirror="names.csv"), RestConnector) as connector:
        with pytest.raises(SourceUnavailable, match="is no mirror"):
            await connector.describe(["tickets"])


BEGUN: Mapping[str, Callable[[Path], object]] = {
    "empty file": lambda file: file.touch(),
    "database without tables": lambda file: database(file, "PRAGMA journal_mode = WAL"),
}


@pytest.mark.parametrize("kind", BEGUN)
async def test_mirror_that_was_begun_and_not_made_is_made(opened: Opened, tmp_path: Path, kind: str) -> None:
    BEGUN[kind](tmp_path / "begun.db")
    async with opened(manifest_of(mirror="begun.db")) as connector:
        assert len(await numbers(connector)) == 5


async def test_mirror_outside_the_folder_is_refused(opened: Opened) -> None:
    async with opened(manifest_of(mirror="../elsewhere.db")) as connector:
        with pytest.raises(SourceUnavailable, match="outside"):
            await numbers(connector)


# --- description and maintenance -------------------------------------------------------------------------------------


async def test_description_tells_the_members_of_rows(opened: Opened) -> None:
    async with opened() as connector:
        described = await connector.describe(["tickets", "nothing"])
        assert set(described) == {"tickets"}
        assert described["tickets"].columns == dict.fromkeys(ticket(0), "string")
        assert described["tickets"].primary_key == ("no",)


async def test_mirror_answers_during_maintenance_but_does_not_pull(
    opened: Opened, service: Service, clock: Clock
) -> None:
    window = MaintenanceWindow(begin=time(2), end=time(2, 40), zone=ZoneInfo("Asia/Shanghai"))
    async with opened(replace(manifest_of(), maintenance=window)) as connector:
        clock.forward(hours=14, minutes=10)
        service.asked.clear()
        with pytest.raises(SourceUnderMaintenance) as caught:
            await connector.refresh(60, soon())
        assert caught.value.back_at == "2018-10-01T02:40:00+08:00"
        assert service.asked == []
        assert len(await numbers(connector)) == 5
        clock.forward(hours=1)
        await connector.refresh(60, soon())


async def test_requests_keep_to_the_rate(opened: Opened, service: Service) -> None:
    service.tables["tickets"] = minutely(40)
    moments: list[float] = []
    service.before = lambda query: moments.append(asyncio.get_running_loop().time())
    pull = pull_of("tickets", "no", BINDINGS, rate=50, size=5)
    async with opened(rest_manifest(BINDINGS, [pull])):
        assert len(moments) > 8
        assert min(b - a for a, b in zip(moments, moments[8:], strict=False)) > 8 / 50 * 0.8


async def test_errors_name_the_source_and_no_address(opened: Opened, service: Service) -> None:
    service.before = lambda query: failing("500")
    async with opened() as connector:
        with pytest.raises(ConnectorError) as caught:
            await numbers(connector)
        assert caught.value.connector == "lab"
        assert "127.0.0.1" not in str(caught.value)


def test_window_spells_beijing_time() -> None:
    window = pull_of("tickets", "no", BINDINGS).window
    moment = window.moment("2018-09-10 08:00:00")
    assert moment is not None
    assert moment.utcoffset() == timedelta(hours=8)
    assert window.spelt(moment.astimezone(ZoneInfo("UTC"))) == "2018-09-10 08:00:00"
    assert window.moment("yesterday") is None
    assert window.format == TIME_FORMAT
