"""One page at a time from a REST service: within its rate, its answers bounded, checked and told as connector errors.

Neighbours: :mod:`connectors.rest.windows` asks for the pages of a window.
"""

import asyncio
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

import httpx
import orjson
import structlog
from aiolimiter import AsyncLimiter
from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_attempt, wait_exponential_jitter

from connectors.errors import ConnectorError, SourceAuthFailed, SourceDrifted, SourceTimeout, SourceUnavailable
from connectors.rest.pull import Pull, Steps
from connectors.secrets import Secret
from connectors.sql.tls import tls_context
from schema.message import Told
from schema.messages import sources

ATTEMPTS: Final = 5
FIRST_PAUSE: Final = 0.5
"""Seconds before the second attempt; about twice as long before each further one."""
LONGEST_PAUSE: Final = 8.0
LONGEST_HEEDED: Final = 3_600.0
"""Seconds that a service may ask to be left alone for by ``Retry-After``."""
ANSWER_SECONDS: Final = 20.0
MAX_ANSWER_BYTES: Final = 16 * 2**20
_TIMEOUT = httpx.Timeout(10.0, connect=2.0)
_REFUSED = frozenset({"401", "403"})
_ESCAPES = re.compile(
    r"\\u[dD][89abAB]{hex}\\u[dD][c-fC-F]{hex}|\\(?P<half>u[dD][89a-fA-F]{hex})|\\.".replace("{hex}", "[0-9a-fA-F]{2}")
)
"""Every escape of a JSON text, a pair of surrogates as one."""

