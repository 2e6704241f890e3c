"""Errors of an operation: one stable public code per leaf. Messages come from the table of :mod:`schema.messages`; they
say what, where and what to do, never a data value.
"""

from collections.abc import Sequence
from typing import Any, ClassVar

from schema.language import Language
from schema.message import Told
from schema.messages import requests


class OperationError(Exception):
    """Base. ``told`` is what the caller reads, with the key that logs carry; ``extensions`` (besides the code) and
    ``path`` go to the caller as they are, messages among the extensions in the caller's language.
    """

    code: ClassVar[str] = "INTERNAL"

    def __init__(self, told: Told, *, path: Sequence[str | int] | None = None, **extensions: Any) -> None:
        super().__init__(told)
        self.told = told
        self.path = tuple(path) if path is not None else None
        self.extensions = extensions

    @property
    def public_code(self) -> str:
        """The code that the caller meets."""
        return self.code

    def formatted(self, language: Language) -> dict[str, Any]:
        """The error as GraphQL's response format wants it."""
        error: dict[str, Any] = {"message": self.told.said(language)}
        if self.path is not None:
            error["path"] = list(self.path)
        error["extensions"] = {"code": self.public_code} | {
            name: value.said(language) if isinstance(value, Told) else value for name, value in self.extensions.items()
        }
        return error


class BadInput(OperationError):
    """The operation or its variables are wrong in a way the schema cannot express."""

    code = "BAD_INPUT"


class LimitExceeded(OperationError):
    """The operation asks for more than the hub's stated limits; ``limit`` and ``maximum`` stand in the extensions."""

    code = "LIMIT_EXCEEDED"


class InvalidPart(BadInput):
    """A part of the document or of its variables, as graphql-core judges it; ``locations``: its places in the document,
    in response format.
    """

    def __init__(self, told: Told, *, locations: Sequence[dict[str, int]] = (), **extensions: Any) -> None:
        super().__init__(told, **extensions)
        self.locations = tuple(locations)

    def formatted(self, language: Language) -> dict[str, Any]:
        """As the base's, with the places."""
        error = super().formatted(language)
        return {"message": error["message"], "locations": list(self.locations), **error} if self.locations else error


class FieldDenied(OperationError):
    """The caller may not see a coordinate whose name is public; it can be requested."""

    code = "FIELD_DENIED"


class FilterDenied(OperationError):
    """The caller may not filter or sort by a coordinate (needs ``read`` in every row scope in force)."""

    code = "FILTER_DENIED"


class PurposeRequired(OperationError):
    """The coordinate is open only to operations that state a registered purpose."""

    code = "PURPOSE_REQUIRED"


class Overloaded(OperationError):
    """The hub has no room for this operation now."""

    code = "OVERLOADED"

    def __init__(self, **extensions: Any) -> None:
        super().__init__(requests.OVERLOADED(), **extensions)


class SourceFailed(OperationError):
    """A source could not answer; its own code (``SOURCE_UNAVAILABLE``, ``SOURCE_TIMEOUT``, ...) is the error's code."""

    def __init__(self, code: str, told: Told, *, path: Sequence[str | int] | None = None, **extensions: Any) -> None:
        super().__init__(told, path=path, **extensions)
        self.source_code = code

    @property
    def public_code(self) -> str:
        """The source's code."""
        return self.source_code
