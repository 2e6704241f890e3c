"""Raw rows of the service centre, the hotline, the mall and the delivered files for the mini city.

Two stations (宝峰镇 in 石门县, and 桃源县's own); Eva, Fay and Gus, residents who are no members.
"""

from datetime import date, datetime
from typing import Any

from schema.identity import check_character

Tables = dict[str, list[dict[str, Any]]]

TOWN_STATION = "4307261000003001"
COUNTY_STATION = "4307250000002001"
EVA = "43079819880808002" + check_character("43079819880808002")
FAY = "43079819770707004" + check_character("43079819770707004")
GUS = "43079819660606011" + check_character("43079819660606011")
UNIT = "11430700XX00001001"
COOP = "93430700XX0000COOP"
FIRM = "91430700XX0000FIRM"
BOTH = "11430700XX00001002"


def _case(number: str, station: str, name: str, id_: str, state: str, **other: Any) -> dict[str, Any]:
    row = {
        "banjian_bh": number, "shishibianma": "I1", "wangdian_bm": station, "sqr_leixing": "1", "sqr_mingcheng": name,
        "zhengjian_hm": id_, "lianxi_shouji": "16400009999", "dizhi": "湖南省常德市石门县宝峰镇小河村2组",
        "shouli_sj": datetime(2018, 9, 3, 9), "chengnuo_rq": date(2018, 9, 10), "banjie_sj": None, "zhuangtai": state,
        "jieguo": None, "shiming": "1", "haoping": None, "genxin_sj": datetime(2018, 9, 3, 9),
    }  # fmt: skip
    return {**row, **other}


def services() -> Tables:
    """S4: one item in use, one withdrawn; two stations; cases of Eva, of Fay and of a firm."""
    item = {
        "shishibianma": "I1", "jibenbianma": "000101001000", "mingcheng": "残疾人证办理", "leixing": "20",
        "banjianleixing": "2", "cengji": "4", "zhuguan_xydm": UNIT, "chengnuo_gzr": 5, "xiachen": True,
        "zhuangtai": "1",
    }  # fmt: skip
    station = {
        "jingdu": 111.3, "weidu": 29.6, "fuzeren": "张小明", "lianxidianhua": "0736-5320001",
        "kaifang_sj": "08:30-17:30", "kaiban_riqi": date(2017, 5, 1), "zhuangtai": "1",
    }  # fmt: skip
    return {
        "shixiang": [item, {**item, "shishibianma": "I2", "leixing": "QT", "zhuangtai": "3"}],
        "wangdian": [
            {**station, "wangdian_bm": TOWN_STATION, "mingcheng": "宝峰镇服务站", "cengji": "3", "quhua": "430726100"},
            {**station, "wangdian_bm": COUNTY_STATION, "mingcheng": "桃源县服务站", "cengji": "2", "quhua": "430725"},
        ],
        "banjian": [
            _case("C1", TOWN_STATION, "伊五", EVA, "03"),
            _case(
                "C2", TOWN_STATION, "伊五", EVA, "07", banjie_sj=datetime(2018, 9, 2, 9), haoping=5,
                genxin_sj=datetime(2018, 9, 12, 9), lianxi_shouji="16400008888",
            ),
            _case("C3", COUNTY_STATION, "费六", FAY, "03", shishibianma="I9"),
            _case("C4", TOWN_STATION, "某公司", "", "03", sqr_leixing="2", shiming="0"),
        ],
        "banjian_guocheng": [
            {"id": 1, "banjian_bh": "C1", "huanjie": "收件", "chuliren": "张小明",
             "kaishi": datetime(2018, 9, 3, 9), "jieshu": datetime(2018, 9, 3, 10)},
        ],
    }  # fmt: skip


def _ticket(number: str, kind: str, state: str, unit: str, division: str = "430726100") -> dict[str, Any]:
    return {
        "gongdanBianhao": number, "laidianShijian": "2018-09-01 09:12:33", "laidianHaoma": "16400007777",
        "xingming": "何某", "suqiuLeixing": kind, "suqiuNeirong": "请联系16400007777", "quhuaCode": division,
        "chengbanDanwei": unit, "manyidu": "4", "zhuangtai": state, "updateTime": "2018-09-01 10:00:00",
    }  # fmt: skip


def tickets() -> Tables:
    """The hotline: one open, one closed about a unit by its short name, one report of a wrong."""
    return {
        "gongdan": [
            _ticket("T1", "01", "2", "市财政局"),
            _ticket("T2", "03", "3", "财政局"),
            _ticket("T3", "04", "2", "没有的单位"),
            _ticket("T4", "01", "2", "市教育局", "430725"),
        ]
    }


def _order(number: int, buyer: int, shop: int, finished: int, amount: int, **other: Any) -> dict[str, Any]:
    row = {
        "order_sn": number, "buyer_uid": buyer, "buyer_mobile": "16400006666", "receiver": "伊五",
        "recv_addr": "湖南省常德市石门县宝峰镇小河村2组", "recv_area_id": 2, "shop_id": shop, "point_id": 1,
        "amount_fen": amount, "freight_fen": 0, "pay_fen": amount, "status": 40 if finished else 30,
        "create_ts": 1_534_000_000, "pay_ts": 1_534_000_100, "finish_ts": finished, "is_test": 0,
    }  # fmt: skip
    return {**row, **other}


