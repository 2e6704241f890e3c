"""Fixtures of the property tests, and the table of what their operations showed."""

from collections import Counter
from dataclasses import dataclass

import pytest

from connectors.contract import Connector, FetchArguments, Prepared, Row
from demo.oracle.canonical import City
from tests.properties.generated_city import Hub, canonical_values, memory_connectors, oracle_city
from tests.properties.operations import Pool
from tests.resolvers.questions import Wrapped

SHOWN = "shown"
"""Property of a test: (role, counts of leaves) of the operations it asked."""
_TOTALS: dict[str, Counter[str]] = {}


class Noted(Wrapped):
    """Notes the statements that reach the source, and that they do."""

    def __init__(self, inner: Connector, statements: set[str], asked: Counter[str]) -> None:
        super().__init__(inner)
        self._statements, self._asked = statements, asked

    async def fetch(self, prepared: Prepared, arguments: FetchArguments) -> list[Row]:
        self._statements.add(prepared.statement)
        self._asked[self.name] += 1
        return list(await super().fetch(prepared, arguments))


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class World:
    """The hub over the generated city in memory, the oracle's reading of the same rows, values to ask with.

    ``statements`` and ``asked`` (by source) are what reached the sources; whoever reads them empties them first.
    """

    hub: Hub
    statements: set[str]
    asked: Counter[str]
    oracle_city: City
    pool: Pool


@pytest.fixture(scope="session")
def world() -> World:
    """One world for the tests of a process."""
    statements: set[str] = set()
    asked: Counter[str] = Counter()
    connectors = {name: Noted(inner, statements, asked) for name, inner in memory_connectors().items()}
    return World(
        hub=Hub(connectors),
        statements=statements,
        asked=asked,
        oracle_city=oracle_city(),
        pool=canonical_values(),
    )


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
