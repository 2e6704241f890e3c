"""Roots that are no entities: introspection and type names go the ordinary way through graphql-core.

Entity roots of the same operation enter that execution as already completed values.
"""

from typing import Any

from graphql import ExecutionResult, GraphQLResolveInfo, execute

from resolvers.documents import Document
from resolvers.operation import OperationRequest
from schema.build import CatalogSchema
from schema.completed import Completed


async def run_ordinary_roots(
    schema: CatalogSchema, document: Document, request: OperationRequest, completed: dict[str, Any]
) -> dict[str, Any]:
    """The operation's data in response order, with ``completed`` for its entity roots. Raises what a resolver
    raises.
    """
    result = execute(
        schema.graphql,
        document.node,
        context_value=completed,
        variable_values=dict(request.variables),
        operation_name=request.operation_name,
        executor_class=schema.execution_context_class,
    )
    answer = result if isinstance(result, ExecutionResult) else await result
    for error in answer.errors or ():
        raise error.original_error or error
    assert answer.data is not None
    return answer.data


def resolve_root(info: GraphQLResolveInfo[Any]) -> Completed:
    """The resolver of every entity root: what the pipeline completed for this response key."""
    return Completed(info.context[info.path.key])
