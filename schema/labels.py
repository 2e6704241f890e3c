"""Confidentiality labels of the catalogue.

A label is sharing (U, C, N) x level (1-4) x personal-information class (none, G, I, S) plus tags (``p`` party,
``t`` trade). Its short spelling is the one departments write in YAML: ``U1``, ``C3Gp``, ``N4S``.
Source of the rules: GB/T 43697-2024 and the government data sharing regulation, as the validator below states them.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


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

    def violations(self) -> tuple[str, ...]:
        """The label rules this label breaks, as sentences; empty when it is consistent."""
        found = []
        if self.sharing is Sharing.UNCONDITIONAL and (self.level > 2 or self.personal is not PersonalInformation.NONE):
            found.append("unconditional sharing (U) needs level 1-2 and no personal information")
        if self.sharing is Sharing.CONDITIONAL and self.level < 2:
            found.append("conditional sharing (C) needs level 2 or higher")
        if self.sharing is Sharing.NONE and self.level != 4:
            found.append("no sharing (N) needs level 4")
        floor = {PersonalInformation.GENERAL: 2, PersonalInformation.IDENTIFIER: 3, PersonalInformation.SENSITIVE: 4}
        if self.level < floor.get(self.personal, 1):
            found.append(
                f"personal information class {self.personal.value} needs level {floor[self.personal]} or higher"
            )
        return tuple(found)


UNLABELLED = Label(sharing=Sharing.NONE, level=4)
"""What a coordinate without a label counts as: nobody sees it."""


def parse_label(text: str) -> Label:
    """Read the short spelling, e.g. ``C3Gp``. Raises ``ValueError`` with the reason for a wrong one."""
    match = _SPELLING.match(text)
    if match is None:
        raise ValueError(f"label {text!r} is not of the form U|C|N, 1-4, then G|I|S and p, t (for example C3Gp)")
    sharing, level, personal, tags = match.groups()
    label = Label(
        sharing=Sharing(sharing),
        level=int(level),
        personal=PersonalInformation(personal),
        tags=frozenset(_TAGS[letter] for letter in tags),
    )
    if broken := label.violations():
        raise ValueError(f"label {text!r}: {'; '.join(broken)}")
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
