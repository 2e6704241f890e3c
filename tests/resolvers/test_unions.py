"""Unions: one credit code asked of every target at once, the first in the catalogue's order wins (D20, record 0013)."""

from collections.abc import Callable
from typing import Any

import pytest

from connectors.errors import SourceUnavailable
from schema.messages import sources
from tests.resolvers.mini_city import CITY, OFFICER, MiniCity, code, subject
from tests.resolvers.mini_services import BOTH, FIRM, UNIT
from tests.resolvers.questions import WatchedCity, answer, codes

HOST = (
    f'{{ partyOrganisation(orgCode: "{code("001010001")}") {{ hostUnit {{ __typename'
    " ... on PublicUnit { unitNo } ... on Enterprise { regNo } } _meta { quality } } }"
)
NOBODY = "91430700XX00000000"


def hosted_by(uscc: str) -> Callable[[dict[str, Any]], None]:
    """The first branch has the credit code ``uscc`` as its host's."""

    def change(rows: dict[str, Any]) -> None:
        for row in rows["s1"]["DZZ_JBXX"]:
            row["DWDM"] = uscc if row["DZZDM"] == code("001010001") else ""

    return change


@pytest.mark.parametrize(
    ("uscc", "host", "told"),
    [
        (UNIT, {"__typename": "PublicUnit", "unitNo": "1001"}, []),
        (FIRM, {"__typename": "Enterprise", "regNo": "430700000000001"}, []),
        (BOTH, {"__typename": "PublicUnit", "unitNo": "1002"}, ["CONFLICT(hostUnit)"]),
        (NOBODY, None, []),
        ("", None, []),
    ],
    ids=["a unit", "an enterprise", "both", "neither", "no code"],
)
async def test_host_is_the_first_target_that_has_the_code(uscc: str, host: Any, told: list[str]) -> None:
    found = (await answer(MiniCity(change=hosted_by(uscc)), CITY, HOST))["partyOrganisation"]

    quality = set(found["_meta"]["quality"]) - {"USCC_CHECKSUM"}  # these codes are made by hand
    assert (found["hostUnit"], quality) == (host, set(told))


async def test_every_target_is_asked_once_with_the_keys_of_the_page() -> None:
    city = WatchedCity(change=hosted_by(BOTH))

    await answer(city, CITY, "{ partyOrganisations { nodes { hostUnit { __typename } } } }")

    asked = [(one.connector, one.fetch.binding.entity) for one in city.asked() if one.connector != "s1"]
    assert sorted(asked) == [("s3", "PublicUnit"), ("s6", "Enterprise")]


@pytest.mark.parametrize(("uscc", "answers"), [(UNIT, True), (FIRM, False)], ids=["known elsewhere", "not known"])
async def test_an_outage_of_one_target_is_an_error_where_the_other_does_not_know_the_code(
    uscc: str, answers: bool
) -> None:
    city = WatchedCity(change=hosted_by(uscc))
    city.spies["s6"].fault = lambda _: SourceUnavailable("s6", sources.SOURCE_SILENT(connector="s6"))

    result = await city.execute(CITY, HOST)

    assert result.data is not None
    assert (result.data["partyOrganisation"]["hostUnit"] is not None) is answers
    assert codes(result) == ([] if answers else ["SOURCE_UNAVAILABLE"])


async def test_a_fragment_on_one_target_shows_nothing_of_the_other() -> None:
    document = (
        f'{{ partyOrganisation(orgCode: "{code("001010001")}") {{ hostUnit {{ ... on Enterprise {{ regNo }} }} }} }}'
    )

    found = await answer(MiniCity(change=hosted_by(UNIT)), CITY, document)

    assert found == {"partyOrganisation": {"hostUnit": {}}}


@pytest.mark.parametrize("who", [OFFICER, subject("resident_public")], ids=["staff role", "anybody"])
async def test_the_link_has_a_label_of_its_own(who: Any) -> None:
    result = await MiniCity(change=hosted_by(UNIT)).execute(who, HOST)

    assert result.data is not None
    assert result.data["partyOrganisation"]["hostUnit"] is None
    assert codes(result) == ["FIELD_DENIED"]