_log: structlog.stdlib.BoundLogger = structlog.get_logger("hutong.mirror")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One page: its rows as the service wrote them, and the number of rows in the window if it told."""

    rows: Sequence[Mapping[str, Any]]
    total: int | None


class _Passing(Exception):
    """Worth another attempt; ``error`` is what to tell if there is none left."""

    def __init__(self, error: ConnectorError) -> None:
        super().__init__(str(error))
        self.error = error


class RestClient:
    """The service of one connector. ``transport`` replaces the network in tests."""

    def __init__(
        self,
        connector: str,
        settings: Mapping[str, Any],
        rate: int,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        first_pause: float = FIRST_PAUSE,
    ) -> None:
        self._connector, self._settings, self._transport = connector, settings, transport
        self._first_pause = first_pause
        self._limiter = AsyncLimiter(1, 1 / rate)  # evenly spaced: no burst can exceed the rate
        self._client: httpx.AsyncClient | None = None
        self._not_before = float("-inf")  # by the loop's clock; everyone who asks keeps to it

    async def page(self, pull: Pull, begin: datetime, end: datetime, number: int) -> Answer:
        """Page ``number`` of the rows changed from ``begin`` to ``end``. Raises a `ConnectorError`.

        A service that does not answer, is busy or fails is asked again, at most `ATTEMPTS` times and never before the
        time it told (``Retry-After``); one that rejects the token, or told a time far off, is not.
        """
        window = pull.window
        query = {
            window.begin: window.spelt(begin),
            window.end: window.spelt(end),
            pull.page.number: str(number),
            pull.page.size: str(pull.page.rows),
        }
        attempts = AsyncRetrying(
            stop=stop_after_attempt(ATTEMPTS),
            wait=wait_exponential_jitter(multiplier=self._first_pause, max=LONGEST_PAUSE, jitter=self._first_pause),
            retry=retry_if_exception_type(_Passing),
            reraise=True,
        )
        try:
            return await attempts(self._asked, pull, query)
        except _Passing as last:
            raise last.error from None

    async def close(self) -> None:
        """Close the connections."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    async def _asked(self, pull: Pull, query: Mapping[str, str]) -> Answer:
        name, loop = self._connector, asyncio.get_running_loop()
        pause = self._not_before - loop.time()
        if pause > LONGEST_PAUSE:
            raise SourceUnavailable(name, sources.SERVICE_FAILED(connector=name))
        await asyncio.sleep(max(0.0, pause))
        await self._limiter.acquire()
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                status, body, retry_after = await self._get(pull.path, query)
        except (TimeoutError, httpx.TimeoutException):
            raise _Passing(SourceTimeout(name, sources.SERVICE_TOO_SLOW(connector=name))) from None
        except httpx.HTTPError:
            raise _Passing(SourceUnavailable(name, sources.SERVICE_SILENT(connector=name))) from None
        try:
            if status != httpx.codes.OK:
                raise self._failed(str(status))
            return self._read(pull, body)
        except _Passing:
            self._not_before = loop.time() + seconds_to_wait(retry_after, datetime.now(UTC))
            raise

    async def _get(self, path: str, query: Mapping[str, str]) -> tuple[int, bytes, str | None]:
        """The status, the body and ``Retry-After`` of an answer."""
        async with self._opened().stream("GET", path, params=dict(query)) as response:
            body = bytearray()
            async for chunk in response.aiter_raw():
                body += chunk
                if len(body) > MAX_ANSWER_BYTES:
                    raise SourceUnavailable(self._connector, sources.ANSWER_TOO_LONG(connector=self._connector))
            return response.status_code, bytes(body), response.headers.get("retry-after")

    def _read(self, pull: Pull, body: bytes) -> Answer:
        document = self._document(pull, body)
        for steps, wanted in pull.ok.items():
            if (told := _text(_at(document, steps))) != wanted:
                raise self._failed(told)
        rows, total = _at(document, pull.rows), None if pull.total is None else _at(document, pull.total)
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise self._drifted(sources.ANSWER_WITHOUT_ROWS(columns=".".join(pull.rows)))
        if total is not None and (type(total) is not int or total < 0):
            raise self._drifted(sources.ANSWER_WITHOUT_TOTAL())
        return Answer(rows=rows, total=total)

    def _document(self, pull: Pull, body: bytes) -> Any:
        """The JSON of an answer; what is no text in it is replaced, which the log tells. Raises `SourceDrifted`."""
        with suppress(orjson.JSONDecodeError):
            return orjson.loads(body)
        try:
            document = orjson.loads(_mended(body))
        except orjson.JSONDecodeError:
            raise self._drifted(sources.ANSWER_NOT_JSON()) from None
        _log.warning("answer_mended", connector=self._connector, table=pull.table)
        return document

    def _failed(self, code: str) -> Exception:
        """The error for a status of HTTP, or for the code in an answer that says what went wrong."""
        name = self._connector
        if code in _REFUSED:
            return SourceAuthFailed(name, sources.SERVICE_TOKEN_REFUSED(connector=name))
        if code in ("400", "404", "405", "410"):
            return self._drifted(sources.QUESTION_UNKNOWN())
        return _Passing(SourceUnavailable(name, sources.SERVICE_FAILED(connector=name)))

    def _drifted(self, what: Told) -> SourceDrifted:
        return SourceDrifted(self._connector, sources.SERVICE_DRIFTED(connector=self._connector, what=what))

    def _opened(self) -> httpx.AsyncClient:
        if self._client is None:
            tls = tls_context(self._settings.get("tls"))
            scheme, host = "http" if tls is None else "https", str(self._settings["host"])
            self._client = httpx.AsyncClient(
                base_url=httpx.URL(scheme=scheme, host=host, port=int(self._settings["port"])),
                headers={"Accept": "application/json", "Accept-Encoding": "identity", **self._authorization()},
                timeout=_TIMEOUT,
                limits=httpx.Limits(max_connections=2),
                verify=True if tls is None else tls,
                transport=self._transport,
                trust_env=False,
            )
        return self._client

    def _authorization(self) -> dict[str, str]:
        token = self._settings.get("token")
        return {"Authorization": f"Bearer {token.reveal()}"} if isinstance(token, Secret) else {}


def seconds_to_wait(told: str | None, now: datetime) -> float:
    """The seconds of ``Retry-After`` (RFC 9110, 10.2.3: a number or a date), at most `LONGEST_HEEDED`; 0 for none."""
    if told is None:
        return 0.0
    if told.isascii() and told.isdigit():
        return min(float(told), LONGEST_HEEDED)
    try:
        moment = parsedate_to_datetime(told)
        return min(max((moment - now).total_seconds(), 0.0), LONGEST_HEEDED)
    except (TypeError, ValueError):  # no date, or one without a zone
        return 0.0


def _mended(body: bytes) -> str:
    """With U+FFFD for bytes that are no UTF-8 and for halves of surrogate pairs, which are no characters."""
    return _ESCAPES.sub(lambda found: r"\ufffd" if found["half"] else found[0], body.decode("utf-8", "replace"))


def _at(document: object, steps: Steps) -> Any:
    """What is at ``steps``; ``None`` where there is nothing."""
    found = document
    for step in steps:
        found = found.get(step) if isinstance(found, dict) else None
    return found


def _text(value: object) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)
