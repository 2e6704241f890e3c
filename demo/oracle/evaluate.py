"""The answer the hub must give to a document, computed naively over the canonical city.

Ids, cursors and pseudonyms cannot be known here: an `Opaque` stands for any text that is not empty, `ANY_TIME` for a
source's as-of. Where such a text comes back as input, the caller of `evaluate` says what it stood for.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from demo.oracle.access import Access, Denial
from demo.oracle.answer import Answer
from demo.oracle.canonical import City
from demo.oracle.conditions import canonical
from demo.oracle.denials import Denials
from demo.oracle.documents import Selected, read_operation
from demo.oracle.identity import normal_id
from demo.oracle.model import ENTITIES, ROOT_KEYS, ROOT_LISTS, ROW
from demo.oracle.names import Names, UnknownName, node_of
from demo.oracle.opaque import Opaque
from demo.oracle.policy import Caller
from demo.oracle.rendering import Rendering
from demo.oracle.rights import Scope
from demo.oracle.turns import LISTED, Reach, reach_of_root

__all__ = ["Answer", "evaluate"]


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
    access = Access(city, caller)
    try:
        Names(access, opened or {}).check(selections)
    except UnknownName:
        return Answer(errors={("BAD_INPUT", None)})
    return _Evaluation(city, access, opened or {}).run(selections)


class _Evaluation:
    def __init__(self, city: City, access: Access, opened: Mapping[str, Opaque]) -> None:
        self._city, self._access, self._opened = city, access, opened
        self._answer = Answer()
        self._denials = Denials(access)
        self._rendering = Rendering(city, access, self._answer, opened)

    def run(self, selections: tuple[Selected, ...]) -> Answer:
        """Every root in order."""
        records = [root for root in selections if root.name != "__typename"]
        only = records[0] if len(records) == 1 else None
        reach = LISTED if only is None else reach_of_root(self._access.grants, self._entity_of(only), only)
        self._answer.data = {root.key: self._root(root, reach=reach) for root in selections}
        self._answer.hidden_values -= self._answer.shown_values
        return self._answer

    def _entity_of(self, root: Selected) -> str | None:
        """What kind of record the root is; ``None`` for a list."""
        return node_of(root, self._opened).entity if root.name == "node" else ROOT_KEYS.get(root.name)

    def _root(self, root: Selected, *, reach: Reach) -> Any:
        if root.name == "__typename":
            return "Query"
        if root.name in ROOT_LISTS:
            entity = ROOT_LISTS[root.name]
            if self._is_denied(self._denials.of_connection(entity, root)):
                return None
            self._deny_all(self._denials.inside_connection(entity, root))
            return self._rendering.connection(entity, root, self._city.rows[entity], None)
        if root.name == "node":
            return self._node(root, reach=reach)
        entity = ROOT_KEYS[root.name]
        ((name, value),) = ((name, value) for name, value in root.arguments.items() if value is not None)
        if name == "personKey":
            return self._person_by_key(root, value, reach=reach)
        if name == ENTITIES[entity].keys[0]:
            scopes: list[Scope] | None = None
        elif entity == "Person":
            scopes = self._access.lookup_scopes(entity, name)
        else:
            scopes = self._access.readable(entity, name, reach=LISTED)
        if scopes == [] and self._access.readable(entity, ROW, reach=reach):
            self._answer.deny(
                self._access.denial(entity, name) if entity == "Person" else Denial("FILTER_DENIED", f"{entity}.{name}")
            )
            return None
        if self._is_closed(entity, root, reach=reach):
            return None
        if entity == "Person":
            return self._look_up(root, value, scopes, reach=reach)
        wanted = int(value) if ENTITIES[entity].types.get(name) == "Int" else canonical(str(value), name)
        found = self._city.having(entity, name, wanted)
        return self._rendering.winner(entity, root, found, reach=reach, within=scopes)

    def _node(self, root: Selected, *, reach: Reach) -> Any:
        row_id = node_of(root, self._opened)
        if self._is_closed(row_id.entity, root, reach=reach):
            return None
        if row_id.entity == "Person":
            return self._rendering.person(root, row_id.key, reach=reach)
        found = [row for row in self._city.rows[row_id.entity] if row.key == row_id.key]
        return self._rendering.winner(row_id.entity, root, found, reach=reach)

    def _person_by_key(self, root: Selected, text: str, *, reach: Reach) -> Any:
        if self._is_closed("Person", root, reach=reach):
            return None
        key = self._opened.get(text.strip())
        if key is None or key.kind != "personKey":
            self._answer.errors.add(("BAD_INPUT", None))
            return None
        return self._rendering.person(root, key.key, reach=reach)

    def _look_up(self, root: Selected, value: object, scopes: list[Scope] | None, *, reach: Reach) -> Any:
        identity = normal_id(str(value).strip(), self._city.today)
        if identity is None:
            self._answer.errors.add(("BAD_INPUT", None))
            return None
        return self._rendering.person(root, identity, reach=reach, within=scopes)

    def _is_closed(self, entity: str, root: Selected, *, reach: Reach) -> bool:
        """Whether no row of ``entity`` can exist here; if any can, what is denied further in is noted."""
        if self._is_denied(self._denials.of_entity(entity, reach=reach)):
            return True
        self._deny_all(self._denials.inside(entity, root.on(entity), reach=reach))
        return False

    def _is_denied(self, denial: Denial | None) -> bool:
        if denial is not None:
            self._answer.deny(denial)
        return denial is not None

    def _deny_all(self, denials: Iterable[Denial]) -> None:
        for denial in denials:
            self._answer.deny(denial)
