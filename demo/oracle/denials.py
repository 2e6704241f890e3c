"""What is denied whatever the rows: branches in which no row, relation or filter can be the caller's."""

from collections.abc import Iterator
from dataclasses import dataclass

from demo.oracle.access import Access, Denial
from demo.oracle.conditions import fields_named
from demo.oracle.documents import Selected, order_of, row_selections
from demo.oracle.model import ENTITIES, ROW


@dataclass(frozen=True, slots=True)
class Denials:
    """Says why a branch is null for every row, or ``None``. ``single``: it reaches one record at most."""

    _access: Access

    def of_entity(self, entity: str, *, single: bool) -> Denial | None:
        """Rows of ``entity`` exist nowhere."""
        return None if self._access.readable(entity, ROW, single=single) else self._access.denial(entity)

    def of_connection(self, entity: str, selected: Selected) -> Denial | None:
        """They do not, or may not be filtered or sorted so."""
        fields = list(fields_named(selected.arguments.get("where"), order_of(selected)))
        return self.of_entity(entity, single=False) or self._access.filter_denial(entity, fields)

    def of_relation(self, entity: str, selected: Selected, *, single: bool) -> Denial | None:
        """The relation may not be followed, or leads nowhere."""
        if not self._access.readable(entity, selected.name, single=single):
            return self._access.denial(entity, selected.name)
        relation = ENTITIES[entity].relations[selected.name]
        if relation.many:
            return self.of_connection(relation.to[0], selected)
        denials = [self.of_entity(target, single=single) for target in relation.to]
        return denials[0] if all(denials) else None

    def inside(self, entity: str, inner: tuple[Selected, ...], *, single: bool) -> Iterator[Denial]:
        """Every denial among the relations of a selection, down to the first on each path."""
        for one in inner:
            relation = ENTITIES[entity].relations.get(one.name)
            if relation is None:
                continue
            denial = self.of_relation(entity, one, single=single)
            if denial is not None:
                yield denial
            elif relation.many:
                yield from self.inside_connection(relation.to[0], one)
            else:
                for target in relation.to:
                    if (closed := self.of_entity(target, single=single)) is not None:
                        yield closed
                    else:
                        yield from self.inside(target, one.on(target), single=single)

    def inside_connection(self, entity: str, selected: Selected) -> Iterator[Denial]:
        """The same below a list."""
        for node in row_selections(selected):
            yield from self.inside(entity, node.inner, single=False)
