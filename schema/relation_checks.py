"""What must hold of a relation: every target has the join fields, no label is below what it discloses, inverses agree.

Neighbours: :mod:`schema.catalog_checks` calls it for every relation of every entity.
"""

from collections.abc import Iterator

from schema.catalog import Entity, JoinKey, Relation
from schema.errors import Problem
from schema.field_checks import CheckedEntity, check_deprecation, missing
from schema.labels import PARTY, at_least, highest
from schema.messages import catalogue_files, catalogue_rules
from schema.trees import Tree
from schema.values import ScalarType

_TREE_TYPES = {Tree.ORG: ScalarType.STRING, Tree.DIV: ScalarType.DIV_CODE}


def check_relation(checked: CheckedEntity, relation: Relation) -> Iterator[Problem]:
    """Every mistake in one relation of ``checked``, for each entity it may lead to."""
    if relation.tree is not None and len(relation.join) > 1:
        yield checked.about(relation, catalogue_rules.TREE_ONE_JOIN())
    if relation.tree is not None and not relation.many:
        yield checked.about(relation, catalogue_rules.TREE_TO_MANY())
    for key in relation.join:
        if key.local not in checked.entity.fields:
            what = catalogue_files.FIELD_OF(name=checked.entity.name)
            yield missing(relation.place, what, key.local, checked.entity.fields)
    for name in relation.targets:
        target = checked.catalog.entities.get(name)
        if target is None:
            yield missing(relation.place, catalogue_files.THE_ENTITY(), name, checked.catalog.entities)
            continue
        yield from _check_target(checked, relation, target)
    yield from _check_marks(checked, relation)
    yield from check_deprecation(checked, relation)


def _check_target(checked: CheckedEntity, relation: Relation, target: Entity) -> Iterator[Problem]:
    if PARTY in target.row_label.tags and not at_least(relation.label, target.row_label):
        needed = highest((relation.label, target.row_label))
        told = catalogue_rules.RELATION_BELOW_TARGET(
            label=str(relation.label), other=str(target.row_label), name=target.name, expected=str(needed)
        )
        yield checked.about(relation, told)
    for key in relation.join:
        yield from _check_join(checked, relation, target, key)
    if relation.inverse is not None and relation.others:
        yield checked.about(relation, catalogue_rules.UNION_WITHOUT_INVERSE())
    else:
        yield from _check_inverse(checked, relation, target)


def _check_join(checked: CheckedEntity, relation: Relation, target: Entity, key: JoinKey) -> Iterator[Problem]:
    local, remote = checked.entity.fields.get(key.local), target.fields.get(key.remote)
    if remote is None:
        yield missing(relation.place, catalogue_files.FIELD_OF(name=target.name), key.remote, target.fields)
    if local is None or remote is None:
        return
    there = f"{target.name}.{remote.name}"
    if local.type is not remote.type:
        told = catalogue_rules.JOIN_TYPES(
            name=local.name, type=local.type.value, coordinate=there, other=remote.type.value
        )
        yield checked.about(relation, told)
    elif relation.tree is not None and local.type is not _TREE_TYPES[relation.tree]:
        wanted = _TREE_TYPES[relation.tree].value
        told = catalogue_rules.TREE_TYPES(name=relation.tree.value, expected=wanted, type=local.type.value)
        yield checked.about(relation, told)
    if local.is_list or remote.is_list or local.type is ScalarType.FLOAT:
        yield checked.about(relation, catalogue_rules.NOT_JOINABLE(name=local.name, other=remote.name))
    if remote.derived is not None:
        yield checked.about(relation, catalogue_rules.JOIN_OF_DERIVED(coordinate=there))


def _check_marks(checked: CheckedEntity, relation: Relation) -> Iterator[Problem]:
    """``orphan`` and ``retired`` tell of the one row that a key names."""
    for word, value in (("orphan", relation.orphan), ("retired", relation.retired)):
        if value is not None and relation.many:
            yield checked.about(relation, catalogue_rules.MARK_ON_MANY(key=word))
    if relation.retired is None:
        return
    field = checked.entity.fields.get(relation.retired)
    if field is None:
        what = catalogue_files.FIELD_OF(name=checked.entity.name)
        yield missing(relation.place, what, relation.retired, checked.entity.fields)
    elif field.type is not ScalarType.BOOLEAN or not field.internal or field.is_list:
        yield checked.about(relation, catalogue_rules.RETIRED_FIELD(name=field.name))


def _check_inverse(checked: CheckedEntity, relation: Relation, target: Entity) -> Iterator[Problem]:
    if relation.inverse is None:
        return
    here, there = checked.coordinate(relation), f"{target.name}.{relation.inverse}"
    back = target.relations.get(relation.inverse)
    if back is None:
        yield missing(relation.place, catalogue_files.INVERSE_OF(coordinate=here), relation.inverse, target.relations)
        return
    joins = {(key.local, key.remote) for key in relation.join}
    mirrored = {(key.remote, key.local) for key in back.join}
    if back.target != checked.entity.name or back.inverse != relation.name:
        told = catalogue_rules.INVERSE_ONE_SIDED(coordinate=there, other=here)
    elif relation.tree is not None or back.tree is not None:
        told = catalogue_rules.TREE_WITHOUT_INVERSE(coordinate=here, other=there)
    elif relation.many and back.many:
        told = catalogue_rules.INVERSE_BOTH_MANY(coordinate=here, other=there)
    elif not (joins <= mirrored or mirrored <= joins):
        told = catalogue_rules.INVERSE_JOINS(coordinate=here, other=there)
    else:
        return
    yield Problem(place=relation.place, told=told)
