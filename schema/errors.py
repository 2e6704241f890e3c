"""What can be wrong with the vocabulary: mistakes in written files, each with its place."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from schema.catalog import Place
from schema.language import Language
from schema.message import Told


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One mistake in a written file: ``party.yaml:12: sentence that says what is wrong and what to do``."""

    place: Place
    told: Told

    @property
    def message(self) -> str:
        """The sentence in English."""
        return str(self.told)

    def said(self, language: Language) -> str:
        """Place and sentence in ``language``."""
        return f"{self.place}: {self.told.said(language)}"

    def __str__(self) -> str:
        return self.said(Language.EN)


def by_line(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Every problem once, by file and line; those of one line in the order they were found."""
    return tuple(sorted(dict.fromkeys(problems), key=lambda problem: (problem.place.file, problem.place.line)))


class FilesInvalid(Exception):
    """Files that cannot be used. ``problems`` holds every mistake found, in order of file and line; never empty.

    ``str()`` is English.
    """

    code: ClassVar[str]

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems

    def said(self, language: Language) -> str:
        """One line for each problem, in ``language``."""
        return "\n".join(problem.said(language) for problem in self.problems)


class CatalogInvalid(FilesInvalid):
    """The catalogue cannot be used."""

    code = "CATALOG_INVALID"
