"""What an operation's trace tells: stages in order, every statement with its step, no value of anybody."""

import asyncio
import itertools
from typing import Any

from connectors.contract import FetchArguments, Prepared, Row
from connectors.errors import SourceTimeout
from connectors.memory import MemoryConnector
from resolvers.operation import OperationRequest
from resolvers.operation_trace import OK, Stage
from schema.messages import sources
from tests.resolvers.mini_city import CITY, CLERK, MiniCity, code, tables, world

MEMBERS = """query Q($org: ID!) { secret13800001111: partyOrganisation(orgCode: $org) { members(first: 2) {
    totalCount nodes { memberNo person { name } } } } }"""


async def traced(city: MiniCity, who: Any = CLERK, document: str = MEMBERS, **variables: Any) -> OperationRequest:
    deadline = asyncio.get_running_loop().time() + 10
    request = OperationRequest(document=document, deadline=deadline, variables=variables)
    await city.engine.execute(who, request)
    return request


async def test_stages_follow_one_another_and_a_known_plan_skips_three() -> None:
    city = MiniCity()
    first, again = [(await traced(city, org=code("001010001"))).trace for _ in range(2)]
    assert [span.stage for span in first.stages()] == [
        Stage.PARSE, Stage.PLAN, Stage.AUTHORIZE, Stage.PREPARE, Stage.FETCH, Stage.AUDIT, Stage.RESPOND,
    ]  # fmt: skip
    assert [span.stage for span in again.stages()] == [Stage.PARSE, Stage.FETCH, Stage.AUDIT, Stage.RESPOND]
    spans = first.stages()
    assert all(a.ended == b.began for a, b in itertools.pairwise(spans))


async def test_every_statement_is_recorded_under_its_step() -> None:
    trace = (await traced(MiniCity(), org=code("001010001"))).trace
    told = {(record.source.connector, record.source.step) for record in trace.fetches}
    assert {
        ("s1", "PartyOrganisation by key"),
        ("s1", "PartyOrganisation.members list"),
        ("s1", "PartyOrganisation.members count"),
        ("s1", "PartyMember.person by key"),
    } <= told
    members = next(r for r in trace.fetches if r.source.step == "PartyOrganisation.members list")
    assert (members.rows, members.outcome) == (3, OK)  # one more than asked for tells whether there is a next page
    fetching = next(span for span in trace.stages() if span.stage is Stage.FETCH)
    assert all(fetching.began <= r.began <= r.ended <= fetching.ended for r in trace.fetches)


async def test_steps_are_in_the_catalogues_words_never_in_the_documents() -> None:
    trace = (await traced(MiniCity(), org=code("001010001"))).trace
    assert "13800001111" not in " ".join(record.source.step for record in trace.fetches)


async def test_a_source_that_fails_is_recorded_with_its_code() -> None:
    _, manifests, _, _ = world()

    class Slow(MemoryConnector):
        async def fetch(self, prepared: Prepared, arguments: FetchArguments) -> list[Row]:
            raise SourceTimeout(self.name, sources.SOURCE_TOO_SLOW(connector=self.name))

    trace = (await traced(MiniCity(s1=Slow(manifests["s1"], tables()["s1"])), org=code("001010001"))).trace
    assert {record.outcome for record in trace.fetches if record.source.connector == "s1"} == {"SOURCE_TIMEOUT"}
    assert trace.outcome == "SOURCE_TIMEOUT"


async def test_an_invalid_document_has_an_outcome_and_no_digest() -> None:
    trace = (await traced(MiniCity(), CITY, "{ nonsense }")).trace
    assert (trace.outcome, trace.document, trace.plan) == ("BAD_INPUT", None, None)


async def test_the_audit_trail_knows_the_operation_by_the_same_id() -> None:
    city = MiniCity()
    ids = [(await traced(city, org=code("001010001"))).trace.id for _ in range(2)]
    assert [event.id for event, _ in city.audit.events] == ids
    assert len(set(ids)) == 2
