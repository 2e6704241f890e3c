"""The npm packages of checks, examples and tests: exact versions, checked by hash, from whichever registry there is."""

import json
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LISTED = subprocess.run(
    ["git", "ls-files", "*package-lock.json"], cwd=ROOT, capture_output=True, text=True, check=False
).stdout.split()
FOLDERS = [(ROOT / name).parent for name in LISTED]


@pytest.fixture(params=FOLDERS, ids=lambda folder: str(folder.relative_to(ROOT)))
def folder(request: pytest.FixtureRequest) -> Path:
    found: Path = request.param
    return found


def packages_of(folder: Path) -> dict[str, dict[str, str]]:
    locked: dict[str, dict[str, str]] = json.loads((folder / "package-lock.json").read_text(encoding="utf-8"))[
        "packages"
    ]
    return locked


def test_there_are_locks() -> None:
    assert len(FOLDERS) >= 2


def test_the_lock_names_no_registry(folder: Path) -> None:
    lock = (folder / "package-lock.json").read_text(encoding="utf-8")
    assert not re.search(r'"resolved"|registry|\.tgz|"(file|git\+?\w*):', lock)


def test_a_new_lock_would_name_none_either(folder: Path) -> None:
    assert "omit-lockfile-registry-resolved=true" in (folder / ".npmrc").read_text(encoding="utf-8").splitlines()


def test_every_locked_package_has_its_hash(folder: Path) -> None:
    packages = {name: package for name, package in packages_of(folder).items() if name}
    assert packages
    assert [name for name, package in packages.items() if not package["integrity"].startswith("sha512-")] == []


def test_what_is_asked_for_is_pinned_as_locked(folder: Path) -> None:
    described = json.loads((folder / "package.json").read_text(encoding="utf-8"))
    asked = {**described.get("dependencies", {}), **described.get("devDependencies", {})}
    packages = packages_of(folder)
    assert {name: packages[f"node_modules/{name}"]["version"] for name in asked} == asked
