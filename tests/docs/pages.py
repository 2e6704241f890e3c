"""Pages of ``docs/`` as a test reads them: their fenced blocks in order, and how what they print is compared.

What a test does with a block its info string says; :mod:`tests.docs.page_run` lists what there is for most pages.
"""

import re
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
_FENCE = re.compile(r"^```(\S+)(?: ([^\n]+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One block; ``words`` are those of the info string after the language."""

    page: str
    line: int
    language: str
    words: tuple[str, ...]
    text: str

    @property
    def file(self) -> str:
        """The first word: a file's name, or a role's; empty if there is none."""
        return self.words[0] if self.words else ""

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


def blocks(page: Path) -> Iterator[Block]:
    """The blocks of a page in order; tables of contents are none."""
    text = page.read_text(encoding="utf-8")
    for found in _FENCE.finditer(text):
        if not found[1].startswith("{"):
            yield Block(
                page=page.name,
                line=text.count("\n", 0, found.start()) + 1,
                language=found[1],
                words=tuple((found[2] or "").split()),
                text=found[3],
            )


def run(command: str, folder: Path, environment: Mapping[str, str], status: int = 0) -> str:
    """What a command prints; it must end with ``status``."""
    done = subprocess.run(
        ["/bin/sh", "-e", "-c", command], cwd=folder, env=environment, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == status, done.stdout + done.stderr
    return done.stdout


def pattern(text: str) -> str:
    """``text`` as a regular expression; ``...`` stands for anything."""
    return re.escape(text.rstrip("\n")).replace(re.escape("..."), ".*")
