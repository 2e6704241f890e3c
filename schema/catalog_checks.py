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
    yield from _check_row_classes(checked)
    for index, check in enumerate(checked.entity.checks):
        yield from _check_check(checked, f"checks.{index}", check)


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


# --- scopes, sources, row classes, checks -----------------------------------------------------------------------------


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
        if relation.others:
            yield checked.at(
                where,
                f"scope {kind.value}: {entity.name}.{name} leads to a union; a scope path goes from entity to entity",
            )
            return
        following = checked.catalog.entities.get(relation.target)
        if following is None:
            return
        entity = following
    field = entity.fields.get(path.field)
    if field is None:
        yield missing(place, f"scope {kind.value}: the field of {entity.name}", path.field, entity.fields)
    elif kind is ScopeKind.OPEN:
        if field.type is not ScalarType.BOOLEAN or field.is_list:
            yield checked.at(
                where,
                f"scope {kind.value} must end in a bound or derived Boolean field; {entity.name}.{field.name} is not",
            )
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
            elif field.is_list:
                yield checked.at(path, f"{name} is a list, which has no order and no equal; test a single value")
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


def _check_check(checked: CheckedEntity, path: str, check: QualityCheck) -> Iterator[Problem]:
    fields: list[Field] = []
    for name in check.fields:
        field = checked.entity.fields.get(name)
        if field is None:
            yield missing(
                checked.written.place_of(path), f"the field of {checked.entity.name}", name, checked.entity.fields
            )
        else:
            fields.append(field)
    if len(fields) < 2:
        return
    first, second = fields
    if (what := _uncheckable(check, first, second)) is not None:
        yield checked.at(
            path, f"{check.code}: {what}; {first.name} is {_type(first)} and {second.name} {_type(second)}"
        )


def _uncheckable(check: QualityCheck, first: Field, second: Field) -> str | None:
    """Why the test cannot be made of these fields, or ``None``."""
    singles = not (first.is_list or second.is_list)
    match check.test:
        case CheckTest.NOT_AFTER:
            fits = singles and first.type is second.type and first.type in _MOMENTS
            return None if fits else "notAfter compares two fields of type Date, or two of type DateTime"
        case CheckTest.EQUAL:
            return None if singles and first.type is second.type else "equal compares two single values of one type"
        case CheckTest.ID_BIRTH | CheckTest.ID_SEX:
            wanted = _PEOPLE[check.test]
            if singles and first.type is ScalarType.STRING and second.type is wanted:
                return None
            return f"{check.test.value} compares an ID number (String) with a {wanted.value}"
        case _:
            assert_never(check.test)


def _type(field: Field) -> str:
    return f"a list of {field.type.value}" if field.is_list else field.type.value
