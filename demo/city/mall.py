"""S5 and S6 of a city, table by table: the supply cooperatives' mall and the files on enterprises and parcels."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from demo.city.defects import Ledger
from demo.city.edition import stream
from demo.city.enterprises import Enterprises
from demo.city.mall_areas import area_rows
from demo.city.mall_buyers import Buyers
from demo.city.mall_network import Network
from demo.city.mall_orders import Orders
from demo.city.mall_shops import Shops
from demo.city.mall_tables import (
    FR_ENTERPRISE,
    GOODS,
    GX_AREA,
    GX_ORG,
    GX_POINT,
    JGJC,
    NZHS,
    ORDER_GOODS,
    ORDERS,
    PAY_LOG,
    SHOP,
    WAYBILL,
)
from demo.city.membership import Enrolled
from demo.city.organisations import Organisation
from demo.city.parcels import Parcels
from demo.city.people import People
from demo.city.prices import price_rows
from demo.city.registry import Registry
from demo.city.table import Table
from demo.city.units import Unit

Row = tuple[object, ...]


def mall_and_files(
    seed: int,
    scale: float,
    *,
    tree: Sequence[Organisation],
    units: Mapping[str, Unit],
    enrolled: Sequence[Enrolled],
    taken: Collection[str],
    ledger: Ledger,
) -> Iterator[tuple[Table, Iterator[Row]]]:
    """Tables of S5, then of S6, each to be read before the next one is asked for.

    ``taken`` are the ID numbers of S1 and S3; S1's and S3's rows must have been written, for the ledger's sake.
    """
    people = People(stream(seed, "owners"), taken)
    registry = Registry()
    yield GX_AREA, area_rows(seed, ledger)
    network = Network(seed, scale, units, people, registry, ledger)
    yield GX_ORG, network.org_rows()
    yield GX_POINT, network.point_rows()
    shops = Shops(seed, scale, network, enrolled, tree, people, registry, ledger)
    yield SHOP, shops.shop_rows()
    yield GOODS, shops.goods_rows()
    buyers = Buyers(seed, scale, enrolled)
    orders = Orders(seed, scale, network, shops.shops, buyers, ledger)
    yield ORDERS, orders.order_rows()
    yield ORDER_GOODS, orders.line_rows()
    yield PAY_LOG, orders.payment_rows()
    enterprises = Enterprises(seed, scale, tree, units, network.orgs, people, registry, ledger)
    yield FR_ENTERPRISE, enterprises.enterprise_rows()
    yield NZHS, enterprises.cooperative_rows()
    yield WAYBILL, Parcels(seed, scale, network, buyers, orders.orders, ledger).rows()
    yield JGJC, price_rows(seed)
