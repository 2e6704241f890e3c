"""How the supply cooperatives' mall (S5) stores its business, and which files the economy departments deliver (S6).

S5 is a MariaDB database in utf8mb4: abbreviations, epoch seconds with 0 for "not yet", amounts in fen. S6 are Parquet
and CSV drops: amounts in units of 10,000 yuan (enterprises), yuan (cooperatives) and fen (waybills), times of waybills
in UTC.
"""

from demo.city.table import declare

GX_AREA = declare(
    "s5", "gx_area", "area_id int, area_name varchar(60), parent_id int, gb_code char(6)", "parent_id gb_code"
)
"""The mall's own area tree: private codes, a GB code at county level alone."""

GX_ORG = declare(
    "s5",
    "gx_org",
    "org_id int, org_name varchar(120), org_type tinyint, credit_code varchar(18), parent_id int, area_id int, "
    "leader varchar(30), tel varchar(20), member_num int, is_del tinyint",
    "credit_code parent_id area_id",
)
GX_POINT = declare(
    "s5",
    "gx_point",
    "point_id int, point_name varchar(120), org_id int, station_bm varchar(16), area_id int, addr varchar(200), "
    "lng double, lat double, biz_flags int, status tinyint, is_del tinyint",
    "station_bm org_id",
)
SHOP = declare(
    "s5",
    "shop",
    "shop_id int, shop_name varchar(120), org_id int, credit_code varchar(18), owner_name varchar(30), "
    "owner_id_no varchar(18), owner_mobile varchar(20), bank_acct varchar(32), open_ts int, status tinyint, "
    "is_del tinyint",
    "owner_id_no credit_code org_id",
)
GOODS = declare(
    "s5",
    "goods",
    "goods_id int, shop_id int, title varchar(120), cat_id int, spec varchar(40), unit varchar(10), price_fen int, "
    "stock int, barcode varchar(13), origin_area_id int, is_agri tinyint, is_del tinyint",
    "shop_id",
)
ORDERS = declare(
    "s5",
    "orders",
    "order_sn bigint, buyer_uid int, buyer_mobile varchar(20), receiver varchar(30), recv_addr varchar(200), "
    "recv_area_id int, shop_id int, point_id int, amount_fen int, freight_fen int, pay_fen int, status tinyint, "
    "create_ts int, pay_ts int, finish_ts int, is_test tinyint",
    "shop_id buyer_uid create_ts",
)
ORDER_GOODS = declare(
    "s5", "order_goods", "id bigint, order_sn bigint, goods_id int, qty int, price_fen int", "order_sn"
)
PAY_LOG = declare(
    "s5",
    "pay_log",
    "id bigint, order_sn bigint, channel tinyint, trade_no varchar(40), pay_fen int, refund_fen int, "
    "payer_acct varchar(32), ts int",
    "order_sn",
    unique="trade_no",
)

FR_ENTERPRISE = declare(
    "s6",
    "fr_enterprise",
    "UNISCID varchar, REGNO varchar, ENTNAME varchar, ENTTYPE varchar, LEREP varchar, LEREP_CERNO varchar, "
    "REGCAP double, ESTDATE varchar, REGSTATE varchar, INDUSTRYPHY varchar, INDUSTRYCO varchar, DOM varchar, "
    "DOMDISTRICT varchar, TEL varchar, EMPNUM integer, ANNSALES double, S_EXT_TIME timestamp, EXT_FLAG varchar",
    keyed=False,
)
"""Enterprises as of the last day's full drop, the first one with ``EXT_FLAG``."""

NZHS = declare(
    "s6",
    "nzhs",
    "合作社名称 varchar, 统一社会信用代码 varchar, 理事长 varchar, 成员数 integer, 主营产品 varchar, "
    "年经营收入(元) integer, 示范社等级 varchar",
    keyed=False,
)
"""Farmers' cooperatives as of the last month's drop."""

WAYBILL = declare(
    "s6",
    "waybill",
    "waybill_no varchar, order_sn bigint, carrier_code varchar, from_point integer, to_station_name varchar, "
    "recv_name varchar, recv_tel varchar, weight_g integer, status integer, created_at timestamp_ms, "
    "arrived_at timestamp_ms, delivered_at timestamp_ms, fee_fen bigint",
)
"""Parcels; the file is that of the month of ``created_at``."""

JGJC = declare(
    "s6",
    "jgjc",
    "日期 varchar, 品种 varchar, 规格 varchar, 市场 varchar, 区划 varchar, 均价(元/公斤) double, 环比 double",
    keyed=False,
)
"""Weekly prices; ``日期`` is part of the file's name and not in it."""

S5_TABLES = (GX_AREA, GX_ORG, GX_POINT, SHOP, GOODS, ORDERS, ORDER_GOODS, PAY_LOG)
S6_TABLES = (FR_ENTERPRISE, NZHS, WAYBILL, JGJC)
