"""The last step before a response leaves: only public codes pass, everything else becomes ``INTERNAL`` with an id.

Neighbours: every transport and the command line send what `public_result` gives. What really happened goes to the log
under the same id, as classes and code places, never as text that may quote data, SQL or a connection string.
"""

import secrets
import traceback
from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePath
from typing import Any, Final

import structlog

from resolvers.errors import OperationError
from resolvers.operation import OperationResult
from schema.language import Language
from schema.messages import requests

PUBLIC_CODES: Final = frozenset(
    {
        "UNAUTHENTICATED",
        "FIELD_DENIED",
        "FILTER_DENIED",
        "PURPOSE_REQUIRED",
        "LIMIT_EXCEEDED",
        "SOURCE_UNAVAILABLE",
        "SOURCE_TIMEOUT",
        "SOURCE_DRIFTED",
        "SOURCE_AUTH",
        "BAD_INPUT",
        "BAD_TEXT",
        "VALUE_TOO_LARGE",
        "SUPPRESSED",
        "OVERLOADED",
        "PERSISTED_QUERY_NOT_FOUND",
        "PERSISTED_QUERY_NOT_SUPPORTED",
        "PERSISTED_QUERY_ID_REQUIRED",
        "INTERNAL",
    }
)
"""Every error code a caller may meet; each is public contract."""

_log: structlog.stdlib.BoundLogger = structlog.get_logger("hutong.errors")


def public_result(result: OperationResult, language: Language) -> OperationResult:
    """``result`` with every error that carries no public code replaced by an ``INTERNAL`` one at the same path."""
    if not result.errors or all(map(_is_public, result.errors)):
        return result
    return replace(result, errors=tuple(e if _is_public(e) else _masked(e, language) for e in result.errors))


def failed_result(error: Exception, language: Language) -> OperationResult:
    """What the caller gets for an exception that ended the operation; logs it unless it is an operation's own error."""
    if isinstance(error, OperationError):
        refused = OperationResult(data=None, errors=(error.formatted(language),), executed=False)
        return public_result(refused, language)
    incident = secrets.token_hex(8)
    _log.error("unexpected_exception", id=incident, exceptions=list(_classes(error)), frames=list(_frames(error)))
    return OperationResult(data=None, errors=(_internal(incident, language),), executed=False)


def _is_public(error: dict[str, Any]) -> bool:
    extensions = error.get("extensions")
    return isinstance(extensions, dict) and extensions.get("code") in PUBLIC_CODES


def _masked(error: dict[str, Any], language: Language) -> dict[str, Any]:
    incident = secrets.token_hex(8)
    _log.error("error_without_public_code", id=incident, path=error.get("path"))
    masked = _internal(incident, language)
    if "path" in error:
        masked["path"] = error["path"]
    return masked


def _internal(incident: str, language: Language) -> dict[str, Any]:
    return OperationError(requests.HUB_FAILED(), id=incident).formatted(language)


def _classes(error: BaseException) -> Iterator[str]:
    """Class names of an exception and of what it came from, outermost first."""
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield f"{type(current).__module__}.{type(current).__qualname__}"
        current = current.__cause__ or current.__context__


def _frames(error: BaseException) -> Iterator[str]:
    """``resolvers/executor.py:88 fetch_step`` for each frame, outermost first."""
    for frame in traceback.extract_tb(error.__traceback__):
        yield f"{'/'.join(PurePath(frame.filename).parts[-2:])}:{frame.lineno} {frame.name}"
