"""Rows of a department's CSV file: decoded, with a header, every row as long as it.

Neighbour: :mod:`connectors.files.store` copies them into Parquet once.
"""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from connectors.files.tables import Encoding

BATCH = 20_000
"""Rows that are handed over at once."""


class Unreadable(Exception):
    """The file is empty, half-written or no such table. The message says what, without a value."""


def header_of(path: Path, encoding: Encoding) -> list[str]:
    """The column names. Raises `Unreadable` or ``OSError``."""
    with _opened(path, encoding) as opened:
        return _header(csv.reader(opened, strict=True))


def columns_in(path: Path, encoding: Encoding, *, marked: bool) -> Iterator[list[list[str | None]]]:
    """Batches of the file's rows, each column by column; empty cells are null.

    Bytes that are no characters become U+FFFD. ``marked``: a marker says that the file is complete; without one its
    last line must have an end and there must be a row. Raises `Unreadable` or ``OSError``.
    """
    if not marked and not _ends_with_line(path):
        raise Unreadable("the last line has no end")
    with _opened(path, encoding) as opened:
        reader = csv.reader(opened, strict=True)
        width = len(_header(reader))
        empty = True
        for batch in _batches(reader, width):
            empty = False
            yield [[cell or None for cell in column] for column in zip(*batch, strict=True)]
        if empty and not marked:
            raise Unreadable("there are no rows")


def _opened(path: Path, encoding: Encoding) -> TextIO:
    name = "utf-8-sig" if encoding is Encoding.UTF_8 else encoding.value
    return path.open(encoding=name, errors="replace", newline="")


def _batches(reader: Iterator[list[str]], width: int) -> Iterator[list[list[str]]]:
    batch: list[list[str]] = []
    try:
        for row in reader:
            if not row:
                continue
            if len(row) != width:
                raise Unreadable("a row is not as long as the header")
            batch.append(row)
            if len(batch) == BATCH:
                yield batch
                batch = []
    except csv.Error:
        raise Unreadable("it is no CSV") from None
    if batch:
        yield batch


def _header(reader: Iterator[list[str]]) -> list[str]:
    try:
        names = [name.strip() for name in next(reader, [])]
    except csv.Error:
        raise Unreadable("it is no CSV") from None
    if not all(names) or not names:
        raise Unreadable("the header is empty or lacks a name")
    if len(set(names)) < len(names):
        raise Unreadable("the header repeats a name")
    return names


def _ends_with_line(path: Path) -> bool:
    with path.open("rb") as opened:
        if opened.seek(0, 2) == 0:
            return False
        opened.seek(-1, 2)
        return opened.read(1) in (b"\n", b"\r")
