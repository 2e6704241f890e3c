"""The right answers, straight from the tables: plain SELECTs and Python joins, one obvious step after the other.

Deliberately shares no SQL and no code with the servers. ``scoped``: the answer of the row-scoped caller, who sees one
organisation subtree and its members, their mobiles masked and no birth date.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from typing import Any, TypeAlias

import asyncpg

from benchmarks.dataset import SCOPE_ORG
from benchmarks.questions import County, Question, Variables

Answer = Any
Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
_SCOPE_PREFIX = SCOPE_ORG.rstrip("0")


@asynccontextmanager
async def reference(url_a: str, url_b: str) -> AsyncIterator["Reference"]:
    """A `Reference` on connections of its own."""
    a, b = await asyncpg.connect(url_a), await asyncpg.connect(url_b)
    try:
        yield Reference(a, b)
    finally:
        await a.close()
        await b.close()


class Reference:
    """Answers of one data set; ``a`` and ``b`` are connections to its two databases."""

    def __init__(self, a: Connection, b: Connection) -> None:
        self._a = a
        self._b = b

    async def server_version(self) -> str:
        """PostgreSQL's version."""
        return str(await self._a.fetchval("SHOW server_version"))

    async def county(self) -> County:
        """The place of the row-scoped caller's county in the data."""
        organisations = await self._a.fetchrow(
            "SELECT min(org_no), max(org_no) FROM party_org WHERE starts_with(org_code, $1)", _SCOPE_PREFIX
        )
        members = await self._a.fetchrow(
            "SELECT min(member_no), max(member_no) FROM party_member WHERE starts_with(org_code, $1)", _SCOPE_PREFIX
        )
        assert organisations is not None
        assert members is not None
        return County(organisations=tuple(organisations), members=tuple(members))

    async def answer(self, question: Question, variables: Variables, *, scoped: bool) -> Answer:
        """What ``result`` must be, as JSON values."""
        prefix = _SCOPE_PREFIX if scoped else ""
        start = variables["start"]
        match question.name:
            case "Q1" | "Q2":
                return [_eight_fields(row, scoped) for row in await self._members(start, prefix, question.size)]
            case "Q3":
                return await self._organisations(start, prefix, question.size)
            case "Q4":
                return await self._posts(start, prefix, question.size)
            case "Q5":
                row = await self._a.fetchrow(
                    "SELECT * FROM party_member WHERE member_no = $1 AND starts_with(org_code, $2)", start, prefix
                )
                return row and {"memberNo": row["member_no"], "name": row["name"], "joinedOn": _day(row["joined_on"])}
            case _:
                raise ValueError(f"no reference for {question.name}")

    async def _members(self, start: int, prefix: str, size: int, occupation: str = "") -> list[asyncpg.Record]:
        return await self._a.fetch(
            "SELECT * FROM party_member WHERE member_no >= $1 AND starts_with(org_code, $2)"
            " AND starts_with(occupation, $3) ORDER BY member_no LIMIT $4",
            start,
            prefix,
            occupation,
            size,
        )

    async def _organisations(self, start: int, prefix: str, size: int) -> Answer:
        answer = []
        for organisation in await self._a.fetch(
            "SELECT * FROM party_org WHERE org_no >= $1 AND starts_with(org_code, $2) ORDER BY org_no LIMIT $3",
            start,
            prefix,
            size,
        ):
            code, name = organisation["org_code"], organisation["name"]
            members = await self._a.fetch(
                "SELECT * FROM party_member WHERE org_code = $1 ORDER BY member_no LIMIT 20", code
            )
            nodes = [
                {"memberNo": row["member_no"], "name": row["name"], "organisation": {"name": name}} for row in members
            ]
            answer.append({"orgCode": code, "name": name, "members": nodes})
        return answer

    async def _posts(self, start: int, prefix: str, size: int) -> Answer:
        units = {row["unit_code"]: row["name"] for row in await self._a.fetch("SELECT * FROM public_unit")}
        answer = []
        for row in await self._members(start, prefix, size, "public"):
            post = await self._b.fetchrow("SELECT * FROM staff WHERE id_number = $1", row["id_number"])
            staff_post = post and {"postName": post["post_name"], "unit": {"name": units[post["unit_code"]]}}
            answer.append({"memberNo": row["member_no"], "name": row["name"], "staffPost": staff_post})
        return answer


def _eight_fields(row: asyncpg.Record, scoped: bool) -> Answer:
    mobile = row["mobile"]
    return {
        "memberNo": row["member_no"],
        "name": row["name"],
        "sex": row["sex"],
        "birthDate": None if scoped else _day(row["birth_date"]),
        "mobile": _masked_mobile(mobile) if scoped else mobile,
        "orgCode": row["org_code"],
        "joinedOn": _day(row["joined_on"]),
        "education": row["education"],
    }


def _masked_mobile(mobile: str | None) -> str:
    """First three and last four digits; a missing one looks like any that cannot be shown in part."""
    return "****" if mobile is None else f"{mobile[:3]}****{mobile[-4:]}"


def _day(value: date) -> str:
    return value.isoformat()
