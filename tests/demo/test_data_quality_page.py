"""The page about data quality: a line for every defect, a meaning for every code, and no page but the one made here."""

import re
from pathlib import Path

import pytest

from demo.city.defects import DEFECTS
from demo.data_quality import page
from demo.oracle.defects import PROBES
from schema.quality import title_of

PAGE = Path(__file__).parents[2] / "docs" / "data-quality.md"


def test_page_is_as_the_demo_makes_it() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "python -m demo.data_quality docs/data-quality.md"


@pytest.mark.parametrize("code", DEFECTS)
def test_every_defect_has_a_line(code: str) -> None:
    defects, _ = PAGE.read_text(encoding="utf-8").split("## Quality codes")
    (line,) = re.findall(rf"^\| `{code}` \|.*$", defects, re.MULTILINE)
    _, _, column, wrong, rate, answer, _, _ = line.split("|")
    assert f"`{DEFECTS[code].table}." in column
    assert all(cell.strip() for cell in (column, wrong, rate, answer))


def test_every_defect_has_a_probe() -> None:
    assert {probe.code for probe in PROBES} == set(DEFECTS)


def test_every_code_told_has_a_meaning() -> None:
    told = {probe.told for probe in PROBES if probe.told is not None}
    assert {code for code in told if title_of(code) is None} == set()
