"""Input types: a filter per scalar, a where and an order input per entity.

Neighbours: :mod:`schema.build` asks for them, :mod:`schema.names` says which members they have.
"""

from enum import StrEnum
from typing import Any

import strawberry
from strawberry.types.field import StrawberryField

from schema import descriptions as text
from schema.catalog import Entity
from schema.names import OPERATORS, WHERE_CONNECTIVES, filter_fields, filter_type, order_fields, order_type, where_type
from schema.predicates import Operator
from schema.scalars import PYTHON_TYPES
from schema.strawberry_types import TypeBook, input_field, list_of
from schema.values import ScalarType


@strawberry.enum(description=text.ORDER_DIRECTION)
class OrderDirection(StrEnum):
    """Direction of an order term."""

    ASC = "ASC"
    DESC = "DESC"


def define_filters(book: TypeBook) -> None:
    """``StringFilter``, ``DateFilter``, ...: one per filterable scalar."""
    for scalar, operators in OPERATORS.items():
        fields = (
            *(_operator_field(operator, scalar) for operator in operators),
            input_field("isNull", bool, description=text.IS_NULL),
        )
        book.input(filter_type(scalar), fields, description=text.describe_filter(scalar.value))


def define_where(book: TypeBook, entity: Entity) -> None:
    """``PartyMemberWhere``; nothing when the entity has no field to filter by."""
    if not (fields := filter_fields(entity)):
        return
    where = book.mention(where_type(entity))
    connectives = tuple(
        input_field(name, where if name == "not" else list_of(where), description=text.CONNECTIVES[name])
        for name in WHERE_CONNECTIVES
    )
    members = tuple(
        input_field(f.name, book.mention(filter_type(f.type)), description=text.titled(f.title), member=f.name)
        for f in fields
    )
    book.input(where_type(entity), (*connectives, *members), description=text.describe_where(entity))


def define_order(book: TypeBook, entity: Entity) -> None:
    """``PartyMemberOrder``; nothing when the entity has no field to order by."""
    if fields := order_fields(entity):
        members: tuple[StrawberryField, ...] = tuple(
            input_field(f.name, OrderDirection, description=text.titled(f.title), member=f.name) for f in fields
        )
        book.input(order_type(entity), members, description=text.describe_order(entity), one_of=True)


def _operator_field(operator: Operator, scalar: ScalarType) -> StrawberryField:
    operand: Any = PYTHON_TYPES[scalar]
    if operator in (Operator.IN, Operator.NOT_IN):
        operand = list_of(operand)
    elif operator in (Operator.STARTS_WITH, Operator.CONTAINS):
        operand = str
    return input_field(operator.value, operand, description=text.OPERATORS[operator])
