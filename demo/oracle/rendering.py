"""Rows as the caller sees them: fields decided one by one, relations followed, lists filtered, ordered and paged."""

from collections.abc import Mapping, Sequence
from typing import Any

from demo.oracle.access import Access, Clear, Masked
from demo.oracle.answer import Answer
from demo.oracle.canonical import City
from demo.oracle.codes import TITLES
from demo.oracle.conditions import holds, ordered
from demo.oracle.denials import Denials
from demo.oracle.documents import Selected, order_of, row_selections
from demo.oracle.entities import Relation
from demo.oracle.masks import masked
from demo.oracle.model import ENTITIES
from demo.oracle.opaque import Opaque
from demo.oracle.remarks import COMMON, Remarks, Shown
from demo.oracle.rights import Scope
from demo.oracle.rows import Row
from demo.oracle.rows_persons import SOURCES
from demo.oracle.scopes import Way
from demo.oracle.turns import LISTED, Reach

DEFAULT_PAGE = 20


class Rendering:
    """Renders rows of ``city`` and notes in ``answer`` what was clear, masked, denied and hidden.

    ``opened``: what cursors stand for.
    """

    def __init__(self, city: City, access: Access, answer: Answer, opened: Mapping[str, Opaque]) -> None:
        self._city, self._access, self._answer, self._opened = city, access, answer, opened
        self._denials = Denials(access)
        self._remarks = Remarks(city, access, self._denials)

    # --- rows ---------------------------------------------------------------------------------------------------------

    def winner(
        self,
        entity: str,
        selected: Selected,
        found: list[Row],
        *,
        reach: Reach,
        way: Way | None = None,
        within: list[Scope] | None = None,
    ) -> dict[str, Any] | None:
        """The newest of the rows with one key, if it exists for the caller."""
        inner = selected.on(entity)
        self._hide(found[1:], inner, None)
        if not found:
            return None
        if not self._access.exists(found[0], reach=reach, way=way, within=within):
            self._hide(found[:1], inner, way)
            return None
        duplicate = f"DUP_{_words(entity)}" if len(found) > 1 else None
        row = found[0]
        return self._row(Shown(row=row, sources=(row.source,), reach=reach, way=way, duplicate=duplicate), inner)

    def person(
        self,
        selected: Selected,
        identity: object,
        *,
        reach: Reach,
        way: Way | None = None,
        within: list[Scope] | None = None,
    ) -> dict[str, Any] | None:
        """The person of an identity, if that row exists for the caller."""
        inner = selected.on("Person")
        person = self._access.person(identity, way)
        if person is None:
            return None
        if not self._access.exists(person.row, reach=reach, way=way, within=within):
            self._hide([person.row], inner, way)
            return None
        duplicate = "DUP_PERSON" if person.duplicated else None
        shown = Shown(row=person.row, sources=person.sources, reach=reach, way=way, duplicate=duplicate)
        return self._row(shown, inner)

    def _row(self, shown: Shown, inner: tuple[Selected, ...]) -> dict[str, Any]:
        return {one.key: self._member(shown, one, inner) for one in inner}

    def _member(self, shown: Shown, selected: Selected, inner: tuple[Selected, ...]) -> Any:
        row = shown.row
        if selected.name == "__typename":
            return row.entity
        if selected.name == "id":
            return Opaque("id", row.entity, row.key)
        if selected.name == "_meta":
            return self._remarks.meta(shown, selected, inner)
        relation = ENTITIES[row.entity].relations.get(selected.name)
        return self._leaf(shown, selected) if relation is None else self._related(shown, selected, relation)

    def _leaf(self, shown: Shown, selected: Selected) -> Any:
        row, entity = shown.row, ENTITIES[shown.row.entity]
        base = entity.base(selected.name)
        coordinate, value = f"{row.entity}.{base}", row[base]
        match self._access.decide(row, base, reach=shown.reach, way=shown.way):
            case Clear():
                self._answer.counts["clear"] += 1
                told = self._clear(row.entity, selected.name, base, value)
                self._answer.show(told)
                return told
            case Masked(kind):
                self._answer.counts["masked"] += 1
                self._answer.masked.add(coordinate)
                self._answer.hide(value)
                return masked(kind, value, self._city.today) if entity.is_text(selected.name) else None
            case _:
                self._answer.deny(self._access.denial(row.entity, base))
                self._answer.hide(value)
                return None

    def _clear(self, entity: str, name: str, base: str, value: Any) -> Any:
        """A field as it is shown in clear: itself, a code's title, or a companion's text."""
        described = ENTITIES[entity]
        if value is None:
            return None
        if name in described.companions:
            mask = described.masks[base]
            return masked(mask, value, self._city.today) if mask in ("year", "amountBand") else str(value)
        if name != base:
            titles = TITLES[described.codes[base]]
            return [titles.get(each) for each in value] if base in described.lists else titles.get(value)
        if base in described.lists:
            return list(value)
        return Opaque("personKey", entity, value) if name == "personKey" else value

    def _related(self, shown: Shown, selected: Selected, relation: Relation) -> Any:
        row = shown.row
        if self._denials.of_relation(row.entity, selected, reach=shown.reach) is not None:
            return None
        if not isinstance(self._access.decide(row, selected.name, reach=shown.reach, way=shown.way), Clear):
            self._answer.deny(self._access.denial(row.entity, selected.name))
            return None
        way = Way(row, relation.back, shown.way)
        if relation.many:
            (to,) = relation.to
            return self.connection(to, selected, relation.find(self._city, row, to), way)
        if relation.to_person:
            return self.person(selected, row[relation.local], reach=shown.reach.step(selected.name, "Person"), way=way)
        hits = [
            self.winner(
                to, selected, relation.find(self._city, row, to), reach=shown.reach.step(selected.name, to), way=way
            )
            for to in relation.to
        ]
        return next((hit for hit in hits if hit is not None), None)

    # --- lists --------------------------------------------------------------------------------------------------------

    def connection(self, entity: str, selected: Selected, rows: list[Row], way: Way | None) -> dict[str, Any]:
        """The caller's rows among ``rows``, reached by ``way``, as the selection wants them."""
        where = selected.arguments.get("where")
        existing: list[Row] = []
        hidden: list[Row] = []
        for row in rows:
            (existing if self._access.exists(row, reach=LISTED, way=way) else hidden).append(row)
        for node in row_selections(selected):
            self._hide(hidden, node.inner, way)
        existing = ordered([row for row in existing if holds(where, row) is True], order_of(selected))
        page, more = self._page(selected, existing)
        shown: dict[str, Any] = {}
        for one in selected.inner:
            shown[one.key] = self._connection_member(entity, one, page, len(existing), more, way)
        return shown

    def _page(self, selected: Selected, existing: list[Row]) -> tuple[list[Row], tuple[bool, bool]]:
        """The page asked for, and whether there are rows after and before it, as far as Relay lets a page tell."""
        arguments = selected.arguments
        first, last = arguments.get("first"), arguments.get("last")
        backward = last is not None
        size = DEFAULT_PAGE if first is None else first
        if last is not None:
            size = last
        cursor = arguments.get("before" if backward else "after")
        rows = existing
        if cursor is not None:
            keys = [row.key for row in existing]
            at = keys.index(self._opened[cursor].key)
            rows = existing[:at] if backward else existing[at + 1 :]
        page = rows[max(0, len(rows) - size) :] if backward else rows[:size]
        more, from_cursor = len(rows) > len(page), cursor is not None
        return page, (from_cursor, more) if backward else (more, from_cursor)

    def _connection_member(
        self, entity: str, selected: Selected, page: list[Row], total: int, more: tuple[bool, bool], way: Way | None
    ) -> Any:
        def node(row: Row, inner: tuple[Selected, ...]) -> dict[str, Any]:
            return self._row(Shown(row=row, sources=(row.source,), reach=LISTED, way=way), inner)

        match selected.name:
            case "nodes":
                return [node(row, selected.inner) for row in page]
            case "edges":
                return [
                    {
                        e.key: node(row, e.inner)
                        if e.name == "node"
                        else Opaque("cursor", entity, row.key)
                        if e.name == "cursor"
                        else f"{entity}Edge"
                        for e in selected.inner
                    }
                    for row in page
                ]
            case "totalCount":
                return total
            case "pageInfo":
                start, end = (Opaque("cursor", entity, page[at].key) if page else None for at in (0, -1))
                info = {
                    "hasNextPage": more[0], "hasPreviousPage": more[1], "startCursor": start, "endCursor": end,
                    "__typename": "PageInfo",
                }  # fmt: skip
                return {one.key: info[one.name] for one in selected.inner}
            case _:
                return f"{entity}Connection"

    # --- what must not leak -------------------------------------------------------------------------------------------

    def _hide(self, rows: Sequence[Row], inner: tuple[Selected, ...], way: Way | None) -> None:
        """Note the selected values of rows that do not exist for the caller, and of whom they point to."""
        for one in inner if rows else ():
            entity = ENTITIES[rows[0].entity]
            if one.name in COMMON:
                continue
            relation = entity.relations.get(one.name)
            if relation is None:
                name = entity.base(one.name)
                for row in rows:
                    self._answer.hide(row[name])
            elif relation.to_person:
                for row in rows:
                    self._hide_person(one, row[relation.local], Way(row, relation.back, way))

    def _hide_person(self, selected: Selected, identity: object, way: Way) -> None:
        person = self._city.person(identity, frozenset(SOURCES))
        if person is not None and not self._access.exists(person.row, reach=LISTED, way=way):
            self._hide([person.row], selected.inner, way)


def _words(entity: str) -> str:
    """``PartyMember`` as PARTY_MEMBER."""
    return "".join(f"_{letter}" if letter.isupper() else letter for letter in entity).strip("_").upper()
