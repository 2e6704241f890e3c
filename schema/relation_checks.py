"""What must hold of a relation: every target has the join fields, no label is below what it discloses, inverses agree.

Neighbours: :mod:`schema.catalog_checks` calls it for every relation of every entity.
"""

from collections.abc import Iterator

from schema.catalog import Entity, JoinKey, Relation
from schema.errors import Problem
from schema.field_checks import CheckedEntity, check_deprecation, missing
from schema.labels import PARTY, at_least, highest
from schema.trees import Tree
from schema.values import ScalarType

_TREE_TYPES = {Tree.ORG: ScalarType.STRING, Tree.DIV: ScalarType.DIV_CODE}


def check_relation(checked: CheckedEntity, relation: Relation) -> Iterator[Problem]:
    """Every mistake in one relation of ``checked``, for each entity it may lead to."""
    if relation.tree is not None and len(relation.join) > 1:
        yield checked.about(relation, "a tree has one join, without alternatives")
    if relation.tree is not None and not relation.many:
        yield checked.about(relation, "a tree leads to many rows; write toMany")
    for key in relation.join:
        if key.local not in checked.entity.fields:
            yield missing(relation.place, f"the field of {checked.entity.name}", key.local, checked.entity.fields)
    for name in relation.targets:
        target = checked.catalog.entities.get(name)
        if target is None:
            yield missing(relation.place, "the entity", name, checked.catalog.entities)
            continue
        yield from _check_target(checked, relation, target)
    yield from _check_marks(checked, relation)
    yield from check_deprecation(checked, relation)


def _check_target(checked: CheckedEntity, relation: Relation, target: Entity) -> Iterator[Problem]:
    if PARTY in target.row_label.tags and not at_least(relation.label, target.row_label):
        yield checked.about(
            relation,
            f"label {relation.label} is below the row label {target.row_label} of {target.name}, which it discloses; "
            f"raise it to {highest((relation.label, target.row_label))} (D11)",
        )
    for key in relation.join:
        yield from _check_join(checked, relation, target, key)
    if relation.inverse is not None and relation.others:
        yield checked.about(relation, "a union has no inverse; remove it")
    else:
        yield from _check_inverse(checked, relation, target)


def _check_join(checked: CheckedEntity, relation: Relation, target: Entity, key: JoinKey) -> Iterator[Problem]:
    local, remote = checked.entity.fields.get(key.local), target.fields.get(key.remote)
    if remote is None:
        yield missing(relation.place, f"the field of {target.name}", key.remote, target.fields)
    if local is None or remote is None:
        return
    if local.type is not remote.type:
        types = f"{local.type.value} and {target.name}.{remote.name} {remote.type.value}"
        yield checked.about(relation, f"{local.name} is {types}; join fields of one type")
    elif relation.tree is not None and local.type is not _TREE_TYPES[relation.tree]:
        wanted = _TREE_TYPES[relation.tree].value
        yield checked.about(
            relation, f"a tree of kind {relation.tree.value} joins {wanted} fields, not {local.type.value}"
        )
    if local.is_list or remote.is_list or local.type is ScalarType.FLOAT:
        yield checked.about(relation, f"{local.name} = {remote.name} cannot be joined; join single exact values")
    if remote.derived is not None:
        yield checked.about(
            relation, f"{target.name}.{remote.name} is derived, so no source can look it up; join a bound field"
        )


def _check_marks(checked: CheckedEntity, relation: Relation) -> Iterator[Problem]:
    """``orphan`` and ``retired`` tell of the one row that a key names."""
    for word, value in (("orphan", relation.orphan), ("retired", relation.retired)):
        if value is not None and relation.many:
            yield checked.about(relation, f'"{word}" tells of a key that names one row; the relation leads to many')
    if relation.retired is None:
        return
    field = checked.entity.fields.get(relation.retired)
    if field is None:
        yield missing(relation.place, f"the field of {checked.entity.name}", relation.retired, checked.entity.fields)
    elif field.type is not ScalarType.BOOLEAN or not field.internal or field.is_list:
        yield checked.about(relation, f'"retired" names an internal Boolean field; {field.name} is not one')


def _check_inverse(checked: CheckedEntity, relation: Relation, target: Entity) -> Iterator[Problem]:
    if relation.inverse is None:
        return
    here, there = f"{checked.entity.name}.{relation.name}", f"{target.name}.{relation.inverse}"
    back = target.relations.get(relation.inverse)
    if back is None:
        yield missing(relation.place, f"the inverse of {here}", relation.inverse, target.relations)
        return
    joins = {(key.local, key.remote) for key in relation.join}
    mirrored = {(key.remote, key.local) for key in back.join}
    if back.target != checked.entity.name or back.inverse != relation.name:
        message = f"{there} does not name {here} as its inverse; write it on both sides or on neither"
    elif relation.tree is not None or back.tree is not None:
        message = f"{here} and {there}: a tree has no inverse; remove it"
    elif relation.many and back.many:
        message = f"{here} and {there} both lead to many rows; an inverse pair needs a to-one side"
    elif not (joins <= mirrored or mirrored <= joins):
        message = f"{here} and {there} join different fields; one side's joins must all be the other's, turned round"
    else:
        return
    yield Problem(place=relation.place, message=message)
