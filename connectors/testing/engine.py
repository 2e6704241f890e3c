"""What an engine must offer to be put through the conformance suite.

Neighbours: :mod:`connectors.testing.conformance` uses it; the engines' own implementations live with their tests.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from connectors.contract import Binding, Connector, Freshness, Manifest
from schema.catalog import Place, Title


class ColumnKind(StrEnum):
    """Column types every engine has, in its own words: text in any characters, 64-bit integers."""

    TEXT = "text"
    INTEGER = "integer"


@dataclass(frozen=True, slots=True, kw_only=True)
class RawTable:
    """A source table as the suite wants it: the first column is the primary key; rows are values by column position."""

    name: str
    columns: Mapping[str, ColumnKind]
    rows: Sequence[tuple[Any, ...]]
    indexes: tuple[str, ...] = ()

    def as_dicts(self) -> list[dict[str, Any]]:
        """The rows by column name, as the memory connector takes them."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


class EngineUnderTest(Protocol):
    """One engine with one empty database, for the life of a test class. Only ``write`` may use the event loop."""

    name: str

    def load(self, tables: Sequence[RawTable]) -> None:
        """Make the tables and fill them, replacing tables of the same names."""

    def connector(self, bindings: Mapping[str, Binding]) -> Connector:
        """A connector over the loaded tables, not yet open. The suite opens and closes it."""

    def unreachable(self, bindings: Mapping[str, Binding]) -> Connector:
        """A connector whose source is down: a closed port, a missing file."""

    def drop_column(self, table: str, column: str) -> None:
        """Change the source behind the hub's back."""

    async def write(self, connector: Connector, table: str) -> None:
        """Try to delete all rows of ``table`` through the open connector's own connection; must raise."""


def manifest_of(engine: str, settings: Mapping[str, Any], bindings: Mapping[str, Binding]) -> Manifest:
    """A manifest around the suite's bindings, for engines whose connectors take one."""
    connector = next(iter(bindings.values())).connector
    return Manifest(
        connector=connector,
        title=Title(zh="一致性测试", en="Conformance"),
        department="TEST",
        engine=engine,
        settings=settings,
        freshness=Freshness(live=True, max_age_seconds=60),
        bindings=bindings,
        place=Place(file="conformance", line=1),
    )
