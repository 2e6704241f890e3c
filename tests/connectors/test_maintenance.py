"""Maintenance windows: when they are, and what a connector within one does."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from connectors.contract import Connector, Fetch
from connectors.errors import SourceUnderMaintenance
from connectors.maintenance import MaintainedConnector
from connectors.maintenance_window import MaintenanceWindow
from connectors.memory import MemoryConnector
from connectors.registry import build_connector
from connectors.rest.connector import RestConnector
from connectors.testing.dataset import BINDINGS, BRANCH, TABLES
from connectors.testing.engine import manifest_of
from connectors.testing.promise import arguments, ask
from resolvers.operation_run import operation_error
from schema.language import Language
from tests.rest_service import rest_manifest

SHANGHAI = ZoneInfo("Asia/Shanghai")
NIGHT = MaintenanceWindow(begin=time(2), end=time(2, 40), zone=SHANGHAI)
MIDNIGHT = MaintenanceWindow(begin=time(23, 30), end=time(0, 30), zone=SHANGHAI)
BACK = "2018-09-30T02:40:00+08:00"


@pytest.mark.parametrize(
    ("window", "now", "back"),
    [
        (NIGHT, "2018-09-30T01:59:59+08:00", None),
        (NIGHT, "2018-09-30T02:00:00+08:00", BACK),
        (NIGHT, "2018-09-30T02:39:59.999+08:00", BACK),
        (NIGHT, "2018-09-30T02:40:00+08:00", None),
        (NIGHT, "2018-09-29T18:20:00+00:00", BACK),
        (MIDNIGHT, "2018-09-30T23:29:00+08:00", None),
        (MIDNIGHT, "2018-09-30T23:45:00+08:00", "2018-10-01T00:30:00+08:00"),
        (MIDNIGHT, "2018-10-01T00:10:00+08:00", "2018-10-01T00:30:00+08:00"),
        (MIDNIGHT, "2018-10-01T00:30:00+08:00", None),
    ],
)
def test_window_tells_when_the_source_is_back(window: MaintenanceWindow, now: str, back: str | None) -> None:
    found = window.back_at(datetime.fromisoformat(now))
    assert (None if found is None else found.isoformat()) == back


def memory() -> MemoryConnector:
    return MemoryConnector(manifest_of("memory", {}, BINDINGS), {table.name: table.as_dicts() for table in TABLES})


async def test_everything_is_refused_within_the_window_and_answered_outside() -> None:
    now = datetime(2018, 9, 30, 2, 10, tzinfo=SHANGHAI)
    connector: Connector = MaintainedConnector(memory(), NIGHT, lambda: now)
    await connector.open()
    fetch = Fetch(binding=BRANCH, projection=("orgCode",))
    prepared = connector.prepare(fetch)
    for refused in (connector.fetch(prepared, arguments()), connector.describe(["branch_raw"]), connector.as_of()):
        with pytest.raises(
            SourceUnderMaintenance, match="restored every night; it is back at 2018-09-30T02:40"
        ) as caught:
            await refused
        assert caught.value.back_at == BACK
    now = now.replace(hour=3)
    assert len((await ask(connector, fetch, arguments())).column("orgCode")) == 4
    await connector.close()


def test_caller_is_told_when_the_source_is_back() -> None:
    error = operation_error(SourceUnderMaintenance("s5", back_at=BACK)).formatted(Language.EN)
    assert error["extensions"] == {"code": "SOURCE_UNAVAILABLE", "connector": "s5", "backAt": BACK}


def test_registry_keeps_callers_out_of_every_engine_but_a_mirror(tmp_path: Path) -> None:
    settings: Mapping[str, Any] = {"path": "x.csv"}
    plain = manifest_of("memory", settings, BINDINGS)
    assert not isinstance(build_connector(plain, sqlite_root=tmp_path), MaintainedConnector)
    closed = build_connector(replace(plain, maintenance=NIGHT), sqlite_root=tmp_path)
    assert isinstance(closed, MaintainedConnector)
    assert closed.name == plain.connector
    mirror = build_connector(replace(rest_manifest(BINDINGS, []), maintenance=NIGHT), sqlite_root=tmp_path)
    assert isinstance(mirror, RestConnector)


@pytest.mark.parametrize(("hour", "closed"), [(2, True), (10, False)])
async def test_windows_go_by_the_clock_that_the_registry_is_given(tmp_path: Path, hour: int, closed: bool) -> None:
    (tmp_path / "x.csv").write_text("", encoding="utf-8")
    manifest = replace(manifest_of("memory", {"path": "x.csv"}, BINDINGS), maintenance=NIGHT)
    now = datetime(2018, 9, 30, hour, 0, tzinfo=SHANGHAI)
    connector = build_connector(manifest, sqlite_root=tmp_path, clock=lambda: now)
    if closed:
        with pytest.raises(SourceUnderMaintenance):
            await connector.as_of()
    else:
        await connector.as_of()
