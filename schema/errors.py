"""What can be wrong with the vocabulary: mistakes in written files, each with its place."""

from dataclasses import dataclass
from typing import ClassVar

from schema.catalog import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One mistake in a written file: ``party.yaml:12: sentence that says what is wrong and what to do``."""

    place: Place
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


class CatalogInvalid(Exception):
    """The catalogue cannot be used. ``problems`` holds every mistake found, in order of file and line; never empty."""

    code: ClassVar[str] = "CATALOG_INVALID"

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems
