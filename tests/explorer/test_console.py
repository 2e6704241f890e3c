"""What npm's packages say of the page: axe finds nothing inaccessible, TypeScript no wrong type; and the bundle itself.

Skipped where ``make explorer`` has not installed the packages of ``console/``.
"""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hutong.explorer.page_files import EDITOR, page_files
from tests.explorer.conftest import ROOT, Visit

CONSOLE = ROOT / "console"
AXE = CONSOLE / "node_modules" / "axe-core" / "axe.min.js"
COMPILER = CONSOLE / "node_modules" / ".bin" / "tsc"
FINDINGS = """async () => {
    const {violations, passes} = await axe.run(document, {resultTypes: ["violations"]});
    const found = violations.flatMap(({id, help, nodes}) => nodes.map(({target}) => `${id}: ${help} (${target})`));
    return {found, passed: passes.map(({id}) => id)};
}"""
EDITABLE = "scrollable-region-focusable: Scrollable region must have keyboard access (#editor,.cm-scroller)"
"""The editor's text can be edited, so the keys move and scroll it; axe does not see that."""
LARGEST = 800 * 1024
Visits = Callable[..., Visit]


@pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not installed: make explorer")
@pytest.mark.parametrize("view", ["data", "plan", "json"])
@pytest.mark.parametrize(
    "options",
    [
        pytest.param({}, id="light"),
        pytest.param({"color_scheme": "dark", "locale": "en-GB"}, id="dark"),
        pytest.param({"viewport": {"width": 360, "height": 740}}, id="phone"),
    ],
)
def test_nothing_is_inaccessible(visit: Visits, options: dict[str, object], view: str) -> None:
    page = visit(**options).open("#q=masked_for_the_liaison&a=party_liaison&b=resident_public")
    page.click(f"#tab-{view}")
    page.evaluate("document.querySelector('#writing').open = true")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    told = page.evaluate(FINDINGS)
    assert [found for found in told["found"] if found != EDITABLE] == []
    assert {"color-contrast", "label", "region", "aria-required-children"} <= set(told["passed"])


@pytest.mark.skipif(not COMPILER.exists(), reason="TypeScript is not installed: make explorer")
def test_the_pages_code_has_no_wrong_type() -> None:
    done = subprocess.run([COMPILER, "--project", "."], cwd=CONSOLE, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.skipif(EDITOR not in page_files(), reason="the editor is not built: make explorer")
def test_the_bundle_is_of_bounded_size_and_names_no_address() -> None:
    content = page_files()[EDITOR].content
    assert len(content) < LARGEST
    assert b"sourceMappingURL" not in content
    assert (Path(CONSOLE.parent) / "hutong/explorer/static/editor.licences.txt").is_file()


def test_the_demo_goes_on_without_node(tmp_path: Path) -> None:
    """As ``make demo`` calls it, on a copy that was never built and a machine that has no Node."""
    (tmp_path / "console" / "src").mkdir(parents=True)
    for name in ("build.py", "build.mjs", "package-lock.json", "src/editor.js"):
        (tmp_path / "console" / name).write_bytes((CONSOLE / name).read_bytes())
    done = subprocess.run(
        [sys.executable, "-S", "-E", tmp_path / "console" / "build.py", "--for-demo"],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0
    assert "plain text area" in done.stdout
    assert done.stderr == ""


def test_a_build_that_fails_does_not_stop_the_demo_and_is_not_tried_again(tmp_path: Path) -> None:
    (tmp_path / "console" / "src").mkdir(parents=True)
    for name in ("build.py", "build.mjs", "package-lock.json", "src/editor.js"):
        (tmp_path / "console" / name).write_bytes((CONSOLE / name).read_bytes())
    for name, script in (("node", "echo v22.0.0"), ("npm", "exit 1")):
        program = tmp_path / name
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
    said = []
    for arguments in (["--for-demo"], ["--for-demo"], []):
        done = subprocess.run(
            [sys.executable, "-S", "-E", tmp_path / "console" / "build.py", *arguments],
            env={"PATH": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
        )
        said.append((done.returncode, done.stdout + done.stderr))
    assert said[0][0] == 0
    assert "npm could not build it" in said[0][1]
    assert said[1][0] == 0
    assert "tries again" in said[1][1]
    assert said[2][0] == 1
