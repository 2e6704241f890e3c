"""Errors of an operation: one stable public code per leaf. Messages say what, where and what to do, never a data
value.
"""

from collections.abc import Sequence
from typing import Any, ClassVar


class OperationError(Exception):
    """Base. ``extensions`` (besides the code) and ``path`` go to the caller as they are."""

    code: ClassVar[str] = "INTERNAL"

    def __init__(self, message: str, *, path: Sequence[str | int] | None = None, **extensions: Any) -> None:
        super().__init__(message)
        self.message = message
        self.path = tuple(path) if path is not None else None
        self.extensions = extensions

    def formatted(self) -> dict[str, Any]:
        """The error as GraphQL's response format wants it."""
        error: dict[str, Any] = {"message": self.message}
        if self.path is not None:
            error["path"] = list(self.path)
        error["extensions"] = {"code": self.code, **self.extensions}
        return error


class BadInput(OperationError):
    """The operation or its variables are wrong in a way the schema cannot express."""

    code = "BAD_INPUT"


class LimitExceeded(OperationError):
    """The operation asks for more than the hub's stated limits; ``limit`` and ``maximum`` stand in the extensions."""

    code = "LIMIT_EXCEEDED"


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


class SourceFailed(OperationError):
    """A source could not answer; its own code (``SOURCE_UNAVAILABLE``, ``SOURCE_TIMEOUT``, ...) is the error's code."""

    def __init__(self, code: str, message: str, *, path: Sequence[str | int] | None = None, **extensions: Any) -> None:
        super().__init__(message, path=path, **extensions)
        self.source_code = code

    def formatted(self) -> dict[str, Any]:
        """As the base's, with the source's code."""
        error = OperationError.formatted(self)
        error["extensions"]["code"] = self.source_code
        return error
