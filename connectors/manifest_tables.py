"""Tables of names that a manifest refers to: CSV files in UTF-8 below the folder that holds every file of a source.

The header is ``name,code``, or ``name,code,official`` with 1 for the official name and 0 for any other; there a name
without a code is one that several bear, and stands for none of them::

    divCode: {column: area_id, codec: alias, table: {file: reference/aliases/s5_areas.csv}}

Neighbours: :mod:`connectors.manifest_codecs` puts them in the place of a table that is written out.
"""

import csv
from collections.abc import Mapping, Set
from dataclasses import dataclass
from pathlib import Path

from schema.catalog import Place
from schema.message import Told
from schema.messages import manifest_files
from schema.yaml_nodes import MappingNode, Node, Problems

_HEADERS = (["name", "code"], ["name", "code", "official"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """``codes`` by name; ``others`` are the names that are not official ones, with a code or without."""

    codes: Mapping[str, str]
    others: tuple[str, ...]


def names_file(key: str, node: Node) -> MappingNode | None:
    """``node`` if it is the reference to a table of names under ``key``, else ``None``."""
    if key in ("table", "map") and isinstance(node, MappingNode) and list(node.values) == ["file"]:
        return node
    return None


def read_names(node: MappingNode, files_root: Path | None) -> Names | None:
    """The table that ``{file: path}`` names; ``None``: reported, mistakes in the file by its own lines."""
    path = node.take_str("file")
    if path is None:
        return None
    root = None if files_root is None else files_root.resolve()
    file = None if root is None else (root / path).resolve()
    if root is None or file is None or not file.is_relative_to(root):
        node.problems.report(node.place_of("file"), manifest_files.NAMES_OUTSIDE(file=path))
        return None
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            lines = list(csv.reader(opened, strict=True))
    except FileNotFoundError:
        node.problems.report(node.place_of("file"), manifest_files.NAMES_MISSING(file=path))
        return None
    except (OSError, UnicodeDecodeError, csv.Error):
        node.problems.report(node.place_of("file"), manifest_files.NAMES_NOT_CSV(file=path))
        return None
    return _names(lines, path, node.problems)


def _names(lines: list[list[str]], path: str, problems: Problems) -> Names | None:
    """Texts may not span lines, so that a row's number is its line's."""
    if not lines or lines[0] not in _HEADERS:
        problems.report(Place(file=path, line=1), manifest_files.NAMES_HEADER())
        return None
    seen: set[str] = set()
    codes: dict[str, str] = {}
    others: list[str] = []
    right = True
    for number, cells in enumerate(lines[1:], 2):
        if (wrong := _mistake(cells, len(lines[0]), seen)) is not None:
            problems.report(Place(file=path, line=number), wrong)
            right = False
            continue
        seen.add(cells[0])
        if cells[1]:
            codes[cells[0]] = cells[1]
        if cells[2:] == ["0"]:
            others.append(cells[0])
    if not codes and right:
        problems.report(Place(file=path, line=1), manifest_files.NAMES_EMPTY())
    return Names(codes=codes, others=tuple(others)) if codes and right else None


def _mistake(cells: list[str], width: int, seen: Set[str]) -> Told | None:
    if len(cells) != width or not cells[0] or not (cells[1] or width == len(_HEADERS[1])):
        return manifest_files.NAMES_CELLS(count=width)
    if any("\n" in cell for cell in cells):
        return manifest_files.NAMES_LINE_BREAK()
    if cells[0] in seen:
        return manifest_files.NAMES_TWICE(name=cells[0])
    return manifest_files.NAMES_OFFICIAL() if cells[2:] not in ([], ["0"], ["1"]) else None
