"""Sums of products, and rows found by name that count if they are the only one: the same in every engine."""

from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import pytest

from connectors.codecs import build_codec
from connectors.codecs.only import Only
from connectors.contract import (
    Aggregation,
    Binding,
    BoundField,
    ColumnRef,
    Connector,
    Fetch,
    KeyMatch,
    SourceCondition,
    SubSelect,
)
from connectors.memory import MemoryConnector
from connectors.testing.engine import manifest_of
from connectors.testing.promise import arguments, ask
from schema.catalog import Place
from schema.predicates import ROW_KEY, Comparison, IsNull, Operator
from tests.engines import mariadb_engine, postgresql_engine, sqlite_engine

PLACE = Place(file="test_sub_selects.py", line=1)
ID, OTHER = "430790198001010016", "430791199202290123"
BRANCHES = (("A", "张三"), ("B", "张三"), ("C", "李四"), ("D", None), ("E", ""), ("F", "王五"), ("G", "赵六"))
MEMBERS = (
    (1, "A", "张三", ID, "0"),
    (2, "A", "李四", OTHER, "0"),
    (3, "B", "张三", OTHER, "0"),
    (4, "B", "张三", ID, "0"),
    (5, "F", "王五", "不详", "0"),
    (6, "G", "赵六", ID, "1"),
    (7, "G", "赵六", OTHER.lower(), "0"),
)
LINES = ((1, "A", 2, 300), (2, "A", 3, 50), (3, "B", None, 70), (4, "B", 1_000_000, 3_000), (5, "C", -1, 5))
SECRETARIES = {"A": ID, "B": None, "C": None, "D": None, "E": None, "F": "~lab:5", "G": OTHER}
SUMS = {"A": 750, "B": 3_000_000_000, "C": -5, "D": 0, "E": 0, "F": 0, "G": 0}


def _field(name: str, sub_select: SubSelect, codec: Any) -> BoundField:
    return BoundField(name=name, columns=(), codec=codec, place=PLACE, sub_select=sub_select)


CODE = BoundField(name=ROW_KEY, columns=(ColumnRef(column="code"),), codec=build_codec("token", {}), place=PLACE)
BRANCH = Binding(
    connector="lab",
    entity="Branch",
    table="branches",
    row_key=CODE,
    fields={
        "code": replace(CODE, name="code"),
        "secretary": _field(
            "secretary",
            SubSelect(
                aggregation=Aggregation.UNIQUE,
                table="members",
                on=((ColumnRef(column="code"), "branch"), (ColumnRef(column="named"), "name")),
                conditions=(SourceCondition(column=ColumnRef(column="gone"), values=("1",), negated=True),),
                columns=("id_no", "no"),
            ),
            Only(inner=build_codec("identity", {"connector": "lab", "local": "integer"})),
        ),
        "amount": _field(
            "amount",
            SubSelect(
                aggregation=Aggregation.SUM,
                table="lines",
                on=((ColumnRef(column="code"), "branch"),),
                columns=("qty", "price"),
            ),
            build_codec("fen", {}),
        ),
    },
    place=PLACE,
)
TABLES: dict[str, tuple[dict[str, str], tuple[tuple[Any, ...], ...]]] = {
    "branches": ({"code": "varchar(4)", "named": "varchar(30)"}, BRANCHES),
    "members": (
        {"no": "int", "branch": "varchar(4)", "name": "varchar(30)", "id_no": "varchar(18)", "gone": "char(1)"},
        MEMBERS,
    ),
    "lines": ({"no": "int", "branch": "varchar(4)", "qty": "int", "price": "int"}, LINES),
}
ENGINES = (
    "memory",
    "sqlite",
    pytest.param("postgresql", marks=pytest.mark.postgresql),
    pytest.param("mariadb", marks=pytest.mark.mariadb),
)


@pytest.fixture(scope="module", params=ENGINES)
def source(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with ExitStack() as stack:
        match request.param:
            case "memory":
                tables = {
                    name: [dict(zip(columns, row, strict=True)) for row in rows]
                    for name, (columns, rows) in TABLES.items()
                }
                yield lambda: MemoryConnector(manifest_of("memory", {}, {"Branch": BRANCH}), tables)
                return
            case "sqlite":
                engine: Any = stack.enter_context(sqlite_engine(tmp_path_factory.mktemp("sqlite")))
            case "postgresql":
                engine = stack.enter_context(postgresql_engine(request.getfixturevalue("postgresql_server")))
            case _:
                engine = stack.enter_context(mariadb_engine(request.getfixturevalue("mariadb_server")))
        for name, (columns, rows) in TABLES.items():
            engine.make(name, columns, list(rows))
        yield lambda: engine.connector({"Branch": BRANCH})


@pytest.fixture
async def connector(source: Any) -> AsyncIterator[Connector]:
    connector = source()
    await connector.open()
    yield connector
    await connector.close()


async def _codes(connector: Connector, fetch: Fetch, *parameters: Any, **given: Any) -> list[Any]:
    answer = await ask(connector, replace(fetch, projection=("code",)), arguments(parameters, **given))
    return sorted(record["code"] for records in answer.records.values() for record in records)


async def test_values_are_those_of_the_only_row_and_the_sum_of_products(connector: Connector) -> None:
    answer = await ask(connector, Fetch(binding=BRANCH, projection=("code", "secretary", "amount")), arguments())
    rows = answer.records[0]
    assert {row["code"]: row["secretary"] for row in rows} == SECRETARIES
    assert {row["code"]: row["amount"] for row in rows} == SUMS


async def test_a_name_that_leads_to_no_row_or_to_several_is_told(connector: Connector) -> None:
    prepared = connector.prepare(Fetch(binding=BRANCH, projection=("code", "secretary")))
    code, secretary = prepared.columns["code"].start, prepared.columns["secretary"]
    rows = await connector.fetch(prepared, arguments())
    told = {
        row[code]: secretary.codec.quality(*row[secretary.start : secretary.start + secretary.codec.arity])
        for row in rows
    }
    assert told == {**dict.fromkeys("ADEFG"), "B": "NAME_UNRESOLVED", "C": "NAME_UNRESOLVED"}


async def test_rows_are_found_by_what_the_sub_selects_give(connector: Connector) -> None:
    fetch = Fetch(binding=BRANCH, projection=("code",))
    equal = replace(fetch, predicate=Comparison("secretary", Operator.EQ, 0))
    assert await _codes(connector, equal, ID) == ["A"]
    assert await _codes(connector, equal, "~lab:5") == ["F"]
    assert await _codes(connector, replace(fetch, predicate=IsNull("secretary"))) == ["B", "C", "D", "E"]
    assert await _codes(connector, replace(fetch, predicate=Comparison("amount", Operator.GT, 0)), 0) == ["A", "B"]
    by_person = replace(fetch, keys=KeyMatch(fields=("secretary",)))
    assert await _codes(connector, by_person, keys=[(OTHER,), (None,), ("~lab:5",)]) == ["F", "G"]
