"""All engines against the plain meaning of a fetch: canonical values, `schema.predicates.evaluate`, Python's order.

The reference is every row of the dirty table, decoded; each drawn request is answered from it and by the source, with
what the source left undone finished as the executor would.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from connectors.contract import Fetch, KeyMatch, OrderTerm, Output
from connectors.sql.connector import SqlConnector
from connectors.testing.promise import Record, arguments, ask, count, in_order
from schema.predicates import ROW_KEY, And, Comparison, IsNull, Not, Operator, Or, Predicate, evaluate
from schema.trees import Tree, subtree_prefix
from schema.values import Canonical
from tests.connectors.dirty_rows import FIELDS, binding, columns, rows
from tests.engines import PostgresEngine, SqlEngine, files_engine, mariadb_engine, postgresql_engine, sqlite_engine

ROWS = 150
DIRTY = binding()
PROJECTION = (ROW_KEY, *DIRTY.fields)
_PARTIAL = (Operator.STARTS_WITH, Operator.CONTAINS)
_LISTS = (Operator.IN, Operator.NOT_IN)
_SUBTREES = {"token": Tree.ORG, "dense": Tree.DIV, "div": Tree.DIV}


@dataclass(frozen=True, slots=True)
class Lab:
    """A loaded engine with its connector, the loop they live in, and the reference."""

    engine: SqlEngine
    connector: SqlConnector[Any]
    runner: asyncio.Runner
    records: Sequence[Record]


def _engine(name: str, request: pytest.FixtureRequest, folder: Path) -> AbstractContextManager[SqlEngine]:
    match name:
        case "sqlite":
            return sqlite_engine(folder)
        case "files":
            return files_engine(folder)
        case "postgresql":
            return postgresql_engine(request.getfixturevalue("postgresql_server"))
        case "mariadb":
            return mariadb_engine(request.getfixturevalue("mariadb_server"))
        case "mariadb-gbk":
            return mariadb_engine(request.getfixturevalue("mariadb_server"), "gbk")
        case _:
            return mariadb_engine(request.getfixturevalue("mariadb_server"), "gbk", promised=True)


_ENGINES = (
    "sqlite",
    "files",
    pytest.param("postgresql", marks=pytest.mark.postgresql),
    *(pytest.param(name, marks=pytest.mark.mariadb) for name in ("mariadb", "mariadb-gbk", "mariadb-gbk-promised")),
)


@pytest.fixture(scope="module", params=_ENGINES)
def lab(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with _engine(request.param, request, tmp_path_factory.mktemp("dirty")) as engine, asyncio.Runner() as runner:
        charset = getattr(engine, "charset", "utf-8")
        stored = rows(engine.name, 7, ROWS, "gbk" if charset == "gbk" else "utf-8")
        options = f"DEFAULT CHARSET {charset}" if engine.name == "mysql" else ""
        collation = engine.linguistic_collation() if isinstance(engine, PostgresEngine) else ""
        engine.make("dirty", columns(engine.name, collation), stored, options)
        for column in () if engine.name == "files" else ("token", "idNumber", "dateDigits", "integer", "moment"):
            engine.execute(
                f"CREATE INDEX {engine.quote('by_' + column)} ON {engine.quote('dirty')} ({engine.quote(column)})"
            )
        connector = engine.connector({"Dirty": DIRTY})
        everything = Fetch(binding=DIRTY, projection=PROJECTION)
        records = runner.run(_all(connector, everything))
        yield Lab(engine, connector, runner, records)
        runner.run(connector.close())


async def _all(connector: SqlConnector[Any], fetch: Fetch) -> Sequence[Record]:
    await connector.open()
    return (await ask(connector, fetch, arguments())).records[0]


_COMMON = settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)


def _values(records: Sequence[Record], name: str) -> st.SearchStrategy[Canonical]:
    asked = next((spec.asked for spec in FIELDS if spec.name == name), ())
    there = {record[name] for record in records} - {None}
    return st.sampled_from(sorted(there | set(asked), key=str) or [None])


@st.composite
def _predicate(draw: st.DrawFn, records: Sequence[Record], values: list[Any], depth: int = 2) -> Predicate:
    kind = draw(st.sampled_from(["leaf", "leaf", "null", "and", "or", "not"] if depth else ["leaf", "leaf", "null"]))
    name = draw(st.sampled_from(PROJECTION))
    match kind:
        case "null":
            return IsNull(name)
        case "and" | "or":
            operands = tuple(draw(_predicate(records, values, depth - 1)) for _ in range(draw(st.integers(0, 3))))
            return And(operands) if kind == "and" else Or(operands)
        case "not":
            return Not(draw(_predicate(records, values, depth - 1)))
        case _:
            textual = any(isinstance(record[name], str) for record in records)
            operator = draw(st.sampled_from([o for o in Operator if textual or o not in _PARTIAL]))
            value = _values(records, name)
            if operator in _LISTS:
                chosen: Any = draw(st.lists(value | st.none() if draw(st.booleans()) else value, max_size=4))
            elif operator in _PARTIAL:
                whole = str(draw(value))
                start = 0 if operator is Operator.STARTS_WITH else draw(st.integers(0, len(whole)))
                chosen = whole[start : draw(st.integers(start, len(whole)))]
            else:
                chosen = draw(value | st.none() if draw(st.integers(0, 9)) == 0 else value)
            values.append(chosen)
            return Comparison(name, operator, len(values) - 1)


@st.composite
def _order(draw: st.DrawFn) -> tuple[OrderTerm, ...]:
    names = draw(st.lists(st.sampled_from(PROJECTION[1:]), max_size=2, unique=True))
    return tuple(
        OrderTerm(field=name, descending=draw(st.booleans()), nulls_last=draw(st.booleans()))
        for name in (*names, ROW_KEY)
    )


@_COMMON
@given(data=st.data())
def test_rows_and_counts_are_those_of_the_canonical_values(lab: Lab, data: st.DataObject) -> None:
    values: list[Any] = []
    predicate = data.draw(_predicate(lab.records, values))
    order = data.draw(_order())
    limit = data.draw(st.none() | st.integers(0, 20))
    expected = [r for r in lab.records if evaluate(predicate, r.__getitem__, values) is True]
    ordered = in_order(expected, order)

    async def check() -> None:
        fetch = Fetch(binding=DIRTY, projection=PROJECTION, predicate=predicate, order=order, limited=True)
        prepared = lab.connector.prepare(fetch)
        note(prepared.statement)
        exact = prepared.residual is None and prepared.ordered
        found = await ask(lab.connector, fetch, arguments(values, limit=limit if exact else None))
        numbers = [record[ROW_KEY] for record in found.records.get(0, ())]
        assert numbers[:limit] == [record[ROW_KEY] for record in ordered][:limit]
        assert list(found.records.get(0, ()))[:limit] == ordered[:limit]
        counting = Fetch(binding=DIRTY, projection=(), predicate=predicate, output=Output.COUNT)
        counted, counts = await count(lab.connector, counting, arguments(values))
        assert counts[0] == len(expected) if counted.residual is None else counts[0] >= len(expected)

    lab.runner.run(check())


@_COMMON
@given(data=st.data())
def test_hops_find_the_rows_of_each_parent(lab: Lab, data: st.DataObject) -> None:
    exact = [name for name in DIRTY.fields if not (name == "text" and _undecided(lab))]
    fields = tuple(data.draw(st.lists(st.sampled_from(exact), min_size=1, max_size=2, unique=True)))
    key = st.tuples(*(_values(lab.records, name) | st.none() for name in fields))
    keys = data.draw(st.lists(key, max_size=12))
    order = data.draw(_order())
    limit = data.draw(st.none() | st.integers(1, 3))
    values: list[Any] = []
    predicate = data.draw(_predicate(lab.records, values, 1)) if data.draw(st.booleans()) else And(())

    def belongs(record: Record, wanted: tuple[Canonical, ...]) -> bool:
        first = next((i for i, name in enumerate(fields) if record[name] is not None), None)
        return first is not None and record[fields[first]] == wanted[first]

    _check_hop(lab, KeyMatch(fields=fields), keys, belongs, predicate, values, order, limit)


@_COMMON
@given(data=st.data())
def test_subtrees_are_those_of_the_canonical_codes(lab: Lab, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(_SUBTREES)))
    tree = _SUBTREES[name]
    codes = st.sampled_from(
        ["001000000000000", "001010000000000", "999000000000000", "430700", "430726", "430726001", "x"]
    )
    keys = data.draw(st.lists(st.tuples(codes | _values(lab.records, name) | st.none()), max_size=8))
    order = data.draw(_order())
    limit = data.draw(st.none() | st.integers(1, 3))

    def belongs(record: Record, wanted: tuple[Canonical, ...]) -> bool:
        try:
            return record[name] is not None and str(record[name]).startswith(subtree_prefix(tree, str(wanted[0])))
        except ValueError:
            return False

    _check_hop(lab, KeyMatch(fields=(name,), tree=tree), keys, belongs, And(()), [], order, limit)


@pytest.mark.parametrize("name", PROJECTION)
def test_distinct_values_are_complete(lab: Lab, name: str) -> None:
    fetch = Fetch(binding=DIRTY, projection=(name,), output=Output.DISTINCT)

    async def check() -> set[Canonical]:
        return set((await ask(lab.connector, fetch, arguments())).column(name))

    assert lab.runner.run(check()) == {record[name] for record in lab.records}


def _undecided(lab: Lab) -> bool:
    return lab.engine.name == "mysql" and not getattr(lab.engine, "promised", False)


def _check_hop(
    lab: Lab,
    match: KeyMatch,
    keys: Sequence[tuple[Canonical, ...]],
    belongs: Any,
    predicate: Predicate,
    values: Sequence[Any],
    order: tuple[OrderTerm, ...],
    limit: int | None,
) -> None:
    expected: dict[int, list[Canonical]] = {}
    for ordinal, key in enumerate(keys):
        own = [r for r in lab.records if belongs(r, key) and evaluate(predicate, r.__getitem__, values) is True]
        if own:
            expected[ordinal] = [record[ROW_KEY] for record in in_order(own, order)]

    async def check() -> None:
        fetch = Fetch(
            binding=DIRTY,
            projection=PROJECTION,
            predicate=predicate,
            keys=match,
            order=order,
            limited=limit is not None,
        )
        prepared = lab.connector.prepare(fetch)
        note(prepared.statement)
        exact = prepared.residual is None and prepared.ordered
        given_ = arguments(values, keys=keys, limit=limit if exact else None)
        found = await ask(lab.connector, fetch, given_)
        assert _numbers(found.records, limit) == {o: numbers[:limit] for o, numbers in expected.items()}
        counting = Fetch(binding=DIRTY, projection=(), predicate=predicate, keys=match, output=Output.COUNT)
        counted, counts = await count(lab.connector, counting, arguments(values, keys=keys))
        if counted.residual is None:
            assert counts == {ordinal: len(numbers) for ordinal, numbers in expected.items()}

    lab.runner.run(check())


def _numbers(records: Mapping[int, Sequence[Record]], limit: int | None) -> dict[int, list[Canonical]]:
    found: defaultdict[int, list[Canonical]] = defaultdict(list)
    for ordinal, of_parent in records.items():
        found[ordinal] = [record[ROW_KEY] for record in of_parent][:limit]
    return dict(found)
