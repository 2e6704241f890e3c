"""The hub and the oracle give the same answers: in the mini city in every role, in the small city to its questions."""

import asyncio
import base64
import csv
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from authz.subjects import Subject
from connectors.csv_files import CsvConnector
from connectors.memory import MemoryConnector
from demo.checks import MOST_PROBLEMS, Ask, check_defects, check_questions, oracle_caller
from demo.city.defects import DEFECTS, FLOOR
from demo.city.edition import SEED, TODAY
from demo.city.reference import write_reference
from demo.oracle.canonical import City
from demo.oracle.comparison import differences, error_pairs, leaks
from demo.oracle.defects import PROBES
from demo.oracle.evaluate import Answer, evaluate
from demo.oracle.facts import Facts
from demo.oracle.raw import RawCity
from demo.questions import questions
from tests.demo.small_city import SMALL, SmallCity
from tests.properties.generated_city import SOURCES, Hub, manifests
from tests.resolvers import mini_city
from tests.resolvers.mini_city import MiniCity, code, subject
from tests.resolvers.mini_services import EVA, GUS, TOWN_STATION

LIAISON = subject("party_liaison", orgCode=code("001010"), divCode="430726")
AUDITOR = subject("auditor")
CITIZEN = subject("resident_self", identity=EVA, mallAccount="501")
WINDOW = subject("window_clerk", stationCode=TOWN_STATION)
CENTRE = subject("service_admin", divCode="430726")
AGENT = subject("hotline_agent", divCode="430726")
ANALYST = subject("coop_analyst", divCode="430726")
KEEPER = subject("shop_owner", identity=GUS)
CADRES = Subject(id="test:cadres", roles=frozenset({"cadre_officer"}), purpose="cadre_management")
CALLERS = {
    next(iter(who.roles)): who
    for who in (
        mini_city.PUBLIC,
        mini_city.MEMBER,
        mini_city.SECRETARY,
        LIAISON,
        mini_city.CLERK,
        mini_city.CITY,
        mini_city.OFFICER,
        AUDITOR,
        CITIZEN,
        WINDOW,
        CENTRE,
        AGENT,
        ANALYST,
        KEEPER,
        CADRES,
    )
}
PERSON = """{
  name idNumber sexLabel birthDate birthDateText age mobile politicalStatusLabel
  _meta { quality masked sources { connector } }
}"""
MISTYPED = f"{mini_city.BEN[:-1]}{(int(mini_city.BEN[-1]) + 1) % 10}"
DOCUMENTS = {
    "organisations": """partyOrganisations(orderBy: [{divCode: DESC}, {orgCode: ASC}]) {
      totalCount
      pageInfo { hasNextPage hasPreviousPage endCursor }
      nodes {
        id orgCode typeLabel level secretaryName memberCount division { name } hostUnit { ... on PublicUnit { name } }
        members(first: 2) { totalCount nodes { memberNo } }
      }
    }""",
    "members": """partyMembers(last: 3, orderBy: [{fullMemberOn: ASC}]) {
      totalCount
      pageInfo { hasNextPage hasPreviousPage }
      edges { cursor node { memberNo category joinedYear org { name } person PERSON _meta { quality } } }
    }""",
    "one member": "partyMember(memberNo: 2) { memberNo person PERSON staffPost { postName } }",
    "back and forth": """partyMember(memberNo: 3) {
      person { partyMember { memberNo person { name } _meta { quality } } }
    }""",
    "where": """partyMembers(where: {or: [{not: {fullMemberOn: {gt: "2000-01-01"}}}, {partyDuty: {isNull: false}}]}) {
      nodes { memberNo fullMemberOn }
      totalCount
    }""",
    "dues": """duesRecords(orderBy: [{month: DESC}, {paid: ASC}]) {
      totalCount
      nodes { duesId month due paid payDay: paidAt channelLabel member { memberNo person { name } } }
    }""",
    "dues of members": """partyMembers {
      nodes {
        memberNo
        dues(where: {month: {gte: "2018-09"}}) { totalCount nodes { due } }
        attendances { totalCount nodes { status } }
      }
    }""",
    "units": """publicUnits(orderBy: [{unitNo: DESC}]) {
      nodes {
        unitNo name authorisedPosts actualStaff superior { name } subordinates { totalCount }
        staff { totalCount nodes { postName enteredOn person { name mobile partyMember { memberNo } } } }
      }
    }""",
    "sorted by a number": "publicUnits(orderBy: [{actualStaff: DESC}]) { nodes { unitNo } }",
    "posts": "staffPosts { totalCount nodes { staffNo postTypeLabel person PERSON } }",
    "look-up": f'person(idNumber: "{mini_city.BEN}") {{ name idNumber partyMember {{ memberNo org {{ name }} }} }}',
    "mistyped look-up": f'person(idNumber: "{MISTYPED}") {{ name }}',
    "twice": "a: partyMember(memberNo: 3) { person PERSON } b: partyMember(memberNo: 6) { person PERSON }",
    "never shared": "partyMembers { nodes { memberNo inDifficulty } }",
    "hosts": """partyOrganisations {
      nodes {
        orgCode path stations { totalCount } _meta { quality }
        hostUnit {
          __typename
          ... on PublicUnit { unitNo serviceItems { nodes { name itemTypeLabel } } }
          ... on Enterprise { regNo annualSales annualSalesBand shops { nodes { name gmv gmvBand } } }
        }
        parent { orgCode }
      }
    }""",
    "transfers": """membershipTransfers {
      nodes {
        transferNo stateLabel toOrgNameRaw issuedOn acceptedOn _meta { quality }
        member { memberNo person PERSON } fromOrg { name } toOrg { name }
      }
    }""",
    "cadres": """cadres {
      totalCount
      nodes { staffNo duty dutyLevelLabel appointedOn _meta { quality } person PERSON partyMember { memberNo } }
    }""",
    "cases": """serviceCases(orderBy: [{acceptedAt: DESC}]) {
      totalCount
      nodes {
        caseNo stateLabel overdue applicantName contactMobile address result rating acceptedAt finishedAt
        item { name } station { name manager } applicantPerson PERSON
        steps { nodes { name handler startedAt } } _meta { quality masked }
      }
    }""",
    "tickets": """hotlineTickets(where: {receivedAt: {gte: "2018-01-01T00:00:00+08:00"}}) {
      totalCount
      nodes { ticketNo typeLabel callerName callerPhone content unitRaw unit { name } _meta { quality masked } }
    }""",
    "a person of many": f"""person(idNumber: "{EVA}") {{
      name sex realNameVerified cases {{ totalCount nodes {{ caseNo }} }} shops {{ totalCount nodes {{ name }} }}
      _meta {{ quality masked sources {{ connector }} }}
    }}""",
    "stations": """serviceStations {
      nodes {
        stationCode division { name } cases { totalCount } shipments { nodes { waybillNo receiverName } }
        volunteerRecords { totalCount } supplyPoints { nodes { name services servicesLabel _meta { quality } } }
      }
    }""",
    "shops": """shops {
      nodes {
        shopId name ownerIdNumber ownerMobile bankAccount gmv gmvBand owner PERSON enterprise { name }
        coop { name registration { modelGradeLabel annualRevenue } } products { nodes { title stock price } }
      }
    }""",
    "orders": """orders(orderBy: [{createdAt: ASC}, {orderNo: DESC}]) {
      totalCount
      nodes {
        orderNo statusLabel amount receiver buyerMobile receiverAddress finishedAt _meta { quality masked }
        lines { nodes { quantity price product { title } } }
        payments { nodes { tradeNo paid payerAccount } }
        shipments { nodes { waybillNo toStation { name } _meta { quality } } }
      }
    }""",
    "enterprises": """enterprises {
      nodes { uscc name legalRep legalRepIdNumber employees phone regCapital partyOrgs { nodes { orgCode } } }
    }""",
    "lineage": """unitSuccessions { nodes { successionId kindLabel changedOn oldUnit { name } newUnit { name } } }""",
    "lost contact": """partyMembers(where: {lostContact: {eq: false}}) {
      totalCount
      nodes { memberNo lostReasonLabel }
    }""",
}
DOCUMENTS = {name: f"{{ {text.replace('PERSON', PERSON)} }}" for name, text in DOCUMENTS.items()}


