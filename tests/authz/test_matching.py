import pytest

from authz.matching import acts, columns, labelled, parse_scope, reaches, selects
from authz.policy import Action, Effect, PolicyLine
from schema.labels import Sharing


@pytest.mark.parametrize(
    ("selector", "coordinate", "matches"),
    [
        pytest.param("PartyMember.joinedOn", "PartyMember.joinedOn", True, id="exact field"),
        pytest.param("PartyMember.joinedOn", "PartyMember.joinedOn2", False, id="longer name"),
        pytest.param("PartyMember.joinedOn", "PartyMemberXjoinedOn", False, id="a dot is a dot"),
        pytest.param("PartyMember.joinedOn", "PartyMember.joinedOn\n", False, id="trailing line break"),
        pytest.param("PartyMember.joinedOn", "PartyMember.joinedon", False, id="other case"),
        pytest.param("PartyMember", "PartyMember", True, id="row"),
        pytest.param("PartyMember", "PartyMember.joinedOn", False, id="row does not name fields"),
        pytest.param("PartyMember.*", "PartyMember.joinedOn", True, id="segment wildcard"),
        pytest.param("PartyMember.*", "PartyMember", False, id="segment wildcard leaves the row out"),
        pytest.param("Party.*", "PartyMember.joinedOn", False, id="whole segments only"),
        pytest.param("*", "PartyMember", True, id="everything: row"),
        pytest.param("*", "PartyMember.joinedOn", True, id="everything: field"),
    ],
)
def test_selector_names_coordinates_by_whole_segments(selector: str, coordinate: str, matches: bool) -> None:
    assert selects(selector, coordinate) is matches


@pytest.mark.parametrize("selector", ["", "Party*", "*.name", "Party.na*", "Party.a.b", "Person.name\n", "(a+)+$", "."])
def test_selector_of_another_shape_is_an_error(selector: str) -> None:
    with pytest.raises(ValueError, match="selector"):
        selects(selector, "Person.name")


@pytest.mark.parametrize("level", ["10", "0", "5", "", " 3", "03", "³", "x"])
def test_level_of_another_spelling_is_an_error_not_a_comparison_of_strings(level: str) -> None:
    with pytest.raises(ValueError, match="level"):
        labelled(level, "U", "-", "", "", 3, "U", "", frozenset())


@pytest.mark.parametrize(
    ("conditions", "matches"),
    [
        pytest.param(("3", "C", "G", "", ""), True, id="all met"),
        pytest.param(("2", "C", "G", "", ""), False, id="level too high"),
        pytest.param(("3", "U", "G", "", ""), False, id="other sharing"),
        pytest.param(("3", "C", "- I S", "", ""), False, id="other class"),
        pytest.param(("3", "C", "G", "party", ""), True, id="required tag there"),
        pytest.param(("3", "C", "G", "party trade", ""), False, id="required tag missing"),
        pytest.param(("3", "C", "G", "", "party"), False, id="forbidden tag there"),
        pytest.param(("3", "C", "G", "", "trade"), True, id="forbidden tag missing"),
    ],
)
def test_label_meets_every_condition_or_the_line_does_not_match(conditions: tuple[str, ...], matches: bool) -> None:
    assert labelled(*conditions, 3, "C", "G", frozenset({"party"})) is matches


@pytest.mark.parametrize(
    "conditions",
    [("3", "", "G", "", ""), ("3", "u", "G", "", ""), ("3", "C", "X", "", ""), ("3", "C", "G", "Party", "")],
)
def test_label_condition_of_another_spelling_is_an_error(conditions: tuple[str, ...]) -> None:
    with pytest.raises(ValueError):
        labelled(*conditions, 1, "C", "G", frozenset({"party"}))


@pytest.mark.parametrize(
    ("line", "asked", "reached"),
    [
        pytest.param(("allow", "ALL"), "ORGTREE", True, id="all covers a tree"),
        pytest.param(("allow", "ORGTREE"), "ALL", False, id="a tree does not cover all"),
        pytest.param(("allow", "ORGTREE"), "DIVTREE&ORGTREE", True, id="a tree covers its intersection"),
        pytest.param(("allow", "DIVTREE&ORGTREE"), "ORGTREE", False, id="an intersection does not cover the tree"),
        pytest.param(("allow", "OWN"), "ORGTREE", False, id="scopes of other kinds"),
        pytest.param(("deny", "OWN"), "ORGTREE", True, id="a deny may meet any scope"),
        pytest.param(("deny", "ORGTREE"), "ALL", True, id="a deny in a tree meets all"),
    ],
)
def test_allow_covers_the_scope_and_deny_may_meet_it(line: tuple[str, str], asked: str, reached: bool) -> None:
    assert reaches(*line, asked) is reached


@pytest.mark.parametrize("effect", ["Deny", "DENY", "deny ", "denied", ""])
def test_effect_of_another_spelling_is_an_error_not_a_missing_deny(effect: str) -> None:
    with pytest.raises(ValueError):
        reaches(effect, "ALL", "ALL")


@pytest.mark.parametrize("scope", ["", "all", "ORGTREE&", "ORGTREE&ORGTREE", "ALL&OWN", "ORGTREE|OWN"])
def test_scope_of_another_spelling_is_an_error(scope: str) -> None:
    with pytest.raises(ValueError):
        parse_scope(scope)


@pytest.mark.parametrize(
    ("line", "asked", "matches"),
    [
        pytest.param(("allow", "read", "full"), ("read", "limited"), True, id="full serves limited"),
        pytest.param(("allow", "read", "limited"), ("read", "full"), False, id="limited does not serve full"),
        pytest.param(("allow", "mask", "full"), ("read", "full"), False, id="other action"),
        pytest.param(("deny", "*", "full"), ("export", "full"), True, id="deny of every action"),
        pytest.param(("deny", "read", "limited"), ("read", "full"), True, id="a deny has no form"),
    ],
)
def test_action_and_form(line: tuple[str, str, str], asked: tuple[str, str], matches: bool) -> None:
    assert acts(*line, *asked) is matches


@pytest.mark.parametrize("action", ["", "Read", "readwrite", "write"])
def test_action_of_another_spelling_is_an_error(action: str) -> None:
    with pytest.raises(ValueError):
        acts("allow", action, "full", "read", "full")


def test_columns_hold_sets_in_one_spelling() -> None:
    line = PolicyLine(
        rule="roles.yaml:7",
        name="clerk/data",
        role="clerk",
        effect=Effect.ALLOW,
        action=Action.MASK,
        selector="Person.*",
        max_level=3,
        sharing=frozenset({Sharing.UNCONDITIONAL, Sharing.CONDITIONAL}),
        forbidden_tags=frozenset({"trade", "party"}),
        scope=parse_scope("ORGTREE&DIVTREE"),
    )
    assert columns(line) == [
        "roles.yaml:7",
        "clerk",
        "Person.*",
        "3",
        "C U",
        "- G I S",
        "",
        "party trade",
        "mask",
        "limited",
        "DIVTREE&ORGTREE",
        "allow",
    ]
