"""Roots that are no entities: introspection, the caller and code tables go the ordinary way through Strawberry.

Entity roots of the same operation enter that execution as already completed values.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import ExecutionResult, GraphQLResolveInfo, execute

from resolvers.caller import CallerContext
from resolvers.documents import Document
from resolvers.operation import OperationRequest
from schema.completed import Completed


@dataclass(frozen=True, slots=True)
class _Context:
    """What resolvers are given: those of the caller's own roots ``asked``, entity roots their ``completed`` values by
    response key.
    """

    asked: CallerContext
    completed: Mapping[str, Any]


async def run_ordinary_roots(
    document: Document, request: OperationRequest, caller: CallerContext, completed: Mapping[str, Any]
) -> dict[str, Any]:
    """The operation's data in response order, ``completed`` for its entity roots. Raises what a resolver
    raises.
    """
    result = execute(
        caller.schema.graphql,
        document.node,
        context_value=_Context(caller, completed),
        variable_values=dict(request.variables),
        operation_name=request.operation_name,
        executor_class=caller.schema.execution_context_class,
    )
    answer = result if isinstance(result, ExecutionResult) else await result
    for error in answer.errors or ():
        raise error.original_error or error
    assert answer.data is not None
    return answer.data


def resolve_root(info: GraphQLResolveInfo[Any]) -> Completed:
    """The resolver of every entity root: what the pipeline completed for this response key."""
    return Completed(info.context.completed[info.path.key])
