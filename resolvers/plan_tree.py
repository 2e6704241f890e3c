"""A plan as a tree of items, for people: what is asked of which source, how rows are restricted, who sees what of them.

Holds no value: neither the caller's nor a row's. Neighbours: :mod:`resolvers.prepare` makes the plan,
:mod:`resolvers.render` prints the tree, the explorer page (:mod:`hutong.explorer`) draws it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import assert_never

from resolvers.conditions import certain
from resolvers.errors import OperationError
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
    Path,
    PlannedRoot,
    Shape,
    SourceFetch,
)
from resolvers.plan_words import found_by, ordering, origin, paging, refusal, scope_of, seen, where
from schema.language import Language
from schema.predicates import fields_of, slots_of


class ItemKind(StrEnum):
    """What an item of the tree tells."""

    PARAMETERS = "parameters"
    BEFORE = "before"
    STEP = "step"
    GROUP = "group"
    STATEMENT = "statement"
    NOTE = "note"
    DECISION = "decision"


class Seen(StrEnum):
    """What the caller sees of a leaf or branch: its value in every row, a mask of it, nothing, or that depends on the
    row.
    """

    CLEAR = "clear"
    MASKED = "masked"
    DENIED = "denied"
    BY_ROW = "by row"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanItem:
    """One line of a plan and what stands below it.

    ``path`` (response keys from the root) and ``coordinate`` are there for steps and decisions of the document,
    ``entity`` for steps, ``decided`` for decisions, ``fetch`` for statements (whose text is in it).
    """

    kind: ItemKind
    text: str
    below: "tuple[PlanItem, ...]" = ()
    path: Path = ()
    coordinate: str | None = None
    entity: str | None = None
    decided: Seen | None = None
    fetch: SourceFetch | None = None


def plan_tree(plan: ExecutablePlan, language: Language) -> tuple[PlanItem, ...]:
    """Everything about ``plan``, top down: its parameters, what is asked before the roots, the roots. Why something is
    denied is told in ``language``.
    """
    return tuple(_Writer(plan, language).items())


class _Writer:
    def __init__(self, plan: ExecutablePlan, language: Language) -> None:
        self._plan = plan
        self._language = language
        self._denied: dict[Path, OperationError] = dict(plan.denials)

    def items(self) -> Iterator[PlanItem]:
        plan = self._plan
        if plan.parameters:
            told = (f"${slot} {origin(source)}" for slot, source in enumerate(plan.parameters))
            yield PlanItem(kind=ItemKind.PARAMETERS, text="parameters", below=tuple(map(_note, told)))
        if plan.unit_tree is not None:
            yield _before("the units below the caller's, level by level", _statement(plan.unit_tree))
        for index, key_set in enumerate(plan.key_sets):
            yield _before(f"key set {index}, the keys of the caller's {key_set.kind}", _statement(key_set.fetch))
        if plan.as_of:
            yield _before(f"the age of {', '.join(sorted(plan.as_of))}")
        yield from map(self._root, plan.roots)

    def _root(self, root: PlannedRoot) -> PlanItem:
        key = root.root.response_key
        match root.target:
            case Connection():
                return self._connection(f"{key}: list of {root.target.node.entity}", root.target, (key,))
            case Node():
                by = "=" if root.form is KeyForm.FIELD else f"behind the {root.form}"
                others = self._together(root)
                together = [_note(f"asked together with {', '.join(others)}")] if others else []
                return PlanItem(
                    kind=ItemKind.STEP,
                    text=f"{key}: one {root.target.entity} {found_by(root.target.sources)} {by} ${root.slot}",
                    below=(*together, *self._node(root.target)),
                    path=(key,),
                    entity=root.target.entity,
                )
            case None:
                denied = self._denied.get((key,))
                if denied is not None:
                    return _denial((key,), denied, self._language)
                return PlanItem(kind=ItemKind.STEP, text=f"{key}: answered by the schema", path=(key,))
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

    def _connection(self, title: str, connection: Connection, path: Path) -> PlanItem:
        pager, node = connection.pager, connection.node
        below = [*self._restrictions(node, pushed=node.sources)]
        if connection.wants_rows:
            below += self._sources(node)
        if pager.count is not None:
            below.append(PlanItem(kind=ItemKind.GROUP, text="count", below=(_statement(pager.count),)))
        for shape in node.shapes:
            place = ".".join(shape.path[len(node.path) :])
            below.append(PlanItem(kind=ItemKind.GROUP, text=place, below=tuple(self._shape(shape)), path=shape.path))
        return PlanItem(
            kind=ItemKind.STEP,
            text=f"{title}, {ordering(pager)}, {paging(pager.page)}",
            below=tuple(below),
            path=path,
            entity=node.entity,
        )

    def _node(self, node: Node) -> Iterator[PlanItem]:
        yield from self._restrictions(node, pushed=())
        yield from self._sources(node)
        for shape in node.shapes:
            yield from self._shape(shape)

    def _sources(self, node: Node) -> Iterator[PlanItem]:
        if not node.sources:
            yield _note("no source that the caller may know of")
        yield from map(_statement, node.sources)

    def _restrictions(self, node: Node, *, pushed: Sequence[SourceFetch]) -> Iterator[PlanItem]:
        if node.proved:
            yield _note(f"rows: {', '.join(node.proved)} proved by the parent row")
        for source in pushed:
            slots = slots_of(source.prepared.fetch.predicate)
            kinds = {scope_of(self._plan.parameters[slot], self._plan) for slot in slots}
            if names := sorted(kind for kind in kinds if kind is not None):
                yield _note(f"rows: {', '.join(names)} pushed into the statement")
        if not certain(node.rows):
            yield _note(f"rows: kept {where(node.rows)}")
        for test in node.classes:
            yield _note(f"rows: class {test.row_class.label} by {', '.join(test.fields)}, kept {where(test.rows)}")
        yield from map(_flag, node.flags)

    # --- what is shown ----------------------------------------------------------------------------------------------

    def _shape(self, shape: Shape) -> Iterator[PlanItem]:
        for leaf in shape.leaves:
            yield PlanItem(
                kind=ItemKind.DECISION,
                text=f"{leaf.response_key}: {seen(leaf, self._language)}",
                path=(*shape.path, leaf.response_key),
                coordinate=leaf.coordinate,
                decided=_decided(leaf),
            )
        for hop in shape.hops:
            yield self._hop(hop, (*shape.path, hop.response_key))
        for path, error in self._plan.denials:
            if path[:-1] == shape.path:
                yield _denial(path, error, self._language)

    def _hop(self, hop: Hop, path: Path) -> PlanItem:
        target, key = hop.target, hop.response_key
        if isinstance(target, Connection):
            title = f"{key}: list of {target.node.entity} {found_by(target.node.sources)}"
            item = self._connection(title, target, path)
        elif isinstance(target, OneOf):
            branches = tuple(map(self._branch, target.nodes))
            item = PlanItem(kind=ItemKind.STEP, text=f"{key}: the first of", below=branches, path=path)
        else:
            title = f"{key}: {target.entity} {found_by(target.sources)}"
            below = tuple(self._node(target))
            item = PlanItem(kind=ItemKind.STEP, text=title, below=below, path=path, entity=target.entity)
        gate = () if certain(hop.gate) else (_note(f"followed {where(hop.gate)}"),)
        return replace(item, coordinate=hop.coordinate, below=(*gate, *item.below))

    def _branch(self, node: Node) -> PlanItem:
        """One of the entities of a union."""
        text = f"{node.entity} {found_by(node.sources)}"
        return PlanItem(
            kind=ItemKind.STEP, text=text, below=tuple(self._node(node)), path=node.path, entity=node.entity
        )


def _statement(source: SourceFetch) -> PlanItem:
    """A source's statement, what is left to the hub, and when its rows are used at all."""
    prepared = source.prepared
    left = []
    if prepared.residual is not None:
        left.append(f"rechecked by the hub: {', '.join(sorted(set(fields_of(prepared.residual))))}")
    if prepared.fetch.order and not prepared.ordered:
        left.append("sorted by the hub")
    if not certain(source.gate):
        left.append(f"used only {where(source.gate)}")
    text = f"{source.connector}:"
    return PlanItem(kind=ItemKind.STATEMENT, text=text, below=tuple(map(_note, left)), fetch=source)


