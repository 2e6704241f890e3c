"""What tests of the engine ask with: callers, a spy on every source, and answers without ceremony."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from authz.subjects import Subject
from connectors.contract import Connector, Fetch, FetchArguments, Output, Prepared, Row, TableDescription
from resolvers.operation import OperationRequest, OperationResult
from schema.predicates import ALWAYS, ROW_KEY, Predicate, fields_of
from tests.resolvers.mini_city import (
    ANN,
    BEN,
    CITY,
    CLERK,
    MEMBER,
    OFFICER,
    PUBLIC,
    SECRETARY,
    MiniCity,
    code,
    subject,
)

LIAISON = subject("party_liaison", orgCode=code("001010"), divCode="430726")
OTHER_CLERK = replace(subject("county_org_clerk", orgCode=code("001020")), id="test:another clerk")
BEN_SELF = subject("member_self", identity=BEN, orgCode=code("001010001"))
CALLERS: Mapping[str, Subject] = {
    "resident_public": PUBLIC,
    "member_self": MEMBER,
    "branch_secretary": SECRETARY,
    "party_liaison": LIAISON,
    "county_org_clerk": CLERK,
    "city_org_admin": CITY,
    "city_org_admin for discipline": replace(CITY, purpose="party_discipline"),
    "bianban_officer": OFFICER,
    "auditor": subject("auditor"),
}
__all__ = ["ANN", "BEN", "CALLERS", "CITY", "CLERK", "MEMBER", "OFFICER", "PUBLIC", "SECRETARY"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One statement that reached a source."""

    connector: str
    fetch: Fetch
    arguments: FetchArguments

    @property
    def fields(self) -> set[str]:
        """Every canonical field the statement reads, in any role."""
        found = {*self.fetch.projection, *fields_of(self.fetch.predicate), *(term.field for term in self.fetch.order)}
        return found | set(self.fetch.keys.fields if self.fetch.keys else ())


class Wrapped:
    """A connector around another one; the base of the doubles below."""

    def __init__(self, inner: Connector) -> None:
        self.inner = inner
        self.name = inner.name

    async def open(self) -> None:
        await self.inner.open()

    async def close(self) -> None:
        await self.inner.close()

    async def as_of(self) -> str | None:
        return await self.inner.as_of()

    async def describe(self, tables: Sequence[str]) -> Mapping[str, TableDescription]:
        return await self.inner.describe(tables)

    def prepare(self, fetch: Fetch) -> Prepared:
        return self.inner.prepare(fetch)

    async def fetch(self, prepared: Prepared, arguments: FetchArguments) -> Sequence[Row]:
        return await self.inner.fetch(prepared, arguments)


class Spy(Wrapped):
    """Writes down what is asked; ``fault(fetch)`` may give an error to raise instead of answering."""

    def __init__(self, inner: Connector, log: list[Asked]) -> None:
        super().__init__(inner)
        self._log = log
        self.ages_asked = 0
        self.fault: Callable[[Fetch], Exception | None] = lambda _: None

    async def as_of(self) -> str | None:
        self.ages_asked += 1
        return await super().as_of()

    async def fetch(self, prepared: Prepared, arguments: FetchArguments) -> Sequence[Row]:
        arguments = replace(arguments, parameters=tuple(arguments.parameters))
        self._log.append(Asked(connector=self.name, fetch=prepared.fetch, arguments=arguments))
        if (error := self.fault(prepared.fetch)) is not None:
            raise error
        return await super().fetch(prepared, arguments)


class Weak(Wrapped):
    """A source that decides little itself: answers hold supersets, in no order, cut at the limit all the same.

    ``filters`` False: client filters and cursors are left to the caller; ``orders`` False: so is the order.
    """

    def __init__(self, inner: Connector, *, filters: bool, orders: bool) -> None:
        super().__init__(inner)
        self._filters, self._orders = filters, orders

    def prepare(self, fetch: Fetch) -> Prepared:
        weak = not self._filters and fetch.predicate != ALWAYS and fetch.output is not Output.DISTINCT
        weak = weak and not fetch.related
        residual: Predicate | None = fetch.predicate if weak else None
        asked = fetch
        if weak:
            wanted = dict.fromkeys((*fetch.projection, *fields_of(fetch.predicate)))
            asked = replace(fetch, predicate=ALWAYS, projection=tuple(wanted))
        if not self._orders and fetch.order:
            wanted = dict.fromkeys((*asked.projection, *(term.field for term in fetch.order)))
            asked = replace(asked, order=(), projection=tuple(wanted))
        prepared = self.inner.prepare(asked)
        return replace(
            prepared, fetch=fetch, residual=residual, ordered=self._orders or not fetch.order, native=prepared
        )

    async def fetch(self, prepared: Prepared, arguments: FetchArguments) -> Sequence[Row]:
        rows = list(await self.inner.fetch(prepared.native, arguments))
        return rows if prepared.ordered else rows[::-1]


class WatchedCity(MiniCity):
    """The mini city with a spy on every source."""

    def __init__(self, *, change: Callable[[dict[str, Any]], None] | None = None, **weak: bool) -> None:
        plain = MiniCity(change=change)
        self.log: list[Asked] = []
        inner = {
            name: Weak(connector, filters=weak.get("filters", True), orders=weak.get("orders", True))
            for name, connector in plain.connectors.items()
        }
        self.spies = {name: Spy(connector, self.log) for name, connector in inner.items()}
        super().__init__(**self.spies)

    def asked(self, connector: str | None = None) -> list[Asked]:
        """Statements so far, of one source or of all."""
        return [asked for asked in self.log if connector in (None, asked.connector)]


async def answer(city: MiniCity, who: Subject, document: str, **variables: Any) -> Any:
    """The data of an operation that must go without errors."""
    result = await city.execute(who, document, **variables)
    assert result.errors == ()
    return result.data


async def refused(city: MiniCity, who: Subject, document: str, **variables: Any) -> dict[str, Any]:
    """The one error of an operation."""
    result = await city.execute(who, document, **variables)
    (error,) = result.errors
    return error


async def by_get(city: MiniCity, who: Subject, document: str, **variables: Any) -> OperationResult:
    """Ask as a GET request does."""
    deadline = asyncio.get_running_loop().time() + 10
    request = OperationRequest(document=document, deadline=deadline, variables=variables, safe_method=True)
    return await city.engine.execute(who, request)


def codes(result: OperationResult) -> list[str]:
    """The codes of a result's errors, in order."""
    return [error["extensions"]["code"] for error in result.errors]


def row_key_alone(fetch: Fetch) -> bool:
    """Whether a fetch only asks which keys reach a row: a check of a scope."""
    return fetch.projection == (ROW_KEY,)
