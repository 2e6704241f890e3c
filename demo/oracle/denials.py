"""What is denied whatever the rows: branches in which no row, relation or filter can be the caller's."""

from collections.abc import Iterator
from dataclasses import dataclass

from demo.oracle.access import Access, Denial
from demo.oracle.conditions import fields_named
from demo.oracle.documents import Selected, order_of, row_selections
from demo.oracle.model import ENTITIES, ROW
from demo.oracle.turns import LISTED, Reach


@dataclass(frozen=True, slots=True)
class Denials:
    """Says why a branch is null for every row, or ``None``. ``reach``: how its record, or its parent, is reached."""

    _access: Access

    def of_entity(self, entity: str, *, reach: Reach) -> Denial | None:
        """Rows of ``entity`` exist nowhere."""
        return None if self._access.readable(entity, ROW, reach=reach) else self._access.denial(entity)

    def of_connection(self, entity: str, selected: Selected) -> Denial | None:
        """They do not, or may not be filtered or sorted so."""
        fields = list(fields_named(selected.arguments.get("where"), order_of(selected)))
        return self.of_entity(entity, reach=LISTED) or self._access.filter_denial(entity, fields)

    def of_relation(self, entity: str, selected: Selected, *, reach: Reach) -> Denial | None:
        """The relation may not be followed, or leads nowhere."""
        if not self._access.readable(entity, selected.name, reach=reach):
            return self._access.denial(entity, selected.name)
        relation = ENTITIES[entity].relations[selected.name]
        if relation.many:
            return self.of_connection(relation.to[0], selected)
        denials = [self.of_entity(target, reach=reach.step(selected.name, target)) for target in relation.to]
        return denials[0] if all(denials) else None

    def inside(self, entity: str, inner: tuple[Selected, ...], *, reach: Reach) -> Iterator[Denial]:
        """Every denial among the relations of a selection, down to the first on each path."""
        for one in inner:
            relation = ENTITIES[entity].relations.get(one.name)
            if relation is None:
                continue
            denial = self.of_relation(entity, one, reach=reach)
            if denial is not None:
                yield denial
            elif relation.many:
                yield from self.inside_connection(relation.to[0], one)
            else:
                for target in relation.to:
                    further = reach.step(one.name, target)
                    if (closed := self.of_entity(target, reach=further)) is not None:
                        yield closed
                    else:
                        yield from self.inside(target, one.on(target), reach=further)

    def inside_connection(self, entity: str, selected: Selected) -> Iterator[Denial]:
        """The same below a list."""
        for node in row_selections(selected):
            yield from self.inside(entity, node.inner, reach=LISTED)
