"""Strawberry types made at run time, which may mention one another before they are defined.

A `TypeBook` hands out an empty class per GraphQL name at first mention; `TypeBook.output` or `TypeBook.input` then
gives it its fields and decorates it. Every mentioned type must have been defined before a schema is built.
"""

import keyword
from collections.abc import Mapping
from types import GenericAlias, new_class
from typing import Annotated, Any, Union

import strawberry
from strawberry.annotation import StrawberryAnnotation
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.field import StrawberryField

from schema.names import MEMBER_EXTENSION


def output_field(
    name: str,
    kind: Any,
    *,
    description: str | None = None,
    arguments: tuple[StrawberryArgument, ...] = (),
    extensions: Mapping[str, str] | None = None,
) -> StrawberryField:
    """A field of an object type. ``kind`` is a Python annotation; ``extensions`` end in the GraphQL field's."""
    field = StrawberryField(
        python_name=_python_name(name),
        graphql_name=name,
        type_annotation=StrawberryAnnotation(kind),
        description=description,
        metadata=extensions,
    )
    field.arguments = list(arguments)
    return field


def input_field(name: str, kind: Any, *, description: str, member: str | None = None) -> StrawberryField:
    """An optional field of an input type; ``member`` is the catalogue member it stands for."""
    return StrawberryField(
        python_name=_python_name(name),
        graphql_name=name,
        type_annotation=StrawberryAnnotation(kind | None),
        description=description,
        default=strawberry.UNSET,
        metadata={MEMBER_EXTENSION: member} if member else None,
    )


def argument(
    name: str, kind: Any, *, description: str | None = None, extensions: Mapping[str, str] | None = None
) -> StrawberryArgument:
    """An argument; ``kind`` is a Python annotation."""
    return StrawberryArgument(
        python_name=_python_name(name),
        graphql_name=name,
        type_annotation=StrawberryAnnotation(kind),
        description=description,
        metadata=extensions,
    )


def list_of(kind: Any) -> Any:
    """The annotation ``list[kind]``."""
    return GenericAlias(list, (kind,))


def union_of(name: str, kinds: tuple[Any, ...], *, description: str) -> Any:
    """The annotation of a union of object types that have been mentioned."""
    return Annotated[Union[kinds], strawberry.union(name, description=description)]  # noqa: UP007


class TypeBook:
    """The types of one schema by GraphQL name."""

    __slots__ = ("_classes",)

    def __init__(self) -> None:
        self._classes: dict[str, type] = {}

    def mention(self, name: str, *bases: type) -> Any:
        """The class of the type called ``name``, empty until defined. ``bases`` count at first mention only."""
        if name not in self._classes:
            self._classes[name] = new_class(name, bases)
        return self._classes[name]

    def output(self, name: str, fields: tuple[StrawberryField, ...], *, description: str) -> Any:
        """Define an object type."""
        return strawberry.type(self._filled(name, fields), name=name, description=description)

    def input(self, name: str, fields: tuple[StrawberryField, ...], *, description: str, one_of: bool = False) -> Any:
        """Define an input type."""
        return strawberry.input(self._filled(name, fields), name=name, description=description, one_of=one_of)

    def _filled(self, name: str, fields: tuple[StrawberryField, ...]) -> type:
        cls: type = self.mention(name)
        cls.__annotations__ = {field.python_name: field.type for field in fields}
        for field in fields:
            setattr(cls, field.python_name, field)
        return cls


def _python_name(name: str) -> str:
    """An attribute name for a GraphQL name: ``and`` -> ``and_``."""
    return f"{name}_" if keyword.iskeyword(name) else name
