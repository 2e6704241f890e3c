"""The tables of a source of files: which files make a table, as a manifest's ``tables`` says.

Neighbours: :mod:`connectors.manifest` calls ``read_tables`` and puts the result into the settings; the files
themselves are looked for by :mod:`connectors.files.drops`::

    tables:
      fr_enterprise: {files: "fr_enterprise/dt=*/*.parquet", keep: latest, complete: _SUCCESS}
      nzhs: {files: "nzhs_*.csv", format: csv, encoding: gb18030, keep: latest}

=============  =====================================================================================================
key            meaning
=============  =====================================================================================================
``files``      *needed* a pattern below the source's ``path``; ``*`` and ``?`` within one name
``format``     ``parquet`` (default) or ``csv`` (a header, commas; empty cells are null, all columns are text)
``encoding``   of CSV files: ``utf-8`` (default, with or without a byte order mark), ``gb18030`` or ``gbk``
``keep``       ``latest`` (default): the rows of the newest complete drop; ``all``: those of every complete drop
``complete``   the name of a file that marks a drop as complete; it stands in the same folder
=============  =====================================================================================================

A drop is a folder where the pattern's folder has a wildcard or a marker is named, else one file.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath

from connectors.contract import Binding, Freshness
from schema.catalog import Place
from schema.messages import manifest_files
from schema.yaml_nodes import MappingNode, did_you_mean

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,62}\Z")
_WILDCARD = re.compile(r"[*?]")


class FileFormat(StrEnum):
    """What the files are."""

    PARQUET = "parquet"
    CSV = "csv"


class Encoding(StrEnum):
    """What the texts of CSV files are stored in."""

    UTF_8 = "utf-8"
    GB18030 = "gb18030"
    GBK = "gbk"


class Keep(StrEnum):
    """Whose rows are the table's: those of the newest drop, or of all."""

    LATEST = "latest"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileTable:
    """One table of a source of files; ``pattern`` is relative to the source's folder."""

    name: str
    pattern: str
    format: FileFormat = FileFormat.PARQUET
    encoding: Encoding = Encoding.UTF_8
    keep: Keep = Keep.LATEST
    complete: str | None = None

    @property
    def by_folder(self) -> bool:
        """A drop is a folder, not a file."""
        return self.complete is not None or _WILDCARD.search(str(PurePosixPath(self.pattern).parent)) is not None


def read_tables(root: MappingNode) -> Mapping[str, FileTable]:
    """The tables under ``tables``; mistakes are reported and their tables left out."""
    tables: dict[str, FileTable] = {}
    node = root.take_mapping("tables")
    for name, spec in () if node is None else node.entries():
        body = spec.as_mapping(manifest_files.THE_TABLE(name=name))
        if body is None:
            continue
        if not _NAME.match(name):
            body.problems.report(body.place, manifest_files.TABLE_NAME(name=name))
        found = _read_table(name, body)
        if found is not None:
            tables[name] = found
    return tables


def _read_table(name: str, node: MappingNode) -> FileTable | None:
    pattern = node.take_str("files")
    format_ = node.find_enum("format", FileFormat) or FileFormat.PARQUET
    encoding = node.find_enum("encoding", Encoding)
    keep = node.find_enum("keep", Keep) or Keep.LATEST
    complete = node.find_str("complete")
    node.unknown_keys()
    if pattern is not None and not _is_below(pattern):
        node.problems.report(node.place_of("files"), manifest_files.FILES_PATTERN())
        return None
    if complete is not None and "/" in complete:
        node.problems.report(node.place_of("complete"), manifest_files.COMPLETE_FORM())
    if encoding is not None and format_ is not FileFormat.CSV:
        node.problems.report(node.place_of("encoding"), manifest_files.ENCODING_OF_CSV())
    if pattern is None:
        return None
    return FileTable(
        name=name,
        pattern=pattern,
        format=format_,
        encoding=encoding or Encoding.UTF_8,
        keep=keep,
        complete=complete,
    )


def check_tables(
    tables: Mapping[str, FileTable], bindings: Mapping[str, Binding], freshness: Freshness | None, root: MappingNode
) -> None:
    """Report tables that are read and that ``tables`` does not have."""
    read = [found for binding in bindings.values() for found in _tables_read(binding)]
    if freshness is not None and freshness.column is not None:
        read.append((freshness.column[0], root.place_of("freshness")))
    for table, place in read:
        if table not in tables:
            there = manifest_files.TABLES_HERE(names=tuple(tables)) if tables else manifest_files.NO_TABLES_HERE()
            hint = did_you_mean(table, tables) or (there,)
            root.problems.report(place, manifest_files.TABLE_UNLISTED(name=table, hint=hint))


def _tables_read(binding: Binding) -> Iterator[tuple[str, Place]]:
    yield binding.table, binding.place
    for join in binding.joins.values():
        yield join.table, binding.place
    for field in binding.fields.values():
        if field.sub_select is not None:
            yield field.sub_select.table, field.place


def _is_below(pattern: str) -> bool:
    path = PurePosixPath(pattern)
    parts = pattern.split("/")
    return not path.is_absolute() and not ({"", ".", "..", "**"} & set(parts)) and "[" not in pattern
