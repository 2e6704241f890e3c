"""The generated shaping function equals a plain one that looks at every value by itself."""

import random
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from authz.decisions import Scope
from authz.masking import mask
from connectors.contract import Binding, Fetch, FetchArguments, KeyMatch
from resolvers.authorized import AuthorizedField, MaskRule
from resolvers.conditions import ALWAYS, NEVER, Condition
from resolvers.query_plan import FieldKind, FieldNode, MetaSelection
from resolvers.reader import FieldReader, Namespace
from resolvers.shape import LeafAccess, ShapeContext, ShapeWriter, mask_function
from schema.catalog import Entity, Field, MaskKind, ScopeKind
from schema.derivations import derive
from schema.language import Language
from schema.names import exposed_fields
from schema.values import ScalarType
from tests.resolvers.mini_city import ANN, BEN, CAI, DAN, MiniCity, world

CATALOG, MANIFESTS, *_ = world()
ORGTREE: Scope = frozenset({ScopeKind.ORGTREE})
OWN: Scope = frozenset({ScopeKind.OWN})
CONDITIONS: Sequence[Condition] = (ALWAYS, NEVER, (ORGTREE,), (OWN,), (ORGTREE, OWN), (ORGTREE | OWN,))
KEYS: Mapping[str, tuple[str, Sequence[Any]]] = {
    "Person": ("identity", (ANN, BEN, CAI, DAN, "~s1:5")),
    "PartyMember": ("memberNo", (1, 2, 3, 4, 5, 6)),
    "DuesRecord": ("duesId", (1, 2, 3, 4)),
}
CONTEXT = ShapeContext(
    today="2018-10-01",
    person_key=lambda identity: f"key of {identity}",
    seal_id=lambda entity, connector, key: f"{entity}/{connector}/{key}",
    language=Language.ZH,
    sources={"s1": "2018-09-20T02:00:00+08:00"},
)


class Plain:
    """Shapes one row after the other, one value after the other."""

    def __init__(self, entity: Entity, reader: FieldReader, rows: Sequence[Any], up: Sequence[bool]) -> None:
        self.entity, self.reader, self.rows, self.up = entity, reader, rows, up

    def stored(self, name: str, row: Any) -> Any:
        field = self.entity.fields[name]
        if field.derived is not None:
            inputs = [self.stored(given, row) for given in field.derived.inputs]
            return derive(field.derived.function)(*inputs, CONTEXT)
        order = self.entity.authority.get(name) or self.entity.authority.get("*") or ("s1", "s2", "s3")
        for connector in order:
            for position, binding in enumerate(self.reader.bindings):
                if binding.connector != connector or name not in binding.fields:
                    continue
                value = self._decoded(position, binding, name, row)
                if value is not None or not self.up[position]:
                    return value
        return None

    def _decoded(self, position: int, binding: Binding, name: str, row: Any) -> Any:
        part = row[position] if self.reader.merged else row
        column = self.reader.column(position, name)
        if part is None or column is None:
            return None
        codec = binding.fields[name].codec
        return codec.decode(*part[column.start : column.start + codec.arity])

    def shown(self, leaf: LeafAccess, row: Any, flags: Mapping[ScopeKind, bool]) -> Any:
        field = self.entity.fields[leaf.field.node.member]
        value = self.stored(field.label_of or field.companion_of or field.name, row)
        if holds(leaf.clear, flags):
            return self.clear(field, value)
        for rule, (condition, _) in zip(leaf.field.masks, leaf.masks, strict=True):
            if holds(condition, flags):
                text = field.companion_of or (field.type is ScalarType.STRING and not field.label_of)
                known = value is not None or self.answered(field)
                return mask(rule.mask, strict=rule.strict)(value) if text and known else None
        return None

    def answered(self, field: Field) -> bool:
        """Whether every source of a field answered: a null is then a null, and may be masked."""
        bases = self.reader.bases(field.name)
        return all(
            self.up[position]
            for position, binding in enumerate(self.reader.bindings)
            if self.reader.merged and any(base in binding.fields for base in bases)
        )

    def clear(self, field: Field, value: Any) -> Any:
        if field.label_of:
            titles = CATALOG.code_tables[self.entity.fields[field.label_of].code_table or ""].codes
            return titles[value].zh if value in titles else None
        if field.companion_of:
            general = self.entity.fields[field.companion_of].mask in (MaskKind.YEAR, MaskKind.AMOUNT_BAND)
            text = mask(self.entity.fields[field.companion_of].mask, strict=True) if general else str
            return None if value is None else text(value)
        return value

    def masked(self, leaves: Sequence[LeafAccess], flags: Mapping[ScopeKind, bool]) -> list[str]:
        return list(
            dict.fromkeys(
                leaf.field.node.member
                for leaf in leaves
                if leaf.field.node.kind is FieldKind.VALUE
                and not holds(leaf.clear, flags)
                and any(holds(condition, flags) for condition, _ in leaf.masks)
            )
        )


def holds(condition: Condition, flags: Mapping[ScopeKind, bool]) -> bool:
    return any(all(flags[kind] for kind in scope) for scope in condition)


