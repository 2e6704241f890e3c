"""``python -m benchmarks.report``: the tables of a run for the terminal, and ``docs/benchmarks.md`` with its picture.

Reads ``docs/benchmarks.json`` and nothing else, so the page can be made anew at any time.
"""

import argparse
import sys
from pathlib import Path

from benchmarks.page import PICTURE, page
from benchmarks.plot import draw
from benchmarks.results import Results, load
from benchmarks.tables import (
    as_text,
    city_table,
    comparison_table,
    cost_table,
    question_table,
    target_table,
)
from benchmarks.verdicts import TOLERANCE, comparisons, questions_of, verdicts

DOCS = Path(__file__).resolve().parent.parent / "docs"


def main() -> int:
    """Make the page from the committed results; the process's exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.report", description="The benchmark's page anew.")
    parser.add_argument("--docs", type=Path, default=DOCS, help="folder of benchmarks.json and of what is written")
    folder = parser.parse_args().docs
    results = load(folder / "benchmarks.json")
    print(terminal_report(results))
    write_page(results, folder)
    return 0


def write_page(results: Results, folder: Path) -> None:
    """Write the page and its picture into ``folder``."""
    draw(results, folder / PICTURE)
    (folder / "benchmarks.md").write_text(page(results), encoding="utf-8")


def terminal_report(results: Results) -> str:
    """All tables, for people who have just waited for them."""
    peers = [name for name in results.contestants if not name.endswith("_city")]
    cities = [name for name in results.contestants if name.endswith("_city")]
    parts = []
    for question in questions_of(results, peers):
        parts += [f"\n{question}  {results.titles[question]}", as_text(question_table(results, question))]
    if cities:
        parts += ["\nThe city's sources", as_text(city_table(results, questions_of(results, cities)))]
    if results.costs:
        parts += ["\nStages of a request in the hub's process", as_text(cost_table(results))]
    parts += ["\nTargets (requests/s within the same rounds)", as_text(target_table(verdicts(results)))]
    parts += [
        f"\nPeers beside what is known of them (within {TOLERANCE:.0%})",
        as_text(comparison_table(comparisons(results))),
    ]
    return "\n".join(parts)


if __name__ == "__main__":
    sys.exit(main())
