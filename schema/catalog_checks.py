"""What must hold in a catalogue as a whole: names that exist, types that meet, labels that protect.

Neighbours: :mod:`schema.catalog_reader` gives the written entities, :mod:`schema.catalog_loader` collects the problems.
GraphQL names are judged by :func:`schema.names.check_names`. A check whose name does not exist is skipped where another
check reports that name.
"""

from collections.abc import Iterator, Mapping

from schema.catalog import Catalog, Entity, Relation, ScopeKind, ScopePath
from schema.catalog_reader import WrittenEntity
from schema.errors import Problem
from schema.field_checks import CheckedEntity, check_field, missing
from schema.labels import PARTY, at_least, highest
from schema.predicates import And, Comparison, Exists, IsNull, Not, Or, Predicate
from schema.trees import Tree
from schema.values import Canonical, ScalarType

_KEY_TYPES = frozenset(
    {ScalarType.STRING, ScalarType.INT, ScalarType.CODE, ScalarType.DIV_CODE, ScalarType.USCC, ScalarType.PERSON_KEY}
)
_TREE_TYPES = {Tree.ORG: ScalarType.STRING, Tree.DIV: ScalarType.DIV_CODE}
_SCOPE_TYPES = dict.fromkeys(ScopeKind, ScalarType.STRING) | {ScopeKind.DIVTREE: ScalarType.DIV_CODE}
_CONSTANT_TYPES: Mapping[ScalarType, type] = {
    ScalarType.INT: int,
    ScalarType.FEN: int,
    ScalarType.BOOLEAN: bool,
}
"""Python types of constants in row classes; text for every other scalar."""


def check_entity(written: WrittenEntity, catalog: Catalog) -> Iterator[Problem]:
    """Every mistake in one entity, seen with the whole catalogue."""
    checked = CheckedEntity(written=written, catalog=catalog)
    for field in checked.entity.fields.values():
        yield from check_field(checked, field)
    yield from _check_keys(checked)
    for relation in checked.entity.relations.values():
        yield from _check_relation(checked, relation)
    for kind, path in checked.entity.scopes.items():
        yield from _check_scope(checked, kind, path)
    yield from _check_sources(checked)
    yield from _check_row_classes(checked)


# --- keys ------------------------------------------------------------------------------------------------------------


def _check_keys(checked: CheckedEntity) -> Iterator[Problem]:
    keys = [("key", checked.entity.key), *(("alternateKeys", name) for name in checked.entity.alternate_keys)]
    for path, name in (*keys, *(("lookups", name) for name in checked.entity.lookups)):
        field = checked.entity.fields.get(name)
        if field is None:
            yield missing(checked.written.place_of(path), f'the field in "{path}"', name, checked.entity.fields)
            continue
        if field.internal or field.is_list or field.type not in _KEY_TYPES:
            yield checked.at(
                path, f"{name} cannot be asked for by value; a key is a single text or number, not internal"
            )
        if path == "lookups" and field.derived is not None:
            yield checked.at(path, f"{name} is derived, so no source can look it up; name a bound field")
        if path != "lookups" and not at_least(checked.entity.row_label, field.label):
            needed = highest((checked.entity.row_label, field.label))
            yield checked.at(
                "rowLabel",
                f"the row label {checked.entity.row_label} is below that of the key {name} ({field.label}), "
                f"which tells that a row exists; raise it to {needed} (D1)",
            )


# --- relations -------------------------------------------------------------------------------------------------------


def _check_relation(checked: CheckedEntity, relation: Relation) -> Iterator[Problem]:
    target = checked.catalog.entities.get(relation.target)
    if target is None:
        yield missing(relation.place, "the entity", relation.target, checked.catalog.entities)
        return
    if PARTY in target.row_label.tags and not at_least(relation.label, target.row_label):
        yield checked.about(
            relation,
            f"label {relation.label} is below the row label {target.row_label} of {target.name}, which it discloses; "
            f"raise it to {highest((relation.label, target.row_label))} (D11)",
        )
    if relation.tree is not None and len(relation.join) > 1:
        yield checked.about(relation, "a tree has one join, without alternatives")
    for key in relation.join:
        local, remote = checked.entity.fields.get(key.local), target.fields.get(key.remote)
        if local is None:
            yield missing(relation.place, f"the field of {checked.entity.name}", key.local, checked.entity.fields)
        if remote is None:
            yield missing(relation.place, f"the field of {target.name}", key.remote, target.fields)
        if local is None or remote is None:
            continue
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
    yield from _check_inverse(checked, relation, target)


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


