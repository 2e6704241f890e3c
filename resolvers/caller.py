"""What one operation's caller is told about himself: his scopes, what he may do with a type, the code tables.

Nothing is evaluated here: a selection of all members of the type is authorized as any operation's would be
(:mod:`resolvers.authorize`), and what that would show is told. Neighbours: :mod:`schema.viewer` has the GraphQL types,
:mod:`resolvers.ordinary` executes them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from graphql import GraphQLObjectType
from strawberry import ID

from authz.decisions import AccessMap
from authz.subjects import Profile, Subject
from resolvers.authorize import authorize_plan, comparable, found_in
from resolvers.authorized import AuthorizedConnection, AuthorizedEntity, AuthorizedRelation, DeniedBranch
from resolvers.conditions import NEVER, Condition, intersection
from resolvers.errors import PurposeRequired
from resolvers.query_plan import (
    ConnectionKind,
    ConnectionMember,
    ConnectionNode,
    EntityNode,
    FieldKind,
    FieldNode,
    IdRoot,
    ListRoot,
    Page,
    QueryPlan,
    RelationNode,
    Root,
    UnionNode,
)
from resolvers.readings import Reading, denied, reading, relation_reading
from schema.build import CatalogSchema
from schema.catalog import Catalog, Deprecation, Entity, Relation, ScopeKind, Title
from schema.coordinates import Coordinate, field_coordinate, row_coordinate
from schema.language import Language
from schema.names import ENTITY_EXTENSION, exposed_fields, exposed_relations, filter_fields, order_fields
from schema.predicates import ALWAYS
from schema.viewer import (
    CodeTable,
    CodeTableEntry,
    CoordinateAccess,
    DenialCode,
    ReadAccess,
    ScopedAccess,
    Viewer,
    ViewerScope,
)

_SCOPES = {
    ScopeKind.OWN: "identity",
    ScopeKind.SHOP: "identity",
    ScopeKind.ORGTREE: "orgCode",
    ScopeKind.DIVTREE: "divCode",
    ScopeKind.UNITTREE: "unitNo",
    ScopeKind.STN: "stationCode",
    ScopeKind.ACCOUNT: "mallAccount",
}
"""The attribute that a kind of scope goes by."""
_PERSONAL = frozenset({"identity", "mallAccount"})
"""Attributes that stand for a person: never told, not even to that person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerContext:
    """One operation of one caller, as :class:`schema.viewer.Asked` wants it. ``schema``: the caller's own."""

    subject: Subject
    profile: Profile
    decisions: AccessMap
    schema: CatalogSchema
    catalog: Catalog
    language: Language

    def viewer(self) -> Viewer:
        """The caller."""
        attributes = self.subject.attributes
        return Viewer(
            id=ID(self.subject.id),
            roles=sorted(self.subject.roles & self.profile.roles),
            scopes=[
                ViewerScope(kind=kind, value=None if attribute in _PERSONAL else attributes[attribute])
                for kind, attribute in _SCOPES.items()
                if attribute in attributes
            ],
            consumer=self.subject.consumer,
            purpose=self.profile.purpose,
        )

    def access(self, entity: str) -> list[CoordinateAccess] | None:
        """What the caller may do with a type; ``None`` when it does not exist for him."""
        named = self._type_of(entity)
        return None if named is None else list(self._lines(self.catalog.entities[entity], named))

    def code_tables(self) -> Mapping[str, CodeTable]:
        """Tables of the fields that exist for the caller, in the catalogue's order."""
        used = {
            field.code_table
            for entity in self.catalog.entities.values()
            if (named := self._type_of(entity.name)) is not None
            for field in exposed_fields(entity)
            if field.name in named.fields
        }
        return {name: self._code_table(name) for name in self.catalog.code_tables if name in used}

    def _code_table(self, name: str) -> CodeTable:
        table = self.catalog.code_tables[name]
        return CodeTable(
            name=name,
            title=table.title.said(self.language),
            standard=table.standard or None,
            codes=[
                CodeTableEntry(
                    code=code,
                    label=title.said(self.language),
                    deprecation_reason=str(table.deprecated[code]) if code in table.deprecated else None,
                )
                for code, title in table.codes.items()
            ],
        )

    def _type_of(self, entity: str) -> GraphQLObjectType | None:
        """The type of an entity, as the caller sees it."""
        named = self.schema.graphql.get_type(entity)
        if isinstance(named, GraphQLObjectType) and named.extensions.get(ENTITY_EXTENSION) == entity:
            return named
        return None

    def _lines(self, entity: Entity, named: GraphQLObjectType) -> Iterator[CoordinateAccess]:
        fields = [field for field in exposed_fields(entity) if field.name in named.fields]
        relations = [relation for relation in exposed_relations(entity) if relation.name in named.fields]
        survey = self._survey(entity, tuple(field.name for field in fields), relations)
        yield _line(row_coordinate(entity.name), None, entity.title, survey.rows, self.language)
        filters, orders = set(filter_fields(entity)), set(order_fields(entity))
        for field in fields:
            access = self.decisions[field_coordinate(entity.name, field.name)]
            usable = survey.listed != NEVER and comparable(survey.listed, access)
            found = intersection(survey.single, found_in(access, lookup=True))
            yield _line(
                access.coordinate,
                field.name,
                field.title,
                survey.members[field.name],
                self.language,
                deprecated=field.deprecated,
                lookup=field.name in entity.lookups and found != NEVER,
                filter=usable and field in filters,
                sort=usable and field in orders,
            )
        for relation in relations:
            coordinate = field_coordinate(entity.name, relation.name)
            yield _line(
                coordinate,
                relation.name,
                relation.title,
                survey.members[relation.name],
                self.language,
                deprecated=relation.deprecated,
            )

    def _survey(self, entity: Entity, fields: tuple[str, ...], relations: list[Relation]) -> "_Survey":
        """What lists of ``entity`` show of these members, and what an operation shows that reaches one record."""
        node = EntityNode(
            entity=entity.name,
            members=(
                *(FieldNode(response_key=name, kind=FieldKind.VALUE, member=name) for name in fields),
                *(RelationNode(response_key=r.name, relation=r.name, branch=self._empty_branch(r)) for r in relations),
            ),
        )
        in_list = ConnectionMember(response_key="nodes", kind=ConnectionKind.NODES, nodes=(("", node),))
        lists = self._authorized(ListRoot(response_key="list", connection=_connection(entity.name, in_list)))
        single = self._authorized(IdRoot(response_key="one", slot=0, node=node))
        if isinstance(lists, AuthorizedConnection):
            lists = lists.members[0].nodes[0][1]
        assert not isinstance(lists, AuthorizedConnection)
        assert not isinstance(single, AuthorizedConnection)
        shown, shown_alone = _readings(lists), _readings(single)
        names = (*fields, *(relation.name for relation in relations))
        return _Survey(
            listed=_rows(lists),
            single=_rows(single),
            rows=(shown[None], shown_alone[None]),
            members={name: (shown.get(name, shown[None]), shown_alone.get(name, shown_alone[None])) for name in names},
        )

    def _authorized(self, root: Root) -> AuthorizedEntity | AuthorizedConnection | DeniedBranch:
        plan = authorize_plan(QueryPlan(roots=(root,), parameters=()), self.decisions, self.catalog)
        branch = plan.roots[0].branch
        assert branch is not None
        return branch

    def _empty_branch(self, relation: Relation) -> EntityNode | UnionNode | ConnectionNode:
        """Nothing selected below a relation: whether it can be followed at all."""
        if relation.union is not None:
            visible = (name for name in relation.targets if self._type_of(name) is not None)
            return UnionNode(branches=tuple(EntityNode(entity=name, members=()) for name in visible))
        return _connection(relation.target) if relation.many else EntityNode(entity=relation.target, members=())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Survey:
    """``listed``, ``single``: where rows exist in lists, and for an operation that reaches one record; readings are
    pairs of the same."""

    listed: Condition
    single: Condition
    rows: tuple[Reading, Reading]
    members: Mapping[str, tuple[Reading, Reading]]


