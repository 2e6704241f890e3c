"""The administrative divisions against the yearbook's counts and the shape of their codes."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from demo.city.divisions import CITY_POPULATION, COLUMNS, COUNTIES, CountyPlan, divisions, write_csv

ROWS = divisions()
BY_CODE = {row.div_code: row for row in ROWS}


def test_counts_are_the_yearbooks() -> None:
    assert Counter(row.level for row in ROWS) == {2: 1, 3: 14, 4: 169, 5: 2_268}
    assert sum(row.is_functional_zone for row in ROWS) == 5
    assert sum(row.name.endswith("街道") for row in ROWS) == 42
    assert Counter(row.div_code[9] in "01" for row in ROWS if row.level == 5) == {False: 1_533, True: 735}


@pytest.mark.parametrize("county", COUNTIES, ids=lambda county: county.code)
def test_county_has_its_towns_and_villages(county: CountyPlan) -> None:
    below = [row for row in ROWS if row.div_code.startswith(county.code)]
    assert sum(row.level == 4 for row in below) == county.towns + county.streets
    assert sum(row.level == 5 and row.name.endswith("村") for row in below) == county.villages
    assert sum(row.level == 5 and row.name.endswith("社区") for row in below) == county.communities


def test_codes_are_unique_and_extend_their_parents() -> None:
    assert len(BY_CODE) == len(ROWS)
    for row in ROWS[1:]:
        assert row.parent_code in BY_CODE
        assert row.level == 3 or row.div_code.startswith(str(row.parent_code))
        assert len(row.div_code) == {3: 6, 4: 9, 5: 12}[row.level]


def test_populations_add_up_at_every_level() -> None:
    for level in (2, 3, 4, 5):
        assert sum(row.population for row in ROWS if row.level == level) == CITY_POPULATION


def test_aliases_name_one_division_only() -> None:
    names = Counter(alias for row in ROWS for alias in row.aliases)
    assert [alias for alias, count in names.items() if count > 1] == []
    assert "石门" in BY_CODE["430726"].aliases
    assert "经开区" in BY_CODE["430775"].aliases


def test_csv_has_a_line_per_division(tmp_path: Path) -> None:
    path = tmp_path / "divisions.csv"
    write_csv(path)
    with path.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    assert tuple(lines[0]) == COLUMNS
    assert [line["divCode"] for line in lines] == [row.div_code for row in ROWS]
    assert lines[1]["isFunctionalZone"] == "false"
    assert lines[0]["parentCode"] == ""
