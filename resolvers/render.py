"""A plan as text, for people: what is asked of which source, how rows are restricted, and who sees what of them.

Holds no value: neither the caller's nor a row's. Neighbours: :mod:`resolvers.prepare` makes the plan, ``hutong plan``
prints it.
"""

from collections.abc import Iterator, Sequence
from typing import assert_never

from authz.decisions import scope_name
from connectors.contract import OrderTerm, Prepared
from resolvers.authorized import MaskRule
from resolvers.conditions import Condition, certain
from resolvers.errors import FieldDenied, FilterDenied, OperationError, PurposeRequired
from resolvers.fetch_plan import (
    Checked,
    Connection,
    ExecutablePlan,
    Flag,
    Hop,
    Inherited,
    InKeySet,
    KeyForm,
    Leaf,
    Node,
    OfField,
    OneOf,
    Outside,
    Pager,
    Path,
    PlannedRoot,
    Shape,
    SourceFetch,
)
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
from schema.predicates import ROW_KEY, fields_of, slots_of

_STEP = "  "


def render_plan(plan: ExecutablePlan, language: Language) -> str:
    """The plan as an indented tree, ending in a newline; why something is denied is told in ``language``."""
    return "\n".join(_Renderer(plan, language).lines()) + "\n"


class _Renderer:
    def __init__(self, plan: ExecutablePlan, language: Language) -> None:
        self._plan = plan
        self._language = language
        self._denied: dict[Path, OperationError] = dict(plan.denials)

    def lines(self) -> Iterator[str]:
        """Everything, top down."""
        yield from self._parameters()
        if self._plan.unit_tree is not None:
            yield "first: the units below the caller's, level by level"
            yield from _indented(self._statement(self._plan.unit_tree.prepared, self._plan.unit_tree.connector))
        for index, key_set in enumerate(self._plan.key_sets):
            yield f"first: key set {index}, the keys of the caller's {key_set.kind}"
            yield from _indented(self._statement(key_set.fetch.prepared, key_set.fetch.connector))
        if self._plan.as_of:
            yield f"first: the age of {', '.join(sorted(self._plan.as_of))}"
        for root in self._plan.roots:
            yield from self._root(root)

    def _parameters(self) -> Iterator[str]:
        if self._plan.parameters:
            yield "parameters"
            for slot, source in enumerate(self._plan.parameters):
                yield f"{_STEP}${slot} {_origin(source)}"

    def _root(self, root: PlannedRoot) -> Iterator[str]:
        key = root.root.response_key
        match root.target:
            case Connection():
                yield from self._connection(f"{key}: list of {root.target.node.entity}", root.target)
            case Node():
                origin = "=" if root.form is KeyForm.FIELD else f"behind the {root.form}"
                yield f"{key}: one {root.target.entity} {_keys(root.target.sources)} {origin} ${root.slot}"
                if others := self._together(root):
                    yield f"{_STEP}asked together with {', '.join(others)}"
                yield from _indented(self._node(root.target))
            case None:
                denied = self._denied.get((key,))
                yield (
                    f"{key}: answered by the schema"
                    if denied is None
                    else f"{key}: null, {_refusal(denied, self._language)}"
                )
            case _:
                assert_never(root.target)

    def _together(self, root: PlannedRoot) -> list[str]:
        """The other roots that share this one's statements."""
        return [
            other.root.response_key
            for other in self._plan.roots
            if other is not root and isinstance(other.target, Node) and other.group == root.group
        ]

    # --- rows -------------------------------------------------------------------------------------------------------

    def _connection(self, title: str, connection: Connection) -> Iterator[str]:
        pager = connection.pager
        yield f"{title}, {_order(pager)}, {_page(pager.page)}"
        node = connection.node
        yield from _indented(self._restrictions(node, pushed=node.sources))
        if connection.wants_rows:
            yield from _indented(self._sources(node))
        if pager.count is not None:
            yield f"{_STEP}count"
            yield from _indented(self._statement(pager.count.prepared, pager.count.connector), 2)
        for shape in node.shapes:
            yield f"{_STEP}{'.'.join(shape.path[len(node.path) :])}"
            yield from _indented(self._shape(shape), 2)

    def _node(self, node: Node) -> Iterator[str]:
        yield from self._restrictions(node, pushed=())
        yield from self._sources(node)
        for shape in node.shapes:
            yield from self._shape(shape)

    def _sources(self, node: Node) -> Iterator[str]:
        if not node.sources:
            yield "no source that the caller may know of"
        for source in node.sources:
            yield from self._statement(source.prepared, source.connector)
            if not certain(source.gate):
                yield f"{_STEP}used only {_where(source.gate)}"

    def _restrictions(self, node: Node, *, pushed: Sequence[SourceFetch]) -> Iterator[str]:
        if node.proved:
            yield f"rows: {', '.join(node.proved)} proved by the parent row"
        for source in pushed:
            slots = slots_of(source.prepared.fetch.predicate)
            kinds = {_scope_of(self._plan.parameters[slot], self._plan) for slot in slots}
            if names := sorted(kind for kind in kinds if kind is not None):
                yield f"rows: {', '.join(names)} pushed into the statement"
        if not certain(node.rows):
            yield f"rows: kept {_where(node.rows)}"
        for test in node.classes:
            yield f"rows: class {test.row_class.label} by {', '.join(test.fields)}, kept {_where(test.rows)}"
        for flag in node.flags:
            yield from self._flag(flag)

    def _flag(self, flag: Flag) -> Iterator[str]:
        match flag:
            case Inherited():
                yield f"flag {flag.kind}: as the parent row's"
            case OfField():
                yield f"flag {flag.kind}: decided on the row by ${flag.slot}"
            case InKeySet():
                yield f"flag {flag.kind}: decided on the row by {', '.join(f'${slot}' for slot in flag.slots)}"
            case Outside():
                yield f"flag {flag.kind}: no row, for the entity has no path of this kind"
            case Checked():
                yield f"flag {flag.kind}: checked for all rows at once"
                yield from _indented(self._statement(flag.fetch.prepared, flag.fetch.connector))
            case _:
                assert_never(flag)

    def _statement(self, prepared: Prepared, connector: str) -> Iterator[str]:
        """A source's statement, and what is left to the hub."""
        yield f"{connector}:"
        yield from _indented(prepared.statement.splitlines())
        if prepared.residual is not None:
            rechecked = sorted(set(fields_of(prepared.residual)))
            yield f"{_STEP}rechecked by the hub: {', '.join(rechecked)}"
        if prepared.fetch.order and not prepared.ordered:
            yield f"{_STEP}sorted by the hub"

    # --- what is shown ------------------------------------------------------------------------------------------------

    def _shape(self, shape: Shape) -> Iterator[str]:
        for leaf in shape.leaves:
            yield f"{leaf.response_key}: {_seen(leaf, self._language)}"
        for hop in shape.hops:
            yield from self._hop(hop)
        for path, error in self._plan.denials:
            if path[:-1] == shape.path:
                yield f"{path[-1]}: null, {_refusal(error, self._language)}"

    def _hop(self, hop: Hop) -> Iterator[str]:
        target = hop.target
        if isinstance(target, Connection):
            sources = target.node.sources
            title = f"{hop.response_key}: list of {target.node.entity} {_keys(sources)}"
            lines = self._connection(title, target)
        elif isinstance(target, OneOf):
            lines = iter((f"{hop.response_key}: the first of", *_indented(self._one_of(target))))
        else:
            title = f"{hop.response_key}: {target.entity} {_keys(target.sources)}"
            lines = iter((title, *_indented(self._node(target))))
        first, *rest = lines
        yield first
        if not certain(hop.gate):
            yield f"{_STEP}followed {_where(hop.gate)}"
        yield from rest

    def _one_of(self, target: OneOf) -> Iterator[str]:
        for node in target.nodes:
            yield f"{node.entity} {_keys(node.sources)}"
            yield from _indented(self._node(node))


