"""A point in time goes back into a filter and a cursor as it was answered, fractions of a second and all."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.resolvers.mini_city import MiniCity, subject
from tests.resolvers.questions import answer

ANALYST = subject("coop_analyst", divCode="430700")
FRACTIONS = (0, 999, 1_000, 500_000, 999_999, 500_000, 0)
"""Microseconds of seven parcels of the same second; one comes later by nothing, one is the same as another."""


def parcels(rows: dict[str, Any]) -> None:
    """Seven parcels within a second, the last without a time of arrival."""
    (first, *_) = rows["s6"]["waybill"]
    rows["s6"]["waybill"] = [
        {
            **first,
            "waybill_no": f"W{number}",
            "created_at": datetime(2018, 9, 1, 1, 2, 3) + timedelta(microseconds=fraction),
            "arrived_at": None,
        }
        for number, fraction in enumerate(FRACTIONS)
    ]


@pytest.fixture(scope="module")
def city() -> MiniCity:
    return MiniCity(change=parcels)


async def test_a_fraction_has_six_digits_or_none(city: MiniCity) -> None:
    found = await answer(city, ANALYST, "{ shipments(orderBy: [{createdAt: ASC}]) { nodes { createdAt } } }")

    assert [row["createdAt"] for row in found["shipments"]["nodes"]] == [
        "2018-09-01T09:02:03+08:00",
        "2018-09-01T09:02:03+08:00",
        "2018-09-01T09:02:03.000999+08:00",
        "2018-09-01T09:02:03.001000+08:00",
        "2018-09-01T09:02:03.500000+08:00",
        "2018-09-01T09:02:03.500000+08:00",
        "2018-09-01T09:02:03.999999+08:00",
    ]


@pytest.mark.parametrize(
    ("operator", "numbers"),
    [
        ("eq", {3, 5}),
        ("ne", {0, 1, 2, 4, 6}),
        ("lt", {0, 1, 2, 6}),
        ("lte", {0, 1, 2, 3, 5, 6}),
        ("gt", {4}),
        ("gte", {3, 4, 5}),
    ],
)
async def test_what_was_answered_is_accepted_back(city: MiniCity, operator: str, numbers: set[int]) -> None:
    (told,) = (await answer(city, ANALYST, '{ shipment(waybillNo: "W3") { createdAt } }')).values()
    document = (
        f"query ($at: DateTime!) {{ shipments(where: {{createdAt: {{{operator}: $at}}}}) {{ nodes {{ waybillNo }} }} }}"
    )

    found = await answer(city, ANALYST, document, at=told["createdAt"])

    assert {row["waybillNo"] for row in found["shipments"]["nodes"]} == {f"W{number}" for number in numbers}


async def test_another_spelling_of_the_instant_finds_it_too(city: MiniCity) -> None:
    document = '{ shipments(where: {createdAt: {eq: "2018-09-01T01:02:03.5Z"}}) { totalCount } }'

    assert await answer(city, ANALYST, document) == {"shipments": {"totalCount": 2}}


@pytest.mark.parametrize("size", [1, 2, 3])
@pytest.mark.parametrize("direction", ["ASC", "DESC"])
async def test_pages_within_one_second_leave_no_row_out(city: MiniCity, direction: str, size: int) -> None:
    document = (
        f"query ($after: String) {{ shipments(first: {size}, after: $after, orderBy: [{{createdAt: {direction}}}])"
        " { nodes { waybillNo createdAt } pageInfo { hasNextPage endCursor } } }"
    )
    rows: list[dict[str, str]] = []
    page: dict[str, Any] = {"hasNextPage": True, "endCursor": None}
    while page["hasNextPage"]:
        (found,) = (await answer(city, ANALYST, document, after=page["endCursor"])).values()
        rows += found["nodes"]
        page = found["pageInfo"]

    times = [row["createdAt"] for row in rows]
    assert sorted(row["waybillNo"] for row in rows) == [f"W{number}" for number in range(len(FRACTIONS))]
    assert times == sorted(times, reverse=direction == "DESC")
