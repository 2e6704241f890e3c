"""The suite every connector passes. A new connector is one class in a test module::

    class TestDuckDB(ConnectorConformance):
        @pytest.fixture(scope="class")
        @classmethod
        def engine(cls) -> Iterator[EngineUnderTest]:
            yield from duckdb_engine()

Answers are written by hand (:mod:`connectors.testing.filters`, ``orders``, ``hops``, ``faults``) and, for requests
drawn at random, those of the memory connector over the same rows: the plainest reading of the contract.
"""

import random
from collections.abc import AsyncIterator, Iterator

import pytest

from connectors.contract import Connector, Fetch, KeyMatch, OrderTerm
from connectors.errors import UnsupportedFetch
from connectors.memory import MemoryConnector
from connectors.testing.dataset import BINDINGS, CITY, EAST, MEMBER, MEMBERS, NEIGHBOUR, RELATED, TABLES
from connectors.testing.engine import EngineUnderTest, manifest_of
from connectors.testing.faults import FaultConformance
from connectors.testing.filters import FilterConformance
from connectors.testing.hops import HopConformance
from connectors.testing.orders import OrderConformance
from connectors.testing.promise import arguments, ask
from schema.predicates import (
    ROW_KEY,
    And,
    Comparison,
    Exists,
    IsNull,
    Not,
    Operator,
    Or,
    Predicate,
    follows_relation,
)
from schema.values import Canonical

_TEXTS = ("name", "orgName", "sex", "orgCode", "joinedOn")
_NUMBERS = ("score", "paid", "memberNo")
_ORDERS = (Operator.LT, Operator.LTE, Operator.GT, Operator.GTE)


class ConnectorConformance(FilterConformance, OrderConformance, HopConformance, FaultConformance):
    """Every behaviour of the contract, on the data of :mod:`connectors.testing.dataset`."""

    @pytest.fixture(scope="class")
    @classmethod
    def engine(cls) -> Iterator[EngineUnderTest]:
        """The engine under test; every test class says which."""
        raise NotImplementedError

    @pytest.fixture(scope="class")
    @classmethod
    def loaded(cls, engine: EngineUnderTest) -> EngineUnderTest:
        """The engine with the suite's tables."""
        engine.load(TABLES)
        return engine

    @pytest.fixture
    async def connector(self, loaded: EngineUnderTest) -> AsyncIterator[Connector]:
        """An open connector over the suite's tables."""
        connector = loaded.connector(BINDINGS)
        await connector.open()
        yield connector
        await connector.close()

    @pytest.mark.parametrize("seed", range(80))
    async def test_random_request_answers_like_the_memory_connector(self, connector: Connector, seed: int) -> None:
        draw = _Draw(seed)
        projection = (ROW_KEY, *MEMBER.fields)
        fetch = Fetch(
            binding=MEMBER,
            projection=projection,
            predicate=draw.predicate(3),
            keys=draw.rng.choice((None, KeyMatch(fields=("orgCode",)), KeyMatch(fields=("sex",)))),
            order=draw.order(),
            related=RELATED,
        )
        given = arguments(draw.parameters, keys=draw.keys if fetch.keys is not None else None)
        tables = {table.name: table.as_dicts() for table in TABLES}
        oracle = MemoryConnector(manifest_of("memory", {}, BINDINGS), tables)
        expected = await ask(oracle, fetch, given)
        assert expected.exact
        try:
            answer = await ask(connector, fetch, given)
        except UnsupportedFetch:
            assert follows_relation(fetch.predicate), "only a relation inside what is left to do may be refused"
        else:
            assert answer.records == expected.records


class _Draw:
    """Requests drawn from a seed, their values mostly such that some rows match."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)  # noqa: S311 -- no secret: the same tests every time
        self.parameters: list[object] = []
        self.keys = [(self.rng.choice((CITY, EAST, NEIGHBOUR, "1", "2", None)),) for _ in range(4)]

    def predicate(self, depth: int) -> Predicate:
        """A predicate over members, at most ``depth`` connectives deep."""
        kind = self.rng.randrange(8 if depth else 4)
        if kind == 0:
            return IsNull(self.rng.choice(tuple(MEMBERS[1])))
        if kind < 4:
            return self.comparison()
        if kind == 4:
            return Not(self.predicate(depth - 1))
        if kind == 5:
            return Exists("dues", self._slotted("paid", self.rng.choice(_ORDERS), self.rng.choice((-300, 300, 500))))
        parts = tuple(self.predicate(depth - 1) for _ in range(self.rng.randint(1, 3)))
        return And(parts) if kind == 6 else Or(parts)

    def comparison(self) -> Predicate:
        """``field operator value`` with an operator that suits the field."""
        field, operators = self.rng.choice(_TEXTS), tuple(Operator)
        values: list[Canonical] = [self.rng.choice(tuple(MEMBERS.values()))[field] for _ in range(4)]
        if self.rng.random() < 0.4:
            field, values = self.rng.choice(_NUMBERS), [-300, -7, 0, 3, 5, 10, 20, 1_000, None]
            operators = (Operator.EQ, Operator.NE, Operator.IN, Operator.NOT_IN, *_ORDERS)
        operator, value = self.rng.choice(operators), self.rng.choice(values)
        if operator in (Operator.IN, Operator.NOT_IN):
            return self._slotted(field, operator, self.rng.sample(values, self.rng.randint(0, 3)))
        if operator in (Operator.STARTS_WITH, Operator.CONTAINS) and isinstance(value, str):
            value = value[: self.rng.randint(0, len(value))]
        return self._slotted(field, operator, value)

    def order(self) -> tuple[OrderTerm, ...]:
        """One or two fields, then the row key, so that there is one right order."""
        fields = self.rng.sample((*_TEXTS, "score"), self.rng.randint(1, 2))
        terms = (
            OrderTerm(field=f, descending=self.rng.random() < 0.5, nulls_last=self.rng.random() < 0.5) for f in fields
        )
        return (*terms, OrderTerm(field=ROW_KEY))

    def _slotted(self, field: str, operator: Operator, value: Canonical | list[Canonical]) -> Comparison:
        self.parameters.append(value)
        return Comparison(field, operator, len(self.parameters) - 1)
