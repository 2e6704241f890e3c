"""A manifest against the catalogue: whether its bindings hold what questions to the catalogue will need.

Neighbours: :mod:`connectors.manifest` calls it after reading; :mod:`connectors.manifest_checks` checks the live source.
"""

from collections import defaultdict
from collections.abc import Mapping

from connectors.codecs.identities import OfIdNumber
from connectors.codecs.only import Only
from connectors.contract import Binding, BoundField
from connectors.manifest_bindings import LATEST, joined_by
from connectors.manifest_columns import shown_columns
from schema.catalog import Catalog, Entity, Place
from schema.coordinates import Coordinate, entity_of, field_coordinate, member_of
from schema.message import Told
from schema.messages import manifest_bindings
from schema.predicates import fields_of
from schema.yaml_nodes import Problems, did_you_mean

Written = Mapping[str, frozenset[str]]
"""Names of the fields that stand in a manifest, by entity: also those whose specs could not be read."""


def check_bindings(
    connector: str,
    bindings: Mapping[str, Binding],
    written: Written,
    catalog: Catalog,
    place: Place,
    problems: Problems,
) -> None:
    """Report what the catalogue expects of ``connector`` and the manifest does not bind. ``place``: of all bindings."""
    for entity in catalog.entities.values():
        if connector in entity.row_sources and entity.name not in written:
            problems.report(place, manifest_bindings.ENTITY_UNBOUND(name=entity.name, other=connector))
    for binding in bindings.values():
        entity = catalog.entities[binding.entity]
        if connector in entity.row_sources:
            _check_needed(entity, binding, written[entity.name], catalog, problems)
        elif not any(connector in order for order in entity.authority.values()):
            problems.report(binding.place, manifest_bindings.ENTITY_NOT_TAKEN(name=entity.name, other=connector))
        if binding.discloses is not None:
            _check_discloses(binding, binding.discloses, catalog, problems)
    _check_labels(bindings, catalog, problems)


def _check_needed(
    entity: Entity, binding: Binding, written: frozenset[str], catalog: Catalog, problems: Problems
) -> None:
    """Keys, join fields, and the fields that scopes and row classes read must be bound by a row source."""
    for field, reason in _needs(entity, catalog).items():
        derived = entity.fields[field].derived
        for name in (field,) if derived is None else derived.inputs:
            if name not in written:
                told = manifest_bindings.FIELD_UNBOUND(coordinate=f"{entity.name}.{name}", reason=reason)
                problems.report(binding.place, told)


def _needs(entity: Entity, catalog: Catalog) -> Mapping[str, Told]:
    """Fields of ``entity`` that every row source must bind, each with why."""
    reasons: dict[str, Told] = {}
    for kind, path in entity.scopes.items():
        if not path.relations:
            reasons[path.field] = manifest_bindings.READ_BY_SCOPE(scope=kind.value)
    for relation in entity.relations.values():
        if relation.retired is not None:
            coordinate = f"{entity.name}.{relation.name}"
            reasons[relation.retired] = manifest_bindings.TELLS_DELETED(coordinate=coordinate)
    for row_class in entity.row_classes:
        for field in fields_of(row_class.when):
            reasons[field] = manifest_bindings.READ_BY_ROW_CLASS()
    return {**reasons, **joined_by(entity, catalog)}


def _check_discloses(binding: Binding, coordinate: str, catalog: Catalog, problems: Problems) -> None:
    named = Coordinate(coordinate)
    entity = catalog.entities.get(entity_of(named))
    if entity is None or (member_of(named) or "") not in entity.relations:
        known = [field_coordinate(e.name, relation) for e in catalog.entities.values() for relation in e.relations]
        hint = did_you_mean(coordinate, known)
        problems.report(binding.place, manifest_bindings.DISCLOSES_UNKNOWN(name=coordinate, hint=hint))


def _check_labels(bindings: Mapping[str, Binding], catalog: Catalog, problems: Problems) -> None:
    """One source column, one confidentiality: whatever shows it to callers must carry the same label (D17).

    Birth date and sex out of an ID number show a part of it only, and have the labels of that.
    """
    seen: defaultdict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for binding in bindings.values():
        entity = catalog.entities[binding.entity]
        for field in binding.fields.values():
            if field.name == LATEST or entity.fields[field.name].internal or _shows_a_part(field):
                continue
            for table, column in shown_columns(binding, field):
                labels = seen[table, column]
                labels[field_coordinate(entity.name, field.name)] = str(entity.fields[field.name].label)
                if len(set(labels.values())) > 1:
                    names = tuple(f"{coordinate} ({label})" for coordinate, label in labels.items())
                    problems.report(field.place, manifest_bindings.LABELS_DIFFER(name=column, names=names))


def _shows_a_part(field: BoundField) -> bool:
    codec = field.codec.inner if isinstance(field.codec, Only) else field.codec
    return isinstance(codec, OfIdNumber)
