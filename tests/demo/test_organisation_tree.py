"""The tree of Party organisations: counts by type, depth at every scale, places of the personas."""

from collections import Counter

import pytest

from demo.city import personas
from demo.city.organisation_tree import organisations
from demo.city.organisations import FULL_TYPES, Organisation, stem
from demo.city.units import units

SEED = 430700
SCALES = (0.005, 0.02, 0.2, 1.0)


@pytest.fixture(scope="module", params=SCALES, ids=str)
def tree(request: pytest.FixtureRequest) -> dict[str, Organisation]:
    found = organisations(SEED, request.param, units(SEED, request.param))
    return {organisation.code: organisation for organisation in found}


def test_every_organisation_lies_under_its_parents_code(tree: dict[str, Organisation]) -> None:
    roots = [organisation for organisation in tree.values() if organisation.parent is None]
    assert [root.code for root in roots] == [personas.CITY_COMMITTEE]
    for organisation in tree.values():
        if organisation.parent is not None:
            assert not tree[organisation.parent].deleted
            assert stem(organisation.code)[:-3] == stem(organisation.parent)


def test_tree_is_five_levels_deep(tree: dict[str, Organisation]) -> None:
    assert {len(stem(code)) // 3 for code in tree} == {1, 2, 3, 4, 5}
    assert sum(len(stem(code)) == 6 for code in tree) >= 15


def test_members_are_held_by_leaves_only(tree: dict[str, Organisation]) -> None:
    parents = {organisation.parent for organisation in tree.values()}
    assert not any(organisation.holds_members and organisation.code in parents for organisation in tree.values())


def test_personas_places_are_in_the_tree(tree: dict[str, Organisation]) -> None:
    for persona in personas.PERSONAS:
        for code in (*persona.org_codes, persona.branch):
            assert code is None or not tree[code].deleted
        if persona.branch:
            assert tree[persona.branch].holds_members
    town = tree[personas.TOWN_COMMITTEE]
    assert town.div_code == personas.TOWN_DIVISION
    host = tree[personas.ECONOMY_COMMISSION_BRANCH].host
    assert host is not None
    assert host.unit_no == personas.ECONOMY_COMMISSION


def test_whole_city_has_the_stated_number_of_each_type() -> None:
    found = organisations(SEED, 1.0, units(SEED, 1.0))
    live = [organisation for organisation in found if not organisation.deleted]
    assert len(found) == 15_640
    assert len(live) == 15_200
    assert Counter(organisation.type for organisation in live) == FULL_TYPES


def test_names_fit_gbk_and_their_columns() -> None:
    for organisation in organisations(SEED, 1.0, units(SEED, 1.0)):
        assert len(organisation.name) <= 120
        assert len(organisation.short) <= 60
        organisation.name.encode("gbk")
        organisation.short.encode("gbk")
