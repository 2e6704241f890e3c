"""Pieces of a written document that know their file and line, read value by value with every mistake collected.

Stage: nodes -> typed values. Neighbours: :mod:`schema.yaml_source` makes the nodes, :mod:`schema.catalog_loader` and
:mod:`connectors.manifest` read them.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum
from typing import ClassVar, TypeVar

from schema.catalog import Place
from schema.errors import Problem, by_line
from schema.message import Told
from schema.messages import yaml_files

_INTEGER = re.compile(r"(0|-?[1-9][0-9]{0,17})\Z")
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
E = TypeVar("E", bound=StrEnum)
Hint = tuple[Told, ...]
"""What a message says at its end to help, or nothing."""


class Problems:
    """Collects mistakes; true when there are any."""

    def __init__(self) -> None:
        self._found: list[Problem] = []

    def report(self, place: Place, told: Told) -> None:
        """Note one mistake. ``told`` says what is wrong and what to do, without a full stop."""
        self._found.append(Problem(place=place, told=told))

    def __bool__(self) -> bool:
        return bool(self._found)

    def sorted(self) -> tuple[Problem, ...]:
        """Every mistake once, by file and line; those of one line in the order they were found."""
        return by_line(self._found)


def did_you_mean(name: str, candidates: Iterable[str]) -> Hint:
    """``: did you mean "label"?`` when a candidate is close to ``name``, else nothing."""
    close = get_close_matches(name, list(candidates), n=1, cutoff=0.6)
    return tuple(yaml_files.DID_YOU_MEAN(name=candidate) for candidate in close)


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A piece of a document: a `ScalarNode`, `ListNode` or `MappingNode`.

    ``as_*`` gives its value, or reports that ``what`` (a phrase such as ``"title"`` in quotes) is something else and
    gives ``None``. ``kind``: what a node of this class is called.
    """

    kind: ClassVar[Told]
    place: Place
    problems: Problems

    def as_str(self, what: Told) -> str | None:
        """Text as written, quoted or not; nothing written, or an unquoted ``null``, is reported."""
        scalar = self._scalar(what, yaml_files.A_TEXT())
        if scalar is None:
            return None
        if scalar.is_null:
            self.problems.report(self.place, yaml_files.NO_VALUE(what=what))
            return None
        return scalar.text

    def as_int(self, what: Told) -> int | None:
        """A whole decimal number without leading zeros, not quoted."""
        scalar = self._scalar(what, yaml_files.A_WHOLE_NUMBER())
        if scalar is None:
            return None
        if scalar.quoted or not _INTEGER.match(scalar.text):
            self._report_other(what, yaml_files.A_WHOLE_NUMBER(), scalar.shown)
            return None
        return int(scalar.text)

    def as_flag(self, what: Told) -> bool | None:
        """``true`` or ``false``, not quoted."""
        scalar = self._scalar(what, yaml_files.TRUE_OR_FALSE())
        if scalar is None:
            return None
        if scalar.quoted or scalar.text not in ("true", "false"):
            self._report_other(what, yaml_files.TRUE_OR_FALSE(), scalar.shown)
            return None
        return scalar.text == "true"

    def as_literal(self, what: Told) -> str | int | bool | None:
        """A value by its spelling: quoted is text, a plain whole number an int, ``true``/``false`` a bool, else text.

        A plain number with leading zeros is refused: whether it is text or a number must be said by quotes.
        """
        scalar = self._scalar(what, yaml_files.A_SINGLE_VALUE())
        if scalar is None or scalar.quoted:
            return None if scalar is None else scalar.text
        if scalar.text in ("true", "false"):
            return scalar.text == "true"
        if _INTEGER.match(scalar.text):
            return int(scalar.text)
        if re.fullmatch(r"[-+]?[0-9]+", scalar.text):
            self.problems.report(self.place, yaml_files.LEADING_ZEROS(what=what, written=scalar.text))
            return None
        return self.as_str(what)

    def as_enum(self, what: Told, members: type[E]) -> E | None:
        """The member of ``members`` whose value is the text."""
        values = {member.value: member for member in members}
        scalar = self._scalar(what, yaml_files.ONE_OF(names=tuple(values)))
        if scalar is None:
            return None
        if scalar.text not in values:
            hint = did_you_mean(scalar.text, values)
            self.problems.report(
                self.place,
                yaml_files.MUST_BE_ONE_OF(what=what, names=tuple(values), found=scalar.shown, hint=hint),
            )
        return values.get(scalar.text)

    def as_list(self, what: Told) -> "tuple[Node, ...] | None":
        """The items of a list."""
        if isinstance(self, ListNode):
            return self.items
        self._report_other(what, yaml_files.A_LIST(), self.kind)
        return None

    def as_strs(self, what: Told) -> tuple[str, ...] | None:
        """The items of a list of texts; wrong items are reported and left out."""
        items = self.as_list(what)
        if items is None:
            return None
        texts = (item.as_str(yaml_files.ITEM_OF(what=what)) for item in items)
        return tuple(text for text in texts if text is not None)

    def as_mapping(self, what: Told) -> "MappingNode | None":
        """The mapping itself."""
        if isinstance(self, MappingNode):
            return self
        self._report_other(what, yaml_files.A_WRITTEN_MAPPING(), self.kind)
        return None

    def _scalar(self, what: Told, wanted: Told) -> "ScalarNode | None":
        if isinstance(self, ScalarNode):
            return self
        self._report_other(what, wanted, self.kind)
        return None

    def _report_other(self, what: Told, wanted: Told, found: Told) -> None:
        self.problems.report(self.place, yaml_files.MUST_BE(what=what, wanted=wanted, found=found))


