"""The floor: what a competent hand writes for exactly these five questions, and nothing else.

A Starlette endpoint each, one SQL statement whose answer PostgreSQL builds as JSON, and its bytes go out untouched. Q4
crosses databases, which no single statement can: three statements joined by dicts. No GraphQL, no authorization, no
choice of fields: the price of a hub is measured against this.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from benchmarks.server_settings import POOL_SIZE, databases

_MEMBERS = """
SELECT convert_to(coalesce(json_agg(m), '[]')::text, 'UTF8') FROM (
    SELECT member_no AS "memberNo", name, sex, birth_date AS "birthDate", mobile, org_code AS "orgCode",
           joined_on AS "joinedOn", education
    FROM party_member WHERE member_no >= $1 ORDER BY member_no LIMIT $2) m"""
_ORGANISATIONS = """
SELECT convert_to(coalesce(json_agg(o), '[]')::text, 'UTF8') FROM (
    SELECT page.org_code AS "orgCode", page.name, members
    FROM (SELECT org_no, org_code, name, json_build_object('name', name) AS organisation
          FROM party_org WHERE org_no >= $1 ORDER BY org_no LIMIT 50) page
    CROSS JOIN LATERAL (
        SELECT coalesce(json_agg(m), '[]') AS members FROM (
            SELECT member_no AS "memberNo", member.name, page.organisation
            FROM party_member member WHERE member.org_code = page.org_code ORDER BY member_no LIMIT 20) m) of_page
    ORDER BY page.org_no) o"""
_MEMBER = """
SELECT convert_to(row_to_json(m)::text, 'UTF8') FROM (
    SELECT member_no AS "memberNo", name, joined_on AS "joinedOn" FROM party_member WHERE member_no = $1) m"""
_STAFF_MEMBERS = """
SELECT member_no, name, id_number FROM party_member
WHERE member_no >= $1 AND occupation = 'public' ORDER BY member_no LIMIT 200"""
_POSTS = "SELECT id_number, post_name, unit_code FROM staff WHERE id_number = ANY($1)"
_UNITS = "SELECT unit_code, name FROM public_unit WHERE unit_code = ANY($1)"


async def _members(request: Request) -> Response:
    start, size = int(request.query_params["start"]), request.path_params["size"]
    return _json(await request.app.state.a.fetchval(_MEMBERS, start, size))


async def _organisations(request: Request) -> Response:
    return _json(await request.app.state.a.fetchval(_ORGANISATIONS, int(request.query_params["start"])))


async def _posts(request: Request) -> Response:
    members = await request.app.state.a.fetch(_STAFF_MEMBERS, int(request.query_params["start"]))
    posts = {
        number: (post, unit)
        for number, post, unit in await request.app.state.b.fetch(_POSTS, [member[2] for member in members])
    }
    units = dict(await request.app.state.a.fetch(_UNITS, list({unit for _, unit in posts.values()})))
    answer = []
    for number, name, id_number in members:
        post = posts.get(id_number)
        staff_post = post and {"postName": post[0], "unit": {"name": units[post[1]]}}
        answer.append({"memberNo": number, "name": name, "staffPost": staff_post})
    return _json(orjson.dumps(answer))


async def _member(request: Request) -> Response:
    found = await request.app.state.a.fetchval(_MEMBER, int(request.query_params["start"]))
    return _json(b"null" if found is None else found)


def _json(body: bytes) -> Response:
    return Response(body, media_type="application/json")


@asynccontextmanager
async def _pools(app: Starlette) -> AsyncIterator[None]:
    url_a, url_b = databases()
    async with (
        asyncpg.create_pool(url_a, min_size=POOL_SIZE, max_size=POOL_SIZE) as app.state.a,
        asyncpg.create_pool(url_b, min_size=POOL_SIZE, max_size=POOL_SIZE) as app.state.b,
    ):
        yield


def create_app() -> Starlette:
    """The server, for uvicorn's ``--factory``."""
    return Starlette(
        lifespan=_pools,
        routes=[
            Route("/members/{size:int}", _members),
            Route("/organisations", _organisations),
            Route("/posts", _posts),
            Route("/member", _member),
        ],
    )
