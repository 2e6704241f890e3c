"""The trace of the request that is being answered: in its ASGI scope, and for log lines written on its behalf.

Neighbours: :mod:`hutong.observability.operations` puts it there, :mod:`hutong.graphql_endpoint` gives it to the engine,
:mod:`hutong.telemetry` writes the operation's id into log lines.
"""

from contextvars import ContextVar
from typing import Final

from starlette.types import Scope

from resolvers.operation_trace import OperationTrace

_KEY: Final = "hutong.trace"
_current: ContextVar[OperationTrace | None] = ContextVar("hutong_operation", default=None)


def put_trace(scope: Scope, trace: OperationTrace) -> None:
    """From here on ``scope``, and this task's log lines, belong to ``trace``."""
    scope[_KEY] = trace
    _current.set(trace)


def trace_of(scope: Scope) -> OperationTrace:
    """The trace of a request; a new one for a request that nobody observes."""
    trace: OperationTrace | None = scope.get(_KEY)
    return OperationTrace() if trace is None else trace


def current_operation() -> str | None:
    """The id of the operation that this task works for."""
    trace = _current.get()
    return None if trace is None else trace.id
