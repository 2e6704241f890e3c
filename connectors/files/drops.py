"""Drops: the deliveries of a table that lie in the source's folder, newest first.

Only names, sizes and times are looked at, which is cheap; whether a drop can be read shows when it is loaded.
Neighbour: :mod:`connectors.files.store` compares them with what it has loaded.
"""

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISREG

from connectors.files.tables import FileTable

SETTLED_SECONDS = 2.0
"""How long a file without a marker must have been left alone before it replaces what is served."""

_DAY = re.compile(r"(?<![0-9])([0-9]{4})-?(0[1-9]|1[0-2])-?(0[1-9]|[12][0-9]|3[01])(?![0-9])")
_MONTH = re.compile(r"(?<![0-9])([0-9]{4})-?(0[1-9]|1[0-2])(?![0-9])")


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class DropFile:
    """One file as it was seen: a file that is written anew is another one."""

    path: Path
    size: int
    changed_ns: int

    @property
    def settled(self) -> bool:
        """Nobody has written to it for a while."""
        return time.time_ns() - self.changed_ns >= SETTLED_SECONDS * 1e9


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Drop:
    """One delivery. ``date``: ``YYYY-MM-DD`` by its name (a month is its first day), ``""`` when the name has none.

    ``name``: its path below the source's folder. Equal drops hold the same files, unchanged.
    """

    date: str
    name: str
    files: tuple[DropFile, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """``drops``: complete ones, newest first. ``incomplete``: names of those whose marker is not there."""

    drops: Sequence[Drop]
    incomplete: Sequence[str]


def list_drops(folder: Path, table: FileTable) -> Listing:
    """The drops of ``table`` below ``folder`` (an absolute path without links). Raises ``OSError``."""
    by_name: dict[str, list[DropFile]] = {}
    for path in sorted(folder.glob(table.pattern)):
        if path.name != table.complete and (file := _seen(path, folder)) is not None:
            by_name.setdefault(str((path.parent if table.by_folder else path).relative_to(folder)), []).append(file)
    complete = {name: files for name, files in by_name.items() if _is_complete(folder / name, table)}
    drops = [Drop(date=date_in(name), name=name, files=tuple(files)) for name, files in complete.items()]
    return Listing(drops=sorted(drops, reverse=True), incomplete=sorted(by_name.keys() - complete.keys()))


def date_in(name: str) -> str:
    """The last day or month that ``name`` tells (``dt=20180930``, ``ym=201809``, ``nzhs_201809.csv``), else ``""``."""
    days = _DAY.findall(name)
    if days:
        return "-".join(days[-1])
    months = _MONTH.findall(name)
    return f"{'-'.join(months[-1])}-01" if months else ""


def _is_complete(place: Path, table: FileTable) -> bool:
    return table.complete is None or (place / table.complete).is_file()


def _seen(path: Path, folder: Path) -> DropFile | None:
    """A regular file below ``folder``, links followed."""
    real = path.resolve()
    status = real.stat()
    if not S_ISREG(status.st_mode) or not real.is_relative_to(folder):
        return None
    return DropFile(path=real, size=status.st_size, changed_ns=status.st_mtime_ns)
