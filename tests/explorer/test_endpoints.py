"""The explorer's endpoints: what they tell, and whom they refuse."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
from starlette.applications import Starlette

from demo.callers import CALLERS
from demo.questions import questions
from hutong.explorer.content import Ask, ExplorerContent, Person, Question
from hutong.explorer.routes import PAGE_POLICY
from schema.catalog import Title
from tests.explorer.site import explorer_app

JSON = {"Content-Type": "application/json"}
SECRETARY, LIAISON, PUBLIC = "branch_secretary", "party_liaison", "resident_public"
BRANCH = {"branch": "001008002001000"}
DOCUMENT = next(question.document for question in questions() if question.name == "masked_for_the_liaison")


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Starlette:
    return explorer_app(tmp_path_factory.mktemp("keys"))


@pytest.fixture
async def client(app: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost:8000") as client:
        yield client


async def token(client: httpx.AsyncClient, person: str) -> str:
    answer = await client.post(f"/explorer/token/{person}", headers=JSON)
    assert answer.status_code == 200
    return str(answer.json()["token"])


async def ran(client: httpx.AsyncClient, person: str, query: str, **variables: Any) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {await token(client, person)}"}
    answer = await client.post("/explorer/run", json={"query": query, "variables": variables}, headers=headers)
    assert answer.status_code == 200
    return dict(answer.json())


def items(plan: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [found for item in plan for found in (item, *items(item["below"]))]


async def test_the_choices_are_the_demos_people_and_questions(client: httpx.AsyncClient) -> None:
    content = (await client.get("/explorer/content")).json()
    assert [person["key"] for person in content["persons"]] == [caller.key for caller in CALLERS]
    assert {question["name"] for question in content["questions"]} == {question.name for question in questions()}
    assert all(person["duty"]["zh"] and person["duty"]["en"] and person["sees"]["zh"] for person in content["persons"])
    assert {source["name"] for source in content["sources"]} >= {"s1", "s2", "s3", "s4", "s5", "s6", "hotline"}


async def test_no_identity_number_stands_in_the_choices(client: httpx.AsyncClient) -> None:
    text = (await client.get("/explorer/content")).text
    numbers = [caller.subject.attributes.get("identity") for caller in CALLERS]
    scopes = [person["scope"] for person in (await client.get("/explorer/content")).json()["persons"]]
    assert not any("identity" in scope for scope in scopes)
    asked = " ".join(str(ask.variables) for question in questions() for ask in question.asks)
    assert [number for number in numbers if number and number in text and number not in asked] == []


async def test_a_token_is_one_that_graphql_accepts(client: httpx.AsyncClient) -> None:
    headers = {"Authorization": f"Bearer {await token(client, SECRETARY)}"}
    answer = await client.post("/graphql", json={"query": DOCUMENT, "variables": BRANCH}, headers=headers)
    assert answer.json()["data"]["partyOrganisation"]["members"]["totalCount"] > 0


async def test_a_run_answers_as_graphql_does(client: httpx.AsyncClient) -> None:
    headers = {"Authorization": f"Bearer {await token(client, LIAISON)}"}
    asked = {"query": DOCUMENT, "variables": BRANCH}
    told = await client.post("/explorer/run", json=asked, headers=headers)
    assert told.json()["response"] == (await client.post("/graphql", json=asked, headers=headers)).json()


async def test_a_plan_tells_each_fields_decision(client: httpx.AsyncClient) -> None:
    told = await ran(client, LIAISON, DOCUMENT, **BRANCH)
    decisions = {item["path"][-1]: item["decided"] for item in items(told["plan"]) if item["kind"] == "decision"}
    assert decisions == {
        "name": "clear", "memberNo": "clear", "mobile": "masked", "idNumber": "masked", "birthDateText": "denied",
    }  # fmt: skip
    titles = {item["path"][-1]: item["title"] for item in items(told["plan"]) if item["kind"] == "decision"}
    assert titles["mobile"] == {"zh": "手机号码", "en": "Mobile number"}


async def test_each_statement_has_its_time_and_rows(client: httpx.AsyncClient) -> None:
    told = await ran(client, SECRETARY, DOCUMENT, **BRANCH)
    statements = [item for item in items(told["plan"]) if item["kind"] == "statement"]
    runs = [told["fetches"][run] for item in statements for run in item["runs"]]
    assert {item["connector"] for item in statements} >= {"s1", "s3"}
    assert len(runs) == len(told["fetches"]) >= 3
    assert all(run["seconds"] >= 0 and run["started"] >= 0 and run["error"] is None for run in runs)
    counted = told["response"]["data"]["partyOrganisation"]["members"]["totalCount"]
    members = next(item for item in statements if "memberNo" in item["statement"])
    assert told["fetches"][members["runs"][0]]["rows"] == counted


async def test_a_plan_holds_no_value(client: httpx.AsyncClient) -> None:
    told = await ran(client, SECRETARY, DOCUMENT, **BRANCH)
    shown = str(told["plan"]) + str(told["fetches"])
    assert BRANCH["branch"] not in shown
    assert told["response"]["data"]["partyOrganisation"]["name"] not in shown


async def test_a_denied_branch_is_in_the_plan_and_fetches_nothing(client: httpx.AsyncClient) -> None:
    told = await ran(client, PUBLIC, DOCUMENT, **BRANCH)
    denied = [item for item in items(told["plan"]) if item.get("decided") == "denied"]
    assert [item["coordinate"] for item in denied] == ["PartyOrganisation.members"]
    assert len(told["fetches"]) == 1


async def test_a_refused_request_has_no_plan(client: httpx.AsyncClient) -> None:
    told = await ran(client, PUBLIC, "{ nonsense }")
    assert told["plan"] is None
    assert told["fetches"] == []
    assert told["response"]["errors"][0]["extensions"]["code"] == "BAD_INPUT"


async def test_a_purpose_is_stated_by_the_header(client: httpx.AsyncClient) -> None:
    query = '{ cadre(staffNo: "R00000002") { assessmentLabel } }'
    headers = {"Authorization": f"Bearer {await token(client, 'cadre_officer')}"}
    stated = {**headers, "Hutong-Purpose": "cadre_management"}
    answers = [
        (await client.post("/explorer/run", json={"query": query}, headers=given)).json() for given in (headers, stated)
    ]
    assert answers[0]["response"]["errors"][0]["extensions"]["code"] == "BAD_INPUT"
    assert "errors" not in answers[1]["response"]
    assert answers[1]["plan"] is not None
    assert "assessmentLabel" not in (await client.post("/explorer/schema", headers={**headers, **JSON})).text
    assert "assessmentLabel" in (await client.post("/explorer/schema", headers={**stated, **JSON})).text


async def test_the_schema_is_the_callers_own(client: httpx.AsyncClient) -> None:
    sdl = {}
    for person in (PUBLIC, "member_self"):
        headers = {"Authorization": f"Bearer {await token(client, person)}", **JSON}
        sdl[person] = (await client.post("/explorer/schema", headers=headers)).text
    assert all("type PartyOrganisation" in text for text in sdl.values())
    assert len(sdl[PUBLIC]) < len(sdl["member_self"])


@pytest.mark.parametrize("path", ["/explorer/run", "/explorer/schema"])
async def test_other_keys_tokens_are_refused(client: httpx.AsyncClient, path: str) -> None:
    forged = jwt.encode({"sub": "x", "roles": ["city_org_admin"]}, "k" * 32, headers={"kid": "demo"})
    answer = await client.post(path, json={"query": "{ __typename }"}, headers={"Authorization": f"Bearer {forged}"})
    assert answer.status_code == 401
    assert answer.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_nobody_unknown_gets_a_token(client: httpx.AsyncClient) -> None:
    assert (await client.post("/explorer/token/root", headers=JSON)).status_code == 404


async def test_the_page_may_run_and_load_only_its_own_files(client: httpx.AsyncClient) -> None:
    for path in ("/", "/explorer/static/explorer.js", "/explorer/static/explorer.css", "/explorer/static/icon.svg"):
        answer = await client.get(path)
        assert answer.status_code == 200
        assert answer.headers.get_list("content-security-policy") == [PAGE_POLICY]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert not [name for name in answer.headers if name.startswith("access-control-")]
    assert "unsafe" not in PAGE_POLICY
    html = (await client.get("/")).text
    assert "<style" not in html
    assert " style=" not in html
    assert "http://" not in html.replace("http://www.w3.org/2000/svg", "")
    assert "https://" not in html


@pytest.mark.parametrize("name", ["explorer.html", "nothing.js", "..%2Froutes.py", "editor.licences.txt"])
async def test_other_files_are_not_served(client: httpx.AsyncClient, name: str) -> None:
    assert (await client.get(f"/explorer/static/{name}")).status_code == 404


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", f"/explorer/token/{SECRETARY}"),
        ("PUT", f"/explorer/token/{SECRETARY}"),
        ("GET", "/explorer/run"),
        ("GET", "/explorer/schema"),
        ("POST", "/"),
        ("POST", "/explorer/content"),
        ("DELETE", "/explorer/content"),
        ("OPTIONS", f"/explorer/token/{SECRETARY}"),
    ],
)
async def test_other_methods_are_refused(client: httpx.AsyncClient, method: str, path: str) -> None:
    answer = await client.request(method, path, headers=JSON)
    assert answer.status_code == 405
    assert "token" not in answer.text


ELSEWHERE = [
    pytest.param({"Origin": "https://evil.example"}, 403, id="another website"),
    pytest.param({"Origin": "http://localhost:9999"}, 403, id="another port"),
    pytest.param({"Origin": "https://localhost:8000"}, 403, id="another scheme"),
    pytest.param({"Origin": "null"}, 403, id="an opaque origin"),
    pytest.param({"Sec-Fetch-Site": "cross-site"}, 403, id="fetched across sites"),
    pytest.param({"Sec-Fetch-Site": "same-site"}, 403, id="fetched from another port"),
    pytest.param({"Host": "rebound.example:8000"}, 421, id="a name made to resolve to loopback"),
    pytest.param({"Host": "localhost.evil.example"}, 421, id="a name that begins like loopback"),
    pytest.param({"Host": "localhost:8000@evil.example"}, 421, id="a host with a user"),
    pytest.param({"Host": "rebound.example", "Origin": "http://rebound.example"}, 421, id="rebinding, same origin"),
    pytest.param({"Host": "localhost:x"}, 421, id="a host that is none"),
]


@pytest.mark.parametrize(("headers", "status"), ELSEWHERE)
@pytest.mark.parametrize("path", [f"/explorer/token/{SECRETARY}", "/explorer/run", "/explorer/schema"])
async def test_another_website_gets_nothing(
    client: httpx.AsyncClient, headers: dict[str, str], status: int, path: str
) -> None:
    answer = await client.post(path, json={"query": "{ __typename }"}, headers=headers)
    assert answer.status_code == status
    assert "token" not in answer.json()
    assert not [name for name in answer.headers if name.startswith("access-control-")]


@pytest.mark.parametrize(("headers", "status"), ELSEWHERE)
async def test_another_website_learns_no_choices(
    client: httpx.AsyncClient, headers: dict[str, str], status: int
) -> None:
    assert (await client.get("/explorer/content", headers=headers)).status_code == status


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
@pytest.mark.parametrize("path", [f"/explorer/token/{SECRETARY}", "/explorer/run", "/explorer/schema"])
async def test_what_a_form_can_send_is_refused(client: httpx.AsyncClient, kind: str, path: str) -> None:
    assert (await client.post(path, content=b"{}", headers={"Content-Type": kind})).status_code == 415


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1:8000", "[::1]:8000", "LOCALHOST"])
async def test_the_page_itself_is_answered(client: httpx.AsyncClient, host: str) -> None:
    headers = {"Host": host, "Origin": f"http://{host}", "Sec-Fetch-Site": "same-origin", **JSON}
    assert (await client.post(f"/explorer/token/{SECRETARY}", headers=headers)).status_code == 200


async def test_a_link_elsewhere_opens_the_page_but_a_frame_or_script_does_not(client: httpx.AsyncClient) -> None:
    link = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    assert (await client.get("/", headers=link)).status_code == 200
    assert (await client.get("/", headers={**link, "Sec-Fetch-Mode": "no-cors"})).status_code == 403
    assert (await client.get("/explorer/content", headers=link)).status_code == 403
    assert "frame-ancestors 'none'" in PAGE_POLICY


async def test_without_the_bundle_the_page_says_so(tmp_path: Path) -> None:
    app = explorer_app(tmp_path, editor=False)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as client:
        assert (await client.get("/explorer/content")).json()["editor"] is False
        assert (await client.get("/explorer/static/editor.js")).status_code == 404


def test_content_that_names_nobody_is_refused() -> None:
    title = Title(zh="问", en="ask")
    person = Person(key="a", name="", duty=title, sees=title, subject=CALLERS[0].subject)
    asked = Question(
        name="q", title=title, document="{ a }", asks=(Ask(person="b", variables={}, purpose=None, expect=""),)
    )
    with pytest.raises(ValueError, match="no such person: b"):
        ExplorerContent(persons=(person,), questions=(asked,), first="q", pair=("a", "a"))
    with pytest.raises(ValueError, match="nobody asks: q"):
        ExplorerContent(
            persons=(person,),
            questions=(Question(name="q", title=title, document="{ a }", asks=()),),
            first="q",
            pair=("a", "a"),
        )
    with pytest.raises(ValueError, match="no question z"):
        ExplorerContent(persons=(person,), questions=(), first="z", pair=("a", "a"))
