"""What is installed, and from where: names on package indexes are shared with strangers."""

import ast
import importlib
import importlib.metadata
import re
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
OURS = ("schema", "resolvers", "connectors", "authz", "hutong")
LOCKS = ("requirements/runtime.txt", "requirements/dev.txt")


@pytest.mark.parametrize("package", OURS)
def test_a_package_is_ours(package: str) -> None:
    """Indexes have unrelated distributions called ``schema``, ``authz`` and ``connectors``."""
    assert Path(importlib.import_module(package).__path__[0]) == ROOT / package


@pytest.mark.parametrize("stranger", ["casbin", "schema", "authz", "connectors"])
def test_a_distribution_that_would_shadow_another_is_not_installed(stranger: str) -> None:
    """``casbin`` (abandoned) and ``pycasbin`` both install the module ``casbin``: removing one breaks the other."""
    with pytest.raises(importlib.metadata.PackageNotFoundError):
        importlib.metadata.version(stranger)


def test_casbin_comes_from_pycasbin() -> None:
    assert importlib.metadata.packages_distributions()["casbin"] == ["pycasbin"]


@pytest.mark.parametrize(
    ("distribution", "floor"),
    [("starlette", (0, 49, 1)), ("strawberry-graphql", (0, 315, 7)), ("graphql-core", (3, 3, 2)), ("pyjwt", (2, 13))],
    ids=["starlette", "strawberry", "graphql-core", "pyjwt"],
)
def test_a_version_with_known_holes_is_not_installed(distribution: str, floor: tuple[int, ...]) -> None:
    version = importlib.metadata.version(distribution)
    assert tuple(int(number) for number in re.findall(r"\d+", version)[: len(floor)]) >= floor


def pinned(lock: str) -> dict[str, str]:
    """Distribution -> version of a lock file."""
    return dict(re.findall(r"^([A-Za-z0-9_.-]+)(?:\[[^]]*\])?==([^ ;\\]+)", (ROOT / lock).read_text(), re.MULTILINE))


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_is_hashed(lock: str) -> None:
    text = (ROOT / lock).read_text()
    entries = re.split(r"\n(?=[A-Za-z0-9])", text.strip())
    assert len(entries) == len(re.findall(r"^[^ ]+==", text, re.MULTILINE)) > 40
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_host_and_no_path(lock: str) -> None:
    assert not re.search(r"://|--index|--find-links|--trusted|^#|^[./]", (ROOT / lock).read_text(), re.MULTILINE)


def test_both_locks_agree() -> None:
    runtime, dev = map(pinned, LOCKS)
    assert runtime.items() <= dev.items()


def test_the_locks_hold_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    runtime, dev = (pinned(lock).keys() for lock in LOCKS)

    def names(requirements: list[str]) -> set[str]:
        return {re.split(r"[\[<>=~! ]", text)[0].lower().replace("_", "-") for text in requirements}

    extras = [text for group in project["optional-dependencies"].values() for text in group]
    assert names(project["dependencies"]) <= runtime
    assert names(extras) <= dev
    assert "casbin" not in dev


def third_party(package: str) -> set[str]:
    """Top-level names a package of ours imports that are neither ours nor Python's; suites for tests apart."""
    files = [path for path in (ROOT / package).rglob("*.py") if path.parent.name != "testing"]
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in files]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    named = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    named |= {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module and not node.level}
    return {name.split(".")[0] for name in named} - sys.stdlib_module_names - {*OURS, "demo"}


@pytest.mark.parametrize("package", OURS)
def test_what_a_package_imports_is_declared(package: str) -> None:
    """A package that happens to be installed is no dependency: another one brought it, and may stop to."""
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    known = {re.split(r"[\[<>=~! ]", text)[0].lower().replace("_", "-") for text in declared}
    distributions = importlib.metadata.packages_distributions()
    undeclared = {
        module
        for module in third_party(package)
        if not {name.lower().replace("_", "-") for name in distributions[module]} & known
    }
    assert undeclared == set()
