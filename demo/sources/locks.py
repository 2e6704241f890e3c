"""Who uses a state directory: one loader at a time, any number of users, and the last one turns off the light."""

import fcntl
import os
from pathlib import Path


class InUseError(RuntimeError):
    """Other processes use the sources, so they cannot be loaded anew."""

    def __init__(self, state_dir: Path) -> None:
        super().__init__(f"the sources in {state_dir} are in use by another process; stop it to load another city")


class FileLock:
    """An advisory lock on a file; it ends with the process at the latest."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._descriptor: int | None = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def exclusive(self) -> None:
        """Wait until nobody else holds it."""
        fcntl.flock(self._open(), fcntl.LOCK_EX)

    def try_exclusive(self) -> bool:
        """Take it alone; False, holding nothing, if somebody else has it."""
        try:
            fcntl.flock(self._open(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def shared(self) -> None:
        """Hold it beside others."""
        fcntl.flock(self._open(), fcntl.LOCK_SH)

    def release(self) -> None:
        """Let go; safe to call twice."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _open(self) -> int:
        if self._descriptor is None:
            raise ValueError("the lock was released")
        return self._descriptor
