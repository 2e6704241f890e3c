"""What is masked is data: in the row, in ``_meta.masked`` and in the extensions (D9)."""

from typing import Any

import pytest

from authz.policy_files import load_policy
from authz.subjects import Subject
from tests.resolvers.mini_city import MiniCity, code
from tests.resolvers.paths import values_at
from tests.resolvers.questions import CALLERS, CITY, CLERK, SECRETARY, answer

POLICY = """
roles:
  reader:
    title: {zh: 读者, en: a reader}
    rationale: Rows and masked values of everything.
    rules:
      - allow: read
        name: rows
        coordinates:
          - PartyMember
          - PartyMember.memberNo
          - PartyMember.person
          - PartyMember.dues
          - Person
          - Person.partyMember
          - DuesRecord
          - DuesRecord.duesId
        rationale: Rows.
      - allow: mask
        name: masks
        coordinates: [Person.*, PartyMember.*, DuesRecord.*]
        level: 4
        sharing: [U, C, N]
        rationale: Masks.
      - allow: read
        name: near
        coordinates: [Person.birthDate, PartyMember.joinedOn]
        scope: ORGTREE
        rationale: Own branch.
"""


@pytest.fixture(scope="module")
def masked_city(tmp_path_factory: pytest.TempPathFactory) -> MiniCity:
    file = tmp_path_factory.mktemp("policy") / "masks.yaml"
    file.write_text(POLICY, encoding="utf-8")
    return MiniCity(policy=load_policy([file], version=1))


READER = Subject(
    id="test:reader", roles=frozenset({"reader"}), consumer="tests", attributes={"orgCode": code("001010001")}
)


async def test_a_masked_value_is_told_in_the_row_and_in_the_extensions() -> None:
    result = await MiniCity().execute(
        SECRETARY, "{ partyMembers { nodes { person { idNumber name _meta { masked } } } } }"
    )
    people = list(values_at(result.data, "person"))

    assert [person["idNumber"] for person in people[:2]] == ["4****************7", "4****************5"]
    assert {tuple(person["_meta"]["masked"]) for person in people} == {("idNumber",)}
    assert result.extensions == {"masked": ["Person.idNumber"]}
    assert result.errors == ()


async def test_an_alias_is_no_way_around_a_mask() -> None:
    data = await answer(
        MiniCity(), SECRETARY, "{ partyMembers(first: 1) { nodes { person { x: idNumber y: idNumber } } } }"
    )

    assert set(values_at(data, "x")) == set(values_at(data, "y")) == {"4****************7"}


async def test_the_name_of_a_masked_field_is_told_once_per_row() -> None:
    data = await answer(
        MiniCity(),
        SECRETARY,
        "{ partyMembers(first: 1) { nodes { person { x: idNumber y: idNumber _meta { masked } } } } }",
    )

    assert list(values_at(data, "masked")) == [["idNumber"]]


async def test_nothing_masked_leaves_no_extension() -> None:
    result = await MiniCity().execute(CITY, "{ partyMembers { nodes { memberNo } } }")

    assert result.extensions == {}


async def test_an_invalid_number_is_hidden_whole() -> None:
    data = await answer(MiniCity(), CITY, "{ partyMember(memberNo: 5) { person { idNumber } } }")

    assert data["partyMember"]["person"]["idNumber"] == "****"


async def test_a_mask_does_not_tell_whether_there_is_a_value() -> None:
    def change(rows: dict[str, Any]) -> None:
        rows["s1"]["DY_JBXX"][0]["SJHM"] = ""

    data = await answer(
        MiniCity(change=change), CALLERS["party_liaison"], "{ partyMembers { nodes { person { mobile } } } }"
    )

    assert list(values_at(data, "mobile"))[:2] == ["****", "164****0002"]


async def test_a_masked_date_is_null_with_its_text_beside_it(masked_city: MiniCity) -> None:
    document = "{ partyMembers { nodes { memberNo joinedOn joinedYear person { birthDate birthDateText age } } } }"

    rows = {row["memberNo"]: row for row in (await answer(masked_city, READER, document))["partyMembers"]["nodes"]}

    assert (rows[1]["joinedOn"], rows[1]["joinedYear"]) == ("2000-07-01", "2000")
    assert rows[1]["person"]["birthDate"] == rows[1]["person"]["birthDateText"] == "1980-01-01"
    assert (rows[4]["joinedOn"], rows[4]["joinedYear"]) == (None, "2000")
    assert rows[4]["person"] == {"birthDate": None, "birthDateText": "1960-**-**", "age": None}


async def test_masks_follow_the_row(masked_city: MiniCity) -> None:
    document = "{ partyMembers { nodes { memberNo joinedOn category _meta { masked } } } }"

    result = await masked_city.execute(READER, document)
    rows = {row["memberNo"]: row["_meta"]["masked"] for row in result.data["partyMembers"]["nodes"]}  # type: ignore[index]

    assert rows[1] == ["category"]
    assert rows[4] == ["joinedOn", "category"]
    assert result.extensions == {"masked": ["PartyMember.category", "PartyMember.joinedOn"]}


async def test_a_masked_amount_is_a_band_and_a_masked_account_its_end(masked_city: MiniCity) -> None:
    document = "{ partyMember(memberNo: 1) { dues(first: 1) { nodes { baseAmount baseAmountBand payAccount } } } }"

    (row,) = (await answer(masked_city, READER, document))["partyMember"]["dues"]["nodes"]

    assert row == {"baseAmount": None, "baseAmountBand": "3,000-5,000", "payAccount": "**** **** **** *** 8903"}


async def test_a_masked_code_hides_its_label_too(masked_city: MiniCity) -> None:
    data = await answer(masked_city, READER, "{ partyMember(memberNo: 1) { category categoryLabel } }")

    assert data == {"partyMember": {"category": None, "categoryLabel": None}}


async def test_a_masked_field_is_no_filter(masked_city: MiniCity) -> None:
    for arguments in ('where: {joinedOn: {gt: "1990-01-01"}}', "orderBy: [{joinedOn: ASC}]"):
        result = await masked_city.execute(READER, f"{{ partyMembers({arguments}) {{ totalCount }} }}")

        assert [error["extensions"]["code"] for error in result.errors] == ["FILTER_DENIED"]


async def test_quality_says_nothing_of_what_is_not_shown() -> None:
    def change(rows: dict[str, Any]) -> None:
        for row in rows["s1"]["DY_JBXX"]:
            row["SJHM"] = "16400000001"
            row["RDRQ"] = "20009999"

    both = Subject(
        id="test:both",
        roles=frozenset({"resident_public", "county_org_clerk"}),
        consumer="tests",
        attributes=CLERK.attributes,
    )
    city = MiniCity(change=change)

    shown = await answer(city, both, "{ partyMember(memberNo: 1) { joinedOn _meta { quality } } }")
    silent = await answer(city, both, "{ partyMember(memberNo: 1) { memberNo _meta { quality } } }")

    assert shown["partyMember"]["_meta"]["quality"] != []
    assert silent["partyMember"]["_meta"]["quality"] == []


@pytest.mark.parametrize(
    ("field", "durable"), [("mobile", True), ("idNumber", True), ("name", False)], ids=["level 3", "level 4", "level 2"]
)
async def test_a_masked_value_is_recorded_by_the_level_of_its_field(field: str, durable: bool) -> None:
    city = MiniCity()
    await answer(city, CALLERS["party_liaison"], f"{{ partyMembers {{ nodes {{ person {{ {field} }} }} }} }}")

    assert [kept for _, kept in city.audit.events] == [durable]
