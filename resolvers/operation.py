"""An operation as the transports hand it over, and its result as they send it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from resolvers.operation_trace import OperationTrace
from schema.language import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationRequest:
    """One GraphQL request, already decoded from its transport.

    ``safe_method``: it came by GET, which never serves lookups or level >= 3 (D27). ``deadline`` is in the event loop's
    clock, seconds. ``account``: whose budget pays for it. ``language``: what labels and messages are told in. ``trace``
    is filled while the operation runs.
    """

    document: str
    deadline: float
    operation_name: str | None = None
    variables: Mapping[str, Any] = field(default_factory=dict)
    safe_method: bool = False
    account: str = ""
    language: Language = Language.ZH
    trace: OperationTrace = field(default_factory=OperationTrace)


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationResult:
    """What the caller gets; ``response()`` is the JSON-ready body.

    ``executed`` False: a request error (no data at all: syntax, validation, limits, variables), in GraphQL over HTTP's
    sense.
    """

    data: dict[str, Any] | None
    errors: tuple[dict[str, Any], ...] = ()
    extensions: Mapping[str, Any] = field(default_factory=dict)
    executed: bool = True

    def response(self) -> dict[str, Any]:
        """Errors first when there are any, then data, then extensions; ``data`` is absent for a request error."""
        body: dict[str, Any] = {}
        if self.errors:
            body["errors"] = list(self.errors)
        if self.executed:
            body["data"] = self.data
        if self.extensions:
            body["extensions"] = dict(self.extensions)
        return body
