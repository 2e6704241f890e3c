"""What every engine does for the loader."""

from collections.abc import Sequence
from typing import Protocol

from demo.city.tables import Table

Row = tuple[object, ...]


class Store(Protocol):
    """A database being filled. Nothing is visible as complete before ``finish``."""

    def create(self, table: Table) -> None:
        """Make an empty table."""

    def insert(self, table: Table, rows: Sequence[Row]) -> None:
        """Append rows to a table made before."""

    def finish(self) -> None:
        """Make the indexes, let the reader in, commit and close."""

    def abandon(self) -> None:
        """Close without completing; for errors and interrupts. Safe after ``finish``."""