@pytest.fixture(scope="module")
def mini() -> City:
    tables = mini_city.tables()
    divisions = tables.pop("hub")["divisions"]
    files = list(mini_city.FILES.glob("reference/aliases/*.csv"))
    aliases = {file.stem: {row["name"]: row["code"] for row in _rows(file) if row["code"]} for file in files}
    unofficial = {
        file.stem: frozenset(row["name"] for row in _rows(file) if row.get("official") == "0") for file in files
    }
    return City(RawCity(**tables, divisions=divisions, aliases=aliases, unofficial=unofficial))


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


async def _both(mini: City, who: Subject, document: str) -> tuple[Answer, Mapping[str, Any]]:
    body = (await MiniCity().execute(who, document)).response()
    return evaluate(mini, oracle_caller(who), document), body


@pytest.mark.parametrize("role", CALLERS)
@pytest.mark.parametrize("question", DOCUMENTS)
async def test_hub_answers_as_the_oracle(mini: City, role: str, question: str) -> None:
    answer, body = await _both(mini, CALLERS[role], DOCUMENTS[question])
    assert list(differences(answer, body)) == []


@pytest.mark.parametrize("role", CALLERS)
@pytest.mark.parametrize("question", DOCUMENTS)
async def test_no_hidden_value_is_in_the_response(mini: City, role: str, question: str) -> None:
    answer, body = await _both(mini, CALLERS[role], DOCUMENTS[question])
    assert leaks(answer, body) == []


