"""A source that fails takes its own answers along, and nothing else: no parent, no sibling, no empty list for an
unknown one (D13, D16, D18)."""

from collections.abc import Iterator
from typing import Any

import pytest

from connectors.contract import Connector, Fetch, Output, Prepared
from connectors.errors import ConnectorError, SourceDrifted, SourceTimeout, SourceUnavailable, UnsupportedFetch
from schema.messages import sources
from tests.resolvers.mini_city import MiniCity, code
from tests.resolvers.questions import CITY, CLERK, OFFICER, SECRETARY, WatchedCity, Wrapped, answer, codes

RICH = """{
  partyOrganisation(orgCode: "001010001000000") {
    name
    members(first: 2) { totalCount nodes {
      memberNo
      person { name mobile staffPost { postName unit { name } } }
      dues { totalCount nodes { duesId paid } }
    } }
    activities { nodes { title present } }
    division { name }
  }
  publicUnits(first: 1) { nodes { unitNo name } }
  duesRecords(first: 1) { totalCount nodes { duesId member { memberNo } } }
}"""


class Unable(Wrapped):
    """A connector whose source cannot answer for one entity, though the manifest promises it."""

    def __init__(self, inner: Connector, entity: str) -> None:
        super().__init__(inner)
        self._entity = entity

    def prepare(self, fetch: Fetch) -> Prepared:
        if fetch.binding.entity == self._entity:
            raise UnsupportedFetch(self.name, "a column that is not bound")
        return super().prepare(fetch)


FAULTS = [
    pytest.param(SourceUnavailable, "SOURCE_UNAVAILABLE", id="unavailable"),
    pytest.param(SourceTimeout, "SOURCE_TIMEOUT", id="timeout"),
    pytest.param(SourceDrifted, "SOURCE_DRIFTED", id="drifted"),
]
MEMBERS = ("partyOrganisation", "members")
LOST: dict[str, list[tuple[Any, ...]]] = {
    "s1": [("partyOrganisation",), ("duesRecords", "nodes", 0, "member")],
    "s2": [
        *((*MEMBERS, "nodes", i, "dues") for i in (0, 1)),
        ("partyOrganisation", "activities"),
        ("duesRecords",),
    ],
    "s3": [
        *((*MEMBERS, "nodes", i, "person", name) for i in (0, 1) for name in ("name", "staffPost")),
        ("publicUnits",),
    ],
    "hub": [("partyOrganisation", "division")],
}
"""What each source's silence leaves unknown for the city's administrator."""


