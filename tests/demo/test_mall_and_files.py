"""The mall (S5) and the delivered files (S6): shapes, references, times, the personas' orders and parcels."""

import re
from collections import Counter
from datetime import UTC, datetime

import pytest

from demo.city import personas
from demo.city.divisions import divisions
from demo.city.edition import SEED, TODAY
from demo.city.identifiers import uscc_check
from demo.city.mall_areas import area_codes
from demo.city.mall_orders import NOW
from demo.city.mall_tables import FR_ENTERPRISE, ORDERS, PAY_LOG, S5_TABLES, S6_TABLES
from demo.city.parcels import CARRIERS, station_codes
from demo.city.stations import stations
from tests.demo.small_city import SMALL, Record, SmallCity, generate


def _share(small: SmallCity, code: str, table: str) -> float:
    return len(small.ledger.keys(code)) / len(small.rows[table])


def test_small_city_has_its_share_of_the_mall(small: SmallCity) -> None:
    counts = {table.name: len(small.rows[table.name]) for table in (*S5_TABLES, *S6_TABLES)}
    assert counts["gx_area"] == 2_450
    assert counts["goods"] == 920
    assert counts["shop"] == 58
    assert counts["orders"] == 12_000
    assert counts["order_goods"] == pytest.approx(25_500, rel=0.05)
    assert counts["pay_log"] == pytest.approx(12_500, rel=0.1)
    assert counts["fr_enterprise"] == 5_032
    assert counts["nzhs"] == 192
    assert counts["waybill"] == 15_500


@pytest.mark.parametrize(
    ("code", "table", "rate"),
    [
        ("ORDER_BUYER_UNKNOWN", "orders", 0.25),
        ("ORDER_AMOUNT", "orders", 0.003),
        ("POINT_NO_STATION", "gx_point", 0.14),
        ("SHOP_NO_CODE", "shop", 0.22),
        ("ENT_NO_USCC", "fr_enterprise", 0.08),
        ("WAYBILL_STATION_UNKNOWN", "waybill", 0.08),
    ],
)
def test_stated_rates_are_kept(small: SmallCity, code: str, table: str, rate: float) -> None:
    assert _share(small, code, table) == pytest.approx(rate, rel=0.15)


def test_columns_are_the_departments() -> None:
    assert ORDERS.columns[0] == ("order_sn", "bigint")
    assert len(ORDERS.columns) == 16
    assert PAY_LOG.unique == (("trade_no",),)
    assert FR_ENTERPRISE.column_names[:2] == ("UNISCID", "REGNO")


@pytest.mark.parametrize(
    ("table", "column", "target"),
    [
        ("gx_area", "parent_id", "gx_area"),
        ("gx_org", "parent_id", "gx_org"),
        ("gx_org", "area_id", "gx_area"),
        ("gx_point", "org_id", "gx_org"),
        ("gx_point", "area_id", "gx_area"),
        ("shop", "org_id", "gx_org"),
        ("goods", "shop_id", "shop"),
        ("goods", "origin_area_id", "gx_area"),
        ("orders", "shop_id", "shop"),
        ("orders", "point_id", "gx_point"),
        ("orders", "recv_area_id", "gx_area"),
        ("order_goods", "order_sn", "orders"),
        ("order_goods", "goods_id", "goods"),
        ("pay_log", "order_sn", "orders"),
        ("waybill", "order_sn", "orders"),
        ("waybill", "from_point", "gx_point"),
    ],
)
def test_references_lead_to_rows(small: SmallCity, table: str, column: str, target: str) -> None:
    known = small.keyed(target)
    assert {key for key in small.column(table, column) if key and str(key) not in known} == set()


def test_points_name_open_stations(small: SmallCity) -> None:
    codes = {station.code for station in stations(SEED, SMALL)}
    assert {code for code in small.column("gx_point", "station_bm") if code} <= codes
    assert small.keyed("gx_point")["1"]["station_bm"] == personas.TOWN_STATION


def test_area_codes_follow_the_name_paths(small: SmallCity) -> None:
    names = {row.div_code: row.name for row in divisions(SEED)}
    areas, codes = small.keyed("gx_area"), area_codes(SEED)
    assert len(codes) == len(areas) - len(small.ledger.keys("AREA_UNMATCHED"))
    for key, code in codes.items():
        assert areas[key]["area_name"] == names[code]
        if areas[key]["gb_code"] is not None:
            assert areas[key]["gb_code"] == code


