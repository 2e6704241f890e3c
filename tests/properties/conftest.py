"""Fixtures of the property tests, and the table of what their operations showed."""

import csv
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from connectors.contract import Connector, FetchArguments, Prepared, Row
from demo.oracle.canonical import City
from demo.oracle.raw import RawCity
from tests.properties.generated_city import DIVISIONS, Hub, canonical_values, memory_connectors, raw_tables
from tests.properties.operations import Pool
from tests.resolvers.questions import Wrapped

SHOWN = "shown"
"""Property of a test: (role, counts of leaves) of the operations it asked."""
_TOTALS: dict[str, Counter[str]] = {}


class Noted(Wrapped):
    """Notes the statements that reach the source."""

    def __init__(self, inner: Connector, statements: set[str]) -> None:
        super().__init__(inner)
        self._statements = statements

    async def fetch(self, prepared: Prepared, arguments: FetchArguments) -> list[Row]:
        self._statements.add(prepared.statement)
        return list(await super().fetch(prepared, arguments))


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class World:
    """The hub over the generated city in memory, the oracle's reading of the same rows, values to ask with."""

    hub: Hub
    statements: set[str]
    oracle_city: City
    pool: Pool


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """One world for the tests of a process."""
    folder = tmp_path_factory.mktemp("divisions")
    statements: set[str] = set()
    connectors = {name: Noted(inner, statements) for name, inner in memory_connectors(folder).items()}
    return World(
        hub=Hub(connectors),
        statements=statements,
        oracle_city=oracle_city(folder),
        pool=canonical_values(),
    )


def oracle_city(folder: Path) -> City:
    """The raw rows as the oracle reads them; the divisions' file lies in ``folder``."""
    tables = raw_tables()
    with (folder / DIVISIONS).open(encoding="utf-8", newline="") as file:
        divisions = [dict(row) for row in csv.DictReader(file)]
    return City(RawCity(s1=tables["s1"], s2=tables["s2"], s3=tables["s3"], divisions=divisions))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    for name, told in report.user_properties if report.when == "call" else ():
        if name == SHOWN:
            role, counts = told
            _TOTALS.setdefault(role, Counter()).update(counts)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not _TOTALS:
        return
    columns = ("operations", "clear", "masked", "denied")
    terminalreporter.section("confidentiality: leaves of all answers, equal to the oracle's")
    terminalreporter.write_line("".join((f"{'role':<20}", *(f"{column:>12}" for column in columns))))
    for role, counts in sorted(_TOTALS.items()):
        terminalreporter.write_line("".join((f"{role:<20}", *(f"{counts[column]:>12,}" for column in columns))))
