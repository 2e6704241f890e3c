"""The pictures of ``docs/explorer.md``: taken by ``make screenshots``, of a demo with its real databases."""

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from tests.explorer.conftest import ROOT, SCREENSHOTS, Visit

IMAGES = ROOT / "docs" / "images"
LARGEST = 150 * 1024
Visits = Callable[..., Visit]

PICTURES = [
    pytest.param("explorer", "", {}, None, id="explorer"),
    pytest.param(
        "explorer-dark-plan", "", {"color_scheme": "dark", "locale": "en-GB"}, "plan", id="explorer-dark-plan"
    ),
    pytest.param(
        "explorer-denied",
        "#q=masked_for_the_liaison&a=branch_secretary&b=resident_public",
        {"locale": "en-GB"},
        None,
        id="explorer-denied",
    ),
    pytest.param(
        "explorer-phone", "", {"viewport": {"width": 360, "height": 780}, "has_touch": True}, None, id="explorer-phone"
    ),
]


@pytest.mark.skipif(not SCREENSHOTS, reason="pictures are taken by make screenshots")
@pytest.mark.parametrize(("name", "fragment", "options", "view"), PICTURES)
def test_picture(visit: Visits, name: str, fragment: str, options: dict[str, object], view: str | None) -> None:
    visitor = visit(**options)
    visitor.open(fragment)
    page = visitor.open(fragment)  # once more: the first time plans are made, and pictures show the usual time
    if view is not None:
        page.click(f"#tab-{view}")
    if view == "plan":
        page.locator("[data-result='0'] .steps details").nth(1).locator("summary").click()
        page.locator("[data-result='1'] .steps details").nth(1).locator("summary").click()
    page.evaluate("document.fonts.ready")
    page.mouse.move(0, 0)
    page.evaluate("scrollTo(0, 0)")
    IMAGES.mkdir(exist_ok=True)
    taken = Image.open(BytesIO(page.screenshot()))
    taken.convert("RGB").quantize(128, dither=Image.Dither.NONE).save(IMAGES / f"{name}.png", optimize=True)
    assert (IMAGES / f"{name}.png").stat().st_size < LARGEST


def test_the_page_of_the_docs_shows_each_picture() -> None:
    shown = set(re.findall(r"\]\(images/([\w-]+\.png)\)", (ROOT / "docs" / "explorer.md").read_text(encoding="utf-8")))
    assert shown == {file.name for file in IMAGES.glob("explorer*.png")}
    assert all((IMAGES / name).stat().st_size < LARGEST for name in shown)
    assert {Path(name).stem for name in shown} == {str(picture.id) for picture in PICTURES}
