"""The npm packages behind ``make codegen``: exact versions, checked by hash, from whichever registry a machine uses."""

import json
import re
from pathlib import Path

FOLDER = Path(__file__).parent
LOCK = (FOLDER / "package-lock.json").read_text(encoding="utf-8")


def test_the_lock_names_no_registry() -> None:
    assert not re.search(r'"resolved"|registry|\.tgz|"(file|git\+?\w*):', LOCK)


def test_a_new_lock_would_name_none_either() -> None:
    assert "omit-lockfile-registry-resolved=true" in (FOLDER / ".npmrc").read_text(encoding="utf-8").splitlines()


def test_every_locked_package_has_its_hash() -> None:
    packages = {name: package for name, package in json.loads(LOCK)["packages"].items() if name}
    assert len(packages) > 100
    assert [name for name, package in packages.items() if not package["integrity"].startswith("sha512-")] == []


def test_what_is_asked_for_is_pinned_as_locked() -> None:
    asked = json.loads((FOLDER / "package.json").read_text(encoding="utf-8"))["devDependencies"]
    packages = json.loads(LOCK)["packages"]
    assert {name: packages[f"node_modules/{name}"]["version"] for name in asked} == asked
