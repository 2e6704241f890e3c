"""Walking any list page by page shows what one big page shows: each row once, in order, forwards and backwards."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from graphql import GraphQLInputObjectType, GraphQLObjectType

from authz.subjects import Subject
from resolvers.operation import OperationResult
from tests.differential.conftest import Site
from tests.properties.generated_city import CALLERS, catalog, full_schema
from tests.properties.operations import entity_of

ROLES = ("city_org_admin", "county_org_clerk", "branch_secretary", "cadre_officer", "coop_analyst")
SHORT = frozenset({
    "Enterprise.shops", "CoopOrganisation.shops", "Order.shipments", "PublicUnit.successors",
    "ServiceStation.supplyPoints", "ServiceStation.volunteerRecords", "PartyOrganisation.stations",
    "PartyMember.discipline",
})  # fmt: skip
"""Lists of a row or none in so small a city, and the one of class S, which is nobody's to list."""
ALL = 100_000
PARENTS = 25
"""Parents among which the one with the longest nested list is looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class List:
    """A list of the schema: at the root (``parent`` is ``None``) or of each row of an entity."""

    name: str
    entity: str
    parent: str | None = None
    parents: str = ""

    @property
    def title(self) -> str:
        """Its schema coordinate."""
        return f"{self.parent or 'Query'}.{self.name}"


def _lists() -> Iterator[List]:
    """Every list of the schema. ``parents``: the root list that shows rows of its parent."""
    schema = full_schema().graphql
    assert schema.query_type is not None
    roots = {}
    for name, described in schema.query_type.fields.items():
        if "first" in described.args:
            roots[str(entity_of(described))] = name
            yield List(name=name, entity=str(entity_of(described)))
    for parent, root in roots.items():
        row = schema.type_map[parent]
        assert isinstance(row, GraphQLObjectType)
        for name, described in row.fields.items():
            if "first" in described.args:
                entity = str(entity_of(described))
                yield List(name=name, entity=entity, parent=parent, parents=root)


LISTS = tuple(_lists())


@pytest.mark.postgresql
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("listed", LISTS, ids=lambda listed: listed.title)
def test_pages_of_a_list_are_the_list(site: Site, listed: List, role: str) -> None:
    if site.engine == "sqlite" and not {"s1", "s5"} & set(catalog().entities[listed.entity].row_sources):
        return  # the other sources are in the same engines at both sites
    walk = Walk(site, CALLERS[role], listed)
    if not walk.find_parent():
        return
    rng = random.Random(f"{listed.title} {role}")
    for order in ("", _order(rng, walk.orders())):
        everything = walk.page(f"first: {ALL}{order}")
        if everything is None:  # the caller may not have the list, or not in this order
            continue
        whole = [edge["cursor"] for edge in everything["edges"]]
        ids = [edge["node"]["id"] for edge in everything["edges"]]
        assert len(set(ids)) == len(ids) == everything["totalCount"]
        assert len(set(whole)) == len(whole)
        backwards = walk.page(f"last: {ALL}{order}")
        assert backwards is not None
        assert [edge["node"]["id"] for edge in backwards["edges"]] == ids
        for size in _sizes(len(ids)):
            assert walk.forwards(size, order) == ids
            assert walk.backwards(size, order) == ids


def test_lists_of_every_kind_are_walked(memory: Site) -> None:
    """Guards the test above against lists that nobody may see or that are empty."""
    for listed in LISTS:
        longest = 0
        for role in ROLES:
            walk = Walk(memory, CALLERS[role], listed)
            page = walk.page("first: 10") if walk.find_parent() else None
            longest = max(longest, len(page["edges"]) if page else 0)
        assert longest > 1 or listed.title in SHORT, listed.title


def _order(rng: random.Random, fields: tuple[str, ...]) -> str:
    terms = (f"{{{name}: {rng.choice(('ASC', 'DESC'))}}}" for name in rng.sample(fields, min(2, len(fields))))
    return f", orderBy: [{', '.join(terms)}]"


def _sizes(count: int) -> set[int]:
    """One row at a time where that is quick, several pages, exactly one page, and more than there is."""
    return {1 if count < 12 else count // 5 + 1, count // 3 + 1, max(count, 1)}


class Walk:
    """Asks for pages of one list as one caller."""

    def __init__(self, site: Site, subject: Subject, listed: List) -> None:
        self._site, self._subject, self._list = site, subject, listed
        self._parent: str | None = None

    def find_parent(self) -> bool:
        """Choose the parent with the longest list; ``False`` if the caller sees none."""
        if self._list.parent is None:
            return True
        shown = f"id {self._list.name} {{ totalCount }}"
        found = self._ask(f"{{ {self._list.parents}(first: {PARENTS}) {{ nodes {{ {shown} }} }} }}")
        rows = found.data[self._list.parents] if found.data else None
        lists = [
            (row[self._list.name]["totalCount"], row["id"])
            for row in (rows or {"nodes": ()})["nodes"]
            if row[self._list.name]
        ]
        if lists:
            _, self._parent = max(lists)
        return bool(lists)

    def orders(self) -> tuple[str, ...]:
        """What the caller's schema lets the list be ordered by."""
        order = self._site.hub.engine.visible(self._subject).graphql.get_type(f"{self._list.entity}Order")
        assert isinstance(order, GraphQLInputObjectType)
        return tuple(order.fields)

    def page(self, arguments: str) -> dict[str, Any] | None:
        """One page; ``None`` where the caller may not have this list, or not in this order."""
        shown = (
            f"page: {self._list.name}({arguments}) {{ totalCount edges {{ cursor node {{ id }} }}"
            " pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }"
        )
        if self._list.parent is None:
            result = self._ask(f"{{ {shown} }}")
            page = result.data["page"] if result.data else None
        else:
            inside = f"... on {self._list.parent} {{ {shown} }}"
            result = self._ask(f'{{ node(id: "{self._parent}") {{ {inside} }} }}')
            page = result.data["node"]["page"] if result.data else None
        assert page is not None or {e["extensions"]["code"] for e in result.errors} <= {
            "FIELD_DENIED",
            "FILTER_DENIED",
        }, result.errors
        return page

    def forwards(self, size: int, order: str) -> list[str]:
        """Ids of all pages from the first on."""
        ids: list[str] = []
        cursor = None
        while True:
            page = self.page(f"first: {size}{order}" + (f', after: "{cursor}"' if cursor else ""))
            assert page is not None
            assert page["pageInfo"]["hasPreviousPage"] is (cursor is not None)
            ids += [edge["node"]["id"] for edge in page["edges"]]
            assert page["pageInfo"]["hasNextPage"] is (len(ids) < page["totalCount"])
            if not page["pageInfo"]["hasNextPage"]:
                return ids
            cursor = page["pageInfo"]["endCursor"]

    def backwards(self, size: int, order: str) -> list[str]:
        """Ids of all pages from the last on, in the list's order."""
        ids: list[str] = []
        cursor = None
        while True:
            page = self.page(f"last: {size}{order}" + (f', before: "{cursor}"' if cursor else ""))
            assert page is not None
            assert page["pageInfo"]["hasNextPage"] is (cursor is not None)
            ids = [*(edge["node"]["id"] for edge in page["edges"]), *ids]
            assert page["pageInfo"]["hasPreviousPage"] is (len(ids) < page["totalCount"])
            if not page["pageInfo"]["hasPreviousPage"]:
                return ids
            cursor = page["pageInfo"]["startCursor"]

    def _ask(self, document: str) -> OperationResult:
        return self._site.run(self._site.hub.ask(self._subject, document))
