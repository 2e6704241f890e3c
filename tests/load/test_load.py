"""The load's two programs, for a few seconds: a drain loses nobody, and overload is refused, not waited for.

How much of the peak is left is for ``make load`` on a quiet machine; here tests run side by side.
"""

from tests.load.client import REFUSED, SERVED
from tests.load.drain import one_round
from tests.load.overload import overload, smallest


async def test_a_sigterm_under_load_cuts_no_request() -> None:
    for load_seconds in (0.2, 0.5):
        seen = await one_round(load_seconds)
        assert seen.clean, seen.line()
        assert seen.after_signal > 0


def test_five_times_the_capacity_is_served_in_part_and_refused_for_the_rest() -> None:
    with smallest() as target:
        result = overload(target, 3.0, peak_seconds=1.0, connections=400)
    told = "\n".join(result.lines())
    assert result.seen.broken == 0, told
    assert set(result.seen.latencies) == {SERVED, REFUSED}, told
    assert result.goodput > 0.3, told
