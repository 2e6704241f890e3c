"""Fills the stores with the city, and writes what goes beside them: the ledger of defects and the reference data."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from demo.city.defects import Ledger
from demo.city.generator import city, expected_rows
from demo.city.reference import write_reference
from demo.sources.progress import Progress
from demo.sources.store import Row, Store

_BATCH = 5_000


def load(
    stores: Mapping[str, Sequence[Store]], state_dir: Path, *, scale: float, seed: int, progress: Progress
) -> None:
    """Generate the city into ``stores`` (by source, each source any number of times) and write ``state_dir``'s files.

    On any error or interrupt the stores are abandoned: none of them is complete then.
    """
    ledger = Ledger()
    every = [store for group in stores.values() for store in group]
    progress.start("generating the city and loading the sources", expected_rows(scale))
    try:
        for made in city(scale, seed, ledger):
            targets = stores[made.table.source]
            for store in targets:
                store.create(made.table)
            for batch in _batches(made.rows):
                for store in targets:
                    store.insert(made.table, batch)
                progress.advance(len(batch))
        progress.start("indexing", len(every))
        for store in every:
            store.finish()
            progress.advance(1)
    finally:
        for store in every:
            store.abandon()
    _write_ledger(state_dir / "defects.csv", ledger)
    write_reference(state_dir / "reference", seed, scale)


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    batch: list[Row] = []
    for row in rows:
        batch.append(row)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _write_ledger(path: Path, ledger: Ledger) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("code", "source", "table", "key", "column"))
        writer.writerows((f.code, f.source, f.table, f.key, f.column) for f in ledger)
