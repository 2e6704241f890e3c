"""Rows as the caller sees them: fields decided one by one, relations followed, lists filtered, ordered and paged."""

from collections.abc import Mapping
from typing import Any

from demo.oracle.access import Access, Clear, Denial, Masked
from demo.oracle.answer import Answer
from demo.oracle.canonical import City
from demo.oracle.codes import TITLES
from demo.oracle.conditions import holds, ordered
from demo.oracle.denials import Denials
from demo.oracle.documents import Selected, order_of, row_selections
from demo.oracle.masks import masked
from demo.oracle.model import CODE_TABLES, COMPANIONS, MASKS, RELATIONS, base_field
from demo.oracle.opaque import ANY_TIME, Opaque
from demo.oracle.policy import Scope
from demo.oracle.rows import Row

DEFAULT_PAGE = 20
_MASKED_TEXTS = frozenset(name for name in MASKS if name.rpartition(".")[2] not in COMPANIONS.values())
"""Masked fields that are text themselves; the others are null when masked."""


class Rendering:
    """Renders rows of ``city`` and notes in ``answer`` what was clear, masked, denied and hidden.

    ``opened``: what cursors stand for.
    """

    def __init__(self, city: City, access: Access, answer: Answer, opened: Mapping[str, Opaque]) -> None:
        self._city, self._access, self._answer, self._opened = city, access, answer, opened
        self._denials = Denials(access)

    # --- rows ---------------------------------------------------------------------------------------------------------

    def winner(
        self,
        entity: str,
        selected: Selected,
        found: list[Row],
        *,
        single: bool,
        within: list[Scope] | None = None,
    ) -> Any:
        """The newest of the rows with one key, if it exists for the caller."""
        for other in found[1:]:
            self._hide(other, selected.inner, None)
        if not found:
            return None
        if not self._access.exists(found[0], single=single, within=within):
            self._hide(found[0], selected.inner, None)
            return None
        duplicate = f"DUP_{_words(entity)}" if len(found) > 1 else None
        sources = (found[0].source,)
        return self._row(found[0], selected.inner, single=single, sources=sources, duplicate=duplicate)

    def person(self, selected: Selected, identity: object, *, single: bool, within: list[Scope] | None = None) -> Any:
        """The person of an identity, if that row exists for the caller."""
        person = self._access.person(identity)
        if person is None:
            return None
        if not self._access.exists(person.row, single=single, within=within):
            self._hide(person.row, selected.inner, None)
            return None
        duplicate = "DUP_PERSON" if person.duplicated else None
        return self._row(person.row, selected.inner, single=single, sources=person.sources, duplicate=duplicate)

    def _row(
        self,
        row: Row,
        inner: tuple[Selected, ...],
        *,
        single: bool,
        sources: tuple[str, ...],
        duplicate: str | None = None,
        parent: Row | None = None,
    ) -> dict[str, Any]:
        shown: dict[str, Any] = {}
        for one in inner:
            if one.name == "__typename":
                shown[one.key] = row.entity
            elif one.name == "id":
                shown[one.key] = Opaque("id", row.entity, row.key)
            elif one.name == "_meta":
                shown[one.key] = self._meta(row, one, inner, sources, duplicate, single=single, parent=parent)
            elif one.name in RELATIONS[row.entity]:
                shown[one.key] = self._related(row, one, single=single, parent=parent)
            else:
                shown[one.key] = self._leaf(row, one, single=single, parent=parent)
        return shown

    def _leaf(self, row: Row, selected: Selected, *, single: bool, parent: Row | None) -> Any:
        base = base_field(row.entity, selected.name)
        coordinate, value = f"{row.entity}.{base}", row[base]
        decision = self._access.decide(row, base, single=single, parent=parent)
        match decision:
            case Clear():
                self._answer.counts["clear"] += 1
                shown = _clear(row.entity, selected.name, base, value)
                if isinstance(shown, str):
                    self._answer.shown_values.add(shown)
                return shown
            case Masked(kind):
                self._answer.counts["masked"] += 1
                self._answer.masked.add(coordinate)
                self._answer.hide(value)
                is_text = coordinate in _MASKED_TEXTS or f"{row.entity}.{selected.name}" in COMPANIONS
                return masked(kind, value, self._city.today) if is_text else None
            case _:
                self._answer.deny(Denial("FIELD_DENIED", coordinate))
                self._answer.hide(value)
                return None

    def _meta(
        self,
        row: Row,
        selected: Selected,
        inner: tuple[Selected, ...],
        sources: tuple[str, ...],
        duplicate: str | None,
        *,
        single: bool,
        parent: Row | None,
    ) -> dict[str, Any]:
        quality: dict[str, None] = {}
        hidden: dict[str, None] = {}
        for one in inner:
            if one.name in ("id", "_meta", "__typename") or one.name in RELATIONS[row.entity]:
                continue
            base = base_field(row.entity, one.name)
            decision = self._access.decide(row, base, single=single, parent=parent)
            if isinstance(decision, Masked):
                hidden[one.name] = None
            if isinstance(decision, Clear | Masked):
                quality |= dict.fromkeys(row.flaws.get(base, ()))
        if duplicate is not None:
            quality[duplicate] = None
        shown: dict[str, Any] = {}
        for one in selected.inner:
            match one.name:
                case "sources":
                    known = {"__typename": "SourceMeta", "asOf": ANY_TIME}
                    shown[one.key] = [
                        {each.key: (known | {"connector": source})[each.name] for each in one.inner}
                        for source in sources
                    ]
                case "quality":
                    shown[one.key] = list(quality)
                case "masked":
                    shown[one.key] = list(hidden)
                case _:
                    shown[one.key] = "RowMeta"
        return shown

    def _related(self, row: Row, selected: Selected, *, single: bool, parent: Row | None) -> Any:
        relation = RELATIONS[row.entity][selected.name]
        if self._denials.of_relation(row.entity, selected, single=single) is not None:
            return None
        if not isinstance(self._access.decide(row, selected.name, single=single, parent=parent), Clear):
            self._answer.deny(Denial("FIELD_DENIED", f"{row.entity}.{selected.name}"))
            return None
        found = relation.find(self._city, row)
        if relation.many:
            return self.connection(relation.to, selected, found, row)
        if relation.to == "Person":
            return self.person(selected, found, single=single)
        return self.winner(relation.to, selected, found, single=single)

    # --- lists --------------------------------------------------------------------------------------------------------

    def connection(self, entity: str, selected: Selected, rows: list[Row], parent: Row | None) -> dict[str, Any]:
        """The caller's rows among ``rows``, the related rows of ``parent``, as the selection wants them."""
        member = parent if parent is not None and parent.entity == "PartyMember" else None
        existing = []
        for row in rows:
            if not self._access.exists(row, single=False, parent=member):
                for node in row_selections(selected):
                    self._hide(row, node.inner, member)
            elif holds(selected.arguments.get("where"), row) is True:
                existing.append(row)
        existing = ordered(existing, order_of(selected))
        page, more = self._page(selected, existing)
        shown: dict[str, Any] = {}
        for one in selected.inner:
            shown[one.key] = self._connection_member(entity, one, page, len(existing), more, member)
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
        self, entity: str, selected: Selected, page: list[Row], total: int, more: tuple[bool, bool], member: Row | None
    ) -> Any:
        def node(row: Row, inner: tuple[Selected, ...]) -> dict[str, Any]:
            return self._row(row, inner, single=False, sources=(row.source,), parent=member)

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

    def _hide(self, row: Row, inner: tuple[Selected, ...], parent: Row | None) -> None:
        """Note the selected values of a row that does not exist for the caller, and of whom it points to."""
        for one in inner:
            if one.name in ("id", "_meta", "__typename"):
                continue
            relation = RELATIONS[row.entity].get(one.name)
            if relation is None:
                self._answer.hide(row[base_field(row.entity, one.name)])
            elif relation.to == "Person":
                person = self._city.person(relation.find(self._city, row), frozenset({"s1", "s3"}))
                if person is not None and not self._access.exists(person.row, single=False):
                    self._hide(person.row, one.inner, None)


def _clear(entity: str, name: str, base: str, value: Any) -> Any:
    """A field as it is shown in clear: itself, a code's title, or a companion's text."""
    if f"{entity}.{name}" in COMPANIONS:
        return None if value is None else _companion(name, value)
    if name != base:
        return TITLES[CODE_TABLES[f"{entity}.{base}"]].get(value)
    return Opaque("personKey", entity, value) if name == "personKey" and value is not None else value


def _companion(name: str, value: Any) -> str:
    """Text beside a value: its year or band where the name says so, else the value itself."""
    if name.endswith("Year"):
        return str(value)[:4]
    if name.endswith("Band"):
        yuan = value / 100
        return (
            "<3,000"
            if yuan < 3000
            else "3,000-5,000"
            if yuan <= 5000
            else "5,000-10,000"
            if yuan <= 10000
            else ">10,000"
        )
    return str(value)


def _words(entity: str) -> str:
    """``PartyMember`` as PARTY_MEMBER."""
    return "".join(f"_{letter}" if letter.isupper() else letter for letter in entity).strip("_").upper()
