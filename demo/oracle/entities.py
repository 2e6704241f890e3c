"""The words in which the model describes an entity: labels and types of members, relations, scope paths, classes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from demo.oracle.canonical import City
from demo.oracle.rows import Row

ROW = ""
"""The name of the row itself among an entity's members; written ``@``."""
PERSON = "Person"


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """``C2Gp``: sharing U, C or N; level; class of personal information ('' none, G, I, S); tags p (party), t."""

    sharing: str
    level: int
    personal: str
    party: bool
    trade: bool


def label(text: str) -> Label:
    """A label from its short form."""
    rest = text[2:]
    personal = next((letter for letter in rest if letter in "GIS"), "")
    return Label(sharing=text[0], level=int(text[1]), personal=personal, party="p" in rest, trade="t" in rest)


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """A step from a row to rows of ``to`` (several: to one row of the first that has one).

    ``local`` of the row is ``remote`` of the others, or begins the ``tree`` they lie in. ``fallback``: the same for
    those of S2's rows that have no ``remote`` value. ``back``: the relation of the others that leads back here.
    ``orphan`` and ``retired``: the code of a key without a row, and the field that tells that its row was deleted.
    """

    to: tuple[str, ...]
    many: bool
    local: str
    remote: str
    tree: Callable[[object], str | None] | None = None
    fallback: str | None = None
    back: str | None = None
    orphan: str | None = None
    retired: str | None = None

    @property
    def to_person(self) -> bool:
        """Whether it leads to a person, of whom the row knows the identity."""
        return self.to == (PERSON,)

    def find(self, city: City, row: Row, to: str) -> list[Row]:
        """Every row of ``to`` on the other side, the newest first where it is one."""
        if self.tree is not None:
            return city.below(to, self.remote, self.tree(row[self.local]))
        found = city.having(to, self.remote, row[self.local])
        if self.fallback is None or not self.many:
            return found
        others = city.having(to, self.fallback, row[self.fallback])
        return [*found, *(other for other in others if other[self.remote] is None)]

    def belongs_to(self, city: City, row: Row) -> list[Row]:
        """The rows that ``row`` belongs to: as from their side, so by the fallback if it has nothing else."""
        (to,) = self.to
        if self.fallback is not None and row[self.local] is None:
            return city.having(to, self.fallback, row[self.fallback])
        return self.find(city, row, to)


def one(to: str, on: str, **described: Any) -> Relation:
    """To one row of the first of ``to`` (``PublicUnit Enterprise``) that has one; ``on``: ``parentCode=orgCode``."""
    local, _, remote = on.partition("=")
    return Relation(to=tuple(to.split()), many=False, local=local, remote=remote or local, **described)


def many(to: str, on: str, **described: Any) -> Relation:
    """To rows of ``to``."""
    local, _, remote = on.partition("=")
    return Relation(to=(to,), many=True, local=local, remote=remote or local, **described)


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """How a row lies in a scope: over ``relations`` to ``field``."""

    relations: tuple[str, ...]
    field: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RowClass:
    """Rows for which ``holds`` have another label; where it is unknown, nobody has the row."""

    holds: Callable[[Row], bool | None]
    label: Label


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """Everything the oracle knows of an entity besides its rows. Members that GraphQL does not show have no label.

    ``plural``: its list at the root, if there is one. ``keys``: by which a row is found there, the key first.
    ``types``: scalars other than String and Code. ``companions``: text beside a field that is none, and the field.
    """

    plural: str | None
    keys: tuple[str, ...]
    labels: Mapping[str, Label]
    types: Mapping[str, str]
    codes: Mapping[str, str]
    masks: Mapping[str, str]
    companions: Mapping[str, str]
    lists: frozenset[str]
    relations: Mapping[str, Relation]
    scopes: Mapping[str, Path]
    classes: tuple[RowClass, ...]

    def base(self, name: str) -> str:
        """The field that a label (``sexLabel``) or companion (``birthDateText``) speaks of; else ``name``."""
        if name in self.labels:
            return name
        return self.companions.get(name) or name.removesuffix("Label")

    def is_text(self, name: str) -> bool:
        """Whether the member itself can show a mask: text does, other scalars are null when masked."""
        return name in self.companions or (
            name in self.labels and name not in self.types and name not in self.codes and name not in self.lists
        )


def entity(
    *,
    plural: str | None,
    keys: str,
    labels: Mapping[str, str],
    types: Mapping[str, str] | None = None,
    codes: Mapping[str, str] | None = None,
    masks: Mapping[str, str] | None = None,
    companions: Mapping[str, str] | None = None,
    lists: str = "",
    relations: Mapping[str, Relation] | None = None,
    scopes: Mapping[str, str] | None = None,
    classes: tuple[RowClass, ...] = (),
) -> Entity:
    """An entity in few words: names in lists separated by blanks, by label, by type; paths with dots."""
    return Entity(
        plural=plural,
        keys=tuple(keys.split()),
        labels={
            ROW if name == "@" else name: label(short) for short, names in labels.items() for name in names.split()
        },
        types={name: scalar for scalar, names in (types or {}).items() for name in names.split()},
        codes=codes or {},
        masks=masks or {},
        companions=companions or {},
        lists=frozenset(lists.split()),
        relations=relations or {},
        scopes={kind: _path(written) for kind, written in (scopes or {}).items()},
        classes=classes,
    )


def _path(written: str) -> Path:
    *relations, field = written.split(".")
    return Path(relations=tuple(relations), field=field)