def test_spellings_of_a_station_are_its_own_alone() -> None:
    codes = station_codes(SEED, SMALL)
    assert codes["石门县太峰镇便民服务中心"] == codes["石门太峰镇服务站"] == personas.TOWN_STATION
    assert set(codes.values()) == {station.code for station in stations(SEED, SMALL)}


def test_everybodys_numbers_are_nobodys(small: SmallCity) -> None:
    for number in (*small.column("shop", "owner_id_no"), *small.column("fr_enterprise", "LEREP_CERNO")):
        assert re.fullmatch(r"43079\d{12}[\dX]", number)
    for table, column in (("shop", "owner_mobile"), ("orders", "buyer_mobile"), ("waybill", "recv_tel")):
        assert all(re.fullmatch(r"164\d{8}", number) for number in small.column(table, column))
    for account in (*small.column("shop", "bank_acct"), *small.column("pay_log", "payer_acct")):
        assert account is None or re.fullmatch(r"620000\d{13}", account)
    for tel in (*small.column("gx_org", "tel"), *small.column("fr_enterprise", "TEL")):
        assert tel is None or re.fullmatch(r"0736-0\d{6}", tel)


def test_credit_codes_are_nobodys_and_right_except_the_ledgers(small: SmallCity) -> None:
    wrong = set(small.ledger.keys("ENT_USCC_CHECKSUM"))
    for key, firm in small.keyed("fr_enterprise").items():
        code = firm["UNISCID"]
        if code is not None:
            assert re.fullmatch(r"..\d{6}XX\d{6}..", code)
            assert (uscc_check(code[:17]) != code[17]) == (key in wrong)
    codes = [code for code in small.column("fr_enterprise", "UNISCID") if code]
    assert len(set(codes)) == len(codes)


def test_the_register_knows_the_firms_others_name(small: SmallCity) -> None:
    register = set(small.column("fr_enterprise", "UNISCID"))
    assert {code for code in small.column("shop", "credit_code") if code} <= register
    farmers = {row["credit_code"] for row in small.records("gx_org") if row["org_type"] == 5}
    assert farmers <= register & set(small.column("nzhs", "统一社会信用代码"))
    units = set(small.column("单位", "统一社会信用代码"))
    spoilt = {*small.ledger.keys("ORG_USCC_CHECKSUM"), *small.ledger.keys("ORG_USCC_LOWER")}
    hosts = [
        o["DWDM"]
        for o in small.records("DZZ_JBXX")
        if o["DWDM"] and o["DWDM"].startswith("91") and o["DZZDM"] not in spoilt
    ]
    assert len(hosts) >= 10
    assert set(hosts) <= register
    assert len(register & units) == 2


def test_owners_in_poor_villages_are_party_members(small: SmallCity) -> None:
    poor = {row.div_code for row in divisions(SEED) if row.poverty_village}
    codes, orgs = area_codes(SEED), small.keyed("gx_org")
    members = {m["SFZH"].upper() for m in small.records("DY_JBXX") if m["SFZH"] and m["SCBZ"] == "0"}
    found = [
        shop
        for shop in small.records("shop")
        if codes.get(str(orgs[str(shop["org_id"])]["area_id"])) in poor and shop["owner_id_no"] in members
    ]
    assert len([shop for shop in found if shop["is_del"] == 0]) >= 5


def _orders_of(small: SmallCity, persona: personas.Persona) -> list[Record]:
    return [row for row in small.records("orders") if str(row["buyer_uid"]) == persona.mall_account]


@pytest.mark.parametrize("persona", [personas.RESIDENT, personas.MEMBER], ids=lambda persona: persona.key)
def test_personas_have_orders_done_and_open(small: SmallCity, persona: personas.Persona) -> None:
    orders = _orders_of(small, persona)
    assert all(order["receiver"] == persona.name for order in orders)
    month = 30 * 86_400
    assert any(order["status"] == 40 and order["finish_ts"] < NOW - month for order in orders)
    assert any(order["status"] == 40 and order["finish_ts"] > NOW - month for order in orders)
    assert any(order["finish_ts"] == 0 for order in orders)


