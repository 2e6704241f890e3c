"""The conditions of a policy line, as Casbin's matcher calls them: pure functions over the line's columns.

Casbin keeps a line as a list of strings and would compare them as strings (``'10' <= '3'`` is true there), so every
column is parsed here, strictly: a column in any other spelling raises ``ValueError`` and nothing is decided. A line's
column comes first in every signature, what the request says after it. Neighbours: ``model.conf`` names these functions,
:mod:`authz.enforcer` registers them, :mod:`authz.explain` tells with them why a line did not match.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Literal

from authz.decisions import ALL, Scope, covers, scope_name
from authz.policy import SELECTOR, Action, Effect, PolicyLine
from schema.catalog import ScopeKind
from schema.labels import PARTY, TRADE, PersonalInformation, Sharing

Form = Literal["full", "limited"]
"""How much of an action is meant. ``limited``: one record at a time for ``read``, the strict form for ``mask``."""

ANY = "*"
_TAGS = frozenset({PARTY, TRADE})
_NONE = "-"
_FORMS = ("full", "limited")


def columns(line: PolicyLine) -> list[str]:
    """The line as Casbin keeps it, in the order of ``model.conf``; read back by the functions below."""
    return [
        line.rule,
        line.role,
        line.selector,
        str(line.max_level),
        _spell(kind.value for kind in line.sharing),
        _spell(kind.value or _NONE for kind in line.personal),
        _spell(line.required_tags),
        _spell(line.forbidden_tags),
        line.action.value if line.action else ANY,
        "limited" if line.single or (line.action is Action.MASK and line.strict) else "full",
        scope_name(line.scope),
        line.effect.value,
    ]


def _spell(values: Iterable[str]) -> str:
    return " ".join(sorted(values))


def acts(effect: str, action: str, form: str, asked: str, asked_form: str) -> bool:
    """The line speaks of this action; an allow of the limited form does not serve who asks for the full one."""
    if action != ANY:
        Action(action)
    if form not in _FORMS or asked_form not in _FORMS:
        raise ValueError(f"form {form!r} or {asked_form!r} is not one of {', '.join(_FORMS)}")
    if action not in (ANY, Action(asked).value):
        return False
    return Effect(effect) is Effect.DENY or form == "full" or asked_form == "limited"


def selects(selector: str, coordinate: str) -> bool:
    """The selector names the coordinate: exactly, as ``Entity.*``, or as ``*``. Letters count as they are written."""
    entity, member = _selector(selector)
    if entity == ANY or selector == coordinate:
        return True
    return member == ANY and coordinate.startswith(f"{entity}.")


def labelled(
    max_level: str,
    sharings: str,
    classes: str,
    required: str,
    forbidden: str,
    level: int,
    sharing: str,
    personal: str,
    tags: frozenset[str],
) -> bool:
    """The coordinate's label meets all conditions of the line."""
    return (
        level <= _level(max_level)
        and sharing in _sharings(sharings)
        and personal in _classes(classes)
        and _tags(required) <= tags
        and not _tags(forbidden) & tags
    )


def reaches(effect: str, scope: str, asked: str) -> bool:
    """An allow covers every row of the scope asked for; a deny may meet some row of it.

    Nothing known ahead of time keeps two scopes apart (a row of one's own may lie in any subtree), so a deny always
    may.
    """
    line_scope, asked_scope = parse_scope(scope), parse_scope(asked)
    return Effect(effect) is Effect.DENY or covers(line_scope, asked_scope)


@lru_cache(maxsize=1024)
def parse_scope(text: str) -> Scope:
    """``ALL``, ``OWN``, ``DIVTREE&ORGTREE``. Raises ``ValueError`` for another spelling."""
    if text == "ALL":
        return ALL
    kinds = [ScopeKind(name) for name in text.split("&")]
    if len(set(kinds)) != len(kinds):
        raise ValueError(f"scope {text!r} names a kind twice")
    return frozenset(kinds)


@lru_cache(maxsize=4096)
def _selector(text: str) -> tuple[str, str]:
    if not SELECTOR.match(text):
        raise ValueError(f"selector {text!r} is not Entity.member, Entity, Entity.* or *")
    entity, _, member = text.partition(".")
    return entity, member


@lru_cache(maxsize=16)
def _level(text: str) -> int:
    if text not in ("1", "2", "3", "4"):
        raise ValueError(f"level {text!r} is not 1, 2, 3 or 4")
    return int(text)


@lru_cache(maxsize=64)
def _sharings(text: str) -> frozenset[str]:
    return frozenset(Sharing(word).value for word in text.split(" "))


@lru_cache(maxsize=64)
def _classes(text: str) -> frozenset[str]:
    return frozenset(PersonalInformation("" if word == _NONE else word).value for word in text.split(" "))


@lru_cache(maxsize=64)
def _tags(text: str) -> frozenset[str]:
    found = frozenset(text.split(" ")) if text else frozenset[str]()
    if unknown := found - _TAGS:
        raise ValueError(f"unknown tag {', '.join(sorted(unknown))}")
    return found
