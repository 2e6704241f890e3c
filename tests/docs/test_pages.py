"""Every example of the documentation is run, and every page that has examples is among those that are run."""

import os
from pathlib import Path

import pytest

from tests.docs.page_run import PageRun
from tests.docs.pages import DOCS, blocks
from tests.hub_folder import hub_environment

TESTED_ELSEWHERE = {
    "errors": "tests/docs/test_errors_page.py",
    "frontend": "tests/docs/test_frontend.py",
    "transport": "tests/docs/test_limits_page.py",
}
"""Pages whose examples another test runs: page -> that test, from the root of this tree."""
RUN_HERE = [page for page in sorted(DOCS.glob("*.md")) if page.stem not in TESTED_ELSEWHERE and any(blocks(page))]


@pytest.mark.parametrize("page", RUN_HERE, ids=lambda page: page.stem)
async def test_the_page_does_what_it_says(
    page: Path, tmp_path: Path, reference_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = hub_environment(tmp_path, reference_data)
    for name in [name for name in os.environ if name.startswith("HUTONG_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("CHECKOUT", environment["CHECKOUT"])
    monkeypatch.chdir(tmp_path)
    run = PageRun(tmp_path, environment)
    for block in blocks(page):
        try:
            await run.do(block)
        except AssertionError as error:
            raise AssertionError(f"{block}: {error}") from None


def test_pages_tested_elsewhere_are_there() -> None:
    for page, test in TESTED_ELSEWHERE.items():
        assert (DOCS / f"{page}.md").is_file()
        assert (DOCS.parent / test).is_file()
