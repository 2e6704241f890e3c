"""YAML as people write it, parsed into nodes that know their file and line.

Stage: text -> `MappingNode`; every mistake goes to one `Problems` instead of stopping at the first.
Neighbours: :mod:`schema.yaml_nodes` (the nodes and how to read them); :mod:`schema.catalog_loader` reads the catalogue
with it, :mod:`connectors.manifest` manifests.

How it is used::

    problems = Problems()
    root = read_yaml(path, problems)                 # None: not readable, already reported
    if root is not None:
        title = root.take_str("title")               # required: reported and None when missing or not text
        note = root.find_str("note")                 # optional: None when absent (reported when of a wrong kind)
        items = root.find_list("items")              # () when absent
        for name, node in root.entries():            # a mapping whose keys are names
            table = node.as_mapping(manifest_files.THE_TABLE(name=name))
        root.unknown_keys()                          # reports each key nobody asked for, with "did you mean"
    if problems: ...                                 # problems.sorted() -> tuple[Problem, ...]

Only a small part of YAML is accepted: anchors, aliases, tags and merge keys are refused (no expansion bombs, no
objects), so are duplicate keys, a second document, nesting deeper than `MAX_DEPTH` and files larger than `MAX_BYTES`.
Scalars keep the text as written: ``01`` read as text is ``"01"``, ``no`` is ``"no"``; nothing is guessed from YAML 1.1.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from schema.catalog import Place
from schema.message import Told, ToldError
from schema.messages import yaml_files
from schema.yaml_nodes import ListNode, MappingNode, Node, Problems, ScalarNode, did_you_mean

__all__ = ["ListNode", "MappingNode", "Node", "Problems", "ScalarNode", "did_you_mean", "parse_yaml", "read_yaml"]

MAX_BYTES = 2 * 1024 * 1024
MAX_DEPTH = 24
_LOADER: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(path: Path, problems: Problems) -> MappingNode | None:
    """Read one file; places carry the file's name without its folder. ``None``: not usable, and reported."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        fault = error.strerror or "unknown reason"
        problems.report(Place(file=path.name, line=1), yaml_files.YAML_UNREADABLE(fault=fault))
        return None
    try:
        return parse_yaml(raw.decode("utf-8-sig"), path.name, problems)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        problems.report(Place(file=path.name, line=line), yaml_files.YAML_NOT_UTF8())
        return None


def parse_yaml(text: str, file: str, problems: Problems) -> MappingNode | None:
    """Parse a document whose root is a mapping. ``file`` is the name shown in places. ``None``: reported."""
    start = Place(file=file, line=1)
    try:
        size = len(text.encode())
    except UnicodeEncodeError as error:
        line = text.count("\n", 0, error.start) + 1
        problems.report(Place(file=file, line=line), yaml_files.NOT_A_CHARACTER())
        return None
    if size > MAX_BYTES:
        problems.report(start, yaml_files.YAML_TOO_LARGE(maximum=MAX_BYTES))
        return None
    try:
        root = _Builder(file, problems).build(yaml.parse(text, Loader=_LOADER))
    except _Refused as refused:
        problems.report(refused.place, refused.told)
        return None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        problems.report(Place(file=file, line=line), yaml_files.NOT_YAML(fault=error.problem or "syntax error"))
        return None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        problems.report(Place(file=file, line=line), yaml_files.CONTROL_CHARACTER())
        return None
    if root is None:
        problems.report(start, yaml_files.YAML_EMPTY())
        return None
    return root.as_mapping(yaml_files.THE_DOCUMENT())


class _Refused(ToldError):
    """Reading stops here: what follows cannot be understood."""

    def __init__(self, place: Place, told: Told) -> None:
        super().__init__(told)
        self.place = place


class _Builder:
    """Parser events -> nodes, for one document."""

    def __init__(self, file: str, problems: Problems) -> None:
        self._file = file
        self._problems = problems

    def build(self, events: Iterator[Any]) -> Node | None:
        root: Node | None = None
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent) and root is not None:
                raise _Refused(self._place(event), yaml_files.SECOND_DOCUMENT())
            if isinstance(event, yaml.NodeEvent):
                root = self._node(event, events, depth=0, place=None)
        return root

    def _place(self, event: Any) -> Place:
        return Place(file=self._file, line=event.start_mark.line + 1)

    def _node(self, event: Any, events: Iterator[Any], *, depth: int, place: Place | None) -> Node:
        """``place``: the line of the key this node stands under."""
        here = self._place(event)
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            raise _Refused(here, yaml_files.YAML_ANCHORS())
        if event.tag is not None:
            raise _Refused(here, yaml_files.YAML_TAGS())
        if depth > MAX_DEPTH:
            raise _Refused(here, yaml_files.YAML_TOO_DEEP(maximum=MAX_DEPTH))
        if isinstance(event, yaml.SequenceStartEvent):
            items = []
            while not isinstance(item := next(events), yaml.SequenceEndEvent):
                items.append(self._node(item, events, depth=depth + 1, place=None))
            return ListNode(place=place or here, problems=self._problems, items=tuple(items))
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(events, depth=depth, place=place or here)
        return ScalarNode(
            place=here, problems=self._problems, text=event.value, quoted=event.style in ("'", '"', "|", ">")
        )

    def _mapping(self, events: Iterator[Any], *, depth: int, place: Place) -> MappingNode:
        values: dict[str, Node] = {}
        key_places: dict[str, Place] = {}
        while not isinstance(key := next(events), yaml.MappingEndEvent):
            key_node = self._node(key, events, depth=depth + 1, place=None)
            value = self._node(next(events), events, depth=depth + 1, place=key_node.place)
            if not isinstance(key_node, ScalarNode):
                self._problems.report(key_node.place, yaml_files.KEY_NOT_SINGLE(found=key_node.kind))
            elif key_node.text in values:
                first = key_places[key_node.text].line
                self._problems.report(key_node.place, yaml_files.KEY_TWICE(key=key_node.text, line=first))
            else:
                values[key_node.text] = value
                key_places[key_node.text] = key_node.place
        return MappingNode(place=place, problems=self._problems, values=values, key_places=key_places)
