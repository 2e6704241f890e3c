"""Stage *plan*, arguments: ``where`` and ``orderBy`` trees to predicates and order terms, values to parameter slots."""

from collections.abc import Iterable, Mapping
from typing import Any

from connectors.contract import OrderTerm
from resolvers.errors import BadInput
from resolvers.query_plan import CanonicalText, Constant, ValueSource
from resolvers.selection import Leaf
from schema.catalog import Entity, Field
from schema.messages import operations
from schema.predicates import Comparison, IsNull, Not, Operator, Predicate, conjunction, disjunction
from schema.values import ScalarType


class Slots:
    """Gives out parameter slots; equal sources share one."""

    def __init__(self, sources: Iterable[ValueSource] = ()) -> None:
        self._slots: dict[tuple[ValueSource | None, Any], int] = {}
        for source in sources:
            self.slot(source)

    def slot(self, source: ValueSource) -> int:
        """The slot that will hold the value of ``source``."""
        return self._slots.setdefault((source, repr(source)), len(self._slots))  # 1 and True are equal, not the same

    def fresh(self) -> int:
        """A slot that is filled at run time (a cursor's values)."""
        return self._slots.setdefault((None, len(self._slots)), len(self._slots))

    def sources(self) -> tuple[ValueSource, ...]:
        """The source of every slot, by slot."""
        return tuple(source or Constant(None) for source, _ in self._slots)


def where_predicate(tree: Mapping[str, Any] | None, entity: Entity, slots: Slots) -> Predicate:
    """The predicate of a ``where`` tree; null and empty objects hold for every row.

    Raises `BadInput` for an operator whose value is null (``isNull`` is the way to ask for null).
    """
    if tree is None:
        return conjunction()
    parts: list[Predicate] = []
    for name, value in tree.items():
        if value is None:
            continue
        if name == "and":
            parts.append(conjunction(*(where_predicate(item, entity, slots) for item in value)))
        elif name == "or":
            parts.append(disjunction(*(where_predicate(item, entity, slots) for item in value)))
        elif name == "not":
            parts.append(Not(where_predicate(value, entity, slots)))
        else:
            parts.append(_field_predicate(entity.fields[name], value, slots))
    return conjunction(*parts)


def _field_predicate(field: Field, operators: Mapping[str, Leaf | None], slots: Slots) -> Predicate:
    parts: list[Predicate] = []
    for name, leaf in operators.items():
        if leaf is None:
            raise BadInput(operations.OPERATOR_WITHOUT_VALUE(operator=name, field=field.name))
        if name == "isNull":
            null: Predicate = IsNull(field.name)
            parts.append(null if leaf.value else Not(null))
            continue
        operator = Operator(name)
        source: ValueSource = leaf.source
        if field.type is ScalarType.STRING:
            source = CanonicalText(source, whole=operator not in (Operator.STARTS_WITH, Operator.CONTAINS))
        parts.append(Comparison(field.name, operator, slots.slot(source)))
    return conjunction(*parts)


def order_terms(tree: list[Mapping[str, Leaf]] | None) -> tuple[OrderTerm, ...]:
    """The client's order terms, NULLS LAST; a repeated field keeps its first term."""
    terms: dict[str, OrderTerm] = {}
    for item in tree or ():
        for field, leaf in (item or {}).items():
            if leaf is not None:
                direction = getattr(leaf.value, "value", leaf.value)
                terms.setdefault(field, OrderTerm(field=field, descending=direction == "DESC"))
    return tuple(terms.values())
