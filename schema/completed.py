"""Completed values: a root resolver's result that enters the response untouched.

The pipeline shapes rows to JSON-ready values by generated code; completing them again field by field would cost some
fifty times as much. Everything that is not marked (introspection, ``__typename``) goes graphql-core's ordinary way.
"""

from dataclasses import dataclass
from typing import Any

from graphql import GraphQLOutputType, GraphQLResolveInfo
from graphql.execution import Executor
from graphql.execution.collect_fields import FieldDetailsList
from graphql.pyutils import Path
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext


@dataclass(frozen=True, slots=True)
class Completed:
    """``value`` is JSON-ready and already has the shape of the field's type and selection."""

    value: Any


class CompletingExecutionContext(StrawberryGraphQLCoreExecutionContext):
    """Strawberry's execution, except that a `Completed` result is final and errors suggest no names (D6)."""

    @classmethod
    def build(cls, *args: Any, **kwargs: Any) -> "list[Any] | Executor[Any]":
        """As the base's, with suggestions hidden in errors of variables."""
        return super().build(*args, **{**kwargs, "hide_suggestions": True})

    def complete_value(
        self,
        return_type: GraphQLOutputType,
        field_details_list: FieldDetailsList,
        info: GraphQLResolveInfo[Any],
        path: Path,
        result: Any,
        position_context: Any,
    ) -> Any:
        """The value of a `Completed`, else what graphql-core makes of the result."""
        if type(result) is Completed:
            return result.value
        return super().complete_value(return_type, field_details_list, info, path, result, position_context)
