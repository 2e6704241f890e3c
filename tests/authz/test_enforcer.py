"""What Casbin decides through `Enforcer`, and the traps of pycasbin itself, as they are in the pinned version."""

import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import casbin
import pytest

import authz.enforcer
from authz.enforcer import Enforcer, Request
from authz.matching import columns, parse_scope
from authz.policy import MAX_INHERITANCE_DEPTH, Action, Effect, PolicyLine, PolicyVersion
from schema.coordinates import Coordinate
from schema.labels import parse_label

MakeLine = Callable[..., PolicyLine]
MODEL = str(Path(authz.enforcer.__file__).with_name("model.conf"))
NAME = Request(subject="clerk", coordinate=Coordinate("Person.name"), label=parse_label("C2G"), action=Action.READ)


def test_line_of_the_role_allows_and_is_told(line: MakeLine) -> None:
    verdict = Enforcer([line()], ()).decide(NAME)
    assert (verdict.allowed, verdict.rule) == (True, "roles.yaml:1")


def test_no_matching_line_denies_without_a_rule(line: MakeLine) -> None:
    verdict = Enforcer([line(role="other")], ()).decide(NAME)
    assert (verdict.allowed, verdict.rule) == (False, None)


def test_deny_beats_allow_and_is_told(line: MakeLine) -> None:
    lines = [line(), line(effect=Effect.DENY, action=None, rule="roles.yaml:2")]
    verdict = Enforcer(lines, ()).decide(NAME)
    assert (verdict.allowed, verdict.rule) == (False, "roles.yaml:2")


def test_first_allow_in_the_policy_is_told(line: MakeLine) -> None:
    lines = [line(rule="roles.yaml:3"), line(rule="roles.yaml:4", selector="Person.name")]
    assert Enforcer(lines, ()).decide(NAME).rule == "roles.yaml:3"


def test_inherited_line_allows(line: MakeLine) -> None:
    policy = PolicyVersion(
        version=1, lines=(line(role="resident_public"),), inheritance={"clerk": ("resident_public",)}
    )
    assert Enforcer.of_version(policy).decide(NAME).allowed


def test_longest_permitted_inheritance_is_followed_to_its_end(line: MakeLine) -> None:
    chain = {f"r{i}": (f"r{i + 1}",) for i in range(MAX_INHERITANCE_DEPTH)}
    policy = PolicyVersion(version=1, lines=(line(role=f"r{MAX_INHERITANCE_DEPTH}"),), inheritance=chain)
    enforcer = Enforcer.of_version(policy, [("subject:1", "r0")])
    assert enforcer.decide(replace(NAME, subject="subject:1")).allowed


def test_subject_named_like_a_role_needs_the_prefix_of_its_kind(line: MakeLine) -> None:
    policy = PolicyVersion(version=1, lines=(line(),))
    assert (
        not Enforcer.of_version(policy, [("subject:clerk", "reader")])
        .decide(replace(NAME, subject="subject:clerk"))
        .allowed
    )


def test_scope_and_form_reach_the_matcher(line: MakeLine) -> None:
    enforcer = Enforcer([line(scope=parse_scope("ORGTREE"), single=True)], ())
    in_tree = replace(NAME, scope=parse_scope("ORGTREE"))
    assert not enforcer.decide(NAME).allowed
    assert not enforcer.decide(in_tree).allowed
    assert enforcer.decide(replace(in_tree, form="limited")).allowed


def test_enforcer_without_lines_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Enforcer([], ())


def test_denials_are_not_logged(line: MakeLine, caplog: pytest.LogCaptureFixture) -> None:
    enforcer = Enforcer([line(role="other")], ())
    logging.getLogger("casbin.enforcer").disabled = False
    enforcer.decide(NAME)
    assert not caplog.records


def test_lines_cannot_be_changed_through_casbin(line: MakeLine) -> None:
    enforcer = Enforcer([line()], ())
    with pytest.raises(PermissionError):
        enforcer._casbin.save_policy()


# --- pycasbin's traps: these hold for the library, and are why the module is as it is -------------------------------


def plain(model: str, lines: list[list[str]]) -> casbin.Enforcer:
    enforcer = casbin.Enforcer(casbin.Enforcer.new_model(text=model))
    enforcer.get_model()["p"]["p"].policy.extend(lines)
    return enforcer


EQUAL = """
[request_definition]
r = sub, level
[policy_definition]
p = sub, level, eft
[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))
[matchers]
m = r.sub == p.sub && r.level <= p.level
"""


def test_trap_empty_policy_evaluates_the_matcher_over_empty_strings() -> None:
    assert plain(EQUAL, []).enforce("", "") is True


def test_trap_our_matcher_over_empty_strings_is_an_error() -> None:
    enforcer = casbin.Enforcer(MODEL)
    for function in (authz.enforcer.acts, authz.enforcer.selects, authz.enforcer.labelled, authz.enforcer.reaches):
        enforcer.add_function(function.__name__, function)
    with pytest.raises(ValueError):
        enforcer.enforce("", "", 1, "U", "", frozenset(), "read", "full", "ALL")


def test_trap_switched_off_enforcer_allows_everything() -> None:
    enforcer = plain(EQUAL, [["nobody", "1", "allow"]])
    enforcer.enable_enforce(False)
    assert enforcer.enforce("anyone", "4") is True


def test_trap_values_compare_as_strings() -> None:
    assert plain(EQUAL, [["clerk", "3", "allow"]]).enforce("clerk", "10") is True


@pytest.mark.parametrize("spelling", ["Deny", "DENY", "denied", ""])
def test_trap_another_spelling_of_deny_is_no_deny(spelling: str) -> None:
    assert plain(EQUAL, [["clerk", "3", "allow"], ["clerk", "3", spelling]]).enforce("clerk", "3") is True


def test_trap_short_line_breaks_every_request() -> None:
    with pytest.raises(RuntimeError, match="invalid policy size"):
        plain(EQUAL, [["someone", "3"]]).enforce("clerk", "3")


def test_trap_line_of_an_unknown_type_vanishes() -> None:
    model = casbin.Enforcer.new_model(text=EQUAL)
    casbin.persist.load_policy_line("p9, clerk, 3, deny", model)
    assert model["p"]["p"].policy == []


def test_trap_role_manager_stops_after_nine_links() -> None:
    manager = casbin.rbac.default_role_manager.RoleManager(10)
    for i in range(12):
        manager.add_link(f"r{i}", f"r{i + 1}")
    assert manager.has_link("r0", "r9")
    assert not manager.has_link("r0", "r10")


def test_every_line_fits_the_model(line: MakeLine) -> None:
    model = casbin.Enforcer.new_model(path=MODEL)
    assert len(columns(line())) == len(model["p"]["p"].tokens)


def test_matcher_only_calls_functions() -> None:
    matcher = casbin.Enforcer.new_model(path=MODEL)["m"]["m"].value
    assert "eval(" not in matcher
    assert "egexMatch" not in matcher
    assert "keyMatch" not in matcher
