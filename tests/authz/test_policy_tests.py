"""The demo's policy does what the officers' documents say, and the runner notices when it does not."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from authz.policy import PolicyVersion
from authz.policy_files import PolicyInvalid, load_policy
from authz.policy_tests import CaseResult, Expectation, PolicyCase, read_policy_cases, run_policy_cases
from schema.catalog import Catalog
from schema.catalog_loader import load_catalog

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted((ROOT / "tests" / "cases" / "policies").glob("*.yaml"))
TODAY = date(2026, 5, 1)
CITY = load_catalog()
POLICY = load_policy([ROOT / "demo" / "policies" / "roles.yaml"], 1, CITY)
CASES = [case for path in DOCUMENTS for case in read_policy_cases([path], POLICY, CITY)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{'+'.join(case.roles)}: {case.case}")
def test_policy_case(case: PolicyCase) -> None:
    (result,) = run_policy_cases([case], POLICY, CITY, today=TODAY)
    assert result.passed, str(result)


def test_every_role_and_every_rule_is_covered_by_a_case() -> None:
    assert {role for case in CASES for role in case.roles} == POLICY.roles
    assert {line.name for line in POLICY.lines} - {case.rule for case in CASES} == set()


def test_administrators_inherit_nothing_and_staff_inherit_the_public() -> None:
    administrators = {"sys_admin", "security_officer", "auditor", "dept_data_admin"}
    for role, parents in POLICY.inheritance.items():
        expected = () if role in administrators or role == "resident_public" else ("resident_public",)
        assert parents == expected, role


def result_of(case: PolicyCase, policy: PolicyVersion = POLICY, catalog: Catalog = CITY) -> CaseResult:
    return run_policy_cases([case], policy, catalog, today=TODAY)[0]


def test_wrong_expectation_is_told_with_what_was_decided() -> None:
    case = next(case for case in CASES if case.case == "reads members' mobiles")
    result = result_of(replace(case, expect=Expectation.DENIED, rule="none"))
    assert not result.passed
    assert str(result).endswith(
        "Person.mobile in ORGTREE is clear by branch_secretary/members-mobile, expected denied by none"
    )


def test_right_decision_by_another_rule_is_no_pass() -> None:
    case = next(case for case in CASES if case.case == "reads members' mobiles")
    assert not result_of(replace(case, rule="branch_secretary/branch-data")).passed


def test_mistakes_in_documents_are_told_by_line(tmp_path: Path) -> None:
    document = tmp_path / "wrong.yaml"
    document.write_text(
        """\
title: {zh: 一, en: one}
role: branch_secretery
cases:
  - {case: a, coordinate: Person.nam, scope: ALL, expect: clear, rule: none}
  - {case: b, coordinate: Person.name, scope: TREE, expect: clear, rule: none}
  - {case: c, coordinate: Person.name, scope: ALL, expect: open, rule: none}
  - {case: d, coordinate: Person.name, scope: ALL, expect: clear, rule: resident_public/open}
  - {case: e, coordinate: Person.name, scope: ALL, expect: clear, rule: none, purpose: fun, why: x}
""",
        encoding="utf-8",
    )
    with pytest.raises(PolicyInvalid) as caught:
        read_policy_cases([document], POLICY, CITY)
    assert [problem.place.line for problem in caught.value.problems] == [2, 4, 5, 6, 7, 8, 8]
    assert 'did you mean "Person.name"?' in str(caught.value)


def test_document_without_cases_is_refused(tmp_path: Path) -> None:
    document = tmp_path / "empty.yaml"
    document.write_text("title: {zh: 一, en: one}\nrole: auditor\ncases: []\n", encoding="utf-8")
    with pytest.raises(PolicyInvalid, match="there is no case"):
        read_policy_cases([document], POLICY, CITY)
