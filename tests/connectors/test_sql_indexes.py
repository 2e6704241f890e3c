"""Statements keep the source's indexes in use: what a department has indexed is not scanned."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from connectors.codecs import build_codec
from connectors.contract import (
    Aggregation,
    Binding,
    BoundField,
    ColumnRef,
    Fetch,
    FetchArguments,
    KeyMatch,
    OrderTerm,
    RelatedBinding,
    SubSelect,
)
from connectors.sql.connector import SqlConnector
from connectors.testing.promise import arguments
from schema.catalog import Place
from schema.predicates import ROW_KEY, Comparison, Exists, Operator
from schema.trees import Tree
from tests.engines import SqlEngine, mariadb_engine, postgresql_engine, sqlite_engine

PLACE = Place(file="test_sql_indexes.py", line=1)
ID = "430790198001010016"
CODES = [f"001{county:03}{town:03}000000" for county in range(1, 11) for town in range(1, 31)]
MEMBERS = [
    (number, CODES[number % 300], ID if number == 77 else f"43079019{number:010}", f"{1930 + number % 70}0101")
    for number in range(9_000)
]


def _bound(name: str, kind: str, *columns: str, **parameters: Any) -> BoundField:
    refs = tuple(ColumnRef(column=column) for column in columns)
    return BoundField(name=name, columns=refs, codec=build_codec(kind, parameters), place=PLACE)


def _binding(entity: str, table: str, row_key: BoundField, *fields: BoundField) -> Binding:
    by_name = {bound.name: bound for bound in fields}
    return Binding(connector="lab", entity=entity, table=table, row_key=row_key, fields=by_name, place=PLACE)


MEMBER = _binding(
    "Member",
    "DY_JBXX",
    _bound(ROW_KEY, "integer", "DYBH"),
    _bound("memberNo", "integer", "DYBH"),
    _bound("orgCode", "token", "DZZDM"),
    _bound("idNumber", "id_number", "SFZH"),
    _bound("identity", "identity", "SFZH", "DYBH", connector="lab", local="integer"),
    _bound("joinedOn", "date_digits", "RDRQ"),
)
ORG = _binding(
    "Org",
    "DZZ_JBXX",
    _bound(ROW_KEY, "token", "DZZDM"),
    _bound("orgCode", "token", "DZZDM"),
    BoundField(
        name="memberCount",
        columns=(),
        codec=build_codec("integer", {}),
        place=PLACE,
        sub_select=SubSelect(
            aggregation=Aggregation.COUNT, table="DY_JBXX", on=((ColumnRef(column="DZZDM"), "DZZDM"),)
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Case:
    """A fetch that must not scan; ``count`` rows."""

    fetch: Fetch
    count: int
    parameters: tuple[Any, ...] = ()
    keys: tuple[Any, ...] | None = None
    limit: int | None = None
    related: dict[str, RelatedBinding] = field(default_factory=dict)


def _where(name: str, operator: Operator, binding: Binding = MEMBER) -> Fetch:
    return Fetch(binding=binding, projection=("orgCode",), predicate=Comparison(name, operator, 0))


def _hop(name: str, tree: Tree | None = None, *, limited: bool = False) -> Fetch:
    order = (OrderTerm(field=ROW_KEY),)
    match = KeyMatch(fields=(name,), tree=tree)
    return Fetch(binding=MEMBER, projection=("joinedOn",), keys=match, order=order, limited=limited)


_LAST = (OrderTerm(field=ROW_KEY, descending=True),)
CASES = {
    "equal": Case(_where("orgCode", Operator.EQ), 30, (CODES[0],)),
    "one of": Case(_where("orgCode", Operator.IN), 60, (CODES[:2],)),
    "prefix": Case(_where("orgCode", Operator.STARTS_WITH), 30, ("001002003",)),
    "range": Case(_where("orgCode", Operator.LTE), 30, (CODES[0],)),
    "id number": Case(_where("idNumber", Operator.EQ), 1, (ID,)),
    "identity": Case(_where("identity", Operator.EQ), 1, (ID,)),
    "date range": Case(_where("joinedOn", Operator.LT), 129, ("1930-12-31",)),
    "hop by code": Case(_hop("orgCode"), 60, keys=((CODES[0],), (CODES[1],))),
    "hop by code, first rows": Case(_hop("orgCode", limited=True), 4, keys=((CODES[0],), (CODES[1],)), limit=2),
    "hop by number": Case(_hop("memberNo"), 2, keys=((5,), (6,))),
    "hop by identity": Case(_hop("identity"), 1, keys=((ID,),)),
    "hop by identity, one local": Case(_hop("identity"), 2, keys=((ID,), ("~lab:5",))),
    "hop by subtree": Case(_hop("orgCode", Tree.ORG), 30, keys=((CODES[0],),)),
    "exists": Case(
        Fetch(
            binding=MEMBER,
            projection=("orgCode",),
            predicate=Exists("org", Comparison("orgCode", Operator.EQ, 0)),
            related={"org": RelatedBinding(binding=ORG, local="orgCode", remote="orgCode")},
        ),
        30,
        (CODES[0],),
    ),
    "sub-select": Case(
        Fetch(binding=ORG, projection=("memberCount",), predicate=Comparison("orgCode", Operator.EQ, 0)), 1, (CODES[0],)
    ),
    "order by row key": Case(Fetch(binding=MEMBER, projection=("orgCode",), order=_LAST, limited=True), 3, limit=3),
    "order by code": Case(
        Fetch(binding=ORG, projection=("orgCode",), order=(OrderTerm(field="orgCode"),), limited=True), 3, limit=3
    ),
}


def _scans_sqlite(plan: list[tuple[Any, ...]]) -> bool:
    lines = [str(row[3]) for row in plan]
    scanned = any(line.startswith("SCAN") and "base" in line and "INDEX" not in line for line in lines)
    return scanned and len(lines) > 1  # alone, it walks the rows in the order of their key


def _scans_postgresql(plan: list[tuple[Any, ...]]) -> bool:
    return any('Seq Scan on "DY_JBXX"' in str(row[0]) for row in plan)


def _scans_mariadb(plan: list[tuple[Any, ...]]) -> bool:
    tables = [row for row in plan if "base" in str(row[2]) or row[2] == "within"]
    return any(row[3] == "ALL" and "Range checked" not in str(row[9]) for row in tables)


@dataclass(frozen=True, slots=True)
class Library:
    """A loaded engine, its connector, and how its plans show a scan."""

    connector: SqlConnector[Any]
    runner: asyncio.Runner
    explain: str
    scans: Callable[[list[tuple[Any, ...]]], bool]


def _load(engine: SqlEngine, charset: str) -> None:
    number = "INTEGER" if engine.name == "sqlite" else "int"
    options = f"DEFAULT CHARSET {charset}" if engine.name == "mysql" else ""
    engine.make("DZZ_JBXX", {"DZZDM": "char(15)"}, [(code,) for code in CODES], options)
    columns = {"DYBH": number, "DZZDM": "char(15)", "SFZH": "varchar(18)", "RDRQ": "char(8)"}
    engine.make("DY_JBXX", columns, MEMBERS, options)
    for column in ("DZZDM", "SFZH", "RDRQ"):
        engine.execute(
            f"CREATE INDEX {engine.quote('ix_' + column)} ON {engine.quote('DY_JBXX')} ({engine.quote(column)})"
        )
    engine.execute("ANALYZE TABLE `DY_JBXX`, `DZZ_JBXX`" if engine.name == "mysql" else "ANALYZE")


@pytest.fixture(
    scope="module",
    params=[
        "sqlite",
        pytest.param("postgresql", marks=pytest.mark.postgresql),
        pytest.param("mariadb", marks=pytest.mark.mariadb),
    ],
)
def library(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    match request.param:
        case "sqlite":
            making: Any = sqlite_engine(tmp_path_factory.mktemp("indexes"))
            explain, scans = "EXPLAIN QUERY PLAN ", _scans_sqlite
        case "postgresql":
            making = postgresql_engine(request.getfixturevalue("postgresql_server"))
            explain, scans = "EXPLAIN ", _scans_postgresql
        case _:
            making = mariadb_engine(request.getfixturevalue("mariadb_server"), "gbk", promised=True)
            explain, scans = "EXPLAIN ", _scans_mariadb
    with making as engine, asyncio.Runner() as runner:
        _load(engine, "gbk")
        connector = engine.connector({"Member": MEMBER, "Org": ORG})
        runner.run(connector.open())
        runner.run(connector.as_of())
        yield Library(connector, runner, explain, scans)
        runner.run(connector.close())


@pytest.mark.parametrize("name", CASES)
def test_indexed_columns_are_not_scanned(library: Library, name: str) -> None:
    case, connector = CASES[name], library.connector

    async def run() -> tuple[int, list[tuple[Any, ...]]]:
        given: FetchArguments = arguments(case.parameters, keys=case.keys, limit=case.limit)
        prepared = connector.prepare(case.fetch)
        rows = await connector.fetch(prepared, given)
        call = prepared.native.compilation.call(given)
        assert call is not None
        plan = await connector.run(library.explain + call[0], call[1], given.deadline)
        return len(rows), [tuple(row) for row in plan]

    count, plan = library.runner.run(run())
    assert count == case.count
    if name == "exists" and library.scans is _scans_sqlite:
        return  # SQLite looks each row's organisation up, by its index
    assert not library.scans(plan), plan
