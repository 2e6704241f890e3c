"""What must hold of a field: its code table, mask and companions, and of a derived one its inputs and label (D9, D21).

Neighbours: :mod:`schema.catalog_checks` calls it for every field of every entity.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from schema.catalog import Catalog, Entity, Field, MaskKind, Place, Relation
from schema.catalog_reader import WrittenEntity
from schema.derivations import SIGNATURES
from schema.errors import Problem
from schema.labels import Sharing, at_least, highest
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

    def at(self, path: str, message: str) -> Problem:
        """A problem of what the entity writes under ``path``."""
        return Problem(place=self.written.place_of(path), message=message)

    def about(self, member: Field | Relation, message: str) -> Problem:
        """A problem of a field or relation of the entity."""
        return Problem(place=member.place, message=f"{self.entity.name}.{member.name}: {message}")


def missing(place: Place, what: str, name: str, candidates: Mapping[str, object]) -> Problem:
    """A name that does not exist, with the candidate it may have meant."""
    return Problem(place=place, message=f'{what} "{name}" does not exist{did_you_mean(name, candidates)}')


def check_deprecation(checked: CheckedEntity, member: Field | Relation) -> Iterator[Problem]:
    """Whether what is to be used instead of a deprecated member is there to be used, and may be named to everybody."""
    if member.deprecated is None or (name := member.deprecated.use) is None:
        return
    members: Mapping[str, Field | Relation] = {**checked.entity.fields, **checked.entity.relations}
    if (other := members.get(name)) is None:
        yield missing(member.place, f"what to use instead of {checked.entity.name}.{member.name}", name, members)
    elif other.internal or other.deprecated is not None:
        yield checked.about(member, f"{name}, to be used instead, is itself internal or deprecated")
    elif other.label.sharing is Sharing.NONE:
        yield checked.about(member, f"{name}, to be used instead, is not to be shared, so its name cannot be told here")


def check_field(checked: CheckedEntity, field: Field) -> Iterator[Problem]:
    """Every mistake in one field of ``checked``."""
    if not (field.label_of or field.companion_of):
        yield from check_deprecation(checked, field)
    if field.code_table is not None and field.code_table not in checked.catalog.code_tables:
        yield missing(field.place, "the code table", field.code_table, checked.catalog.code_tables)
    if (field.type is ScalarType.CODE) != (field.code_table is not None):
        yield checked.about(field, '"codes" and type Code go together; name the code table, or change the type')
    base = checked.entity.fields.get(field.label_of or field.companion_of or "")
    if base is not None:
        if field.type is not ScalarType.STRING:
            yield checked.about(
                field, f"it is the text companion of {base.name}, so its type must be String, not {field.type.value}"
            )
        if field.label != base.label:
            yield checked.about(
                field, f"it is a companion of {base.name}, so its label must be {base.label}, not {field.label}"
            )
    if field.is_list and (field.mask is not MaskKind.FULL or field.text_companion is not None):
        yield checked.about(field, "a list is shown or withheld as a whole; remove mask and companion")
    if field.mask is not MaskKind.FULL:
        types = _MASK_TYPES.get(field.mask, frozenset({ScalarType.STRING}))
        if field.type not in types:
            names = " or ".join(sorted(scalar.value for scalar in types))
            yield checked.about(field, f"mask {field.mask.value} is for {names}, not for {field.type.value}")
        elif field.type is not ScalarType.STRING and field.text_companion is None:
            yield checked.about(
                field, f"a masked {field.type.value} is null (D9); name the text that carries its mask as companion"
            )
    if field.text_companion is not None:
        if field.type is ScalarType.STRING:
            yield checked.about(field, "text carries its mask itself; remove companion")
        elif field.mask is MaskKind.FULL:
            yield checked.about(field, "a companion needs a mask to carry; write mask, or remove companion")
        carried = checked.entity.fields[field.text_companion].companion_of
        if carried != field.name:
            yield checked.about(field, f"its companion {field.text_companion} carries the mask of {carried}; rename it")
    yield from _check_derivation(checked, field)


def _check_derivation(checked: CheckedEntity, field: Field) -> Iterator[Problem]:
    if field.derived is None:
        if field.declassified is not None:
            yield checked.about(field, "only a derived field can be declassified; remove declassified")
        return
    function, signature = field.derived.function.value, SIGNATURES[field.derived.function]
    if field.type is not signature.result:
        yield checked.about(
            field, f"{function} gives {signature.result.value}, not {field.type.value}; change the type"
        )
    if field.is_list is not signature.is_list:
        gives = "a list; write list: true" if signature.is_list else "a single value; remove list"
        yield checked.about(field, f"{function} gives {gives}")
    if len(field.derived.inputs) != len(signature.inputs):
        yield checked.about(
            field, f"{function} takes not {len(field.derived.inputs)} fields but {len(signature.inputs)}"
        )
        return
    inputs: list[Field] = []
    for name, types in zip(field.derived.inputs, signature.inputs, strict=True):
        source = checked.entity.fields.get(name)
        if source is None:
            yield missing(field.place, f"the input of {checked.entity.name}.{field.name}", name, checked.entity.fields)
            continue
        inputs.append(source)
        if source.derived or source.label_of or source.companion_of or source.is_list:
            yield checked.about(
                field, f"its input {name} must be a single value from a source, not derived, a companion or a list"
            )
        elif source.type not in types:
            wanted = " or ".join(sorted(scalar.value for scalar in types))
            yield checked.about(field, f"{function} needs {wanted}, but {name} is {source.type.value}")
    floor = highest(source.label for source in inputs)
    if len(inputs) != len(signature.inputs):
        return
    if at_least(field.label, floor):
        if field.declassified is not None:
            yield checked.about(field, f"its label {field.label} is not below that of its inputs; remove declassified")
    elif field.declassified is None:
        needed = highest((field.label, floor))
        yield checked.about(
            field,
            f"label {field.label} is below that of its inputs ({floor}); raise it to {needed}, "
            'or give the reason under "declassified" (D21)',
        )
