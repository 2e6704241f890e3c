"""The oracle's canonical rows, from a few rows of each source as its driver gives them."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from demo.oracle.canonical import City
from demo.oracle.raw import (
    FILES,
    TABLES,
    Lazily,
    RawCity,
    RawRow,
    complete_parcels,
    newest_cooperatives,
    newest_enterprises,
)
from demo.oracle.rows import Failed, Row

TODAY = date(2018, 9, 30)
ADA, BEN = "430790198001010016", "430791199202290123"
EVERY = frozenset({"s1", "s3", "s4", "s5"})


def _table(columns: str, *rows: tuple[Any, ...]) -> list[RawRow]:
    return [dict(zip(columns.split(), row, strict=True)) for row in rows]


def _members(*rows: Mapping[str, Any]) -> list[RawRow]:
    columns = "DYBH XM XB MZ CSRQ SFZH XL ZZMM RYLB DZZDM RDRQ ZZRQ GZGW DNZW SJHM GDDH JTZZ DJZT SFSL SLRQ SLYY SFLD "
    blank = dict.fromkeys((columns + "WCLX SFKN PYDC SCBZ GXSJ").split()) | {"SCBZ": "0", "DZZDM": BRANCH}
    return [{**blank, "DYBH": number, **row} for number, row in enumerate(rows, 1)]


def _organisation(code: str, secretary: str | None, mark: str = "0") -> RawRow:
    columns = "DZZMC DZZJC SJDZZDM DZZLB LXDH SZDWQK DWMC DWDM CLRQ JMRQ XZQH GXSJ"
    return dict.fromkeys(columns.split()) | {"DZZDM": code, "DZZSJ": secretary, "SCBZ": mark}


BRANCH, TOWN, GONE = "001008002001000", "001008002000000", "001008002009000"


def s1(*members: Mapping[str, Any]) -> dict[str, list[RawRow]]:
    organisations = [_organisation(BRANCH, "甲一"), _organisation(TOWN, "甲一"), _organisation(GONE, None, "1")]
    return {"DZZ_JBXX": organisations, "DY_JBXX": _members(*members)}


STAFF = _table(
    "人员编码 姓名 身份证号 性别 民族 出生年月 政治面貌 学历 参加工作时间 单位编码 编制类型 岗位名称 进入单位时间 状态",
    ("R1", "甲一", ADA, "女", "汉", "1980.01", "群众", "大学", None, "U1", "行政", None, None, "在职"),
)


def only(city: City, entity: str) -> Row:
    (found,) = city.rows[entity]
    return found


# --- S1, S2, S3 -------------------------------------------------------------------------------------------------------


def test_secretary_is_the_one_member_of_that_name_and_duty() -> None:
    city = City(RawCity(s1=s1({"XM": "甲一", "DNZW": "书记", "SFZH": ADA}, {"XM": "甲一"})), TODAY)
    branch, town = city.rows["PartyOrganisation"]
    assert branch["secretaryIdentity"] == ADA
    assert (town["secretaryIdentity"], town.flaws["secretaryIdentity"]) == (None, ("NAME_UNRESOLVED",))
    assert branch["path"] == ["001000000000000", "001008000000000", TOWN, BRANCH]


def test_two_secretaries_of_one_name_are_none() -> None:
    twice = {"XM": "甲一", "DNZW": "书记"}
    branch = City(RawCity(s1=s1(twice, twice)), TODAY).rows["PartyOrganisation"][0]
    assert (branch["secretaryIdentity"], branch.flaws["secretaryIdentity"]) == (None, ("NAME_UNRESOLVED",))


def test_member_knows_whether_the_organisation_is_deleted() -> None:
    city = City(RawCity(s1=s1({}, {"DZZDM": GONE}, {"DZZDM": "001099000000000"})), TODAY)
    assert [one["orgRetired"] for one in city.rows["PartyMember"]] == [False, True, None]


def test_transfer_accepted_before_it_was_issued() -> None:
    columns = "ZJBH DYBH YDZZDM XDZZDM XDZZMC ZJLX ZJZT JSXH KCRQ YXRQ JSRQ DFJZ"
    rows = _table(
        columns,
        ("Z1", 1, BRANCH, None, "中共长沙市委", "2", "50", "1号", "20180901", "20181130", "20180801", "201808"),
        ("Z2", 1, BRANCH, TOWN, None, "1", "10", "2号", "20180901", "20181130", "", "201813"),
    )
    first, second = City(RawCity(s1={"DY_ZZGX": rows}), TODAY).rows["MembershipTransfer"]
    assert (first["issuedOn"], first["acceptedOn"], first["duesPaidUntil"]) == ("2018-09-01", "2018-08-01", "2018-08")
    assert first.failed == (Failed("TIME_ORDER", ("issuedOn", "acceptedOn")),)
    assert (second["acceptedOn"], second["duesPaidUntil"], second.failed) == (None, None, ())
    assert second.flaws == {"duesPaidUntil": ("DATE_INVALID",)}


def test_voluntary_service_names_member_and_verifier() -> None:
    users = _table("id member_no id_no_sm3 deleted_at", ("a", 1, "x", None), ("b", 2, "y", None), ("c", 3, "z", "now"))
    records = _table(
        "id user_id station_code service_type minutes happened_on verified_by",
        (1, "a", "4307260000002001", 3, 60, date(2018, 9, 1), "b"),
        (2, "c", None, 7, 60, "2018-09-01", None),
    )
    first, second = City(RawCity(s2={"app_user": users, "volunteer_record": records}), TODAY).rows["VolunteerRecord"]
    assert (first["memberNo"], first["verifierNo"], first["happenedOn"]) == (1, 2, "2018-09-01")
    assert (second["memberNo"], second["idDigest"], second["verifierNo"]) == (None, None, None)
    assert second.flaws == {"serviceType": ("CODE_UNMAPPED",)}


def test_cadre_has_the_person_and_unit_of_the_register() -> None:
    columns = "人员编码 职务 职务层次 任职时间 任免文号 分管工作 考核结果 备注"
    cadres = _table(columns, ("R1", "主任", "乡科级正职", "2016.03", "1号", "全面", "称职", ""))
    lineage = _table("rowid 旧单位编码 新单位编码 变更日期 类型", (7, "U0", "U1", "2015.12", "合并"))
    city = City(RawCity(s3={"人员": STAFF, "干部": cadres, "单位沿革": lineage}), TODAY)
    cadre, succession = only(city, "Cadre"), only(city, "UnitSuccession")
    assert (cadre["identity"], cadre["unitNo"], cadre["dutyLevel"], cadre["assessment"]) == (ADA, "U1", "9", "2")
    assert (cadre["appointedOn"], cadre["remark"]) == ("2016-03-01", None)
    assert cadre.flaws == {"appointedOn": ("DATE_PRECISION_MONTH",)}
    assert (succession.key, succession["kind"], succession["changedOn"]) == (7, "1", "2015-12-01")


# --- S4 and the hotline -----------------------------------------------------------------------------------------------


def _case(number: str, **values: Any) -> RawRow:
    blank = {
        "banjian_bh": number, "shishibianma": "I1", "wangdian_bm": "4307260000002001", "sqr_leixing": "1",
        "sqr_mingcheng": "甲一", "zhengjian_hm": ADA, "lianxi_shouji": "16400000001", "dizhi": "石门县",
        "shouli_sj": datetime(2018, 9, 1, 9), "chengnuo_rq": date(2018, 9, 20), "banjie_sj": None, "zhuangtai": "05",
        "jieguo": None, "shiming": "1", "haoping": None, "genxin_sj": datetime(2018, 9, 1, 9),
    }  # fmt: skip
    return {**blank, **values}


@pytest.mark.parametrize(
    ("due", "finished", "overdue"),
    [
        pytest.param(date(2018, 9, 20), None, True, id="not finished, past"),
        pytest.param(TODAY, None, False, id="not finished, today is the day"),
        pytest.param(date(2018, 9, 20), datetime(2018, 9, 20, 23, 59), False, id="finished on the day"),
        pytest.param(date(2018, 9, 20), datetime(2018, 9, 21), True, id="finished later"),
        pytest.param(None, None, None, id="never due"),
    ],
)
def test_case_is_overdue_by_its_day(due: date | None, finished: datetime | None, overdue: bool | None) -> None:
    cases = [_case("1", chengnuo_rq=due, banjie_sj=finished)]
    assert only(City(RawCity(s4={"banjian": cases}), TODAY), "ServiceCase")["overdue"] is overdue


def test_case_finished_before_it_was_accepted() -> None:
    cases = [_case("1", banjie_sj=datetime(2018, 8, 31)), _case("2", banjie_sj=datetime(2018, 9, 1, 9))]
    first, second = City(RawCity(s4={"banjian": cases}), TODAY).rows["ServiceCase"]
    assert first["finishedAt"] == "2018-08-31T00:00:00+08:00"
    assert first.failed == (Failed("TIME_ORDER", ("acceptedAt", "finishedAt")),)
    assert second.failed == ()


def test_person_of_cases_is_the_latest_one_that_was_checked() -> None:
    later = datetime(2018, 9, 2)
    cases = [
        _case("1"),
        _case("2", sqr_mingcheng="甲乙", genxin_sj=later),
        _case("3", sqr_mingcheng="丙三", shiming="0", genxin_sj=later),
        _case("4", sqr_leixing="2", zhengjian_hm=None),
    ]
    city = City(RawCity(s4={"banjian": cases}), TODAY)
    person = city.person(ADA, EVERY)
    assert person is not None
    assert (person.row["name"], person.row["realNameVerified"], person.sources) == ("甲乙", True, ("s4",))
    assert (person.row["sex"], person.row["birthDate"], person.row["age"]) == ("1", "1980-01-01", 38)
    assert list(city.identities()) == [ADA]
    assert city.rows["ServiceCase"][3]["applicantIdentity"] == "~s4:4"


def test_item_types_of_older_systems_are_letters() -> None:
    columns = (
        "shishibianma jibenbianma mingcheng leixing banjianleixing cengji zhuguan_xydm chengnuo_gzr xiachen zhuangtai"
    )
    rows = _table(
        columns,
        ("A", "B", "甲", "QT", "1", "3", "11430700xx00000199", 0, True, "1"),
        ("C", "B", "乙", "?", "2", "3", None, 20, False, "3"),
    )
    first, second = City(RawCity(s4={"shixiang": rows}), TODAY).rows["ServiceItem"]
    assert (first["itemType"], first["ownerUscc"], first["deliveredDown"]) == ("10", "11430700XX00000199", True)
    assert (second["itemType"], second.flaws, second["deliveredDown"]) == (
        None,
        {"itemType": ("CODE_UNMAPPED",)},
        False,
    )


def test_station_has_its_place_in_degrees() -> None:
    columns = "wangdian_bm mingcheng cengji quhua jingdu weidu fuzeren lianxidianhua kaifang_sj kaiban_riqi zhuangtai"
    values = ("4307260000002001", "甲", "2", "430726", Decimal("111.37"), Decimal("29.58"), None, "", "9-17", None, "1")
    station = only(City(RawCity(s4={"wangdian": _table(columns, values)}), TODAY), "ServiceStation")
    assert (station["lng"], station["lat"], station["phone"]) == (111.37, 29.58, None)


def test_ticket_finds_its_unit_by_alias() -> None:
    columns = (
        "gongdanBianhao laidianShijian laidianHaoma xingming suqiuLeixing suqiuNeirong quhuaCode chengbanDanwei "
        "manyidu zhuangtai updateTime"
    )
    at = "2018-09-01 09:12:33"
    rows = _table(
        columns,
        ("G1", at, "16400000001", "甲一", "03", "……", "430726", "经信委", "5", "2", at),
        ("G2", at, "16400000001", "", "01", "……", "430726", "某单位", "", "3", at),
    )
    raw = RawCity(
        hotline={"gongdan": rows},
        aliases={"unit_names": {"经信委": "U1"}},
        unofficial={"unit_names": frozenset({"经信委"})},
    )
    first, second = City(raw, TODAY).rows["HotlineTicket"]
    assert (first["unitNo"], first["satisfaction"], first["isOpen"]) == ("U1", 5, True)
    assert first["receivedAt"] == "2018-09-01T09:12:33+08:00"
    assert first.flaws == {"unitNo": ("UNIT_NAME_ALIAS",)}
    assert (second["unitNo"], second["satisfaction"], second["isOpen"], second["callerName"]) == (
        None,
        None,
        False,
        None,
    )
    assert second.flaws == {"unitNo": ("UNIT_UNKNOWN",)}


# --- S5 ---------------------------------------------------------------------------------------------------------------


def _shop(number: int, owner: str, *, deleted: int = 0) -> RawRow:
    columns = "shop_id shop_name org_id credit_code owner_name owner_id_no owner_mobile bank_acct open_ts status is_del"
    values = (number, "店", 1, None, "店主", owner, "16400000002", "6200000012345678903", 1_420_423_200, 1, deleted)
    return _table(columns, values)[0]


def _order(number: int, **values: Any) -> RawRow:
    blank = {
        "order_sn": number, "buyer_uid": 9, "buyer_mobile": "16400000003", "receiver": "丁四", "recv_addr": "石门",
        "recv_area_id": 1001, "shop_id": 1, "point_id": 1, "amount_fen": 500, "freight_fen": 0, "pay_fen": 500,
        "status": 40, "create_ts": 1_535_760_000, "pay_ts": 1_535_760_100, "finish_ts": 1_535_846_400, "is_test": 0,
    }  # fmt: skip
    return {**blank, **values}


def mall(*orders: RawRow) -> City:
    lines = _table("id order_sn goods_id qty price_fen", (1, 1, 1, 2, 200), (2, 1, 2, 1, 100), (3, 2, 1, 1, 499))
    tables = {"shop": [_shop(1, ADA), _shop(2, BEN, deleted=1)], "orders": list(orders), "order_goods": lines}
    return City(RawCity(s5=tables, aliases={"s5_areas": {"1001": "430726"}}), TODAY)


def test_shop_sums_what_was_paid_and_kept() -> None:
    orders = [_order(1), _order(2, status=60), _order(3, is_test=1), _order(4, status=20, pay_fen=70)]
    city = mall(*orders)
    assert only(city, "Shop")["gmv"] == 570
    assert [one.key for one in city.rows["Order"]] == [1, 2, 4]
    assert city.person(BEN, EVERY) is None


def test_order_is_compared_with_its_lines() -> None:
    first, second = mall(_order(1), _order(2, finish_ts=0)).rows["Order"]
    assert (first["amount"], first["linesAmount"], first.failed) == (500, 500, ())
    assert second.failed == (Failed("CONFLICT(amount)", ("amount",)),)
    assert (second["finishedAt"], second["isRecent"]) == (None, True)


@pytest.mark.parametrize(
    ("finished", "recent"),
    [("2018-08-31T00:00:00+08:00", True), ("2018-08-30T23:59:59+08:00", False), ("2018-10-02T00:00:00+08:00", True)],
)
def test_order_is_recent_for_thirty_days(finished: str, recent: bool) -> None:
    seconds = int(datetime.fromisoformat(finished).timestamp())
    order = only(mall(_order(1, create_ts=1, finish_ts=seconds)), "Order")
    assert (order["finishedAt"], order["isRecent"]) == (finished, recent)


def test_order_in_an_unknown_area_is_nowhere() -> None:
    order = only(mall(_order(1, recv_area_id=1002, buyer_uid=None)), "Order")
    assert (order["receiverDiv"], order.flaws, order["buyerAccount"]) == (None, {"receiverDiv": ("DIV_UNKNOWN",)}, None)


def test_point_spells_out_its_flags() -> None:
    columns = "point_id point_name org_id station_bm area_id addr lng lat biz_flags status is_del"
    rows = _table(columns, (1, "点", 1, "", 1001, "路", 111.1, 29.1, 26, 1, 0), (2, "点", 1, "", 1, "", 1, 1, 0, 1, 1))
    point = only(City(RawCity(s5={"gx_point": rows}, aliases={"s5_areas": {"1001": "430726"}}), TODAY), "SupplyPoint")
    assert point["services"] == ["GROCERIES", "EXPRESS", "FINANCE"]
    assert point["stationCode"] is None


# --- S6 ---------------------------------------------------------------------------------------------------------------


def _parquet(folder: Path, select: str, *, complete: bool) -> None:
    folder.mkdir(parents=True)
    with duckdb.connect() as engine:
        engine.execute(f"COPY ({select}) TO '{folder}/part-0.parquet' (FORMAT parquet)")
    if complete:
        (folder / "_SUCCESS").touch()


def _drop(folder: Path, day: str, name: str, more: str = "", *, complete: bool = True) -> None:
    columns = (
        f"NULL AS UNISCID, '430726600000001' AS REGNO, '{name}' AS ENTNAME, '个体工商户' AS ENTTYPE, '甲一' AS LEREP, "
        f"'{ADA}' AS LEREP_CERNO, 12.5 AS REGCAP, '2012-06-03' AS ESTDATE, '1' AS REGSTATE, 'F' AS INDUSTRYPHY, "
        "'5211' AS INDUSTRYCO, '石门县' AS DOM, '430726' AS DOMDISTRICT, NULL AS TEL, 3 AS EMPNUM, 0.1234 AS ANNSALES"
    )
    _parquet(folder / "fr_enterprise" / f"dt={day}", f"SELECT {columns}{more}", complete=complete)


def drops(folder: Path) -> RawCity:
    """S6 as it is read from files."""
    readers = dict(zip(FILES, (newest_enterprises, newest_cooperatives, complete_parcels), strict=True))
    tables = {name: read(folder) for name, read in readers.items()}
    return RawCity(s6=tables, aliases={"station_names": {"石门县太峰镇便民服务中心": "4307261000003001"}})


def test_newest_complete_drop_counts(tmp_path: Path) -> None:
    _drop(tmp_path, "20180928", "旧")
    _drop(tmp_path, "20180929", "新", ", 'x' AS EXT_FLAG")
    _drop(tmp_path, "20180930", "断", complete=False)
    enterprise = only(City(drops(tmp_path), TODAY), "Enterprise")
    assert (enterprise["name"], enterprise["uscc"], enterprise.key) == ("新", None, "430726600000001")
    assert (enterprise["regCapital"], enterprise["annualSales"]) == (12_500_000, 123_400)


def test_list_of_cooperatives_is_gb18030(tmp_path: Path) -> None:
    head = "合作社名称,统一社会信用代码,理事长,成员数,主营产品,年经营收入(元),示范社等级\n"
    (tmp_path / "nzhs_201808.csv").write_text(f"{head}旧,x,甲,1,茶,1,\n", encoding="gb18030")
    (tmp_path / "nzhs_201809.csv").write_text(f"{head}合作社,93430726XX00000431,㛃,18,茶叶,649769,市级\n", "gb18030")
    found = only(City(drops(tmp_path), TODAY), "CoopRegistration")
    assert (found["uscc"], found["leader"], found["memberCount"]) == ("93430726XX00000431", "㛃", 18)
    assert (found["annualRevenue"], found["modelGrade"]) == (64_976_900, "3")


def test_parcels_are_in_beijing_time(tmp_path: Path) -> None:
    def parcel(number: str, station: str, delivered: str) -> str:
        return (
            f"SELECT '{number}' AS waybill_no, 18092600000004 AS order_sn, 'SF' AS carrier_code, 1 AS from_point, "
            f"'{station}' AS to_station_name, '丁四' AS recv_name, '16400000003' AS recv_tel, 900 AS weight_g, "
            f"4 AS status, TIMESTAMP '2018-09-01 18:30:00' AS created_at, NULL::TIMESTAMP AS arrived_at, "
            f"TIMESTAMP '{delivered}' AS delivered_at, 1200 AS fee_fen"
        )

    known = "石门县太峰镇便民服务中心"
    _parquet(tmp_path / "waybill" / "ym=201808", parcel("W1", known, "2018-09-03 00:00:00"), complete=True)
    _parquet(tmp_path / "waybill" / "ym=201809", parcel("W2", "某处", "2018-08-03 00:00:00"), complete=True)
    _parquet(tmp_path / "waybill" / "ym=201810", parcel("W3", known, "2018-09-03 00:00:00"), complete=False)
    first, second = City(drops(tmp_path), TODAY).rows["Shipment"]
    assert (first["stationCode"], first["orderNo"], first["createdAt"]) == (
        "4307261000003001",
        "18092600000004",
        "2018-09-02T02:30:00+08:00",
    )
    assert (second["stationCode"], second.flaws) == (None, {"stationCode": ("STATION_UNKNOWN",)})
    assert second.failed == (Failed("TIME_ORDER", ("createdAt", "deliveredAt")),)


# --- persons ----------------------------------------------------------------------------------------------------------


def known(**sources: Any) -> City:
    member = {
        "XM": "甲?",
        "SFZH": ADA,
        "XB": "1",
        "CSRQ": "19800101",
        "ZZMM": "01",
        "SJHM": "1",
        "JTZZ": "丙",
        "XL": "21",
    }
    return City(RawCity(s1=s1(member | {"XL": "21"}), s3={"人员": STAFF}, **sources), TODAY)


def test_each_field_has_its_authority() -> None:
    city = known(s4={"banjian": [_case("1", sqr_mingcheng="甲医")]}, s5={"shop": [_shop(1, ADA)]})
    person = city.person(ADA, EVERY)
    assert person is not None
    row = person.row
    assert person.sources == ("s4", "s3", "s1", "s5")
    assert (row["name"], row["sex"], row["birthDate"]) == ("甲医", "1", "1980-01-01")
    assert (row["mobile"], row["homeAddress"], row["education"]) == ("16400000001", "丙", "20")
    assert row["politicalStatus"] == "01"


def test_sources_that_disagree_are_a_conflict() -> None:
    person = known().person(ADA, EVERY)
    assert person is not None
    assert person.row.flaws["name"] == ("CONFLICT(name)",)
    assert person.row.flaws["politicalStatus"] == ("CONFLICT(politicalStatus)",)
    assert person.row.flaws["birthDate"] == (), "S3 knows the month, which is the same"
    assert person.row.flaws["age"] == ()
    assert person.row.failed == (Failed("ID_SEX_MISMATCH", ("idNumber", "sex")),), "S3 alone is wrong"


def test_what_a_caller_may_not_know_of_is_not_there() -> None:
    person = known().person(ADA, EVERY - {"s1"})
    assert person is not None
    assert (person.sources, person.row["mobile"], person.row["politicalStatus"]) == (("s3",), None, "13")
    assert not any("CONFLICT" in code for codes in person.row.flaws.values() for code in codes)
    assert known().person(BEN, EVERY) is None


def test_register_that_has_a_person_twice_is_wrong_a_window_is_not() -> None:
    twice = City(RawCity(s1=s1({"SFZH": ADA}, {"SFZH": ADA})), TODAY).person(ADA, EVERY)
    often = City(RawCity(s4={"banjian": [_case("1"), _case("2")]}), TODAY).person(ADA, EVERY)
    assert [person is not None and person.duplicated for person in (twice, often)] == [True, False]


def test_birth_date_that_the_number_does_not_hold() -> None:
    member = {"SFZH": ADA, "CSRQ": "19800102"}
    person = City(RawCity(s1=s1(member)), TODAY).person(ADA, EVERY)
    assert person is not None
    assert person.row.failed == (Failed("ID_BIRTH_MISMATCH", ("idNumber", "birthDate")),)


def test_rows_are_made_when_they_are_asked_for() -> None:
    asked: list[str] = []

    def read(table: str) -> list[RawRow]:
        asked.append(table)
        return [_case("1")] if table == "banjian" else []

    tables = Lazily(TABLES["s4"], read)
    city = City(RawCity(s4=tables), TODAY)
    assert only(city, "ServiceCase").key == "1"
    assert city.rows["ServiceCase"] is city.rows["ServiceCase"]
    assert asked == ["banjian"]
    assert "ServiceCase" in city.rows
    with pytest.raises(KeyError):
        city.rows["Nothing"]