def test_the_town_shop_is_its_owners_and_sells(small: SmallCity) -> None:
    shop = small.keyed("shop")[str(personas.TOWN_SHOP_ID)]
    assert (shop["owner_name"], shop["owner_id_no"]) == (
        personas.SHOP_OWNER.name,
        personas.SHOP_OWNER.id_number,
    )
    sold = [row for row in small.records("orders") if row["shop_id"] == personas.TOWN_SHOP_ID]
    assert {40, 30, 20} <= {row["status"] for row in sold}


def test_parcels_wait_in_the_personas_town(small: SmallCity) -> None:
    codes = station_codes(SEED, SMALL)
    waiting = [
        row
        for row in small.records("waybill")
        if row["status"] == 3 and codes.get(row["to_station_name"]) == personas.TOWN_STATION
    ]
    assert len(waiting) >= 6
    assert personas.RESIDENT.name in {row["recv_name"] for row in waiting}


def test_status_and_times_of_an_order_agree(small: SmallCity) -> None:
    flawed = {*small.ledger.keys("ORDER_TIME_ORDER"), *small.ledger.keys("ORDER_FINISH_ZERO")}
    for key, order in small.keyed("orders").items():
        assert order["create_ts"] <= NOW
        assert order["pay_ts"] <= NOW
        assert order["finish_ts"] <= NOW
        assert (order["pay_ts"] > 0) == (order["status"] in (20, 30, 40, 60))
        if key not in flawed:
            assert (order["finish_ts"] > 0) == (order["status"] in (40, 50, 60))
    assert set(Counter(small.column("orders", "status"))) == {10, 20, 30, 40, 50, 60}


def test_parcels_follow_their_orders(small: SmallCity) -> None:
    orders = small.keyed("orders")
    flawed = set(small.ledger.keys("WAYBILL_TIME_ORDER"))
    last = f"{datetime.fromtimestamp(NOW, UTC):%Y-%m-%d %H:%M:%S}.999"
    for key, parcel in small.keyed("waybill").items():
        assert parcel["carrier_code"] in CARRIERS
        times = [at for at in (parcel["created_at"], parcel["arrived_at"], parcel["delivered_at"]) if at]
        assert max(times) <= last
        if key not in flawed:
            assert times == sorted(times)
        assert (parcel["delivered_at"] is not None) == (parcel["status"] == 4)
        if parcel["order_sn"] is not None:
            order = orders[str(parcel["order_sn"])]
            assert (order["status"], order["is_test"]) in ((30, 0), (40, 0))
            assert parcel["recv_tel"] == order["buyer_mobile"]


def test_payments_add_up_to_the_orders(small: SmallCity) -> None:
    paid, refunded = Counter[int](), Counter[int]()
    for row in small.records("pay_log"):
        paid[row["order_sn"]] += row["pay_fen"]
        refunded[row["order_sn"]] += row["refund_fen"]
    for order in small.records("orders"):
        assert paid[order["order_sn"]] == (order["pay_fen"] if order["pay_ts"] else 0)
        assert refunded[order["order_sn"]] == (order["pay_fen"] if order["status"] == 60 else 0)
    trades = small.column("pay_log", "trade_no")
    assert len(set(trades)) == len(trades)


def test_enterprises_are_of_the_standards(small: SmallCity) -> None:
    for firm in small.records("fr_enterprise"):
        assert firm["REGSTATE"] in ("1", "2", "3", "4")
        assert firm["INDUSTRYPHY"] in "ABCDEFGHIJKLMNOPQRST"
        assert datetime.strptime(firm["ESTDATE"], "%Y-%m-%d").date() < TODAY
        assert firm["S_EXT_TIME"] < f"{TODAY} 02:00:00"
        assert firm["EMPNUM"] >= 1


def test_a_larger_city_has_the_flows_of_september_alone() -> None:
    large = generate(0.06, SEED)
    own = {personas.RESIDENT.name, personas.MEMBER.name}
    created = [row["create_ts"] for row in large.records("orders") if row["receiver"] not in own]
    assert min(created) >= int(datetime(2018, 8, 31, 16, tzinfo=UTC).timestamp())
    assert len(created) == pytest.approx(2_400_000 * 0.06 / 12, rel=0.01)