def nulls(data: Any, here: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every position that is null."""
    if data is None:
        yield here
    elif isinstance(data, dict):
        for name, value in data.items():
            yield from nulls(value, (*here, name))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from nulls(value, (*here, index))


def masked_out(data: Any, positions: list[tuple[Any, ...]], here: tuple[Any, ...] = ()) -> Any:
    """``data`` with null at the positions."""
    if here in positions:
        return None
    if isinstance(data, dict):
        return {name: masked_out(value, positions, (*here, name)) for name, value in data.items()}
    if isinstance(data, list):
        return [masked_out(value, positions, (*here, index)) for index, value in enumerate(data)]
    return data


@pytest.mark.parametrize(("fault", "code"), FAULTS)
@pytest.mark.parametrize("down", LOST)
async def test_a_source_that_fails_takes_its_own_answers_alone(
    down: str, fault: type[ConnectorError], code: str
) -> None:
    whole = await answer(MiniCity(), CITY, RICH)
    city = WatchedCity()
    city.spies[down].fault = lambda _: fault(down, sources.SOURCE_SILENT(connector=down))

    result = await city.execute(CITY, RICH)

    assert result.data == masked_out(whole, LOST[down])
    assert sorted((error["path"] for error in result.errors), key=str) == sorted(map(list, LOST[down]), key=str)
    assert set(codes(result)) == {code}
    assert {error["extensions"]["connector"] for error in result.errors} == {down}


async def test_every_null_of_a_failed_source_has_an_error_at_its_path() -> None:
    before = set(nulls(await answer(MiniCity(), CITY, RICH)))
    for down in LOST:
        city = WatchedCity()
        city.spies[down].fault = lambda _, name=down: SourceUnavailable(name, sources.SOURCE_SILENT(connector=name))  # type: ignore[misc]

        result = await city.execute(CITY, RICH)

        assert set(nulls(result.data)) - before <= {tuple(error["path"]) for error in result.errors}


async def test_a_failed_count_leaves_its_rows() -> None:
    city = WatchedCity()
    fault = SourceTimeout("s1", sources.SOURCE_TOO_SLOW(connector="s1"))
    city.spies["s1"].fault = lambda fetch: fault if fetch.output is Output.COUNT else None

    result = await city.execute(CITY, "{ partyMembers(first: 1) { n: totalCount nodes { memberNo } m: totalCount } }")

    assert result.data == {"partyMembers": {"n": None, "nodes": [{"memberNo": 1}], "m": None}}
    assert [error["path"] for error in result.errors] == [["partyMembers", "n"], ["partyMembers", "m"]]


async def test_a_failed_nested_count_is_null_for_every_parent_it_is_unknown_of() -> None:
    city = WatchedCity()
    fault = SourceTimeout("s2", sources.SOURCE_TOO_SLOW(connector="s2"))
    city.spies["s2"].fault = lambda fetch: fault if fetch.output is Output.COUNT else None

    result = await city.execute(CITY, "{ partyMembers(first: 2) { nodes { dues { totalCount nodes { duesId } } } } }")

    assert [row["dues"]["totalCount"] for row in result.data["partyMembers"]["nodes"]] == [None, None]  # type: ignore[index]
    assert [error["path"][2] for error in result.errors] == [0, 1]


async def test_rows_that_fail_are_no_empty_list_though_the_count_answers() -> None:
    city = WatchedCity()
    fault = SourceUnavailable("s1", sources.SOURCE_SILENT(connector="s1"))
    city.spies["s1"].fault = lambda fetch: None if fetch.output is Output.COUNT else fault

    result = await city.execute(CITY, "{ partyMembers { totalCount nodes { memberNo } } }")

    assert result.data == {"partyMembers": None}
    assert codes(result) == ["SOURCE_UNAVAILABLE"]


def _units_fail(fetch: Fetch) -> Exception | None:
    """The register of units does not answer about superiors; posts and names it gives."""
    asks_below = fetch.keys is not None and fetch.keys.fields == ("superiorNo",)
    return SourceUnavailable("s3", sources.SOURCE_SILENT(connector="s3")) if asks_below else None


@pytest.mark.parametrize(
    "root",
    ["staffPosts { totalCount }", 'staffPost(staffNo: "P2") { staffNo }', 'staffPost(staffNo: "P1") { staffNo }'],
    ids=["list", "row of a sub-unit", "row of the unit itself"],
)
async def test_rows_are_unknown_not_absent_while_the_scope_is(root: str) -> None:
    city = WatchedCity()
    city.spies["s3"].fault = _units_fail

    result = await city.execute(OFFICER, f"{{ x: {root} publicUnits {{ nodes {{ name }} }} }}")

    assert result.data is not None
    assert result.data["x"] is None
    assert ["x"] in [error["path"] for error in result.errors]
    assert len(result.data["publicUnits"]["nodes"]) == 3


async def test_scope_keys_that_cannot_be_had_fail_only_what_needs_them() -> None:
    city = WatchedCity()
    fault = SourceUnavailable("s1", sources.SOURCE_SILENT(connector="s1"))
    city.spies["s1"].fault = lambda fetch: fault if fetch.output is Output.DISTINCT else None

    result = await city.execute(SECRETARY, "{ duesRecords { nodes { duesId } } partyMembers { totalCount } }")

    assert result.data == {"duesRecords": None, "partyMembers": {"totalCount": 4}}
    assert [(error["path"], error["extensions"]["connector"]) for error in result.errors] == [(["duesRecords"], "s1")]


async def test_failed_scope_keys_are_not_kept() -> None:
    city = WatchedCity()
    fault = SourceUnavailable("s1", sources.SOURCE_SILENT(connector="s1"))
    city.spies["s1"].fault = lambda fetch: fault if fetch.output is Output.DISTINCT else None
    await city.execute(SECRETARY, "{ duesRecords { totalCount } }")
    city.spies["s1"].fault = lambda _: None

    assert await answer(city, SECRETARY, "{ duesRecords { totalCount } }") == {"duesRecords": {"totalCount": 3}}


async def test_an_age_that_cannot_be_had_is_null() -> None:
    city = WatchedCity()

    async def gone() -> str | None:
        raise SourceUnavailable("s1", sources.SOURCE_SILENT(connector="s1"))

    city.spies["s1"].as_of = gone  # type: ignore[method-assign]

    data = await answer(city, CITY, "{ partyMember(memberNo: 1) { memberNo _meta { sources { asOf } } } }")

    assert data == {"partyMember": {"memberNo": 1, "_meta": {"sources": [{"asOf": None}]}}}


async def test_a_defect_of_the_hub_is_raised_and_not_told() -> None:
    city = WatchedCity()
    city.spies["s1"].fault = lambda _: ZeroDivisionError("secret")

    with pytest.raises(ZeroDivisionError):
        await city.execute(CITY, "{ partyMembers { totalCount } }")


# --- sources that decide little -----------------------------------------------------------------------------------


WEAK = [
    pytest.param({"filters": False}, id="cannot filter"),
    pytest.param({"orders": False}, id="cannot order"),
    pytest.param({"filters": False, "orders": False}, id="can do neither"),
]
QUESTIONS = [
    "{ partyMembers { totalCount nodes { memberNo } } }",
    """{ partyMembers(first: 2, orderBy: [{joinedOn: DESC}, {memberNo: DESC}]) {
      nodes { memberNo } pageInfo { hasNextPage } } }""",
    "{ partyMembers(last: 2, where: {not: {memberNo: {in: [6, 2]}}}) { totalCount nodes { memberNo } } }",
    """{ partyMembers { nodes {
      dues(first: 1, orderBy: [{month: DESC}], where: {paid: {gte: 0}}) { totalCount nodes { duesId } } } } }""",
    """{ partyOrganisations(where: {or: [{name: {contains: "支部"}}, {divCode: {isNull: true}}]}) {
      totalCount nodes { orgCode } } }""",
    """{ duesRecords(where: {paid: {gt: 0}}) { totalCount nodes { duesId } }
      staffPosts { totalCount nodes { staffNo } } }""",
]


@pytest.mark.parametrize("weak", WEAK)
@pytest.mark.parametrize("document", QUESTIONS, ids=lambda document: " ".join(document.split())[2:50])
@pytest.mark.parametrize("who", [CITY, CLERK, OFFICER], ids=["city", "clerk", "officer"])
async def test_what_a_source_cannot_do_the_hub_does(who: Any, document: str, weak: dict[str, bool]) -> None:
    whole = (await MiniCity().execute(who, document)).response()

    assert (await WatchedCity(**weak).execute(who, document)).response() == whole


@pytest.mark.parametrize("weak", WEAK)
async def test_a_walk_over_a_weak_source_meets_each_row_once(weak: dict[str, bool]) -> None:
    city = WatchedCity(**weak)
    document = """query ($c: String) { partyMembers(first: 2, after: $c, orderBy: [{category: DESC}]) {
      nodes { memberNo } pageInfo { hasNextPage endCursor } } }"""
    seen, cursor, more = [], None, True
    while more:
        page = (await answer(city, CITY, document, c=cursor))["partyMembers"]
        seen += [row["memberNo"] for row in page["nodes"]]
        more, cursor = page["pageInfo"].values()

    assert seen == [2, 1, 3, 4, 5, 6]


def _crowd(rows: dict[str, Any]) -> None:
    first = rows["s1"]["DY_JBXX"][0]
    rows["s1"]["DY_JBXX"] = [{**first, "DYBH": number, "SFZH": ""} for number in range(1, 101)]


async def test_over_fetching_takes_two_statements_at_most() -> None:
    city = WatchedCity(change=_crowd, filters=False)

    data = await answer(city, CITY, "{ partyMembers(first: 4, where: {memberNo: {gte: 90}}) { nodes { memberNo } } }")

    assert [row["memberNo"] for row in data["partyMembers"]["nodes"]] == [90, 91, 92, 93]
    assert [asked.arguments.limit for asked in city.log] == [10, 100]


async def test_over_fetching_in_vain_is_a_limit_not_a_short_page() -> None:
    city = WatchedCity(change=_crowd, filters=False)

    result = await city.execute(CITY, "{ partyMembers(first: 1, where: {memberNo: {gte: 90}}) { nodes { memberNo } } }")

    assert result.data == {"partyMembers": None}
    assert codes(result) == ["LIMIT_EXCEEDED"]
    assert len(city.log) == 2


@pytest.mark.parametrize(
    ("weak", "document"),
    [
        ({"orders": False}, "{ partyMembers(first: 1) { nodes { memberNo } } }"),
        ({"filters": False}, "{ partyMembers(where: {memberNo: {gt: 1}}) { totalCount } }"),
    ],
    ids=["sorting", "counting"],
)
async def test_too_many_rows_to_finish_are_a_limit(
    monkeypatch: pytest.MonkeyPatch, weak: dict[str, bool], document: str
) -> None:
    monkeypatch.setattr("resolvers.executor.MAX_SORTED_ROWS", 50)
    city = WatchedCity(change=_crowd, **weak)

    result = await city.execute(CITY, document)

    assert codes(result) == ["LIMIT_EXCEEDED"]
    assert result.errors[0]["extensions"]["maximum"] == 50


@pytest.mark.parametrize(
    ("source", "entity", "lost"),
    [
        pytest.param(
            "s2", "DuesRecord", [*((*MEMBERS, "nodes", i, "dues") for i in (0, 1)), ("duesRecords",)], id="lists"
        ),
        pytest.param("hub", "AdministrativeDivision", [("partyOrganisation", "division")], id="a relation to one"),
    ],
)
async def test_what_a_binding_cannot_answer_is_lost_alone(
    source: str, entity: str, lost: list[tuple[Any, ...]], caplog: pytest.LogCaptureFixture
) -> None:
    city = MiniCity(**{source: Unable(MiniCity().connectors[source], entity)})

    result = await city.execute(CITY, RICH)

    whole = await answer(MiniCity(), CITY, RICH)
    assert set(nulls(result.data)) - set(nulls(whole)) == set(lost)
    assert set(codes(result)) == {"INTERNAL"}
    assert {error["path"][0] for error in result.errors} == {place[0] for place in lost}
    assert "a column that is not bound" not in repr(result.errors)
    assert "a column that is not bound" in caplog.text


async def test_a_scope_that_cannot_be_asked_loses_its_branch_alone() -> None:
    """The clerk's members are those of the organisations in his tree; the keys of these cannot be had."""
    city = MiniCity(s1=Unable(MiniCity().connectors["s1"], "PartyMember"))

    result = await city.execute(CLERK, "{ duesRecords { totalCount } publicUnits { totalCount } }")

    assert result.data == {"duesRecords": None, "publicUnits": {"totalCount": 3}}
    assert codes(result) == ["INTERNAL"]


NESTED = "{ partyOrganisations(first: 6) { nodes { orgCode members(first: 1) { nodes { memberNo } } } } }"


def limits_of_members(city: WatchedCity) -> list[int]:
    """The rows that each statement on members asked for, over all parents."""
    asked = [asked.arguments for asked in city.log if "memberNo" in asked.fetch.projection]
    return [(arguments.limit or 0) * len(arguments.keys or ()) for arguments in asked]


async def test_rows_that_are_sorted_here_are_bounded_over_all_parents(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("resolvers.executor.MAX_HELD_ROWS", 30)
    city = WatchedCity(orders=False)

    data = await answer(city, CITY, NESTED)

    assert limits_of_members(city) == [(24 // 6 + 1) * 6]  # the six organisations have taken their part
    assert data == await answer(MiniCity(), CITY, NESTED)


async def test_rows_that_are_rechecked_here_are_bounded_over_all_parents(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("resolvers.executor.MAX_HELD_ROWS", 30)
    city = WatchedCity(change=_crowd, filters=False)

    result = await city.execute(CITY, NESTED.replace("first: 1)", "first: 1, where: {memberNo: {gte: 90}})"))

    assert set(codes(result)) == {"LIMIT_EXCEEDED"}
    assert limits_of_members(city) == [24, 24]


async def test_too_many_rows_over_all_parents_are_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("resolvers.executor.MAX_HELD_ROWS", 30)
    city = WatchedCity(change=_crowd, orders=False)

    result = await city.execute(CITY, NESTED)

    assert set(codes(result)) == {"LIMIT_EXCEEDED"}
    assert result.errors[0]["extensions"] == {"code": "LIMIT_EXCEEDED", "limit": "sorted_rows", "maximum": 30}


async def test_lists_of_one_operation_share_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("resolvers.executor.MAX_HELD_ROWS", 150)
    city = WatchedCity(change=_crowd, orders=False)
    branch = f'partyOrganisation(orgCode: "{code("001010001")}")'
    once = f"{{ {branch} {{ members(first: 1) {{ nodes {{ memberNo }} }} }} }}"
    twice = once.replace("{ memberNo }", "{ org { members(first: 1) { nodes { memberNo } } } }")

    assert codes(await city.execute(CITY, once)) == []
    assert codes(await city.execute(CITY, twice)) == ["LIMIT_EXCEEDED"]
