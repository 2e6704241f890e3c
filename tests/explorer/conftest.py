"""The explorer's page in headless Chromium. Without a Chromium on PATH these tests are skipped.

With ``HUTONG_SCREENSHOTS=1`` (``make screenshots``) the page is a real demo's, and its pictures go to ``docs/images``.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.explorer.site import explorer_app, served

ROOT = Path(__file__).parents[2]
SCREENSHOTS = bool(os.environ.get("HUTONG_SCREENSHOTS"))
FLAGS = (
    "--no-sandbox",
    "--headless",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium of the system. One for each module: while Playwright runs, no asynchronous test can."""
    found = next((path for name in NAMES if (path := shutil.which(name)) is not None), None)
    if found is None:
        pytest.skip(f"no Chromium on PATH ({', '.join(NAMES)})")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def url(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Of a page over the generated city; for pictures, of a demo with its real databases."""
    folder = tmp_path_factory.mktemp("explorer")
    if SCREENSHOTS:
        yield from _demo(folder)
    else:
        with served(explorer_app(folder)) as found:
            yield found


def _demo(folder: Path) -> Iterator[str]:
    command = [sys.executable, "-m", "hutong", "demo", "--port", "8189", "--state", str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + 180
        while True:
            assert process.poll() is None, "the demo does not start"
            assert time.monotonic() < deadline, "the demo does not answer"
            try:
                httpx.get("http://127.0.0.1:8189/healthz")
                break
            except httpx.TransportError:
                time.sleep(0.2)
        yield "http://127.0.0.1:8189"
        process.send_signal(signal.SIGINT)


class Visit:
    """A page and what it should not have done: messages on the console, requests to other origins."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.page: Page = context.new_page()
        self.context = context
        self.url = url
        self.complaints: list[str] = []
        self.page.on("console", lambda message: self.complaints.append(f"{message.type}: {message.text}"))
        self.page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        self.page.on("requestfailed", lambda request: self.complaints.append(f"failed: {request.url}"))
        self.page.on("request", lambda request: self._seen(request.url))

    def _seen(self, address: str) -> None:
        if not address.startswith(self.url):
            self.complaints.append(f"request to {address}")

    def open(self, fragment: str = "") -> Page:
        """Open the page, wait until it is ready, its editor too, and for the first answers."""
        self.page.goto(f"{self.url}/{fragment}")
        self.page.wait_for_selector("html[data-ready]")
        self.answered()
        return self.page

    def answered(self) -> None:
        """Wait until neither column is busy and both show something."""
        self.page.wait_for_function(
            "() => [...document.querySelectorAll('.result')].every(r => r.children.length && !r.ariaBusy)"
        )


@pytest.fixture
def visit(browser: Browser, url: str) -> Iterator[Callable[..., Visit]]:
    """Makes visitors (options as ``Browser.new_context`` takes them); at the end none of them may complain."""
    made: list[Visit] = []

    def make(**options: object) -> Visit:
        given: dict[str, object] = {"locale": "zh-CN", "viewport": {"width": 1440, "height": 900}, **options}
        made.append(Visit(browser.new_context(**given), url))  # type: ignore[arg-type]
        return made[-1]

    yield make
    complaints = [complaint for visitor in made for complaint in visitor.complaints]
    for visitor in made:
        visitor.context.close()
    assert complaints == []
