"""npm packages of a folder: whether Node is there, installing what is locked, running it. Used by the other checks."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

LEAST_NODE = 20
"""Some of the packages ask for 22, for what is not used here."""


def missing() -> str:
    """Why nothing can be run here; empty when it can."""
    if absent := [program for program in ("node", "npm") if shutil.which(program) is None]:
        return f"{' and '.join(absent)} not found on PATH"
    version = run(Path.cwd(), "node", "--version").stdout.strip()
    if int(version.lstrip("v").partition(".")[0]) < LEAST_NODE:
        return f"Node {LEAST_NODE} or newer is needed, this is {version}"
    return ""


def install(folder: Path) -> None:
    """The packages that ``folder`` locks, unless those installed are newer than their lock."""
    done, lock = folder / "node_modules" / ".package-lock.json", folder / "package-lock.json"
    if not done.is_file() or done.stat().st_mtime < lock.stat().st_mtime:
        print(f"installing the npm packages locked in {folder.name}", flush=True)
        run(folder, "npm", "ci", "--loglevel=error", "--ignore-scripts")
        done.touch()


def run(folder: Path, *command: str | Path) -> "subprocess.CompletedProcess[str]":
    """Run a command in ``folder``, a bare name from its packages first; end the check when it fails."""
    binary = folder / "node_modules" / ".bin" / command[0]
    program = binary if binary.is_file() else command[0]
    environment = {**os.environ, "NO_COLOR": "1", "NODE_NO_WARNINGS": "1"}
    done = subprocess.run(
        [program, *command[1:]], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
    return done
