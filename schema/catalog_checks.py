"""What must hold in a catalogue as a whole: names that exist, types that meet, labels that protect.

Neighbours: :mod:`schema.catalog_reader` gives the written entities, :mod:`schema.catalog_loader` collects the problems.
GraphQL names are judged by :func:`schema.names.check_names`. A check whose name does not exist is skipped where another
check reports that name.
"""

from collections.abc import Iterator, Mapping
from typing import assert_never

from schema.catalog import Catalog, CheckTest, Field, QualityCheck, ScopeKind, ScopePath
from schema.catalog_reader import WrittenEntity
from schema.errors import Problem
from schema.field_checks import CheckedEntity, check_field, missing
from schema.labels import at_least, highest
from schema.message import Told
from schema.messages import catalogue_files, catalogue_rules
from schema.predicates import And, Comparison, Exists, IsNull, Not, Or, Predicate
from schema.relation_checks import check_relation
from schema.values import Canonical, ScalarType

_KEY_TYPES = frozenset(
    {ScalarType.STRING, ScalarType.INT, ScalarType.CODE, ScalarType.DIV_CODE, ScalarType.USCC, ScalarType.PERSON_KEY}
)
_SCOPE_TYPES = dict.fromkeys(ScopeKind, ScalarType.STRING) | {ScopeKind.DIVTREE: ScalarType.DIV_CODE}
_CONSTANT_TYPES: Mapping[ScalarType, type] = {
    ScalarType.INT: int,
    ScalarType.FEN: int,
    ScalarType.BOOLEAN: bool,
}
"""Python types of constants in row classes; text for every other scalar."""
_MOMENTS = frozenset({ScalarType.DATE, ScalarType.DATE_TIME})
_PEOPLE = {CheckTest.ID_BIRTH: ScalarType.DATE, CheckTest.ID_SEX: ScalarType.CODE}
"""What the tests of an ID number compare it with."""


def check_entity(written: WrittenEntity, catalog: Catalog) -> Iterator[Problem]:
    """Every mistake in one entity, seen with the whole catalogue."""
    checked = CheckedEntity(written=written, catalog=catalog)
    for field in checked.entity.fields.values():
        yield from check_field(checked, field)
    yield from _check_keys(checked)
    for relation in checked.entity.relations.values():
        yield from check_relation(checked, relation)
    for kind, path in checked.entity.scopes.items():
        yield from _check_scope(checked, kind, path)
    yield from _check_sources(checked)
    yield from _check_list(checked)
    yield from _check_row_classes(checked)
    for index, check in enumerate(checked.entity.checks):
        yield from _check_check(checked, f"checks.{index}", check)


# --- keys ------------------------------------------------------------------------------------------------------------


def _check_keys(checked: CheckedEntity) -> Iterator[Problem]:
    keys = [("key", checked.entity.key), *(("alternateKeys", name) for name in checked.entity.alternate_keys)]
    for path, name in (*keys, *(("lookups", name) for name in checked.entity.lookups)):
        field = checked.entity.fields.get(name)
        if field is None:
            what = catalogue_files.FIELD_IN(key=path)
            yield missing(checked.written.place_of(path), what, name, checked.entity.fields)
            continue
        if field.internal or field.is_list or field.type not in _KEY_TYPES:
            yield checked.at(path, catalogue_rules.KEY_NOT_ASKABLE(name=name))
        if path == "lookups" and field.derived is not None:
            yield checked.at(path, catalogue_rules.LOOKUP_OF_DERIVED(name=name))
        if path != "lookups" and not at_least(checked.entity.row_label, field.label):
            needed = highest((checked.entity.row_label, field.label))
            told = catalogue_rules.ROW_LABEL_BELOW_KEY(
                label=str(checked.entity.row_label), name=name, other=str(field.label), expected=str(needed)
            )
            yield checked.at("rowLabel", told)


# --- scopes, sources, row classes, checks -----------------------------------------------------------------------------


def _check_scope(checked: CheckedEntity, kind: ScopeKind, path: ScopePath) -> Iterator[Problem]:
    where = f"scopes.{kind.value}"
    place, entity = checked.written.place_of(where), checked.entity
    for name in path.relations:
        relation = entity.relations.get(name)
        if relation is None:
            what = catalogue_files.SCOPE_RELATION_OF(scope=kind.value, name=entity.name)
            yield missing(place, what, name, entity.relations)
            return
        coordinate = f"{entity.name}.{name}"
        if relation.many:
            yield checked.at(where, catalogue_rules.SCOPE_TO_MANY(scope=kind.value, coordinate=coordinate))
            return
        if relation.others:
            yield checked.at(where, catalogue_rules.SCOPE_TO_UNION(scope=kind.value, coordinate=coordinate))
            return
        following = checked.catalog.entities.get(relation.target)
        if following is None:
            return
        entity = following
    field = entity.fields.get(path.field)
    if field is None:
        what = catalogue_files.SCOPE_FIELD_OF(scope=kind.value, name=entity.name)
        yield missing(place, what, path.field, entity.fields)
        return
    coordinate = f"{entity.name}.{field.name}"
    if kind is ScopeKind.OPEN:
        if field.type is not ScalarType.BOOLEAN or field.is_list:
            yield checked.at(where, catalogue_rules.SCOPE_END_BOOLEAN(scope=kind.value, coordinate=coordinate))
    elif field.type is not _SCOPE_TYPES[kind] or field.derived is not None or field.is_list:
        wanted = _SCOPE_TYPES[kind].value
        told = catalogue_rules.SCOPE_END(scope=kind.value, expected=wanted, coordinate=coordinate)
        yield checked.at(where, told)