def _flag(flag: Flag) -> PlanItem:
    match flag:
        case Inherited():
            return _note(f"flag {flag.kind}: as the parent row's")
        case OfField():
            return _note(f"flag {flag.kind}: decided on the row by ${flag.slot}")
        case InKeySet():
            return _note(f"flag {flag.kind}: decided on the row by {', '.join(f'${slot}' for slot in flag.slots)}")
        case Outside():
            return _note(f"flag {flag.kind}: no row, for the entity has no path of this kind")
        case Checked():
            text = f"flag {flag.kind}: checked for all rows at once"
            return PlanItem(kind=ItemKind.GROUP, text=text, below=(_statement(flag.fetch),))
        case _:
            assert_never(flag)


def _decided(leaf: Leaf) -> Seen:
    if certain(leaf.clear):
        return Seen.CLEAR
    if not leaf.clear and any(certain(rule.condition) for rule in leaf.rules):
        return Seen.MASKED
    return Seen.BY_ROW if leaf.clear or leaf.rules else Seen.DENIED


def _denial(path: Path, error: OperationError, language: Language) -> PlanItem:
    coordinate = error.extensions.get("coordinate")
    return PlanItem(
        kind=ItemKind.DECISION,
        text=f"{path[-1]}: null, {refusal(error, language)}",
        path=path,
        coordinate=None if coordinate is None else str(coordinate),
        decided=Seen.DENIED,
    )


def _before(text: str, *below: PlanItem) -> PlanItem:
    return PlanItem(kind=ItemKind.BEFORE, text=f"first: {text}", below=below)


def _note(text: str) -> PlanItem:
    return PlanItem(kind=ItemKind.NOTE, text=text)