# --- scopes, sources, row classes ------------------------------------------------------------------------------------


def _check_scope(checked: CheckedEntity, kind: ScopeKind, path: ScopePath) -> Iterator[Problem]:
    where = f"scopes.{kind.value}"
    place, entity = checked.written.place_of(where), checked.entity
    for name in path.relations:
        relation = entity.relations.get(name)
        if relation is None:
            yield missing(place, f"scope {kind.value}: the relation of {entity.name}", name, entity.relations)
            return
        if relation.many:
            message = (
                f"scope {kind.value}: {entity.name}.{name} leads to many rows; a scope path goes over to-one relations"
            )
            yield checked.at(where, message)
            return
        following = checked.catalog.entities.get(relation.target)
        if following is None:
            return
        entity = following
    field = entity.fields.get(path.field)
    if field is None:
        yield missing(place, f"scope {kind.value}: the field of {entity.name}", path.field, entity.fields)
    elif field.type is not _SCOPE_TYPES[kind] or field.derived is not None or field.is_list:
        wanted = _SCOPE_TYPES[kind].value
        yield checked.at(
            where, f"scope {kind.value} must end in a bound {wanted} field; {entity.name}.{field.name} is not"
        )


def _check_sources(checked: CheckedEntity) -> Iterator[Problem]:
    entity = checked.entity
    if not entity.row_sources or len(set(entity.row_sources)) != len(entity.row_sources):
        yield checked.at("rowSources", '"rowSources" must name at least one connector, each once')
    if len(entity.row_sources) > 1 and "*" not in entity.authority:
        yield checked.at("authority", 'several row sources need an order: write "*" under "authority"')
    for name, connectors in entity.authority.items():
        path = f"authority.{name}"
        if not connectors or len(set(connectors)) != len(connectors):
            yield checked.at(path, f'the authority of "{name}" must name at least one connector, each once')
        if name == "*":
            if left_out := [source for source in entity.row_sources if source not in connectors]:
                yield checked.at(path, f'the authority of "*" leaves out {", ".join(left_out)}; name every row source')
        elif name not in entity.fields:
            yield missing(checked.written.place_of(path), f"the field of {entity.name}", name, entity.fields)
        elif entity.fields[name].derived is not None:
            yield checked.at(path, f"{name} is derived; the authority is that of its inputs")


def _check_row_classes(checked: CheckedEntity) -> Iterator[Problem]:
    entity = checked.entity
    for index, row_class in enumerate(entity.row_classes):
        path = f"rowClasses.{index}"
        if not at_least(row_class.label, entity.row_label):
            yield checked.at(
                path,
                f"the label {row_class.label} is below the row label {entity.row_label}; a row class only raises it, "
                f"to {highest((row_class.label, entity.row_label))} at least",
            )
        for name, constant in _constants(row_class.when, row_class.constants):
            field = entity.fields.get(name)
            if field is None:
                yield missing(checked.written.place_of(path), f"the field of {entity.name}", name, entity.fields)
            elif constant is not None and type(constant) is not _CONSTANT_TYPES.get(field.type, str):
                yield checked.at(path, f"{name} is {field.type.value}; write a constant of that type")


def _constants(predicate: Predicate, constants: tuple[Canonical, ...]) -> Iterator[tuple[str, Canonical]]:
    """Every field that ``predicate`` reads, with the constant it is compared with (``None``: tested for null)."""
    match predicate:
        case Comparison(field=field, slot=slot):
            yield field, constants[slot]
        case IsNull(field):
            yield field, None
        case And(operands) | Or(operands):
            for operand in operands:
                yield from _constants(operand, constants)
        case Not(operand):
            yield from _constants(operand, constants)
        case Exists():
            raise TypeError("a row class reads fields of its own row only")
