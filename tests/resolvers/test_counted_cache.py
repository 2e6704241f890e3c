"""Caches are bounded by what their entries weigh, and a flood of strangers does not empty them."""

import gc
import tracemalloc

import pytest

from resolvers.counted_cache import WeighedCache
from resolvers.documents import Documents
from resolvers.limits import Limits
from resolvers.operation import OperationRequest
from tests.resolvers.mini_city import CITY, MiniCity


def test_entries_are_bounded_by_weight_and_the_least_recently_used_one_goes_first() -> None:
    cache: WeighedCache[str, int] = WeighedCache(10, lambda value: value)
    cache.offer("a", 4)
    cache.offer("b", 4)
    cache.find("a")
    cache.offer("c", 4)

    assert (cache.find("a"), cache.find("b"), cache.find("c")) == (4, None, 4)
    assert (len(cache), cache.currsize, cache.maxsize) == (2, 8, 10)
    assert (cache.hits, cache.misses) == (3, 1)


def test_an_entry_is_weighed_once() -> None:
    weighed: list[str] = []

    def weigh(value: str) -> int:
        weighed.append(value)
        return 1

    cache: WeighedCache[str, str] = WeighedCache(10, weigh)
    cache.offer("a", "entry")
    cache.find("a")

    assert weighed == ["entry"]


def test_a_full_cache_takes_an_entry_at_the_second_time() -> None:
    cache: WeighedCache[int, str] = WeighedCache(10, lambda _: 1)
    for key in range(1_000):
        cache.offer(key, "once")
    held = [key for key in range(1_000) if cache.get(key)]
    cache.offer(5_000, "again")
    assert cache.find(5_000) is None
    cache.offer(5_000, "again")

    assert held == list(range(9))
    assert cache.find(5_000) == "again"


def test_a_flood_of_documents_stays_within_the_budget() -> None:
    city = MiniCity()
    engine = city.engine
    engine._documents = Documents(Limits(), budget=200_000)
    engine._plans = WeighedCache(300_000, lambda cached: cached.weight)
    known = "{ partyMember(memberNo: 1) { memberNo } }"

    def plan(document: str) -> object:
        return engine.plan(CITY, OperationRequest(document=document, deadline=0.0))

    kept = plan(known)
    for number in range(100):
        plan(known)
        plan(f"query Q{number} {{ partyMember(memberNo: 1) {{ memberNo category org {{ name }} }} }}")

    for cache in engine.caches.values():
        assert cache.currsize <= cache.maxsize
    assert len(engine.caches["plan"]) < 100 > len(engine.caches["document"])
    assert plan(known) is kept


ORDINARY = {
    "a row": "partyMember(memberNo: 1) { memberNo category }",
    "a list": "partyMembers(where: {memberNo: {gt: 1}}) { totalCount nodes { memberNo org { name } } }",
    "twenty rows": " ".join(
        f"f{n}: partyMember(memberNo: {n}) {{ category org {{ name parent {{ name }} }} }}" for n in range(20)
    ),
}


@pytest.mark.parametrize("selection", ORDINARY.values(), ids=ORDINARY)
def test_the_weights_are_estimates_of_what_is_held(selection: str) -> None:
    """Never less than half, nor more than five times, what the interpreter allocates."""
    engine = MiniCity().engine

    def plan(number: int) -> None:
        document = f"query Q{number} {{ {selection} }}"
        engine.plan(CITY, OperationRequest(document=document, deadline=0.0))

    plan(0)
    before = sum(cache.currsize for name, cache in engine.caches.items() if name != "access")
    gc.collect()
    tracemalloc.start()
    for number in range(1, 11):
        plan(number)
    gc.collect()
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    weighed = sum(cache.currsize for name, cache in engine.caches.items() if name != "access") - before

    assert 0.5 < weighed / held < 5
