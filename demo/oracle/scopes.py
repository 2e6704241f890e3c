"""Whether rows lie in a caller's scopes: kinds in conjunction, each by its entity's path (D19)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from demo.oracle.canonical import City, division_prefix, org_prefix
from demo.oracle.model import ENTITIES
from demo.oracle.rights import Scope
from demo.oracle.rows import Row


@dataclass(frozen=True, slots=True)
class Way:
    """How a row was reached: from ``row``, itself reached by ``way``; ``back`` is the relation that leads back."""

    row: Row
    back: str | None
    way: "Way | None" = None


class Scopes:
    """The scopes of a caller with ``attributes``: identity, orgCode, divCode, unitNo, stationCode, mallAccount."""

    def __init__(self, city: City, attributes: Mapping[str, str]) -> None:
        self._city = city
        self._attributes = attributes
        self._prefixes = {
            "ORGTREE": org_prefix(attributes.get("orgCode")),
            "DIVTREE": division_prefix(attributes.get("divCode")),
        }
        self._units = self._unit_tree(attributes.get("unitNo"))

    def _unit_tree(self, top: str | None) -> frozenset[str]:
        found: set[str] = set()
        pending = [top] if top is not None else []
        while pending:
            unit = pending.pop()
            if unit not in found:
                found.add(unit)
                pending += [below["unitNo"] for below in self._city.having("PublicUnit", "superiorNo", unit)]
        return frozenset(found)

    def inside(self, scope: Scope, row: Row, way: Way | None = None) -> bool:
        """Whether ``row`` lies in every kind of ``scope``: a row that belongs to another lies where the other does, and
        one that was reached from another belongs to that one.
        """
        return all(self._inside(kind, row, way) for kind in scope)

    def _inside(self, kind: str, row: Row, way: Way | None) -> bool:
        path = ENTITIES[row.entity].scopes.get(kind)
        return path is not None and self._along(kind, path.relations, path.field, row, way)

    def _along(self, kind: str, over: tuple[str, ...], field: str, row: Row, way: Way | None) -> bool:
        if not over:
            return self._holds(kind, row[field])
        step, *rest = over
        if way is not None and way.back == step:
            return self._along(kind, tuple(rest), field, way.row, way.way)
        owners = ENTITIES[row.entity].relations[step].belongs_to(self._city, row)
        return any(self._along(kind, tuple(rest), field, owner, None) for owner in owners)

    def _holds(self, kind: str, value: Any) -> bool:
        match kind:
            case "OWN" | "SHOP":
                return self._is(value, "identity")
            case "ACCOUNT":
                return self._is(value, "mallAccount")
            case "STN":
                return self._is(value, "stationCode")
            case "OPEN":
                return value is True
            case "UNITTREE":
                return value in self._units
            case "ORGTREE" | "DIVTREE":
                prefix = self._prefixes[kind]
                return prefix is not None and str(value or "").startswith(prefix)
            case _:
                raise ValueError(f"there is no scope {kind}")

    def _is(self, value: Any, attribute: str) -> bool:
        return value is not None and value == self._attributes.get(attribute)
