"""The answer the hub must give to a document, computed naively over the canonical city.

Ids, cursors and pseudonyms cannot be known here: an `Opaque` stands for any text that is not empty, `ANY_TIME` for a
source's as-of. Where such a text comes back as input, the caller of `evaluate` says what it stood for.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from demo.oracle.access import Access, Clear, Denial, Masked
from demo.oracle.canonical import City
from demo.oracle.codes import TITLES
from demo.oracle.conditions import fields_named, holds, ordered
from demo.oracle.documents import Selected, read_operation
from demo.oracle.identity import normal_id
from demo.oracle.masks import masked
from demo.oracle.model import CODE_TABLES, COMPANIONS, LABELS, MASKS, RELATIONS, ROOT_KEYS, ROOT_LISTS, ROW, base_field
from demo.oracle.opaque import ANY_TIME, Opaque
from demo.oracle.policy import Caller, Scope
from demo.oracle.rows import Row

DEFAULT_PAGE = 20
_MASKED_TEXTS = frozenset(name for name in MASKS if name.rpartition(".")[2] not in COMPANIONS.values())
"""Masked fields that are text themselves; the others are null when masked."""

Errors = set[tuple[str, str | None]]


@dataclass(slots=True, kw_only=True)
class Answer:
    """What must come back, and what was decided on the way.

    ``data`` is ``None`` for an operation that is refused as a whole. ``errors``: (code, coordinate). ``counts``: leaves
    that are clear, masked, denied. ``hidden_values``: texts of what the caller must not see, as far as the operation
    touched it, and that no visible value equals.
    """

    data: dict[str, Any] | None = None
    errors: Errors = field(default_factory=set)
    denied: set[str] = field(default_factory=set)
    masked: set[str] = field(default_factory=set)
    counts: Counter[str] = field(default_factory=Counter)
    hidden_values: set[str] = field(default_factory=set)
    shown_values: set[str] = field(default_factory=set)


class UnknownName(Exception):
    """The document names what does not exist for this caller."""


def evaluate(
    city: City,
    caller: Caller,
    document: str,
    variables: Mapping[str, Any] | None = None,
    opened: Mapping[str, Opaque] | None = None,
) -> Answer:
    """The answer to the only operation of ``document``. ``opened``: what opaque texts stood for in earlier answers; a
    text that is not there was never given out.
    """
    selections = read_operation(document, variables or {})
    evaluation = _Evaluation(city, Access(city, caller), opened or {})
    try:
        evaluation.check_names(selections)
    except UnknownName:
        return Answer(errors={("BAD_INPUT", None)})
    return evaluation.run(selections)


class _Evaluation:
    def __init__(self, city: City, access: Access, opened: Mapping[str, Opaque]) -> None:
        self._city, self._access, self._opened = city, access, opened
        self._answer = Answer()

    # --- names --------------------------------------------------------------------------------------------------------

    def check_names(self, selections: tuple[Selected, ...]) -> None:
        """Raise `UnknownName` when something selected or filtered by does not exist for the caller."""
        for root in selections:
            if root.name in ROOT_LISTS:
                self._check_connection(ROOT_LISTS[root.name], root)
            elif root.name in ROOT_KEYS:
                self._check_entity(ROOT_KEYS[root.name], root.inner)
            elif root.name == "node":
                self._check_entity(self._node_id(root).entity, root.inner)

    def _node_id(self, root: Selected) -> Opaque:
        found = self._opened.get(root.arguments["id"])
        if found is None or found.kind != "id":
            raise UnknownName("node")
        return found

    def _check_connection(self, entity: str, selected: Selected) -> None:
        for name in fields_named(selected.arguments.get("where"), _order(selected)):
            self._check_name(entity, name)
        for node in _nodes(selected):
            self._check_entity(entity, node.inner)

    def _check_entity(self, entity: str, selections: tuple[Selected, ...]) -> None:
        for one in selections:
            if one.name in ("id", "_meta", "__typename"):
                continue
            self._check_name(entity, base_field(entity, one.name))
            relation = RELATIONS[entity].get(one.name)
            if relation is not None and relation.many:
                self._check_connection(relation.to, one)
            elif relation is not None:
                self._check_entity(relation.to, one.inner)

    def _check_name(self, entity: str, name: str) -> None:
        if name not in LABELS[entity] or not self._access.is_named(entity, name):
            raise UnknownName(f"{entity}.{name}")

    # --- roots --------------------------------------------------------------------------------------------------------

    def run(self, selections: tuple[Selected, ...]) -> Answer:
        """Every root in order."""
        records = [root for root in selections if root.name != "__typename"]
        single = len(records) == 1 and records[0].name not in ROOT_LISTS
        self._answer.data = {root.key: self._root(root, single=single) for root in selections}
        self._answer.hidden_values -= self._answer.shown_values
        return self._answer

    def _root(self, root: Selected, *, single: bool) -> Any:
        if root.name == "__typename":
            return "Query"
        if root.name in ROOT_LISTS:
            entity = ROOT_LISTS[root.name]
            if self._is_denied(self._connection_denial(entity, root)):
                return None
            return self._connection(entity, root, self._city.rows[entity], None)
        if root.name == "node":
            return self._node(root, single=single)
        entity = ROOT_KEYS[root.name]
        ((name, value),) = ((name, value) for name, value in root.arguments.items() if value is not None)
        if name == "personKey":
            return self._person_by_key(root, value, single=single)
        lookup = entity == "Person"
        scopes = self._access.lookup_scopes(entity, name) if lookup else self._key_scopes(entity, name)
        if not scopes and self._access.readable(entity, ROW, single=single):
            self._deny("FIELD_DENIED" if lookup else "FILTER_DENIED", f"{entity}.{name}")
            return None
        if self._is_denied(self._entity_denial(entity, root.inner, single=single)):
            return None
        if lookup:
            return self._look_up(root, value, scopes, single=single)
        wanted = int(value) if name.endswith(("No", "Id")) and name not in ("unitNo", "staffNo") else str(value).strip()
        found = self._city.having(entity, name, wanted)
        return self._winner(entity, root, found, single=single, within=scopes)

    def _node(self, root: Selected, *, single: bool) -> Any:
        row_id = self._node_id(root)
        if self._is_denied(self._entity_denial(row_id.entity, root.inner, single=single)):
            return None
        if row_id.entity == "Person":
            return self._person(root, row_id.key, single=single)
        found = [row for row in self._city.rows[row_id.entity] if row.key == row_id.key]
        return self._winner(row_id.entity, root, found, single=single)

    def _person_by_key(self, root: Selected, text: str, *, single: bool) -> Any:
        if self._is_denied(self._entity_denial("Person", root.inner, single=single)):
            return None
        key = self._opened.get(text.strip())
        if key is None or key.kind != "personKey":
            self._answer.errors.add(("BAD_INPUT", None))
            return None
        return self._person(root, key.key, single=single)

    def _key_scopes(self, entity: str, name: str) -> list[Scope]:
        return self._access.readable(entity, name, single=False)

    def _look_up(self, root: Selected, value: object, scopes: list[Scope], *, single: bool) -> Any:
        identity = normal_id(str(value).strip(), self._city.today)
        if identity is None:
            self._answer.errors.add(("BAD_INPUT", None))
            return None
        return self._person(root, identity, single=single, within=scopes)

    # --- what is denied whatever the rows -----------------------------------------------------------------------------

    def _is_denied(self, denial: Denial | None) -> bool:
        if denial is not None:
            self._deny(denial.code, denial.coordinate)
        return denial is not None

    def _deny(self, code: str, coordinate: str) -> None:
        self._answer.errors.add((code, coordinate))
        self._answer.denied.add(coordinate)
        self._answer.counts["denied"] += 1

    def _entity_denial(self, entity: str, inner: tuple[Selected, ...], *, single: bool) -> Denial | None:
        """Why no row of ``entity`` can exist here; denials further in are noted as they are met."""
        if not self._access.readable(entity, ROW, single=single):
            return Denial("FIELD_DENIED", entity)
        self._note_inner_denials(entity, inner, single=single)
        return None

    def _connection_denial(self, entity: str, selected: Selected) -> Denial | None:
        if not self._access.readable(entity, ROW, single=False):
            return Denial("FIELD_DENIED", entity)
        fields = list(fields_named(selected.arguments.get("where"), _order(selected)))
        denial = self._access.filter_denial(entity, fields)
        if denial is None:
            for node in _nodes(selected):
                self._note_inner_denials(entity, node.inner, single=False)
        return denial

    def _note_inner_denials(self, entity: str, inner: tuple[Selected, ...], *, single: bool) -> None:
        for one in inner:
            if one.name in RELATIONS[entity]:
                self._is_denied(self._relation_denial(entity, one, single=single))

    def _relation_denial(self, entity: str, selected: Selected, *, single: bool) -> Denial | None:
        if not self._access.readable(entity, selected.name, single=single):
            return Denial("FIELD_DENIED", f"{entity}.{selected.name}")
        relation = RELATIONS[entity][selected.name]
        if relation.many:
            return self._connection_denial(relation.to, selected)
        return self._entity_denial(relation.to, selected.inner, single=single)

    # --- rows ---------------------------------------------------------------------------------------------------------

    def _winner(
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

    def _person(self, selected: Selected, identity: object, *, single: bool, within: list[Scope] | None = None) -> Any:
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
                self._hide_value(value)
                is_text = coordinate in _MASKED_TEXTS or f"{row.entity}.{selected.name}" in COMPANIONS
                return masked(kind, value, self._city.today) if is_text else None
            case _:
                self._deny("FIELD_DENIED", coordinate)
                self._hide_value(value)
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
        before = self._answer
        self._answer = Answer()  # noted once already, when the branch was reached
        denied = self._relation_denial(row.entity, selected, single=single) is not None
        self._answer = before
        if denied:
            return None
        if not isinstance(self._access.decide(row, selected.name, single=single, parent=parent), Clear):
            self._deny("FIELD_DENIED", f"{row.entity}.{selected.name}")
            return None
        found = relation.find(self._city, row)
        if relation.many:
            return self._connection(relation.to, selected, found, row)
        if relation.to == "Person":
            return self._person(selected, found, single=single)
        return self._winner(relation.to, selected, found, single=single)

    # --- lists --------------------------------------------------------------------------------------------------------

    def _connection(self, entity: str, selected: Selected, rows: list[Row], parent: Row | None) -> dict[str, Any]:
        member = parent if parent is not None and parent.entity == "PartyMember" else None
        existing = []
        for row in rows:
            if not self._access.exists(row, single=False, parent=member):
                for node in _nodes(selected):
                    self._hide(row, node.inner, member)
            elif holds(selected.arguments.get("where"), row) is True:
                existing.append(row)
        existing = ordered(existing, _order(selected))
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

    def _hide_value(self, value: object) -> None:
        if value is not None and not isinstance(value, bool):
            self._answer.hidden_values.add(str(value))

    def _hide(self, row: Row, inner: tuple[Selected, ...], parent: Row | None) -> None:
        """Note the selected values of a row that does not exist for the caller, and of whom it points to."""
        for one in inner:
            if one.name in ("id", "_meta", "__typename"):
                continue
            relation = RELATIONS[row.entity].get(one.name)
            if relation is None:
                self._hide_value(row[base_field(row.entity, one.name)])
            elif relation.to == "Person":
                person = self._city.person(relation.find(self._city, row), frozenset({"s1", "s3"}))
                if person is not None and not self._access.exists(person.row, single=False):
                    self._hide(person.row, one.inner, None)


def _clear(entity: str, name: str, base: str, value: Any) -> Any:
    """A field as it is shown in clear: itself, a code's title, or a companion's text."""
    if f"{entity}.{name}" in COMPANIONS:
        return None if value is None else str(value)
    if name != base:
        return TITLES[CODE_TABLES[f"{entity}.{base}"]].get(value)
    return Opaque("personKey", entity, value) if name == "personKey" and value is not None else value


def _nodes(selected: Selected) -> list[Selected]:
    """Where a connection's selection shows rows."""
    edges = [inner for one in selected.inner if one.name == "edges" for inner in one.inner if inner.name == "node"]
    return [one for one in selected.inner if one.name == "nodes"] + edges


def _order(selected: Selected) -> list[Mapping[str, str]]:
    given = selected.arguments.get("orderBy") or []
    return [given] if isinstance(given, Mapping) else given


def _words(entity: str) -> str:
    """``PartyMember`` as PARTY_MEMBER."""
    return "".join(f"_{letter}" if letter.isupper() else letter for letter in entity).strip("_").upper()
