"""The report is made of the results alone: what is stored comes back, verdicts and tables follow from it."""

from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.measures import Window
from benchmarks.page import PICTURE, page
from benchmarks.report import terminal_report, write_page
from benchmarks.results import Cost, Results, load, save
from benchmarks.rounds import Plan, Round
from benchmarks.tables import Table, as_markdown, as_text, figure
from benchmarks.verdicts import comparisons, verdicts


def window(requests: int, cpu: float) -> Window:
    return Window(
        requests=requests,
        seconds=2.0,
        p50=1.5,
        p99=9.25,
        server_cpu=cpu,
        main_cpu=cpu,
        database_cpu={"PostgreSQL": 0.25},
    )


def one_round(speed: int) -> Round:
    return {
        ("floor", "Q1"): window(4_000 * speed, 0.84),
        ("naive", "Q1"): window(100 * speed, 1.0),
        ("hutong", "Q1"): window(1_500 * speed, 1.0),
        ("postgraphile", "Q1"): window(1_000 * speed, 3.0),
        ("hutong_city", "C2"): window(500 * speed, 1.0),
    }


@pytest.fixture
def results() -> Results:
    return Results(
        plan=Plan(rounds=3, seconds=2.0, connections=8),
        members=320_000,
        scale=0.02,
        titles={"Q1": "100 members x 8 fields", "C2": "row-scoped list"},
        machine={"cores": 2},
        left_out={"mercurius": "there is no Node\nhere"},
        rounds=tuple(one_round(speed) for speed in (1, 2, 1)),
        costs={"Q1": (Cost(stage="JSON", milliseconds=0.5), Cost(stage="verify the token", milliseconds=0.25))},
    )


def test_what_is_saved_is_loaded_again(results: Results, tmp_path: Path) -> None:
    save(results, tmp_path / "results.json")

    assert load(tmp_path / "results.json") == results


def test_results_without_rounds_are_saved_too(results: Results, tmp_path: Path) -> None:
    save(replace(results, rounds=()), tmp_path / "results.json")

    assert load(tmp_path / "results.json").rounds == ()


@pytest.mark.parametrize(
    ("other", "continues"),
    [
        pytest.param({}, True, id="same"),
        pytest.param({"costs": {}, "left_out": {}, "rounds": ()}, True, id="what is found does not count"),
        pytest.param({"plan": Plan(rounds=3, seconds=1.0, connections=8)}, False, id="other windows"),
        pytest.param({"members": 20_000}, False, id="other data"),
        pytest.param({"machine": {"cores": 4}}, False, id="other machine"),
        pytest.param({"titles": {"Q1": "100 members x 8 fields"}}, False, id="other questions"),
    ],
)
def test_rounds_go_on_only_under_the_same_plan(results: Results, other: dict[str, object], continues: bool) -> None:
    changed: Results = replace(results, **other)  # type: ignore[arg-type]
    assert results.continues(changed) is continues


def test_targets_are_judged_within_rounds(results: Results) -> None:
    found = {(each.target.question, each.target.against): each for each in verdicts(results)}

    assert found["Q1", "naive"].met
    assert found["Q1", "naive"].rate.median == 15.0
    assert not found["Q1", "postgraphile"].met
    assert ("Q1", "mercurius") not in found


def test_peers_are_held_against_what_is_known_of_them(results: Results) -> None:
    found = {each.contestant: each for each in comparisons(results)}

    assert found["floor"].measured == pytest.approx(0.21)
    assert (found["floor"].off, found["floor"].agrees) == (pytest.approx(0.0), True)
    assert found["postgraphile"].measured == pytest.approx(3.0)
    assert found["postgraphile"].off == pytest.approx(3.0 / 1.14 - 1)
    assert not found["postgraphile"].agrees


def test_the_page_tells_results_targets_costs_and_who_is_left_out(results: Results) -> None:
    text = page(results)

    assert "| Q1 at least 10 x naive | 15.0 | 15.0-15.0 | 15.0 | met |" in text
    assert "| C2 hutong_city | 250 |" in text
    assert "- `mercurius`: there is no Node here" in text
    assert "1. **JSON**, 66.7 % on average." in text
    assert "Medians of 3 rounds" in text


def test_the_page_and_its_picture_are_the_same_every_time(results: Results, tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    for folder in (first, second):
        folder.mkdir()
        write_page(results, folder)

    assert (first / "benchmarks.md").read_text() == (second / "benchmarks.md").read_text()
    assert (first / PICTURE).read_bytes() == (second / PICTURE).read_bytes()
    assert len((first / PICTURE).read_bytes()) < 100 * 1024


def test_the_terminal_shows_every_question(results: Results) -> None:
    text = terminal_report(results)

    assert "Q1  100 members x 8 fields" in text
    assert "C2 hutong_city" in text


def test_a_table_is_aligned_for_wide_characters() -> None:
    table = Table(columns=("名", "n"), rows=(("ab", "1"), ("c", "10")))

    assert as_text(table) == "  名   n\n  ab   1\n  c   10"
    assert as_markdown(table) == "| 名 | n |\n|---|---:|\n| ab | 1 |\n| c | 10 |"


@pytest.mark.parametrize(
    ("value", "shown"), [(0.123, "0.12"), (9.99, "9.99"), (10.04, "10.0"), (99.94, "99.9"), (1234.5, "1234")]
)
def test_figures_have_three_digits(value: float, shown: str) -> None:
    assert figure(value) == shown
