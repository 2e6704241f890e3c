"""The words of a plan: where values come from, in which rows something holds, how a list is ordered and paged.

Neighbours: :mod:`resolvers.plan_tree` writes the plan with them.
"""

from collections.abc import Sequence
from typing import assert_never

from authz.decisions import scope_name
from connectors.contract import OrderTerm
from resolvers.authorized import MaskRule
from resolvers.conditions import Condition, certain
from resolvers.errors import FieldDenied, FilterDenied, OperationError, PurposeRequired
from resolvers.fetch_plan import ExecutablePlan, Leaf, Pager, SourceFetch
from resolvers.query_plan import (
    CanonicalText,
    Constant,
    FromKeySet,
    FromScope,
    FromVariable,
    ListOf,
    Page,
    ValueSource,
)
from schema.language import Language
from schema.predicates import ROW_KEY


def found_by(sources: Sequence[SourceFetch]) -> str:
    """What rows are found by: the same in every source of a node."""
    match = sources[0].prepared.fetch.keys if sources else None
    if match is None:
        return "from nowhere"
    return f"by {' else '.join(match.fields)}{' as subtree' if match.tree else ''}"


def seen(leaf: Leaf, language: Language) -> str:
    """Clear, masked or denied, and in which rows."""
    if certain(leaf.clear):
        return "clear"
    shown = [f"clear {where(leaf.clear)}"] if leaf.clear else []
    shown += [f"masked {where(rule.condition)} as {_mask(rule)}" for rule in leaf.rules]
    if not any(certain(rule.condition) for rule in leaf.rules):
        shown.append("else null" if shown else f"null, {refusal(leaf.denial, language)}")
    return ", ".join(shown)


def _mask(rule: MaskRule) -> str:
    return f"{rule.mask} (strict)" if rule.strict else str(rule.mask)


def refusal(error: OperationError | None, language: Language) -> str:
    """The code; of a denial also the coordinate and what would have to be different."""
    if error is None:
        return "not allowed"
    match error:
        case PurposeRequired():
            return f"{error.code} {error.extensions['coordinate']}: {' or '.join(error.extensions['purposes'])}"
        case FieldDenied() | FilterDenied():
            return f"{error.code} {error.extensions['coordinate']}: {error.extensions['reason'].said(language)}"
        case _:
            return error.code


def where(condition: Condition) -> str:
    """In which rows a condition holds."""
    if certain(condition):
        return "in every row"
    return f"in {' or '.join(map(scope_name, condition))}" if condition else "in no row"


def ordering(pager: Pager) -> str:
    """The complete order of a list."""
    terms = (_term(term) for term in pager.order)
    return f"{'read backwards' if pager.page.backward else 'ordered'} by {', '.join(terms)}"


def _term(term: OrderTerm) -> str:
    name = "row key" if term.field == ROW_KEY else term.field
    return f"{name} desc" if term.descending else name


def paging(page: Page) -> str:
    """How many rows, from where."""
    size = page.last if page.backward else page.first
    cursor = page.before if page.backward else page.after
    words = f"{'last' if page.backward else 'first'} {_size(size)}"
    return words if cursor is None else f"{words} {'before' if page.backward else 'after'} a cursor"


def _size(source: ValueSource | None) -> str:
    match source:
        case None:
            return "rows of a page"
        case Constant(value):
            return str(value)
        case _:
            return f"as {origin(source)} says"


def origin(source: ValueSource) -> str:
    """Where a parameter's value comes from."""
    match source:
        case Constant(None):
            return "a cursor's value"
        case Constant():
            return "a literal of the document"
        case FromVariable(path):
            return "variable " + ".".join(map(str, path))
        case ListOf(items):
            return f"list of {', '.join(dict.fromkeys(map(origin, items)))}" if items else "an empty list"
        case CanonicalText(inner):
            return f"{origin(inner)}, as canonical text"
        case FromScope(kind):
            return f"the caller's {kind}"
        case FromKeySet(index, column):
            return f"key set {index}, column {column}"
        case _:
            assert_never(source)


def scope_of(source: ValueSource, plan: ExecutablePlan) -> str | None:
    """The kind of scope a parameter stands for, if it stands for one."""
    match source:
        case FromScope(kind):
            return kind.value
        case FromKeySet(index):
            return f"{plan.key_sets[index].kind} (key set {index})"
        case _:
            return None
