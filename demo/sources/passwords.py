"""Generated secrets, each in a file that only its owner reads."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path


def password(directory: Path, name: str) -> str:
    """The password ``name``; generated on first use into ``directory`` (mode 0700) as a file of mode 0600."""
    return secret(directory, name, lambda: secrets.token_urlsafe(24))


def secret(directory: Path, name: str, generate: Callable[[], str]) -> str:
    """As :func:`password`, with ASCII text of ``generate`` on first use."""
    path = password_file(directory, name)
    if not path.exists():
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(generate())
    return path.read_text(encoding="ascii")


def password_file(directory: Path, name: str) -> Path:
    """Where the secret ``name`` is kept."""
    return directory / f"{name}.password"
