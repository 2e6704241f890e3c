"""The page's files: ours as they are in ``static/``, and the editor that ``make explorer`` bundles, if it was built.

Everything is read once, at start. Neighbour: :mod:`hutong.explorer.routes` serves them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

STATIC: Final = Path(__file__).parent / "static"
PAGE: Final = "explorer.html"
EDITOR: Final = "editor.js"
"""The bundle of ``console/``; without it the page has a plain text area."""

_MEDIA_TYPES: Final = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFile:
    """A file and its media type."""

    content: bytes
    media_type: str


def page_files(folder: Path = STATIC) -> Mapping[str, PageFile]:
    """Every file that a browser may ask for, by name. Raises ``FileNotFoundError`` when the page is not there."""
    found = {
        file.name: PageFile(content=file.read_bytes(), media_type=_MEDIA_TYPES[file.suffix])
        for file in sorted(folder.iterdir())
        if file.suffix in _MEDIA_TYPES
    }
    if PAGE not in found:
        raise FileNotFoundError(f"the explorer's page is not in {folder}")
    return found