def random_leaves(entity: Entity, chance: random.Random) -> list[tuple[str, LeafAccess]]:
    """Some fields under keys of their own, some twice, each with its decision; then ids, type names and meta."""
    leaves: list[tuple[str, LeafAccess]] = []
    decisions: dict[str, tuple[Condition, tuple[MaskRule, ...]]] = {}
    for number, field in enumerate(chance.choices(exposed_fields(entity), k=chance.randint(1, 12))):
        base = entity.fields[field.label_of or field.companion_of or field.name]
        clear, rules = decisions.setdefault(base.name, random_decision(base, chance))
        node = FieldNode(response_key=f"f{number}", kind=FieldKind.VALUE, member=field.name)
        masks = tuple((rule.condition, mask_function(field, rule.mask, strict=rule.strict)) for rule in rules)
        access = AuthorizedField(node=node, clear=clear, masks=rules)
        leaves.append((node.response_key, LeafAccess(field=access, clear=clear, masks=masks)))
    meta = MetaSelection(
        members=(("m", "masked"), ("s", "sources")), sources={"s": (("c", "connector"), ("a", "asOf"))}
    )
    for kind, selection in ((FieldKind.ID, None), (FieldKind.TYPENAME, None), (FieldKind.META, meta)):
        node = FieldNode(response_key=kind.value, kind=kind, meta=selection)
        access = AuthorizedField(node=node, clear=ALWAYS)
        leaves.insert(chance.randint(0, len(leaves)), (kind.value, LeafAccess(field=access, clear=ALWAYS, masks=())))
    return leaves


def random_decision(field: Field, chance: random.Random) -> tuple[Condition, tuple[MaskRule, ...]]:
    clear = chance.choice(CONDITIONS)
    conditions = chance.sample((ALWAYS, *CONDITIONS[2:]), chance.randint(0, 2)) if clear != ALWAYS else []
    strict = chance.random() < 0.5
    return clear, tuple(MaskRule(condition=condition, mask=field.mask, strict=strict) for condition in conditions)


async def raw_rows(city: MiniCity, reader: FieldReader, chance: random.Random) -> list[Any]:
    """Raw rows of every key; parts of merged ones are missing here and there."""
    match, keys = KEYS[reader.entity.name]
    prepared = [
        city.connectors[binding.connector].prepare(
            Fetch(binding=binding, projection=reader.keyed_projection(binding), keys=KeyMatch(fields=(match,)))
        )
        for binding in reader.bindings
    ]
    reader.place(prepared)
    parts: list[dict[int, Any]] = []
    for binding, compiled in zip(reader.bindings, prepared, strict=True):
        given = FetchArguments(parameters=(), deadline=float("inf"), keys=[(key,) for key in keys])
        parts.append({row[0]: row for row in await city.connectors[binding.connector].fetch(compiled, given)})
    if not reader.merged:
        return [parts[0][ordinal] for ordinal in sorted(parts[0])]
    rows = []
    for ordinal in range(len(keys)):
        row = tuple(part.get(ordinal) if chance.random() < 0.8 else None for part in parts)
        if any(part is not None for part in row):
            rows.append(row)
    return rows


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("entity", KEYS)
async def test_generated_shaping_equals_the_plain_one(entity: str, seed: int) -> None:
    chance = random.Random(f"{entity} {seed}")
    described = CATALOG.entities[entity]
    bindings = [MANIFESTS[name].bindings[entity] for name in described.row_sources]
    reader = FieldReader(described, bindings, merged=len(bindings) > 1)
    leaves = random_leaves(described, chance)
    reader.require("identity" if reader.merged else "_rowKey")
    for _, leaf in leaves:
        if leaf.field.node.kind is FieldKind.VALUE:
            reader.require(leaf.field.node.member)
    rows = await raw_rows(MiniCity(), reader, chance)
    up = [chance.random() < 0.8 for _ in bindings]
    flags = [{ScopeKind.ORGTREE: chance.random() < 0.5, ScopeKind.OWN: chance.random() < 0.5} for _ in rows]
    writer = ShapeWriter(reader, CATALOG, Namespace())

    build = writer.write(leaves)
    conditions = [[holds(condition, row_flags) for row_flags in flags] for condition in writer.conditions]
    shaped = build(rows, up, conditions, [], [None] * len(rows), CONTEXT)

    plain = Plain(described, reader, rows, up)
    for output, row, row_flags in zip(shaped, rows, flags, strict=True):
        assert list(output) == [key for key, _ in leaves]
        for key, leaf in leaves:
            match leaf.field.node.kind:
                case FieldKind.VALUE:
                    assert output[key] == plain.shown(leaf, row, row_flags), (key, writer.source)
                case FieldKind.TYPENAME:
                    assert output[key] == entity
                case FieldKind.META:
                    assert output[key]["m"] == plain.masked([leaf for _, leaf in leaves], row_flags)
                    named = [b.connector for i, b in enumerate(bindings) if not reader.merged or row[i] is not None]
                    assert output[key]["s"] == [{"c": name, "a": CONTEXT.sources.get(name)} for name in named]
                case FieldKind.ID:
                    assert output[key].startswith(f"{entity}/{'*' if reader.merged else bindings[0].connector}/")
