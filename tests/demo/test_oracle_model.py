"""The oracle's model and duties, written by hand, say what the catalogue and the policy files say."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest

from authz.compilation import compile_access
from authz.decisions import Access, AccessMap
from authz.policy_files import load_policy
from authz.subjects import Profile
from demo.callers import CALLERS
from demo.oracle.codes import TITLES
from demo.oracle.duties import DUTIES
from demo.oracle.entities import ROW, label
from demo.oracle.model import ENTITIES, ROOT_LISTS
from demo.oracle.policy import PURPOSES, grants, member_of, row_class
from demo.oracle.rights import Grant
from schema.catalog import MaskKind
from schema.catalog_loader import load_catalog
from schema.coordinates import field_coordinate, row_coordinate
from schema.values import ScalarType

POLICIES = sorted((Path(__file__).parents[2] / "demo/policies").glob("*.yaml"))
CATALOG = load_catalog()
NAMES = sorted(CATALOG.entities)


def test_the_same_entities_and_root_lists() -> None:
    assert sorted(ENTITIES) == NAMES
    assert {entity.plural: name for name, entity in CATALOG.entities.items() if entity.root_list} == ROOT_LISTS


@pytest.mark.parametrize("name", NAMES)
def test_members_and_labels(name: str) -> None:
    entity = CATALOG.entities[name]
    fields = [field for field in entity.fields.values() if not (field.internal or field.label_of or field.companion_of)]
    relations = [relation for relation in entity.relations.values() if not relation.internal]
    stated = {member.name: member.label for member in fields} | {member.name: member.label for member in relations}
    short = {ROW: entity.row_label} | stated
    assert dict(ENTITIES[name].labels) == {member: label(str(told)) for member, told in short.items()}
    assert ENTITIES[name].types == {f.name: f.type.value for f in fields if f.type not in _NAMELESS}
    assert ENTITIES[name].lists == {f.name for f in fields if f.is_list}
    assert ENTITIES[name].masks == {f.name: f.mask.value for f in fields if f.mask is not MaskKind.FULL}
    assert ENTITIES[name].companions == {f.name: f.companion_of for f in entity.fields.values() if f.companion_of}
    assert ENTITIES[name].keys == (entity.key, *entity.alternate_keys, *entity.lookups)


_NAMELESS = (ScalarType.STRING, ScalarType.CODE)


@pytest.mark.parametrize("name", NAMES)
def test_titles_of_codes(name: str) -> None:
    entity = CATALOG.entities[name]
    coded = {field.name: field.code_table for field in entity.fields.values() if field.code_table}
    assert ENTITIES[name].codes == coded
    for table in coded.values():
        assert table is not None
        titles = {code: title.zh for code, title in CATALOG.code_tables[table].codes.items()}
        assert TITLES[table] == titles, table


@pytest.mark.parametrize("name", NAMES)
def test_relations_and_scope_paths(name: str) -> None:
    entity, described = CATALOG.entities[name], ENTITIES[name]
    assert described.relations.keys() == entity.relations.keys()
    for relation in entity.relations.values():
        other = described.relations[relation.name]
        (first, *others) = relation.join
        assert (other.to, other.many) == (relation.targets, relation.many), relation.name
        assert (other.local, other.remote) == (first.local, first.remote), relation.name
        assert (other.tree is None) is (relation.tree is None), relation.name
        assert (other.orphan, other.retired) == (relation.orphan, relation.retired), relation.name
        assert not others or other.fallback == others[0].local, relation.name
        assert relation.inverse in (None, other.back), relation.name
    paths = {kind.value: (path.relations, path.field) for kind, path in entity.scopes.items()}
    assert {kind: (path.relations, path.field) for kind, path in described.scopes.items()} == paths


# --- who may see what -------------------------------------------------------------------------------------------------


@cache
def _access(role: str, purpose: str | None) -> AccessMap:
    policy = load_policy(POLICIES, version=1)
    closure, pending = set[str](), [role]
    while pending:
        held = pending.pop()
        closure.add(held)
        pending += policy.inheritance[held]
    return compile_access(policy, CATALOG, Profile(roles=frozenset(closure), purpose=purpose, policy_version=1))


@pytest.mark.parametrize("purpose", [None, *PURPOSES])
@pytest.mark.parametrize("role", [caller.key for caller in CALLERS])
def test_duties(role: str, purpose: str | None) -> None:
    decided = _access(role, purpose)
    for name, entity in CATALOG.entities.items():
        for member in ENTITIES[name].labels:
            coordinate = field_coordinate(name, member) if member else row_coordinate(name)
            given = grants(role, purpose, member_of(name, member))
            _same(given, decided[coordinate], has_mask=member in entity.fields)
        for row_class_access, one in zip(
            decided.row_classes.get(row_coordinate(name), ()), ENTITIES[name].classes, strict=True
        ):
            _same(grants(role, purpose, row_class(name, one.label)), row_class_access, has_mask=False)


def _same(given: Iterable[Grant], decided: Access, *, has_mask: bool) -> None:
    """Each grant of the duties is covered by a decision, and each decision by a grant."""
    for action, allowed in (
        ("read", [(one.scope, one.single) for one in decided.clear]),
        ("lookup", [(one.scope, False) for one in decided.lookup]),
    ):
        stated = [(frozenset(one.scope), one.single) for one in given if one.action == action]
        spelled = [(frozenset(kind.value for kind in scope), single) for scope, single in allowed]
        assert _covered(stated, spelled), (decided.coordinate, action, stated, spelled)
        assert _covered(spelled, stated), (decided.coordinate, action, stated, spelled)
    clear = [frozenset(kind.value for kind in one.scope) for one in decided.clear if not one.single]
    masked = [frozenset(kind.value for kind in one.scope) for one in decided.masked]
    stated_masks = [one.scope for one in given if one.action == "mask"] if has_mask else []
    assert all(any(wide <= scope for wide in (*masked, *clear)) for scope in stated_masks), decided.coordinate
    assert all(any(wide <= scope for wide in stated_masks) for scope in masked), decided.coordinate
    assert all(one.strict for one in decided.masked), decided.coordinate


def _covered(some: list[tuple[frozenset[str], bool]], by: list[tuple[frozenset[str], bool]]) -> bool:
    return all(any(wide <= scope and strict <= single for wide, strict in by) for scope, single in some)


def test_every_role_with_data_has_a_duty() -> None:
    assert {caller.key for caller in CALLERS} - DUTIES.keys() == {
        "sys_admin",
        "security_officer",
        "auditor",
        "dept_data_admin",
    }
