from datetime import date
from pathlib import Path

import pytest

from authz.policy import Action, Effect, PolicyLine
from authz.policy_files import PolicyInvalid, load_policy
from schema.catalog import Catalog, ScopeKind
from schema.labels import PersonalInformation, Sharing

HEAD = """\
purposes:
  care: {zh: 关怀, en: care}
roles:
  public:
    title: {zh: 公众, en: the public}
    rationale: Whoever asks.
  clerk:
    title: {zh: 干事, en: clerk}
    rationale: Keeps the register.
    inherits: [public]
    rules:
"""
RULE = '      - {allow: read, name: data, coordinates: "*", level: 2, rationale: why}\n'


def load(tmp_path: Path, text: str, catalog: Catalog | None = None) -> tuple[PolicyLine, ...]:
    path = tmp_path / "roles.yaml"
    path.write_text(text, encoding="utf-8")
    return load_policy([path], 3, catalog).lines


def mistakes(tmp_path: Path, text: str, catalog: Catalog | None = None) -> list[str]:
    with pytest.raises(PolicyInvalid) as caught:
        load(tmp_path, text, catalog)
    return [str(problem) for problem in caught.value.problems]


def test_rule_becomes_one_line_per_action_and_coordinate(tmp_path: Path) -> None:
    rule = """\
      - allow: [read, export]
        name: dates
        coordinates: [PartyMember.joinedOn, PartyMember.fullMemberOn]
        level: 3
        sharing: [C]
        personal: [none, G]
        tags: [party]
        without: [trade]
        scope: ORGTREE&DIVTREE
        purpose: [care]
        expires: 2026-12-31
        rationale: why
"""
    lines = load(tmp_path, HEAD + rule)
    assert [(line.action, line.selector) for line in lines] == [
        (Action.READ, "PartyMember.joinedOn"),
        (Action.READ, "PartyMember.fullMemberOn"),
        (Action.EXPORT, "PartyMember.joinedOn"),
        (Action.EXPORT, "PartyMember.fullMemberOn"),
    ]
    assert lines[0] == PolicyLine(
        rule="roles.yaml:12",
        name="clerk/dates",
        role="clerk",
        effect=Effect.ALLOW,
        action=Action.READ,
        selector="PartyMember.joinedOn",
        max_level=3,
        sharing=frozenset({Sharing.CONDITIONAL}),
        personal=frozenset({PersonalInformation.NONE, PersonalInformation.GENERAL}),
        required_tags=frozenset({"party"}),
        forbidden_tags=frozenset({"trade"}),
        scope=frozenset({ScopeKind.ORGTREE, ScopeKind.DIVTREE}),
        purposes=frozenset({"care"}),
        expires=date(2026, 12, 31),
        rationale="why",
    )


def test_wildcard_opens_what_is_not_shared_only_by_name(tmp_path: Path) -> None:
    (line,) = load(tmp_path, HEAD + RULE)
    assert line.sharing == {Sharing.UNCONDITIONAL, Sharing.CONDITIONAL}


def test_deny_covers_every_label_unless_told_otherwise(tmp_path: Path) -> None:
    (line,) = load(tmp_path, HEAD + '      - {deny: "*", name: nothing, rationale: why}\n')
    assert (line.selector, line.action, line.max_level, line.sharing) == ("*", None, 4, frozenset(Sharing))


def test_mask_is_strict_unless_told_otherwise(tmp_path: Path) -> None:
    rules = (
        "      - {allow: mask, name: a, coordinates: Person.idNumber, rationale: why}\n"
        "      - {allow: mask, name: b, coordinates: Person.idNumber, mask: standard, rationale: why}\n"
    )
    assert [line.strict for line in load(tmp_path, HEAD + rules)] == [True, False]


def test_open_narrows_another_scope(tmp_path: Path) -> None:
    (line,) = load(tmp_path, HEAD + "      - {allow: read, name: a, level: 1, scope: DIVTREE&OPEN, rationale: why}\n")
    assert line.scope == {ScopeKind.DIVTREE, ScopeKind.OPEN}


def test_roles_without_rules_are_known(tmp_path: Path) -> None:
    path = tmp_path / "roles.yaml"
    path.write_text(HEAD + RULE, encoding="utf-8")
    policy = load_policy([path], 3)
    assert policy.roles == {"public", "clerk"}
    assert policy.closure({"clerk"}) == {"public", "clerk"}
    assert policy.purposes == {"care": "care"}