def test_hidden_values_are_those_of_masked_denied_and_absent() -> None:
    tables = mini_city.tables()
    city = City(RawCity(s1=tables["s1"], s2=tables["s2"], s3=tables["s3"], divisions=[]))
    answer = evaluate(city, oracle_caller(mini_city.SECRETARY), DOCUMENTS["members"])
    assert mini_city.BEN in answer.hidden_values, "masked"
    assert "1990-02-02" in answer.hidden_values, "denied"
    assert "丁四" in answer.hidden_values, "of a member of another county"
    assert "贝二" not in answer.hidden_values, "shown"
    assert answer.masked == {"Person.idNumber"}
    assert answer.counts["masked"] == len([n for n in _persons(answer) if n["idNumber"]])


def _persons(answer: Answer) -> list[Mapping[str, Any]]:
    assert answer.data is not None
    nodes = [edge["node"] for edge in answer.data["partyMembers"]["edges"]]
    return [node["person"] for node in nodes if node["person"] is not None]


def _wrong_name(body: dict[str, Any]) -> None:
    body["data"]["partyMember"]["person"]["name"] = "别人"


def _lost_error(body: dict[str, Any]) -> None:
    del body["errors"]


def _unmasked(body: dict[str, Any]) -> None:
    body["data"]["partyMember"]["person"]["idNumber"] = mini_city.BEN


@pytest.mark.parametrize("spoil", [_wrong_name, _lost_error, _unmasked])
async def test_comparison_tells_a_wrong_answer(mini: City, spoil: Callable[[dict[str, Any]], None]) -> None:
    answer, body = await _both(mini, mini_city.SECRETARY, DOCUMENTS["one member"])
    spoilt = json.loads(json.dumps(body))
    spoil(spoilt)
    assert len(list(differences(answer, spoilt))) > 0


def _in_an_extension(body: dict[str, Any]) -> None:
    body["extensions"] = {"note": f"of {mini_city.BEN}"}


def _in_an_error(body: dict[str, Any]) -> None:
    body["errors"][0]["message"] += mini_city.BEN


def _in_an_id(body: dict[str, Any]) -> None:
    opened = b"PartyMember, number %s of the county" % mini_city.BEN.encode()
    body["data"]["partyMember"]["id"] = base64.urlsafe_b64encode(opened).decode().rstrip("=")


