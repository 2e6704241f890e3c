"""A REST service to put the engine ``rest`` in front of: tables of rows, asked for by windows and pages, and its moods.

Rows are what tests give it. Their time of change is a member of each, or it is not told and the same for all.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connectors.codecs.dates import BEIJING
from connectors.contract import Binding, Freshness, Manifest
from connectors.errors import ConnectorError
from connectors.manifest_columns import columns_of
from connectors.rest.connector import RestConnector
from connectors.rest.pull import Paging, Pull, Window
from connectors.secrets import Secret
from schema.catalog import Place, Title

TOKEN, MIRROR_KEY = "t0ken-of-the-service", "5e" * 32
TIME_FORMAT = "%Y-%m-%d %H:%M:%S"
START = datetime(2018, 9, 1, tzinfo=BEIJING)
NOW = datetime(2018, 9, 30, 12, tzinfo=BEIJING)


@dataclass
class Service:
    """``tables``: rows by table. ``before``: called with the request's parameters ahead of every answer, and may change
    rows or give another answer. ``lies``: added to every total. ``changed``: the member that holds a row's time of
    change; without one, all were changed when the table was ``touched``.
    """

    tables: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    changed: str | None = "updated"
    touched: str = "2018-09-02 00:00:00"
    before: Callable[[Mapping[str, str]], Response | None] = lambda query: None
    token: str = TOKEN
    largest_page: int = 200
    lies: Callable[[], int] = lambda: 0
    asked: list[Mapping[str, str]] = field(default_factory=list)
    paths: Counter[str] = field(default_factory=Counter)

    @property
    def transport(self) -> httpx.AsyncBaseTransport:
        return httpx.ASGITransport(Starlette(routes=[Route("/{table}", self._answer)]))

    async def _answer(self, request: Request) -> Response:
        query, table = dict(request.query_params), request.path_params["table"]
        self.asked.append(query)
        self.paths[table] += 1
        if request.headers.get("authorization") != f"Bearer {self.token}":
            return JSONResponse({"code": "401", "msg": "token", "data": None})
        if (other := self.before(query)) is not None:
            return other
        if table not in self.tables:
            return JSONResponse({"code": "404", "msg": "no such collection", "data": None})
        rows = [row for row in self.tables[table] if self._is_within(row, query)]
        size = min(int(query["pageSize"]), self.largest_page)
        first = (int(query["pageNum"]) - 1) * size
        data = {"total": len(rows) + self.lies(), "list": rows[first : first + size]}
        return JSONResponse({"code": "0", "msg": "", "data": data})

    def _is_within(self, row: Mapping[str, Any], query: Mapping[str, str]) -> bool:
        changed = self.touched if self.changed is None else row[self.changed]
        return query["updateBegin"] <= changed <= query["updateEnd"]


def failing(code: str, status: int = 200) -> Response:
    """An answer that says something went wrong, as this service does: usually with the status 200."""
    return JSONResponse({"code": code, "msg": "no", "data": None}, status_code=status)


def pull_of(table: str, key: str, bindings: Mapping[str, Binding], **more: Any) -> Pull:
    """The pull of one table for what ``bindings`` read of it; ``window``: changes of its window."""
    columns = [column for b in bindings.values() for name, column, _ in columns_of(b) if name == table]
    window = Window(
        begin="updateBegin", end="updateEnd", format=TIME_FORMAT, start=START, overlap=timedelta(minutes=10),
        column=more.pop("changed", "updated"),
    )  # fmt: skip
    given: dict[str, Any] = {
        "rows": ("data", "list"),
        "total": ("data", "total"),
        "ok": {("code",): "0"},
        "page": Paging(number="pageNum", size="pageSize", rows=more.pop("size", 200)),
        "rate": 1_000,
        "every": 3_600,
        **more,
    }
    return Pull(
        path=f"/{table}", table=table, key=key, columns=tuple(dict.fromkeys((key, *columns))), window=window, **given
    )


def rest_manifest(
    bindings: Mapping[str, Binding], pulls: Sequence[Pull], mirror: str = "mirrors/lab.db", **more: Any
) -> Manifest:
    """A manifest of the engine ``rest``; ``more``: settings."""
    settings = {
        "host": "127.0.0.1",
        "port": 1,
        "tls": "off",
        "token": Secret(TOKEN, reference="env:TOKEN"),
        "mirror": mirror,
        "mirrorKey": Secret(MIRROR_KEY, reference="env:KEY"),
        **more,
    }
    return Manifest(
        connector=next(iter(bindings.values())).connector,
        title=Title(zh="热线", en="Hotline"),
        department="TEST",
        engine="rest",
        settings=settings,
        freshness=Freshness(live=False, max_age_seconds=600),
        bindings=bindings,
        place=Place(file="rest", line=1),
        pulls=tuple(pulls),
    )


class Awaited(RestConnector):
    """A connector whose ``open`` waits for the first pull, whatever comes of it."""

    async def open(self) -> None:
        await super().open()
        with suppress(ConnectorError):  # fetches tell what it was
            await self.refresh(float("inf"), soon())


def soon() -> float:
    """A deadline that no test should need."""
    return asyncio.get_running_loop().time() + 30


@dataclass
class Clock:
    """A clock that stands until it is moved."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **units: float) -> None:
        self.now += timedelta(**units)


def file_bytes(folder: Path) -> bytes:
    """Everything in the files of a folder."""
    return b"".join(file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file())