def _check_sources(checked: CheckedEntity) -> Iterator[Problem]:
    entity = checked.entity
    if not entity.row_sources or len(set(entity.row_sources)) != len(entity.row_sources):
        yield checked.at("rowSources", catalogue_rules.ROW_SOURCES())
    if len(entity.row_sources) > 1 and "*" not in entity.authority:
        yield checked.at("authority", catalogue_rules.AUTHORITY_ORDER())
    for name, connectors in entity.authority.items():
        path = f"authority.{name}"
        if not connectors or len(set(connectors)) != len(connectors):
            yield checked.at(path, catalogue_rules.AUTHORITY_CONNECTORS(name=name))
        if name == "*":
            if left_out := [source for source in entity.row_sources if source not in connectors]:
                yield checked.at(path, catalogue_rules.AUTHORITY_INCOMPLETE(names=tuple(left_out)))
        elif name not in entity.fields:
            what = catalogue_files.FIELD_OF(name=entity.name)
            yield missing(checked.written.place_of(path), what, name, entity.fields)
        elif entity.fields[name].derived is not None:
            yield checked.at(path, catalogue_rules.AUTHORITY_OF_DERIVED(name=name))


def _check_list(checked: CheckedEntity) -> Iterator[Problem]:
    """A list is filtered, sorted and paged by the source itself: by one source."""
    entity = checked.entity
    sources = dict.fromkeys((*entity.row_sources, *(name for order in entity.authority.values() for name in order)))
    if len(sources) > 1 and _listed(checked):
        yield checked.at("rowSources", catalogue_rules.LIST_OF_SOURCES(name=entity.name, alternatives=tuple(sources)))


def _listed(checked: CheckedEntity) -> bool:
    """Whether there are lists of the entity: at the root, or over a relation that callers see."""
    relations = (relation for entity in checked.catalog.entities.values() for relation in entity.relations.values())
    return checked.entity.root_list or any(
        relation.many and not relation.internal and checked.entity.name in relation.targets for relation in relations
    )


def _check_row_classes(checked: CheckedEntity) -> Iterator[Problem]:
    entity = checked.entity
    listed = _listed(checked)
    for index, row_class in enumerate(entity.row_classes):
        path = f"rowClasses.{index}"
        if not at_least(row_class.label, entity.row_label):
            needed = highest((row_class.label, entity.row_label))
            told = catalogue_rules.ROW_CLASS_BELOW(
                label=str(row_class.label), other=str(entity.row_label), expected=str(needed)
            )
            yield checked.at(path, told)
        for name, constant in _constants(row_class.when, row_class.constants):
            field = entity.fields.get(name)
            if field is None:
                what = catalogue_files.FIELD_OF(name=entity.name)
                yield missing(checked.written.place_of(path), what, name, entity.fields)
            elif field.is_list:
                yield checked.at(path, catalogue_rules.ROW_CLASS_LIST(name=name))
            elif field.derived is not None and listed:
                yield checked.at(path, catalogue_rules.ROW_CLASS_DERIVED(name=name, other=entity.name))
            elif constant is not None and type(constant) is not _CONSTANT_TYPES.get(field.type, str):
                yield checked.at(path, catalogue_rules.ROW_CLASS_CONSTANT(name=name, type=field.type.value))


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


def _check_check(checked: CheckedEntity, path: str, check: QualityCheck) -> Iterator[Problem]:
    fields: list[Field] = []
    for name in check.fields:
        field = checked.entity.fields.get(name)
        if field is None:
            what = catalogue_files.FIELD_OF(name=checked.entity.name)
            yield missing(checked.written.place_of(path), what, name, checked.entity.fields)
        else:
            fields.append(field)
    if len(fields) < 2:
        return
    first, second = fields
    if (reason := _uncheckable(check, first, second)) is not None:
        told = catalogue_rules.UNCHECKABLE(
            code=check.code,
            reason=reason,
            name=first.name,
            found=_type(first),
            other=second.name,
            wanted=_type(second),
        )
        yield checked.at(path, told)


def _uncheckable(check: QualityCheck, first: Field, second: Field) -> Told | None:
    """Why the test cannot be made of these fields, or ``None``."""
    singles = not (first.is_list or second.is_list)
    match check.test:
        case CheckTest.NOT_AFTER:
            fits = singles and first.type is second.type and first.type in _MOMENTS
            return None if fits else catalogue_rules.CHECK_NOT_AFTER()
        case CheckTest.EQUAL:
            return None if singles and first.type is second.type else catalogue_rules.CHECK_EQUAL()
        case CheckTest.ID_BIRTH | CheckTest.ID_SEX:
            wanted = _PEOPLE[check.test]
            if singles and first.type is ScalarType.STRING and second.type is wanted:
                return None
            return catalogue_rules.CHECK_ID_NUMBER(name=check.test.value, type=wanted.value)
        case _:
            assert_never(check.test)


def _type(field: Field) -> Told:
    if field.is_list:
        return catalogue_rules.LIST_OF_TYPE(type=field.type.value)
    return catalogue_rules.TYPE(type=field.type.value)
