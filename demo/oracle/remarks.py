"""What ``_meta`` tells of a row: its sources, which of its fields are masked, and the defects of what is shown."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from demo.oracle.access import Access, Clear, Denied, Masked
from demo.oracle.canonical import City
from demo.oracle.denials import Denials
from demo.oracle.documents import Selected
from demo.oracle.entities import Relation
from demo.oracle.model import ENTITIES
from demo.oracle.opaque import ANY_TIME, Codes
from demo.oracle.rows import Row
from demo.oracle.scopes import Way
from demo.oracle.turns import Reach

COMMON = ("id", "_meta", "__typename")
"""Members of every row that are decided with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A row that exists for the caller, the sources it is made of as far as he may know them, and how he came by it.

    ``reach``: how it was reached. ``duplicate``: the code of a key that several rows have.
    """

    row: Row
    sources: tuple[str, ...]
    reach: Reach
    way: Way | None = None
    duplicate: str | None = None


@dataclass(frozen=True, slots=True)
class Remarks:
    """Makes ``_meta`` for one caller."""

    _city: City
    _access: Access
    _denials: Denials

    def meta(self, shown: Shown, selected: Selected, inner: tuple[Selected, ...]) -> dict[str, Any]:
        """The value of ``_meta`` on a row of which ``inner`` is selected."""
        known = {"__typename": "SourceMeta", "asOf": ANY_TIME}
        told: dict[str, Any] = {}
        for one in selected.inner:
            match one.name:
                case "sources":
                    told[one.key] = [
                        {each.key: (known | {"connector": source})[each.name] for each in one.inner}
                        for source in shown.sources
                    ]
                case "quality":
                    told[one.key] = Codes(self._quality(shown, inner), shown.sources)
                case "masked":
                    told[one.key] = self._masked(shown, inner)
                case _:
                    told[one.key] = "RowMeta"
        return told

    def _masked(self, shown: Shown, inner: tuple[Selected, ...]) -> list[str]:
        """Names of the selected fields that are masked in this row."""
        entity = ENTITIES[shown.row.entity]
        fields = [one.name for one in inner if one.name not in COMMON and one.name not in entity.relations]
        decided = {
            name: self._access.decide(shown.row, entity.base(name), reach=shown.reach, way=shown.way) for name in fields
        }
        return [name for name, decision in decided.items() if isinstance(decision, Masked)]

    def _quality(self, shown: Shown, inner: tuple[Selected, ...]) -> Iterator[str]:
        """Defects of fields that are shown, checks between such fields, and what the relations followed say."""
        row, entity = shown.row, ENTITIES[shown.row.entity]
        if shown.duplicate is not None:
            yield shown.duplicate
        told = set()
        for one in inner:
            relation = entity.relations.get(one.name)
            name = one.name if relation is not None else entity.base(one.name)
            if one.name in COMMON:
                continue
            decision = self._access.decide(row, name, reach=shown.reach, way=shown.way)
            if relation is None and not isinstance(decision, Denied):
                told.add(name)
                yield from row.flaws.get(name, ())
            elif relation is not None and not relation.many and isinstance(decision, Clear):
                yield from self._of_relation(shown, one, relation)
        for failed in row.failed:
            if told.issuperset(failed.fields):
                yield failed.code

    def _of_relation(self, shown: Shown, selected: Selected, relation: Relation) -> Iterator[str]:
        row = shown.row
        if self._denials.of_relation(row.entity, selected, reach=shown.reach) is not None:
            return
        yield from row.flaws.get(relation.local, ())
        if relation.retired is not None and row[relation.retired]:
            yield "SOFT_DELETED_REF"
            return
        way = Way(row, relation.back, shown.way)
        found = [] if relation.to_person else [relation.find(self._city, row, to) for to in relation.to]
        is_orphan = relation.orphan is not None and row[relation.local] is not None and not any(found)
        if is_orphan and self._access.exist_all(relation.to[0], reach=shown.reach.step(selected.name, relation.to[0])):
            yield str(relation.orphan)
        there = (
            bool(rows) and self._access.exists(rows[0], reach=shown.reach.step(selected.name, to), way=way)
            for to, rows in zip(relation.to, found, strict=False)
        )
        if sum(there) > 1:
            yield f"CONFLICT({selected.name})"
