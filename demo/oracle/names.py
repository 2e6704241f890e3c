"""Which names of a document exist for its caller: what is never shared and never granted does not (D6)."""

from collections.abc import Mapping
from dataclasses import dataclass

from demo.oracle.access import Access
from demo.oracle.conditions import fields_named
from demo.oracle.documents import Selected, order_of, row_selections
from demo.oracle.model import ENTITIES, ROOT_KEYS, ROOT_LISTS
from demo.oracle.opaque import Opaque


class UnknownName(Exception):
    """The document names what does not exist for this caller."""


def node_of(root: Selected, opened: Mapping[str, Opaque]) -> Opaque:
    """The row that the id of ``node(id:)`` stands for. Raises `UnknownName` for an id that was never given out."""
    found = opened.get(root.arguments["id"])
    if found is None or found.kind != "id":
        raise UnknownName("node")
    return found


@dataclass(frozen=True, slots=True)
class Names:
    """Judges the names of one document; ``opened`` says what ids stand for."""

    _access: Access
    _opened: Mapping[str, Opaque]

    def check(self, selections: tuple[Selected, ...]) -> None:
        """Raise `UnknownName` when something selected or filtered by does not exist for the caller."""
        for root in selections:
            if root.name in ROOT_LISTS:
                self._check_connection(ROOT_LISTS[root.name], root)
            elif root.name in ROOT_KEYS:
                self._check_entity(ROOT_KEYS[root.name], root.inner)
            elif root.name == "node":
                entity = node_of(root, self._opened).entity
                self._check_entity(entity, root.on(entity))

    def _check_connection(self, entity: str, selected: Selected) -> None:
        for name in fields_named(selected.arguments.get("where"), order_of(selected)):
            self._check_name(entity, name)
        for node in row_selections(selected):
            self._check_entity(entity, node.inner)

    def _check_entity(self, entity: str, selections: tuple[Selected, ...]) -> None:
        for one in selections:
            if one.name in ("id", "_meta", "__typename"):
                continue
            self._check_name(entity, ENTITIES[entity].base(one.name))
            relation = ENTITIES[entity].relations.get(one.name)
            for target in relation.to if relation is not None else ():
                if relation is not None and relation.many:
                    self._check_connection(target, one)
                else:
                    self._check_entity(target, one.on(target))

    def _check_name(self, entity: str, name: str) -> None:
        if name not in ENTITIES[entity].labels or not self._access.is_named(entity, name):
            raise UnknownName(f"{entity}.{name}")
