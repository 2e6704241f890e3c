"""Plans as text, and the plan cases: question, caller, plan and response side by side.

With ``HUTONG_UPDATE_PLANS=1`` the ``plan.txt`` files are written anew; responses never are.
"""

import os
import re
from pathlib import Path
from typing import Any

import orjson
import pytest
import yaml

from authz.subjects import Subject
from resolvers.operation import OperationRequest
from resolvers.render import render_plan
from schema.language import Language
from tests.resolvers.mini_city import ANN, ROOT, MiniCity, code
from tests.resolvers.questions import CITY, CLERK, OFFICER, SECRETARY, WatchedCity

CASES = sorted(path.parent for path in (ROOT / "tests/cases/plans").glob("*/query.graphql"))


def case(folder: Path) -> tuple[str, Subject, dict[str, Any]]:
    """Document, caller and variables of a case."""
    written = yaml.safe_load((folder / "subject.yaml").read_text(encoding="utf-8"))
    who = Subject(
        id="test:case",
        roles=frozenset(written["roles"]),
        consumer="tests",
        attributes=written.get("attributes", {}),
        purpose=written.get("purpose"),
    )
    return (folder / "query.graphql").read_text(encoding="utf-8"), who, written.get("variables", {})


def without_lines(text: str) -> str:
    """``text`` without the line numbers of policy files, which are nobody's promise."""
    return re.sub(r"(\.yaml):[0-9]+", r"\1", text)


def rendered(city: MiniCity, document: str, who: Subject, **variables: Any) -> str:
    return render_plan(
        city.engine.plan(who, OperationRequest(document=document, deadline=0.0, variables=variables)), Language.EN
    )


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)
def test_the_plan_of_a_case_is_the_one_on_record(folder: Path) -> None:
    document, who, variables = case(folder)
    text = without_lines(rendered(MiniCity(), document, who, **variables))
    file = folder / "plan.txt"
    if os.environ.get("HUTONG_UPDATE_PLANS"):
        file.write_text(text, encoding="utf-8")

    assert text == file.read_text(encoding="utf-8")


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)
async def test_the_response_of_a_case_is_the_one_on_record(folder: Path) -> None:
    document, who, variables = case(folder)

    response = (await MiniCity().execute(who, document, **variables)).response()

    written = (folder / "response.json").read_text(encoding="utf-8")
    assert orjson.loads(without_lines(orjson.dumps(response).decode())) == orjson.loads(written)


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)
def test_no_plan_holds_a_value(folder: Path) -> None:
    text = (folder / "plan.txt").read_text(encoding="utf-8")

    for value in (ANN, code("001010"), code("001010001"), "001010001", "张小明", "安一", "1001", "430726"):
        assert value not in text


@pytest.mark.parametrize(
    ("who", "document", "lines"),
    [
        pytest.param(CITY, "{ __typename }", ["__typename: answered by the schema"], id="no entity"),
        pytest.param(
            CITY,
            "query ($n: Int, $c: String) { partyMembers(last: $n, before: $c) { nodes { id } } }",
            [
                "partyMembers: list of PartyMember, read backwards by row key desc, "
                "last as variable n says before a cursor"
            ],
            id="a page backwards",
        ),
        pytest.param(
            CLERK,
            "{ partyMember(memberNo: 1) { _meta { sources { asOf } } } }",
            ["first: the age of s1", "partyMember: one PartyMember by memberNo = $0", "rows: kept in ORGTREE"],
            id="a row by key",
        ),
        pytest.param(
            SECRETARY, "{ duesRecord(duesId: 1) { due } }", ["flag ORGTREE: decided on the row by $2, $3"], id="key set"
        ),
        pytest.param(
            OFFICER,
            "{ staffPosts { nodes { staffNo } } }",
            ["first: the units below the caller's, level by level", "rows: UNITTREE pushed into the statement"],
            id="units",
        ),
        pytest.param(
            SECRETARY,
            "{ partyMembers { nodes { person { idNumber birthDate } } } }",
            [
                "rows: ORGTREE proved by the parent row",
                "idNumber: masked in every row as idNumber (strict)",
                "birthDate: null, FIELD_DENIED Person.birthDate: no rule allows it for these roles",
            ],
            id="masked and denied",
        ),
    ],
)
def test_a_plan_tells_what_matters(who: Subject, document: str, lines: list[str]) -> None:
    text = [line.strip() for line in rendered(MiniCity(), document, who, n=2, c="x").splitlines()]

    assert [line for line in lines if line not in text] == []


def test_a_plan_tells_what_is_left_to_the_hub() -> None:
    city = WatchedCity(filters=False, orders=False)

    text = rendered(city, "{ partyMembers(where: {memberNo: {gt: 1}}) { nodes { memberNo } } }", CITY)

    assert "    rechecked by the hub: memberNo\n" in text
    assert "    sorted by the hub\n" in text
