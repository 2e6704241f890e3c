"""Casbin decides: policy lines and one request -> allowed or denied, with the line that decided.

The only module that imports casbin. Stage: authorize. Neighbours: :mod:`authz.matching` holds the conditions that the
matcher in ``model.conf`` calls, :mod:`authz.compilation` asks ahead of time and keeps the answers as an `AccessMap`.

Traps of pycasbin that this module closes (each is pinned by a test): an enforcer without any line evaluates its matcher
over empty strings; ``enable_enforce(False)`` allows everything; values are compared as strings; another spelling of
``deny`` is silently no deny; a line with a column too few makes every request fail; lines of an unknown type vanish;
the role manager follows at most nine links; every denial is logged as a warning with the request's values.
"""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import casbin

from authz.decisions import ALL, Scope, scope_name
from authz.matching import Form, acts, columns, labelled, reaches, selects
from authz.policy import Action, Effect, PolicyLine, PolicyVersion
from schema.coordinates import Coordinate
from schema.labels import Label

_MODEL = Path(__file__).with_name("model.conf")
_EFFECT = "some(where (p_eft == allow)) && !some(where (p_eft == deny))"
_LOGGERS = ("casbin", "casbin.enforcer", "casbin.policy", "casbin.role")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """May ``subject`` (a role, or someone linked to roles) do ``action`` with a coordinate so labelled, in
    ``scope``?"""

    subject: str
    coordinate: Coordinate
    label: Label
    action: Action
    form: Form = "full"
    scope: Scope = ALL


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The answer. ``rule``: the first allow in the policy's order, or the first deny; ``None``: no line matched."""

    allowed: bool
    rule: str | None


class Enforcer:
    """An enforcer over a fixed set of lines; there is no way to change it or to switch it off."""

    def __init__(self, lines: Sequence[PolicyLine], links: Iterable[tuple[str, str]]) -> None:
        """``links``: (subject or role, role it has). Raises ``ValueError`` when there is not a single line."""
        if not lines:
            raise ValueError("an enforcer needs at least one policy line")
        model = casbin.Enforcer.new_model(path=str(_MODEL))
        if model["e"]["e"].value != _EFFECT:
            raise ValueError("the policy effect of model.conf is not: some allow and no deny")
        self._casbin = casbin.Enforcer(model, _FrozenLines(lines, links), enable_log=False)
        for name in _LOGGERS:
            logging.getLogger(name).setLevel(logging.CRITICAL)
        for function in (acts, selects, labelled, reaches):
            self._casbin.add_function(function.__name__, function)

    @classmethod
    def of_version(cls, policy: PolicyVersion, subjects: Iterable[tuple[str, str]] = ()) -> "Enforcer":
        """The whole policy, with ``subjects`` as (subject, role). The oracle of sliced enforcers."""
        inherited = ((role, parent) for role, parents in policy.inheritance.items() for parent in parents)
        return cls(policy.lines, (*inherited, *subjects))

    def decide(self, request: Request) -> Verdict:
        """Casbin's own decision. Raises ``ValueError`` for a line it cannot read."""
        label = request.label
        allowed, matched = self._casbin.enforce_ex(
            request.subject,
            request.coordinate,
            label.level,
            label.sharing.value,
            label.personal.value,
            label.tags,
            request.action.value,
            request.form,
            scope_name(request.scope),
        )
        return Verdict(allowed=allowed, rule=matched[0] if matched else None)


class _FrozenLines(casbin.persist.Adapter):  # type: ignore[misc]
    """A read-only adapter over lines that were checked when they were made.

    Casbin tells the last allow it met and stops at the first deny: denies go in first, allows in reverse, so that the
    line told is always the first of its kind in the policy.
    """

    def __init__(self, lines: Sequence[PolicyLine], links: Iterable[tuple[str, str]]) -> None:
        denies = [line for line in lines if line.effect is Effect.DENY]
        allows = [line for line in lines if line.effect is Effect.ALLOW]
        self._lines = [columns(line) for line in (*denies, *reversed(allows))]
        self._links = [list(link) for link in dict.fromkeys(links)]

    def load_policy(self, model: Any) -> None:
        """Fill ``model`` with everything at once."""
        width = len(model["p"]["p"].tokens)
        if any(len(line) != width for line in self._lines):
            raise ValueError(f"a policy line needs exactly {width} columns")
        model["p"]["p"].policy.extend(self._lines)
        model["g"]["g"].policy.extend(self._links)

    def _refuse(self, *_: Any) -> None:
        raise PermissionError("a policy version is read-only; write a new version")

    save_policy = add_policy = remove_policy = remove_filtered_policy = _refuse
