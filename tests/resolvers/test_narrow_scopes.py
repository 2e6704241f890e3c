"""Scopes of commerce and services: the own account (ACCOUNT), the own shop (SHOP), while a matter is open (OPEN)."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from schema.identity import SHANGHAI
from tests.resolvers.mini_city import MiniCity, subject
from tests.resolvers.mini_services import EVA, FAY, GUS
from tests.resolvers.questions import answer, codes

BUYER = subject("resident_self", identity=EVA, mallAccount="501")
STRANGER = subject("resident_self", identity=EVA)
KEEPER = subject("shop_owner", identity=GUS)
AGENT = subject("hotline_agent", divCode="430726")
ORDERS = "{ orders { totalCount nodes { orderNo } } }"


@pytest.fixture(scope="module")
def city() -> MiniCity:
    return MiniCity()


def numbers(found: Any) -> list[str]:
    rows = [row["orderNo"] for row in found["orders"]["nodes"]]
    assert found["orders"]["totalCount"] == len(rows)
    return sorted(rows)


# --- ACCOUNT -----------------------------------------------------------------------------------------------------


async def test_an_account_has_its_own_orders(city: MiniCity) -> None:
    assert numbers(await answer(city, BUYER, ORDERS)) == ["1001", "1002"]


@pytest.mark.parametrize("account", ["502", "0", "5011", " 501", "501 OR 1=1"])
async def test_another_account_has_none_of_them(city: MiniCity, account: str) -> None:
    who = subject("resident_self", identity=EVA, mallAccount=account)

    assert not {"1001", "1002"} & set(numbers(await answer(city, who, ORDERS)))


async def test_who_has_no_account_has_no_orders(city: MiniCity) -> None:
    """Not even those that bear the mobile number of the person: it is no identity (D19)."""
    assert numbers(await answer(city, STRANGER, ORDERS)) == []


async def test_what_belongs_to_an_order_follows_its_account(city: MiniCity) -> None:
    document = "{ shipments { nodes { waybillNo } } paymentTransactions { nodes { tradeNo } } }"
    other = subject("resident_self", identity=FAY, mallAccount="502")

    assert await answer(city, BUYER, document) == {
        "shipments": {"nodes": [{"waybillNo": "W1"}]},
        "paymentTransactions": {"nodes": [{"tradeNo": "P1"}]},
    }
    assert await answer(city, other, document) == {
        "shipments": {"nodes": [{"waybillNo": "W2"}]},
        "paymentTransactions": {"nodes": []},
    }


# --- SHOP and OPEN -----------------------------------------------------------------------------------------------


async def test_a_keeper_has_the_orders_of_the_own_shop(city: MiniCity) -> None:
    assert numbers(await answer(city, KEEPER, ORDERS)) == ["1001", "1002"]
    assert numbers(await answer(city, subject("shop_owner", identity=EVA), ORDERS)) == ["1003"]
    assert numbers(await answer(city, subject("shop_owner", identity=FAY), ORDERS)) == []


async def test_the_account_that_a_shop_pays_to_is_masked_even_for_its_keeper(city: MiniCity) -> None:
    found = await answer(city, KEEPER, "{ shop(shopId: 1) { bankAccount _meta { masked } } }")

    assert found["shop"]["_meta"] == {"masked": ["bankAccount"]}
    assert "1234567890" not in found["shop"]["bankAccount"]


async def test_a_receiver_is_clear_until_30_days_after_the_end() -> None:
    ends = {1001: 0, 1002: 29, 1003: 31}

    def change(rows: dict[str, Any]) -> None:
        today = datetime.now(SHANGHAI)
        for row in rows["s5"]["orders"]:
            days = ends.get(row["order_sn"], 0)
            row |= {"shop_id": 1, "finish_ts": int((today - timedelta(days=days)).timestamp()) if days else 0}

    document = "{ orders { nodes { orderNo receiver _meta { masked } } } }"
    found = (await answer(MiniCity(change=change), KEEPER, document))["orders"]["nodes"]

    assert {row["orderNo"]: (row["receiver"], row["_meta"]["masked"]) for row in found} == {
        "1001": ("伊五", []),
        "1002": ("伊五", []),
        "1003": ("伊**", ["receiver"]),
    }


async def test_callers_are_clear_while_a_ticket_is_open(city: MiniCity) -> None:
    document = "{ hotlineTickets { nodes { ticketNo callerPhone callerName content _meta { masked } } } }"
    found = {row["ticketNo"]: row for row in (await answer(city, AGENT, document))["hotlineTickets"]["nodes"]}

    assert sorted(found) == ["T1", "T2"]  # no report of a wrong, no other county
    assert found["T1"] | {"_meta": None} == {
        "ticketNo": "T1", "callerPhone": "16400007777", "callerName": "何某", "content": "请联系16400007777",
        "_meta": None,
    }  # fmt: skip
    assert found["T1"]["_meta"]["masked"] == []
    assert found["T2"]["_meta"]["masked"] == ["callerPhone", "callerName", "content"]
    assert "16400007777" not in str(found["T2"])


@pytest.mark.parametrize("field", ["callerPhone", "callerName"])
async def test_what_is_clear_while_open_alone_may_not_be_filtered_by(city: MiniCity, field: str) -> None:
    result = await city.execute(AGENT, f'{{ hotlineTickets(where: {{{field}: {{eq: "何某"}}}}) {{ totalCount }} }}')

    assert codes(result) == ["FILTER_DENIED"]
