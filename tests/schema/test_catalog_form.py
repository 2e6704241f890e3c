"""Every mistake of form in a catalogue file is told by its line, in words that say what to do."""

from pathlib import Path

import pytest

from tests.schema.right_catalog import changed, check

FORM = {
    "label syntax": (
        "idNumber: {type: String, label: C4I",
        "idNumber: {type: String, label: C5I",
        "35: label 'C5I' is not of the form U|C|N, 1-4, then G|I|S and p, t (for example C3Gp)",
    ),
    "label rules": (
        "orgCode: {type: String, label: U1",
        "orgCode: {type: String, label: U3",
        "64: label 'U3': unconditional sharing (U) needs level 1-2 and no personal information",
    ),
    "label missing": (
        "income: {type: Fen, label: U1,",
        "income: {type: Fen,",
        '69: "label" is missing; write it',
    ),
    "type": (
        "income: {type: Fen",
        "income: {type: Fenn",
        '69: "type" must be one of String, Int, Float, Boolean, Date, Month, DateTime, Fen, Code, DivCode, Uscc, '
        'PersonKey, not "Fenn": did you mean "Fen"?',
    ),
    "title in one language": (
        "title: {zh: 收入, en: Income}",
        "title: {zh: 收入}",
        '69: "en" is missing; write it',
    ),
    "unknown key of a field": (
        "income: {type: Fen, label: U1",
        "income: {type: Fen, maks: full, label: U1",
        '69: unknown key "maks": did you mean "mask"?',
    ),
    "unknown key of an entity": (
        "    rootList: false",
        "    rootlist: false",
        '14: unknown key "rootlist": did you mean "rootList"?',
    ),
    "unknown key of a relation": (
        "tree: {toMany: Org,",
        "tree: {toMany: Org, inverze: x,",
        '72: unknown key "inverze": did you mean "inverse"?',
    ),
    "unknown key of a file": (
        "owner: ORG",
        "owner: ORG\nentites: {}",
        '3: unknown key "entites": did you mean "entities"?',
    ),
    "domain missing": ("domain: test", "", '2: "domain" is missing; write the domain of the entities of this file'),
    "key missing": ("    key: memberNo\n", "", '43: "key" is missing; write it'),
    "row sources missing": (
        "    plural: orgs\n    rowSources: [s1]\n",
        "    plural: orgs\n",
        '57: "rowSources" is missing; write it',
    ),
    "entity name": (
        "  Org:\n",
        "  org:\n",
        '57: entity name "org" must be letters and digits, beginning with a capital',
    ),
    "field name": (
        "income:",
        "in_come:",
        '69: field name "in_come" must be letters and digits, beginning with a small letter',
    ),
    "relation name": (
        "tree: {toMany",
        "Tree: {toMany",
        '72: relation name "Tree" must be letters and digits, beginning with a small letter',
    ),
    "derivation is no call": (
        "derived: yearsSince(born)",
        "derived: yearsSince born",
        '39: "derived" must be function(field, ...), in quotes within braces, not "yearsSince born"',
    ),
    "derived function": (
        "derived: yearsSince(born)",
        "derived: yearSince(born)",
        '39: there is no function "yearSince": did you mean "yearsSince"?',
    ),
    "relation without target": (
        "tree: {toMany: Org, ",
        "tree: {",
        '72: relation "tree" needs one of "to" (one row), "toMany" (rows) and "toOneOf" (a row of one of several)',
    ),
    "relation to one and to many": (
        "tree: {toMany: Org, ",
        "tree: {toMany: Org, to: Org, ",
        '72: relation "tree" needs one of "to" (one row), "toMany" (rows) and "toOneOf" (a row of one of several)',
    ),
    "join": (
        "join: [orgCode], tree: org",
        "join: [orgCode = ], tree: org",
        '72: "join" takes "field" or "field here = field there", not "orgCode ="',
    ),
    "kind of scope": ("      OWN: identity", "      OWNER: identity", '21: unknown key "OWNER": did you mean "OWN"?'),
    "code title": (
        "      1: {zh: 男, en: Male}",
        "      1: 男",
        '7: code "1" must be a mapping (key: value), not a single value',
    ),
    "operator of a row class": (
        "{isMinor: {eq: true}}",
        "{isMinor: {equal: true}}",
        '25: there is no operator "equal" in a row class; the operators here are eq, ne, lt, lte, gt, gte, startsWith, '
        "contains, isNull",
    ),
    "list in a row class": (
        "{isMinor: {eq: true}}",
        "{isMinor: {in: [true]}}",
        '25: there is no operator "in" in a row class; the operators here are eq, ne, lt, lte, gt, gte, startsWith, '
        "contains, isNull",
    ),
    "empty row class": (
        "{isMinor: {eq: true}}",
        "{}",
        "25: a predicate needs at least one condition: {field: {operator: value}}",
    ),
}


@pytest.mark.parametrize(("old", "new", "problem"), FORM.values(), ids=FORM)
def test_a_mistake_of_form_is_told_by_its_line(old: str, new: str, problem: str, tmp_path: Path) -> None:
    assert check(tmp_path, changed(old, new)) == [f"test.yaml:{problem}"]


def test_an_owner_is_missed_at_every_entity(tmp_path: Path) -> None:
    message = '"owner" is missing; write it here or at the head of the file'
    assert check(tmp_path, changed("owner: ORG", "")) == [f"test.yaml:{line}: {message}" for line in (9, 43, 57)]


def test_every_mistake_of_form_is_told_at_once(tmp_path: Path) -> None:
    text = changed("age: {type: Int", "age: {type: Integer").replace("    plural: orgs\n", "")
    assert [problem.partition(" ")[0] for problem in check(tmp_path, text)] == ["test.yaml:39:", "test.yaml:57:"]


def test_a_mistake_of_form_is_not_told_again_where_the_name_is_used(tmp_path: Path) -> None:
    text = changed("      orgCode: {type: String, label: U1", "      orgCode: {type: String, label: X1")
    assert [problem.partition(" ")[0] for problem in check(tmp_path, text)] == ["test.yaml:64:"]
