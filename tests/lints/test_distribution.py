"""What is installed, and from where: names on package indexes are shared with strangers."""

import importlib
import importlib.metadata
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements/runtime.txt", "requirements/dev.txt")


@pytest.mark.parametrize("package", ["schema", "resolvers", "connectors", "authz", "hutong"])
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
