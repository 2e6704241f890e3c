"""``where`` and ``orderBy`` over canonical rows: three-valued truth, nulls last both ways, then the row key."""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from operator import itemgetter
from typing import Any

from demo.oracle.rows import Row

Where = Mapping[str, Any]
_BEIJING = timezone(timedelta(hours=8))


def fields_named(where: Where | None, order: Sequence[Mapping[str, str]]) -> Iterator[str]:
    """Every field that a filter or an order names; an ``or`` of which one part asks nothing asks nothing at all."""
    for name, value in (where or {}).items():
        if value is None or (name == "or" and any(_asks_nothing(item) for item in _list(value))):
            continue
        if name in ("and", "or"):
            for item in _list(value):
                yield from fields_named(item, ())
        elif name == "not":
            yield from fields_named(value, ())
        elif value:
            yield name
    for term in order:
        yield from term


def _asks_nothing(where: Where) -> bool:
    """Whether the filter holds for every row, whatever it is."""

    def idle(name: str, value: Any) -> bool:
        match name:
            case "and":
                return all(_asks_nothing(item) for item in _list(value))
            case "or":
                return any(_asks_nothing(item) for item in _list(value))
            case "not":
                return False
            case _:
                return not value

    return all(value is None or idle(name, value) for name, value in where.items())


def holds(where: Where | None, row: Row) -> bool | None:
    """Whether the filter holds: true, false or unknown."""
    return _all(_part(name, value, row) for name, value in (where or {}).items() if value is not None)


def _part(name: str, value: Any, row: Row) -> bool | None:
    match name:
        case "and":
            return _all(holds(item, row) for item in _list(value))
        case "or":
            return _negated(_all(_negated(holds(item, row)) for item in _list(value)))
        case "not":
            return _negated(holds(value, row))
        case _:
            return _all(_compare(operator, row[name], operand, name) for operator, operand in value.items())


def _compare(operator: str, left: Any, operand: Any, field: str) -> bool | None:
    if operator == "isNull":
        return (left is None) is operand
    if left is None:
        return None
    if operator in ("startsWith", "contains"):
        part = unicodedata.normalize("NFKC", operand)
        return bool(left.startswith(part) if operator == "startsWith" else part in left)
    right = [canonical(item, field) for item in _list(operand)]
    if operator in ("in", "notIn"):
        return (left in right) is (operator == "in")
    (wanted,) = right
    match operator:
        case "eq":
            return bool(left == wanted)
        case "ne":
            return bool(left != wanted)
        case "lt":
            return bool(left < wanted)
        case "lte":
            return bool(left <= wanted)
        case "gt":
            return bool(left > wanted)
        case "gte":
            return bool(left >= wanted)
        case _:
            raise ValueError(f"there is no operator {operator}")


def canonical(operand: Any, field: str) -> Any:
    """An operand as the rows spell it."""
    if not isinstance(operand, str):
        return operand
    text = unicodedata.normalize("NFKC", operand).strip()
    if field == "at" or field.endswith("At"):
        return datetime.fromisoformat(text).astimezone(_BEIJING).isoformat()
    return text.upper() if field == "uscc" else text


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _all(parts: Any) -> bool | None:
    """Conjunction: false if one is, else unknown if one is."""
    found = list(parts)
    if any(part is False for part in found):
        return False
    return None if any(part is None for part in found) else True


def _negated(truth: bool | None) -> bool | None:
    return None if truth is None else not truth


def ordered(rows: Sequence[Row], terms: Sequence[Mapping[str, str]]) -> list[Row]:
    """Rows in the client's order; a field that is named twice counts where it is named first."""
    found = sorted(rows, key=lambda row: row.key)
    for term in reversed(terms):
        for name, direction in term.items():
            known = [row for row in found if row[name] is not None]
            known.sort(key=itemgetter(name), reverse=direction == "DESC")
            found = [*known, *(row for row in found if row[name] is None)]
    return found
