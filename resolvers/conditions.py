"""Conditions on a row's scopes: a disjunction of scopes, each a conjunction of scope kinds.

``()`` never holds; a condition with the empty scope (``ALL``) always does.
"""

from collections.abc import Iterable

from authz.decisions import ALL, Scope, covers
from schema.catalog import ScopeKind

Condition = tuple[Scope, ...]
ALWAYS: Condition = (ALL,)
NEVER: Condition = ()


def minimal(scopes: Iterable[Scope]) -> Condition:
    """The same condition without scopes that another one covers; deterministic order."""
    distinct = set(scopes)
    kept = [s for s in distinct if not any(other < s for other in distinct)]
    return tuple(sorted(kept, key=lambda s: (len(s), sorted(s))))


def intersection(left: Condition, right: Condition) -> Condition:
    """Rows that satisfy both."""
    return minimal(a | b for a in left for b in right)


def implied(by: Condition, condition: Condition) -> bool:
    """Every row that satisfies ``by`` satisfies ``condition``."""
    return all(any(covers(wider, narrower) for wider in condition) for narrower in by)


def given(condition: Condition, known: frozenset[ScopeKind]) -> Condition:
    """What remains to be checked of ``condition`` when the rows are known to lie in each kind of ``known``."""
    return minimal(scope - known for scope in condition)


def certain(condition: Condition) -> bool:
    """Whether the condition holds for every row."""
    return ALL in condition


def kinds_of(condition: Condition) -> frozenset[ScopeKind]:
    """Every scope kind the condition reads."""
    return frozenset().union(*condition)
