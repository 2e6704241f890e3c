"""Changes of the contract: how grave each is, which coordinate it is about, and what a changelog may allow."""

import json
from pathlib import Path

import pytest
from graphql import build_schema

from hutong.schema_changes import compare_schemas, named_breaks
from tests.hutong.test_cli import run

OLD = """
type Query { thing(code: ID!, old: Int): Thing things(first: Int): [Thing!]! any: Any }
type Thing { code: String dropped: String announced: String @deprecated(reason: "Since 1.2: gone.") kind: Kind }
type Other { code: String }
union Any = Thing | Other
enum Kind { A B }
input Where { code: String name: String }
directive @age(seconds: Int) on QUERY
"""
CHANGES = {
    "a removed field": ("dropped: String ", "", "breaking", "FIELD_REMOVED", "Thing.dropped", False),
    "a field removed after it was deprecated": (
        'announced: String @deprecated(reason: "Since 1.2: gone.") ',
        "",
        "breaking",
        "FIELD_REMOVED",
        "Thing.announced",
        True,
    ),
    "a removed argument": (", old: Int", "", "breaking", "ARG_REMOVED", "Query.thing(old:)", False),
    "a required argument": (
        "things(first: Int)",
        "things(first: Int, of: ID!)",
        "breaking",
        "REQUIRED_ARG_ADDED",
        "Query.things(of:)",
        None,
    ),
    "an optional argument": (
        "things(first: Int)",
        "things(first: Int, of: ID)",
        "dangerous",
        "OPTIONAL_ARG_ADDED",
        "Query.things(of:)",
        None,
    ),
    "another type": ("kind: Kind", "kind: String", "breaking", "FIELD_CHANGED_KIND", "Thing.kind", None),
    "a removed code": ("{ A B }", "{ A }", "breaking", "VALUE_REMOVED_FROM_ENUM", "Kind.B", False),
    "a new code": ("{ A B }", "{ A B C }", "dangerous", "VALUE_ADDED_TO_ENUM", "Kind.C", None),
    "a lost member of a union": (
        "Any = Thing | Other",
        "Any = Thing",
        "breaking",
        "TYPE_REMOVED_FROM_UNION",
        "Any",
        None,
    ),
    "a new filter": (
        "name: String }",
        "name: String more: Int }",
        "dangerous",
        "OPTIONAL_INPUT_FIELD_ADDED",
        "Where.more",
        None,
    ),
    "exactly one input": ("input Where", "input Where @oneOf", "breaking", "ONE_OF_ADDED", "Where", None),
    "a removed directive": ("directive @age(seconds: Int) on QUERY", "", "breaking", "DIRECTIVE_REMOVED", "@age", None),
    "a new field": ("dropped: String", "dropped: String fresh: Int", "safe", "FIELD_ADDED", "Thing.fresh", None),
    "a deprecated field": (
        "dropped: String",
        'dropped: String @deprecated(reason: "Since 2: r.")',
        "safe",
        "DEPRECATED",
        "Thing.dropped",
        None,
    ),
    "a deprecated argument": (
        "old: Int",
        'old: Int @deprecated(reason: "Since 2: r.")',
        "safe",
        "DEPRECATED",
        "Query.thing(old:)",
        None,
    ),
}


@pytest.mark.parametrize("case", CHANGES)
def test_a_change_is_told_with_its_gravity_and_coordinate(case: str) -> None:
    before, after, severity, kind, coordinate, deprecated = CHANGES[case]
    assert OLD.count(before) == 1
    changes = compare_schemas(build_schema(OLD), build_schema(OLD.replace(before, after)))
    assert [(c.severity, c.kind, c.coordinate, c.deprecated) for c in changes] == [
        (severity, kind, coordinate, deprecated)
    ]


def test_descriptions_are_no_part_of_the_contract() -> None:
    assert compare_schemas(build_schema(OLD), build_schema(OLD.replace("type Thing", '"text" type Thing'))) == ()


CHANGELOG = """# Changelog

## [Unreleased]

### Added

- `Thing.added`

### Breaking

- `Thing.dropped` is gone; use `Thing.code`.

## [0.1.0]

### Breaking

- `Thing.announced`
"""


def test_a_changelog_names_breaks_under_its_heading_of_what_is_unreleased() -> None:
    assert named_breaks(CHANGELOG) == {"Thing.dropped", "Thing.code"}
    assert named_breaks("# Changelog\n\n## [Unreleased]\n\n### Added\n\n- `Thing.dropped`\n") == set()
    assert named_breaks("nothing") == set()


@pytest.mark.parametrize(
    ("removed", "with_changelog", "status", "says"),
    [
        ("nothing", False, 0, "Changes: 0 breaking, 0 dangerous, 0 safe."),
        ("dropped: String ", False, 1, "Field Thing.dropped was removed. It was never deprecated."),
        ("dropped: String ", True, 0, "(named in the changelog)"),
        (", old: Int", True, 1, 'CHANGELOG.md under "## [Unreleased]", "### Breaking": `Query.thing(old:)`.'),
    ],
    ids=["equal", "breaking", "named", "not named"],
)
def test_schema_diff_fails_for_breaks_that_nobody_named(
    tmp_path: Path, removed: str, with_changelog: bool, status: int, says: str
) -> None:
    (tmp_path / "old.graphql").write_text(OLD, encoding="utf-8")
    (tmp_path / "CHANGELOG.md").write_text(CHANGELOG, encoding="utf-8")
    words = ["--changelog", tmp_path / "CHANGELOG.md"] if with_changelog else []
    result = run("schema", "diff", tmp_path / "old.graphql", "-", *words, stdin=OLD.replace(removed, ""))
    assert result.exit_code == status, result.output
    assert says in result.output


def test_schema_diff_speaks_json(tmp_path: Path) -> None:
    (tmp_path / "old.graphql").write_text(OLD, encoding="utf-8")
    result = run("schema", "diff", tmp_path / "old.graphql", "-", "--json", stdin=OLD.replace("dropped: String ", ""))
    assert json.loads(result.stdout) == [
        {
            "severity": "breaking",
            "kind": "FIELD_REMOVED",
            "coordinate": "Thing.dropped",
            "description": "Field Thing.dropped was removed. It was never deprecated.",
            "deprecated": False,
            "named": False,
        }
    ]


@pytest.mark.parametrize("text", ["type Query {", "type Query { x: Nothing }", "{ query }"])
def test_schema_diff_says_what_is_no_schema(tmp_path: Path, text: str) -> None:
    (tmp_path / "old.graphql").write_text(OLD, encoding="utf-8")
    result = run("schema", "diff", tmp_path / "old.graphql", "-", stdin=text)
    assert result.exit_code == 1
    assert "- is not the SDL of a schema" in result.stderr


def test_the_schema_keeps_the_contract_of_the_last_release() -> None:
    """What ``make schema-check`` asks: a break stands in the changelog."""
    root = Path(__file__).parents[2]
    released, present = root / "schema" / "released.graphql", root / "schema" / "schema.graphql"
    result = run("schema", "diff", released, present, "--changelog", root / "CHANGELOG.md")
    assert result.exit_code == 0, result.output