@dataclass(frozen=True, slots=True, kw_only=True)
class ScalarNode(Node):
    """A single value: its text as written, and whether it was quoted (or a block text)."""

    kind: ClassVar[Told] = yaml_files.A_SINGLE_VALUE()
    text: str
    quoted: bool

    @property
    def is_null(self) -> bool:
        """Nothing was written, or an unquoted ``null`` or ``~``."""
        return not self.quoted and self.text in _NULLS

    @property
    def shown(self) -> Told:
        """The text for a message, cut when long."""
        return yaml_files.WRITTEN(written=self.text if len(self.text) <= 40 else f"{self.text[:40]}...")


@dataclass(frozen=True, slots=True, kw_only=True)
class ListNode(Node):
    """A list of nodes."""

    kind: ClassVar[Told] = yaml_files.A_LIST()
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingNode(Node):
    """A mapping, read key by key. ``take_*`` needs the key, ``find_*`` does not; what was never asked for is unknown.

    The place of a mapping or list is the line of the key it stands under; ``place_of`` tells the line of a key here.
    """

    kind: ClassVar[Told] = yaml_files.A_MAPPING()
    values: Mapping[str, Node]
    key_places: Mapping[str, Place]
    _asked: dict[str, None] = field(default_factory=dict, compare=False, repr=False)

    def find(self, key: str) -> Node | None:
        """The node under ``key``, of any kind; ``None`` when absent or written without a value."""
        self._asked[key] = None
        node = self.values.get(key)
        return None if isinstance(node, ScalarNode) and node.is_null else node

    def take(self, key: str) -> Node | None:
        """The node under ``key``, of any kind; reports when it is missing."""
        node = self.find(key)
        if node is None:
            self.problems.report(self.place_of(key), yaml_files.KEY_MISSING(key=key))
        return node

    def place_of(self, key: str) -> Place:
        """The line of ``key``, or of the mapping when the key is absent."""
        return self.key_places.get(key, self.place)

    def take_str(self, key: str) -> str | None:
        """Required text."""
        node = self.take(key)
        return None if node is None else node.as_str(yaml_files.KEY(key=key))

    def find_str(self, key: str) -> str | None:
        """Optional text."""
        node = self.find(key)
        return None if node is None else node.as_str(yaml_files.KEY(key=key))

    def take_int(self, key: str) -> int | None:
        """Required whole number."""
        node = self.take(key)
        return None if node is None else node.as_int(yaml_files.KEY(key=key))

    def find_int(self, key: str) -> int | None:
        """Optional whole number."""
        node = self.find(key)
        return None if node is None else node.as_int(yaml_files.KEY(key=key))

    def find_flag(self, key: str, default: bool = False) -> bool:
        """Optional ``true`` or ``false``."""
        node = self.find(key)
        value = None if node is None else node.as_flag(yaml_files.KEY(key=key))
        return default if value is None else value

    def take_enum(self, key: str, members: type[E]) -> E | None:
        """Required member of an enumeration, by its value."""
        node = self.take(key)
        return None if node is None else node.as_enum(yaml_files.KEY(key=key), members)

    def find_enum(self, key: str, members: type[E]) -> E | None:
        """Optional member of an enumeration, by its value."""
        node = self.find(key)
        return None if node is None else node.as_enum(yaml_files.KEY(key=key), members)

    def take_mapping(self, key: str) -> "MappingNode | None":
        """Required mapping."""
        node = self.take(key)
        return None if node is None else node.as_mapping(yaml_files.KEY(key=key))

    def find_mapping(self, key: str) -> "MappingNode | None":
        """Optional mapping."""
        node = self.find(key)
        return None if node is None else node.as_mapping(yaml_files.KEY(key=key))

    def take_list(self, key: str) -> tuple[Node, ...] | None:
        """Required list."""
        node = self.take(key)
        return None if node is None else node.as_list(yaml_files.KEY(key=key))

    def find_list(self, key: str) -> tuple[Node, ...]:
        """Optional list; empty when absent."""
        node = self.find(key)
        return () if node is None else node.as_list(yaml_files.KEY(key=key)) or ()

    def take_strs(self, key: str) -> tuple[str, ...] | None:
        """Required list of texts."""
        node = self.take(key)
        return None if node is None else node.as_strs(yaml_files.KEY(key=key))

    def find_strs(self, key: str) -> tuple[str, ...]:
        """Optional list of texts; empty when absent."""
        node = self.find(key)
        return () if node is None else node.as_strs(yaml_files.KEY(key=key)) or ()

    def entries(self) -> Iterator[tuple[str, Node]]:
        """All keys and nodes, as written: for mappings whose keys are names, not words of the format."""
        for key, node in self.values.items():
            self._asked[key] = None
            yield key, node

    def unknown_keys(self) -> None:
        """Report each key that no ``take``, ``find`` or ``entries`` asked for. Call it last."""
        for key, place in self.key_places.items():
            if key not in self._asked:
                hint = did_you_mean(key, self._asked) or (yaml_files.KEYS_HERE(names=tuple(self._asked)),)
                self.problems.report(place, yaml_files.KEY_UNKNOWN(key=key, hint=hint))
