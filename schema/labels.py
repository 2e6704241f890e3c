"""Confidentiality labels of the catalogue.

A label is sharing (U, C, N) x level (1-4) x personal-information class (none, G, I, S) plus tags (``p`` party,
``t`` trade). Its short spelling is the one departments write in YAML: ``U1``, ``C3Gp``, ``N4S``.
Source of the rules: GB/T 43697-2024 and the government data sharing regulation, as the validator below states them.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from schema.message import Told, Unusable
from schema.messages import catalogue_files


class Sharing(StrEnum):
    """How freely a datum may be shared: unconditionally, on conditions, not at all."""

    UNCONDITIONAL = "U"
    CONDITIONAL = "C"
    NONE = "N"


class PersonalInformation(StrEnum):
    """Class of personal information (GB/T 35273, PIPL art. 28)."""

    NONE = ""
    GENERAL = "G"
    IDENTIFIER = "I"
    SENSITIVE = "S"


PARTY, TRADE = "party", "trade"
_TAGS = {"p": PARTY, "t": TRADE}
_SPELLING = re.compile(r"([UCN])([1-4])([GIS]?)([pt]*)\Z")
_SHARING_RANK = {Sharing.UNCONDITIONAL: 0, Sharing.CONDITIONAL: 1, Sharing.NONE: 2}
_PERSONAL_RANK = {p: i for i, p in enumerate(PersonalInformation)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """Confidentiality of one coordinate. ``level`` is 1 (open) to 4 (gravest)."""

    sharing: Sharing
    level: int
    personal: PersonalInformation = PersonalInformation.NONE
    tags: frozenset[str] = frozenset()

    def __str__(self) -> str:
        tags = "".join(letter for letter, tag in _TAGS.items() if tag in self.tags)
        return f"{self.sharing.value}{self.level}{self.personal.value}{tags}"

    def violations(self) -> tuple[Told, ...]:
        """The label rules this label breaks; empty when it is consistent."""
        found = []
        if self.sharing is Sharing.UNCONDITIONAL and (self.level > 2 or self.personal is not PersonalInformation.NONE):
            found.append(catalogue_files.UNCONDITIONAL_TOO_GRAVE())
        if self.sharing is Sharing.CONDITIONAL and self.level < 2:
            found.append(catalogue_files.CONDITIONAL_TOO_LOW())
        if self.sharing is Sharing.NONE and self.level != 4:
            found.append(catalogue_files.UNSHARED_TOO_LOW())
        floor = {PersonalInformation.GENERAL: 2, PersonalInformation.IDENTIFIER: 3, PersonalInformation.SENSITIVE: 4}
        if self.level < floor.get(self.personal, 1):
            found.append(catalogue_files.PERSONAL_TOO_LOW(name=self.personal.value, level=floor[self.personal]))
        return tuple(found)


UNLABELLED = Label(sharing=Sharing.NONE, level=4)
"""What a coordinate without a label counts as: nobody sees it."""


def parse_label(text: str) -> Label:
    """Read the short spelling, e.g. ``C3Gp``. Raises `Unusable` for a wrong one."""
    match = _SPELLING.match(text)
    if match is None:
        raise Unusable(catalogue_files.LABEL_FORM(written=text))
    sharing, level, personal, tags = match.groups()
    label = Label(
        sharing=Sharing(sharing),
        level=int(level),
        personal=PersonalInformation(personal),
        tags=frozenset(_TAGS[letter] for letter in tags),
    )
    if broken := label.violations():
        raise Unusable(catalogue_files.LABEL_BROKEN(written=text, violations=broken))
    return label


def highest(labels: Iterable[Label]) -> Label:
    """The least label that is at least as grave as each given one, part by part; ``UNLABELLED`` for none."""
    parts = tuple(labels)
    if not parts:
        return UNLABELLED
    sharing = max((label.sharing for label in parts), key=_SHARING_RANK.__getitem__)
    return Label(
        sharing=sharing,
        level=4 if sharing is Sharing.NONE else max(label.level for label in parts),
        personal=max((label.personal for label in parts), key=_PERSONAL_RANK.__getitem__),
        tags=frozenset().union(*(label.tags for label in parts)),
    )


def at_least(label: Label, floor: Label) -> bool:
    """Whether ``label`` is at least as grave as ``floor`` in every part."""
    return highest((label, floor)) == label
