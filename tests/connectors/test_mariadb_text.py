"""The codec ``text`` in MariaDB, character by character: what the server says is what the codec says."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from connectors.codecs import build_codec
from connectors.contract import Binding, BoundField, ColumnRef, Fetch, OrderTerm
from connectors.sql.connector import SqlConnector
from connectors.testing.promise import Record, arguments, ask, in_order
from schema.catalog import Place
from schema.predicates import ROW_KEY, Comparison, Not, Operator
from tests.engines import Server, mariadb_engine

pytestmark = pytest.mark.mariadb
PLACE = Place(file="test_mariadb_text.py", line=1)
TEXT = Binding(
    connector="lab",
    entity="Text",
    table="texts",
    row_key=BoundField(name=ROW_KEY, columns=(ColumnRef(column="no"),), codec=build_codec("integer", {}), place=PLACE),
    fields={
        "text": BoundField(name="text", columns=(ColumnRef(column="text"),), codec=build_codec("text", {}), place=PLACE)
    },
    place=PLACE,
)
ORDERED = Fetch(binding=TEXT, projection=(ROW_KEY, "text"), order=(OrderTerm(field="text"), OrderTerm(field=ROW_KEY)))
CHARACTERS = [
    character
    for first in range(0x81, 0xFF)
    for second in (*range(0x40, 0x7F), *range(0x80, 0xFF))
    for character in bytes((first, second)).decode("gbk", "ignore")
]


@pytest.fixture(scope="module")
def gbk(mariadb_server: Server) -> Iterator[tuple[SqlConnector[Any], asyncio.Runner]]:
    with mariadb_engine(mariadb_server, "gbk", promised=True) as engine, asyncio.Runner() as runner:
        stored = [(number, f"a{character} ") for number, character in enumerate(CHARACTERS)]
        engine.make("texts", {"no": "int", "text": "varchar(8)"}, stored, "DEFAULT CHARSET gbk")
        connector = engine.connector({"Text": TEXT})
        yield connector, runner
        runner.run(connector.close())


async def _every(connector: SqlConnector[Any], fetch: Fetch, *values: Any) -> list[Record]:
    answer = await ask(connector, fetch, arguments(values))
    assert answer.prepared.residual is None
    return list(answer.records.get(0, ()))


def test_every_gbk_character_is_sorted_by_its_nfkc_form(gbk: tuple[SqlConnector[Any], asyncio.Runner]) -> None:
    connector, runner = gbk
    prepared = connector.prepare(ORDERED)
    assert prepared.ordered
    records = runner.run(_every(connector, ORDERED))
    assert len(records) == len(CHARACTERS)
    assert [record[ROW_KEY] for record in records] == [r[ROW_KEY] for r in in_order(records, ORDERED.order)]


@pytest.mark.parametrize("value", ["a(", "a1", "aV", "a郎", "a", "a...", "a正", "a\\", "a℃", "akg"])
def test_nfkc_forms_are_found(gbk: tuple[SqlConnector[Any], asyncio.Runner], value: str) -> None:
    connector, runner = gbk
    expected = [record for record in runner.run(_every(connector, ORDERED)) if record["text"] == value]
    for predicate in (Comparison("text", Operator.EQ, 0), Not(Comparison("text", Operator.NE, 0))):
        fetch = Fetch(binding=TEXT, projection=(ROW_KEY, "text"), predicate=predicate, order=ORDERED.order)
        assert runner.run(_every(connector, fetch, value)) == expected
