"""The usual way: Strawberry types with resolvers, SQLAlchemy's async ORM, one DataLoader per relation.

Written as a competent engineer would: no N+1, one session per batch, per-request loaders, ORM rows returned as they
are. ``create_app`` is the stock schema (``naive``); ``create_cached_app`` adds what the manuals advise: parser cache,
validation cache, orjson (``naive_cached``). No authorization in either.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import date
from typing import Any

import orjson
import strawberry
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import aliased
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.dataloader import DataLoader
from strawberry.extensions import ParserCache, ValidationCache

from benchmarks.server_settings import POOL_SIZE, databases
from benchmarks.usual_models import PartyMemberRow, PartyOrganisationRow, PublicUnitRow, StaffRow

Sessions = async_sessionmaker[AsyncSession]


class Loaders:
    """The loaders of one request."""

    def __init__(self, a: Sessions, b: Sessions) -> None:
        self._a = a
        self._b = b
        self.organisation = DataLoader(load_fn=self._organisations)
        self.members_of = DataLoader(load_fn=self._members_of)
        self.staff_post = DataLoader(load_fn=self._staff_posts)
        self.unit = DataLoader(load_fn=self._units)

    async def _organisations(self, codes: list[str]) -> list[PartyOrganisationRow | None]:
        async with self._a() as session:
            found = await session.scalars(select(PartyOrganisationRow).where(PartyOrganisationRow.org_code.in_(codes)))
            by_code = {row.org_code: row for row in found}
        return [by_code.get(code) for code in codes]

    async def _members_of(self, keys: list[tuple[str, int]]) -> list[list[PartyMemberRow]]:
        """Keys are (organisation code, how many); one statement per distinct page size."""
        members: dict[tuple[str, int], list[PartyMemberRow]] = {key: [] for key in keys}
        for size in {size for _, size in keys}:
            codes = [code for code, wanted in keys if wanted == size]
            position = func.row_number().over(partition_by=PartyMemberRow.org_code, order_by=PartyMemberRow.member_no)
            ranked = (
                select(PartyMemberRow, position.label("position")).where(PartyMemberRow.org_code.in_(codes)).subquery()
            )
            member = aliased(PartyMemberRow, ranked)
            async with self._a() as session:
                found = await session.scalars(
                    select(member).where(ranked.c.position <= size).order_by(member.org_code, member.member_no)
                )
                for row in found:
                    members[row.org_code, size].append(row)
        return [members[key] for key in keys]

    async def _staff_posts(self, id_numbers: list[str]) -> list[StaffRow | None]:
        async with self._b() as session:
            found = await session.scalars(select(StaffRow).where(StaffRow.id_number.in_(id_numbers)))
            by_number = {row.id_number: row for row in found}
        return [by_number.get(number) for number in id_numbers]

    async def _units(self, codes: list[str]) -> list[PublicUnitRow | None]:
        async with self._a() as session:
            found = await session.scalars(select(PublicUnitRow).where(PublicUnitRow.unit_code.in_(codes)))
            by_code = {row.unit_code: row for row in found}
        return [by_code.get(code) for code in codes]


class Context:
    """What resolvers get: sessions of database ``a``, and the request's loaders."""

    def __init__(self, a: Sessions, b: Sessions) -> None:
        self.sessions = a
        self.loaders = Loaders(a, b)


Info = strawberry.Info[Context, None]


@strawberry.type
class PublicUnit:
    unit_code: str
    name: str
    unit_type: str
    div_code: str
    posts: int | None


@strawberry.type
class StaffPost:
    post_name: str
    post_type: str
    entered_on: date
    unit_code: strawberry.Private[str]

    @strawberry.field
    async def unit(self, info: Info) -> PublicUnit | None:
        return await info.context.loaders.unit.load(self.unit_code)  # type: ignore[return-value]


@strawberry.type
class PartyMember:
    member_no: int
    name: str
    sex: str
    birth_date: date
    mobile: str | None
    org_code: str
    joined_on: date
    category: str
    occupation: str
    education: str | None
    id_number: strawberry.Private[str]

    @strawberry.field
    async def organisation(self, info: Info) -> PartyOrganisation | None:
        return await info.context.loaders.organisation.load(self.org_code)  # type: ignore[return-value]

    @strawberry.field
    async def staff_post(self, info: Info) -> StaffPost | None:
        return await info.context.loaders.staff_post.load(self.id_number)  # type: ignore[return-value]


@strawberry.type
class PartyOrganisation:
    org_no: int
    org_code: str
    name: str
    type_code: str
    div_code: str
    founded_on: date | None

    @strawberry.field
    async def members(self, info: Info, first: int = 20) -> list[PartyMember]:
        return await info.context.loaders.members_of.load((self.org_code, first))  # type: ignore[return-value]


@strawberry.type
class Query:
    @strawberry.field
    async def party_members(
        self, info: Info, start: int, first: int = 20, occupation: str | None = None
    ) -> list[PartyMember]:
        statement = select(PartyMemberRow).where(PartyMemberRow.member_no >= start)
        if occupation is not None:
            statement = statement.where(PartyMemberRow.occupation == occupation)
        async with info.context.sessions() as session:
            found = await session.scalars(statement.order_by(PartyMemberRow.member_no).limit(first))
            return list(found)  # type: ignore[arg-type]

    @strawberry.field
    async def party_member(self, info: Info, member_no: int) -> PartyMember | None:
        async with info.context.sessions() as session:
            statement = select(PartyMemberRow).where(PartyMemberRow.member_no == member_no)
            return (await session.scalars(statement)).first()  # type: ignore[return-value]

    @strawberry.field
    async def party_organisations(self, info: Info, start: int, first: int = 20) -> list[PartyOrganisation]:
        statement = select(PartyOrganisationRow).where(PartyOrganisationRow.org_no >= start)
        async with info.context.sessions() as session:
            found = await session.scalars(statement.order_by(PartyOrganisationRow.org_no).limit(first))
            return list(found)  # type: ignore[arg-type]


class _Endpoint(GraphQL[Context, None]):
    def __init__(self, schema: strawberry.Schema, a: Sessions, b: Sessions) -> None:
        super().__init__(schema)
        self._a = a
        self._b = b

    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> Context:
        return Context(self._a, self._b)


class _OrjsonEndpoint(_Endpoint):
    def decode_json(self, data: str | bytes) -> Any:
        return orjson.loads(data)

    def encode_json(self, data: object) -> bytes:
        return orjson.dumps(data)


def create_app() -> Starlette:
    """``naive``, for uvicorn's ``--factory``."""
    return _app(_Endpoint, ())


def create_cached_app() -> Starlette:
    """``naive_cached``, for uvicorn's ``--factory``."""
    return _app(_OrjsonEndpoint, (ParserCache(), ValidationCache()))


def _app(endpoint: type[_Endpoint], extensions: Sequence[Any]) -> Starlette:
    engines = [
        create_async_engine(url.replace("postgresql:", "postgresql+asyncpg:", 1), pool_size=POOL_SIZE)
        for url in databases()
    ]
    a, b = (async_sessionmaker(engine, expire_on_commit=False) for engine in engines)

    @asynccontextmanager
    async def closing(app: Starlette) -> AsyncIterator[None]:
        yield
        for engine in engines:
            await engine.dispose()

    schema = strawberry.Schema(query=Query, extensions=extensions)
    return Starlette(lifespan=closing, routes=[Route("/graphql", endpoint(schema, a, b))])
