"""One record at a time: which of the records that an operation reaches is shown what may be seen of only one.

Their rights answer for nobody reached through a list. On the page of one record they answer for the caller himself, and
beyond him for the first record that they make a difference to.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from demo.oracle.documents import Selected
from demo.oracle.model import ENTITIES, ROW
from demo.oracle.policy import member_of, row_class
from demo.oracle.rights import Grant, Member

Steps = tuple[str, ...]
Grants = Callable[[Member], list[Grant]]
"""Everything that is given on a member."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How a record was reached: ``steps`` from the root, ``None`` through a list. ``turn``: those to the one record."""

    steps: Steps | None
    turn: Steps | None = None

    def step(self, relation: str, to: str) -> "Reach":
        """A step further, to one row of ``to``."""
        return self if self.steps is None else replace(self, steps=(*self.steps, relation, to))

    def serves(self, grant: Grant) -> bool:
        """Whether ``grant`` answers for the record."""
        if not grant.single:
            return True
        return self.steps is not None and ("OWN" in grant.scope or self.steps == self.turn)


LISTED = Reach(steps=None)


def reach_of_root(grants: Grants, entity: str | None, root: Selected) -> Reach:
    """How the record of the only root is reached; ``entity`` ``None``: it is no record, or not the only one."""
    if entity is None:
        return LISTED
    turns = (*_turns(grants, entity, root, (), classes=False), *_turns(grants, entity, root, (), classes=True))
    return Reach(steps=(), turn=turns[0] if turns else None)


def _turns(grants: Grants, entity: str, selected: Selected, steps: Steps, *, classes: bool) -> Iterator[Steps]:
    """Ways to the records to which the rights make a difference: to the row or a member of it, or to a class."""
    row = member_of(entity, ROW)
    if not _reads(grants, row):
        return
    if classes:
        labels = (one.label for one in ENTITIES[entity].classes)
        yield from (steps for label in labels if _differs(grants, row_class(entity, label)))
    elif _differs(grants, row):
        yield steps
    for one in selected.on(entity):
        relation = ENTITIES[entity].relations.get(one.name)
        name = ENTITIES[entity].base(one.name) if relation is None else one.name
        if one.name in ("id", "_meta", "__typename"):
            continue
        member = member_of(entity, name)
        if not classes and _differs(grants, member):
            yield steps
        if relation is not None and not relation.many and _reads(grants, member):
            for to in relation.to:
                yield from _turns(grants, to, one, (*steps, one.name, to), classes=classes)


def _reads(grants: Grants, member: Member) -> bool:
    return any(one.action == "read" for one in grants(member))


def _differs(grants: Grants, member: Member) -> bool:
    """Whether somebody else's record shows more in its turn."""
    given = [one for one in grants(member) if one.action == "read" and "OWN" not in one.scope]
    always = [one.scope for one in given if not one.single]
    return any(one.single and not any(scope <= one.scope for scope in always) for one in given)