def _connection(entity: str, *members: ConnectionMember) -> ConnectionNode:
    return ConnectionNode(entity=entity, where=ALWAYS, order=(), page=Page(), members=members)


def _rows(branch: AuthorizedEntity | DeniedBranch) -> Condition:
    return NEVER if isinstance(branch, DeniedBranch) else branch.rows


def _readings(branch: AuthorizedEntity | DeniedBranch) -> dict[str | None, Reading]:
    """By member; ``None``: of the rows, and of every member when those are denied."""
    if isinstance(branch, DeniedBranch):
        return {None: denied(branch.error)}
    found: dict[str | None, Reading] = {None: reading(branch.rows, branch.rows)}
    for member in branch.members:
        if isinstance(member, AuthorizedRelation):
            found[member.node.response_key] = relation_reading(branch.rows, member)
        else:
            found[member.node.response_key] = reading(branch.rows, member.clear, member.masks, member.denial)
    return found


def _line(
    coordinate: Coordinate,
    field: str | None,
    title: Title,
    readings: tuple[Reading, Reading],
    language: Language,
    *,
    deprecated: Deprecation | None = None,
    lookup: bool = False,
    filter: bool = False,
    sort: bool = False,
) -> CoordinateAccess:
    listed, single = readings
    denial = listed.denial
    alone = [scoped for scoped in single.scopes if scoped not in listed.scopes]
    return CoordinateAccess(
        coordinate=coordinate,
        field=field,
        title=title.said(language),
        read=listed.read,
        read_one=single.read,
        mask=listed.mask or single.mask,
        lookup=lookup,
        filter=filter,
        sort=sort,
        scopes=[
            ScopedAccess(
                rows=sorted(scoped.scope),
                read=ReadAccess.CLEAR if scoped.mask is None else ReadAccess.MASKED,
                one_record=one_record,
            )
            for group, one_record in ((listed.scopes, False), (alone, True))
            for scoped in group
        ],
        reason=None if denial is None else denial.told.said(language),
        code=None if denial is None else DenialCode(denial.public_code),
        purposes=denial.extensions["purposes"] if isinstance(denial, PurposeRequired) else [],
        deprecation_reason=str(deprecated) if deprecated else None,
    )
