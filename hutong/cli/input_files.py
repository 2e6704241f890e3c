"""Files that commands read as text."""

import sys
from pathlib import Path

from hutong.cli.failures import Explained
from schema.messages import commands


def read_text(file: Path) -> str:
    """The text of a file, or of standard input for ``-``. Raises `Explained` for what is no UTF-8 text."""
    try:
        return sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise Explained(commands.TEXT_UNREADABLE(file=str(file))) from None
