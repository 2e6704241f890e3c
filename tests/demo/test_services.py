"""Transfers, volunteering, stations, items, cases and tickets: counts, shares, order of times, and the personas'."""

from collections import Counter
from datetime import date

import pytest

from demo.city import codes_services as codes
from demo.city import personas
from demo.city.divisions import divisions
from demo.city.edition import SEED, TODAY, flow_rows
from demo.city.stations import all_stations, stations
from demo.city.unit_names import unit_names
from demo.city.workdays import after_workdays, is_workday
from tests.demo.small_city import SMALL, SmallCity

OPEN_STATES = set(codes.CASE_STATE) - codes.CLOSED_CASE


def test_flows_are_three_months_of_the_small_city_and_one_of_the_whole(small: SmallCity) -> None:
    assert len(small.rows["banjian"]) == flow_rows(1_920_000, SMALL) == 9_600
    assert len(small.rows["gongdan"]) == 1_060
    assert len(small.rows["volunteer_record"]) == 3_000
    assert len(small.rows["DY_ZZGX"]) == 520
    assert len(small.rows["DY_CF"]) == 188
    assert flow_rows(1_920_000, 1.0) == 160_000


def test_full_city_has_the_stations_and_items_of_the_reference() -> None:
    assert Counter(station.level for station in stations(SEED, 1.0)) == {1: 1, 2: 14, 3: 169, 4: 2_192}
    assert len(all_stations(SEED, 1.0)) == 2_391


@pytest.mark.parametrize("scale", [0.005, SMALL, 0.3])
def test_stations_belong_to_divisions_and_say_so_in_their_code(scale: float) -> None:
    known = {row.div_code for row in divisions(SEED)}
    for station in all_stations(SEED, scale):
        assert station.division.div_code in known
        assert station.code == f"{station.division.div_code:0<12}{station.level}001"
    assert personas.TOWN_STATION in {station.code for station in stations(SEED, scale)}


def test_item_codes_are_made_of_unit_level_and_base_code(small: SmallCity) -> None:
    uscc = {unit["统一社会信用代码"] for unit in small.records("单位")}
    for item in small.records("shixiang"):
        assert item["shishibianma"] == item["zhuguan_xydm"] + item["cengji"] + item["jibenbianma"]
        assert len(item["jibenbianma"]) == 12
        assert item["zhuguan_xydm"] in uscc
        assert (item["banjianleixing"] == "1") == (item["chengnuo_gzr"] == 0)
    assert len({item["jibenbianma"] for item in small.records("shixiang") if item["xiachen"]}) == 38


def test_closed_cases_have_ended_and_open_ones_have_not(small: SmallCity) -> None:
    for case in small.records("banjian"):
        assert (case["banjie_sj"] is None) == (case["zhuangtai"] in OPEN_STATES), case
        assert case["shouli_sj"] <= case["genxin_sj"] <= f"{TODAY} 23:59:59"
        assert (case["zhengjian_hm"] is None) == (case["sqr_leixing"] == "2")
        assert case["haoping"] is None or case["zhuangtai"] == "07"
    assert {case["zhuangtai"] for case in small.records("banjian")} == set(codes.CASE_STATE)


def test_cases_are_taken_at_open_stations_until_today(small: SmallCity) -> None:
    assert set(small.column("banjian", "wangdian_bm")) <= {station.code for station in stations(SEED, SMALL)}
    days = Counter(at[:10] for at in small.column("banjian", "shouli_sj"))
    assert days[str(TODAY)] > 100
    assert max(days) == str(TODAY)


def test_some_cases_are_overdue(small: SmallCity) -> None:
    late = [c for c in small.records("banjian") if (c["banjie_sj"] or str(TODAY))[:10] > str(c["chengnuo_rq"])]
    assert 0.005 < len(late) / len(small.rows["banjian"]) < 0.05


def test_most_applicants_are_no_members_and_some_are(small: SmallCity) -> None:
    natural = {c["zhengjian_hm"] for c in small.records("banjian") if c["sqr_leixing"] == "1"}
    members, staff = set(small.column("DY_JBXX", "SFZH")), set(small.column("人员", "身份证号"))
    assert 0.08 < len(natural & members) / len(natural) < 0.3
    assert len(natural & (staff - members)) > 30


def test_steps_follow_the_case(small: SmallCity) -> None:
    cases = small.keyed("banjian")
    steps: dict[str, list[dict[str, object]]] = {}
    for step in small.records("banjian_guocheng"):
        steps.setdefault(step["banjian_bh"], []).append(step)
    assert set(steps) == set(cases)
    assert 3.5 < len(small.rows["banjian_guocheng"]) / len(cases) < 4.5
    early = set(codes.EARLY_ENDS.values())
    for key, own in steps.items():
        assert {step["huanjie"] for step in own} <= {*codes.STEPS, *early}
        assert (own[-1]["jieshu"] is None) == (cases[key]["banjie_sj"] is None)
        assert own[0]["kaishi"] == cases[key]["shouli_sj"]


