"""Stage *prepare*: `AuthorizedPlan` -> `ExecutablePlan`. Chooses bindings, compiles fetches, generates shaping code.

Two passes over the tree. The first (:mod:`resolvers.draft`) gathers for every node which fields, scope flags and hops
are needed, since a child may ask its parent for flags it inherits; the second, :mod:`resolvers.compilation`, compiles.
"""

from collections.abc import Mapping

from connectors.contract import Binding, Connector, Fetch, KeyMatch
from connectors.errors import UnsupportedFetch
from resolvers.authorized import AuthorizedEntity, AuthorizedPlan, AuthorizedRoot, DeniedBranch
from resolvers.compilation import compile_connection, compile_node
from resolvers.draft import Draft, fill
from resolvers.drafting import Drafting, unanswerable
from resolvers.fetch_plan import ExecutablePlan, KeyForm, PlannedRoot, SourceFetch
from resolvers.filters import Slots
from resolvers.query_plan import FromScope, IdRoot, KeyRoot, ListRoot
from resolvers.reader import FieldReader, Namespace
from resolvers.scoping import UNIT_TREE, ScopePredicates
from resolvers.shape import merge_key
from schema.catalog import Catalog, DerivedFunction, Entity, MaskKind, ScopeKind
from schema.predicates import ROW_KEY


def prepare_plan(
    authorized: AuthorizedPlan,
    *,
    catalog: Catalog,
    bindings: Mapping[str, tuple[Binding, ...]],
    connectors: Mapping[str, Connector],
    aging: frozenset[str] = frozenset(),
) -> ExecutablePlan:
    """Compile ``authorized`` for execution. ``bindings``: every entity's bindings, in the order of its row sources;
    ``aging``: the connectors whose age quality codes judge. A branch that a binding cannot answer, whatever its
    manifest promises, is null with an error of its own.
    """
    slots = Slots(authorized.plan.parameters)
    scopes = ScopePredicates(catalog=catalog, bindings=bindings, connectors=connectors, slots=slots, names=Namespace())
    return _Preparation(Drafting(authorized=authorized, scopes=scopes, aging=aging)).run()


class _Preparation:
    def __init__(self, drafting: Drafting) -> None:
        self._drafting = drafting
        self._readers: dict[tuple[str, str, tuple[str, ...]], FieldReader] = {}

    def run(self) -> ExecutablePlan:
        drafting, scopes = self._drafting, self._drafting.scopes
        drafts = [self._draft(root) for root in drafting.authorized.roots]
        roots = tuple(map(self._planned, drafting.authorized.roots, drafts))
        sources = scopes.slots.sources()
        return ExecutablePlan(
            authorized=drafting.authorized,
            roots=roots,
            parameters=sources,
            key_sets=tuple(scopes.key_sets),
            unit_tree=_unit_tree(scopes) if FromScope(ScopeKind.UNITTREE) in sources else None,
            denials=tuple(drafting.denials),
            as_of=frozenset(drafting.as_of),
            coordinates=tuple(sorted(drafting.authorized.coordinates)),
        )

    def _draft(self, root: AuthorizedRoot) -> Draft | None:
        branch = root.branch
        path = (root.root.response_key,)
        if branch is None:
            return None
        error = branch.error if isinstance(branch, DeniedBranch) else unanswerable(self._drafting, branch)
        if error is not None:
            self._drafting.denials.append((path, error))
            return None
        assert not isinstance(branch, DeniedBranch)
        draft = Draft(self._drafting, branch.entity, path, rows=branch.rows, classes=branch.classes)
        if isinstance(branch, AuthorizedEntity):
            self._share_reader(draft, _key_form(root.root, draft)[1])
        try:
            fill(draft, branch, path)
        except UnsupportedFetch as failed:
            self._drafting.give_up(path, failed)
            return None
        return draft

    def _share_reader(self, draft: Draft, field: str) -> None:
        """Roots by the same key of the same entity are one statement: they ask for the union of their fields."""
        connectors = tuple(binding.connector for binding in draft.reader.bindings)
        draft.reader = self._readers.setdefault((draft.entity.name, field, connectors), draft.reader)

    def _planned(self, root: AuthorizedRoot, draft: Draft | None) -> PlannedRoot:
        if draft is not None:
            try:
                return self._compiled(root, draft)
            except UnsupportedFetch as error:
                self._drafting.give_up(draft.path, error)
        return PlannedRoot(root=root.root, target=None)

    def _compiled(self, root: AuthorizedRoot, draft: Draft) -> PlannedRoot:
        if isinstance(root.root, ListRoot):
            return PlannedRoot(root=root.root, target=compile_connection(draft, None))
        assert isinstance(root.root, KeyRoot | IdRoot)
        form, field = _key_form(root.root, draft)
        group = list(self._readers.values()).index(draft.reader)
        node = compile_node(draft, KeyMatch(fields=(field,)), (0,))
        return PlannedRoot(root=root.root, target=node, form=form, slot=root.root.slot, group=group)


def _key_form(root: object, draft: Draft) -> tuple[KeyForm, str]:
    """How the root's value becomes a key, and the bound field it is matched with."""
    entity: Entity = draft.entity
    stored = merge_key(entity.fields, entity.key)
    if isinstance(root, IdRoot):
        return KeyForm.NODE_ID, stored if draft.reader.merged else ROW_KEY
    assert isinstance(root, KeyRoot)
    described = entity.fields[root.field]
    if described.derived is not None and described.derived.function is DerivedFunction.PERSON_KEY:
        return KeyForm.PERSON_KEY, stored
    if described.mask is MaskKind.ID_NUMBER:
        return KeyForm.ID_NUMBER, stored
    return KeyForm.FIELD, root.field


def _unit_tree(scopes: ScopePredicates) -> SourceFetch | None:
    name, number, above = UNIT_TREE
    for binding in scopes.bindings.get(name, ()):
        if number in binding.fields and above in binding.fields:
            fetch = Fetch(binding=binding, projection=(number,), keys=KeyMatch(fields=(above,)))
            return SourceFetch(
                connector=binding.connector,
                prepared=scopes.connectors[binding.connector].prepare(fetch),
                step=f"{name} keys of {ScopeKind.UNITTREE}",
            )
    return None
