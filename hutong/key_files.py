"""Who else could read a file with a key in it.

Neighbours: :mod:`hutong.composition` (the master key), :mod:`hutong.observability.metrics_server` (its token).
"""

import os
from typing import Final

_BEYOND_0600: Final = 0o077
_BEYOND_0640: Final = 0o037


def open_to_others(status: os.stat_result) -> bool:
    """Whether a key file's permissions go beyond 0600 if it is ours, or 0640 if it is root's and we are not root.

    Mounted secrets and credentials are root's, and readable through our group. PostgreSQL judges private keys the same
    way.
    """
    beyond = _BEYOND_0640 if status.st_uid == 0 and os.geteuid() != 0 else _BEYOND_0600
    return bool(status.st_mode & beyond)
