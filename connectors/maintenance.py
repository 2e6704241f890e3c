"""A connector that refuses everything while its source is being restored: what could be read then is inconsistent.

Neighbours: :mod:`connectors.registry` puts it around a connector whose manifest states ``maintenance``. A mirror needs
none: it goes on answering and only stops pulling (:mod:`connectors.rest.connector`).
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from connectors.contract import Connector, Fetch, FetchArguments, Prepared, Row, TableDescription
from connectors.errors import SourceUnderMaintenance
from connectors.maintenance_window import MaintenanceWindow
from connectors.source_state import SourceState, Stated
from schema.identity import SHANGHAI

Clock = Callable[[], datetime]


def wall_clock() -> datetime:
    """The time now, with its zone."""
    return datetime.now(SHANGHAI)


def refuse_in(window: MaintenanceWindow | None, connector: str, now: datetime) -> None:
    """Raises `SourceUnderMaintenance` while ``now`` lies in ``window``."""
    back = None if window is None else window.back_at(now)
    if back is not None:
        raise SourceUnderMaintenance(connector, back_at=back.isoformat())


class MaintainedConnector:
    """``inner`` outside its maintenance window. Raises `SourceUnderMaintenance` within it."""

    def __init__(self, inner: Connector, window: MaintenanceWindow, clock: Clock = wall_clock) -> None:
        self.name = inner.name
        self.inner = inner
        self._window, self._clock = window, clock

    async def open(self) -> None:
        """As ``inner``."""
        await self.inner.open()

    def prepare(self, fetch: Fetch) -> Prepared:
        """As ``inner``: it does not touch the source."""
        return self.inner.prepare(fetch)

    async def fetch(self, prepared: Prepared, arguments: FetchArguments) -> Sequence[Row]:
        """As ``inner``, outside the window."""
        self._refuse()
        return await self.inner.fetch(prepared, arguments)

    async def describe(self, tables: Sequence[str]) -> Mapping[str, TableDescription]:
        """As ``inner``, outside the window."""
        self._refuse()
        return await self.inner.describe(tables)

    async def as_of(self) -> str | None:
        """As ``inner``, outside the window."""
        self._refuse()
        return await self.inner.as_of()

    def state(self) -> SourceState:
        """As ``inner``, if it tells."""
        return self.inner.state() if isinstance(self.inner, Stated) else SourceState()

    async def close(self) -> None:
        """As ``inner``."""
        await self.inner.close()

    def _refuse(self) -> None:
        refuse_in(self._window, self.name, self._clock())
