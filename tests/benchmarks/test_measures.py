import pytest

from benchmarks.measures import Spread, Window, cpu_ratio, percentile, rate_ratio, spread, summarise


def window(
    requests: int,
    seconds: float = 1.0,
    latencies: tuple[float, float] = (1.0, 2.0),
    server: float = 0.0,
    database: float = 0.0,
) -> Window:
    return Window(
        requests=requests,
        seconds=seconds,
        p50=latencies[0],
        p99=latencies[1],
        server_cpu=server,
        main_cpu=server / 2,
        database_cpu={"PostgreSQL": database},
    )


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        pytest.param([4.0], Spread(median=4.0, least=4.0, greatest=4.0), id="one"),
        pytest.param([9.0, 1.0, 4.0], Spread(median=4.0, least=1.0, greatest=9.0), id="odd, unsorted"),
        pytest.param([1.0, 2.0, 4.0, 9.0], Spread(median=3.0, least=1.0, greatest=9.0), id="even: mean of the middle"),
    ],
)
def test_spread_is_median_and_extremes(values: list[float], expected: Spread) -> None:
    assert spread(values) == expected


def test_spread_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one value"):
        spread([])


@pytest.mark.parametrize(
    ("count", "share", "expected"),
    [
        pytest.param(1, 0.99, 1, id="single value is every percentile"),
        pytest.param(100, 0.5, 50, id="p50 of 100"),
        pytest.param(100, 0.99, 99, id="p99 of 100 leaves one above"),
        pytest.param(101, 0.99, 100, id="rank is rounded up"),
        pytest.param(10, 0.99, 10, id="few values: p99 is the greatest"),
        pytest.param(10, 0.0, 1, id="p0 is the least"),
    ],
)
def test_percentile_is_the_nearest_rank(count: int, share: float, expected: int) -> None:
    assert percentile(list(range(1, count + 1)), share) == expected


def test_percentile_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one value"):
        percentile([], 0.5)


def test_summary_takes_medians_of_rounds_and_divides_cpu_by_requests() -> None:
    summary = summarise(
        [
            window(100, 2.0, (1.0, 3.0), server=0.5, database=0.1),
            window(300, 2.0, (3.0, 9.0), server=0.3, database=0.6),
        ]
    )

    assert summary.rate == Spread(median=100.0, least=50.0, greatest=150.0)
    assert (summary.p50, summary.p99) == (2.0, 6.0)
    assert summary.server_cpu == Spread(median=3.0, least=1.0, greatest=5.0)
    assert summary.main_cpu == Spread(median=1.5, least=0.5, greatest=2.5)
    assert summary.database_cpu == {"PostgreSQL": Spread(median=1.5, least=1.0, greatest=2.0)}


def test_rate_ratio_is_taken_within_each_round() -> None:
    """A machine twice as slow in round 2 halves both sides; the ratio stays."""
    ours, theirs = [window(400), window(200)], [window(100), window(50)]

    assert rate_ratio(ours, theirs) == Spread(median=4.0, least=4.0, greatest=4.0)


def test_rate_ratio_of_unequal_rounds_is_refused() -> None:
    with pytest.raises(ValueError):
        rate_ratio([window(1)], [window(1), window(1)])


def test_cpu_ratio_compares_server_cpu_per_request() -> None:
    assert cpu_ratio([window(100, server=0.1)], [window(10, server=0.5)]).median == pytest.approx(50)


def test_cpu_below_the_clock_tick_counts_as_one_tick() -> None:
    assert cpu_ratio([window(10, server=0.0)], [window(10, server=1.0)]).median == pytest.approx(100)
