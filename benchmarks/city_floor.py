"""The floor under C2: what a competent hand writes for exactly this list over the GBK tables of S1, and nothing else.

One statement on a pool, dates and words by a dictionary, JSON by orjson; it knows one county and checks no right.
"""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date

import asyncmy
import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from benchmarks.city_questions import SCOPED_SIZE
from benchmarks.server_settings import POOL_SIZE
from demo.city.personas import SHIMEN_COMMITTEE

_MEMBERS = """
SELECT DYBH, RYLB, RDRQ, ZZRQ FROM DY_JBXX WHERE DZZDM LIKE %s AND (SCBZ IS NULL OR SCBZ <> '1') ORDER BY DYBH LIMIT %s
"""
_COUNTY = SHIMEN_COMMITTEE.rstrip("0") + "%"
_CATEGORIES = {"1": "正式党员", "2": "预备党员"}


async def _members(request: Request) -> Response:
    async with request.app.state.pool.acquire() as connection, connection.cursor() as cursor:
        await cursor.execute(_MEMBERS, (_COUNTY, SCOPED_SIZE))
        rows = await cursor.fetchall()
    answer = [
        {
            "memberNo": number,
            "categoryLabel": _CATEGORIES.get(category),
            "joinedOn": _day(joined),
            "fullMemberOn": _day(full),
        }
        for number, category, joined, full in rows
    ]
    return Response(orjson.dumps(answer), media_type="application/json")


def _day(digits: str | None) -> str | None:
    """``YYYYMMDD`` as a date; what is none is null."""
    if digits is None or len(digits) != 8:
        return None
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:])).isoformat()
    except ValueError:
        return None


@asynccontextmanager
async def _pool(app: Starlette) -> AsyncIterator[None]:
    async with asyncmy.create_pool(
        host=os.environ["BENCH_S1_HOST"],
        user=os.environ["BENCH_S1_USER"],
        password=os.environ["BENCH_S1_PASSWORD"],
        port=int(os.environ["BENCH_S1_PORT"]),
        database=os.environ["BENCH_S1_DATABASE"],
        charset="utf8mb4",
        autocommit=True,
        minsize=POOL_SIZE,
        maxsize=POOL_SIZE,
    ) as app.state.pool:
        yield


def create_app() -> Starlette:
    """The server, for uvicorn's ``--factory``."""
    return Starlette(lifespan=_pool, routes=[Route("/members", _members)])
