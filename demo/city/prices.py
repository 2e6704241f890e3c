"""Weekly price monitoring of the development and reform commission: ``jgjc``, public."""

from collections.abc import Iterator
from datetime import timedelta

from demo.city.divisions import COUNTIES
from demo.city.edition import QUARTER_START, TODAY, stream

_FRIDAY = 4
_VARIETIES = (
    ("早籼稻", "三级", 2.6),
    ("菜籽油", "一级压榨", 12.4),
    ("猪肉", "鲜精瘦肉", 25.8),
    ("鸡蛋", "新鲜完整", 9.8),
    ("草鱼", "鲜活1kg", 14.2),
    ("蜜橘", "一级", 5.6),
    ("大白菜", "新鲜一级", 3.1),
    ("辣椒", "新鲜一级", 6.9),
)
Row = tuple[object, ...]


def price_rows(seed: int) -> Iterator[Row]:
    """Rows of ``jgjc``, week by week: what each county's market asked, and the change against the week before."""
    rng = stream(seed, "prices")
    day = QUARTER_START + timedelta(days=(_FRIDAY - QUARTER_START.weekday()) % 7)
    before: dict[tuple[str, str], float] = {}
    while day <= TODAY:
        for county in COUNTIES:
            for variety, grade, usual in _VARIETIES:
                last = before.get((county.code, variety))
                price = round((last or usual) * rng.lognormvariate(0.0, 0.03), 2)
                before[county.code, variety] = price
                change = None if last is None else round(price / last - 1, 4)
                yield f"{day:%Y%m%d}", variety, grade, f"{county.organs}中心农贸市场", county.name, price, change
        day += timedelta(days=7)
