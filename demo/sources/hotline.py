"""The 12345 hotline's REST service over its tickets: ``GET /gongdan``, with the habits of the real one.

It asks for a bearer token; every answer is HTTP 200 and says what went wrong by ``code`` (401 token, 429 more than ten
requests a second, 400 arguments) in place of ``"0"``; one can filter by the time of the last change and the area
alone; the newest change comes first; nulls are empty strings. Tickets go on being touched while somebody reads further
pages: after every third page beyond the first, one ticket gets a new time of change, so pages and, in a closed window,
``total`` drift. These changes last as long as the service runs and are the same whenever the same pages are asked for.
"""

import contextlib
import secrets
import socket
import sqlite3
import threading
import time
from collections import deque
from collections.abc import AsyncIterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from demo.city.tables import GONGDAN

LONGEST_PAGE, REQUESTS_PER_SECOND, DRIFT_EVERY = 200, 10, 3
_TIME = "%Y-%m-%d %H:%M:%S"
_STRIDE = 7_919
_CURRENT = (
    "SELECT g.*, coalesce(t.at, g.updateTime) AS changed "
    "FROM gongdan g LEFT JOIN temp.touched t ON t.gongdanBianhao = g.gongdanBianhao"
)


class _Refusal(Exception):
    """A request that is answered with a code other than 0."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


class _Desk:
    """The tickets, who may ask for them and how often. Used by one thread."""

    def __init__(self, database: Path, token: str) -> None:
        self._token = token
        self._connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
        self._connection.execute("CREATE TEMP TABLE touched (gongdanBianhao TEXT PRIMARY KEY, at TEXT NOT NULL)")
        self._recent: deque[float] = deque(maxlen=REQUESTS_PER_SECOND)
        self._further_pages = 0

    def close(self) -> None:
        """Forget the touched tickets."""
        self._connection.close()

    def answer(self, authorisation: str, arguments: Mapping[str, str]) -> dict[str, object]:
        """The JSON of an answer."""
        try:
            self._admit(authorisation)
            page, size = _number(arguments, "pageNum", 1), _number(arguments, "pageSize", 20)
            if size > LONGEST_PAGE:
                raise _Refusal("400", f"pageSize不能超过{LONGEST_PAGE}")
            condition, values = _condition(arguments)
        except _Refusal as refusal:
            return {"code": refusal.code, "msg": refusal.message, "data": None}
        found = self._page(condition, values, page, size)
        if page > 1:
            self._drift()
        return {"code": "0", "msg": "", "data": found}

    def _admit(self, authorisation: str) -> None:
        if not secrets.compare_digest(authorisation.encode(), f"Bearer {self._token}".encode()):
            raise _Refusal("401", "token无效或已过期")
        now = time.monotonic()
        if len(self._recent) == REQUESTS_PER_SECOND and now - self._recent[0] < 1.0:
            raise _Refusal("429", "请求过于频繁")
        self._recent.append(now)

    def _page(self, condition: str, values: list[str], page: int, size: int) -> dict[str, object]:
        chosen = f"SELECT * FROM ({_CURRENT}) WHERE {condition}"  # noqa: S608 - our own words
        (total,) = self._connection.execute(f"SELECT count(*) FROM ({chosen})", values).fetchone()  # noqa: S608
        rows = self._connection.execute(
            f"{chosen} ORDER BY changed DESC, gongdanBianhao DESC LIMIT ? OFFSET ?", (*values, size, (page - 1) * size)
        )
        return {"total": total, "list": [_ticket(row) for row in rows]}

    def _drift(self) -> None:
        """Touch a ticket after every third further page: one second after the latest change there is."""
        self._further_pages += 1
        turn, left = divmod(self._further_pages, DRIFT_EVERY)
        (count, latest) = self._connection.execute(f"SELECT count(*), max(changed) FROM ({_CURRENT})").fetchone()  # noqa: S608
        if left or not count:
            return
        at = datetime.strptime(latest, _TIME) + timedelta(seconds=1)
        self._connection.execute(
            "INSERT OR REPLACE INTO temp.touched "
            "SELECT gongdanBianhao, ? FROM gongdan ORDER BY gongdanBianhao LIMIT 1 OFFSET ?",
            (at.strftime(_TIME), turn * _STRIDE % count),
        )
        self._connection.commit()


def _number(arguments: Mapping[str, str], name: str, default: int) -> int:
    text = arguments.get(name, str(default))
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 1_000_000):
        raise _Refusal("400", f"{name}不正确")
    return int(text)


def _condition(arguments: Mapping[str, str]) -> tuple[str, list[str]]:
    """The WHERE of a window, both ends within it, and an area with all that lies in it."""
    parts, values = ["1"], []
    for name, operator in (("updateBegin", ">="), ("updateEnd", "<=")):
        if text := arguments.get(name, ""):
            try:
                moment = datetime.strptime(text, _TIME)
            except ValueError:
                raise _Refusal("400", f"{name}不正确") from None
            parts.append(f"changed {operator} ?")
            values.append(moment.strftime(_TIME))
    if area := arguments.get("areaCode", ""):
        if not (area.isascii() and area.isdigit()):
            raise _Refusal("400", "areaCode不正确")
        parts.append("quhuaCode GLOB ?")
        values.append(f"{area}*")
    return " AND ".join(parts), values


def _ticket(row: tuple[str | None, ...]) -> dict[str, str]:
    texts = ["" if value is None else value for value in (*row[:-2], row[-1])]
    return dict(zip(GONGDAN.column_names, texts, strict=True))


def create_hotline(database: Path, token: str) -> Starlette:
    """The service over the tickets of ``database``."""
    desk: _Desk | None = None

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        nonlocal desk
        desk = _Desk(database, token)
        yield
        desk.close()

    async def tickets(request: Request) -> JSONResponse:
        if desk is None:
            raise RuntimeError("the service has not started")
        return JSONResponse(desk.answer(request.headers.get("authorization", ""), request.query_params))

    return Starlette(routes=[Route("/gongdan", tickets)], lifespan=lifespan)


class HotlineService:
    """The service in a thread of its own on a port of 127.0.0.1; ``stop`` and ``start`` keep the port."""

    host = "127.0.0.1"

    def __init__(self, database: Path, token: str) -> None:
        self._database, self._token = database, token
        self._running: tuple[uvicorn.Server, threading.Thread] | None = None
        self.port = 0
        self.start()

    def start(self) -> None:
        """Answer requests, unless it does already. Raises ``OSError`` if somebody else has taken the port."""
        if self._running is not None:
            return
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((self.host, self.port))
        self.port = int(listener.getsockname()[1])
        app = create_hotline(self._database, self._token)
        settings = uvicorn.Config(app, log_level="error", access_log=False, lifespan="on", timeout_graceful_shutdown=1)
        server = uvicorn.Server(settings)
        thread = threading.Thread(target=server.run, args=([listener],), name="hotline", daemon=True)
        thread.start()
        while not server.started and thread.is_alive():
            time.sleep(0.01)
        if not server.started:
            raise RuntimeError("the hotline's service does not start")
        self._running = (server, thread)

    def stop(self) -> None:
        """Refuse connections from now on. Safe to call twice."""
        if self._running is None:
            return
        server, thread = self._running
        server.should_exit = True
        thread.join()
        self._running = None