def mall() -> Tables:
    """S5: one cooperative, two points, the shop of Gus and one of Eva without a register number; four orders."""
    shop = {
        "org_id": 1, "owner_name": "顾七", "owner_mobile": "16400005555", "bank_acct": "6200000012345678903",
        "open_ts": 1_500_000_000, "status": 1, "is_del": 0,
    }  # fmt: skip
    goods = {
        "shop_id": 1, "cat_id": 101, "spec": "5kg", "unit": "袋", "price_fen": 3000, "stock": 7,
        "barcode": "2000000000001", "origin_area_id": 2, "is_agri": 1, "is_del": 0,
    }  # fmt: skip
    point = {
        "org_id": 1, "area_id": 2, "addr": "宝峰镇1号", "lng": 111.3, "lat": 29.6, "biz_flags": 9, "status": 1,
        "is_del": 0,
    }  # fmt: skip
    return {
        "gx_org": [
            {"org_id": 1, "org_name": "石门县供销社", "org_type": 1, "credit_code": COOP,
             "parent_id": None, "area_id": 1, "leader": "张小明", "tel": "0736-5320002", "member_num": 20, "is_del": 0},
        ],
        "gx_area": [],
        "gx_point": [
            {**point, "point_id": 1, "point_name": "宝峰网点", "station_bm": TOWN_STATION},
            {**point, "point_id": 2, "point_name": "无站网点", "station_bm": "", "area_id": 77, "biz_flags": 33},
        ],
        "shop": [
            {**shop, "shop_id": 1, "shop_name": "顾七土产", "credit_code": FIRM, "owner_id_no": GUS},
            {**shop, "shop_id": 2, "shop_name": "别家", "credit_code": None, "owner_id_no": EVA, "owner_name": "伊五"},
        ],
        "goods": [{**goods, "goods_id": 1, "title": "大米"}, {**goods, "goods_id": 2, "title": "茶叶", "shop_id": 2}],
        "orders": [
            _order(1001, 501, 1, 0, 6000),
            _order(1002, 501, 1, 1_534_400_000, 5000),
            _order(1003, 502, 2, 0, 3000),
            _order(1004, 501, 1, 0, 100, is_test=1),
        ],
        "order_goods": [
            {"id": 1, "order_sn": 1001, "goods_id": 1, "qty": 2, "price_fen": 3000},
            {"id": 2, "order_sn": 1002, "goods_id": 1, "qty": 2, "price_fen": 3000},
            {"id": 3, "order_sn": 1003, "goods_id": 2, "qty": 1, "price_fen": 3000},
        ],
        "pay_log": [
            {"id": 1, "order_sn": 1001, "channel": 1, "trade_no": "P1", "pay_fen": 6000, "refund_fen": 0,
             "payer_acct": "6200000012345678903", "ts": 1_534_000_100},
        ],
    }  # fmt: skip


def _waybill(number: str, order: int | None, station: str, status: int) -> dict[str, Any]:
    return {
        "waybill_no": number, "order_sn": order, "carrier_code": "SF", "from_point": 1, "to_station_name": station,
        "recv_name": "伊五", "recv_tel": "16400006666", "weight_g": 900, "status": status,
        "created_at": datetime(2018, 9, 1, 1), "arrived_at": datetime(2018, 9, 2, 1), "delivered_at": None,
        "fee_fen": 800,
    }  # fmt: skip


def drops() -> Tables:
    """S6: two enterprises, of which one has a unit's credit code; a cooperative; three parcels."""
    firm = {
        "REGNO": "430700000000001", "ENTTYPE": "有限责任公司", "LEREP": "丁四", "LEREP_CERNO": "", "REGCAP": 100.0,
        "ESTDATE": "2010-01-02", "REGSTATE": "1", "INDUSTRYPHY": "F", "INDUSTRYCO": "5211", "DOM": "石门县宝峰镇",
        "DOMDISTRICT": "430726", "TEL": "0736-5320003", "EMPNUM": 30, "ANNSALES": 50.0,
        "S_EXT_TIME": "2018-09-30 01:00:00",
    }  # fmt: skip
    return {
        "fr_enterprise": [
            {**firm, "UNISCID": FIRM, "ENTNAME": "丁四公司"},
            {**firm, "UNISCID": BOTH, "REGNO": "430700000000002", "ENTNAME": "两处登记的公司"},
        ],
        "nzhs": [
            {"合作社名称": "石门县供销社", "统一社会信用代码": COOP, "理事长": "张小明", "成员数": "20",
             "主营产品": "茶叶", "年经营收入(元)": "1000.50", "示范社等级": "省级"},
        ],
        "waybill": [
            _waybill("W1", 1001, "石门县宝峰镇服务站", 3),
            _waybill("W2", 1003, "桃源县服务站", 3),
            _waybill("W3", None, "不知道的站", 2),
        ],
    }  # fmt: skip
