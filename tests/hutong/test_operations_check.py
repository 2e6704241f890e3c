"""``hutong operations check``: its judgement is what the hub then does, and it points at the place of every mistake."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from graphql import print_ast

from authz.policy import profile_of
from hutong.client_documents import ClientOperation, find_files, read_documents
from hutong.operations_check import Judgement, OperationsCheck, Outcome
from resolvers.limits import Limits
from schema.build import build_schema
from schema.language import Language
from tests.hutong.test_cli import run
from tests.resolvers.mini_city import MiniCity, code, subject, world
from tests.resolvers.questions import CALLERS, PUBLIC

ROOT = Path(__file__).parents[2]
POLICIES = str(ROOT / "demo" / "policies")


@cache
def checker() -> OperationsCheck:
    catalog, _, schema, policy = world()
    return OperationsCheck(schema, catalog, policy, Limits(), Language.EN)


def operation(*texts: str) -> ClientOperation:
    documents = read_documents({f"{number}.graphql": text for number, text in enumerate(texts)})
    assert documents.mistakes == ()
    (only,) = documents.operations
    return only


def judge(role: str, *texts: str, purpose: str | None = None) -> Judgement:
    caller = subject(role)
    caller = type(caller)(id=caller.id, roles=caller.roles, purpose=purpose)
    return checker().judge(operation(*texts), profile_of(caller, world()[3]))


BRANCH = """query Branch($org: ID!) { partyOrganisation(orgCode: $org) {
    name members(first: 3) { nodes { memberNo person { name idNumber } } } } }"""


@pytest.mark.parametrize(
    ("role", "document", "outcome", "coordinates"),
    [
        ("resident_public", "{ partyOrganisations { nodes { name } } }", "whole", []),
        ("resident_public", BRANCH, "null", ["PartyOrganisation.members"]),
        ("county_org_clerk", BRANCH, "depends", ["PartyOrganisation.members", "Person.idNumber"]),
        ("branch_secretary", "{ partyMember(memberNo: 1) { person { idNumber } } }", "masked", ["Person.idNumber"]),
        ("branch_secretary", "{ partyMembers { nodes { lostContact } } }", "invalid", []),
        ("member_self", "{ partyMembers { nodes { lostContact } } }", "whole", []),
        ("resident_public", "{ partyMembers { totalCount } }", "null", ["PartyMember"]),
        (
            "resident_public",
            "{ partyOrganisations(orderBy: [{secretaryName: ASC}]) { totalCount } }",
            "null",
            ["PartyOrganisation.secretaryName"],
        ),
        (
            "resident_public",
            "query($by: StringFilter) { partyOrganisations(where: {secretaryName: $by}) { totalCount } }",
            "null",
            ["PartyOrganisation.secretaryName"],
        ),
        ("resident_public", "query($id: ID!) { node(id: $id) { ... on Person { name } } }", "null", ["Person"]),
        ("resident_public", "{ viewer { id } codeTables { name } __typename }", "whole", []),
        (
            "resident_public",
            "query($on: Boolean!) { partyMembers(first: 1) @include(if: $on) { totalCount } }",
            "null",
            ["PartyMember"],
        ),
    ],
    ids=[
        "open data", "denied", "somewhere", "masked", "hidden", "own", "rows", "order", "filter", "node", "own roots",
        "switched on",
    ],
)  # fmt: skip
def test_an_operation_is_judged_as_it_will_be_answered(
    role: str, document: str, outcome: str, coordinates: list[str]
) -> None:
    found = judge(role, document)
    assert found.outcome is Outcome(outcome), found
    assert [finding.coordinate for finding in found.findings] == coordinates


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", sorted((ROOT / "demo" / "queries").glob("*.graphql")), ids=lambda path: path.stem)
@pytest.mark.parametrize("caller", ["resident_public", "branch_secretary", "member_self"])
async def test_no_error_comes_that_was_not_foreseen(path: Path, caller: str) -> None:
    text = text_of(path)
    found = judge(caller, text)
    variables = {
        definition.variable.name.value: 1 if "Int" in print_ast(definition.type) else code("001010001")
        for definition in operation(text).operation.variable_definitions or ()
    }
    result = await city().execute(CALLERS[caller], text, **variables)
    told = {error["extensions"]["coordinate"] for error in result.errors if "coordinate" in error["extensions"]}
    foreseen = [finding.reading.denial for finding in found.findings if finding.reading.denial is not None]
    if found.outcome is Outcome.INVALID:
        assert not result.executed
    elif result.executed:
        assert told <= {denial.extensions["coordinate"] for denial in foreseen}
        if found.outcome is Outcome.WHOLE:
            assert "masked" not in result.extensions


@cache
def city() -> MiniCity:
    return MiniCity()


def test_a_purpose_makes_names_exist() -> None:
    document = "{ partyMember(memberNo: 1) { lostContact } }"
    assert judge("city_org_admin", document).outcome is Outcome.INVALID
    assert judge("city_org_admin", document, purpose="member_care").outcome is Outcome.WHOLE


# --- cost --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("document", "rows"),
    [
        ("{ partyOrganisations(first: 7) { nodes { name } } }", 7),
        ("{ partyOrganisations { nodes { name } } }", 20),
        ("query($n: Int = 5) { partyOrganisations(first: $n) { nodes { name } } }", 5),
        ("query($n: Int) { partyOrganisations(first: $n) { nodes { name } } }", 1000),
        (
            "query($f: Int, $a: String, $l: Int, $b: String)"
            "{ partyOrganisations(first: $f, after: $a, last: $l, before: $b) { nodes { name } } }",
            1000,
        ),
    ],
    ids=["literal", "default page", "default", "unknown", "both ways"],
)
def test_an_unknown_page_counts_as_the_largest(document: str, rows: int) -> None:
    found = judge("resident_public", document)
    assert (found.outcome, found.over) == (Outcome.WHOLE, ())
    assert found.cost is not None
    assert found.cost.rows == rows


def test_a_limit_is_told_with_its_place_and_the_cost_all_the_same() -> None:
    fragment = (
        "fragment Below on PartyOrganisation {\n  children(first: $n) { nodes { children(first: $n) "
        "{ nodes { name } } } }\n}"
    )
    found = judge("resident_public", "query($n: Int) { partyOrganisation(orgCode: 1) { ...Below } }", fragment)
    assert found.cost is not None
    assert found.cost.rows == 1_000_000
    (over,) = found.over
    assert (over.file, over.line) == ("1.graphql", 2)
    assert "100,000 rows" in over.message


def test_the_limits_of_the_document_count_its_fragments() -> None:
    catalog, _, schema, policy = world()
    check = OperationsCheck(schema, catalog, policy, Limits(tokens=30), Language.EN)
    query = "{ partyOrganisation(orgCode: 1) { ...Many } }"
    fragment = f"fragment Many on PartyOrganisation {{ {'name ' * 20} }}"
    found = check.judge(operation(query, fragment), profile_of(PUBLIC, policy))
    assert [str(over) for over in found.over] == ["0.graphql:1:1: the operation asks for more than 30 lexical tokens"]


def test_filters_that_are_variables_as_a_whole_are_said_not_to_be_judged() -> None:
    document = """query($where: PartyOrganisationWhere, $order: [PartyOrganisationOrder!]!)
        { partyOrganisations(where: $where, orderBy: $order) { totalCount } }"""
    found = judge("resident_public", document)
    assert (found.outcome, found.unjudged) == (Outcome.WHOLE, ("$where", "$order"))


# --- mistakes ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("document", "message", "line"),
    [
        ("{\n  partyOrganisations { nodes { nmae } }\n}", "Cannot query field 'nmae'", 2),
        ("{\n  partyOrganisation(orgCode: 1) { ...Nowhere }\n}", "Unknown fragment 'Nowhere'", 2),
        ("query($x: Int) { partyOrganisations(first: $x, last: 1) { totalCount } }", "both `first` and `last`", 1),
        ("mutation { drop }", "read-only", 1),
        ("{ person { name } }", "exactly one of its arguments", 1),
    ],
    ids=["field", "fragment", "pages", "mutation", "key"],
)
def test_a_mistake_is_told_with_its_place(document: str, message: str, line: int) -> None:
    found = judge("resident_public", document)
    assert found.outcome is Outcome.INVALID
    (error,) = found.errors
    assert message in error.message
    assert (error.file, error.line) == ("0.graphql", line)


def test_a_mistake_in_a_fragment_is_told_in_its_own_file() -> None:
    found = judge(
        "resident_public",
        "{ partyOrganisation(orgCode: 1) { ...Card } }",
        "fragment Card on PartyOrganisation {\n  name ...Deep\n}",
        "fragment Deep on PartyOrganisation {\n\n    shortNmae\n}",
    )
    assert [(e.file, e.line, e.column) for e in found.errors] == [("2.graphql", 3, 5)]


def test_files_are_one_namespace_and_each_operation_has_what_it_spreads() -> None:
    documents = read_documents(
        {
            "a.graphql": "query A { partyOrganisation(orgCode: 1) { ...Card } }\nquery B { __typename }",
            "b.graphql": "fragment Card on PartyOrganisation { ...Name }",
            "c.graphql": "fragment Name on PartyOrganisation { name }\nfragment Idle on PartyOrganisation { name }",
            "d.graphql": "query A { __typename }\nfragment Name on Person { name }",
            "e.graphql": "query {",
            "f.graphql": "type Thing { x: Int }",
        }
    )
    assert [(op.name, len(op.document.definitions)) for op in documents.operations] == [("A", 3), ("B", 1)]
    assert [str(mistake) for mistake in documents.mistakes] == [
        "d.graphql:1:1: there is another operation A; client tools need one of each name (a.graphql:1)",
        "d.graphql:2:1: there is another fragment Name; client tools need one of each name (c.graphql:1)",
        "e.graphql:1:8: Syntax Error: Expected Name, found <EOF>.",
        "f.graphql:1:1: a client's document holds operations and fragments only",
    ]
    assert [str(warning) for warning in documents.warnings] == ["c.graphql:2:1: no operation uses the fragment Idle"]


def test_deprecated_names_are_warned_of() -> None:
    from tests.schema.test_deprecations import catalog

    model, policy = catalog(), world()[3]
    check = OperationsCheck(build_schema(model, lambda info: None), model, policy, Limits(), Language.EN)
    documents = '{ things(where: {number: {eq: "1"}}) { nodes { number } } }'
    found = check.judge(operation(documents), profile_of(PUBLIC, policy))
    assert ["Since 1.2" in str(warning) for warning in found.warnings] == [True, True]


def test_files_are_found_by_name_pattern_and_folder(tmp_path: Path) -> None:
    for name in ("a.graphql", "deep/b.graphql", "deep/c.gql", "deep/d.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("", encoding="utf-8")

    def names(*patterns: str) -> list[str]:
        return [str(path.relative_to(tmp_path)) for path in find_files(f"{tmp_path}/{p}" for p in patterns)]

    assert names("**/*.graphql") == ["a.graphql", "deep/b.graphql"]
    assert names("") == ["a.graphql", "deep/b.graphql", "deep/c.gql"]
    assert names("a.graphql", "*.graphql", "nowhere") == ["a.graphql"]


# --- the command -------------------------------------------------------------------------------------------------


def checked(tmp_path: Path, document: str, *words: str) -> tuple[int, str]:
    (tmp_path / "q.graphql").write_text(document, encoding="utf-8")
    result = run("operations", "check", tmp_path, "--policies", POLICIES, "--lang", "en", *words)
    return result.exit_code, result.stdout


@pytest.mark.parametrize(
    ("document", "words", "status"),
    [
        (BRANCH, (), 0),
        (BRANCH, ("--strict",), 1),
        ("{ partyOrganisations { nodes { nmae } } }", (), 1),
        ("query($n: Int!) { partyOrganisations { nodes { children(first: $n) { nodes { children(first: $n) "
         "{ nodes { name } } } } } } }", (), 1),
        ("{", (), 1),
        ("fragment F on Person { name }", (), 1),
    ],
    ids=["null", "strict", "invalid", "over a limit", "syntax", "no operation"],
)  # fmt: skip
def test_the_status_is_for_scripts(tmp_path: Path, document: str, words: tuple[str, ...], status: int) -> None:
    assert checked(tmp_path, document, "--as", "resident_public", *words)[0] == status


def test_people_read_a_line_per_caller_and_what_is_not_clear(tmp_path: Path) -> None:
    _, printed = checked(tmp_path, BRANCH, "--as", "branch_secretary,resident_public")
    assert printed.splitlines() == [
        f"{tmp_path}/q.graphql:1 Branch",
        "  branch_secretary  depends  8 fields, depth 5, 3 rows",
        "    PartyOrganisation.members clear in ORGTREE, else null (FIELD_DENIED: your rights do not reach these rows)"
        ", at partyOrganisation.members",
        "    Person.idNumber masked (idNumber) in ORGTREE, at partyOrganisation.members.nodes.person.idNumber",
        "  resident_public   null     8 fields, depth 5, 3 rows",
        "    PartyOrganisation.members null (FIELD_DENIED: no rule allows it for these roles), "
        "at partyOrganisation.members",
    ]


def test_programs_read_json(tmp_path: Path) -> None:
    _, printed = checked(tmp_path, BRANCH, "--as", "branch_secretary", "--json")
    report: Any = json.loads(printed)
    assert (report["errors"], report["warnings"]) == ([], [])
    (found,) = report["operations"]
    (caller,) = found["callers"]
    assert (found["name"], found["line"], caller["as"], caller["outcome"]) == (
        "Branch",
        1,
        "branch_secretary",
        "depends",
    )
    assert caller["cost"] == {
        "rootFields": 1, "fields": 8, "aliases": 0, "depth": 5, "rows": 3, "listings": 0,
        "conditions": 0,
    }  # fmt: skip
    assert caller["notClear"][1] == {
        "path": ["partyOrganisation", "members", "nodes", "person", "idNumber"],
        "coordinate": "Person.idNumber",
        "read": "MASKED",
        "scopes": [{"rows": ["ORGTREE"], "mask": "idNumber"}],
        "code": None,
        "reason": None,
        "purposes": [],
    }


def test_nothing_to_check_is_a_mistake(tmp_path: Path) -> None:
    given = ("--as", "auditor", "--policies", POLICIES, "--lang", "en")
    result = run("operations", "check", tmp_path / "*.graphql", *given)
    assert result.exit_code == 1
    assert "There is no file for" in result.stderr