@pytest.mark.parametrize(
    ("rule", "line", "message"),
    [
        pytest.param("{allow: read, name: a, level: 10, rationale: w}", 12, "the level is 1 to 4", id="level 10"),
        pytest.param('{allow: read, name: a, level: "3", rationale: w}', 12, "whole number", id="level as text"),
        pytest.param("{allow: read, name: a, rationale: w}", 12, 'needs a "level"', id="wildcard without a level"),
        pytest.param("{allow: reed, name: a, level: 1, rationale: w}", 12, 'did you mean "read"', id="action"),
        pytest.param("{Allow: read, name: a, level: 1, rationale: w}", 12, '"allow" or "deny"', id="spelling of allow"),
        pytest.param("{allow: read, deny: read, name: a, level: 1, rationale: w}", 12, '"allow" or "deny"', id="both"),
        pytest.param('{allow: "*", name: a, level: 1, rationale: w}', 12, 'does not know "*"', id="allow everything"),
        pytest.param("{deny: mask, name: a, rationale: w}", 12, "a mask cannot be denied", id="deny of a mask"),
        pytest.param("{allow: read, name: a, level: 1, scope: TREE, rationale: w}", 12, '"scope" is ALL', id="scope"),
        pytest.param("{allow: read, name: a, level: 1, scope: OPEN, rationale: w}", 12, "OPEN only narrows", id="OPEN"),
        pytest.param("{allow: read, name: a, level: 1, sharing: [X], rationale: w}", 12, '"X"', id="sharing"),
        pytest.param("{allow: read, name: a, level: 1, personal: [A], rationale: w}", 12, '"A"', id="class"),
        pytest.param("{allow: read, name: a, level: 1, tags: [Party], rationale: w}", 12, '"party"', id="tag"),
        pytest.param(
            "{allow: read, name: a, level: 1, tags: [party], without: [party], rationale: w}",
            12,
            "both required and forbidden",
            id="tag both ways",
        ),
        pytest.param(
            "{allow: read, name: a, coordinates: Person.na*, rationale: w}", 12, "coordinates are", id="part wildcard"
        ),
        pytest.param("{allow: read, name: a, coordinates: '(a+)+$', rationale: w}", 12, "coordinates are", id="regex"),
        pytest.param(
            "{allow: mask, name: a, level: 1, single: true, rationale: w}", 12, "only reading", id="single mask"
        ),
        pytest.param(
            "{allow: read, name: a, level: 1, mask: strict, rationale: w}", 12, "needs the action", id="mask of read"
        ),
        pytest.param(
            "{allow: read, name: a, level: 1, purpose: [fun], rationale: w}", 12, 'purpose "fun"', id="purpose"
        ),
        pytest.param("{allow: read, name: a, level: 1, expires: soon, rationale: w}", 12, "YYYY-MM-DD", id="expiry"),
        pytest.param("{allow: read, name: a, level: 1}", 12, '"rationale" is missing', id="no rationale"),
        pytest.param("{allow: read, level: 1, rationale: w}", 12, '"name" is missing', id="no name"),
        pytest.param(
            "{allow: read, name: a, level: 1, effect: deny, rationale: w}", 12, 'unknown key "effect"', id="unknown key"
        ),
        pytest.param("allow: read", 12, '"rationale" is missing', id="bare rule"),
    ],
)
def test_mistake_is_told_by_line(tmp_path: Path, rule: str, line: int, message: str) -> None:
    found = mistakes(tmp_path, f"{HEAD}      - {rule}\n")
    assert any(problem.startswith(f"roles.yaml:{line}: ") and message in problem for problem in found), found


def test_one_mistake_refuses_everything_and_all_are_told(tmp_path: Path) -> None:
    rules = RULE + RULE + "      - {allow: reed, name: b, level: 9, rationale: w}\n"
    found = mistakes(tmp_path, HEAD + rules)
    assert [problem.partition(": ")[0] for problem in found] == ["roles.yaml:13", "roles.yaml:14"]


@pytest.mark.parametrize("text", ["roles: {}\n", HEAD.rpartition("    rules:")[0]], ids=["no role", "no rule"])
def test_empty_policy_is_refused(tmp_path: Path, text: str) -> None:
    assert "an empty policy is refused" in mistakes(tmp_path, text)[0]


def test_no_file_is_refused() -> None:
    with pytest.raises(PolicyInvalid, match="an empty policy is refused"):
        load_policy([], 1)


def test_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(PolicyInvalid, match=r"none\.yaml:1: the file cannot be read"):
        load_policy([tmp_path / "none.yaml"], 1)


def test_undeclared_parent_is_told(tmp_path: Path) -> None:
    found = mistakes(tmp_path, HEAD.replace("[public]", "[pubic]") + RULE)
    assert found == ['roles.yaml:10: role "pubic" is not declared: did you mean "public"?']


def test_circle_of_roles_is_refused(tmp_path: Path) -> None:
    text = HEAD.replace("Whoever asks.", "Whoever asks.\n    inherits: [clerk]") + RULE
    assert "inherit in a circle" in mistakes(tmp_path, text)[0]


def test_role_declared_in_two_files_is_refused(tmp_path: Path) -> None:
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(HEAD + RULE, encoding="utf-8")
    with pytest.raises(PolicyInvalid, match=r'b\.yaml:4: role "public" is already declared'):
        load_policy([tmp_path / "a.yaml", tmp_path / "b.yaml"], 1)


@pytest.mark.parametrize(
    ("coordinate", "message"),
    [("Persn.name", 'did you mean "Person"'), ("Person.nam", 'did you mean "name"'), ("Person.*", "")],
)
def test_coordinates_must_exist_in_the_catalogue(
    tmp_path: Path, catalog: Catalog, coordinate: str, message: str
) -> None:
    text = f"{HEAD}      - {{allow: read, name: a, coordinates: {coordinate}, level: 2, rationale: w}}\n"
    if message:
        assert message in mistakes(tmp_path, text, catalog)[0]
    else:
        assert len(load(tmp_path, text, catalog)) == 1
