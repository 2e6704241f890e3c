"""What must hold of a field: its code table, mask and companions, and of a derived one its inputs and label (D9, D21).

Neighbours: :mod:`schema.catalog_checks` calls it for every field of every entity.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from schema.catalog import Catalog, Entity, Field, MaskKind, Place, Relation
from schema.catalog_reader import WrittenEntity
from schema.derivations import SIGNATURES
from schema.errors import Problem
from schema.labels import Sharing, at_least, highest
from schema.message import Told
from schema.messages import catalogue_files
from schema.values import ScalarType
from schema.yaml_source import did_you_mean

_MASK_TYPES: Mapping[MaskKind, frozenset[ScalarType]] = {
    MaskKind.DATE: frozenset({ScalarType.DATE}),
    MaskKind.YEAR: frozenset({ScalarType.DATE, ScalarType.MONTH}),
    MaskKind.AMOUNT_BAND: frozenset({ScalarType.FEN}),
}
"""Types of the masks that are not for text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedEntity:
    """One entity under check, and the catalogue around it."""

    written: WrittenEntity
    catalog: Catalog

    @property
    def entity(self) -> Entity:
        """The entity itself."""
        return self.written.entity

    def at(self, path: str, told: Told) -> Problem:
        """A problem of what the entity writes under ``path``."""
        return Problem(place=self.written.place_of(path), told=told)

    def about(self, member: Field | Relation, reason: Told) -> Problem:
        """A problem of a field or relation of the entity."""
        told = catalogue_files.ABOUT(coordinate=self.coordinate(member), reason=reason)
        return Problem(place=member.place, told=told)

    def coordinate(self, member: Field | Relation) -> str:
        """``Person.name``."""
        return f"{self.entity.name}.{member.name}"


def missing(place: Place, what: Told, name: str, candidates: Mapping[str, object]) -> Problem:
    """A name that does not exist, with the candidate it may have meant."""
    hint = did_you_mean(name, candidates)
    return Problem(place=place, told=catalogue_files.NO_SUCH(what=what, name=name, hint=hint))


def check_deprecation(checked: CheckedEntity, member: Field | Relation) -> Iterator[Problem]:
    """Whether what is to be used instead of a deprecated member is there to be used, and may be named to everybody."""
    if member.deprecated is None or (name := member.deprecated.use) is None:
        return
    members: Mapping[str, Field | Relation] = {**checked.entity.fields, **checked.entity.relations}
    if (other := members.get(name)) is None:
        what = catalogue_files.USED_INSTEAD_OF(coordinate=checked.coordinate(member))
        yield missing(member.place, what, name, members)
    elif other.internal or other.deprecated is not None:
        yield checked.about(member, catalogue_files.REPLACEMENT_DEPRECATED(name=name))
    elif other.label.sharing is Sharing.NONE:
        yield checked.about(member, catalogue_files.REPLACEMENT_UNSHARED(name=name))


def check_field(checked: CheckedEntity, field: Field) -> Iterator[Problem]:
    """Every mistake in one field of ``checked``."""
    if not (field.label_of or field.companion_of):
        yield from check_deprecation(checked, field)
    if field.code_table is not None and field.code_table not in checked.catalog.code_tables:
        yield missing(field.place, catalogue_files.THE_CODE_TABLE(), field.code_table, checked.catalog.code_tables)
    if (field.type is ScalarType.CODE) != (field.code_table is not None):
        yield checked.about(field, catalogue_files.CODES_AND_TYPE())
    base = checked.entity.fields.get(field.label_of or field.companion_of or "")
    if base is not None:
        if field.type is not ScalarType.STRING:
            yield checked.about(field, catalogue_files.COMPANION_TYPE(name=base.name, type=field.type.value))
        if field.label != base.label:
            told = catalogue_files.COMPANION_LABEL(name=base.name, expected=str(base.label), label=str(field.label))
            yield checked.about(field, told)
    if field.is_list and (field.mask is not MaskKind.FULL or field.text_companion is not None):
        yield checked.about(field, catalogue_files.LIST_UNMASKED())
    if field.mask is not MaskKind.FULL:
        types = _MASK_TYPES.get(field.mask, frozenset({ScalarType.STRING}))
        if field.type not in types:
            told = catalogue_files.MASK_TYPE(name=field.mask.value, alternatives=_spelt(types), type=field.type.value)
            yield checked.about(field, told)
        elif field.type is not ScalarType.STRING and field.text_companion is None:
            yield checked.about(field, catalogue_files.MASK_WITHOUT_COMPANION(type=field.type.value))
    if field.text_companion is not None:
        if field.type is ScalarType.STRING:
            yield checked.about(field, catalogue_files.TEXT_WITH_COMPANION())
        elif field.mask is MaskKind.FULL:
            yield checked.about(field, catalogue_files.COMPANION_WITHOUT_MASK())
        carried = checked.entity.fields[field.text_companion].companion_of
        if carried != field.name:
            told = catalogue_files.COMPANION_OF_ANOTHER(name=field.text_companion, other=str(carried))
            yield checked.about(field, told)
    yield from _check_derivation(checked, field)


def _check_derivation(checked: CheckedEntity, field: Field) -> Iterator[Problem]:
    if field.derived is None:
        if field.declassified is not None:
            yield checked.about(field, catalogue_files.ONLY_DERIVED_DECLASSIFIED())
        return
    function, signature = field.derived.function.value, SIGNATURES[field.derived.function]
    if field.type is not signature.result:
        told = catalogue_files.FUNCTION_TYPE(name=function, expected=signature.result.value, type=field.type.value)
        yield checked.about(field, told)
    if field.is_list is not signature.is_list:
        yield checked.about(
            field,
            catalogue_files.FUNCTION_LIST(name=function)
            if signature.is_list
            else catalogue_files.FUNCTION_SINGLE(name=function),
        )
    if len(field.derived.inputs) != len(signature.inputs):
        count, total = len(field.derived.inputs), len(signature.inputs)
        yield checked.about(field, catalogue_files.FUNCTION_INPUTS(name=function, count=count, total=total))
        return
    inputs: list[Field] = []
    for name, types in zip(field.derived.inputs, signature.inputs, strict=True):
        source = checked.entity.fields.get(name)
        if source is None:
            what = catalogue_files.INPUT_OF(coordinate=checked.coordinate(field))
            yield missing(field.place, what, name, checked.entity.fields)
            continue
        inputs.append(source)
        if source.derived or source.label_of or source.companion_of or source.is_list:
            yield checked.about(field, catalogue_files.INPUT_NOT_PLAIN(name=name))
        elif source.type not in types:
            told = catalogue_files.INPUT_TYPE(
                name=function, alternatives=_spelt(types), other=name, type=source.type.value
            )
            yield checked.about(field, told)
    floor = highest(source.label for source in inputs)
    if len(inputs) != len(signature.inputs):
        return
    if at_least(field.label, floor):
        if field.declassified is not None:
            yield checked.about(field, catalogue_files.NOT_BELOW_INPUTS(label=str(field.label)))
    elif field.declassified is None:
        needed = highest((field.label, floor))
        told = catalogue_files.BELOW_INPUTS(label=str(field.label), other=str(floor), expected=str(needed))
        yield checked.about(field, told)


def _spelt(types: Iterable[ScalarType]) -> tuple[str, ...]:
    return tuple(sorted(scalar.value for scalar in types))
