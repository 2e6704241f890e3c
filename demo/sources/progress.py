"""Telling how far the loading is."""

from typing import Protocol

from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as RichProgress


class Progress(Protocol):
    """Hears of one task at a time."""

    def start(self, label: str, total: int) -> None:
        """A task of about ``total`` steps begins; the one before has ended."""

    def advance(self, steps: int) -> None:
        """``steps`` more are done."""

    def finish(self) -> None:
        """The last task has ended."""


class Silent:
    """Shows nothing."""

    def start(self, label: str, total: int) -> None:
        """Nothing to show."""

    def advance(self, steps: int) -> None:
        """Nothing to show."""

    def finish(self) -> None:
        """Nothing to show."""


class Bar:
    """A bar per task on the terminal."""

    def __init__(self) -> None:
        self._bars = RichProgress(
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
        )
        self._task: TaskID | None = None

    def start(self, label: str, total: int) -> None:
        """Complete the bar before, if any, and show a new one."""
        if self._task is None:
            self._bars.start()
        self._complete()
        self._task = self._bars.add_task(label, total=total)

    def advance(self, steps: int) -> None:
        """Move the bar."""
        if self._task is not None:
            self._bars.advance(self._task, steps)

    def finish(self) -> None:
        """Complete the bar and leave the terminal as it was."""
        if self._task is not None:
            self._complete()
            self._bars.stop()
            self._task = None

    def _complete(self) -> None:
        if self._task is not None:
            done = self._bars.tasks[-1].completed
            self._bars.update(self._task, total=max(done, 1), completed=max(done, 1))