def _keys(sources: Sequence[SourceFetch]) -> str:
    """What rows are found by: the same in every source of a node."""
    match = sources[0].prepared.fetch.keys if sources else None
    if match is None:
        return "from nowhere"
    return f"by {' else '.join(match.fields)}{' as subtree' if match.tree else ''}"


def _seen(leaf: Leaf, language: Language) -> str:
    """Clear, masked or denied, and in which rows."""
    if certain(leaf.clear):
        return "clear"
    shown = [f"clear {_where(leaf.clear)}"] if leaf.clear else []
    shown += [f"masked {_where(rule.condition)} as {_mask(rule)}" for rule in leaf.rules]
    if not any(certain(rule.condition) for rule in leaf.rules):
        shown.append("else null" if shown else f"null, {_refusal(leaf.denial, language)}")
    return ", ".join(shown)


def _mask(rule: MaskRule) -> str:
    return f"{rule.mask} (strict)" if rule.strict else str(rule.mask)


def _refusal(error: OperationError | None, language: Language) -> str:
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


def _where(condition: Condition) -> str:
    if certain(condition):
        return "in every row"
    return f"in {' or '.join(map(scope_name, condition))}" if condition else "in no row"


def _order(pager: Pager) -> str:
    terms = (_term(term) for term in pager.order)
    return f"{'read backwards' if pager.page.backward else 'ordered'} by {', '.join(terms)}"


def _term(term: OrderTerm) -> str:
    name = "row key" if term.field == ROW_KEY else term.field
    return f"{name} desc" if term.descending else name


def _page(page: Page) -> str:
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
            return f"as {_origin(source)} says"


def _origin(source: ValueSource) -> str:
    """Where a parameter's value comes from."""
    match source:
        case Constant(None):
            return "a cursor's value"
        case Constant():
            return "a literal of the document"
        case FromVariable(path):
            return "variable " + ".".join(map(str, path))
        case ListOf(items):
            return f"list of {', '.join(dict.fromkeys(map(_origin, items)))}" if items else "an empty list"
        case CanonicalText(inner):
            return f"{_origin(inner)}, as canonical text"
        case FromScope(kind):
            return f"the caller's {kind}"
        case FromKeySet(index, column):
            return f"key set {index}, column {column}"
        case _:
            assert_never(source)


def _scope_of(source: ValueSource, plan: ExecutablePlan) -> str | None:
    """The kind of scope a parameter stands for, if it stands for one."""
    match source:
        case FromScope(kind):
            return kind.value
        case FromKeySet(index):
            return f"{plan.key_sets[index].kind} (key set {index})"
        case _:
            return None


def _indented(lines: Iterator[str] | Sequence[str], steps: int = 1) -> Iterator[str]:
    return (f"{_STEP * steps}{line}" for line in lines)
