"""The Chinese README says what the English one says: the same sections, commands, names, tables and links."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ENGLISH, CHINESE = (ROOT / name for name in ("README.md", "README.zh-CN.md"))


def text(file: Path) -> str:
    return file.read_text(encoding="utf-8")


def prose(file: Path) -> str:
    return re.sub(r"^```.*?^```$", "", text(file), flags=re.MULTILINE | re.DOTALL)


def headings(file: Path) -> list[int]:
    """Levels of the headings, in order."""
    return [len(found) for found in re.findall(r"^(#+) ", prose(file), re.MULTILINE)]


def fenced(file: Path, language: str) -> list[str]:
    """Blocks of a language without their comments."""
    blocks = re.findall(rf"^```{language}\n(.*?)^```$", text(file), re.MULTILINE | re.DOTALL)
    return [re.sub(r"\s*#.*$", "", block, flags=re.MULTILINE) for block in blocks]


def names(file: Path) -> list[str]:
    """What stands in backticks, however often, links' texts included."""
    return sorted(set(re.findall(r"`([^`]+)`", prose(file))))


def links(file: Path) -> list[str]:
    """Where the page leads; the two lead to one another."""
    found = re.findall(r"\]\(([^)]+)\)", prose(file))
    return sorted("the other README" if link in (ENGLISH.name, CHINESE.name) else link for link in found)


def rows(file: Path) -> list[int]:
    """How many cells each row of the tables has."""
    return [line.count("|") for line in prose(file).splitlines() if line.startswith("|")]


def arrows(file: Path) -> list[str]:
    """The steps of the diagram, without their texts."""
    (diagram,) = fenced(file, "mermaid")
    return re.findall(r"(\w+)(?:\[[^\]]*\]|\[\(.*?\)\])?\s*(?=-->|---|-\.)", diagram)


@pytest.mark.parametrize("what", [headings, names, links, rows, arrows], ids=lambda what: what.__name__)
def test_both_have_the_same(what: object) -> None:
    assert callable(what)
    assert what(ENGLISH), "there is something to compare"
    assert what(CHINESE) == what(ENGLISH)


@pytest.mark.parametrize("language", ["sh", "graphql"])
def test_both_have_the_same_commands(language: str) -> None:
    assert fenced(ENGLISH, language)
    assert fenced(CHINESE, language) == fenced(ENGLISH, language)


def test_both_show_as_many_answers() -> None:
    assert len(fenced(CHINESE, "json")) == len(fenced(ENGLISH, "json")) > 0


def test_what_the_readmes_link_to_is_there() -> None:
    for file in (ENGLISH, CHINESE):
        for link in set(links(file)) - {"the other README"}:
            assert (ROOT / link.partition("#")[0]).exists(), (file.name, link)
