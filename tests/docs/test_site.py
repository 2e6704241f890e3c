"""The site: built without a warning, whole, and readable without a network."""

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.docs.pages import DOCS

_LOADED = {"script": "src", "img": "src", "link": "href", "iframe": "src", "source": "src"}


class Page(HTMLParser):
    """What a page loads, and where its links lead."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in _LOADED and (address := given.get(_LOADED[tag])) is not None:
            self.loads.append(address)
        elif tag == "a" and given.get("href"):
            self.links.append(str(given["href"]))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    command = [
        sys.executable,
        "-m",
        "sphinx",
        "-q",
        "-W",
        "--keep-going",
        "-d",
        folder / "doctrees",
        DOCS,
        folder / "html",
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return folder / "html"


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, Page]:
    return {file: Page(file.read_text(encoding="utf-8")) for file in site.rglob("*.html")}


def test_every_source_is_a_page(site: Path) -> None:
    sources = {file.relative_to(DOCS).with_suffix(".html") for file in DOCS.rglob("*.md")}
    assert [page for page in sources if not (site / page).is_file()] == []


def test_nothing_is_loaded_from_a_network(site: Path, pages: dict[Path, Page]) -> None:
    assert [address for page in pages.values() for address in page.loads if "//" in address] == []
    for style in site.rglob("*.css"):
        text = style.read_text(encoding="utf-8")
        assert not re.search(r"@import|url\([\"']?(https?:)?//", text), style.name


def test_everything_that_is_loaded_is_there(pages: dict[Path, Page]) -> None:
    for file, page in pages.items():
        for address in page.loads:
            if not address.startswith("data:"):
                assert (file.parent / re.split("[?#]", address)[0]).exists(), (file.name, address)


def test_no_page_of_ours_is_linked_to_that_is_not_there(site: Path, pages: dict[Path, Page]) -> None:
    anchors = {file.resolve(): set(re.findall(r'\sid="([^"]+)"', file.read_text(encoding="utf-8"))) for file in pages}
    for file, page in pages.items():
        for link in page.links:
            address, _, anchor = link.partition("#")
            if re.match(r"[a-z]+:|//", address):
                continue
            target = (file.parent / address).resolve() if address else file.resolve()
            assert target.exists(), (file.name, link)
            if anchor and target in anchors:
                assert anchor in anchors[target], (file.name, link)