@pytest.mark.parametrize("spoil", [_in_an_extension, _in_an_error, _in_an_id])
async def test_comparison_tells_a_leak(mini: City, spoil: Callable[[dict[str, Any]], None]) -> None:
    answer, body = await _both(mini, mini_city.SECRETARY, DOCUMENTS["one member"])
    spoilt = json.loads(json.dumps(body))
    spoil(spoilt)
    assert leaks(answer, spoilt) == [mini_city.BEN]


class Untouchable(MemoryConnector):
    """A source that must not be asked."""

    async def fetch(self, *arguments: object) -> Any:
        raise AssertionError("this source was asked")


async def test_mistyped_look_up_asks_no_source() -> None:
    tables, described = mini_city.tables(), manifests({})
    hub = MiniCity(**{name: Untouchable(described[name], tables[name]) for name in SOURCES})
    body = (await hub.execute(mini_city.CLERK, DOCUMENTS["mistyped look-up"])).response()
    assert error_pairs(body) == {("BAD_INPUT", None)}
    with pytest.raises(AssertionError, match="was asked"):
        await hub.execute(mini_city.CLERK, DOCUMENTS["look-up"])


# --- the small city ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the hub's reference files."""
    folder: Path = tmp_path_factory.mktemp("state") / "reference"
    write_reference(folder, SEED, SMALL)
    return folder


@pytest.fixture(scope="module")
def raw(small: SmallCity, reference: Path) -> RawCity:
    return small.raw(reference)


@pytest.fixture(scope="module")
def ask(raw: RawCity, reference: Path) -> Iterator[Ask]:
    """Asks a hub over the small city in memory."""
    described = manifests({"HUTONG_HUB_PATH": "divisions.csv"}, files_root=reference.parent)
    hub = Hub(
        {
            "hub": CsvConnector(described["hub"], reference),
            **{name: MemoryConnector(described[name], getattr(raw, name)) for name in SOURCES if name != "hub"},
        },
        described,
    )
    with asyncio.Runner() as runner:

        def asked(who: Subject, document: str, variables: Mapping[str, Any]) -> Mapping[str, Any]:
            return runner.run(hub.ask(who, document, variables)).response()

        yield asked


@pytest.fixture(scope="module")
def city(raw: RawCity) -> City:
    return City(raw, TODAY)


def test_every_question_is_answered_as_the_oracle_answers(ask: Ask, city: City) -> None:
    outcomes = list(check_questions(questions(), ask, lambda *_: "", city))
    assert len(outcomes) == sum(len(question.asks) for question in questions())
    assert [outcome.line for outcome in outcomes if outcome.problems] == []


def test_every_defect_looks_as_stated(ask: Ask, raw: RawCity, city: City, small: SmallCity) -> None:
    outcomes = list(check_defects(ask, Facts(raw, city.today), small.ledger))
    assert [outcome.line for outcome in outcomes if outcome.problems] == []
    assert {outcome.name for outcome in outcomes} == set(DEFECTS)


def test_every_defect_is_shown_by_as_many_rows_as_there_are(small: SmallCity, raw: RawCity, city: City) -> None:
    facts = Facts(raw, city.today)
    held = Counter(finding.code for finding in small.ledger)
    for probe in PROBES:
        keys = sum(
            len(probe.keys(facts, facts.row(found.table, found.key), found.key))
            for found in small.ledger
            if found.code == probe.code
        )
        assert keys >= min(FLOOR, held[probe.code] - 1), probe.code


def test_failed_check_shows_what_is_wrong(ask: Ask, city: City) -> None:
    def forgetful(who: Subject, document: str, variables: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"data": dict.fromkeys(ask(who, document, variables).get("data") or ())}

    outcomes = list(check_questions(questions(), forgetful, lambda *_: "", city))
    failed = [outcome for outcome in outcomes if outcome.problems]
    assert failed
    assert all(outcome.line.startswith("FAIL") for outcome in failed)
    assert all(outcome.line.count("\n") <= MOST_PROBLEMS + 1 for outcome in failed)


def test_errors_are_compared_by_code_and_coordinate() -> None:
    body = {"errors": [{"message": "", "extensions": {"code": "FIELD_DENIED", "coordinate": "Person.name"}}]}
    assert error_pairs(body) == {("FIELD_DENIED", "Person.name")}
