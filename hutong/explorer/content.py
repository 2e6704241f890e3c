"""What the explorer page offers: people to ask as and questions to ask. The demo fills it in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from authz.subjects import Subject
from schema.catalog import Title


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Someone to ask as. ``duty``: what the role is; ``sees``: what it may see, in a sentence. ``name``: whose data
    "own" means, empty for a role that is nobody in particular.
    """

    key: str
    name: str
    duty: Title
    sees: Title
    subject: Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A way to ask a question: the person's key, variables, the purpose stated if any, what to expect in words."""

    person: str
    variables: Mapping[str, Any]
    purpose: str | None
    expect: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A document with the ways to ask it, at least one."""

    name: str
    title: Title
    document: str
    asks: tuple[Ask, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplorerContent:
    """Everything to choose from. ``first``: the question the page opens with; ``pair``: the two people it is asked as.

    Raises ``ValueError`` for a person or question that is not there, or a question without a way to ask it.
    """

    persons: tuple[Person, ...]
    questions: tuple[Question, ...]
    first: str
    pair: tuple[str, str]

    def __post_init__(self) -> None:
        keys = {person.key for person in self.persons}
        asked = {ask.person for question in self.questions for ask in question.asks}
        if unknown := (asked | set(self.pair)) - keys:
            raise ValueError(f"there is no such person: {', '.join(sorted(unknown))}")
        if self.first not in {question.name for question in self.questions}:
            raise ValueError(f"there is no question {self.first}")
        if bare := [question.name for question in self.questions if not question.asks]:
            raise ValueError(f"nobody asks: {', '.join(bare)}")