def test_transfers_fit_their_state(small: SmallCity) -> None:
    organisations, members = small.keyed("DZZ_JBXX"), small.keyed("DY_JBXX")
    rows = small.records("DY_ZZGX")
    for transfer in rows:
        assert str(transfer["DYBH"]) in members
        assert transfer["YDZZDM"] in organisations
        assert (transfer["XDZZDM"] is None) == (transfer["XDZZMC"] is not None) == (transfer["ZJLX"] != "1")
        assert bool(transfer["JSRQ"]) == (transfer["ZJZT"] == "50")
        for column in ("KCRQ", "YXRQ", "JSRQ"):
            assert not transfer[column] or date.fromisoformat(transfer[column])
    pending = [t for t in rows if t["ZJZT"] in ("10", "20", "30", "40")]
    shimen = [t for t in pending if str(t["YDZZDM"]).startswith(personas.SHIMEN_COMMITTEE[:6])]
    assert sum(t["KCRQ"] < "20180801" for t in shimen) >= 3
    assert sum("20180930" <= t["YXRQ"] <= "20181010" for t in shimen) >= 2
    assert {t["ZJZT"] for t in rows} == set(codes.TRANSFER_STATE)


def test_discipline_spares_the_personas(small: SmallCity) -> None:
    members = small.keyed("DY_JBXX")
    own = {persona.member_no for persona in personas.PERSONAS}
    for row in small.records("DY_CF"):
        assert str(row["DYBH"]) in members
        assert row["DYBH"] not in own
        assert row["CFLB"] in codes.DISCIPLINE_KIND
    assert any(members[str(row["DYBH"])]["DZZDM"] == personas.TOWN_OFFICE_BRANCH for row in small.records("DY_CF"))


def test_volunteers_are_confirmed_by_somebody_else(small: SmallCity) -> None:
    users, known = small.keyed("app_user"), {station.code for station in stations(SEED, SMALL)}
    for record in small.records("volunteer_record"):
        assert record["user_id"] in users
        assert record["verified_by"] in users
        assert record["verified_by"] != record["user_id"]
        assert record["station_code"] in known
        assert str(record["service_type"]) in codes.VOLUNTEER_SERVICE
    today = [r for r in small.records("volunteer_record") if r["happened_on"] == TODAY]
    assert personas.TOWN_STATION in {record["station_code"] for record in today}


def test_tickets_have_their_kinds_and_places(small: SmallCity) -> None:
    rows = small.records("gongdan")
    reports = sum(ticket["suqiuLeixing"] == "04" for ticket in rows) / len(rows)
    assert 0.015 < reports < 0.05
    assert {len(ticket["quhuaCode"]) for ticket in rows} == {6, 9, 12}
    assert {ticket["zhuangtai"] for ticket in rows} == set(codes.TICKET_STATE)
    for ticket in rows:
        assert ticket["laidianShijian"] <= ticket["updateTime"] <= f"{TODAY} 18:00:00"
        assert ticket["manyidu"] is None or ticket["zhuangtai"] in ("3", "4")


def test_names_of_units_stand_for_one_unit_each(small: SmallCity) -> None:
    known = small.keyed("单位")
    names = unit_names(SEED, SMALL)
    assert set(names.values()) <= set(known)
    assert names["石门县卫计委"] == names["石门县卫生局"] == names["石门卫计委"] == "430726040000"
    assert "县教育局" not in names


def test_personas_have_what_is_told_of_them(small: SmallCity) -> None:
    own = [c for c in small.records("banjian") if c["zhengjian_hm"] == personas.RESIDENT.id_number]
    assert {case["wangdian_bm"] for case in own} == {personas.TOWN_STATION}
    assert any(case["shouli_sj"].startswith(str(TODAY)) for case in own)
    assert any(case["banjie_sj"] is None and case["chengnuo_rq"] < TODAY for case in own)
    assert personas.MEMBER.id_number in small.column("banjian", "zhengjian_hm")
    tickets = [t for t in small.records("gongdan") if t["laidianHaoma"] == personas.RESIDENT.mobile]
    assert len(tickets) == 2
    assert {ticket["zhuangtai"] for ticket in tickets} <= {"1", "2"}


@pytest.mark.parametrize(
    ("day", "works"), [("2018-09-22", False), ("2018-09-24", False), ("2018-09-30", True), ("2018-10-01", False)]
)
def test_autumn_holidays_and_the_weekend_worked_for_them(day: str, works: bool) -> None:
    assert is_workday(date.fromisoformat(day)) is works


def test_promised_days_are_workdays() -> None:
    assert after_workdays(date(2018, 9, 21), 1) == date(2018, 9, 25)
    assert after_workdays(date(2018, 9, 30), 1) == date(2018, 10, 8)
    assert after_workdays(date(2018, 9, 30), 0) == date(2018, 9, 30)
