"""Files with a key in them: the master key, and who else could read such a file.

Neighbours: :mod:`hutong.composition` and the tools (the master key), :mod:`hutong.observability.metrics_server` (its
token).
"""

import os
import re
from pathlib import Path
from typing import Final

from hutong.lifecycle import StartRefused
from schema.messages import starting

_MASTER_KEY = re.compile(r"[0-9a-fA-F]{64}\Z")
_BEYOND_0600: Final = 0o077
_BEYOND_0640: Final = 0o037


def open_to_others(status: os.stat_result) -> bool:
    """Whether a key file's permissions go beyond 0600 if it is ours, or 0640 if it is root's and we are not root.

    Mounted secrets and credentials are root's, and readable through our group. PostgreSQL judges private keys the same
    way.
    """
    beyond = _BEYOND_0640 if status.st_uid == 0 and os.geteuid() != 0 else _BEYOND_0600
    return bool(status.st_mode & beyond)


def read_master_key(file: Path) -> bytes:
    """The master key: 64 hexadecimal digits. Raises `StartRefused` for a file that is missing, open to all or wrong."""
    try:
        status, text = file.stat(), file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        raise StartRefused(starting.MASTER_KEY_UNREADABLE(file=str(file))) from None
    if open_to_others(status):
        raise StartRefused(starting.MASTER_KEY_OPEN(file=str(file)))
    if not _MASTER_KEY.match(text):
        raise StartRefused(starting.MASTER_KEY_FORM(file=str(file)))
    return bytes.fromhex(text)
