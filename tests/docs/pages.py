"""Pages of ``docs/`` as a test reads them: their code blocks in order, and how what they print is compared.

A block's info string has a language and up to two words: ``csv sources/x.csv``, ``sh``, ``text``.
"""

import re
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
_FENCE = re.compile(r"^```(\w+)(?: (\S+))?(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Block:
    language: str
    file: str
    key: str
    text: str


def blocks(page: Path) -> Iterator[Block]:
    return (Block(*(part or "" for part in found)) for found in _FENCE.findall(page.read_text(encoding="utf-8")))


def run(command: str, folder: Path, environment: Mapping[str, str]) -> str:
    """What a command prints; it must succeed."""
    done = subprocess.run(
        ["/bin/sh", "-e", "-c", command], cwd=folder, env=environment, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def pattern(text: str) -> str:
    """``text`` as a regular expression; ``...`` stands for anything."""
    return re.escape(text.rstrip("\n")).replace(re.escape("..."), ".*")
