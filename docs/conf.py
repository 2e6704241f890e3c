"""The documentation's build: Sphinx over these Markdown pages, into pages that need no network to be read."""

import re
from pathlib import Path
from typing import Any

from pygments.lexers.special import TextLexer
from sphinx.application import Sphinx

_ROOT = Path(__file__).parents[1]
_PAGE = re.compile(r"[a-z-]+\Z")

project = "Hutong 互通"
author = "The Hutong contributors"
version = release = re.findall(r'"([0-9.]+[^"]*)"', (_ROOT / "hutong" / "__init__.py").read_text(encoding="utf-8"))[0]
extensions = ["myst_parser"]
exclude_patterns = ["conf.py"]
myst_heading_anchors = 4
myst_enable_extensions = ["colon_fence", "deflist"]
nitpicky = True
# Pygments takes the schema definition language of GraphQL for a mistake; nothing else is told under this name.
suppress_warnings = ["misc.highlighting_failure"]
html_theme = "furo"
html_title = f"Hutong 互通 {version}"
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False
html_show_copyright = False
html_permalinks_icon = "#"
_FONTS = "system-ui, 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif"
html_theme_options: dict[str, Any] = {
    "light_css_variables": {"font-stack": _FONTS, "color-brand-primary": "#a61b1b", "color-brand-content": "#a61b1b"},
    "dark_css_variables": {"color-brand-primary": "#ff8a80", "color-brand-content": "#ff8a80"},
    "footer_icons": [],
}


def setup(app: Sphinx) -> None:
    """Languages that Pygments has no lexer for, or whose lexer takes Chinese names for mistakes, are plain text."""
    for language in ("csv", "sql"):
        app.add_lexer(language, TextLexer)
    app.connect("source-read", _leave_out_absent_pages)


def _leave_out_absent_pages(app: Sphinx, name: str, source: list[str]) -> None:
    """The index names pages that a release may come without; a page that is there must be named."""
    if name == "index":
        lines = source[0].splitlines()
        source[0] = "\n".join(line for line in lines if not _PAGE.match(line) or line in app.env.found_docs)
