from collections.abc import Callable
from datetime import date

import pytest

from authz.explain import Explanation, explain, render
from authz.policy import Action, Effect, PolicyLine, PolicyVersion, profile_of
from authz.subjects import Subject
from schema.catalog import Catalog, ScopeKind
from schema.coordinates import Coordinate
from schema.labels import PersonalInformation
from schema.language import Language
from schema.messages import explanations

MakeLine = Callable[..., PolicyLine]
TREE = frozenset({ScopeKind.ORGTREE})


def explained(catalog: Catalog, policy: PolicyVersion, coordinate: str = "Person.idNumber") -> Explanation:
    profile = profile_of(Subject(id="1", roles=frozenset({"clerk"})), policy)
    return explain(policy, catalog, profile, Coordinate(coordinate), today=date(2026, 5, 1))


@pytest.mark.parametrize(
    ("columns", "ignored"),
    [
        pytest.param({}, None, id="matches"),
        pytest.param({"role": "other"}, "the role other is not held", id="role"),
        pytest.param({"expires": date(2026, 4, 30)}, "expired after 2026-04-30", id="expired"),
        pytest.param({"purposes": frozenset({"care"})}, "needs the purpose care", id="purpose"),
        pytest.param({"selector": "Person.name"}, "speaks of Person.name", id="selector"),
        pytest.param({"max_level": 3}, "label C4I: the level is above 3", id="level"),
        pytest.param(
            {"required_tags": frozenset({"party"}), "personal": frozenset({PersonalInformation.GENERAL})},
            "label C4I: class I is not opened, the tag party is missing",
            id="class and tag",
        ),
    ],
)
def test_line_that_does_not_count_is_told_with_its_reason(
    catalog: Catalog, line: MakeLine, columns: dict[str, object], ignored: str | None
) -> None:
    policy = PolicyVersion(version=1, lines=(line(**columns),), purposes={"care": "care"}, inheritance={"clerk": ()})
    (finding,) = explained(catalog, policy).findings
    assert (None if finding.ignored is None else finding.ignored.said(Language.EN)) == ignored
    assert finding.decisive is (ignored is None)


def test_winner_and_loser_of_one_decision(catalog: Catalog, line: MakeLine) -> None:
    policy = PolicyVersion(
        version=1, lines=(line(rule="a:1", scope=TREE), line(rule="a:2"), line(rule="a:3", action=Action.MASK))
    )
    findings = explained(catalog, policy).findings
    assert [(it.ignored, it.decisive) for it in findings] == [(None, False), (None, True), (None, False)]


def test_deny_is_the_winner(catalog: Catalog, line: MakeLine) -> None:
    policy = PolicyVersion(version=1, lines=(line(rule="a:1"), line(rule="a:2", effect=Effect.DENY, action=None)))
    assert [it.decisive for it in explained(catalog, policy).findings] == [False, True]


def test_text_names_decision_lines_and_reasons(catalog: Catalog, line: MakeLine) -> None:
    policy = PolicyVersion(
        version=1,
        lines=(
            line(rule="a:1", selector="Person.idNumber", scope=TREE, single=True),
            line(rule="a:2", action=Action.MASK, scope=TREE),
            line(rule="a:3", action=Action.LOOKUP, scope=TREE),
            line(rule="a:4", max_level=1),
            line(rule="a:5", role="other"),
        ),
    )
    assert render(explained(catalog, policy), Language.EN) == (
        "Person.idNumber [C4I] for clerk\n"
        "  clear in ORGTREE, one record at a time by a:1\n"
        "  strictly masked (idNumber) in ORGTREE by a:2\n"
        "  lookup in ORGTREE by a:3\n"
        "  => a:1 clerk/rule: allow read Person.idNumber in ORGTREE\n"
        "  => a:2 clerk/rule: allow mask * in ORGTREE\n"
        "  => a:3 clerk/rule: allow lookup * in ORGTREE\n"
        "   - a:4 clerk/rule: allow read * in ALL: label C4I: the level is above 1\n"
        "  1 lines of roles that are not held"
    )


def test_text_tells_the_purpose_that_would_open(catalog: Catalog, line: MakeLine) -> None:
    policy = PolicyVersion(version=1, lines=(line(purposes=frozenset({"care"})),), purposes={"care": "care"})
    assert "  would open for the purpose care" in render(explained(catalog, policy), Language.EN).splitlines()


def test_mask_of_a_row_is_told_to_have_no_effect(catalog: Catalog, line: MakeLine) -> None:
    policy = PolicyVersion(version=1, lines=(line(action=Action.MASK),))
    assert explained(catalog, policy, "Person").findings[0].ignored == explanations.ONLY_FIELDS_ARE_MASKED()


def test_unknown_coordinate_is_an_error(catalog: Catalog, line: MakeLine) -> None:
    with pytest.raises(KeyError):
        explained(catalog, PolicyVersion(version=1, lines=(line(),)), "Person.nothing")
