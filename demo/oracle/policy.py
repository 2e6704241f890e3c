"""Who may see what: the rights of roles, each by hand in :mod:`demo.oracle.duties`, and what holds for all of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from demo.oracle.duties import DUTIES
from demo.oracle.entities import Label
from demo.oracle.model import ENTITIES, ROW
from demo.oracle.rights import Grant, Member

PURPOSES = ("party_discipline", "member_care", "cadre_management")
"""What an operation may be for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who asks. ``attributes``: identity, orgCode, divCode, unitNo, stationCode, mallAccount as far as there are."""

    role: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    purpose: str | None = None


def member_of(entity: str, name: str = ROW) -> Member:
    """The member by its name."""
    return Member(entity=entity, name=name, label=ENTITIES[entity].labels[name])


def row_class(entity: str, label: Label) -> Member:
    """Rows of ``entity`` that have a label of their own."""
    return Member(entity=entity, name=ROW, label=label)


def grants(role: str, purpose: str | None, member: Member) -> list[Grant]:
    """Everything the role is given on ``member``. Sensitive data of others come one record at a time.

    A right in a scope that no row of the entity can lie in is none.
    """
    duty = DUTIES.get(role)
    if duty is None:
        return []
    kinds = ENTITIES[member.entity].scopes.keys()
    given = [one for one in duty(purpose, member) if one.scope <= kinds]
    if member.label.personal == "S":
        given = [Grant(one.action, one.scope, single=one.single or "OWN" not in one.scope) for one in given]
    return given
