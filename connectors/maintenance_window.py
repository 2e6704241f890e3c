"""When a source is closed every day, as its manifest says under ``maintenance``.

Neighbours: :mod:`connectors.manifest_pulls` reads it, :mod:`connectors.maintenance` keeps callers out.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class MaintenanceWindow:
    """Every day from ``begin`` up to ``end``, local times of ``zone``; it may reach over midnight."""

    begin: time
    end: time
    zone: ZoneInfo

    def back_at(self, now: datetime) -> datetime | None:
        """The end of the window that ``now`` lies in; ``None`` outside."""
        local = now.astimezone(self.zone)
        for days in (-1, 0):
            begins = datetime.combine(local.date() + timedelta(days=days), self.begin, self.zone)
            ends = datetime.combine(begins.date(), self.end, self.zone)
            if self.end <= self.begin:
                ends = datetime.combine(begins.date() + timedelta(days=1), self.end, self.zone)
            if begins <= local < ends:
                return ends
        return None
