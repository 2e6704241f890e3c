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
        single = len(records) == 1 and records[0].name not in ROOT_LISTS
        self._answer.data = {root.key: self._root(root, single=single) for root in selections}
        self._answer.hidden_values -= self._answer.shown_values
        return self._answer

    def _root(self, root: Selected, *, single: bool) -> Any:
        if root.name == "__typename":
            return "Query"
        if root.name in ROOT_LISTS:
            entity = ROOT_LISTS[root.name]
            if self._is_denied(self._denials.of_connection(entity, root)):
                return None
            self._deny_all(self._denials.inside_connection(entity, root))
            return self._rendering.connection(entity, root, self._city.rows[entity], None)
        if root.name == "node":
            return self._node(root, single=single)
        entity = ROOT_KEYS[root.name]
        ((name, value),) = ((name, value) for name, value in root.arguments.items() if value is not None)
        if name == "personKey":
            return self._person_by_key(root, value, single=single)
        if name == ENTITIES[entity].keys[0]:
            scopes: list[Scope] | None = None
        elif entity == "Person":
            scopes = self._access.lookup_scopes(entity, name)
        else:
            scopes = self._access.readable(entity, name, single=False)
        if scopes == [] and self._access.readable(entity, ROW, single=single):
            self._answer.deny(
                self._access.denial(entity, name) if entity == "Person" else Denial("FILTER_DENIED", f"{entity}.{name}")
            )
            return None
        if self._is_closed(entity, root, single=single):
            return None
        if entity == "Person":
            return self._look_up(root, value, scopes, single=single)
        wanted = int(value) if ENTITIES[entity].types.get(name) == "Int" else canonical(str(value), name)
        found = self._city.having(entity, name, wanted)
        return self._rendering.winner(entity, root, found, single=single, within=scopes)

    def _node(self, root: Selected, *, single: bool) -> Any:
        row_id = node_of(root, self._opened)
        if self._is_closed(row_id.entity, root, single=single):
            return None
        if row_id.entity == "Person":
            return self._rendering.person(root, row_id.key, single=single)
        found = [row for row in self._city.rows[row_id.entity] if row.key == row_id.key]
        return self._rendering.winner(row_id.entity, root, found, single=single)

    def _person_by_key(self, root: Selected, text: str, *, single: bool) -> Any:
        if self._is_closed("Person", root, single=single):
            return None
        key = self._opened.get(text.strip())
        if key is None or key.kind != "personKey":
            self._answer.errors.add(("BAD_INPUT", None))
            return None
        return self._rendering.person(root, key.key, single=single)

    def _look_up(self, root: Selected, value: object, scopes: list[Scope] | None, *, single: bool) -> Any:
        identity = normal_id(str(value).strip(), self._city.today)
        if identity is None:
            self._answer.errors.add(("BAD_INPUT", None))
            return None
        return self._rendering.person(root, identity, single=single, within=scopes)

    def _is_closed(self, entity: str, root: Selected, *, single: bool) -> bool:
        """Whether no row of ``entity`` can exist here; if any can, what is denied further in is noted."""
        if self._is_denied(self._denials.of_entity(entity, single=single)):
            return True
        self._deny_all(self._denials.inside(entity, root.on(entity), single=single))
        return False

    def _is_denied(self, denial: Denial | None) -> bool:
        if denial is not None:
            self._answer.deny(denial)
        return denial is not None

    def _deny_all(self, denials: Iterable[Denial]) -> None:
        for denial in denials:
            self._answer.deny(denial)
